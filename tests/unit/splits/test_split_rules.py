"""Which split an article goes to, and what dataset.yaml may say about it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from dataset_builder.config import load_config
from dataset_builder.errors import ConfigError
from dataset_builder.snapshot.splits import Splits, empty_splits
from dataset_builder.snapshot.tally import Tally
from dataset_builder.split_options import SplitOptions

NAMES = (
    "id", "date", "status", "family", "release", "source", "license", "rights_class", "decision_rule", "language",
    "quality_flags", "derived_from", "revision_of", "withheld_text",
)  # fmt: skip
TYPES = {"date": pa.date32(), "quality_flags": pa.list_(pa.string())}
SCHEMA = pa.schema([(name, TYPES.get(name, pa.string())) for name in NAMES])


def name(number: int) -> str:
    return f"{number:032x}"


def row(number: int, **members: object) -> dict[str, object]:
    """A released article of the ledger; day ``number`` of October."""
    base = {
        "id": name(number), "date": date(2024, 10, number % 28 + 1), "status": "active", "family": "permissive",
        "release": "full", "source": "ledger", "license": "CC0-1.0", "rights_class": "public-domain",
        "decision_rule": "open", "language": "en", "quality_flags": [], "withheld_text": "The bell rang.",
    }  # fmt: skip
    return {**base, **members}


def tally(*rows: dict[str, object]) -> Tally:
    batches = pa.Table.from_pylist(list(rows), schema=SCHEMA).to_batches(max_chunksize=7)
    return Tally.of(batches)


def split_of(options: SplitOptions, *rows: dict[str, object]) -> dict[str, str]:
    """Id -> split, of the articles that are released."""
    counted = tally(*rows)
    parts = Splits.of(options, counted).divide(counted.articles)
    return {pad(article).hex(): split for split, keys in parts for article in keys.ids.tolist()}


def pad(article: bytes) -> bytes:
    return article.ljust(16, b"\0")


BY_TIME = SplitOptions("time", (("test", "2024-10-20"), ("validation", "2024-10-10")))
BY_SOURCE = SplitOptions("source", (("test", ("gazette", "wire")),))
BY_HASH = SplitOptions("hash", (("validation", 0.2), ("test", 0.3)))


def test_by_time_a_split_begins_on_its_day_whatever_the_order_of_the_days():
    found = split_of(BY_TIME, row(8), row(9), row(18), row(19), row(27), row(50, date=None))
    assert found == {
        name(8): "train", name(9): "validation", name(18): "validation", name(19): "test", name(27): "test",
        name(50): "train",
    }  # fmt: skip


def test_by_source():
    found = split_of(BY_SOURCE, row(1), row(2, source="gazette"), row(3, source="wire"))
    assert found == {name(1): "train", name(2): "test", name(3): "test"}


def test_by_hash_shares_are_kept_and_nobody_moves_when_others_come():
    rows = [row(number) for number in range(4000)]
    found = split_of(BY_HASH, *rows)
    shares = {
        split: sum(value == split for value in found.values()) / 4000 for split in ("train", "validation", "test")
    }
    assert shares == pytest.approx({"train": 0.5, "validation": 0.2, "test": 0.3}, abs=0.03)
    some = split_of(BY_HASH, *rows[::3])
    assert some == {article: found[article] for article in some}


@pytest.mark.parametrize("options", [BY_TIME, BY_SOURCE, BY_HASH])
def test_copies_and_revisions_follow_the_first_of_them(options: SplitOptions):
    """Four articles, linked in a chain by other fields, and one of them withheld: all go where the first goes."""
    alone = split_of(options, row(25, source="wire"))[name(25)]
    found = split_of(
        options,
        row(25, source="wire"),
        row(26, derived_from=name(25)),
        row(27, release="metadata", family=None, revision_of=name(26)),
        row(3, date=None, derived_from=name(27)),
        *(row(number) for number in range(100, 120)),
    )
    assert {found[name(number)] for number in (25, 26, 3)} == {alone}


def test_a_link_to_an_article_that_is_not_there_is_none():
    assert split_of(BY_TIME, row(25, derived_from=name(4)), row(20)) == {name(25): "test", name(20): "test"}


def test_withdrawn_rows_and_no_rows_at_all():
    assert split_of(BY_TIME, row(25, status="withdrawn"), row(26)) == {name(26): "test"}
    assert split_of(BY_TIME) == {}


@pytest.mark.parametrize(
    ("options", "rows", "found"),
    [
        (BY_TIME, [row(1), row(9)], "no released article counts from 2024-10-20 on; the newest is dated 2024-10-10"),
        (BY_SOURCE, [row(1), row(2, source="wire", release="metadata")], "of gazette, wire, 1 articles were read"),
        (BY_HASH, [row(1)], "of 1 released articles"),
        (BY_TIME, [row(27), row(26), row(9)], "every released article goes to another split"),
        (BY_TIME, [], "no article is released"),
    ],
)
def test_an_empty_split_is_a_finding_with_its_reason(options, rows, found):
    counted = tally(*rows)
    issues = empty_splits(Splits.of(options, counted), options, counted)
    assert issues
    assert {issue.code for issue in issues} == {"split-empty"}
    assert any(found in issue.found for issue in issues), issues


CONFIG = "name: notes\nsources: [{name: ledger}, {name: gazette}]\nbuild:\n  splits: "


def load(folder: Path, splits: str) -> SplitOptions:
    (folder / "dataset.yaml").write_text(CONFIG + splits + "\n", encoding="utf-8")
    return load_config(folder).build.splits


@pytest.mark.parametrize(
    ("splits", "options"),
    [
        ("{by: none}", SplitOptions()),
        ("{by: time, into: {test: 2024-10-20}}", SplitOptions("time", (("test", "2024-10-20"),))),
        ("{by: source, into: {test: [gazette]}}", SplitOptions("source", (("test", ("gazette",)),))),
        ("{by: hash, into: {dev: 0.1, test: 0.2}}", SplitOptions("hash", (("dev", 0.1), ("test", 0.2)))),
    ],
)
def test_what_dataset_yaml_says(tmp_path: Path, splits: str, options: SplitOptions):
    assert load(tmp_path, splits) == options
    assert hash(options)


@pytest.mark.parametrize(
    "splits",
    [
        "{by: chance}",
        "{into: {test: 0.1}}",
        "{by: hash}",
        "{by: none, into: {test: 0.1}}",
        "{by: hash, into: {}}",
        "{by: hash, into: {train: 0.1}}",
        "{by: hash, into: {all: 0.1}}",
        "{by: hash, into: {Test-1: 0.1}}",
        "{by: hash, into: {test: 0.6, dev: 0.5}}",
        "{by: hash, into: {test: 0}}",
        "{by: hash, into: {test: true}}",
        "{by: hash, into: {test: 2024-10-20}}",
        "{by: time, into: {test: 0.1}}",
        "{by: time, into: {test: 2024-13-20}}",
        "{by: time, into: {test: 2024-10-20, dev: 2024-10-20}}",
        "{by: source, into: {test: gazette}}",
        "{by: source, into: {test: [gazet]}}",
        "{by: source, into: {test: [gazette], dev: [gazette]}}",
        "{by: source, into: {test: []}}",
        "[time]",
        "time",
        "{by: time, into: [test]}",
    ],
)
def test_what_cannot_be_is_refused_in_its_line(tmp_path: Path, splits: str):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, splits)
    assert {issue.line for issue in caught.value.issues} == {4}
