"""``publish --doi`` against the stand-in of ``stand_ins.invenio``: two calls with a build between them."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpora import write_corpus
from dataset_builder.config import load_config
from dataset_builder.errors import UsageError
from dataset_builder.pipeline import build
from dataset_builder.publish.deposit.doi_entry import with_doi
from dataset_builder.strict_yaml import parse_yaml
from publishing import FIRST_DOI, WITH_DOI, Built, Run, digests, identity
from stand_ins.invenio import PREFIX, TOKEN, InvenioStandIn
from stand_ins.loopback import Request

#: How a connection ends; the short form drops it once the work is done.
MODES = [*(pytest.param(mode, marks=pytest.mark.slow) for mode in ("answer", "midway", "head", "half")), "lost"]

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", articles=1)


def made(corpus: Path, audience: str = "public") -> Path:
    return build(corpus, corpus.parent / "out", audience=audience).out


def deposit(run: Run, invenio: InvenioStandIn, corpus: Path, *more: object) -> tuple[int, str, str]:
    return run("publish", corpus.parent / "out", "--doi", invenio.url, "--corpus", corpus, *more)


def test_from_nothing_to_a_record_and_its_next_version(invenio: InvenioStandIn, corpus: Path, run: Run) -> None:
    snapshot = made(corpus)
    code, out, _ = deposit(run, invenio, corpus, "--json")
    doi = json.loads(out)["doi"]
    assert (code, doi) == (0, f"{PREFIX}1000")
    assert load_config(corpus).doi == doi
    assert invenio.records["1000"].sent == {}, "nothing is sent before the DOI is in it"

    code, _, err = deposit(run, invenio, corpus)
    assert code == 2
    assert "build-dataset build" in err, "a snapshot without the DOI is not sent"

    made(corpus)
    assert doi in (snapshot / "README.md").read_text()
    assert f"doi: {doi}" in (snapshot / "CITATION.cff").read_text()
    code, out, _ = deposit(run, invenio, corpus, "--json")
    assert code == 0, out
    record = invenio.records["1000"]
    assert sorted(json.loads(out)["files"]) == sorted(record.committed)
    assert json.loads(record.sent["datacite.json"])["doi"] == doi
    packed = zipfile.ZipFile(io.BytesIO(record.sent["harbour-notes-v1.0.0.zip"]))
    folder = "harbour-notes-v1.0.0/"
    assert sorted(packed.namelist()) == sorted(folder + path for path in digests(snapshot))
    assert all(packed.read(folder + path) == (snapshot / path).read_bytes() for path in digests(snapshot))

    invenio.publish("1000")
    code, out, _ = deposit(run, invenio, corpus)
    assert code == 0
    assert "published there already" in out

    config = corpus / "dataset.yaml"
    config.write_text(config.read_text().replace("version: 1.0.0", "version: 1.1.0"))
    made(corpus)
    assert deposit(run, invenio, corpus)[0] == 0
    newer = invenio.records["1001"]
    assert newer.parent == record.parent, "a version of the same concept"
    assert load_config(corpus).doi == newer.doi == f"{PREFIX}1001"
    assert newer.content["metadata"]["version"] == "1.1.0"


def noted(tmp_path: Path, *lines: str) -> Path:
    """A corpus as far as a deposit looks at it."""
    (tmp_path / "noted").mkdir()
    text = "".join(f"{line}\n" for line in ("name: harbour-notes", "version: 1.0.0", *lines))
    (tmp_path / "noted" / "dataset.yaml").write_text(text, encoding="utf-8")
    return tmp_path / "noted"


@pytest.fixture
def call_reserve(invenio: InvenioStandIn, built: Built, run: Run, tmp_path: Path) -> Call:
    """The first call: nothing is reserved yet."""
    corpus = noted(tmp_path)
    return lambda: run("publish", built(), "--doi", invenio.url, "--corpus", corpus)


@pytest.fixture
def call_upload(invenio: InvenioStandIn, built: Built, run: Run, tmp_path: Path) -> Call:
    """The second call: a draft has a DOI, and the snapshot states it."""
    corpus = noted(tmp_path, f"doi: {FIRST_DOI}")
    invenio._make("p0", {}).doi = FIRST_DOI
    return lambda audience="public": run(
        "publish", built(audience=audience, extra=WITH_DOI), "--doi", invenio.url, "--corpus", corpus
    )


def test_what_the_record_says(invenio: InvenioStandIn, built: Built, call_reserve: Call) -> None:
    call_reserve()
    content = invenio.records["1000"].content
    metadata = content["metadata"]
    assert metadata["resource_type"] == {"id": "dataset"}
    assert metadata["title"] == "Harbour Notes"
    assert metadata["publication_date"] == "2024-11-05"
    assert metadata["creators"] == [{"person_or_org": {"type": "organizational", "name": "Harbour Archive"}}]
    assert {"id": "cc-by-4.0"} in metadata["rights"]
    assert metadata["identifiers"] == [{"identifier": identity(built()), "scheme": "other"}]
    assert content["access"] == {"record": "public", "files": "public"}


@pytest.mark.parametrize("pattern", ["POST /api/records$", "POST /pids/doi$", "GET /user/records$"])
@pytest.mark.parametrize("mode", MODES)
def test_an_interrupted_reservation_leaves_one_draft(
    invenio: InvenioStandIn, tmp_path: Path, call_reserve: Call, pattern: str, mode: str
) -> None:
    fault = invenio.fault(*pattern.split(), times=100, mode=mode)
    code, _, err = call_reserve()
    assert code == 3, err
    assert load_config(tmp_path / "noted").doi == ""
    fault.times = 0
    assert call_reserve()[0] == 0
    assert len(invenio.records) == 1
    assert load_config(tmp_path / "noted").doi == invenio.records["1000"].doi == FIRST_DOI


@pytest.mark.parametrize("pattern", ["PUT /content$", "POST /commit$", "POST /files$", "PUT /draft$"])
@pytest.mark.parametrize("mode", MODES)
def test_an_interrupted_upload_is_finished(invenio: InvenioStandIn, call_upload: Call, pattern: str, mode: str) -> None:
    fault = invenio.fault(*pattern.split(), times=100, mode=mode)
    assert call_upload()[0] == 3
    fault.times = 0
    code, _, err = call_upload()
    assert code == 0, err
    record = invenio.records["1000"]
    assert record.committed == record.announced == set(record.sent)
    assert len(record.sent) == 6


def test_a_file_that_is_wrong_there_is_replaced(invenio: InvenioStandIn, built: Built, call_upload: Call) -> None:
    record = invenio.records["1000"]
    for key, content in (("README.md", b"Mine."), ("more.txt", b"More.")):
        record.announced.add(key)
        record.sent[key] = content
        record.committed.add(key)
    assert call_upload()[0] == 0
    assert record.sent["README.md"] == (built(extra=WITH_DOI) / "README.md").read_bytes()
    assert "more.txt" not in record.announced


def test_a_restricted_snapshot_has_restricted_files(invenio: InvenioStandIn, call_upload: Call) -> None:
    """The files go only after the draft has said that they will be restricted."""
    record = invenio.records["1000"]

    def opened(request: Request) -> None:
        if request.method == "GET" and request.path.endswith("/draft") and record.content:
            record.content["access"]["files"] = "public"

    invenio.before = opened
    code, _, err = call_upload("restricted")
    assert code == 2
    assert "the draft says public" in err
    assert record.sent == {}
    invenio.before = lambda request: None
    assert call_upload("restricted")[0] == 0
    assert record.content["access"]["files"] == "restricted"
    assert len(record.sent) == 6


@pytest.mark.parametrize(("token", "found"), [("", "there is no token"), ("wrong-token-wrong", "token is not known")])
def test_tokens_of_the_repository(
    invenio: InvenioStandIn, built: Built, run: Run, tmp_path: Path, monkeypatch: Any, token: str, found: str
) -> None:
    monkeypatch.setenv("INVENIORDM_TOKEN", token)
    code, out, err = run("publish", built(), "--doi", invenio.url, "--corpus", noted(tmp_path))
    assert code == 2
    assert found in err
    assert TOKEN not in out + err
    assert not token or token not in out + err


def test_calls_that_are_wrong(invenio: InvenioStandIn, built: Built, run: Run, tmp_path: Path) -> None:
    for arguments, found in (
        (("--doi", "zenod"), "did you mean zenodo?"),
        (("--doi", "http://repository.example.org"), "no repository is known"),
        (("--doi", invenio.url, "--corpus", tmp_path), "is not the corpus of harbour-notes"),
        (("s3://harbour/notes", "--doi", "zenodo"), "one of the two"),
        ((), "no target"),
    ):
        code, _, err = run("publish", built(), *arguments)
        assert code == 2
        assert found in err
    assert invenio.asked == []


def test_metadata_that_are_refused_are_named(invenio: InvenioStandIn, call_reserve: Call) -> None:
    errors = [{"field": "metadata.rights.0", "messages": ["Unknown."]}]
    body = json.dumps({"message": "A validation error occurred.", "errors": errors}).encode()
    invenio.fault("POST", "/api/records$", times=9, status=400, body=body)
    code, _, err = call_reserve()
    assert code == 2
    assert "metadata.rights.0: Unknown." in err


def test_a_doi_of_elsewhere(invenio: InvenioStandIn, call_upload: Call) -> None:
    invenio.records["1000"].doi = "10.5072/another"
    code, _, err = call_upload()
    assert code == 2
    assert f"no record or draft with the DOI {FIRST_DOI}" in err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "name: a\nversion: 1.0.0 # first\nkeywords: [x]\n",
            "name: a\nversion: 1.0.0 # first\ndoi: 10.5072/x.1\nkeywords: [x]\n",
        ),
        ("name: a\ndoi: '10.5072/old'  # old\n", "name: a\ndoi: 10.5072/x.1  # old\n"),
        ("name: a", "name: a\ndoi: 10.5072/x.1\n"),
        ("name: a\r\nversion: 1.0.0\r\n", "name: a\r\nversion: 1.0.0\r\ndoi: 10.5072/x.1\r\n"),
        ("version: 1.0.0", "version: 1.0.0\ndoi: 10.5072/x.1\n"),
        ("{doi: 10.5072/old, name: a}", "{doi: 10.5072/x.1, name: a}"),
    ],
)
def test_the_doi_in_the_text(before: str, after: str) -> None:
    assert with_doi(before, "10.5072/x.1") == after
    assert parse_yaml(after).value == {**parse_yaml(before).value, "doi": "10.5072/x.1"}


def test_a_text_without_a_place_for_it() -> None:
    with pytest.raises(UsageError, match=r"add by hand: doi: 10\.5072/x\.1"):
        with_doi("{name: a}", "10.5072/x.1")


def test_the_archive_has_the_same_bytes_each_time(built: Built, tmp_path: Path) -> None:
    from dataset_builder.publish.deposit.archive import deposit_files
    from dataset_builder.publish.release import open_release

    copy = shutil.copytree(built(), tmp_path / "copy")
    (copy / "README.md").touch()
    scratch = [tmp_path / name for name in ("one", "two")]
    for folder in scratch:
        folder.mkdir()
    first = deposit_files(open_release(built()), scratch[0])
    second = deposit_files(open_release(copy), scratch[1])
    assert [(file.key, file.md5) for file in first] == [(file.key, file.md5) for file in second]
