"""JSON Lines as rows of native cells: labels first, as frictionless reads keyed and listed rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def json_rows(path: Path) -> Iterator[list[Any]]:
    """The labels, then the rows of ``path``.

    The keys of the first object are the labels; later objects are read by them, an absent key is None. Lines that hold
    lists are rows as they stand, the first being the labels. A line that is no JSON, or neither, raises ``ValueError``.
    """
    labels: list[str] | None = None
    with path.open(encoding="utf-8-sig") as lines:
        for line in lines:
            if not line.strip():
                continue
            row = json.loads(line)
            if isinstance(row, list):
                yield row
                continue
            if not isinstance(row, dict):
                raise ValueError("unsupported inline data")
            if labels is None:
                labels = list(row)
                yield labels
            yield [row.get(label) for label in labels]
