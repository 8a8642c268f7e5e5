"""What is asked of a cluster before the first task; no cluster is needed to ask."""

from __future__ import annotations

import builtins
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from corpora import write_corpus
from dataset_builder.cli.app import app
from dataset_builder.engines.nodes import compare_nodes, look_around
from dataset_builder.errors import OutsideError


@pytest.fixture
def seen(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "note").write_text("word")
    (tmp_path / "corpus").mkdir()
    return str(tmp_path / "note"), str(tmp_path / "corpus")


def test_a_node_that_sees_and_has_the_same_is_taken(seen: tuple[str, str]):
    node = look_around(*seen)
    compare_nodes(node, [node, node], "word", storage="/shared")


def test_what_a_node_lacks_is_named(seen: tuple[str, str]):
    here = replace(look_around(*seen), models=(("herald_sm", "a"),))
    assert look_around(*seen, ["herald_sm"]).models == (("herald_sm", ""),)
    versions = tuple((name, "0.1" if name == "pyarrow" else version) for name, version in here.versions)
    for node, found in (
        (look_around("/absent/note", seen[1]), "does not see /shared"),
        (look_around("memory://note", seen[1]), "does not see /shared"),
        (look_around("nosuch://note", seen[1]), "does not see /shared"),
        (replace(here, word="old"), "does not see /shared"),
        (look_around(seen[0], "/absent"), "does not see the corpus"),
        (replace(here, foundation="other", versions=versions), "other versions: pyarrow 0.1, here"),
        (replace(here, foundation="other"), "the program's own code differs"),
        (replace(here, models=(("herald_sm", ""),)), "has not the model herald_sm"),
        (replace(here, models=(("herald_sm", "b"),)), "has another model under the name herald_sm"),
    ):
        with pytest.raises(OutsideError, match=found) as caught:
            compare_nodes(here, [here, node], "word", storage="/shared")
        assert here.name in caught.value.found
        assert caught.value.hint


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["build", *arguments])
    return done.exit_code, done.output


def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    return str(write_corpus(tmp_path / "corpus"))


def test_an_address_that_nobody_answers_at_says_so_at_once(corpus: str, tmp_path: Path):
    pytest.importorskip("ray", reason="the extra [ray] is not installed")
    for address, why in ((f"127.0.0.1:{closed_port()}", "refused"), ("nonsense", "no HOST:PORT"), ("a:b", "HOST:PORT")):
        code, shown = run(corpus, "--out", str(tmp_path / "out"), "--engine", "ray", "--address", address)
        assert code == 3
        assert f"no Ray cluster answers at {address}" in shown
        assert why in shown
        assert "ray start --head" in shown
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("says", "why"), [(b"", "no answer in"), (b"HTTP/1.1 400 Bad Request\r\n\r\n", "something else")]
)
def test_a_listener_that_is_no_head_is_told_apart_in_bounded_time(
    says: bytes, why: str, corpus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Ray itself would wait for minutes for an answer."""
    pytest.importorskip("ray", reason="the extra [ray] is not installed")
    monkeypatch.setattr("dataset_builder.engines.cluster_address._ANSWER_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer_once, args=(listener, says), daemon=True).start()
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        code, shown = run(corpus, "--out", str(tmp_path / "out"), "--engine", "ray", "--address", address)
    assert code == 3
    assert f"error: no Ray cluster answers at {address}: {why}" in shown
    assert "expected: the HOST:PORT that ray start --head has printed" in shown


def answer_once(listener: socket.socket, says: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        if says:
            connection.sendall(says)
        connection.recv(1000)
        time.sleep(0 if says else 2)


def test_without_ray_the_hint_says_how_to_install_it(corpus: str, monkeypatch: pytest.MonkeyPatch):
    original = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "ray":
            raise ImportError(name)
        return original(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    code, shown = run(corpus, "--engine", "ray")
    assert code == 2
    assert "error: the engine ray needs Ray Data, which is not installed\n" in shown
    assert "pip install 'news-dataset-builder[ray]'" in shown


@pytest.mark.parametrize(
    "options",
    [
        ["--address", "127.0.0.1:1"],
        ["--storage", "s3://b/p"],
        ["--engine", "ray", "--workers", "2"],
        ["--engine", "dask"],
    ],
)
def test_options_that_do_not_fit_are_refused(corpus: str, options: list[str]):
    assert run(corpus, *options)[0] == 2


def test_cache_options_that_do_not_fit_are_refused(corpus: str, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    assert run(corpus, "--cache", str(tmp_path / "c"), "--no-cache")[0] == 2
    code, shown = run(corpus, "--cache", str(tmp_path / "file"))
    assert code == 3
    assert "--no-cache" in shown
