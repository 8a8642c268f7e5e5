"""What sources declare, what signals say, and which statement governs: value by value."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dataset_builder.issues import Issue
from dataset_builder.rights.evidence import check_sources
from dataset_builder.rights.holding import Holding, default_of, evidence_kind, holding_of, join, permitted_by
from dataset_builder.rights.opt_outs import OptOuts, read_opt_outs
from dataset_builder.rights.resolve import resolve
from dataset_builder.rights.statement import read_statements
from dataset_builder.rights.terms import Evidence, SourceTerms

DIGEST = "ab" * 32


def claim(field: str, value: str, **members: Any) -> dict[str, Any]:
    given = {"origin": "declared", "rule": "front-matter", "evidence": "", "line": 2, "confidence": 1.0}
    return {"field": field, "value": value, **given, **members}


@pytest.mark.parametrize(
    ("evidence", "permission", "expected"),
    [
        ({}, False, Evidence("declared", "dataset.yaml")),
        ({}, True, Evidence("permission", "dataset.yaml")),
        ({"sha256": DIGEST}, False, Evidence("page", "dataset.yaml", DIGEST)),
        ({"sha256": DIGEST}, True, Evidence("permission", "dataset.yaml", DIGEST)),
        ({"kind": "embedded", "sha256": DIGEST}, True, Evidence("embedded", "dataset.yaml", DIGEST)),
        ({"path": "t.html", "url": "https://x.example.org/t"}, False, Evidence("declared", "t.html")),
        ({"locator": "t.html"}, False, Evidence("declared", "t.html")),
        ({"path": "a.html", "locator": "b.html"}, False, Evidence("declared", "a.html")),
        ({"locator": "https://x.example.org/l", "url": "https://x.example.org/t"}, False,
         Evidence("declared", "https://x.example.org/l")),
        ({"url": "https://x.example.org/t", "observed_at": "2024-11-02"}, False,
         Evidence("declared", "https://x.example.org/t", None, "2024-11-02")),
        ({"sha256": "", "observed_at": ""}, False, Evidence("declared", "dataset.yaml")),
    ],
)  # fmt: skip
def test_the_evidence_of_a_source(evidence: dict[str, Any], permission: bool, expected: Evidence) -> None:
    found = SourceTerms("ledger", license_evidence=evidence).evidence(permission=permission)
    assert found == expected
    assert found.as_dict() == {
        "kind": expected.kind, "locator": expected.locator, "sha256": expected.sha256,
        "observed_at": expected.observed_at,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("evidence", "file"),
    [({}, None), ({"path": "t.html"}, "t.html"), ({"locator": "t.html"}, "t.html"), ({"path": ""}, None),
     ({"locator": "https://x.example.org"}, None), ({"path": "file://x"}, None)],
)  # fmt: skip
def test_the_file_of_the_evidence(evidence: dict[str, Any], file: str | None) -> None:
    assert SourceTerms("ledger", license_evidence=evidence).evidence_file() == file


@pytest.mark.parametrize(
    ("expires", "day"),
    [(None, None), ("", None), (date(2024, 6, 30), date(2024, 6, 30)), ("2024-06-30", date(2024, 6, 30)),
     ("next summer", date.min), ("2024-13-01", date.min)],
)  # fmt: skip
def test_the_last_day_of_a_permission(expires: Any, day: date | None) -> None:
    assert SourceTerms("ledger", permission_expires=expires).last_day() == day


def test_owners_and_addresses() -> None:
    source = SourceTerms(
        "ledger", rights_holder=" Quay & Sons ", publisher="Ledger Press", title="undeclared",
        terms_url="https://x.example.org/terms/", license_evidence={"url": "https://x.example.org/t/"},
    )  # fmt: skip
    assert source.owners() == {"quay & sons", "ledger press", "ledger"}
    assert source.terms_addresses() == {"https://x.example.org/terms", "https://x.example.org/t"}
    assert SourceTerms("x", terms_url="https://x.example.org/INDEX//").terms_addresses() == {
        "https://x.example.org/INDEX"
    }
    assert SourceTerms("undeclared").owners() == frozenset()
    assert SourceTerms("undeclared").terms_addresses() == frozenset()


@pytest.mark.parametrize(
    ("tdm", "usage", "prose", "signals", "unread"),
    [
        (["1"], [], [], ("tdm-reservation: 1",), ()),
        (["0"], [], [], (), ()),
        (["TDM-Reservation: 1", "1"], [], [], ("tdm-reservation: 1",), ()),
        (["tdm-reservation=0"], [], [], (), ()),
        (["1, 0"], [], [], ("tdm-reservation: 1", "unread tdm-reservation: 0 and 1"), ("tdm-reservation: 0 and 1",)),
        (["0; maybe"], [], [], ("unread tdm-reservation: maybe",), ("tdm-reservation: maybe",)),
        (["z" * 70], [], [], (f"unread tdm-reservation: {'z' * 60}",), (f"tdm-reservation: {'z' * 60}",)),
        ([], ["Content-Usage: Train-AI=N"], [], ("content-usage: train-ai=n",), ()),
        ([], ["train-ai='no'"], [], ("content-usage: train-ai=n",), ()),
        ([], ["search=n, , ai=n"], [], ("content-usage: ai=n",), ()),
        ([], ["search=y; tdm=y"], [], (), ()),
        ([], ["noai, tdm=n"], [], ("content-usage: noai", "content-usage: tdm=n"), ()),
        ([], ["noai=maybe"], [], ("unread content-usage: noai=maybe",), ("content-usage: noai=maybe",)),
        ([], ["ai=y", "ai=n"], [], ("content-usage: ai=n", "unread content-usage: ai=y and ai=n"),
         ("content-usage: ai=y and ai=n",)),
        ([], ["q" * 70], [], (f"unread content-usage: {'q' * 60}",), (f"content-usage: {'q' * 60}",)),
        ([], [], ["No mining. " + "x" * 200], ("statement: " + ("No mining. " + "x" * 200)[:120],), ()),
        ([], [], [], (), ()),
    ],
)  # fmt: skip
def test_every_signal_against_mining(
    tdm: list[str], usage: list[str], prose: list[str], signals: tuple[str, ...], unread: tuple[str, ...]
) -> None:
    assert read_opt_outs(tdm, usage, prose) == OptOuts(tuple(sorted(signals)), unread)


def checked(folder: Path, created: date | None = date(2024, 11, 5), **terms: Any) -> list[Issue]:
    return list(check_sources([SourceTerms("ledger", locator="dataset.yaml:9", **terms)], folder, created)[1])


def test_findings_about_a_source_name_it_and_their_field(tmp_path: Path) -> None:
    found = checked(tmp_path, permission="letter", permission_scope="all of it", permission_expires="2024-06-30")
    assert [(issue.code, issue.path, issue.field, issue.found) for issue in found] == [
        ("permission-scope-unknown", "dataset.yaml", "sources.permission_scope", "ledger: all of it"),
        ("permission-without-evidence", "dataset.yaml", "sources.license_evidence", "ledger: no evidence"),
        ("permission-expired", "dataset.yaml", "sources.permission_expires", "ledger: 2024-06-30"),
    ]
    (typo,) = checked(tmp_path, license="CC-BY-9.9")
    assert (typo.code, typo.field, typo.path) == ("source-license-unread", "sources.license", "dataset.yaml")
    assert typo.found == "ledger: CC-BY-9.9"
    assert checked(tmp_path, license="All rights reserved") == []


@pytest.mark.parametrize(
    ("created", "expires", "codes"),
    [
        (date(2024, 6, 30), "2024-06-30", []), (date(2024, 7, 1), "2024-06-30", ["permission-expired"]),
        (None, "2024-06-30", ["permission-undated"]), (None, None, []),
    ],
)  # fmt: skip
def test_an_expiry_is_judged_by_the_snapshots_date(
    tmp_path: Path, created: date | None, expires: str | None, codes: list[str]
) -> None:
    (tmp_path / "letter.txt").write_text("Yes.")
    terms = {"permission": "letter", "permission_scope": "full", "license_evidence": {"path": "letter.txt"}}
    found = checked(tmp_path, created, **terms, permission_expires=expires)
    assert [issue.code for issue in found] == codes


def test_evidence_is_compared_with_its_digest(tmp_path: Path) -> None:
    content = b"x" * ((1 << 20) + 5)
    digest = hashlib.sha256(content).hexdigest()
    (tmp_path / "t.html").write_bytes(content)
    for stated in (digest, digest.upper(), None):
        assert checked(tmp_path, license="CC0-1.0", license_evidence={"path": "t.html", "sha256": stated}) == []
    (changed,) = checked(tmp_path, license="CC0-1.0", license_evidence={"path": "t.html", "sha256": DIGEST})
    assert (changed.code, changed.field) == ("evidence-changed", "sources.license_evidence")
    assert (changed.found, changed.expected) == (f"ledger: sha256 {digest}", f"sha256 {DIGEST}")
    (missing,) = checked(tmp_path, license="CC0-1.0", license_evidence={"path": "gone.html"})
    assert (missing.code, missing.field, missing.found) == (
        "evidence-missing", "sources.license_evidence", "ledger: gone.html",
    )  # fmt: skip
    assert checked(tmp_path, license="CC0-1.0", license_evidence={"path": "."})[0].code == "evidence-missing"


def test_evidence_in_an_archive_is_asked_for_by_its_record(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"")
    asked: list[tuple[Path, str]] = []

    def of_record(path: Path, record: str) -> str | None:
        asked.append((path, record))
        return DIGEST if record == "urn:1" else None

    def codes(locator: str, sha256: str = DIGEST) -> list[tuple[str, str]]:
        terms = SourceTerms("ledger", license="CC0-1.0", license_evidence={"path": locator, "sha256": sha256})
        (source,), issues = check_sources([terms], tmp_path, None, of_record)
        assert source.evidence_broken == bool(issues)
        return [(issue.code, issue.found) for issue in issues]

    assert codes("a.warc#urn:1") == []
    assert codes("a.warc#urn:2") == [("evidence-missing", "ledger: no record urn:2 in a.warc")]
    assert codes("a.warc#urn:1", "0" * 64) == [("evidence-changed", f"ledger: sha256 {DIGEST}")]
    assert asked == [(tmp_path / "a.warc", f"urn:{number}") for number in (1, 2, 1)]

    def failing(_path: Path, _record: str) -> str | None:
        raise OSError(5, "Input/output error")

    terms = SourceTerms("ledger", license_evidence={"path": "a.warc#urn:1"})
    (issue,) = check_sources([terms], tmp_path, None, failing)[1]
    assert (issue.code, issue.found) == ("evidence-missing", "ledger: a.warc: Input/output error")
    assert check_sources([terms], tmp_path)[1][0].code == "evidence-missing", "nobody who reads archives is there"


def held(rights_class: str, **members: Any) -> Holding:
    evidence = Evidence("declared", f"{rights_class}.txt")
    return Holding(**{"rights_class": rights_class, "scope": "text", "evidence": evidence, **members})


def test_nothing_holds_where_nothing_is_said() -> None:
    assert join([]) == Holding()
    assert evidence_kind(Holding()) == "none"
    assert evidence_kind(held("attribution")) == "declared"


def test_one_holding_is_itself() -> None:
    one = held(
        "attribution", expression="CC-BY-4.0", license_url="https://x.example.org", statement="CC BY 4.0",
        claims=({"field": "license"},), findings=(Issue(code="license-version-missing"),),
    )  # fmt: skip
    assert join([one]) == one


def test_of_two_holdings_the_stricter_governs_and_a_contradiction_is_said() -> None:
    free = held("public-domain", expression="CC0-1.0", statement="CC0", claims=({"n": 1},), license_url="u1")
    bound = held("share-alike", expression="CC-BY-SA-4.0", statement="CC BY-SA", claims=({"n": 2},), license_url="u2")
    both = join([free, bound])
    assert (both.rights_class, both.expression, both.license_url) == ("share-alike", "CC-BY-SA-4.0", "u2")
    assert (both.statement, both.claims, both.evidence) == ("CC BY-SA", ({"n": 2},), bound.evidence)
    (issue,) = both.findings
    assert (issue.code, issue.field, issue.hint) == ("rights-contradiction", "license", "share-alike holds")
    assert issue.found == "CC0 (public-domain.txt); CC BY-SA (share-alike.txt)"
    mute = join([bound, held("undetermined", evidence=None)])
    assert mute.findings[0].found == "CC BY-SA (share-alike.txt); nothing (no evidence)"


def test_licences_of_one_class_all_hold() -> None:
    one = held("attribution", expression="MIT OR CC-BY-4.0", claims=({"n": 1},), license_url="u1")
    other = held("attribution", expression="CC-BY-3.0", claims=({"n": 2},), license_url="u2")
    both = join([one, other])
    assert both.expression == "(MIT OR CC-BY-4.0) AND CC-BY-3.0"
    assert (both.license_url, both.claims) == (None, ({"n": 1}, {"n": 2}))
    assert [issue.code for issue in both.findings] == ["rights-contradiction"]
    assert join([one, one]).expression == "MIT OR CC-BY-4.0"
    assert join([one, one]).findings == ()


def test_conditions_add_up_over_every_holding() -> None:
    alike = held("share-alike", expression="CC-BY-SA-4.0")
    never_sold = held("noncommercial", expression="CC-BY-NC-4.0")
    both = join([alike, never_sold])
    assert (both.rights_class, both.expression) == ("noncommercial-share-alike", "CC-BY-SA-4.0 AND CC-BY-NC-4.0")


@pytest.mark.parametrize(
    ("holdings", "rights_class", "jurisdiction"),
    [
        ([held("public-domain", jurisdiction="US")], "public-domain", "US"),
        ([held("public-domain", jurisdiction="US"), held("public-domain")], "public-domain", "US"),
        ([held("public-domain", jurisdiction="US"), held("public-domain", jurisdiction="IN")], "undetermined", "IN"),
        ([held("public-domain", jurisdiction="US"), held("attribution")], "undetermined", "US"),
        ([held("public-domain", jurisdiction="US"), held("in-copyright")], "in-copyright", "US"),
        ([held("attribution", expression="X", jurisdiction="US")], "undetermined", "US"),
    ],
)
def test_a_border_is_kept(holdings: list[Holding], rights_class: str, jurisdiction: str) -> None:
    both = join(holdings)
    assert (both.rights_class, both.jurisdiction) == (rights_class, jurisdiction)
    assert both.expression is None


def test_the_widest_cover_of_a_grant_and_its_evidence() -> None:
    page, picture = held("attribution", scope="page"), held("attribution", scope="image")
    assert join([picture, page]).scope == "page"
    assert join([picture, held("attribution", scope="unknown")]).scope == "unknown"
    assert join([held("in-copyright", scope="unknown"), held("in-copyright", scope="text")]).scope == "unknown"
    assert join([page, held("in-copyright", scope="text")]).scope == "page"
    assert join([page, held("attribution", evidence=None)]).evidence is None
    assert join([page, held("in-copyright", evidence=None)]).evidence is None
    closed = held("in-copyright")
    assert join([closed, held("undetermined", evidence=None)]).evidence is None
    assert join([page, closed]).evidence == closed.evidence


def test_what_a_source_declares_for_its_articles() -> None:
    assert default_of(SourceTerms("ledger")) is None
    found = default_of(SourceTerms("ledger", license="CC BY 4.0", locator="dataset.yaml:7"))
    assert found is not None
    assert (found.rights_class, found.scope, found.expression, found.statement) == (
        "attribution", "text", "CC-BY-4.0", "CC BY 4.0",
    )  # fmt: skip
    assert found.license_url == "https://creativecommons.org/licenses/by/4.0/"
    assert found.evidence == Evidence("declared", "dataset.yaml:7")
    assert found.findings == ()
    assert found.claims == (
        {"field": "license", "value": "CC BY 4.0", "origin": "declared", "rule": "source-default",
         "evidence": "dataset.yaml:7", "line": 0, "confidence": 1.0},
    )  # fmt: skip
    broken = default_of(SourceTerms("ledger", license="CC BY 4.0", evidence_broken=True))
    assert broken is not None
    assert broken.evidence is None
    american = default_of(SourceTerms("ledger", license="http://rightsstatements.org/vocab/NoC-US/1.0/"))
    assert american is not None
    assert american.jurisdiction == "US"
    pictures = default_of(SourceTerms("ledger", license="Photo: Ana Example / CC BY 2.0"))
    assert pictures is not None
    assert pictures.scope == "image"


def test_a_default_that_cannot_be_read_is_a_finding() -> None:
    found = default_of(SourceTerms("ledger", license="CC-BY-9.9"))
    assert found is not None
    assert found.rights_class == "undetermined"
    (issue,) = found.findings
    assert (issue.code, issue.field, issue.found) == ("source-license-unread", "license", "CC-BY-9.9")
    read = default_of(SourceTerms("ledger", license="http://rightsstatements.org/vocab/UND/1.0/"))
    assert read is not None
    assert (read.rights_class, read.findings) == ("undetermined", ()), "it was read, and grants nothing"
    assert issue.expected == "a licence for the source ledger that can be read"


def test_a_permission_stands_beside_the_licence() -> None:
    source = SourceTerms("lantern", permission="Letter of\n3 May", license_evidence={"path": "letter.txt"})
    softened = Issue(code="license-unread-in-page")
    kept = Issue(code="license-unknown")
    base = held("in-copyright", jurisdiction="US", holder="AFP", license_url="u", findings=(softened, kept))
    found = permitted_by(source, base)
    assert (found.rights_class, found.scope, found.jurisdiction) == ("permission", "text", "")
    assert (found.expression, found.license_url) == ("LicenseRef-permission-lantern", None)
    assert found.statement == "Letter of 3 May"
    assert found.evidence == Evidence("permission", "letter.txt")
    assert (found.permission, found.holder, found.findings) == (source, "AFP", (kept,))
    assert found.claims == (
        {"field": "license", "value": "Letter of 3 May", "origin": "declared", "rule": "source-permission",
         "evidence": "dataset.yaml", "line": 0, "confidence": 1.0},
    )  # fmt: skip
    assert permitted_by(SourceTerms("lantern", permission="x", evidence_broken=True), base).evidence is None


def test_a_quoted_statement_is_shorter_than_the_leak_scan_looks_for() -> None:
    words = "This text is published under the licence CC BY 4.0 for all readers"
    claims = [claim("license", words, origin="extracted", rule="foot"), claim("license", words)]
    extracted, declared = (holding_of(entry) for entry in read_statements(claims, "a.txt", frozenset()))
    assert extracted.statement == "This text is published under the licence"
    assert declared.statement == words
    assert declared.claims == (claims[1],)


@pytest.mark.parametrize(
    ("members", "path", "scope", "evidence"),
    [
        ({}, "a.txt", "text", Evidence("declared", "a.txt:2")),
        ({"line": 0}, "a.txt", "text", Evidence("declared", "a.txt")),
        ({}, "a.jsonl#3", "text", Evidence("declared", "a.jsonl#3")),
        ({"origin": "embedded", "rule": "json-ld:license", "line": 0}, "a.html", "page",
         Evidence("embedded", "a.html json-ld:license")),
        ({"origin": "embedded", "rule": "", "line": 4}, "a.html", "unknown", Evidence("embedded", "a.html:4")),
        ({"origin": "embedded", "rule": "rel-license"}, "a.html", "unknown",
         Evidence("embedded", "a.html:2 rel-license")),
        ({"origin": "guessed", "rule": "x"}, "a.html", "unknown", Evidence("guessed", "a.html:2 x")),
    ],
)  # fmt: skip
def test_where_a_statement_stands_and_what_it_covers(
    members: dict[str, Any], path: str, scope: str, evidence: Evidence
) -> None:
    (entry,) = read_statements([claim("license", "CC-BY-4.0", **members)], path, frozenset())
    assert (entry.scope, entry.evidence) == (scope, evidence)


@pytest.mark.parametrize(
    ("said", "scope"),
    [(["text"], "text"), (["Page "], "page"), (["image"], "image"), (["whatever"], "unknown"),
     (["page", "image"], "image"), (["image", "page"], "image"), (["text", "unknown"], "unknown")],
)  # fmt: skip
def test_the_narrowest_scope_that_a_claim_names(said: list[str], scope: str) -> None:
    claims = [claim("license", "CC-BY-4.0"), *(claim("license_scope", value) for value in said)]
    elsewhere = claim("license_scope", "image", rule="another")
    (entry,) = read_statements([*claims, elsewhere], "a.txt", frozenset())
    assert entry.scope == scope


def test_statements_come_in_the_order_of_their_fields_with_their_lines() -> None:
    claims = [
        claim("copyright_notice", "Ledger Press 2024", line=9), claim("usage_terms", "all rights"),
        claim("title", "CC0"), claim("license", "CC-BY-9.9", line=5),
    ]  # fmt: skip
    entries = read_statements(claims, "a.txt", frozenset())
    assert [entry.claim["field"] for entry in entries] == ["license", "usage_terms", "copyright_notice"]
    (typo,) = entries[0].reading.findings
    assert (typo.field, typo.line) == ("license", 5)
    assert entries[2].reading.kind == "notice"
    assert entries[2].reading.statement == "Ledger Press 2024"
    (entry,) = read_statements([claim("copyright_notice", "Maybe CC BY 4.0", line=9)], "a.txt", frozenset())
    assert [(issue.code, issue.field, issue.line) for issue in entry.reading.findings] == [
        ("license-hedged", "copyright_notice", 9)
    ]


def resolved(*claims: dict[str, Any], sources: tuple[SourceTerms, ...] = (), copies: int = 1) -> tuple[Holding, ...]:
    return resolve(claims, sources or (SourceTerms("undeclared"),), "a.html", copies)


def test_without_a_file_the_evidence_has_no_place() -> None:
    (held,) = resolve([claim("license", "CC0-1.0", line=0)], [SourceTerms("undeclared")])
    assert held.evidence == Evidence("declared", "")


def codes(holding: Holding) -> list[str]:
    return [issue.code for issue in holding.findings]


LEDGER = SourceTerms("ledger", license="CC-BY-4.0", publisher="Ledger Press")
LETTER = SourceTerms("gazette", permission="letter", permission_scope="full", publisher="Gazette House")
EMBEDDED = {"origin": "embedded", "rule": "json-ld:license", "line": 0}
LINKED = {"origin": "embedded", "rule": "rel-license", "line": 0}


def test_a_statement_of_unknown_cover_narrows_and_grants_nothing() -> None:
    (alone,) = resolved(claim("license", "CC0-1.0", **LINKED))
    assert (alone.scope, codes(alone)) == ("unknown", ["license-scope-unknown"])
    assert alone.findings[0].found == "CC0-1.0"
    (beside,) = resolved(claim("license", "CC-BY-NC-4.0", **LINKED), sources=(LEDGER,))
    assert (beside.rights_class, codes(beside)) == ("noncommercial", ["rights-contradiction"])
    (freer,) = resolved(claim("license", "CC0-1.0", **LINKED), sources=(LEDGER,))
    assert freer.rights_class == "attribution"


def test_a_permission_yields_to_what_the_article_declares_and_to_strangers() -> None:
    plain = resolved(sources=(LETTER,))
    assert [holding.rights_class for holding in plain] == ["undetermined", "permission"]
    assert plain[1].permission is LETTER
    page = resolved(claim("license", "CC-BY-NC-4.0", **EMBEDDED), sources=(LETTER,))
    assert [holding.rights_class for holding in page] == ["noncommercial", "permission"]
    assert len(resolved(claim("license", "CC-BY-NC-4.0"), sources=(LETTER,))) == 1
    assert len(resolved(claim("copyright_notice", "© 2024 Tide Wire", **EMBEDDED), sources=(LETTER,))) == 1
    assert len(resolved(sources=(LETTER, LEDGER))) == 1


def test_a_copyright_line_holds_where_nothing_else_does() -> None:
    line = claim("copyright_notice", "© 2024 Ledger Press", **EMBEDDED)
    (alone,) = resolved(line)
    assert (alone.rights_class, alone.holder) == ("in-copyright", "Ledger Press")
    (yielding,) = resolved(line, sources=(LEDGER,))
    assert (yielding.rights_class, yielding.holder) == ("attribution", "Ledger Press")
    (foreign,) = resolved(claim("copyright_notice", "© 2024 Tide Wire", **EMBEDDED), sources=(LEDGER,))
    issue = next(issue for issue in foreign.findings if issue.code == "rights-holder-differs")
    assert (foreign.rights_class, issue.field, issue.expected) == (
        "in-copyright", "copyright_notice", "ledger, ledger press",
    )  # fmt: skip


@pytest.mark.parametrize("field", ["rights_holder", "author", "publisher"])
def test_a_declared_name_is_no_stranger(field: str) -> None:
    line = claim("copyright_notice", "© 2024 Tide Wire", **EMBEDDED)
    assert resolved(line, claim(field, " Tide Wire "), sources=(LEDGER,))[0].rights_class == "attribution"
    found = resolved(line, claim(field, "Tide Wire", **EMBEDDED), sources=(LEDGER,))[0]
    assert found.rights_class == "in-copyright", "a page names no owner of itself"
    assert resolved(line, claim("title", "Tide Wire"), sources=(LEDGER,))[0].rights_class == "in-copyright"
    assert resolved(line, claim(field, " "), sources=(LEDGER,))[0].rights_class == "in-copyright"


def test_copies_from_sources_that_say_nothing_release_nothing() -> None:
    silent = SourceTerms("tideline")
    assert resolved(sources=(LEDGER, silent), copies=2)[0].rights_class == "undetermined"
    own = claim("license", "CC0-1.0")
    alike = SourceTerms("gazette", license="CC-BY-SA-4.0")
    assert resolved(own, sources=(LEDGER, alike), copies=2)[0].rights_class == "share-alike"
    assert resolved(own, own, sources=(LEDGER, alike), copies=2)[0].rights_class == "public-domain"
    assert resolved(own, sources=(LEDGER, silent), copies=2)[0].rights_class == "undetermined"
    assert resolved(own, own, sources=(LEDGER, silent), copies=2)[0].rights_class == "public-domain"
    assert resolved(own, sources=(alike,), copies=2)[0].rights_class == "public-domain"
    by_page = claim("license", "CC0-1.0", **EMBEDDED)
    assert resolved(by_page, by_page, sources=(LEDGER, alike), copies=2)[0].rights_class == "share-alike"


def test_what_is_said_of_pictures_is_said_and_holds_for_none() -> None:
    picture = claim("rights_statement", "Photo: Ana Example / CC BY 2.0", line=8)
    (held_,) = resolved(picture, sources=(LEDGER,))
    assert (held_.rights_class, held_.expression) == ("attribution", "CC-BY-4.0")
    (issue,) = held_.findings
    assert (issue.code, issue.line, issue.field) == ("license-scope-image", 8, "rights_statement")
    scoped = [claim("license", "CC0-1.0"), claim("license_scope", "image")]
    assert codes(resolved(*scoped)[0]) == ["license-scope-image"]


def test_words_against_mining_are_kept_once() -> None:
    words = "CC BY 4.0. Text and data mining for AI training is reserved."
    (held_,) = resolved(claim("license", words), claim("usage_terms", words))
    assert len(held_.opt_outs) == 1


def test_a_pointer_to_the_sources_own_terms_says_nothing_new() -> None:
    terms = SourceTerms("ledger", license="CC-BY-4.0", terms_url="https://ledger.example.org/terms")
    there = claim("license", " https://ledger.example.org/terms/ ", **EMBEDDED)
    assert resolved(there, sources=(terms,))[0].findings == ()
    elsewhere = claim("license", "https://ledger.example.org/other", **EMBEDDED)
    (held_,) = resolved(elsewhere, sources=(terms,))
    assert (held_.rights_class, codes(held_)[0]) == ("undetermined", "license-unread-in-page")
