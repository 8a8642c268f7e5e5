"""``publish SNAPSHOT s3://…`` against a moto server, and to a folder: versions side by side, ``latest.json`` last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dataset_builder.errors import OutsideError
from dataset_builder.publish.address import FolderAddress, S3Address
from dataset_builder.publish.release import open_release
from dataset_builder.publish.store import Store
from dataset_builder.publish.targets import open_store
from dataset_builder.publish.versioned import POINTER, VersionedTarget
from publishing import WITH_DOI, Built, Run, article_ids, digests, identity

S3 = "s3://harbour/notes"


@pytest.fixture(params=["s3", "folder"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A target of each kind."""
    if request.param == "folder":
        return str(tmp_path / "published")
    request.getfixturevalue("bucket")
    return S3


@contextmanager
def store_of(place: str) -> Iterator[Store]:
    address = S3Address("harbour", "notes") if place == S3 else FolderAddress(Path(place))
    with open_store(address) as store:
        yield store


def held(place: str, below: str) -> dict[str, str]:
    """Path -> SHA-256 of what is there."""
    with store_of(place) as store:
        contents = {path: store.peek(f"{below}/{path}", 10**9) or b"" for path in store.listing(below)}
    return {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}


def pointer(place: str) -> dict[str, Any] | None:
    with store_of(place) as store:
        content = store.peek(POINTER, 10**6)
    return json.loads(content) if content else None


def test_versions_stand_side_by_side(place: str, built: Built, run: Run) -> None:
    for version in ("1.0.0", "1.1.0"):
        code, out, err = run("publish", built(version), place, "--json")
        assert code == 0, out + err
        assert json.loads(out)["revision"] == f"{place}/v{version}"
        assert pointer(place) == {
            "format": "news-dataset-latest/1",
            "name": "harbour-notes",
            "version": version,
            "path": f"v{version}",
            "identity": identity(built(version)),
            "manifest_sha256": digests(built(version))["manifest.json"],
        }
    for version in ("1.0.0", "1.1.0"):
        assert held(place, f"v{version}") == digests(built(version))


def test_a_dry_run_writes_nothing(place: str, built: Built, run: Run) -> None:
    code, out, _ = run("publish", built(), place, "--dry-run", "--json")
    assert code == 0
    assert len(json.loads(out)["new"]) == len(digests(built()))
    with store_of(place) as store:
        assert store.listing("") == {}


def test_a_second_run_has_nothing_to_do(place: str, built: Built, run: Run) -> None:
    run("publish", built(), place)
    with store_of(place) as store:
        before = store.generations()
    code, out, _ = run("publish", built(), place)
    assert code == 0
    assert "published already" in out
    with store_of(place) as store:
        assert store.generations() == before


def test_a_version_with_other_content_is_refused(place: str, built: Built, run: Run) -> None:
    run("publish", built(), place)
    code, _, err = run("publish", built(extra=WITH_DOI), place)
    assert code == 2
    assert "published with other content" in err
    assert held(place, "v1.0.0") == digests(built())


def test_the_pointer_never_goes_back(place: str, built: Built, run: Run) -> None:
    run("publish", built("1.1.0"), place)
    assert run("publish", built(), place)[0] == 0
    assert held(place, "v1.0.0") == digests(built())
    assert (pointer(place) or {})["version"] == "1.1.0"


def test_another_dataset_stays(place: str, built: Built, run: Run) -> None:
    with store_of(place) as store:
        Path(place).mkdir(exist_ok=True) if place != S3 else None
        store.replace(POINTER, b'{"format": "news-dataset-latest/1", "name": "river-notes"}', None)
    code, _, err = run("publish", built(), place)
    assert code == 2
    assert "river-notes" in err


def test_a_target_that_names_a_version_is_refused(place: str, built: Built, run: Run) -> None:
    code, _, err = run("publish", built(), f"{place}/v1.0.0")
    assert code == 2
    assert "names a version" in err


def test_the_printed_line_loads_it(place: str, built: Built, run: Run, tmp_path: Path, monkeypatch: Any) -> None:
    """The line runs as it is printed; the dataset has the released articles, and no others."""
    import datasets
    from datasets import load_dataset

    if place == S3:
        pytest.importorskip("s3fs", reason="s3fs is not installed; it is in the extra s3")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", False)
    line = json.loads(run("publish", built(), place, "--json")[1])["load"]
    loaded = eval(line, {"load_dataset": load_dataset})
    assert sorted(loaded["id"]) == article_ids(built())


