"""The card's front matter is what ``datasets`` loads by: every config, offline, typed, and never from a stale cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from dataset_builder.describe.facts import SnapshotFacts
from dataset_builder.describe.front_matter import card_configs
from made_snapshots import bare_facts, harbour_facts, write_descriptions

#: Loads every config of the folder named first, as a reader on another machine would, and prints what it found.
READER = """
import json, sys
from datasets import Features, get_dataset_config_names, get_dataset_default_config_name, load_dataset
import pyarrow.parquet as pq
folder = sys.argv[1]
found = {"default": get_dataset_default_config_name(folder), "configs": {}}
for name in get_dataset_config_names(folder):
    rows = load_dataset(folder, name, split="train")
    streamed = sum(1 for _ in load_dataset(folder, name, split="train", streaming=True))
    found["configs"][name] = {
        "rows": len(rows), "streamed": streamed, "features": rows.features.to_dict(), "first": str(rows[0]),
        "arrow": Features.from_arrow_schema(rows.data.schema).to_dict(),
    }
print(json.dumps(found))
"""


def read_with_datasets(folder: Path, cache: Path) -> dict:
    environment = {**os.environ, "HF_HOME": str(cache), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    run = subprocess.run(
        [sys.executable, "-c", READER, str(folder)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout.splitlines()[-1])


@pytest.mark.parametrize("make", [harbour_facts, bare_facts])
def test_every_config_loads_with_the_rows_and_types_that_the_card_states(tmp_path: Path, make) -> None:
    facts: SnapshotFacts = make(tmp_path / "snapshot")
    folder = write_descriptions(tmp_path / "snapshot", facts)
    found = read_with_datasets(folder, tmp_path / "cache")
    configs = card_configs(facts)
    assert set(found["configs"]) == {config.name for config in configs}
    assert found["default"] == ("articles" if facts.accounts.released else "catalog")
    for config in configs:
        loaded = found["configs"][config.name]
        assert loaded["rows"] == loaded["streamed"] == config.rows
        embedded = json.loads(config.table.schema.arrow.metadata[b"huggingface"])["info"]["features"]
        assert loaded["features"] == loaded["arrow"] == embedded


@pytest.mark.parametrize(("digest", "fresh"), [(True, True), (False, False)])
def test_a_rebuild_at_the_same_path_and_time_loads_the_new_rows(tmp_path: Path, digest: bool, fresh: bool) -> None:
    """With the digest in each config the new rows come; without it ``datasets`` serves the old ones from its cache.

    Sizes under ``dataset_info`` can tell the difference too, but need not; they are left out here.
    """
    folder, cache, seen = tmp_path / "snapshot", tmp_path / "cache", []
    for first in (0, 1):
        write_descriptions(folder, harbour_facts(folder, first))
        thin_card(folder / "README.md", digest=digest)
        for path in folder.rglob("*"):
            os.utime(path, (1_700_000_000, 1_700_000_000))
        seen.append(read_with_datasets(folder, cache)["configs"]["articles"]["first"])
    assert (seen[0] != seen[1]) is fresh


def thin_card(card: Path, *, digest: bool) -> None:
    """The card with the config ``articles`` alone, without sizes, with or without the digest."""
    _, front, body = card.read_text(encoding="utf-8").split("---\n", 2)
    members = yaml.safe_load(front)
    del members["dataset_info"]
    members["configs"] = members["configs"][:1]
    if not digest:
        del members["configs"][0]["description"]
    card.write_text(f"---\n{yaml.safe_dump(members, sort_keys=False)}---\n{body}", encoding="utf-8")
