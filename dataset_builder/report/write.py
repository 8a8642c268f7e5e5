"""Write the report of a snapshot to a file outside it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dataset_builder.errors import OutsideError, SnapshotError, UsageError
from dataset_builder.progress import OnProgress, Progress, silent
from dataset_builder.snapshot.manifest import MANIFEST, SEAL

if TYPE_CHECKING:
    from dataset_builder.snapshot.verify import Verification

#: Articles that the page lists at most; the figures count all.
MOST_LISTED = 100_000


@dataclass(frozen=True)
class Report:
    """A report that was written.

    Attributes:
        bytes: its size.
        articles: rows of the catalog; ``listed`` of them are in the page's table.
        valid: whether the snapshot verifies.
    """

    path: Path
    bytes: int
    articles: int
    listed: int
    valid: bool


def write_report(
    snapshot: Path,
    out: Path,
    *,
    against: Path | None = None,
    findings: Path | None = None,
    rows: int = MOST_LISTED,
    on_progress: OnProgress = silent,
) -> Report:
    """Write the report of ``snapshot`` to ``out``: one HTML page, the same bytes for the same snapshot.

    Args:
        against: an earlier snapshot; the page then begins with what has changed since.
        findings: what ``build --json`` printed of this snapshot; the page then counts the build's findings by kind.
        rows: articles that the page's table holds at most, the latest; the figures count all.

    Raises:
        UsageError: ``out`` lies in a snapshot or is a folder, one of the snapshots is no folder, or ``findings`` are of
            another snapshot.
        SnapshotError: one of them is no snapshot, or cannot be read.
        MissingDependencyError: the extra ``report`` is not installed.
        OutsideError: ``out`` cannot be written.
    """
    from dataset_builder.comparison import diff
    from dataset_builder.report.about import read_about
    from dataset_builder.report.build_findings import read_build_findings
    from dataset_builder.report.contents import page_contents
    from dataset_builder.report.measure import measure
    from dataset_builder.report.page import render_page
    from dataset_builder.report.tables import open_snapshot
    from dataset_builder.snapshot.safe_files import refuse_irregular
    from dataset_builder.snapshot.verify import verify

    for folder in filter(None, (snapshot, against)):
        refuse_irregular(folder)
    tables = open_snapshot(snapshot)
    refuse_inside(out, *filter(None, (snapshot, against)))
    about = read_about(snapshot, tables.manifest)
    found = read_build_findings(findings, about.identity) if findings else None
    verification = verify(snapshot, on_progress=on_progress)
    _refuse_bombs(verification)
    changes = diff(against, snapshot, on_progress=on_progress) if against else None
    measured = measure(tables, rows=rows, on_progress=on_progress)
    on_progress(Progress("draw", 0))
    page = render_page(page_contents(about, measured, verification, changes, found)).encode("utf-8", "replace")
    _write(out, page)
    return Report(out, len(page), measured.catalog.articles, measured.listed, verification.valid)


def _refuse_bombs(verification: Verification) -> None:
    """Tables that would fill the memory are not read: ``verify`` has found them before."""
    bombs = tuple(issue for issue in verification.issues if issue.code == "compression-bomb")
    if bombs:
        raise SnapshotError(
            f"grows to {bombs[0].found}",
            expected=bombs[0].expected,
            hint="get the snapshot again from where it was published",
            place=bombs[0].path,
            issues=bombs,
        )


def refuse_inside(out: Path, *snapshots: Path) -> None:
    """A file more would break a snapshot's seal: ``out`` must lie outside of every one.

    Raises:
        UsageError: it lies inside, or is a folder.
    """
    target = out.resolve()
    if target.is_dir():
        raise UsageError(
            f"{out} is a folder", expected="a file, such as report.html", hint=f"--out {out / 'report.html'}"
        )
    sealed = {folder.resolve() for folder in snapshots}
    for folder in target.parents:
        if folder in sealed or ((folder / MANIFEST).is_file() and (folder / SEAL).is_file()):
            raise UsageError(
                f"{out} lies inside the snapshot {folder}",
                expected="a file outside, as a snapshot is sealed: a file that its manifest does not list breaks it",
                hint=f"--out {folder.name}.html",
            )


def _write(out: Path, content: bytes) -> None:
    """Write the file whole or not at all."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(scratch).chmod(0o644)
            Path(scratch).replace(out)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(scratch).unlink()
            raise
    except OSError as error:
        raise OutsideError(
            f"cannot be written: {error.strerror or error}",
            expected="a file in a folder with room and permission to write",
            place=str(out),
        ) from error
