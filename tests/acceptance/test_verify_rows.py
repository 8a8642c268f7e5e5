"""A forger who changes rows and has identity, Merkle root and every description made anew: ``verify`` names the shard.

The builder's own functions write what is forged here, so that nothing but the rows contradict each other.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpora import write_corpus
from dataset_builder.pipeline import build
from dataset_builder.snapshot.verify import verify
from forger import describe_anew, edit_rows, set_cell

ARTICLES, CATALOG = "articles/permissive/*-2024-10-*.parquet", "catalog/*-2024-10-*.parquet"
Change = Callable[[Path], Any]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine articles of one month, five of them released; and the private build of the same corpus beside it."""
    folder = tmp_path_factory.mktemp("rows")
    corpus = write_corpus(folder / "corpus")
    build(corpus, folder / "private", audience="private")
    return build(corpus, folder / "out").out


@pytest.fixture
def copy(snapshot: Path, tmp_path: Path) -> Path:
    shutil.copytree(snapshot.parent / "private", tmp_path / "private")
    return Path(shutil.copytree(snapshot, tmp_path / "copy"))


def rows(pattern: str, edit: Callable[[list[dict[str, Any]]], Any]) -> Change:
    return lambda folder: edit_rows(folder, pattern, edit)


def cell(column: str, value: Any) -> Change:
    """Of an article alone: its row of the catalog says something else."""
    return rows(ARTICLES, set_cell(column, value))


def withheld_text(folder: Path) -> None:
    """The body of a withheld article, whole as a private build has it, in the place of a released one."""
    private = {
        row["id"]: row
        for shard in sorted((folder.parent / "private" / "articles").rglob("*.parquet"))
        for row in pq.read_table(shard, partitioning=None).to_pylist()
    }
    shard = sorted(folder.glob(CATALOG))[0]
    catalog = pq.read_table(shard, partitioning=None).to_pylist()
    held = next(row["id"] for row in catalog if row["release"] == "metadata")
    edit_rows(folder, ARTICLES, lambda rows: rows.__setitem__(slice(0, 1), [private[held]]))


def withheld_text_relabelled(folder: Path) -> None:
    """The same, where the row says of itself that it is released."""
    withheld_text(folder)
    released = {"release": "full", "decision_rule": "attribution-full", "rights_class": "attribution"}
    edit_rows(folder, ARTICLES, lambda rows: rows[0].update(released))


def moved(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        row["date"] += timedelta(days=40)


def another_month(folder: Path) -> None:
    for pattern in (ARTICLES, CATALOG):
        edit_rows(folder, pattern, moved)


def another_name(folder: Path) -> None:
    for pattern in (ARTICLES, CATALOG):
        shard = sorted(folder.glob(pattern))[0]
        shard.rename(shard.with_name(shard.name.replace("2024-10", "2023-10")))


def another_family(folder: Path) -> None:
    (folder / "articles" / "permissive").rename(folder / "articles" / "sharealike")


def another_id(rows: list[dict[str, Any]]) -> None:
    held = next(row for row in rows if row["release"] == "metadata")
    held["id"] = "f" * 32


def another_footer(folder: Path, key: bytes = b"note") -> None:
    shard = sorted(folder.glob(ARTICLES))[0]
    table = pq.read_table(shard, partitioning=None)
    said = b'{"info": {"features": {"id": {"dtype": "int64", "_type": "Value"}}}}'
    metadata = {**(table.schema.metadata or {}), key: said}
    pq.write_table(table.replace_schema_metadata(metadata), shard, compression="zstd", version="2.6")


MENTION = {"start": 0, "end": 3, "text": "The", "label": "ORG", "coarse_label": "ORG"}
FORGED: dict[str, tuple[Change, str]] = {
    "withheld-text": (withheld_text, "articles"),
    "withheld-text-relabelled": (withheld_text_relabelled, "articles"),
    "license": (cell("license", "CC0-1.0"), "articles"),
    "license-url": (cell("license_url", "https://evil.example.org/"), "articles"),
    "rights-class": (cell("rights_class", "public-domain"), "articles"),
    "release": (cell("release", "metadata"), "articles"),
    "rule": (cell("decision_rule", "public-domain-full"), "articles"),
    "status": (cell("status", "withdrawn"), "articles"),
    "title": (cell("title", "Another title"), "articles"),
    "date": (cell("date", date(2024, 10, 30)), "articles"),
    "source": (cell("source", "gazette"), "articles"),
    "address": (cell("url", "javascript:alert(1)"), "articles"),
    "attribution": (cell("attribution", "Somebody else"), "articles"),
    "holder": (cell("rights_holder", "Somebody else"), "articles"),
    "reservation": (cell("tdm_reservation", "0"), "articles"),
    "digest": (cell("body_sha256", sha256(b"x").hexdigest()), "articles"),
    "no-body": (cell("body", None), "articles"),
    "mention": (cell("entities", [MENTION]), "entities"),
    "articles-reversed": (rows(ARTICLES, list.reverse), "articles"),
    "catalog-reversed": (rows(CATALOG, list.reverse), "catalog"),
    "all-reversed": (lambda f: [edit_rows(f, pattern, list.reverse) for pattern in (ARTICLES, CATALOG)], "catalog"),
    "catalog-title": (rows(CATALOG, lambda found: [row.update(title="Another") for row in found]), "articles"),
    "catalog-status": (rows(CATALOG, set_cell("status", "withdrawn")), "catalog"),
    "catalog-id": (rows(CATALOG, another_id), "catalog"),
    "articles-read": (rows("sources/*", set_cell("articles_read", 999)), "sources"),
    "metadata-of-a-shard": (another_footer, "articles"),
    "features-of-a-shard": (lambda f: another_footer(f, b"huggingface"), "articles"),
    "catalog-release": (rows(CATALOG, lambda found: [row.update(release="full") for row in found]), "catalog"),
    "another-month": (another_month, "catalog"),
    "another-name": (another_name, "catalog"),
    "another-family": (another_family, "articles"),
    "family-of-ours": (lambda f: (f / "articles" / "permissive").rename(f / "articles" / "Private"), "articles"),
}  # fmt: skip


def test_a_snapshot_that_is_described_anew_is_sound(copy: Path) -> None:
    before = verify(copy).identity
    describe_anew(copy)
    assert verify(copy).issues == ()
    edit_rows(copy, ARTICLES, lambda rows: rows)
    describe_anew(copy)
    outcome = verify(copy)
    assert outcome.issues == ()
    assert outcome.identity != before


@pytest.mark.parametrize("name", FORGED)
def test_rows_that_contradict_the_catalog(copy: Path, name: str) -> None:
    change, table = FORGED[name]
    change(copy)
    describe_anew(copy)
    issues = verify(copy).issues
    assert table in {issue.path.partition("/")[0] for issue in issues}
    assert "manifest-malformed" not in {issue.code for issue in issues}
