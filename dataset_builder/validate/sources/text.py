"""CSV and JSON Lines: cells as frictionless's own readers give them, within bounded memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dataset_builder.errors import CorpusError

#: The longest line, and the longest CSV cell, that is read. An article is some kB; this is a whole library shelf.
MAX_LINE_BYTES = 64 * 2**20
_BLOCK_BYTES = 2**20


class TextSource:
    """A CSV, TSV or JSONL file, as options for frictionless's ``TableResource``."""

    def __init__(self, path: Path, name: str | None) -> None:
        self.path = path
        self.name = name
        self.is_json = path.suffix.lower() in (".jsonl", ".ndjson")

    @property
    def rows(self) -> int:
        """About how many rows there are: its line ends. A cell of a CSV file may hold some, so there may be fewer."""
        with self.path.open("rb") as stream:
            return sum(block.count(b"\n") for block in iter(lambda: stream.read(_BLOCK_BYTES), b""))

    def options(self) -> dict[str, Any]:
        """Arguments of ``TableResource``. Raises :class:`CorpusError` for a CSV file with a line beyond the bound."""
        named = {"name": self.name} if self.name else {}
        if self.is_json:
            return {"data": lambda: json_rows(self.path), "name": self.path.stem, **named}
        _refuse_long_lines(self.path)
        return {"path": self.path.name, "basepath": str(self.path.parent), **named}


@contextmanager
def bounded_csv_cells() -> Iterator[None]:
    """Cells of CSV files end at ``MAX_LINE_BYTES``, so that a quote that is never closed does not swallow the file."""
    before = csv.field_size_limit(MAX_LINE_BYTES)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def json_rows(path: Path) -> Iterator[list[Any]]:
    """The labels, then the rows of a JSON Lines file, as frictionless reads keyed and listed rows.

    The keys of the first object are the labels; later objects are read by them, an absent key is None. Lines that hold
    lists are rows as they stand, the first being the labels. Raises ``ValueError`` for a line that is no JSON, is
    neither, or is longer than ``MAX_LINE_BYTES``.
    """
    labels: list[str] | None = None
    for number, line in _lines(path):
        try:
            row = json.loads(line)
        except RecursionError as error:
            raise ValueError(f"line {number} is nested too deeply") from error
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number} is no JSON: {error.msg} at column {error.colno}") from error
        except ValueError as error:  # Python converts no integer of more than 4,300 digits
            raise ValueError(f"line {number} has a number of thousands of digits") from error
        if labels is None and isinstance(row, dict):
            labels = list(row)
            yield labels
        if isinstance(row, dict) and labels is not None:
            yield [row.get(label) for label in labels]
        elif isinstance(row, list) and labels is None:
            yield row
        else:
            raise ValueError(f"line {number} is unsupported inline data")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers."""
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(line) > MAX_LINE_BYTES:
                raise ValueError(f"line {number} is longer than {MAX_LINE_BYTES // 2**20} MiB")
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            if not text.isspace():
                yield number, text


def _refuse_long_lines(path: Path) -> None:
    if path.stat().st_size <= MAX_LINE_BYTES:
        return
    length, number = 0, 1
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            first, *others = block.split(b"\n")
            longest = max((length + len(first), *map(len, others)))
            if longest > MAX_LINE_BYTES:
                raise CorpusError(
                    f"a line is longer than {MAX_LINE_BYTES // 2**20} MiB",
                    expected="a table of lines",
                    hint="check that the file is text and that its line ends are not lost",
                    place=f"{path}:{number}",
                )
            number += len(others)
            length = len(others[-1]) if others else length + len(first)
