"""Parsers of text that people or the open web wrote: YAML, dates, licences, markup, patterns, names."""

from __future__ import annotations

import json
import re
import unicodedata

from fuzz_target import Feed, Target, text_of


def _front_matter() -> Feed:
    from dataset_builder.read.front_matter import split_front_matter

    def feed(data: bytes) -> None:
        found = split_front_matter(data, "a.txt")
        assert found.issue is not None or data.endswith(found.payload)
        assert found.issue is None or not found.payload

    return feed


def _strict_yaml() -> Feed:
    from dataset_builder.strict_yaml import YamlError, parse_yaml

    def feed(data: bytes) -> None:
        try:
            document = parse_yaml(text_of(data))
        except YamlError as error:
            assert error.line >= 1
            assert error.found
            return
        json.dumps(document.value)
        assert all(line >= 1 for line in document.lines.values())

    return feed


def _dates() -> Feed:
    from dataset_builder.stages.dates.reading import read_date

    places = ((None, None, None), ("en", "Europe/London", "GB"), ("de", "Europe/Berlin", "DE"), ("en", None, "US"))

    def feed(data: bytes) -> None:
        words = text_of(data[1:])
        language, timezone, country = places[data[0] % 4 if data else 0]
        reading = read_date(words, language=language, timezone=timezone, country=country)
        assert reading == read_date(words, language=language, timezone=timezone, country=country)
        assert reading.date is None or reading.date_text
        assert reading.published_at is None or reading.date is not None
        assert all(issue.kind.code in reading.flags for issue in reading.findings)

    return feed


def _licenses() -> Feed:
    from dataset_builder.rights.classes import rights_classes
    from dataset_builder.rights.reading import UNKNOWN, read_license

    def feed(data: bytes) -> None:
        reading = read_license(text_of(data))
        assert reading.rights_class in rights_classes()
        assert reading.expression is not None or reading.kind == UNKNOWN
        assert reading.expression is not None or reading.rights_class == "undetermined"
        assert reading.expression is not None or reading.findings, "undetermined without a finding"
        assert "\n" not in reading.statement
        reading.statement.encode()

    return feed


def _locators() -> Feed:
    from dataset_builder.read.corpus import glob_matches
    from dataset_builder.read.metadata import target_of
    from dataset_builder.records import split_locator

    def feed(data: bytes) -> None:
        text = text_of(data)
        path, line, row = split_locator(text)
        assert not (line and row)
        assert text.startswith(path)
        pattern, _, locator = text.partition("\n")
        glob_matches(pattern, locator)
        target = target_of("folder/metadata.jsonl", 1, text)
        if isinstance(target, str):
            assert target.startswith("folder")
            assert ".." not in target.split("/")

    return feed


def _patterns() -> Feed:
    import pyarrow as pa
    import pyarrow.compute as pc

    from dataset_builder.validate.patterns import compile_pattern, translate

    cells = ("", "a", "ab 1", "é9", "A-b_\n", "0\n")

    def feed(data: bytes) -> None:
        pattern = text_of(data[:60])
        try:
            translated = translate(pattern)
        except (re.error, RecursionError, OverflowError):
            return
        if translated is None:
            return
        oracle = compile_pattern(pattern)
        try:
            # RE2's own limits on size; the validator falls back to ``re`` there.
            judged = pc.match_substring_regex(pa.array(cells), translated.pattern).to_pylist()
        except pa.ArrowInvalid:
            return
        for cell, found in zip(cells, judged, strict=True):
            if cell.isascii() or not translated.ascii_only:
                truly = oracle.match(cell) is not None
                assert truly or not found, (pattern, cell)
                assert found or not truly or not (translated.exact or cell.isascii()), (pattern, cell)

    return feed


