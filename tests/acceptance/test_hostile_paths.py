"""Names and places that lie: nothing is read outside the corpus, nothing written outside OUT, nothing lost unsaid."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from archives import compressed, page_record
from dataset_builder.cli import main
from dataset_builder.errors import ConfigError, CorpusError
from dataset_builder.pipeline import BuildResult, build

SECRET = "The password of the harbour safe is four times seven, and nobody outside this office may read it."
CONFIG = """\
name: harbour-notes
title: Harbour Notes
version: 1.0.0
created: 2024-11-05
licenses: [{name: CC0-1.0}]
contributors: [{title: Harbour Archive}]
sources:
  - {name: ledger, title: The Harbour Ledger, email: rights@ledger.example.org, license: CC-BY-4.0, language: en}
articles:
  - {path: "PATH", source: ledger}
"""


def article(number: int) -> str:
    return f"The ferry number {number} between Port Callow and the islands will sail an hour later from Monday."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of one article, beside files that are nobody's business."""
    folder = tmp_path / "place" / "corpus"
    folder.mkdir(parents=True)
    (tmp_path / "place" / "secret.txt").write_text(SECRET)
    (folder / "dataset.yaml").write_text(CONFIG.replace("PATH", "**/*"))
    (folder / "a.txt").write_text(article(0))
    return folder


def fingerprint(folder: Path, *, but: Path) -> dict[str, str]:
    """Every file below ``folder`` except those below ``but``, with its digest."""
    return {
        path.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and not path.is_relative_to(but)
    }


def built(corpus: Path) -> BuildResult:
    """Build it, and hold what is outside OUT against what was there before."""
    root, out = corpus.parent.parent, corpus.parent.parent / "out"
    before = fingerprint(root, but=out)
    result = build(corpus, out, allow_rejected=True)
    assert fingerprint(root, but=out) == before, "something was written outside OUT"
    for shard in out.rglob("*.parquet"):
        assert SECRET[:40] not in str(pq.read_table(shard, partitioning=None).to_pylist())
    accounts = result.accounts
    parts = accounts.released + accounts.withheld + accounts.rejected + accounts.merged + accounts.withdrawn
    assert accounts.read == parts
    return result


def codes(result: BuildResult) -> set[str]:
    return {issue.code for issue in result.issues}


def refused(corpus: Path) -> set[str]:
    """The codes of the findings that stop a build; OUT stays absent, and everything else as it was."""
    before = fingerprint(corpus.parent.parent, but=corpus.parent.parent / "out")
    with pytest.raises((ConfigError, CorpusError)) as stopped:
        build(corpus, corpus.parent.parent / "out", allow_rejected=True)
    assert fingerprint(corpus.parent.parent, but=corpus.parent.parent / "out") == before
    assert not (corpus.parent.parent / "out").exists()
    assert SECRET[:20] not in str(stopped.value.issues)
    return {issue.code for issue in stopped.value.issues}


@pytest.mark.parametrize(
    "pattern", ["../*.txt", "/etc/*", "a/../../*.txt", "..\\*.txt", "~/../x.txt", "./../secret.txt"]
)
def test_globs_that_lead_outside(corpus: Path, pattern: str) -> None:
    (corpus / "dataset.yaml").write_text(CONFIG.replace('"PATH"', json.dumps(pattern)))
    assert refused(corpus) & {"path-outside", "no-articles"}


