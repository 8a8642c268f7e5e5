"""What tests of publishing say of snapshots and of the places that hold them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from stand_ins.hub import Repo

#: Makes a snapshot: ``built("1.1.0", audience="restricted", extra="keywords: [tar]\\n")``.
Built = Callable[..., Path]
#: One call of the command line: exit code, standard output, standard error.
Run = Callable[..., tuple[int, str, str]]

REPO = "harbour/notes"
#: The DOI that the first draft of a stand-in gets; a line of it makes a version that differs in its descriptions.
FIRST_DOI = "10.5072/zenodo.1000"
WITH_DOI = f"doi: {FIRST_DOI}\n"
TARGET = f"hf://datasets/{REPO}"


def digests(snapshot: Path) -> dict[str, str]:
    """Path -> SHA-256 of every file of a snapshot."""
    return {
        path.relative_to(snapshot).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(snapshot.rglob("*"))
        if path.is_file()
    }


def identity(snapshot: Path) -> str:
    """As the manifest states it."""
    found: str = json.loads((snapshot / "manifest.json").read_text())["identity"]
    return found


def article_ids(snapshot: Path) -> list[str]:
    """Articles with text, sorted."""
    import pyarrow.parquet as pq

    shards = sorted((snapshot / "articles").rglob("*.parquet"))
    return sorted(one for shard in shards for one in pq.read_table(shard, columns=["id"]).column("id").to_pylist())


def without(article: str) -> str:
    """Lines for dataset.yaml that withdraw an article."""
    return f"withdrawals:\n  - {{id: {article}, reason: Asked for., date: 2024-11-05}}\n"


def content(repo: Repo, revision: str) -> dict[str, str]:
    """Path -> SHA-256 of every file of a revision, but for the Hub's own."""
    tree = repo.commits[repo.resolve(revision) or ""]
    return {path: digest for path, (digest, _) in tree.items() if path != ".gitattributes"}
