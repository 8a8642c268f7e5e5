"""A frictionless plugin: Parquet as Arrow reads it.

Frictionless loads every top-level module named ``frictionless_*``, so with this file installed plain ``frictionless
validate`` reads lists, structs, maps, nulls, integers beyond 2**53 and zoned timestamps as what they are, in bounded
memory, every file of a resource with several, and compares ``bytes`` and ``hash`` with the files. Its own parser goes
through pandas, which turns an integer column with a null into floats, and looks at the first file only.

For a resource with several files ``bytes`` is their sum, and ``hash`` that of their bytes one after the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from frictionless import FrictionlessException, Plugin, errors
from frictionless.formats.parquet import ParquetControl, ParquetParser

if TYPE_CHECKING:
    from frictionless import Resource

#: Bytes of decoded cells in one batch, and bytes read at once for a digest.
_BATCH_BYTES = 8 * 2**20
_BLOCK_BYTES = 2**20


class ArrowParquetParser(ParquetParser):
    """Reads Parquet files batch by batch into native Python cells; writes as frictionless does."""

    def read_cell_stream_create(self) -> Iterator[list[Any]]:
        """The labels, then the rows of all files in their order.

        Remote files and row filters go through frictionless's own parser.
        """
        control = ParquetControl.from_dialect(self.resource.dialect)
        if self.resource.remote or control.filters or control.categories:
            yield from super().read_cell_stream_create()
            return
        paths = [Path(path) for path in self.resource.normpaths]
        self._measure(paths)
        labels: list[str] | None = None
        for path in paths:
            for cells in _read_file(path, control.columns):
                if labels is None:
                    labels = cells
                elif isinstance(cells, _Labels):
                    if cells != labels:
                        note = (
                            f'the columns of "{path.name}" are {list(cells)}, those of "{paths[0].name}" {list(labels)}'
                        )
                        raise FrictionlessException(errors.SourceError(note=note))
                    continue
                yield list(cells)

    def _measure(self, paths: list[Path]) -> None:
        """Give frictionless the size, and the digests where the resource states one."""
        self.resource.stats.bytes = sum(path.stat().st_size for path in paths)
        if self.resource.hash:
            md5, sha256 = hashlib.md5(usedforsecurity=False), hashlib.sha256()
            for path in paths:
                with path.open("rb") as stream:
                    while block := stream.read(_BLOCK_BYTES):
                        md5.update(block)
                        sha256.update(block)
            self.resource.stats.md5, self.resource.stats.sha256 = md5.hexdigest(), sha256.hexdigest()


class ArrowPlugin(Plugin):
    """Puts :class:`ArrowParquetParser` before frictionless's own parser."""

    def create_parser(self, resource: Resource) -> ArrowParquetParser | None:
        """The parser for Parquet resources."""
        return ArrowParquetParser(resource) if resource.format in ("parq", "parquet") else None


class _Labels(list[str]):
    """The labels of a file, told from a row."""


def _read_file(path: Path, columns: list[str] | None) -> Iterator[list[Any]]:
    """The labels of a file, then its rows."""
    import pyarrow.parquet as pq

    from dataset_builder.validate.native import native_rows

    with pq.ParquetFile(path, pre_buffer=False) as file:
        names = file.schema_arrow.names
        yield _Labels(names if columns is None else [name for name in names if name in columns])
        metadata = file.metadata
        held = sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))
        rows = max(64, min(8192, _BATCH_BYTES * metadata.num_rows // max(1, held)))
        for batch in file.iter_batches(rows, columns=columns):
            yield from native_rows(batch)
