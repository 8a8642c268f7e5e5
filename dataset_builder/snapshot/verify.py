"""Does a snapshot hold what its manifest says? Works from the manifest and the descriptors alone.

Nothing here is imported from the code that built the snapshot but the format itself, so that it can disagree with it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from dataset_builder.access import TERMS
from dataset_builder.errors import SnapshotError, UsageError
from dataset_builder.issues import Issue
from dataset_builder.limits import DEFAULT_LIMITS
from dataset_builder.parquet_bounds import grows_beyond
from dataset_builder.progress import BYTES, OnProgress, Progress, counted, silent
from dataset_builder.snapshot.account_check import check_accounts
from dataset_builder.snapshot.card_check import check_card
from dataset_builder.snapshot.identity import file_sha256, json_sha256, snapshot_identity
from dataset_builder.snapshot.layout_check import check_layout
from dataset_builder.snapshot.manifest import MANIFEST, SEAL, read_manifest, seal_matches
from dataset_builder.snapshot.mention_check import check_mentions
from dataset_builder.snapshot.merkle_check import check_merkle
from dataset_builder.snapshot.restatement_check import check_restatement
from dataset_builder.snapshot.row_check import check_rows
from dataset_builder.snapshot.safe_files import irregular_files
from dataset_builder.snapshot.statement_check import CARD, CITATION, CROISSANT, check_statements
from dataset_builder.snapshot.table_check import PACKAGE, check_tables
from dataset_builder.snapshot.withdrawn_check import TOMBSTONES, check_withdrawn, read_tombstones
from dataset_builder.visible import one_line

#: What is read as a whole, and how large it may be; with a hundred thousand sources each of them is below.
READ_WHOLE = (PACKAGE, CARD, CITATION, CROISSANT, TOMBSTONES, TERMS)
MAX_MEMBER_BYTES = 64 * 1024 * 1024
#: Findings about a snapshot that may be whole and true.
_NO_FAULTS = {"identity-unexpected", "withdrawn-text-held"}
#: What Python and Arrow raise where a member is of another kind than it should be.
_STUMBLES = (
    *(ArithmeticError, AttributeError, LookupError, MemoryError, NotImplementedError, OSError, RecursionError),
    *(TypeError, ValueError),
)


@dataclass(frozen=True)
class Verification:
    """The outcome: the snapshot's own identity, what was checked, and what is wrong.

    Attributes:
        identity: the digest of the data, as the manifest states it; two snapshots of the same data share it.
        seal: the digest of the manifest, and so of every byte of the snapshot.
    """

    identity: str
    files: int
    rows: dict[str, int]
    issues: tuple[Issue, ...]
    seal: str = ""

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.issues


def verify(
    root: Path, *, expect: str | None = None, withdrawals: Path | None = None, on_progress: OnProgress = silent
) -> Verification:
    """Check the snapshot at ``root``.

    Args:
        expect: the identity that a citation quotes, or the seal.
        withdrawals: the withdrawals.json of a later version, or that version's folder: what this copy must not hold.
        on_progress: is told which files have been looked at, and then which check runs.

    Raises:
        UsageError: ``withdrawals`` is neither.
        SnapshotError: there is no snapshot there at all.
    """
    if irregular := irregular_files(root):
        return Verification("unknown", 0, {}, irregular)
    manifest = read_manifest(root)
    tombstones = read_tombstones(withdrawals) if withdrawals else {}
    issues: list[Issue] = []
    seal = file_sha256(root / MANIFEST)
    if not seal_matches(root):
        issues.append(Issue(SEAL, code="seal-broken", found="another digest", expected=seal))
    entries, malformed = _entries(manifest)
    issues += malformed
    issues += (vast := list(_check_members(root)))
    bombs = _contained(lambda: _check_growth(root, entries))
    steps: list[Callable[[], Iterator[Issue]]] = [
        lambda: _check_files(root, entries, on_progress),
        lambda: _check_extra(root, entries),
    ]
    if not vast:
        steps.append(lambda: _check_identity(root, manifest, entries, expect, seal))
        steps.append(lambda: check_layout(root, manifest, entries))
    if not vast and not bombs:
        steps += [
            lambda: check_tables(root, manifest, entries, on_progress),
            lambda: check_card(root, manifest),
            lambda: check_statements(root, manifest, entries),
            lambda: check_withdrawn(root, entries, tombstones),
            lambda: check_merkle(root, manifest, entries, on_progress),
        ]
    issues += bombs
    meaning: list[Callable[[], Iterator[Issue]]] = [
        lambda: check_accounts(root, manifest),
        lambda: check_restatement(root, manifest, on_progress),
        lambda: check_rows(root, manifest, on_progress),
        lambda: check_mentions(root, manifest, on_progress),
    ]
    total = len(steps) + len(meaning)
    for number, step in enumerate(steps):
        on_progress(Progress("verify", number, total, "checks"))
        issues += _contained(step)
    if {issue.code for issue in issues} <= _NO_FAULTS:  # a file that is not what it should be restates nothing
        for number, step in enumerate(meaning, start=len(steps)):
            on_progress(Progress("verify", number, total, "checks"))
            issues += _contained(step)
    rows = {
        name: table.get("rows", 0) for name, table in _mapping(manifest, "tables").items() if isinstance(table, dict)
    }
    return Verification(str(manifest.get("identity")), len(entries), rows, tuple(sorted(set(issues))), seal)


def _contained(step: Callable[[], Iterator[Issue]]) -> list[Issue]:
    """The findings of a step; what a forged manifest makes it stumble over is a finding, too."""
    found: list[Issue] = []
    try:
        found.extend(step())
    except (*_STUMBLES, UsageError) as error:
        shown = one_line(f"{type(error).__name__}: {error}")
        found.append(
            Issue(MANIFEST, code="manifest-malformed", found=shown, expected="members as build-dataset writes them")
        )
    return found


def _mapping(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    value = manifest.get(name)
    return value if isinstance(value, dict) else {}


def _entries(manifest: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], list[Issue]]:
    """The manifest's files by path; a path that leads outside is refused before anything is opened."""
    entries: dict[str, dict[str, Any]] = {}
    issues: list[Issue] = []
    files = manifest.get("files")
    for entry in files if isinstance(files, list) else []:
        path = entry.get("path") if isinstance(entry, dict) else None
        if not isinstance(path, str) or not _inside(path):
            issues.append(
                Issue(MANIFEST, code="path-outside", found=one_line(str(path)), expected="a path below the snapshot")
            )
        elif path in entries:
            issues.append(
                Issue(MANIFEST, code="manifest-malformed", found=f"{one_line(path)} twice", expected="each file once")
            )
        else:
            entries[path] = entry
    return entries, issues


