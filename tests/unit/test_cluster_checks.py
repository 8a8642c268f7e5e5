"""What is asked of a cluster before the first task; no cluster is needed to ask."""

from __future__ import annotations

import builtins
import socket
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
    here = look_around(*seen)
    versions = tuple((name, "0.1" if name == "pyarrow" else version) for name, version in here.versions)
    for node, found in (
        (look_around("/absent/note", seen[1]), "does not see /shared"),
        (look_around("memory://note", seen[1]), "does not see /shared"),
        (look_around("nosuch://note", seen[1]), "does not see /shared"),
        (replace(here, word="old"), "does not see /shared"),
        (look_around(seen[0], "/absent"), "does not see the corpus"),
        (replace(here, foundation="other", versions=versions), "other versions: pyarrow 0.1, here"),
        (replace(here, foundation="other"), "the program's own code differs"),
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


def test_without_ray_the_hint_says_how_to_install_it(corpus: str, monkeypatch: pytest.MonkeyPatch):
    original = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "ray":
            raise ImportError(name)
        return original(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    code, shown = run(corpus, "--engine", "ray")
    assert code == 2
    assert "news-dataset-builder[ray]" in shown


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
