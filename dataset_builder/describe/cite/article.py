"""The citation of one article, from the catalog of a snapshot that somebody holds."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from dataset_builder.describe.cite.facts import CitationFacts, Creator, objects, read_citation_facts, read_package
from dataset_builder.describe.escape import one_line, web_address
from dataset_builder.errors import SnapshotError, UsageError

#: An article's identifier, or enough of its beginning to tell it from the others.
_REFERENCE = re.compile(r"[0-9a-f]{4,32}")
_COLUMNS = ["id", "title", "date", "author", "source", "url", "license"]


def read_article_citation(folder: Path, reference: str) -> CitationFacts:
    """What the catalog says of one article, withheld ones included; no text of it is read.

    Raises:
        UsageError: no article has this identifier, or several begin with it.
        SnapshotError: the folder is no snapshot, or its catalog cannot be read.
    """
    whole = read_citation_facts(folder)
    row = _article_row(folder, reference)
    byline = one_line(row["author"] or "")
    published = row["date"] if isinstance(row["date"], date) else None
    return CitationFacts(
        name=whole.name,
        title=one_line(row["title"] or "") or f"Untitled article {row['id'][:12]}",
        version=whole.version,
        created=published,
        identity=whole.identity,
        creators=(Creator(byline),) if byline else (),
        homepage=web_address(row["url"] or ""),
        licenses=(one_line(row["license"]),) if row["license"] else (),
        article=one_line(row["id"]),
        publication=_publication(folder, str(row["source"])),
        part_of=whole,
    )


def _article_row(folder: Path, reference: str) -> dict[str, Any]:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.dataset as ds

    from dataset_builder.sound_shard import sound_shard

    if not _REFERENCE.fullmatch(reference):
        raise UsageError(
            f"the article {one_line(reference, 60)!r}",
            expected="an identifier of 32 hexadecimal digits, or at least its first four",
            hint="the column id of the table catalog has them",
        )
    shards = _shards(folder, "catalog")
    try:
        catalog = ds.dataset([str(sound_shard(folder, path)) for path in shards], format="parquet")
        found = catalog.to_table(_COLUMNS, filter=pc.starts_with(ds.field("id"), reference)).slice(0, 2).to_pylist()
    except (pa.ArrowException, OSError, MemoryError) as error:
        raise SnapshotError(
            f"the catalog cannot be read: {one_line(error)}", hint="build-dataset verify SNAPSHOT", place=str(folder)
        ) from None
    if len(found) != 1:
        many = "several articles" if found else "no article"
        raise UsageError(
            f"{many} in {folder} with an identifier that begins with {reference}",
            expected="the identifier of one article",
            hint="give more of its digits" if found else "the column id of the table catalog has them",
        )
    return dict(found[0])


def _shards(folder: Path, table: str) -> list[str]:
    """The files of one table; a path that leads out of the snapshot is refused."""
    paths = next(
        (entry.get("path") for entry in objects(read_package(folder), "resources") if entry.get("name") == table), None
    )
    listed = [paths] if isinstance(paths, str) else paths
    if not isinstance(listed, list) or not listed or not all(isinstance(path, str) for path in listed):
        raise SnapshotError(f"datapackage.json names no files of the table {table}", place=str(folder))
    for path in listed:
        pure = PurePosixPath(path)
        inside = (folder / path).resolve().is_relative_to(folder.resolve())
        if pure.is_absolute() or ".." in pure.parts or not inside:
            raise SnapshotError(
                f"the path {one_line(path, 80)!r} leads out of the snapshot", place=str(folder / "datapackage.json")
            )
    return listed


def _publication(folder: Path, source: str) -> str:
    """The title of a source, as datapackage.json has it; its name where it has none."""
    sources = objects(read_package(folder), "sources")
    title = next((entry.get("title") for entry in sources if entry.get("name") == source), None)
    return one_line(title if isinstance(title, str) else source)
