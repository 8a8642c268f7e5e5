"""What a Parquet footer says about its column chunks, looked at before Arrow is asked: a lie there ends the process.

Arrow checks a chunk's size statistics when its metadata is first touched and throws where they contradict the schema;
pyarrow (26) lets that C++ exception pass its ``noexcept`` border, and the interpreter is aborted. So the chunks are
walked here first, in Thrift's compact protocol (Thrift, doc/specs/thrift-compact-protocol.md; Parquet format 2.11,
parquet.thrift).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT, _UUID = 1, 2, 3, 7, 8, 9, 10, 11, 12, 13
_INTEGERS = (4, 5, 6)
#: Bytes of the types whose values all have one length.
_FIXED = {_TRUE: 0, _FALSE: 0, _BYTE: 1, _DOUBLE: 8, _UUID: 16}
_MAX_DEPTH = 32
#: A varint of 64 bits.
_MAX_VARINT_BYTES = 10
#: ``FileMetaData.row_groups``, ``RowGroup.columns``, and of a ``ColumnChunk``: ``meta_data``, ``crypto_metadata``.
_ROW_GROUPS, _COLUMNS, _META_DATA, _CRYPTO = 4, 1, 3, 8
#: Of ``ColumnMetaData``: ``type``, ``size_statistics``; and of ``SizeStatistics`` its three fields.
_TYPE, _SIZE_STATISTICS = 1, 16
_UNENCODED_BYTES, _REPETITION, _DEFINITION = 1, 2, 3
#: Of ``ColumnMetaData``, and what its only list, ``GeospatialStatistics.geospatial_types``, holds.
_GEOSPATIAL, _GEOSPATIAL_LISTS = 17, {2: 5}
#: By number, what the lists of ``FileMetaData``, ``RowGroup`` and ``ColumnMetaData`` hold.
_FILE_LISTS = {2: _STRUCT, _ROW_GROUPS: _STRUCT, 5: _STRUCT, 7: _STRUCT}
_GROUP_LISTS = {_COLUMNS: _STRUCT, 4: _STRUCT}
_CHUNK_LISTS = {2: 5, 3: _BINARY, 8: _STRUCT, 13: _STRUCT}
#: A histogram's members: ``i64``.
_LEVEL = 6
#: Of ``enum Type``.
_PHYSICAL = ("BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY")


def footer_fault(raw: BinaryIO, metadata: Any) -> str:
    """What is wrong with the column chunks of a file, empty where ``metadata.row_group(…).column(…)`` may be called.

    Args:
        raw: the file, seekable; its position is put back.
        metadata: its ``FileMetaData``, as pyarrow has read it.
    """
    position = raw.tell()
    try:
        tail = raw.seek(-8, io.SEEK_END)
        length = int.from_bytes(raw.read(4), "little")
        raw.seek(max(0, tail - length))
        footer = raw.read(length)
    finally:
        raw.seek(position)
    try:
        return next(_faults(_Compact(footer), metadata.schema), "")
    except (_MalformedError, IndexError):
        return "a footer that cannot be followed"


class _MalformedError(Exception):
    """The bytes are no Thrift."""


class _Compact:
    """A reader of Thrift's compact protocol that skips most of what it reads."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def byte(self) -> int:
        """The next byte.

        Raises:
            IndexError: there is none.
        """
        self._at += 1
        return self._data[self._at - 1]

    def varint(self) -> int:
        """The next unsigned number."""
        value = 0
        for place in range(_MAX_VARINT_BYTES):
            byte = self.byte()
            value |= (byte & 0x7F) << 7 * place
            if byte < 0x80:
                return value
        raise _MalformedError

    def zigzag(self) -> int:
        """The next signed number."""
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def fields(self) -> Iterator[tuple[int, int]]:
        """(number, type) of each field of a struct; whoever iterates takes the value, or skips it."""
        number = 0
        while head := self.byte():
            number = number + (head >> 4) if head >> 4 else self.zigzag()
            yield number, head & 0x0F

    def sequence(self) -> tuple[int, int]:
        """(length, type of the members) of a list or a set."""
        head = self.byte()
        size = self.varint() if head >> 4 == 15 else head >> 4
        if size > len(self._data) - self._at:
            raise _MalformedError  # a member has a byte at least
        return size, head & 0x0F

    def known_list(self, kind: int) -> int:
        """The length of a list whose members are of ``kind``; Arrow reads them so, whatever type the list declares."""
        size, inner = self.sequence()
        if size and inner != kind:
            raise _MalformedError
        return size

    def skip_field(self, number: int, kind: int, lists: Mapping[int, int]) -> None:
        """Pass over a field of a struct with known ``lists``."""
        if kind == _LIST and number in lists:
            self._skip_members((lists[number],) * self.known_list(lists[number]), 0)
        else:
            self.skip(kind)

    def skip(self, kind: int, depth: int = 0) -> None:
        """Pass over a value."""
        if kind in _INTEGERS:
            self.varint()
        elif kind in _FIXED:
            self._at += _FIXED[kind]
        elif kind == _BINARY:
            length = self.varint()  # which moves the place itself
            self._at += length
        elif depth > _MAX_DEPTH:
            raise _MalformedError
        elif kind == _STRUCT:
            for _, inner in self.fields():
                self.skip(inner, depth + 1)
        elif kind in (_LIST, _SET):
            size, inner = self.sequence()
            self._skip_members((inner,) * size, depth)
        elif kind == _MAP:
            self._skip_members(self._map(), depth)
        else:
            raise _MalformedError

    def _map(self) -> tuple[int, ...]:
        """The types of a map's keys and values, in turn."""
        size = self.varint()
        kinds = self.byte() if size else 0
        if size > len(self._data) - self._at:
            raise _MalformedError
        return (kinds >> 4, kinds & 0x0F) * size

    def _skip_members(self, kinds: tuple[int, ...], depth: int) -> None:
        for kind in kinds:
            if kind in (_TRUE, _FALSE):
                self._at += 1  # as a member, unlike as a field, a truth value has a byte
            else:
                self.skip(kind, depth + 1)


