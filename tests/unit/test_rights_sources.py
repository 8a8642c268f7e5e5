"""What sources declare: evidence that is gone or changed, permissions, and the words of a scope."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from dataset_builder.issues import issue_kinds
from dataset_builder.rights.evidence import check_sources
from dataset_builder.rights.opt_outs import read_opt_outs
from dataset_builder.rights.permissions import read_scope
from dataset_builder.rights.terms import SourceTerms

TERMS = b"Everything here is CC BY 4.0."


def checked(folder: Path, **terms: object) -> tuple[SourceTerms, list[str]]:
    """One source, checked, and the codes of its findings."""
    sources, issues = check_sources([SourceTerms("ledger", **terms)], folder, date(2024, 11, 5))
    assert all(issue.code in issue_kinds() and issue.path == "dataset.yaml" for issue in issues)
    return sources[0], [issue.code for issue in issues]


def test_evidence_that_is_there_stands(tmp_path: Path) -> None:
    (tmp_path / "terms.html").write_bytes(TERMS)
    evidence = {
        "path": "terms.html",
        "sha256": hashlib.sha256(TERMS).hexdigest(),
        "url": "https://ledger.example.org/terms",
    }
    terms, codes = checked(tmp_path, license="CC-BY-4.0", license_evidence=evidence)
    assert (terms.evidence_broken, codes) == (False, [])
    assert (terms.evidence().kind, terms.evidence().locator) == ("page", "terms.html")


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        ({"path": "gone.html"}, "evidence-missing"),
        ({"path": "../outside.html"}, "evidence-missing"),
        ({"path": "terms.html", "sha256": "0" * 64}, "evidence-changed"),
    ],
)
def test_evidence_that_is_gone_or_changed_breaks_the_licence(
    tmp_path: Path, evidence: dict[str, str], code: str
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "terms.html").write_bytes(TERMS)
    (tmp_path / "outside.html").write_bytes(TERMS)
    terms, codes = checked(corpus, license="CC-BY-4.0", license_evidence=evidence)
    assert (terms.evidence_broken, codes) == (True, [code])


def test_a_link_out_of_the_corpus_is_no_evidence(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (tmp_path / "outside.html").write_bytes(TERMS)
    (corpus / "terms.html").symlink_to(tmp_path / "outside.html")
    assert checked(corpus, license="CC-BY-4.0", license_evidence={"path": "terms.html"})[0].evidence_broken


def test_a_default_with_a_typo_is_an_error_once(tmp_path: Path) -> None:
    assert checked(tmp_path, license="CC-BY-SA-5.0")[1] == ["source-license-unread"]


def test_a_permission_is_looked_at(tmp_path: Path) -> None:
    _, codes = checked(tmp_path, permission="letter", permission_scope="everything", permission_expires="2024-06-30")
    assert codes == ["permission-scope-unknown", "permission-without-evidence", "permission-expired"]


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        ("full", ("full",)),
        ("full text, cleaned, annotated, public", ("full",)),
        ("Full text; non-commercial", ("full", "noncommercial")),
        ("excerpts and features, restricted", ("excerpt", "features", "restricted")),
        ("public", ()),
        ("full, except the crossword", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_the_words_of_a_permissions_scope(scope: str | None, words: tuple[str, ...]) -> None:
    assert read_scope(scope)[0] == words
    assert bool(read_scope(scope)[1]) == (not words)


@pytest.mark.parametrize(
    ("reservation", "usage", "signals", "unread"),
    [
        (["1"], [], 1, 0),
        (["0"], [], 0, 0),
        (["TDM-RESERVATION: 1", "tdm-reservation:1"], [], 1, 0),
        (["1", "0"], [], 2, 1),
        (["perhaps"], [], 1, 1),
        ([], ["Train-AI=N"], 1, 0),
        ([], ["train-ai=n, search=y"], 1, 0),
        ([], ["search=n"], 0, 0),
        ([], ["train-ai=y", "TRAIN-AI=n"], 2, 1),
        ([], ["noai, noimageai"], 2, 0),
        ([], ["gibberish"], 1, 1),
        ([], [], 0, 0),
    ],
)
def test_opt_outs_in_capitals_twice_and_unclear(
    reservation: list[str], usage: list[str], signals: int, unread: int
) -> None:
    found = read_opt_outs(reservation, usage)
    assert (len(found.signals), len(found.unread)) == (signals, unread)
