"""A purge sees what it could overlook: unfinished copies, shards that cannot be read, a pointer that is wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder.folder_lock import folder_lock
from publishing import TARGET, Built, Run, article_ids, digests, without
from stand_ins.hub import HubStandIn

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload:DeprecationWarning")


@pytest.fixture
def corpus(tmp_path: Path, built: Built) -> tuple[Path, str]:
    """A corpus that has withdrawn an article of version 1.0.0, and the article's id."""
    article = article_ids(built())[0]
    (tmp_path / "corpus").mkdir()
    config = f"name: harbour-notes\nversion: 1.1.0\ncreated: 2024-11-05\n{without(article)}"
    (tmp_path / "corpus" / "dataset.yaml").write_text(config, encoding="utf-8")
    return tmp_path / "corpus", article


@pytest.fixture
def target(tmp_path: Path, built: Built) -> Path:
    """A folder with both versions, as publishing leaves it."""
    place = tmp_path / "published"
    for version in ("1.0.0", "1.1.0"):
        shutil.copytree(built(version), place / f"v{version}")
    point(place, "v1.1.0")
    return place


def point(place: Path, path: str) -> None:
    content = {"format": "news-dataset-latest/1", "name": "harbour-notes", "version": path[1:], "path": path}
    (place / "latest.json").write_text(json.dumps(content))


def test_what_a_killed_publish_left_is_purged(target: Path, corpus: tuple[Path, str], built: Built, run: Run) -> None:
    shutil.rmtree(target / "v1.0.0")
    left = target / ".publish-0badcafe"
    shutil.copytree(built(), left)
    cut = next((left / "articles").rglob("*.parquet"))
    cut.write_bytes(cut.read_bytes()[:100])
    code, out, _ = run("withdraw", corpus[1], corpus[0], "--purge", target, "--json")
    planned = json.loads(out)
    assert code == 0
    assert {one["version"] for one in planned["shards"]} == {".publish-0badcafe"}
    assert cut.relative_to(left).as_posix() in {one["path"] for one in planned["shards"]}
    assert left.is_dir(), "without --yes nothing is deleted"

    assert run("withdraw", corpus[1], corpus[0], "--purge", target, "--yes")[0] == 0
    assert sorted(path.name for path in target.iterdir()) == ["latest.json", "v1.1.0"]
    assert digests(target / "v1.1.0") == digests(built("1.1.0"))
    assert "nothing to purge" in run("withdraw", corpus[1], corpus[0], "--purge", target, "--yes")[1]


def test_beside_a_publish_under_way_nothing_is_purged(
    target: Path, corpus: tuple[Path, str], built: Built, run: Run
) -> None:
    shutil.copytree(built(), target / ".publish-0badcafe")
    before = digests(target)
    with folder_lock(target, "a test"):
        code, _, err = run("withdraw", corpus[1], corpus[0], "--purge", target, "--yes")
    assert code == 3
    assert "another publish or purge is under way" in err
    assert digests(target) == before