class InterruptedError_(OutsideError):
    """The connection is gone."""


@pytest.mark.parametrize("done", [0, *(pytest.param(count, marks=pytest.mark.slow) for count in (1, 5, 11)), 12])
def test_an_interrupted_upload_is_finished(
    done: int, bucket: Any, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files come one by one, manifest and seal last; nothing points to a version that is not whole."""
    from dataset_builder.publish.s3 import store

    added: Callable[..., None] = store.S3Store._add
    count = iter(range(1000))

    def failing(self: Any, path: str, file: Any) -> None:
        if next(count) == done:
            raise InterruptedError_("the connection was cut")
        added(self, path, file)

    with monkeypatch.context() as patch:
        patch.setattr(store.S3Store, "_add", failing)
        assert run("publish", built(), S3)[0] == 3
    arrived = held(S3, "v1.0.0")
    assert len(arrived) == done
    assert pointer(S3) is None
    assert not {"manifest.json.sha256"} & set(arrived)
    code, _, _ = run("verify", f"{S3}/v1.0.0")
    assert code == 1, "a version that is not whole does not verify"
    assert run("publish", built(), S3)[0] == 0
    assert held(S3, "v1.0.0") == digests(built())


def test_an_interrupted_copy_is_not_there(
    built: Built, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataset_builder.publish import folder

    target = tmp_path / "published"
    copied = folder._copy
    count = iter(range(1000))

    def failing(file: Any, place: Path) -> None:
        if next(count) == 4:
            raise OSError(28, "No space left on device")
        copied(file, place)

    with monkeypatch.context() as patch:
        patch.setattr(folder, "_copy", failing)
        code, _, err = run("publish", built(), target)
    assert code == 3
    assert "No space left" in err
    assert list(target.iterdir()) == []
    assert run("publish", built(), target)[0] == 0
    assert sorted(entry.name for entry in target.iterdir()) == ["latest.json", "v1.0.0"]


def test_what_is_read_back_otherwise_is_not_pointed_to(bucket: Any, built: Built, run: Run) -> None:
    """Somebody writes into the version between our writing and our reading."""
    release = open_release(built())

    class Meddling:
        def __init__(self, store: Store) -> None:
            self.store = store

        def __getattr__(self, name: str) -> Any:
            return getattr(self.store, name)

        def add_version(self, folder: str, files: Any, on_progress: Any) -> None:
            self.store.add_version(folder, files, on_progress)
            bucket.put_object(Bucket="harbour", Key=f"notes/{folder}/README.md", Body=b"Mine.")

    with store_of(S3) as store:
        target = VersionedTarget(Meddling(store))  # type: ignore[arg-type]
        with pytest.raises(OutsideError, match=r"does not hold what was sent: README\.md"):
            target.publish(release, target.plan(release))
    assert pointer(S3) is None


def test_two_at_once_do_not_overwrite_each_other(bucket: Any, built: Built) -> None:
    """A key that is there is never written again, and the pointer only upon what was read."""
    release = open_release(built())
    with store_of(S3) as store:
        bucket.put_object(Bucket="harbour", Key="notes/v1.0.0/README.md", Body=b"Theirs.")
        store._add("v1.0.0/README.md", release.files[0])  # type: ignore[attr-defined]
        assert store.peek("v1.0.0/README.md", 100) == b"Theirs."
        store.replace(POINTER, b"{}", None)
        with pytest.raises(OutsideError, match="somebody else"):
            store.replace(POINTER, b"[]", None)
        with pytest.raises(OutsideError, match="somebody else"):
            store.replace(POINTER, b"[]", b"{ }")
        store.replace(POINTER, b"[]", b"{}")
        assert store.peek(POINTER, 100) == b"[]"


def test_a_restricted_snapshot_wants_a_closed_bucket(bucket: Any, built: Built, run: Run) -> None:
    restricted = built(audience="restricted", extra=WITH_DOI)
    code, _, err = run("publish", restricted, S3)
    assert code == 2
    assert "does not block public access" in err
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    for closed in (names[:3], names):
        block = {name: name in closed for name in names}
        bucket.put_public_access_block(Bucket="harbour", PublicAccessBlockConfiguration=block)
        assert run("publish", restricted, S3)[0] == (0 if closed == names else 2)


def test_a_restricted_snapshot_wants_a_closed_folder(built: Built, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "published"
    target.mkdir(mode=0o755)
    code, _, err = run("publish", built(audience="restricted", extra=WITH_DOI), target)
    assert code == 2
    assert "everybody on this machine may enter" in err
    target.chmod(0o750)
    assert run("publish", built(audience="restricted", extra=WITH_DOI), target)[0] == 0


def test_verify_of_a_prefix(bucket: Any, built: Built, run: Run) -> None:
    run("publish", built(), S3)
    run("publish", built("1.1.0"), S3)
    for place, version in ((S3, "1.1.0"), (f"{S3}/", "1.1.0"), (f"{S3}/v1.0.0", "1.0.0")):
        code, out, _ = run("verify", place, "--expect", identity(built(version)), "--json")
        assert code == 0, out
    code, _, err = run("verify", "s3://harbour/elsewhere")
    assert code == 1
    assert "is no snapshot" in err


@pytest.mark.parametrize("change", ["flip", "delete", "add", "grow", "outside"])
def test_verify_of_a_prefix_finds_what_was_done_to_it(change: str, bucket: Any, built: Built, run: Run) -> None:
    run("publish", built(), S3)
    key = f"notes/v1.0.0/{min(path for path in digests(built()) if path.startswith('articles/'))}"
    body = bucket.get_object(Bucket="harbour", Key=key)["Body"].read()
    expected = {"flip": "file-altered", "delete": "file-missing", "grow": "file-altered"}.get(change, "file-added")
    if change == "delete":
        bucket.delete_object(Bucket="harbour", Key=key)
    elif change in ("flip", "grow"):
        flipped = bytes([*body[:100], body[100] ^ 1, *body[101:]])
        bucket.put_object(Bucket="harbour", Key=key, Body=flipped if change == "flip" else body + b"x")
    else:
        name = "articles/extra.parquet" if change == "add" else "../../../escaped"
        bucket.put_object(Bucket="harbour", Key=f"notes/v1.0.0/{name}", Body=b"x")
    code, out, _ = run("verify", f"{S3}/v1.0.0", "--json")
    assert code == 1
    assert expected in {issue["code"] for issue in json.loads(out)["issues"]}


def test_errors_of_s3(bucket: Any, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, err = run("publish", built(), "s3://not-there/notes")
    assert code == 2
    assert "there is no such bucket" in err
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    code, _, err = run("publish", built(), S3)
    assert code == 3
    assert "to mend it" in err
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    code, _, err = run("publish", built(), S3)
    assert code == 2
    assert "no credentials" in err


@pytest.mark.parametrize(
    ("answer", "exit_code", "found"),
    [
        ("RequestTimeTooSkewed", 3, "clock is wrong"),
        ("AccessDenied", 2, "no right"),
        ("ExpiredToken", 2, "expired"),
        ("SlowDown", 3, "fewer calls"),
        ("InternalError", 3, "call again"),
        ("EntityTooLarge", 2, "mend what it says"),
    ],
)
def test_what_s3_answers_is_explained(answer: str, exit_code: int, found: str) -> None:
    from botocore.exceptions import ClientError

    from dataset_builder.errors import DatasetBuilderError
    from dataset_builder.publish.s3.faults import explained

    status = {"InternalError": 500, "SlowDown": 503}.get(answer, 403)
    said = {"Code": answer, "Message": "The key AKIAIOSFODNN7EXAMPLE and Signature=abcdef0123"}
    response = {"Error": said, "ResponseMetadata": {"HTTPStatusCode": status}}
    with pytest.raises(DatasetBuilderError) as caught, explained("write it", S3):
        raise ClientError(response, "PutObject")
    assert caught.value.exit_code == exit_code
    assert found in str(caught.value)
    assert "AKIA" not in str(caught.value)
    assert "abcdef" not in str(caught.value)


def test_without_boto3_the_extra_is_named(built: Built, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "boto3", None)
    code, _, err = run("publish", built(), S3)
    assert code == 2
    assert 'pip install "news-dataset-builder[s3]"' in err


def test_a_snapshot_is_not_published_into_itself(built: Built, run: Run) -> None:
    code, _, err = run("publish", built(), built() / "published")
    assert code == 2
    assert "inside the snapshot" in err
