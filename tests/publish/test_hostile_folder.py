"""A folder that others may write into is a target: a pipe in it is not waited for, and no link leads out of it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dataset_builder.errors import UsageError
from dataset_builder.publish.address import FolderAddress
from dataset_builder.publish.folder import FolderStore
from dataset_builder.publish.purge.plan import Purge, open_purger
from publishing import Built, article_ids


def purged(target: Path, article: str) -> Purge:
    with open_purger(FolderAddress(target)) as purger:
        return purger.plan([article])


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "theirs.json").write_text("{}")
    (tmp_path / "target").mkdir()
    return tmp_path / "target"


PUT: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo,
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "outside": lambda path: path.symlink_to(path.parents[1] / "elsewhere" / "theirs.json"),
}


@pytest.mark.parametrize("kind", PUT)
def test_a_pointer_that_is_no_file(target: Path, kind: str) -> None:
    PUT[kind](target / "latest.json")
    store = FolderStore(target)
    for ask in (lambda: store.peek("latest.json", 10), lambda: store.replace("latest.json", b"x", None)):
        with pytest.raises(UsageError, match=r"latest\.json is a (link|device, pipe or socket)"):
            ask()
    assert [path.name for path in target.iterdir()] == ["latest.json"]


@pytest.mark.parametrize("kind", [*PUT, "folder"])
def test_a_purge_looks_through_no_link_and_deletes_none(target: Path, built: Built, kind: str) -> None:
    snapshot = built()
    article = article_ids(snapshot)[0]
    (target / "latest.json").write_text(json.dumps({"path": "v2.0.0"}))
    shards = target / "v1.0.0" / "articles"
    if kind == "folder":
        shards.parent.mkdir()
        shards.symlink_to(snapshot / "articles")
    else:
        shards.mkdir(parents=True)
        PUT[kind](shards / "train-00000.parquet")
    with pytest.raises(UsageError, match=r"is a (link|device, pipe or socket)"):
        purged(target, article)
