"""How far a Parquet file may grow when it is decoded: kilobytes of it can stand for terabytes of cells.

A dictionary page holds a long text once, and a run-length says that a thousand million rows have it. Arrow decodes
that without a word, so the size of a dictionary is looked up before (in its page header, Parquet format 2.10,
``PageHeader.uncompressed_page_size``), and what comes out is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from dataset_builder.limits import DEFAULT_LIMITS, RATIO_FLOOR_BYTES
from dataset_builder.parquet_footer import footer_fault

if TYPE_CHECKING:
    import pyarrow as pa

#: Decoded bytes that may be in memory at once on account of one batch.
BATCH_BYTES = 256 * 1024 * 1024
#: A row without any text still costs its reader so much.
_ROW_BYTES = 64
_HEADER_BYTES = 32
_ROWS = 8_192
#: What a dictionary is taken to hold whose header cannot be read: Arrow's own limit on a page.
_UNKNOWN = 2**31 - 1


def rows_at_once(raw: BinaryIO, metadata: Any, most: int) -> int:
    """How many rows of a file may be decoded together, at most ``most``, whatever its dictionaries hold.

    Args:
        raw: the file, seekable; its position is put back.
        metadata: its ``FileMetaData``.

    Raises:
        pyarrow.ArrowInvalid: the footer contradicts itself.
    """
    # What a whole dictionary could do is known from its header; only where that is too much is it opened.
    suspects = [it for it in _dictionaries(raw, metadata) if it.size * it.values_a_row * most > BATCH_BYTES]
    largest = max(_longest_rows(raw, suspects), default=1)
    return max(1, min(most, BATCH_BYTES // max(1, largest)))


def decoded_bytes(batch: pa.RecordBatch) -> int:
    """What a batch counts for."""
    return int(batch.nbytes) + _ROW_BYTES * int(batch.num_rows)


def grows_beyond(path: Path) -> int:
    """The decoded bytes at which ``path`` was found to grow beyond bounds, 0 for a file that does not.

    Only columns whose dictionary could be multiplied so far are read, and no further than to the bound.

    Raises:
        pyarrow.ArrowException, OSError, ValueError: it is no readable Parquet file.
    """
    import pyarrow.parquet as pq

    size = path.stat().st_size
    most = DEFAULT_LIMITS.unpacked_bytes(size)
    with path.open("rb") as raw, pq.ParquetFile(raw, pre_buffer=False) as file:
        metadata = file.metadata
        if _ROW_BYTES * metadata.num_rows > _ROW_BYTES * 8 * size + RATIO_FLOOR_BYTES:
            return int(_ROW_BYTES * metadata.num_rows)
        suspects = {it.column for it in _dictionaries(raw, metadata) if it.size * it.values > most}
    if not suspects:
        return 0
    grown = 0
    with path.open("rb") as raw, pq.ParquetFile(raw, pre_buffer=False) as file:
        at_once = rows_at_once(raw, metadata, _ROWS)
        for batch in file.iter_batches(batch_size=at_once, columns=sorted(suspects), use_threads=False):
            grown += decoded_bytes(batch)
            if grown > most:
                return grown
    return 0


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """The dictionary of one chunk of texts.

    Attributes:
        size: its decoded bytes.
        values: how many values of the chunk may point into it.
        rows: of the row group.
        column: the path of the column in the schema.
        group: the number of the row group.
    """

    size: int
    values: int
    rows: int
    column: str
    group: int

    @property
    def values_a_row(self) -> int:
        """How many values a row of a repeated column has, on average; 1 for every other column."""
        return max(1, -(-self.values // max(1, self.rows)))


def _longest_rows(raw: BinaryIO, dictionaries: Sequence[_Dictionary]) -> Iterator[int]:
    """For each dictionary the bytes of a row of its longest values; it is read without being applied to the rows."""
    if not dictionaries:
        return
    import pyarrow.parquet as pq

    position = raw.tell()
    names = sorted({dictionary.column for dictionary in dictionaries})
    try:
        file = pq.ParquetFile(raw, read_dictionary=names, pre_buffer=False)
        for group, members in groupby(dictionaries, key=lambda dictionary: dictionary.group):
            sizes = {dictionary.column: dictionary for dictionary in members}
            first = next(file.iter_batches(1, row_groups=[group], columns=sorted(sizes), use_threads=False), None)
            for column, dictionary in sizes.items():
                longest = dictionary.size if first is None else _longest_value(first, column, dictionary.size)
                yield longest * dictionary.values_a_row
    finally:
        raw.seek(position)


def _longest_value(batch: pa.RecordBatch, column: str, otherwise: int) -> int:
    """Bytes of the longest value in the dictionary of a column; ``otherwise`` where its path does not tell which."""
    import pyarrow as pa
    import pyarrow.compute as pc

    path = column.split(".")
    if batch.schema.names.count(path[0]) != 1:
        return otherwise
    values = batch.column(path[0])
    for step in path[1:]:
        if pa.types.is_struct(values.type):
            values = values.field(step)
        elif pa.types.is_nested(values.type) and not pa.types.is_map(values.type):
            values = values.values if step in ("element", "item") else values
    if not pa.types.is_dictionary(values.type):
        return otherwise
    return int(pc.max(pc.binary_length(values.dictionary)).as_py() or 0)


def _dictionaries(raw: BinaryIO, metadata: Any) -> Iterator[_Dictionary]:
    """The dictionary of each chunk of texts that has one."""
    import pyarrow as pa

    if fault := footer_fault(raw, metadata):
        raise pa.ArrowInvalid(f"the footer has {fault}")
    position = raw.tell()
    try:
        for group in range(metadata.num_row_groups):
            rows = metadata.row_group(group).num_rows
            for index in range(metadata.num_columns):
                chunk = metadata.row_group(group).column(index)
                if chunk.path_in_schema != metadata.schema.column(index).path:
                    raise pa.ArrowInvalid("the footer has a chunk that the schema calls otherwise")
                if chunk.physical_type in ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY") and chunk.has_dictionary_page:
                    raw.seek(chunk.dictionary_page_offset)
                    size = _page_size(raw.read(_HEADER_BYTES))
                    yield _Dictionary(size, chunk.num_values, rows, chunk.path_in_schema, group)
    finally:
        raw.seek(position)


def _page_size(header: bytes) -> int:
    """``uncompressed_page_size``: the second field of a ``PageHeader`` in Thrift's compact protocol.

    Each field is a byte (delta of the field's number, type 5 for i32) and a zigzag varint.
    """
    position = 0
    for field in (1, 2):
        if header[position : position + 1] != b"\x15":
            return _UNKNOWN
        value, shift = 0, 0
        while True:
            position += 1
            if position >= len(header) or shift > 35:
                return _UNKNOWN
            value |= (header[position] & 0x7F) << shift
            shift += 7
            if header[position] < 0x80:
                break
        position += 1
        if field == 2:
            return (value >> 1) ^ -(value & 1)
    return _UNKNOWN
