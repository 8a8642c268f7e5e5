"""Snapshots to publish, and places on loopback that take them."""

from __future__ import annotations

import hashlib
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpora import write_corpus
from dataset_builder.cli import main
from dataset_builder.pipeline import build
from publishing import Built, article_ids, without
from stand_ins.hub import OWNER, HubStandIn
from stand_ins.invenio import TOKEN, InvenioStandIn
from stand_ins.loopback import serving


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Snapshots by version, audience and configuration; each is built once, and only read by the tests."""
    root = tmp_path_factory.mktemp("published")
    made: dict[tuple[str, str, str], Path] = {}

    def snapshot(version: str = "1.0.0", *, audience: str = "public", extra: str = "") -> Path:
        if version == "1.1.0":  # it is without the first article of 1.0.0
            extra += without(article_ids(snapshot())[0])
        key = (version, audience, extra)
        if key not in made:
            name = hashlib.sha256(repr(key).encode()).hexdigest()[:8]
            corpus = write_corpus(root / f"corpus-{name}", articles=2)
            config = corpus / "dataset.yaml"
            text = config.read_text().replace("version: 1.0.0", f"version: {version}")
            if audience == "restricted":  # whoever is let in has to be told the terms
                (corpus / "TERMS.txt").write_text("For research only.\n")
                text = text.replace("build:\n", "build:\n  access: {terms: TERMS.txt}\n", 1)
            config.write_text(text + extra)
            made[key] = build(corpus, root / f"out-{name}", audience=audience).out
        return made[key]

    return snapshot


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody sleeps; the seconds that would have been slept."""
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, waits: list[float]) -> Iterator[HubStandIn]:
    """The real client, pointed at a stand-in."""
    from huggingface_hub import close_session, constants

    with serving(HubStandIn()) as stand_in:
        monkeypatch.setattr(constants, "ENDPOINT", stand_in.url)
        template = stand_in.url + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
        monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
        monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no-token"))
        monkeypatch.setenv("HF_TOKEN", OWNER)
        yield stand_in
        close_session()


@pytest.fixture
def invenio(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> Iterator[InvenioStandIn]:
    """A repository that takes deposits."""
    monkeypatch.setenv("INVENIORDM_TOKEN", TOKEN)
    with serving(InvenioStandIn()) as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def moto_address() -> Iterator[str]:
    """One moto server for all tests."""
    moto = pytest.importorskip("moto.server", reason="moto is not installed; it is in the dev group")
    import logging

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = moto.ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(moto_address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """boto3's client of a server that has one empty bucket, ``harbour``."""
    import boto3
    import requests

    for name, value in {
        "AWS_ENDPOINT_URL": moto_address,
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "secret-of-the-test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    requests.post(f"{moto_address}/moto-api/reset", timeout=10)
    client = boto3.client("s3")
    client.create_bucket(Bucket="harbour")
    yield client
    client.close()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Exit code, standard output and standard error of one call of the command line."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["build-dataset", *map(str, arguments)])
        try:
            main()
            code = 0
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 0
        shown = capsys.readouterr()
        return code, shown.out, re.sub(r"\n\s+", " ", shown.err)

    return call
