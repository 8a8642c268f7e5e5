"""What every stage promises, asked of cleaning, dates and language: rows kept, schema truthful, cuts of no matter."""

from __future__ import annotations

import datetime as dt
import pickle

import pyarrow as pa
import pytest

from dataset_builder.issues import issue_kinds
from dataset_builder.records import CLAIM
from dataset_builder.stages.clean import Clean
from dataset_builder.stages.contract import Stage
from dataset_builder.stages.dates import Dates, SourcePlace
from dataset_builder.stages.language import Language

PLACES = (SourcePlace("ledger", "Asia/Kolkata", "IN", "en"), SourcePlace("faro", "Europe/Madrid", "ES", "es"))
STAGES = (Clean(PLACES), Dates(PLACES, dt.date(2024, 12, 31)), Language(PLACES))
TEXTS = [
    "Ferry Late Again in Harbour Town\nPublished on Nov 1, 2024 03:35 am IST\n"
    "The ferry is late again, said the harbour master.",
    "El transbordador llega tarde otra vez, dijo ayer la autoridad del puerto.\nPublicado el 30 de febrero de 2024",
    None,
    "",
    "\u200b\n[ad_1]\n",
    "Le bac est encore en retard, a dit hier le maire de la petite ville du port.\nPublié le 1er mai 2031",
]


def claim(field, value, origin="declared", rule="front-matter", confidence=1.0):
    return {
        "field": field,
        "value": value,
        "origin": origin,
        "rule": rule,
        "evidence": "",
        "line": 2,
        "confidence": confidence,
    }


def batch():
    count = len(TEXTS)
    claims = [
        [],
        [claim("language", "en")],
        [claim("date", "yesterday"), claim("date", "2024-05-01", "embedded")],
        [],
        [],
        [],
    ]
    return pa.RecordBatch.from_arrays(
        [
            pa.array(TEXTS),
            pa.array(claims, pa.list_(CLAIM)),
            pa.array(["text/plain"] * count),
            pa.array(["ledger", "faro", "ledger", "none", "none", "none"]),
            pa.array([1, 4, None, 1, 1, 1], pa.int32()),
        ],
        names=["text", "claims", "media_type", "source", "first_line"],
    )


def run(rows):
    for stage in STAGES:
        rows = stage(rows)
    return rows


@pytest.mark.parametrize("position", range(len(STAGES)), ids=[stage.name for stage in STAGES])
def test_a_stage_keeps_rows_and_adds_what_it_says(position):
    rows = batch()
    for stage in STAGES[:position]:
        rows = stage(rows)
    stage = STAGES[position]
    assert isinstance(stage, Stage)
    assert set(stage.reads) <= set(rows.schema.names)
    out = stage(rows)
    assert out.schema.names == [*rows.schema.names, *stage.adds.names]
    assert out.select(rows.schema.names).equals(rows)
    for field in stage.adds:
        assert out.schema.field(field.name).type == field.type
        if not field.nullable:
            assert out.column(field.name).null_count == 0
    assert pickle.loads(pickle.dumps(stage))(rows).equals(out)


def test_cuts_and_repetition_change_nothing():
    whole = run(batch())
    cut = [run(batch().slice(start, 1)) for start in range(len(TEXTS))]
    assert pa.Table.from_batches(cut).combine_chunks().to_pylist() == whole.to_pylist()
    assert run(batch()).equals(whole)


def test_an_empty_batch_passes():
    assert run(batch().slice(0, 0)).num_rows == 0


def test_every_finding_stands_in_the_catalogue():
    out = run(batch())
    for stage in STAGES:
        for findings, flags in zip(
            out.column(f"{stage.name}_findings").to_pylist(), out.column(f"{stage.name}_flags").to_pylist(), strict=True
        ):
            assert {finding["code"] for finding in findings} <= set(issue_kinds())
            assert flags == sorted(flags)


