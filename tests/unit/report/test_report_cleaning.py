"""Edits counted by rule, and examples from texts that may be quoted."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from dataset_builder.records import Edit, apply_edits
from dataset_builder.report.cleaning import AROUND, CleaningCounts, positions
from dataset_builder.schema import released_tables

EXTRACTED = "[ad_1]The lamps , all nine, burn.[ad_2] The clerk counted them."
EDITS = [
    {"start": 0, "end": 6, "replacement": "", "rule": "shortcode-known"},
    {"start": 15, "end": 17, "replacement": ",", "rule": "space-before-comma"},
    {"start": 33, "end": 39, "replacement": "", "rule": "shortcode-known"},
]
BODY = apply_edits(EXTRACTED, [Edit(**edit) for edit in EDITS])


def batch(body: str = BODY, edits: list[dict[str, Any]] | None = None) -> pa.RecordBatch:
    schema = released_tables()["articles"].arrow
    fields = [schema.field(name) for name in ("id", "title", "source", "body", "provenance")]
    row = {"id": "a" * 32, "title": "Lamps", "source": "ledger", "body": body,
           "provenance": {"edits": EDITS if edits is None else edits}}  # fmt: skip
    return pa.RecordBatch.from_pylist([row], schema=pa.schema(fields))


def test_an_edit_is_found_in_the_cleaned_text() -> None:
    assert list(positions(EDITS)) == [0, 9, 26]
    assert BODY[9] == ","
    assert BODY[26:] == " The clerk counted them."


def test_edits_are_counted_by_rule_with_an_example() -> None:
    counts = CleaningCounts({"permissive"})
    counts.add("articles/permissive/train-2024-10-00000.parquet", batch())
    rule = counts.rules["shortcode-known"]
    assert (rule.edits, rule.articles, rule.removed, rule.inserted) == (2, 1, 12, 0)
    assert rule.examples[0].after == BODY[:AROUND]
    assert rule.examples[0].removed == 6
    assert counts.rules["space-before-comma"].examples[0].inserted == ","


def test_what_may_not_be_quoted_is_counted_only() -> None:
    counts = CleaningCounts({"permissive"})
    for family in ("private", "noncommercial", "permitted"):
        counts.add(f"articles/{family}/train-2024-10-00000.parquet", batch())
    assert counts.rules["shortcode-known"].edits == 6
    assert counts.rules["shortcode-known"].examples == []


def test_edits_that_do_not_fit_the_body_give_no_example() -> None:
    forged = [
        {"start": 900, "end": 10, "replacement": "x" * 50, "rule": "forged"},
        {"start": -5, "end": 2, "replacement": None, "rule": "forged"},
    ]
    counts = CleaningCounts({"permissive"})
    counts.add("articles/permissive/train-2024-10-00000.parquet", batch("short", forged))
    assert counts.rules["forged"].edits == 2
    assert counts.rules["forged"].examples == []
