"""CSV and its like (RFC 4180), streaming: the delimiter is that of the header, broken rows cost themselves only."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO

from dataset_builder.issues import Issue
from dataset_builder.read.context import InputFile
from dataset_builder.read.record import RawRecord, Rejection
from dataset_builder.read.streams import StreamError, inner_suffix, open_stream
from dataset_builder.read.tabular import RowReader, columns_problem
from dataset_builder.visible import one_line

#: What separates cells, likeliest first; a tie goes to the first.
_DELIMITERS = ",;\t|"
#: A line is passed on in pieces of this size, so that a file without line breaks is not one string.
_PIECE_CHARACTERS = 1 << 20
#: A header has column names; a longer first line is no header.
_HEADER_CHARACTERS = 1 << 20
#: The byte order marks of UTF-16, as the wrapper below escapes them: some spreadsheets write "Unicode text" so.
_UTF_16_MARKS = ("\udcff\udcfe", "\udcfe\udcff")


def read_csv(file: InputFile) -> Iterator[RawRecord | Rejection]:
    """Yield one record or rejection a row."""
    rows = RowReader(file)
    try:
        with open_stream(file) as stream:
            yield from _rows(rows, stream)
    except StreamError as error:
        yield Rejection(error.issue)


def _rows(rows: RowReader, stream: BinaryIO) -> Iterator[RawRecord | Rejection]:
    # Bytes that are not UTF-8 become lone surrogates, which the row is rejected for; other rows stay readable.
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")
    # No article has a longer cell; a quotation mark that is never closed has.
    longest = rows.file.limits.article_characters
    csv.field_size_limit(longest)
    header = text.readline(_HEADER_CHARACTERS)
    if header.startswith(_UTF_16_MARKS):
        hint = "save it as UTF-8; spreadsheets call that form CSV UTF-8"
        yield Rejection(Issue(rows.file.locator, 1, code="table-header", found="UTF-16", expected="UTF-8", hint=hint))
        return
    delimiter = "\t" if inner_suffix(rows.file.locator) == ".tsv" else max(_DELIMITERS, key=header.count)
    names = next(csv.reader([header], delimiter=delimiter), []) if header.strip() else []
    if problem := _header_problem(names):
        yield rows.no_header(problem, line=1)
        return
    pieces = _Pieces(text)
    reader = csv.reader(pieces, delimiter=delimiter, strict=True)
    row = 0
    while True:
        row += 1
        pieces.start_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if pieces.characters > longest:
                pieces.skip_row(rows.file.limits.item_bytes)
                yield _endless(rows, row, longest)
            else:
                yield rows.broken(one_line(str(error)), "CSV (RFC 4180)", row=row)
            continue
        if not cells:
            row -= 1
        elif len(cells) != len(names):
            yield rows.broken(f"{len(cells)} cells", f"{len(names)} cells", row=row)
        else:
            yield rows.record({name: cell or None for name, cell in zip(names, cells, strict=True)}, row=row)


def _endless(rows: RowReader, row: int, longest: int) -> Rejection:
    found, expected = "a longer cell", f"at most {longest} characters a cell"
    hint = (
        "look for a quotation mark that is never closed; if the cell is honest, raise build.limits.article_characters"
    )
    issue = Issue(rows.file.locator, row=row, code="article-too-large", found=found, expected=expected, hint=hint)
    return Rejection(issue)


class _Pieces:
    """The text in pieces of at most a line, which knows how much of a row has been read and whether a cell is open."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._open = False
        self._ended = True
        self.characters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        piece = self._text.readline(_PIECE_CHARACTERS)
        if not piece:
            raise StopIteration
        self.characters += len(piece)
        self._open ^= piece.count('"') % 2 == 1
        self._ended = piece.endswith(("\n", "\r"))
        return piece

    def start_row(self) -> None:
        """Count from here."""
        self.characters, self._open, self._ended = 0, False, False

    def skip_row(self, most: int) -> None:
        """Read past the row in hand, quoted line breaks included; beyond ``most`` a cell ends with its line."""
        for _ in self:
            if self._ended and (not self._open or self.characters > most):
                return


def _header_problem(names: list[str]) -> str:
    if not names:
        return "an empty file" if names == [] else "no header"
    return columns_problem(names)
