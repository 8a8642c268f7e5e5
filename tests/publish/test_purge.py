"""``withdraw REF --purge TARGET``: withdrawn articles leave earlier versions, and nothing else does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from publishing import REPO, TARGET, Built, Run, article_ids, content, digests, without
from stand_ins.hub import HubStandIn

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload:DeprecationWarning")

S3 = "s3://harbour/notes"
#: Shards that name the first article of the first version.
SHARDS = ("articles/", "catalog/")


@pytest.fixture
def corpus(tmp_path: Path, built: Built) -> tuple[Path, str]:
    """A corpus that has withdrawn an article of version 1.0.0, and the article's id."""
    article = article_ids(built())[0]
    (tmp_path / "corpus").mkdir()
    config = f"name: harbour-notes\nversion: 1.1.0\ncreated: 2024-11-05\n{without(article)}"
    (tmp_path / "corpus" / "dataset.yaml").write_text(config, encoding="utf-8")
    return tmp_path / "corpus", article


@pytest.fixture(params=["hub", pytest.param("s3", marks=pytest.mark.slow), "folder"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "hub":
        request.getfixturevalue("hub")
        return TARGET
    if request.param == "s3":
        request.getfixturevalue("bucket").put_bucket_versioning(
            Bucket="harbour", VersioningConfiguration={"Status": "Enabled"}
        )
        return S3
    return str(tmp_path / "published")


def test_the_article_leaves_the_earlier_version(target: str, corpus: tuple[Path, str], built: Built, run: Run) -> None:
    folder, article = corpus
    run("publish", built(), target)
    run("publish", built("1.1.0"), target)
    code, out, _ = run("withdraw", article[:12], folder, "--purge", target)
    assert code == 0
    assert "would be deleted" in out
    assert run("verify", at(target, "1.0.0"))[0] == 0, "without --yes nothing is deleted"

    code, out, _ = run("withdraw", article, folder, "--purge", target, "--yes", "--json")
    gone = json.loads(out)
    assert code == 0, out
    assert gone["done"]
    assert {(one["version"], one["path"].split("/")[0]) for one in gone["shards"]} == {
        ("v1.0.0", "articles"),
        ("v1.0.0", "catalog"),
    }
    assert run("verify", at(target, "1.1.0"))[0] == 0, "the newer version is untouched"
    code, out, _ = run("verify", at(target, "1.0.0"), "--json")
    missing = {issue["path"] for issue in json.loads(out)["issues"] if issue["code"] == "file-missing"}
    assert missing == {one["path"] for one in gone["shards"]}

    code, out, _ = run("withdraw", article, folder, "--purge", target, "--yes")
    assert code == 0
    assert "nothing to purge" in out


def at(target: str, version: str) -> str:
    return f"{target}@v{version}" if target.startswith("hf:") else f"{target}/v{version}"


def test_the_newest_version_is_never_touched(target: str, corpus: tuple[Path, str], built: Built, run: Run) -> None:
    run("publish", built(), target)
    code, _, err = run("withdraw", corpus[1], corpus[0], "--purge", target, "--yes")
    assert code == 2
    assert "still holds the articles" in err
    assert run("verify", at(target, "1.0.0"))[0] == 0


def test_what_is_not_withdrawn_is_not_purged(built: Built, run: Run, tmp_path: Path) -> None:
    from corpora import write_corpus

    target = tmp_path / "published"
    folder = write_corpus(tmp_path / "corpus", articles=2)
    run("publish", built(), target)
    code, _, err = run("withdraw", article_ids(built())[0], folder, "--purge", target, "--yes")
    assert code == 2
    assert "not withdrawn yet" in err


def test_every_generation_of_a_bucket_goes(bucket: Any, corpus: tuple[Path, str], built: Built, run: Run) -> None:
    folder, article = corpus
    bucket.put_bucket_versioning(Bucket="harbour", VersioningConfiguration={"Status": "Enabled"})
    run("publish", built(), S3)
    run("publish", built("1.1.0"), S3)
    shards = [path for path in digests(built()) if path.startswith(SHARDS)]
    for path in shards:
        bucket.delete_object(Bucket="harbour", Key=f"notes/v1.0.0/{path}")
    assert run("withdraw", article, folder, "--purge", S3, "--yes")[0] == 0
    kept = bucket.list_object_versions(Bucket="harbour", Prefix="notes/v1.0.0/")
    left = {one["Key"] for kind in ("Versions", "DeleteMarkers") for one in kept.get(kind, [])}
    assert left == {f"notes/v1.0.0/{path}" for path in digests(built()) if path not in shards}


def test_large_files_leave_the_storage_of_the_hub(
    hub: HubStandIn, corpus: tuple[Path, str], built: Built, run: Run
) -> None:
    folder, article = corpus
    run("publish", built(), TARGET)
    run("publish", built("1.1.0"), TARGET)
    shards = {digest for path, digest in digests(built()).items() if path.startswith(SHARDS)}
    assert run("withdraw", article, folder, "--purge", TARGET, "--yes")[0] == 0
    repo = hub.repos[REPO]
    assert not shards & (set(repo.large) | set(hub.content))
    assert sorted(repo.tags) == ["v1.0.0", "v1.1.0"]
    assert content(repo, "main") == digests(built("1.1.0"))


def test_shards_that_are_kept_in_git_go_with_tag_and_history(
    hub: HubStandIn, corpus: tuple[Path, str], built: Built, run: Run
) -> None:
    folder, article = corpus
    run("publish", built(), TARGET)
    repo = hub.repos[REPO]
    for tree in repo.commits.values():
        tree.update({path: (digest, False) for path, (digest, _) in tree.items()})
    repo.large.clear()
    run("publish", built("1.1.0"), TARGET)
    code, out, _ = run("withdraw", article, folder, "--purge", TARGET, "--yes")
    assert code == 0, out
    assert "the tags v1.0.0 are deleted" in out
    assert list(repo.tags) == ["v1.1.0"]
    shards = {digest for path, digest in digests(built()).items() if path.startswith(SHARDS)}
    assert not shards & {digest for tree in repo.commits.values() for digest, _ in tree.values()}


def test_a_purge_that_does_not_take_is_an_error(
    hub: HubStandIn, corpus: tuple[Path, str], built: Built, run: Run
) -> None:
    folder, article = corpus
    run("publish", built(), TARGET)
    run("publish", built("1.1.0"), TARGET)
    hub.fault("POST", "/lfs-files/batch$", times=9, status=200)
    code, _, err = run("withdraw", article, folder, "--purge", TARGET, "--yes")
    assert code == 3
    assert "still there after the purge" in err


@pytest.mark.parametrize("call", ["/lfs-files$", pytest.param("/tree/", marks=pytest.mark.slow)])
def test_an_interrupted_purge_deletes_nothing_and_is_finished_later(
    hub: HubStandIn, corpus: tuple[Path, str], built: Built, run: Run, call: str
) -> None:
    folder, article = corpus
    run("publish", built(), TARGET)
    run("publish", built("1.1.0"), TARGET)
    fault = hub.fault("GET", call, times=99)
    assert run("withdraw", article, folder, "--purge", TARGET, "--yes")[0] == 3
    assert content(hub.repos[REPO], "v1.0.0") == digests(built())
    fault.times = 0
    assert run("withdraw", article, folder, "--purge", TARGET, "--yes")[0] == 0
