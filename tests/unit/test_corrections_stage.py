"""Every wording in the table is found by its own example; ordinary sentences are not."""

import pyarrow as pa
import pytest

from dataset_builder.issues import issue_kinds
from dataset_builder.resources import read_json
from dataset_builder.stages.contract import Stage
from dataset_builder.stages.corrections import Corrections, markings

PATTERNS = read_json("copies", "corrections.json")["patterns"]


@pytest.mark.parametrize("entry", PATTERNS, ids=lambda entry: entry["example"][:30])
def test_the_example_is_marked_as_the_table_says(entry: dict[str, str]) -> None:
    assert [flag for flag, _ in markings(f"The bridge opened.\n\n{entry['example']}")] == [entry["flag"]]


@pytest.mark.parametrize(
    "text",
    [
        "The correction of the river's course took nine years.",
        "Officers of the Department of Corrections met on Monday.",
        "He retracted his statement: the boat was never his.",
        "The army withdrew, and the article in the treaty was corrected later.",
        "",
    ],
)
def test_ordinary_sentences_are_not_marked(text: str) -> None:
    assert list(markings(text)) == []


def test_the_stage_flags_titles_and_bodies() -> None:
    titles = ["RETRACTED: Harbour to close", None, "Harbour stays", "Harbour stays"]
    bodies = ["Text.", "Correction: It stays.", None, "Text. " * 5_000]
    batch = pa.record_batch({"title": titles, "body": pa.array(bodies, pa.string())})
    stage = Corrections()
    result = stage(batch)
    assert isinstance(stage, Stage)
    assert result.schema == pa.schema([*batch.schema, *stage.adds])
    assert result.column("corrections_flags").to_pylist() == [["retraction"], ["correction"], [], []]
    found = [finding for row in result.column("corrections_findings").to_pylist() for finding in row]
    assert [(finding["field"], finding["code"]) for finding in found] == [
        ("title", "marked-retraction"),
        ("body", "marked-correction"),
    ]
    assert all(finding["code"] in issue_kinds() for finding in found)