def _withdrawals() -> Feed:
    from dataset_builder.config import Withdrawal
    from dataset_builder.errors import UsageError
    from dataset_builder.strict_yaml import YamlError, parse_yaml
    from dataset_builder.withdraw.entry import with_entries
    from dataset_builder.withdraw.references import Candidate, is_domain, is_id, matcher, nearest, person_matcher

    article = Candidate(
        "a1" * 16, "a1" * 32, "Ferry of Ada Quill", ("ledger/a.txt#L3",), ("https://ledger.example.org/a",),
        ("ledger.example.org",), "Ada Quill counted the lamps.",
    )  # fmt: skip
    entry = Withdrawal("b2" * 16, "asked: \"no\" & 'never' # [x]", "2024-11-05", ("1.0.0",))

    def feed(data: bytes) -> None:
        text = text_of(data)
        assert matcher(text)(article) in ("", "id", "path", "address", "domain")
        assert person_matcher(text or "x")(article) in ("", "title", "text")
        nearest(text, [article])
        assert not (is_id(text) and is_domain(text))
        try:
            before = parse_yaml(text.removeprefix("\ufeff")).value or {}
        except YamlError:
            return
        if not isinstance(before, dict) or not isinstance(before.get("withdrawals", []), list):
            return  # the schema of dataset.yaml has refused it before
        try:
            after = parse_yaml(with_entries(text, [entry]).removeprefix("\ufeff")).value
        except UsageError:
            return
        assert after.pop("withdrawals")[: len(before.get("withdrawals", []))] == before.pop("withdrawals", [])
        assert after == before

    return feed


_VISIBLE_BREAKS = ("Cc", "Cs", "Zl", "Zp")


def _escapes() -> Feed:
    from dataset_builder.describe.escape import code, escape_markdown, link, one_line, script_safe_json, web_address
    from dataset_builder.visible import is_unsafe
    from dataset_builder.visible import one_line as shown

    def feed(data: bytes) -> None:
        text = text_of(data)
        line = one_line(text)
        assert not [char for char in line if unicodedata.category(char) in _VISIBLE_BREAKS]
        for made in (escape_markdown(text), code(text), link(text, text), web_address(text), shown(text)):
            assert "\n" not in made
            made.encode()
        assert not is_unsafe(shown(text))
        assert len(shown(text)) <= 120
        assert "</" not in script_safe_json(line)

    return feed


def _citations() -> Feed:
    from datetime import date

    import yaml

    from dataset_builder.describe.cite import STYLES, CitationFacts, Creator, render_citation
    from dataset_builder.describe.escape import one_line

    def feed(data: bytes) -> None:
        line = one_line(text_of(data))
        creators = (Creator(line or "n", line, line), Creator("Harbour Archive"))
        facts = CitationFacts("n", line or "t", "1.0.0", date(2024, 11, 5), "sha256:00", creators=creators)
        cited = {style: render_citation(facts, style) for style in STYLES}
        bibtex = re.sub(r"\\.", "", cited["bibtex"])
        assert bibtex.count("{") == bibtex.count("}")
        assert cited["apa"].count("\n") == 1
        assert [entry[:6] for entry in cited["ris"].splitlines()].count("TY  - ") == 1
        assert json.loads(cited["csl-json"])[0]["title"] == facts.title
        assert yaml.load(cited["cff"], Loader=yaml.CSafeLoader)["title"] == facts.title

    return feed


