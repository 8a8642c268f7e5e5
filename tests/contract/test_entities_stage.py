"""The stage keeps rows, tells the truth about its columns, and does not care how rows are cut into batches."""

import pickle
import subprocess
import sys

import pyarrow as pa
import pytest

from dataset_builder.errors import MissingDependencyError
from dataset_builder.stages.contract import Stage
from dataset_builder.stages.entities import Entities, model_facts

BODIES = [
    "Mara Lindqvist told the Harbour Council in Oslo that 🎉 fishing must stop.\n\nLindqvist then left for Norway.",
    None,
    "",
    "Kalajoki jäi ilman bussia.",
    "The United Nations wrote to Tom\u00e1s Rivera on 3 May. Rivera's answer came from Madrid.",
    "x" * 20_000 + " Berlin is in Germany.",
]
LANGUAGES = ["en", "en", "en-GB", "fi", "en_US", "en"]


@pytest.fixture
def batch() -> pa.RecordBatch:
    return pa.record_batch({"id": [str(n) for n in range(len(BODIES))], "body": BODIES, "language": LANGUAGES})


def test_the_stage_keeps_rows_and_types_and_slices_its_mentions(batch: pa.RecordBatch) -> None:
    stage = Entities()
    result = stage(batch)
    assert isinstance(stage, Stage)
    assert result.schema == pa.schema([*batch.schema, *stage.adds])
    assert result.select(batch.schema.names).equals(batch)
    result.validate(full=True)
    mentions = result.column("entities").to_pylist()
    assert mentions[1] is None
    assert mentions[2] == mentions[3] == []
    assert all(len(mentions[row]) >= 2 for row in (0, 4, 5))
    for body, found in zip(BODIES, mentions, strict=True):
        for mention in found or []:
            assert body is not None
            assert body[mention["start"] : mention["end"]] == mention["text"]


def test_batches_do_not_matter(batch: pa.RecordBatch) -> None:
    stage = pickle.loads(pickle.dumps(Entities()))
    whole = pa.Table.from_batches([stage(batch)])
    single = pa.Table.from_batches([stage(batch.slice(row, 1)) for row in range(batch.num_rows)])
    assert whole.combine_chunks().equals(single.combine_chunks())
    assert stage(batch.slice(0, 0)).schema == whole.schema


def test_a_language_without_a_model_is_said(batch: pa.RecordBatch) -> None:
    result = Entities()(batch)
    findings = result.column("entities_findings").to_pylist()
    assert [finding["found"] for finding in findings[3]] == ["fi"]
    assert result.column("entities_flags").to_pylist()[3] == ["no-entity-model"]
    assert [row for row, found in enumerate(findings) if found] == [3]


def test_switched_off_it_finds_nothing_and_says_nothing(batch: pa.RecordBatch) -> None:
    result = Entities(models=())(batch)
    assert result.column("entities").to_pylist() == [[], None, [], [], [], []]
    assert not any(result.column("entities_findings").to_pylist())


def test_only_the_chosen_labels_stay(batch: pa.RecordBatch) -> None:
    found = Entities(labels=("PERSON",))(batch).column("entities").to_pylist()
    assert {mention["label"] for row in found for mention in row or []} == {"PERSON"}


def test_the_version_names_the_model_and_its_facts_are_complete() -> None:
    stage = Entities()
    (facts,) = model_facts(stage.models)
    assert facts["name"] in stage.version
    assert facts["version"] in stage.version
    assert facts["digest"].startswith("sha256:")
    assert Entities(labels=("PERSON",)).version != stage.version
    assert model_facts(()) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("en_core_web_md_missing", "python -m spacy download en_core_web_md_missing"),
        ("json", "name a spaCy pipeline"),
        ("../evil", "name a spaCy pipeline"),
        ("os.path", "name a spaCy pipeline"),
        ("", "name a spaCy pipeline"),
    ],
)
def test_a_missing_model_names_the_install_command(name: str, says: str, batch: pa.RecordBatch) -> None:
    stage = Entities(models=(("en", name),))
    with pytest.raises(MissingDependencyError) as error:
        stage(batch)
    assert says in error.value.hint
    with pytest.raises(MissingDependencyError):
        _ = stage.version


def test_the_stage_is_there_before_its_library() -> None:
    code = "import sys, dataset_builder.stages.entities as e; e.Entities().version; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