def test_without_locks_an_unfinished_copy_is_left_to_people(
    target: Path, corpus: tuple[Path, str], built: Built, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno
    import fcntl

    def none(*_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    shutil.copytree(built(), target / ".publish-0badcafe")
    code, _, err = run("withdraw", corpus[1], corpus[0], "--purge", target, "--yes")
    assert code == 3
    assert ".publish-0badcafe is an unfinished copy" in err
    shutil.rmtree(target / ".publish-0badcafe")
    assert run("withdraw", corpus[1], corpus[0], "--purge", target, "--yes")[0] == 0


def overwrite(shard: Path) -> None:
    content = shard.read_bytes()
    shard.write_bytes(content[:40] + b"\xff" * 8 + content[48:])


def other_ids(shard: Path) -> None:
    table = pq.read_table(shard, partitioning=None)
    wrong = pa.array([f"{one[:-1]}Z" for one in table.column("id").to_pylist()], pa.string())
    pq.write_table(table.set_column(table.column_names.index("id"), "id", wrong), shard)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "overwritten": overwrite,
    "no Parquet": lambda shard: shard.write_bytes(b"no Parquet"),
    "no ids": lambda shard: pq.write_table(pa.table({"body": ["text"]}), shard),
    "other ids": other_ids,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_shard_that_cannot_be_read_does_not_pass_for_clean(
    target: Path, corpus: tuple[Path, str], run: Run, damage: str
) -> None:
    folder, article = corpus
    shards = sorted((target / "v1.0.0" / "articles").rglob("*.parquet"))
    for shard in shards:
        DAMAGE[damage](shard)
    code, out, _ = run("withdraw", article, folder, "--purge", target, "--yes", "--json")
    gone = json.loads(out)
    assert code == 1
    assert gone["done"], "what can be read is purged all the same"
    assert {one["path"].split("/")[0] for one in gone["shards"]} == {"catalog"}
    unread = {path.relative_to(target / "v1.0.0").as_posix() for path in shards}
    assert {one["path"] for one in gone["unread"]} == unread
    assert [issue["code"] for issue in gone["issues"]] == ["shard-not-read"] * len(shards)
    assert all(shard.exists() for shard in shards)

    code, out, err = run("withdraw", article, folder, "--purge", target, "--yes")
    assert code == 1
    assert "nothing to purge" not in out
    assert "could not be looked into" in out
    assert shards[0].name in err
    for shard in shards:
        shard.unlink()
    assert run("withdraw", article, folder, "--purge", target, "--yes")[0] == 0


def test_a_shard_on_the_hub_that_cannot_be_read(
    hub: HubStandIn, corpus: tuple[Path, str], built: Built, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataset_builder.publish.purge import hub as purger

    run("publish", built(), TARGET)
    monkeypatch.setattr(purger, "holds_any", lambda *_: None)
    code, out, _ = run("withdraw", corpus[1], corpus[0], "--purge", TARGET, "--yes", "--json")
    assert code == 1
    assert {one["path"].split("/")[0] for one in json.loads(out)["unread"]} == {"articles", "catalog"}


@pytest.mark.parametrize("pointer", ["absent", "to nowhere", "to an older one", "of somebody else"])
def test_the_newest_is_the_highest_that_is_there(
    target: Path, corpus: tuple[Path, str], built: Built, run: Run, pointer: str
) -> None:
    shutil.rmtree(target / "v1.1.0")
    shutil.copytree(target / "v1.0.0", target / "v0.9.0")
    (target / "latest.json").unlink()
    if pointer == "of somebody else":
        (target / "latest.json").write_text("[]")
    elif pointer != "absent":
        point(target, "v0.9.0" if pointer == "to an older one" else "v0.0.1")
    code, _, err = run("withdraw", corpus[1], corpus[0], "--purge", target, "--yes")
    assert code == 2
    assert ("v1.0.0, still holds" if pointer == "absent" else "the highest version there is v1.0.0") in err
    assert digests(target / "v1.0.0") == digests(built())
    assert digests(target / "v0.9.0") == digests(built())


def test_versions_are_compared_as_numbers(target: Path, corpus: tuple[Path, str], built: Built, run: Run) -> None:
    (target / "v1.1.0").rename(target / "v1.10.0")
    shutil.copytree(built(), target / "v1.9.0")
    (target / "latest.json").unlink()
    code, out, _ = run("withdraw", corpus[1], corpus[0], "--purge", target, "--yes", "--json")
    assert code == 0
    assert {one["version"] for one in json.loads(out)["shards"]} == {"v1.0.0", "v1.9.0"}
    assert digests(target / "v1.10.0") == digests(built("1.1.0"))


def test_what_came_between_the_list_and_the_yes_is_not_purged(
    target: Path, corpus: tuple[Path, str], built: Built
) -> None:
    from dataset_builder.errors import UsageError
    from dataset_builder.publish.address import FolderAddress
    from dataset_builder.publish.purge.plan import open_purger

    with open_purger(FolderAddress(target)) as purger:
        planned = purger.plan([corpus[1]])
        shutil.copytree(built(), target / "v1.2.0")
        point(target, "v1.2.0")
        with pytest.raises(UsageError, match=r"v1\.2\.0, still holds"):
            purger.carry_out(planned)
    assert digests(target / "v1.0.0") == digests(built())
