"""``build-dataset evidence``: captured once, kept, proposed, accepted, checked; and what has changed the next time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpora import write_corpus
from dataset_builder.cli.app import app
from dataset_builder.evidence.archive import read_kept
from loopback import Page, Site, served
from slow_terminal import FIRST_COLUMN, slow_terminal, steps_of

TERMS = """<html><head><link rel="license" href="https://creativecommons.org/licenses/by/4.0/"></head><body><main>
<h1>Reuse</h1><p>The texts of The Harbour Ledger may be reused by anybody who names the paper and its writers.</p>
<p>All texts are licensed under CC BY 4.0.</p></main></body></html>"""
ROBOTS = "User-agent: *\nDisallow: /private\nLicense: /license.xml\nContent-Usage: train-ai=n\n"
RSL = '<rsl xmlns="https://rslstandard.org/rsl"><content url="/"></content></rsl>'


@pytest.fixture
def site() -> Iterator[Site]:
    pages = {
        "/terms": Page(TERMS),
        "/": Page('<p>Home <a rel="license" href="/private/deed">terms</a> <a rel="license" href="/deed">d</a></p>'),
        "/deed": Page("<p>A deed</p>"),
        "/robots.txt": Page(ROBOTS, headers={"Content-Type": "text/plain"}),
        "/license.xml": Page(RSL, headers={"Content-Type": "application/rsl+xml"}),
        "/.well-known/tdmrep.json": Page('[{"location": "/", "tdm-reservation": 1}]'),
    }
    with served(Site(pages)) as site:
        yield site


@pytest.fixture
def corpus(tmp_path: Path, site: Site) -> Path:
    folder = write_corpus(tmp_path / "corpus", articles=2)
    config = folder / "dataset.yaml"
    entry = f"    path: {site.root}\n    terms_url: {site.root}/terms\n    email: rights@ledger"
    config.write_text(config.read_text().replace("    email: rights@ledger", entry, 1))
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    def call(*arguments: object) -> dict[str, Any]:
        with pytest.raises(SystemExit) as left:
            app([*map(str, arguments), "--json"], standalone_mode=True)
        printed = capsys.readouterr().out
        return {"exit": left.value.code, **json.loads(printed)}

    return call


def gathered(run: Callable[..., dict[str, Any]], corpus: Path) -> dict[str, Any]:
    return run("evidence", "ledger", corpus, "--allow-private-addresses", "--pause", 0)


def test_everything_is_asked_for_once_and_kept(run: Any, corpus: Path, site: Site) -> None:
    result = gathered(run, corpus)
    assert sorted(site.paths) == ["/", "/.well-known/tdmrep.json", "/deed", "/license.xml", "/robots.txt", "/terms"]
    roles = {item["role"]: item for item in result["captured"]}
    assert set(roles) == {"robots", "terms", "home", "tdmrep", "rsl", "license"}
    kept = read_kept(corpus / result["archive"])
    assert {entry.url.removeprefix(site.root) for entry in kept} == set(site.paths)
    assert {(said["how"], said["license"]) for said in result["statements"]} >= {("markup", "CC-BY-4.0")}
    codes = {issue["code"] for issue in result["issues"]}
    assert {"evidence-robots-barred", "evidence-opt-out"} <= codes
    signals = {entry["signal"] for entry in result["opt_outs"]}
    assert signals == {"tdm-reservation: 1", "content-usage: train-ai=n", "rsl: terms of its own"}


def test_who_waits_sees_how_many_addresses_have_been_asked(
    corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_terminal(monkeypatch)
    call = ["evidence", "ledger", str(corpus), "--allow-private-addresses", "--pause", "0"]
    app(call, standalone_mode=False)
    told = capsys.readouterr()
    assert FIRST_COLUMN not in told.out
    assert steps_of(told.err) == ["ask", "follow"]
    assert re.search(r"ask  1 of 3 addresses  33%  0\.3 addresses/s  6 s left", told.err)
    app([*call, "--quiet"], standalone_mode=False)
    assert FIRST_COLUMN not in capsys.readouterr().err
    monkeypatch.undo()
    app(call, standalone_mode=False)
    assert FIRST_COLUMN not in capsys.readouterr().err


def test_a_proposal_counts_only_when_it_is_accepted(run: Any, corpus: Path) -> None:
    before = run("check", corpus)
    gathered(run, corpus)
    assert run("check", corpus)["accounts"] == before["accounts"]
    text = (corpus / "dataset.yaml").read_text()
    accepted = run("evidence", "ledger", corpus, "--accept")["accepted"]
    assert accepted["license_evidence"]["path"].startswith("evidence/ledger-")
    changed = (corpus / "dataset.yaml").read_text()
    assert [line for line in changed.splitlines() if line in text.splitlines()] == text.splitlines()
    result = run("check", corpus)
    assert result["valid"], result["issues"]
    assert result["accounts"]["read"] == before["accounts"]["read"]
    assert run("evidence", "ledger", corpus, "--accept")["exit"] == 2


def test_a_build_names_the_record_as_its_evidence(run: Any, corpus: Path, tmp_path: Path) -> None:
    gathered(run, corpus)
    accepted = run("evidence", "ledger", corpus, "--accept")["accepted"]["license_evidence"]
    decision = run("explain", "ledger/0000.txt", corpus)["decision"]
    assert decision["evidence"]["kind"] == "page"
    assert decision["evidence"]["locator"] == accepted["path"]
    assert decision["evidence"]["sha256"] == accepted["sha256"]


def test_an_archive_that_was_changed_releases_nothing(run: Any, corpus: Path) -> None:
    result = gathered(run, corpus)
    run("evidence", "ledger", corpus, "--accept")
    config = corpus / "dataset.yaml"
    digest = result["proposal"]["license_evidence"]["sha256"]
    config.write_text(config.read_text().replace(digest, digest[::-1]))
    found = run("check", corpus)
    assert "evidence-changed" in {issue["code"] for issue in found["issues"]}
    (corpus / result["archive"]).unlink()
    assert "evidence-missing" in {issue["code"] for issue in run("check", corpus)["issues"]}


def test_the_next_run_says_what_has_changed(
    run: Any, corpus: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = corpus / gathered(run, corpus)["archive"]
    first.rename(first.with_name("ledger-20200101T000000Z.evidence.warc.gz"))
    site.pages["/terms"] = Page(TERMS.replace("CC BY 4.0", "CC BY-NC 4.0").replace("licenses/by/", "licenses/by-nc/"))
    del site.pages["/.well-known/tdmrep.json"]
    result = gathered(run, corpus)
    assert {change["url"].removeprefix(site.root): change["what"] for change in result["changes"]} == {
        "/terms": "changed",
        "/.well-known/tdmrep.json": "changed",
    }
    codes = {issue["code"] for issue in result["issues"]}
    assert {"evidence-not-as-before", "evidence-license-differs"} <= codes
    assert result["earlier"] == "evidence/ledger-20200101T000000Z.evidence.warc.gz"


def test_this_machine_is_not_asked_without_the_flag(run: Any, corpus: Path, site: Site) -> None:
    result = run("evidence", "ledger", corpus)
    assert result["exit"] == 3
    assert "not 80 or 443" in result["error"]["found"]
    assert site.asked == []
    assert not (corpus / "evidence").exists()


def test_an_unknown_source_is_an_error_with_the_nearest(run: Any, corpus: Path) -> None:
    result = run("evidence", "leger", corpus)
    assert (result["exit"], result["error"]["hint"]) == (2, "did you mean ledger?")
    assert run("evidence", "gazette", corpus)["exit"] == 2


@pytest.mark.parametrize(
    "entry",
    [
        "  - {name: ledger, license: CC-BY-4.0}",
        "  - license: CC-BY-4.0\n    name: ledger  # the paper\n",
        "  - name: ledger\n    license_evidence:\n      url: https://ledger.example.org\n\n    license: CC-BY-4.0\n",
        '  -   "name": "ledger"\n',
    ],
)
def test_a_proposal_goes_into_any_layout(entry: str) -> None:
    from dataset_builder.evidence.proposal import Proposal, with_proposal
    from dataset_builder.strict_yaml import parse_yaml

    text = f"# head\nsources:\n  - name: other\n{entry}\nversion: 1.0.0  # tail\n"
    changed = with_proposal(text, Proposal("ledger", {"license_evidence": {"url": "https://x.example.org"}}, ()))
    assert parse_yaml(changed).value["sources"][1]["license_evidence"] == {"url": "https://x.example.org"}
    assert "# head" in changed
    assert "# tail" in changed
