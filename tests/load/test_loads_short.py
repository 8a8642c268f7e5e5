"""The short forms of what tests/load measures: every burden in small, and that nothing grows from build to build."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import heavy_corpora
import pytest
from soak import Sample, builds, growth

from dataset_builder.pipeline import build

_IDENTITY = "sha256:0"
FLAT = [Sample(200 << 20, 9, 2, 5_000, 12, 0, _IDENTITY)] * 8


@pytest.mark.parametrize(
    ("name", "number", "read"),
    [("tiny", 40, 40), ("sources", 60, 60), ("findings", 30, 30), ("text", 1, 1), ("page", 1, 1), ("row", 1, 3)],
)
def test_every_burden_builds_in_small(name: str, number: int, read: int, tmp_path: Path) -> None:
    heavy_corpora.CORPORA[name][0](tmp_path / "corpus", number)
    built = build(tmp_path / "corpus", tmp_path / "out", workers=1)
    assert built.accounts.read == read
    assert built.accounts.read == built.accounts.released + built.accounts.merged
    assert len([issue for issue in built.issues if issue.code == "date-unreadable"]) == (
        30 if name == "findings" else 0
    )


def test_nothing_grows_from_build_to_build(tmp_path: Path) -> None:
    samples = list(islice(builds(tmp_path, 2, cycle=2), 8))[2:]
    assert growth(samples) == []
    assert samples[0].packs


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("files", 10, "files: 9, then 10"),
        ("threads", 3, "threads: 2, then 3"),
        ("beside", 1, "beside: 0, then 1"),
        ("cache", 5_001, "cache: 5000, then 5001"),
        ("packs", 13, "packs: 12, then 13"),
        ("memory", 260 << 20, "memory: 200 MB, then 260 MB"),
    ],
)
def test_growth_is_seen(field: str, value: int, told: str) -> None:
    assert growth(FLAT) == []
    grown = [*FLAT[:4], *(replace(one, **{field: value}) for one in FLAT[4:])]
    assert growth(grown) == [told]