def _inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return (
        bool(pure.parts) and not pure.is_absolute() and ".." not in pure.parts and "\\" not in path and "\0" not in path
    )


def _check_files(root: Path, entries: dict[str, dict[str, Any]], on_progress: OnProgress) -> Iterator[Issue]:
    sizes = {path: size if isinstance(size := entry.get("bytes"), int) else 0 for path, entry in entries.items()}
    listed = counted(
        entries.items(),
        "digest",
        on_progress,
        size=lambda it: max(sizes[it[0]], 0),
        total=max(sum(sizes.values()), 0),
        unit=BYTES,
    )
    for path, entry in listed:
        target = root / path
        shown = one_line(path)
        if not target.is_file():
            yield Issue(shown, code="file-missing", found="no such file", expected=f"{entry['bytes']} bytes")
        elif (size := target.stat().st_size) != entry["bytes"]:
            yield Issue(shown, code="file-altered", found=f"{size} bytes", expected=f"{entry['bytes']} bytes")
        elif (digest := file_sha256(target)) != entry["sha256"]:
            yield Issue(shown, code="file-altered", found=f"sha256 {digest}", expected=f"sha256 {entry['sha256']}")


def _check_extra(root: Path, entries: dict[str, dict[str, Any]]) -> Iterator[Issue]:
    for folder, subfolders, names in os.walk(root):
        here = Path(folder).relative_to(root)
        subfolders.sort()
        links = [name for name in subfolders if (root / here / name).is_symlink()]
        for name in sorted([*names, *links]):
            path = (here / name).as_posix()
            if path not in entries and path not in (MANIFEST, SEAL):
                yield Issue(one_line(path), code="file-added", found="a file that the manifest does not list")


def _check_members(root: Path) -> Iterator[Issue]:
    """Descriptions that would fill the memory when they are read as a whole; where there is one, none is read."""
    for path in READ_WHOLE:
        size = (root / path).stat().st_size if (root / path).is_file() else 0
        if size > MAX_MEMBER_BYTES:
            expected = f"at most {MAX_MEMBER_BYTES} bytes"
            yield Issue(path, code="member-too-large", found=f"{size} bytes", expected=expected)


def _check_growth(root: Path, entries: dict[str, dict[str, Any]]) -> Iterator[Issue]:
    """Tables that would fill the memory; where there is one, none is read."""
    for path in entries:
        if path.endswith(".parquet") and (root / path).is_file():
            try:
                grown = grows_beyond(root / path)
            except _STUMBLES:
                continue  # no readable Parquet file; the check of the tables says so
            if grown:
                shown, most = one_line(path), DEFAULT_LIMITS.unpacked_bytes((root / path).stat().st_size)
                found, expected = (
                    f"more than {most} decoded bytes",
                    f"at most {DEFAULT_LIMITS.unpacked_ratio} from each byte of the file",
                )
                yield Issue(shown, code="compression-bomb", found=found, expected=expected)


def _check_identity(
    root: Path, manifest: dict[str, Any], entries: dict[str, dict[str, Any]], expect: str | None, seal: str
) -> Iterator[Issue]:
    from dataset_builder.snapshot.table_check import read_schemas

    schemas = read_schemas(root)
    for table, facts in manifest["tables"].items():
        if table not in schemas and not facts["rows"]:
            continue  # a table without rows has no resource and no schema
        if table not in schemas:
            yield Issue("datapackage.json", code="schema-altered", found=f"no schema of {one_line(table)}")
        elif (digest := json_sha256(schemas[table])) != facts["schema_sha256"]:
            found = f"the schema of {one_line(table)} has sha256 {digest}"
            yield Issue("datapackage.json", code="schema-altered", found=found, expected=facts["schema_sha256"])
    shards = [(path, entry["sha256"]) for path, entry in entries.items() if path.endswith(".parquet")]
    identity = snapshot_identity(schemas, shards)
    if identity != manifest["identity"]:
        yield Issue(
            MANIFEST, field="identity", code="identity-wrong", found=str(manifest["identity"]), expected=identity
        )
    if expect is not None and expect.removeprefix("sha256:") not in (identity.removeprefix("sha256:"), seal):
        yield Issue(MANIFEST, field="identity", code="identity-unexpected", found=identity, expected=one_line(expect))


def require_valid(root: Path, on_progress: OnProgress = silent) -> Verification:
    """:func:`verify`, as an error.

    Raises:
        SnapshotError: something is wrong; ``issues`` lists it.
    """
    outcome = verify(root, on_progress=on_progress)
    if not outcome.valid:
        raise SnapshotError(f"{root} does not verify: {len(outcome.issues)} findings", issues=outcome.issues)
    return outcome
