"""The words of an emitted file, piece by piece, decompressed, decoded and unescaped, whatever its form."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

#: Rows of a Parquet file that are looked at together: of the bodies, and of the short columns.
_BODIES = 1024
_ROWS = 8192
#: Bytes of any other file that are.
_BLOCK = 1 << 22
#: A block begins with the end of the one before it, so that no run is cut in two.
_OVERLAP = 1 << 12
#: A text that is stored as it is takes its length, in four bytes, and itself.
_PLAIN_BYTES = 5
#: Eight words of one letter, and what stands between them.
_LEAST_BYTES = 15

#: Tells which released texts stand in their own place, and need not be looked at: (articles' ids, SHA-256 of texts).
AreOwn = Callable[[list[str], list[bytes]], list[bool]]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some texts of one file: ``place`` is a column, ``statistics``, ``footer``, ``name`` or a byte offset.

    ``texts`` are of type string or large_string, without nulls; no run of words reaches from one into the next.
    """

    place: str
    texts: pa.Array


def emitted_pieces(path: Path, are_own: AreOwn) -> Iterator[Piece]:
    """The texts of one file, a bounded piece at a time."""
    yield _piece("name", [path.name])
    for piece in _parquet(path, are_own) if path.suffix == ".parquet" else _plain(path):
        yield piece
        if read := readings(piece.texts):
            yield _piece(piece.place, read)


def emitted_bytes(path: Path) -> int:
    """About how many bytes of text the pieces of a file hold, released bodies left out."""
    if path.suffix != ".parquet":
        return path.stat().st_size
    metadata = pq.read_metadata(path)
    return sum(
        column.total_uncompressed_size
        for group in range(metadata.num_row_groups)
        for column in (metadata.row_group(group).column(index) for index in range(metadata.num_columns))
        if column.physical_type == "BYTE_ARRAY" and column.path_in_schema != "body"
    )


def _piece(place: str, texts: list[str]) -> Piece:
    whole = [text.encode("utf-8", "replace").decode() for text in texts]  # an escape may be half a character
    return Piece(place, pa.array(whole, pa.string()))


def _plain(path: Path) -> Iterator[Piece]:
    """A text file in blocks."""
    with path.open("rb") as file:
        tail = b""
        offset = 0
        while block := file.read(_BLOCK):
            data = tail + block
            yield _piece(f"byte {offset - len(tail)}", [data.decode("utf-8", "replace")])
            offset += len(block)
            tail = data[-_OVERLAP:]


_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,5})\}|x([0-9a-fA-F]{2})|(\r?\n\s*)|[a-zA-Z/\"'\\ ])")

#: What shows that a text may be read otherwise; some characters behind it are looked at, not all.
_MARKS = r"\\|&#?[0-9A-Za-z]+|%[0-9A-Fa-f]{2}"
_PERCENT = re.compile("%[0-9A-Fa-f]{2}")
#: An address within an address is encoded twice.
_ROUNDS = 2

#: Between two strings of Thrift's compact protocol stands a field header, which is a control character.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")


def _meant(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2] or escape[3]
    return chr(int(code, 16)) if code else " "


def unescaped(text: str) -> str:
    """``text`` without the escapes of JSON, YAML, HTML and :mod:`dataset_builder.visible`.

    Line breaks that a quoted scalar folds are blanks.
    """
    if "\\" in text:
        text = _ESCAPE.sub(_meant, text)
    return html.unescape(text) if "&" in text else text


def readings(texts: pa.Array) -> list[str]:
    """What a reader of JSON, YAML, HTML or of addresses makes of the texts, where that is something else."""
    try:
        marked = texts.filter(pc.match_substring_regex(texts, _MARKS))
    except pa.ArrowInvalid:  # not UTF-8, whatever the file's schema says
        marked = texts
    found: list[str] = []
    for text in _decoded(marked):
        for _ in range(_ROUNDS):
            before, text = text, unescaped(text)
            if _PERCENT.search(text):
                text = unquote(text)
                if "\ufffd" in text:
                    found.append(unquote(unescaped(before), "latin-1"))
            if text == before:
                break
            found.append(text)
    return found


def _decoded(texts: pa.Array) -> Iterator[str]:
    yield from (text.decode("utf-8", "replace") for text in texts.cast(pa.large_binary()).to_pylist())


