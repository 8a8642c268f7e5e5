"""From an address to the target, and from a snapshot and a target to a published version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dataset_builder.errors import UsageError
from dataset_builder.progress import OnProgress, silent
from dataset_builder.publish.address import Address, FolderAddress, HubAddress, S3Address, parse_address
from dataset_builder.publish.plan import Plan, Published, Target
from dataset_builder.publish.release import open_release
from dataset_builder.publish.store import Store


def publish(
    snapshot: Path, target: str, *, dry_run: bool = False, on_progress: OnProgress = silent
) -> tuple[Plan, Published | None]:
    """Publish the snapshot at an address; what would be changed, and what stands there now unless it is a dry run.

    Raises:
        UsageError: the address is none, the snapshot is private, or the target refuses it.
        SnapshotError: it does not verify.
        OutsideError: a fault on the way; the same call finishes the job.
    """
    address = parse_address(target)
    release = open_release(snapshot, on_progress)
    with open_target(address, snapshot=snapshot) as place:
        plan = place.plan(release, on_progress)
        return plan, None if dry_run else place.publish(release, plan, on_progress)


@contextmanager
def open_target(address: Address, *, snapshot: Path) -> Iterator[Target]:
    """The target at ``address``.

    Raises:
        UsageError: it cannot be one: no token, no bucket, a folder inside the snapshot.
        OutsideError: it cannot be reached.
    """
    if isinstance(address, HubAddress):
        from dataset_builder.publish.hub.target import hub_target

        with hub_target(address) as target:
            yield target
        return
    from dataset_builder.publish.versioned import VersionedTarget

    _refuse_version(address)
    if isinstance(address, FolderAddress):
        _refuse_nested(address.path, snapshot)
    with open_store(address) as store:
        yield VersionedTarget(store)


@contextmanager
def open_store(address: S3Address | FolderAddress) -> Iterator[Store]:
    """The place at ``address`` that keeps versions side by side."""
    if isinstance(address, S3Address):
        from dataset_builder.publish.s3.store import s3_store

        with s3_store(address) as store:
            yield store
        return
    from dataset_builder.publish.folder import FolderStore

    if address.path.exists() and not address.path.is_dir():
        raise UsageError(f"{address.path} is not a folder", expected="a folder, or a path where one can be made")
    yield FolderStore(address.path)


def _refuse_version(address: S3Address | FolderAddress) -> None:
    from dataset_builder.publish.versioned import is_version

    last = address.prefix.rpartition("/")[2] if isinstance(address, S3Address) else address.path.name
    if is_version(last):
        raise UsageError(
            f"the target {address} names a version",
            expected="the place that holds the versions",
            hint=f"leave {last} away; the snapshot says which version it is",
        )


def _refuse_nested(target: Path, snapshot: Path) -> None:
    inner, outer = target.resolve(), snapshot.resolve()
    if inner.is_relative_to(outer):
        raise UsageError(
            f"the target {target} is inside the snapshot",
            expected="a folder beside it",
            hint="a snapshot is sealed: nothing is added to it",
        )