def _cleaning() -> Feed:
    from dataset_builder.records import apply_edits
    from dataset_builder.stages.clean.cleaning import clean_text

    def feed(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        cleaned = clean_text(text, language="en", title="Ferry sails again")
        assert apply_edits(text, cleaned.edits) == cleaned.body

    return feed


def _findings() -> Feed:
    from pathlib import PurePosixPath

    from dataset_builder.errors import CorpusError
    from dataset_builder.findings.formats import FORMATS
    from dataset_builder.findings.report import Findings
    from dataset_builder.findings.text import render_text
    from dataset_builder.issues import Issue
    from dataset_builder.visible import is_unsafe, one_line

    def feed(data: bytes) -> None:
        text = text_of(data)
        path, said = one_line(text, 300), one_line(text)
        found = Issue(path, 3, 0, "title", "unsafe-file-name", said, said, said)
        findings = Findings(
            (found,), "build-dataset check", PurePosixPath("corpus").as_posix(), error=CorpusError(said)
        )
        for render in FORMATS.values():
            render(findings).encode()
        github = FORMATS["github"](findings)
        assert github.count("\n") == 2, "a finding, and the error that ended the command"
        assert not [line for line in github.splitlines() if not line.startswith(("::error ", "::warning "))]
        shown = render_text(findings)
        assert len(shown.splitlines()) == 3
        assert "##[" not in shown
        assert not is_unsafe(shown.replace("\n", ""))

    return feed


_HOSTILE_TITLE = (
    "“Ferry” {\\bf} & <b>_x_</b> \x1b[2J\n::error::x \u202e=1+1 | $y$ `z` @i, https://x.example.org/)".encode()
)
TARGETS = (
    Target(
        "front-matter",
        (
            b"---\ntitle: Ferry\nlicense: CC-BY-4.0\n---\nThe ferry left.\n",
            b"\xef\xbb\xbf---\r\na: [b, {c: d}]\r\n---\r\n",
        ),
        _front_matter,
        ("read.front_matter", "strict_yaml"),
    ),
    Target(
        "strict-yaml",
        (
            b"name: x\nsources: [{name: a, path: 'b'}]\nbuild: {audience: public}\n",
            b"a: |\n  b\n  c\nd: >-\n  e\n? f\n: - g\n  - ~\n",
            b"a: &x [1, 2.5e3]\nb: *x\nc: !!str 1\n",
        ),
        _strict_yaml,
        ("strict_yaml",),
    ),
    Target(
        "dates",
        (
            b"\0Published on October 21, 2024 at 11:00 pm IST",
            b"\x01Updated: Mon, 21 Oct 2024 06:30:00 +0530",
            b"\x02Stand: Montag, den 21. Oktober 2024, 18 Uhr",
            b"\x032024-10-21T06:30:00Z",
            b"\x0310/11/2024",
        ),
        _dates,
        ("stages.dates", "schema/dates"),
        longest=256,
    ),
    Target(
        "licenses",
        (
            b"CC-BY-4.0 OR (MIT AND Apache-2.0)",
            b"https://creativecommons.org/licenses/by-sa/3.0/de/deed.en",
            b"This article is licensed under a Creative Commons Attribution 4.0 licence. Photos: all rights reserved.",
            "© 2024 Ledger Press. May not be used for <b>text and data mining</b>.".encode(),
        ),
        _licenses,
        ("rights.reading", "rights.expressions", "rights.prose", "rights.prose_patterns", "schema/rights"),
    ),
    Target(
        "locators",
        (b"ledger/wire.jsonl#L12", b"**/a*/[bc].txt\nx/ab/c.txt", b"../x", b"a/./b\\c"),
        _locators,
        ("records", "read.corpus", "read.metadata"),
        longest=300,
    ),
    Target(
        "patterns",
        (rb"\d{4}-\d\d", rb"(?:a|b)*c+?", r"[^\w\-é-ü]{2,5}$".encode(), rb"\bA\b|^.{0,3}\Z", rb"(?=a)a"),
        _patterns,
        ("validate.patterns",),
        longest=60,
    ),
    Target(
        "withdrawals",
        (
            b"name: n\nwithdrawals:\n  - {id: " + b"a1" * 16 + b", reason: r, date: 2024-11-01}\n",
            b"ledger.example.org",
            b"https://www.ledger.example.org/a/?utm_source=x",
            b"{name: n, withdrawals: [], }",
            b"name: n # end\n...\n",
        ),
        _withdrawals,
        ("withdraw.entry", "withdraw.references", "config_nodes"),
    ),
    Target("escapes", (_HOSTILE_TITLE,), _escapes, ("describe.escape", "visible")),
    Target("citations", (_HOSTILE_TITLE,), _citations, ("describe.cite", "describe.escape"), "pyyaml"),
    Target(
        "cleaning",
        (
            b'FERRY SAILS AGAIN\nBy Ada Quill\n\n[caption id="x"]A pier[/caption]\nThe ferry left.\nRead more: Pier\n'
            b"Source link\nPublished on October 1, 2024\n",
        ),
        _cleaning,
        ("stages.clean", "schema/cleaning"),
    ),
    Target(
        "findings",
        ("a\r\n::set-output name=x::y ##[error]z ##vso[x] %0A <a>]]>& \x1b[31m \u2028".encode(),),
        _findings,
        ("findings", "visible"),
    ),
)
