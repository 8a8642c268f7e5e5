"""Tables in every form give the same articles; a broken row costs itself and nothing else."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder.read.presets import NO_PRESET, presets
from dataset_builder.read.record import Rejection, digest
from dataset_builder.records import Origin
from dataset_builder.resources import read_json
from reading import declared, read_file, records, rejected

ROWS = [
    {"title": "Ferry returns", "date": "2024-10-21", "body": "The ferry sails again.\n\nIt left at six."},
    {"title": "Pier, rebuilt", "date": "2024-10-22", "body": 'The pier "Amsel" is open; nobody fell.'},
    {"title": "Fähre", "date": "2024-10-23", "body": "Die Fähre fährt – endlich."},
]


def as_jsonl(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def as_csv(rows: list[dict[str, Any]], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_parquet(rows: list[dict[str, Any]]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    return sink.getvalue()


def as_zstd(content: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(content)
    return bytes(sink.getvalue())


FORMS = {
    "wire.jsonl": as_jsonl(ROWS),
    "wire.json": json.dumps(ROWS, indent=1).encode(),
    "wire.csv": as_csv(ROWS),
    "semicolons.csv": as_csv(ROWS, ";"),
    "wire.tsv": as_csv(ROWS, "\t"),
    "wire.parquet": as_parquet(ROWS),
    "wire.jsonl.gz": gzip.compress(as_jsonl(ROWS), mtime=0),
    "wire.jsonl.zst": as_zstd(as_jsonl(ROWS)),
    "wire.csv.gz": gzip.compress(as_csv(ROWS), mtime=0),
    "bom.csv": b"\xef\xbb\xbf" + as_csv(ROWS),
    "concatenated.json": b"".join(json.dumps(row).encode() for row in ROWS),
}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_gives_the_same_articles(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FORMS[name])
    found = records(read_file(tmp_path / name))
    assert [record.text for record in found] == [row["body"] for row in ROWS]
    assert [declared(record, "title") for record in found] == [row["title"] for row in ROWS]
    assert [record.payload_sha256 for record in found] == [digest(row["body"].encode()) for row in ROWS]
    assert len({record.locator for record in found}) == len(ROWS)


def test_a_compressed_text_is_the_same_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"The ferry left.\n")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"The ferry left.\n"))
    (tmp_path / "c.txt.zst").write_bytes(as_zstd(b"The ferry left.\n"))
    found = [records(read_file(path))[0] for path in sorted(tmp_path.iterdir())]
    assert len({record.id for record in found}) == 1


def test_a_field_map_reaches_into_objects(tmp_path: Path) -> None:
    (tmp_path / "wire.jsonl").write_bytes(as_jsonl([{"story": {"text": "The ferry left.", "head": "Ferry"}}]))
    record = records(read_file(tmp_path / "wire.jsonl", {"body": "story.text", "title": "story.head"}))[0]
    assert (record.text, declared(record, "title")) == ("The ferry left.", "Ferry")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"title": "Ferry", "plaintext": "It left.", "authors": ["Ida Brandt", "Tom Reyes"], "topics": [],
             "publishing_date": "2024-10-21 06:30:00+02:00", "lang": "de"},
            {"author": "Ida Brandt; Tom Reyes", "date": "2024-10-21 06:30:00+02:00", "language": "de"},
        ),
        (
            {"title": "Ferry", "authors": ["Ida Brandt"], "publishing_date": "2024-10-21",
             "body": {"summary": [], "sections": [{"headline": [], "paragraphs": ["It left."]}]}},
            {"author": "Ida Brandt", "date": "2024-10-21"},
        ),
        (
            {"maintext": "It left.", "title": "Ferry", "authors": ["Ida Brandt"], "date_publish": "2024-10-21 06:30:00",
             "date_download": "None", "source_domain": "ledger.example.org", "text": None, "language": "en",
             "url": "https://ledger.example.org/ferry", "description": "A boat."},
            {"author": "Ida Brandt", "summary": "A boat.", "fetched_at": None, "url": "https://ledger.example.org/ferry"},
        ),
        (
            {"title": "Ferry", "author": "Ida Brandt", "text": "It left.", "source": "https://ledger.example.org/ferry",
             "source-hostname": "The Ledger", "fingerprint": "c0ffee", "excerpt": "A boat.", "date": "2024-10-21"},
            {"url": "https://ledger.example.org/ferry", "summary": "A boat.", "source": None},
        ),
        (
            {"text": "It left.", "id": "ferry-1",
             "metadata": {"url": "https://ledger.example.org/ferry", "date": "2024-10-21", "title": "Ferry"}},
            {"url": "https://ledger.example.org/ferry", "date": "2024-10-21"},
        ),
    ],
    ids=["fundus", "fundus-sections", "news-please", "trafilatura", "datatrove"],
)  # fmt: skip
def test_files_of_known_tools_need_no_field_map(tmp_path: Path, row: dict[str, Any], expected: dict[str, Any]) -> None:
    (tmp_path / "out.jsonl").write_bytes(as_jsonl([row, row]))
    first, second = records(read_file(tmp_path / "out.jsonl"))
    assert first.text == "It left."
    assert declared(first, "title") == "Ferry"
    assert {field: declared(first, field) for field in expected} == expected
    assert [issue.code for issue in first.issues].count("preset-used") == 1
    assert "preset-used" not in [issue.code for issue in second.issues]


def test_a_preset_may_be_named_extended_and_refused(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(as_jsonl([{"maintext": "It left.", "date_publish": "2024-10-21", "heading": "Ferry"}]))
    (unknown,) = read_file(path)
    assert isinstance(unknown, Rejection)  # the telling column source_domain is not there
    (named,) = records(read_file(path, {"title": "heading"}, preset="news-please"))
    assert (named.text, declared(named, "date"), declared(named, "title")) == ("It left.", "2024-10-21", "Ferry")
    assert "preset-used" not in {issue.code for issue in named.issues}
    (refused,) = read_file(path, preset="none")
    assert isinstance(refused, Rejection)
    (other,) = read_file(path, preset="trafilatura")
    assert isinstance(other, Rejection)
    assert (other.issue.code, other.issue.found) == ("missing-field", "no column 'text'")


def test_the_presets_of_the_configuration_are_those_that_are_known() -> None:
    entry = read_json("config.schema.json")["properties"]["articles"]["items"]["properties"]["preset"]
    assert entry["enum"] == [*(preset.name for preset in presets()), NO_PRESET]


def test_broken_rows_cost_themselves(tmp_path: Path) -> None:
    good = "title,body\r\nFerry,The ferry left.\r\n"
    (tmp_path / "cells.csv").write_bytes((good + "a,b,c\r\nPier,It is open.\r\n").encode())
    (tmp_path / "bytes.csv").write_bytes(good.encode() + b"Pier,It is \xff open.\r\nQuay,It is dry.\r\n")
    (tmp_path / "array.json").write_bytes(
        b'[{"body": "One."}, 7, {"body": "Two."}, [1], {"body": ]} , {"body": "Three."}]'
    )
    (tmp_path / "cut.json").write_bytes(b'[{"body": "One."}, {"body": "Tw')
    (tmp_path / "quotes.csv").write_bytes(good.encode() + b'Pier,"It is" open.\r\nQuay,It is dry.\r\n')
    expected = {
        "cells.csv": (["The ferry left.", "It is open."], 1),
        "bytes.csv": (["The ferry left.", "It is dry."], 1),
        "quotes.csv": (["The ferry left.", "It is dry."], 1),
        "array.json": (["One.", "Two.", "Three."], 4),
        "cut.json": (["One."], 1),
    }
    for name, (kept, lost) in expected.items():
        items = read_file(tmp_path / name)
        assert ([record.text for record in records(items)], rejected(items)) == (kept, ["broken-line"] * lost), name


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        ('[{"body": "1"}, {"body": "2"},', ["", "", "stream-truncated"]),
        ('[{"body": "1"}, {"body": "2"}', ["", "", "stream-truncated"]),
        ("[", ["stream-truncated"]),
        ('[{"body": "1"}, {"body": "2"},]', ["", "", "broken-line"]),
        ('[{"body": "1"} {"body": "2"}]', ["", "broken-line", ""]),
        ('[{"body": "1"},, {"body": "2"}]', ["", "broken-line", ""]),
        ('[{"body": "1"}],{"body": "2"}', ["", "broken-line", ""]),
        ('{"body": "1"},', ["", "broken-line"]),
        ('[{"body": "1"}] {"body": "2"}\n{"body": "3"}', ["", "", ""]),
    ],
)
def test_an_array_that_is_cut_or_misses_a_comma_is_a_finding(tmp_path: Path, content: str, codes: list[str]) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    items = read_file(tmp_path / "a.json")
    assert [item.issue.code if isinstance(item, Rejection) else "" for item in items] == codes
    rows = [record.locator.partition("#R")[2] for record in records(items)]
    assert rows == [record.text for record in records(items)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("twice.csv", b"title,title\na,b\n"),
        ("no.parquet", b"PAR1 this is none PAR1"),
        ("cut.parquet", FORMS["wire.parquet"][:-7]),
        ("cut.jsonl.gz", gzip.compress(as_jsonl(ROWS * 1000), mtime=0)[:-20]),
        ("not.jsonl.gz", b"plain text"),
        ("not.jsonl.zst", b"plain text"),
        ("cut.jsonl.zst", as_zstd(as_jsonl(ROWS * 1000))[:-5]),
        ("missing.jsonl", None),
    ],
)
def test_damage_is_a_finding_and_never_an_exception(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    items = read_file(tmp_path / name)
    assert isinstance(items[-1], Rejection)
    assert items[-1].issue.kind.severity == "error"


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-be"])
def test_a_table_in_utf_16_is_one_finding_that_says_so(tmp_path: Path, charset: str) -> None:
    (tmp_path / "excel.csv").write_bytes("\ufeff".encode(charset)[-2:] + "title;body\nFerry;It left.\n".encode(charset))
    (issue,) = (item.issue for item in read_file(tmp_path / "excel.csv") if isinstance(item, Rejection))
    assert (issue.code, issue.found, issue.expected) == ("table-header", "UTF-16", "UTF-8")
    assert "CSV UTF-8" in issue.hint


@pytest.mark.parametrize("name", ["bomb.jsonl.gz", "bomb.txt.gz", "bomb.html.gz", "bomb.csv.gz", "bomb.json.gz"])
def test_bombs_are_not_unpacked(tmp_path: Path, name: str) -> None:
    with gzip.open(tmp_path / name, "wb", compresslevel=1) as out:
        for _ in range(300):
            out.write(bytes(1 << 20))
    assert rejected(read_file(tmp_path / name))[-1] == "compression-bomb"


@pytest.mark.parametrize("name", ["deep.json", "deep.jsonl"])
def test_json_nested_without_end(tmp_path: Path, name: str) -> None:
    deep = b'{"body": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    (tmp_path / name).write_bytes(b'{"body": "One."}\n' + deep + b'\n{"body": "Two."}\n')
    items = read_file(tmp_path / name)
    assert [record.text for record in records(items)] == ["One.", "Two."]
    assert rejected(items) == ["broken-line"]


def test_a_cell_of_a_hundred_megabytes_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "wide.csv").open("wb") as out:
        out.write(b'title,body\nFerry,"')
        for _ in range(100):
            out.write(b"x" * (1 << 20))
        out.write(b'\n"" in it"\nPier,It is open.\n')
    items = read_file(tmp_path / "wide.csv")
    assert rejected(items) == ["article-too-large"]
    assert [(record.text, record.locator) for record in records(items)] == [("It is open.", "wide.csv#R2")]


def test_parquet_types_become_text(tmp_path: Path) -> None:
    rows = [{"body": "It left.", "date": datetime(2024, 10, 21, 6, 30, tzinfo=UTC), "author": ["Ida", "Tom"]}]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "wire.parquet")
    record = records(read_file(tmp_path / "wire.parquet"))[0]
    assert declared(record, "date") == "2024-10-21T06:30:00+00:00"
    assert declared(record, "author") == "Ida; Tom"


ODD = pa.array([0, 2**63 - 1, 0], pa.timestamp("us"))
ODD_CELLS = {
    "moment": ODD,
    "day": pa.array([0, 2**31 - 1, 0], pa.date32()),
    "zone": pa.array([None, 0, None], pa.timestamp("us", tz="Nowhere/Land")),
    "letters": pa.array([b"a", b"\xff", b"b"]).view(pa.string()),
    "list": pa.ListArray.from_arrays(pa.array([0, 1, 2, 3], pa.int32()), ODD),
    "member": pa.StructArray.from_arrays([ODD], ["at"]),
}


@pytest.mark.parametrize("kind", ODD_CELLS)
def test_a_cell_that_python_cannot_hold_costs_its_row_where_it_is_read(tmp_path: Path, kind: str) -> None:
    bodies = ["It left.", "It came back.", "It sank."]
    pq.write_table(pa.table({"body": bodies, "crawl": ODD_CELLS[kind]}), tmp_path / "wire.parquet")
    assert [record.text for record in records(read_file(tmp_path / "wire.parquet"))] == bodies
    column = "crawl.at" if kind == "member" else "crawl"
    items = read_file(tmp_path / "wire.parquet", {"title": column})
    (issue,) = (item.issue for item in items if isinstance(item, Rejection))
    assert (issue.code, issue.row) == ("broken-line", 2)
    assert f"in the column '{column}'" in issue.found
    assert [record.locator for record in records(items)] == ["wire.parquet#R1", "wire.parquet#R3"]


def test_columns_of_one_name_are_refused_in_parquet_too(tmp_path: Path) -> None:
    table = pa.table([pa.array(["It left."]), pa.array(["It came back."])], names=["body", "body"])
    pq.write_table(table, tmp_path / "twice.parquet")
    (item,) = read_file(tmp_path / "twice.parquet")
    assert isinstance(item, Rejection)
    assert (item.issue.code, item.issue.found) == ("table-header", "the column 'body' twice")


@pytest.mark.parametrize("name", ["wide.jsonl", "wide.json", "wide.csv", "wide.parquet"])
def test_a_table_of_more_than_ten_thousand_columns_is_refused(tmp_path: Path, name: str) -> None:
    row = {"body": "It left.", **{f"c{number}": "x" for number in range(10_000)}}
    form = {".jsonl": as_jsonl, ".json": as_jsonl, ".csv": as_csv, ".parquet": as_parquet}[Path(name).suffix]
    (tmp_path / name).write_bytes(form([row]))
    (item,) = read_file(tmp_path / name)
    assert isinstance(item, Rejection)
    assert item.issue.found == "10001 columns"


def test_a_repeated_key_is_found_in_one_pass() -> None:
    from dataset_builder.read.jsonl import parse_object

    pairs = ", ".join(f'"k{number}": 1' for number in range(40_000))
    with pytest.raises(ValueError, match=r"^the key 'k7' twice$"):
        parse_object(f'{{{pairs}, "k7": 2}}'.encode())


NINJS = {
    "uri": "https://wire.example.org/items/1",
    "type": "text",
    "versionCreated": "2024-10-21T06:30:00Z",
    "language": "en",
    "by": "Ida Brandt",
    "copyrightHolder": "Harbour Wire",
    "copyrightNotice": "© 2024 Harbour Wire",
    "usageTerms": "Not for resale.",
    "headlines": [{"role": "short", "value": "Ferry"}, {"role": "main", "value": "Ferry returns"}],
    "bodies": [
        {"role": "main", "contentType": "text/plain", "value": "It left. It came back."},
        {"role": "rich", "contentType": "application/xhtml+xml", "value": "<p>It <b>left</b>.</p><p>It came back.</p>"},
    ],
}


def test_ninjs_3(tmp_path: Path) -> None:
    (tmp_path / "item.json").write_text(json.dumps(NINJS), encoding="utf-8")
    record = records(read_file(tmp_path / "item.json"))[0]
    assert record.text == "It left.\n\nIt came back."
    assert record.extraction is not None
    expected = {"title": "Ferry returns", "author": "Ida Brandt", "date": "2024-10-21T06:30:00Z",
                "rights_holder": "Harbour Wire", "copyright_notice": "© 2024 Harbour Wire",
                "usage_terms": "Not for resale.", "url": "https://wire.example.org/items/1"}  # fmt: skip
    assert {field: declared(record, field) for field in expected} == expected
    claims = {claim.field: claim for claim in record.claims}
    assert {claim.origin for claim in record.claims} == {Origin.EMBEDDED}
    assert (claims["title"].rule, claims["usage_terms"].rule) == ("ninjs:headlines", "ninjs:usageTerms")
    assert claims["usage_terms"].evidence == "Not for resale."


def test_ninjs_items_may_stand_in_lines(tmp_path: Path) -> None:
    item = {"uri": "urn:newsml:wire.example.org:1", "headline": "Ferry", "body_text": "It left.\nIt came back.",
            "rightsinfo": {"linkedrights": "https://creativecommons.org/licenses/by/4.0/"}}  # fmt: skip
    (tmp_path / "wire.jsonl").write_bytes(as_jsonl([item, {"body": "No item.", "title": "Pier"}]))
    first, second = records(read_file(tmp_path / "wire.jsonl"))
    assert declared(first, "license") == "https://creativecommons.org/licenses/by/4.0/"
    assert (second.text, declared(second, "title")) == ("No item.", "Pier")


def test_ninjs_1(tmp_path: Path) -> None:
    item = {
        "uri": "urn:newsml:wire.example.org:1",
        "headline": "Ferry returns",
        "versioncreated": "2024-10-21",
        "byline": "Ida Brandt",
        "body_text": "It left.\nIt came back.",
        "copyrightholder": "Harbour Wire",
    }
    (tmp_path / "item.ninjs").write_text(json.dumps([item, item | {"pubstatus": "canceled"}]), encoding="utf-8")
    items = read_file(tmp_path / "item.ninjs")
    assert records(items)[0].text == "It left.\nIt came back."
    assert declared(records(items)[0], "rights_holder") == "Harbour Wire"
    assert rejected(items) == ["item-withheld"]


ITEM = {
    "uri": "urn:newsml:wire.example.org:1",
    "headline": "Ferry returns",
    "versioncreated": "2024-10-21T08:00:00Z",
    "body_text": "It left.\nIt came back.",
}


@pytest.mark.parametrize(
    "members",
    [
        {"embargoed": "2030-01-01T00:00:00Z"},
        {"embargoed": "2024-10-21T08:00:01Z"},
        {"embargoed": "2024-10-21T08:00:00-01:00"},
        {"embargoed": "2024-10-20"},
        {"embargoed": "until further notice"},
        {"embargoed": True},
        {"embargoed": "2020-01-01T00:00:00Z", "versioncreated": None},
        {"pubStatus": "Withheld"},
    ],
)
def test_an_item_under_an_embargo_is_withheld(tmp_path: Path, members: dict[str, object]) -> None:
    (tmp_path / "item.ninjs").write_text(json.dumps(ITEM | members), encoding="utf-8")
    assert rejected(read_file(tmp_path / "item.ninjs")) == ["item-withheld"]


@pytest.mark.parametrize("embargoed", [None, "", "2024-10-21T08:00:00Z", "2024-10-21T09:30:00+02:00"])
def test_an_embargo_that_the_item_has_outlived_is_none(tmp_path: Path, embargoed: str | None) -> None:
    (tmp_path / "item.ninjs").write_text(json.dumps(ITEM | {"embargoed": embargoed}), encoding="utf-8")
    assert records(read_file(tmp_path / "item.ninjs"))[0].text == "It left.\nIt came back."


@pytest.mark.parametrize(
    ("members", "field", "value"),
    [
        ({"usageterms": {"en": "No redistribution."}}, "usage_terms", "No redistribution."),
        (
            {
                "body_text": None,
                "body_xhtml": '<p>It left.</p><a rel="license" href="https://ledger.example.org/t">x</a>',
            },
            "license_url",
            "https://ledger.example.org/t",
        ),
        ({"body_xhtml": '<p>It left.</p><a rel="license" href="/t">x</a>'}, "license", "/t"),
    ],
)
def test_what_an_item_says_of_its_rights(tmp_path: Path, members: dict[str, object], field: str, value: str) -> None:
    (tmp_path / "item.ninjs").write_text(json.dumps(ITEM | members), encoding="utf-8")
    assert declared(records(read_file(tmp_path / "item.ninjs"))[0], field) == value


def test_a_number_of_thousands_of_digits_is_refused_in_plain_words() -> None:
    from dataset_builder.read.jsonl import parse_object

    with pytest.raises(ValueError, match=r"^a number of thousands of digits$"):
        parse_object(b'{"body": ' + b"9" * 10_000 + b"}")
