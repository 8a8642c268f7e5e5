"""The words of an emitted file, piece by piece, decompressed, decoded and unescaped, whatever its form."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.snapshot.leak_words import BARRIER

#: Rows of a Parquet file, and bytes of any other, that are looked at together.
_ROWS = 4096
_BLOCK = 1 << 22
#: A block begins with the end of the one before it, so that no run is cut in two.
_OVERLAP = 1 << 12

#: Tells whether a released text stands in its own place, and need not be looked at: (article's id, text).
IsOwn = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one file: ``place`` is a column, ``statistics``, ``footer``, ``name`` or a byte offset."""

    place: str
    text: str


def emitted_pieces(path: Path, is_own: IsOwn) -> Iterator[Piece]:
    """The texts of one file, a bounded piece at a time."""
    yield Piece("name", path.name)
    if path.suffix == ".parquet":
        yield from _parquet(path, is_own)
    else:
        yield from _plain(path)


def _plain(path: Path) -> Iterator[Piece]:
    """A text file in blocks, as it stands, and as a reader of JSON, YAML or HTML would unescape it."""
    with path.open("rb") as file:
        tail = b""
        offset = 0
        while block := file.read(_BLOCK):
            data = tail + block
            text = data.decode("utf-8", "replace")
            place = f"byte {offset - len(tail)}"
            yield Piece(place, text)
            plain = unescaped(text)
            if plain != text:
                yield Piece(place, plain)
            offset += len(block)
            tail = data[-_OVERLAP:]


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r?\n\s*)|[a-zA-Z/\"'\\ ])")


#: Between two strings of Thrift's compact protocol stands a field header, which is a control character.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")


def unescaped(text: str) -> str:
    """``text`` without the escapes of JSON, YAML and HTML; line breaks that a quoted scalar folds are blanks."""
    if "\\" in text:
        text = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)) if match[1] or match[2] else " ", text)
    return html.unescape(text) if "&" in text else text


def _parquet(path: Path, is_own: IsOwn) -> Iterator[Piece]:
    with pq.ParquetFile(path) as file:
        schema, metadata = file.schema_arrow, file.metadata
        leaves = [metadata.schema.column(index) for index in range(metadata.num_columns)]
    texts = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
    dictionaries = [leaf for leaf in texts if leaf != "body"]
    yield Piece("statistics", BARRIER.join(_statistics(metadata)))
    yield Piece("footer", BARRIER.join(_described(schema, metadata)))
    yield from _outside_pages(path, metadata)
    with pq.ParquetFile(path, read_dictionary=dictionaries) as file:
        for batch in file.iter_batches(batch_size=_ROWS):
            ids = batch.column("id").to_pylist() if "id" in batch.schema.names else []
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                if name == "body" and ids:
                    values = column.to_pylist()
                    foreign = [text for key, text in zip(ids, values, strict=True) if text and not is_own(key, text)]
                    yield Piece("body", BARRIER.join(foreign))
                else:
                    yield from (Piece(name, BARRIER.join(values)) for values in _strings(column))


def _strings(array: pa.Array) -> Iterator[list[str]]:
    """The texts of a column with everything nested in it; of a dictionary all entries, also those no row uses."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        yield from _strings(array.dictionary)
    elif pa.types.is_struct(kind):
        for index in range(kind.num_fields):
            yield from _strings(array.field(index))
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_map(kind):
        yield from _strings(array.values if not pa.types.is_map(kind) else array.items)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        yield [text for text in array.to_pylist() if text]
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        yield [text.decode("utf-8", "replace") for text in array.to_pylist() if text]


def _statistics(metadata: Any) -> Iterator[str]:
    """Smallest and greatest values, by column and row group."""
    for group in range(metadata.num_row_groups):
        for index in range(metadata.num_columns):
            statistics = metadata.row_group(group).column(index).statistics
            if statistics is not None and statistics.has_min_max:
                for value in (statistics.min, statistics.max):
                    yield value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _described(schema: pa.Schema, metadata: Any) -> Iterator[str]:
    """Names and key-value metadata of the file, its schema and its fields."""
    yield str(metadata.created_by)
    holders = [metadata.metadata, schema.metadata, *(field.metadata for field in schema)]
    for pairs in holders:
        for key, value in (pairs or {}).items():
            if key != b"ARROW:schema":  # the same again, encoded
                yield f"{key.decode('utf-8', 'replace')} {unescaped(value.decode('utf-8', 'replace'))}"
    yield from schema.names


def _outside_pages(path: Path, metadata: Any) -> Iterator[Piece]:
    """The bytes behind the last column chunk: the page indexes with their own statistics, and the footer itself."""
    end = 4
    for group in range(metadata.num_row_groups):
        for index in range(metadata.num_columns):
            column = metadata.row_group(group).column(index)
            start = min(
                offset for offset in (column.data_page_offset, column.dictionary_page_offset) if offset is not None
            )
            end = max(end, start + column.total_compressed_size)
    with path.open("rb") as file:
        file.seek(end)
        while block := file.read(_BLOCK):
            yield Piece("footer", _CONTROL.sub(BARRIER, block.decode("utf-8", "replace")))