def test_devices_pipes_sockets_and_links_are_named_and_not_opened(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(corpus / "pipe.txt")
    (corpus / "zero.txt").symlink_to("/dev/zero")
    (corpus / "outside.txt").symlink_to(corpus.parent / "secret.txt")
    (corpus / "nowhere.txt").symlink_to("absent.txt")
    (corpus / "round.txt").symlink_to("round.txt")
    monkeypatch.chdir(corpus)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.txt")
        result = built(corpus)
    assert result.accounts.released == 1
    assert result.accounts.rejected == 6
    assert codes(result) >= {"not-a-regular-file", "path-outside", "unreadable-file"}


def test_a_folder_that_is_a_link_to_outside_stops_the_build(corpus: Path) -> None:
    (corpus / "up").symlink_to(corpus.parent)
    assert "path-outside" in refused(corpus)


NAMES = {
    "of-windows": ["CON.txt", "aux.txt", "NUL.txt", "trailing. .txt", "a<b>|?*.txt", "c\\..\\x.txt"],
    "alike-but-for-case": ["Ferry.txt", "ferry.txt", "FERRY.txt"],
    "alike-but-for-form": ["Fa\u0308hre.txt", "F\u00e4hre.txt"],
    "255-bytes": ["n" * 251 + ".txt", "é" * 125 + ".txt"],
    "options": ["-rf.txt", "--out.txt", "$(touch x).txt", "`id`.txt", "%s%n.txt"],
}


@pytest.mark.parametrize("kind", NAMES)
def test_odd_names_are_only_names(corpus: Path, kind: str) -> None:
    for number, name in enumerate(NAMES[kind], start=1):
        (corpus / name).write_text(article(number))
    result = built(corpus)
    assert result.accounts.released == len(NAMES[kind]) + 1
    rows = pq.read_table(next((result.out / "catalog").rglob("*.parquet")), partitioning=None).to_pylist()
    assert {row["provenance"]["locator"] for row in rows} == {"a.txt", *NAMES[kind]}


@pytest.mark.parametrize("name", ["a\n::error::b.txt", "a\x1b[2J.txt", "a\u202etxt.exe", "a\u2028b.txt", "a\udcff.txt"])
def test_names_that_act_are_refused(corpus: Path, name: str) -> None:
    (corpus / name).write_text(article(1))
    if not name.endswith(".txt"):
        (corpus / name).rename(corpus / f"{name}.txt")
    result = built(corpus)
    assert "unsafe-file-name" in codes(result)
    assert result.accounts.rejected == 1


@pytest.mark.parametrize(
    "file_name", ["../secret.txt", "/etc/hostname", "a\0.txt", "b\\..\\..\\secret.txt", "x/../../secret.txt", "a\n.txt"]
)
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_metadata_that_speaks_of_other_files(corpus: Path, file_name: str, form: str) -> None:
    if form == "jsonl":
        (corpus / "metadata.jsonl").write_text(json.dumps({"file_name": file_name, "title": "Forged"}) + "\n")
    else:
        quoted = file_name.replace('"', '""')
        (corpus / "metadata.csv").write_bytes(f'file_name,title\r\n"{quoted}",Forged\r\n'.encode())
    assert refused(corpus) & {"path-outside", "metadata-file-missing", "metadata-invalid"}


@pytest.mark.parametrize(
    "member", ["../../evil.warc.gz", "/tmp/evil.warc.gz", "archive/../../evil.warc.gz", "archive/a\n::x.warc.gz"]
)
def test_members_of_an_archive_are_never_unpacked(corpus: Path, member: str) -> None:
    pytest.importorskip("fastwarc", reason="the extra [warc] is not installed")
    with zipfile.ZipFile(corpus / "a.wacz", "w") as package:
        package.writestr(zipfile.ZipInfo(member), compressed([page_record(1)]))
        package.writestr(zipfile.ZipInfo("archive/good.warc.gz"), compressed([page_record(2)]))
    result = built(corpus)
    assert result.accounts.released >= 2
    rows = pq.read_table(next((result.out / "catalog").rglob("*.parquet")), partitioning=None).to_pylist()
    assert all("\n" not in row["provenance"]["locator"] for row in rows)


def test_a_link_in_the_archive_is_no_link(corpus: Path) -> None:
    pytest.importorskip("fastwarc", reason="the extra [warc] is not installed")
    with zipfile.ZipFile(corpus / "a.wacz", "w") as package:
        info = zipfile.ZipInfo("archive/a.warc")
        info.external_attr = 0o120777 << 16
        package.writestr(info, str(corpus.parent / "secret.txt"))
    assert codes(built(corpus)) & {"archive-without-pages", "archive-damaged"}


@pytest.mark.parametrize("evidence", ["../secret.txt", "/etc/hostname"])
def test_evidence_from_outside_is_no_evidence(corpus: Path, evidence: str) -> None:
    config = (corpus / "dataset.yaml").read_text()
    given = f"license_evidence: {{url: 'https://ledger.example.org/terms', path: '{evidence}'}}, language"
    (corpus / "dataset.yaml").write_text(config.replace("language", given))
    assert refused(corpus)


def test_out_is_nobody_elses_folder(corpus: Path) -> None:
    from dataset_builder.errors import UsageError

    for place in (corpus.parent, Path("/etc"), corpus):
        with pytest.raises(UsageError):
            build(corpus, place)
    assert (corpus.parent / "secret.txt").read_text() == SECRET


@pytest.mark.parametrize(
    "words",
    [
        ("build", "corpus", "--out", "o\udcff"),
        ("check", "corpus", "--cache", "k\udcff"),
        ("rehydrate", "seeds", "--originals", "corpus", "--out", "z\udcff"),
        ("check", "."),
    ],
)
def test_a_call_whose_bytes_are_not_utf_8(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    here = tmp_path / ("d\udcff" if "." in words else "d")
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setattr(sys, "argv", ["build-dataset", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "which is not UTF-8" in capsys.readouterr().err
    assert not list(here.iterdir())