def _members(stream: _Compact, wanted: int, lists: Mapping[int, int]) -> Iterator[int]:
    """The places of the structs in the ``wanted`` list of a struct; its other fields are passed over."""
    for number, kind in stream.fields():
        if (number, kind) == (wanted, _LIST):
            yield from range(stream.known_list(_STRUCT))
        else:
            stream.skip_field(number, kind, lists)


def _faults(stream: _Compact, schema: Any) -> Iterator[str]:
    for _ in _members(stream, _ROW_GROUPS, _FILE_LISTS):
        for column in _members(stream, _COLUMNS, _GROUP_LISTS):
            if column >= len(schema):
                yield "a row group with more columns than the schema"
                return
            yield from _of_chunk(stream, schema.column(column))


def _of_chunk(stream: _Compact, column: Any) -> Iterator[str]:
    for number, kind in stream.fields():
        if number == _CRYPTO and kind == _STRUCT:
            yield f"the encrypted column {column.path!r}"
        if (number, kind) == (_META_DATA, _STRUCT):
            yield from _of_metadata(stream, column)
        else:
            stream.skip(kind)


def _of_metadata(stream: _Compact, column: Any) -> Iterator[str]:
    for number, kind in stream.fields():
        if number == _TYPE and kind in _INTEGERS:
            physical = stream.zigzag()
            if not 0 <= physical < len(_PHYSICAL) or _PHYSICAL[physical] != column.physical_type:
                yield f"a chunk of another type than its column {column.path!r}"
        elif (number, kind) == (_SIZE_STATISTICS, _STRUCT):
            yield from _of_sizes(stream, column)
        elif (number, kind) == (_GEOSPATIAL, _STRUCT):
            for inner, inner_kind in stream.fields():
                stream.skip_field(inner, inner_kind, _GEOSPATIAL_LISTS)
        else:
            stream.skip_field(number, kind, _CHUNK_LISTS)


def _of_sizes(stream: _Compact, column: Any) -> Iterator[str]:
    levels = {_REPETITION: column.max_repetition_level, _DEFINITION: column.max_definition_level}
    for number, kind in stream.fields():
        if number in levels and kind == _LIST:
            size = stream.known_list(_LEVEL)
            if size not in (0, levels[number] + 1):
                yield f"size statistics that contradict the schema of the column {column.path!r}"
            for _ in range(size):
                stream.varint()
            continue
        if number == _UNENCODED_BYTES and column.physical_type != "BYTE_ARRAY":
            yield f"size statistics of texts for the column {column.path!r}, which holds none"
        stream.skip(kind)
