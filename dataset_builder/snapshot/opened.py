"""A snapshot that somebody opened: its manifest, its tables on demand, and a look at it in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dataset_builder.errors import SnapshotError, UsageError
from dataset_builder.visible import one_line

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Snapshot:
    """A snapshot's folder.

    Attributes:
        path: the folder.
        manifest: ``manifest.json``, as it was read; nothing of it is checked here, :func:`dataset_builder.verify` does.
    """

    path: Path
    manifest: dict[str, Any] = field(repr=False)

    @classmethod
    def open(cls, path: Path) -> Snapshot:
        """Read the manifest below ``path``.

        Raises:
            UsageError: ``path`` is no folder.
            SnapshotError: it is no snapshot.
        """
        from dataset_builder.snapshot.manifest import read_manifest

        return cls(path, read_manifest(path))

    @property
    def name(self) -> str:
        """The short name."""
        return str(self.manifest.get("name", ""))

    @property
    def title(self) -> str:
        """The title."""
        return str(self.manifest.get("title", ""))

    @property
    def version(self) -> str:
        """MAJOR.MINOR.PATCH."""
        return str(self.manifest.get("version", ""))

    @property
    def identity(self) -> str:
        """``sha256:`` and the data digest, which citations quote."""
        return str(self.manifest.get("identity", ""))

    @property
    def license(self) -> str | None:
        """SPDX expression of all released texts; None where none is released."""
        return self.manifest.get("license")

    @property
    def accounts(self) -> dict[str, int]:
        """What became of every article that was read."""
        return self._mapping("accounts")

    @property
    def tables(self) -> dict[str, int]:
        """Table -> rows, those without rows left out."""
        return {name: int(facts["rows"]) for name, facts in self._mapping("tables").items() if facts.get("rows")}

    def table(self, name: str = "articles", columns: Sequence[str] | None = None) -> pa.Table:
        """A whole table in memory.

        Raises:
            UsageError: the snapshot has no such table or column.
            SnapshotError: a file cannot be read.
        """
        import pyarrow as pa

        batches = list(self.batches(name, columns))
        return pa.Table.from_batches(batches, schema=batches[0].schema)

    def batches(self, name: str = "articles", columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """A table in parts, sorted by (date, id) within each family of licences; one row group is held at a time.

        Raises:
            UsageError: the snapshot has no such table or column.
            SnapshotError: a file cannot be read.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        from dataset_builder.sound_shard import sound_shard

        for path in self._shards(name):
            try:
                with pq.ParquetFile(sound_shard(self.path, path)) as file:
                    self._refuse_unknown(columns, file.schema_arrow.names, name)
                    yield from file.iter_batches(columns=None if columns is None else list(columns))
            except (pa.ArrowException, OSError) as error:
                raise SnapshotError(
                    f"{path} cannot be read: {one_line(str(error))}",
                    hint=f"build-dataset verify {self.path}",
                    place=str(self.path),
                ) from None

    def rows(self, name: str = "articles", columns: Sequence[str] | None = None) -> Iterator[dict[str, Any]]:
        """A table's rows as mappings, one after the other.

        Raises:
            UsageError: the snapshot has no such table or column.
            SnapshotError: a file cannot be read.
        """
        for batch in self.batches(name, columns):
            yield from batch.to_pylist()

    def _shards(self, name: str) -> list[str]:
        if name not in self.tables:
            raise UsageError(f"the table {one_line(name)!r}", expected=", ".join(self.tables) or "no table has rows")
        paths = (str(entry["path"]) for entry in self.manifest["files"])
        return [
            path for path in paths if path.startswith(f"{name}/") and path.endswith(".parquet") and ".." not in path
        ]

    def _refuse_unknown(self, columns: Sequence[str] | None, known: list[str], name: str) -> None:
        if missing := [column for column in columns or () if column not in known]:
            raise UsageError(f"the column {one_line(missing[0])!r} of {name}", expected=", ".join(known))

    def _mapping(self, name: str) -> dict[str, Any]:
        value = self.manifest.get(name)
        return value if isinstance(value, dict) else {}

    def __repr__(self) -> str:
        rows = ", ".join(f"{name} {count}" for name, count in self.tables.items())
        return f"<Snapshot {one_line(self.name)} {one_line(self.version)} at {self.path}: {rows}>"

    def _facts(self) -> Iterator[tuple[str, str]]:
        """What a notebook and a terminal show."""
        yield "version", self.version + (f", {self.manifest['created']}" if self.manifest.get("created") else "")
        yield "audience", str(self.manifest.get("audience", ""))
        yield "license", self.license or "none: no text is released"
        yield "articles", ", ".join(f"{name} {count}" for name, count in self.accounts.items())
        yield "tables", ", ".join(f"{name} {count}" for name, count in self.tables.items())
        yield "identity", self.identity
        yield "load", f'load_dataset("{self.path}")'

    def __str__(self) -> str:
        lines = [f"  {name:9}{one_line(text, 300)}" for name, text in self._facts()]
        return "\n".join([one_line(self.title), *lines])

    def _repr_html_(self) -> str:
        """For notebooks; every text is escaped."""
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left">{escape(name)}</th>'
            f'<td style="text-align:left"><code>{escape(one_line(text, 300))}</code></td></tr>'
            for name, text in self._facts()
        )
        return f"<table><caption>{escape(one_line(self.title))}</caption><tbody>{rows}</tbody></table>"