def test_the_dates_come_out_as_they_should():
    out = run(batch())
    assert out.column("date").to_pylist() == [
        dt.date(2024, 11, 1),
        None,
        dt.date(2024, 5, 1),
        None,
        None,
        dt.date(2031, 5, 1),
    ]
    assert out.column("published_at").to_pylist()[0] == dt.datetime(2024, 10, 31, 22, 5, tzinfo=dt.UTC)
    assert out.column("dates_flags").to_pylist() == [
        [],
        ["date-impossible"],
        ["date-unreadable"],
        ["date-missing"],
        ["date-missing"],
        ["date-in-future"],
    ]
    origins = out.column("dates_origins").to_pylist()
    assert origins[0][0]["rule"] == "publication-line"
    assert origins[0][0]["evidence"] == "Published on Nov 1, 2024 03:35 am IST"
    assert [origin["field"] for origin in origins[1]] == []


def test_a_null_text_has_no_body_and_an_empty_one_an_empty_body():
    bodies = run(batch()).column("body").to_pylist()
    assert bodies[2] is None
    assert bodies[3] == bodies[4] == ""


def test_a_declared_language_holds_and_is_contradicted_aloud():
    out = run(batch())
    assert out.column("language").to_pylist() == ["en", "en", "en", None, None, "fr"]
    assert out.column("language_flags").to_pylist()[1] == ["language-disagrees"]
    origins = out.column("language_origins").to_pylist()
    assert [origin[0]["origin"] if origin else None for origin in origins] == [
        "declared",
        "declared",
        "declared",
        None,
        None,
        "derived",
    ]


def test_two_dates_that_disagree_are_said():
    rows = batch().slice(0, 1).to_pylist()
    rows[0]["claims"] = [claim("date", "2024-03-01")]
    out = run(pa.RecordBatch.from_pylist(rows, schema=batch().schema))
    assert out.column("date").to_pylist() == [dt.date(2024, 3, 1)]
    assert out.column("dates_flags").to_pylist() == [["date-conflict"]]
    assert out.column("published_at").to_pylist() == [None]


def test_a_declared_day_takes_its_instant_from_the_text_that_agrees():
    rows = batch().slice(0, 1).to_pylist()
    rows[0]["claims"] = [claim("date", "2024-11-01")]
    out = run(pa.RecordBatch.from_pylist(rows, schema=batch().schema))
    assert out.column("published_at").to_pylist() == [dt.datetime(2024, 10, 31, 22, 5, tzinfo=dt.UTC)]
    assert [origin["field"] for origin in out.column("dates_origins").to_pylist()[0]] == ["date", "published_at"]


@pytest.mark.parametrize(("source", "kept"), [("ledger", True), ("faro", True), ("bac", False)])
def test_cleaning_knows_the_language_that_the_source_declares(source, kept):
    """A rule for French and German credits lets the lines of an English or Spanish source stand."""
    line = "The chart of the bay, drawn anew by hand. Quelle: the inn at Gull Rock"
    text = f"{TEXTS[0]}\n{line}\nPassengers waited for two hours in the rain, as they had on Monday."
    rows = pa.RecordBatch.from_arrays(
        [
            pa.array([source]),
            pa.array([text]),
            pa.array([[]], pa.list_(CLAIM)),
            pa.array(["text/plain"]),
            pa.array([1], pa.int32()),
        ],
        names=["source", "text", "claims", "media_type", "first_line"],
    )
    stage = Clean((*PLACES, SourcePlace("bac", language="fr")))
    assert (line in stage(rows).column("body")[0].as_py()) == kept


def test_findings_have_the_lines_of_the_file_where_the_text_has_them():
    text = "The ferry () is late, said the master.\nIt came on the Monday before, as it had come in other years."
    for first_line, told in ((7, 7), (None, 0)):
        row = batch().slice(0, 1).to_pylist()[0] | {"text": text, "first_line": first_line}
        out = Clean(PLACES)(pa.RecordBatch.from_pylist([row], schema=batch().schema))
        lines = {finding["code"]: finding["line"] for finding in out.column("clean_findings")[0].as_py()}
        assert lines["damaged-punctuation"] == told