def _parquet(path: Path, are_own: AreOwn) -> Iterator[Piece]:
    with pq.ParquetFile(path) as file:
        schema, metadata = file.schema_arrow, file.metadata
        leaves = [metadata.schema.column(index) for index in range(metadata.num_columns)]
    yield _piece("statistics", list(_statistics(metadata)))
    yield _piece("footer", list(_described(schema, metadata)))
    yield from _outside_pages(path, metadata)
    texts = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
    bodies = ["id", "body"] if _has_bodies(schema) else []
    others = [name for name in texts if name != "body" or not bodies]
    with pq.ParquetFile(path, read_dictionary=_repetitive(metadata, others)) as file:
        yield from _columns(file, others)
    if bodies:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_BODIES, columns=bodies):
                yield Piece("body", _foreign(batch.column("id"), batch.column("body"), are_own))


def _repetitive(metadata: Any, names: list[str]) -> list[str]:
    """The columns that hold few values many times: they take less room than their values' lengths alone would.

    They are read as dictionaries, which are looked at once. A column that was written as a dictionary comes as one in
    any case, with the entries that no row uses.
    """
    sizes = dict.fromkeys(names, 0)
    values = dict.fromkeys(names, 0)
    for group in range(metadata.num_row_groups):
        for index in range(metadata.num_columns):
            column = metadata.row_group(group).column(index)
            if column.path_in_schema in sizes:
                sizes[column.path_in_schema] += column.total_uncompressed_size
                values[column.path_in_schema] += column.num_values
    return [name for name in names if sizes[name] < _PLAIN_BYTES * values[name]]


def _has_bodies(schema: pa.Schema) -> bool:
    names = {"id", "body"}
    return names <= set(schema.names) and all(pa.types.is_string(schema.field(name).type) for name in names)


def _columns(file: pq.ParquetFile, names: list[str]) -> Iterator[Piece]:
    """The texts of these columns; what a dictionary holds is looked at once, though it comes with every batch."""
    known: dict[tuple[str, int], pa.Array] = {}
    for batch in file.iter_batches(batch_size=_ROWS, columns=names):
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            for leaf, (texts, of_dictionary) in enumerate(_texts(column)):
                fresh = texts
                if of_dictionary:
                    before = known.get((name, leaf))
                    if before is not None and texts.slice(0, len(before)).equals(before):
                        fresh = texts.slice(len(before))
                    known[name, leaf] = texts
                yield Piece(name, _long_enough(fresh))


def _texts(array: pa.Array) -> Iterator[tuple[pa.Array, bool]]:
    """The texts of a column with all that is nested in it, and whether they are a dictionary: all of its entries."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        yield from ((texts, True) for texts, _ in _texts(array.dictionary))
    elif pa.types.is_struct(kind):
        for index in range(kind.num_fields):
            yield from _texts(array.field(index))
    elif pa.types.is_map(kind):
        yield from _texts(array.keys)
        yield from _texts(array.items)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        yield from _texts(array.values)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        yield array, False
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        values = [text.decode("utf-8", "replace") for text in array.to_pylist() if text]
        yield pa.array(values, pa.string()), False


def _long_enough(texts: pa.Array) -> pa.Array:
    """Those that can hold a run of words; without nulls."""
    return texts.filter(pc.greater_equal(pc.binary_length(texts), _LEAST_BYTES)).drop_null()


def _foreign(ids: pa.Array, bodies: pa.Array, are_own: AreOwn) -> pa.Array:
    """The bodies that are not the released texts of their articles."""
    own = are_own(ids.to_pylist(), _digests(bodies))
    return bodies.filter(pa.array([not known for known in own], pa.bool_())).drop_null()


def _digests(bodies: pa.Array) -> list[bytes]:
    """SHA-256 of each text, taken from the array's own memory."""
    wide = bodies.type in (pa.large_string(), pa.large_binary())
    offsets = np.frombuffer(bodies.buffers()[1], np.int64 if wide else np.int32)
    content = memoryview(bodies.buffers()[2] or b"")
    bounds = offsets[bodies.offset : bodies.offset + len(bodies) + 1].tolist()
    return [hashlib.sha256(content[start:end]).digest() for start, end in pairwise(bounds)]


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
            yield _piece("footer", _CONTROL.split(block.decode("utf-8", "replace")))
