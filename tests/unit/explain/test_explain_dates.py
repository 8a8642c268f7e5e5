from __future__ import annotations

import json
from pathlib import Path

import pytest

from dataset_builder.explain.explanation import explain
from dataset_builder.explain.story import FieldStory

PLACED = {"name": "placed", "license": "CC-BY-4.0", "language": "en", "timezone": "Asia/Kolkata", "country": "IN"}
UNPLACED = {"name": "unplaced", "license": "CC-BY-4.0", "language": "en"}


def told(folder: Path, source: str, date: str) -> dict[str, FieldStory]:
    folder.mkdir(exist_ok=True)
    config = {"name": "dates", "sources": [PLACED, UNPLACED], "articles": [{"path": "*.txt", "source": source}]}
    (folder / "dataset.yaml").write_text(json.dumps(config), encoding="utf-8")
    stated = f'date: "{date}"\n' if date else ""
    (folder / "a.txt").write_text(f"---\ntitle: Lamps\n{stated}---\nThe lamps were counted twice.\n", encoding="utf-8")
    return {story.field: story for story in explain("a.txt", folder).fields}


@pytest.mark.parametrize(
    ("source", "date", "instant", "how"),
    [
        (
            "placed",
            "Oct 9, 2024 12:50 pm IST",
            "2024-10-09T07:20:00Z",
            "several meanings; the source declares timezone",
        ),
        ("placed", "2024-10-09 12:50", "2024-10-09T07:20:00Z", "the source declares timezone Asia/Kolkata"),
        ("unplaced", "2024-10-09T12:50:00+05:30", "2024-10-09T07:20:00Z", "the date itself gives its offset"),
        ("unplaced", "Oct 9, 2024 12:50 pm IST", "", "null, date-zone-ambiguous: "),
        ("unplaced", "2024-10-09 12:50", "", "null, date-zone-unknown: "),
        ("unplaced", "2024-10-09", "", "null, as no time of day is given"),
        ("unplaced", "", "", "null, date-missing: "),
    ],
)
def test_the_instant_is_told_with_what_settled_its_zone(
    tmp_path: Path, source: str, date: str, instant: str, how: str
) -> None:
    stories = told(tmp_path, source, date)
    assert stories["published_at"].value == instant
    assert how in stories["published_at"].note
    assert bool(stories["published_at"].held) == bool(instant)
    assert ("date_text" in stories) == bool(date)
    if date:
        assert stories["date_text"].value == date
        assert stories["date_text"].held == stories["date"].held
