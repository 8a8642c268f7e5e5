"""What Python programs and notebooks call: the engine of the command line, as functions.

Paths may be texts or :class:`os.PathLike`. Every error is a :class:`dataset_builder.errors.DatasetBuilderError`, which
says what was found, what was expected and what to do; findings about articles are values (``issues``), not errors.
Nothing is printed, and what a function needs is imported when it is called.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from dataset_builder.snapshot.opened import Snapshot

if TYPE_CHECKING:
    from dataset_builder.checking import CheckResult
    from dataset_builder.comparison import Difference
    from dataset_builder.pipeline import BuildResult
    from dataset_builder.progress import OnProgress
    from dataset_builder.publish.plan import Plan, Published
    from dataset_builder.snapshot.proof import Proof
    from dataset_builder.snapshot.verify import Verification

    StrPath = str | os.PathLike[str]

__all__ = ["Snapshot", "build", "check", "cite", "diff", "load", "prove", "publish_snapshot", "verify"]


def build(
    folder: StrPath,
    out: StrPath | None = None,
    *,
    audience: str | None = None,
    allow_rejected: bool = False,
    workers: int | None = None,
    on_progress: OnProgress | None = None,
) -> BuildResult:
    """Build the snapshot of the corpus in ``folder``.

    Args:
        out: where the snapshot goes; default ``out/NAME``. A snapshot that is there already is exchanged at the end.
        audience: ``public``, ``restricted`` or ``private``; overrides dataset.yaml.
        allow_rejected: build without the articles that are rejected.
        workers: processes; default as many as pay. The result does not depend on it.
        on_progress: is called with a :class:`dataset_builder.progress.Progress` now and then; what it raises ends the
            build, and ``out`` stays as it was.

    Returns:
        Where the snapshot is (``out``), what became of every article (``accounts``), what was measured (``facts``) and
        every finding (``issues``).

    Raises:
        ConfigError: dataset.yaml is wrong.
        UsageError: the folder is not there, or ``out`` is something that is not ours to replace.
        CorpusError: an article was rejected; ``issues`` lists every finding. ``out`` is untouched.
        OutsideError: the disk failed.
    """
    from dataset_builder import pipeline
    from dataset_builder.progress import silent

    return pipeline.build(
        Path(folder),
        None if out is None else Path(out),
        audience=audience,
        allow_rejected=allow_rejected,
        workers=workers,
        on_progress=on_progress or silent,
    )


def check(
    folder: StrPath,
    *,
    audience: str | None = None,
    workers: int | None = None,
    privacy: bool = False,
    on_progress: OnProgress | None = None,
) -> CheckResult:
    """Run every check that a build makes of the corpus in ``folder``, and write nothing.

    Args:
        audience: ``public``, ``restricted`` or ``private``; overrides dataset.yaml.
        privacy: whether e-mail addresses and telephone numbers are counted in the texts of the release
            (``personal_data``); needs the extra ``privacy``.
        workers, on_progress: as in :func:`build`.

    Returns:
        Whether a build would succeed (``valid``), its accounts, the plan of its release and every finding.

    Raises:
        ConfigError: dataset.yaml is wrong.
        UsageError: the folder is not there.
        CorpusError: there is no article to check.
        OutsideError: the disk failed.
    """
    from dataset_builder import checking
    from dataset_builder.progress import silent

    told = on_progress or silent
    return checking.check(Path(folder), audience=audience, workers=workers, privacy=privacy, on_progress=told)


def verify(
    snapshot: StrPath,
    *,
    expect: str | None = None,
    withdrawals: StrPath | None = None,
    on_progress: OnProgress | None = None,
) -> Verification:
    """Check a snapshot's digests, files, rows, schema, keys, card and Merkle root.

    Args:
        expect: the identity that a citation quotes (the same data), or the seal (every byte the same).
        withdrawals: a later version, or its withdrawals.json: what this copy must not hold.
        on_progress: as in :func:`build`.

    Returns:
        Whether nothing is wrong (``valid``), the snapshot's identity, and every finding (``issues``).

    Raises:
        UsageError: ``withdrawals`` is neither.
        SnapshotError: there is no snapshot there at all.
    """
    from dataset_builder.progress import silent
    from dataset_builder.snapshot.verify import verify as verified

    later = None if withdrawals is None else Path(withdrawals)
    return verified(Path(snapshot), expect=expect, withdrawals=later, on_progress=on_progress or silent)


def prove(snapshot: StrPath, article: str, *, on_progress: OnProgress | None = None) -> Proof:
    """The proof that an article was in a snapshot, as ``verify --row`` gives it.

    Args:
        article: its id, or the beginning of it.
        on_progress: as in :func:`build`.

    Returns:
        The catalog's row and the hashes that lead from it to the Merkle root; ``as_dict()`` is what to hand on.

    Raises:
        UsageError: ``article`` is no id, or several articles begin with it.
        SnapshotError: no article of this snapshot has it, or the catalog does not lead to the root.
    """
    from dataset_builder.progress import silent
    from dataset_builder.snapshot.proof import prove as proven

    return proven(Path(snapshot), article, on_progress=on_progress or silent)


def cite(
    snapshot: StrPath, style: str = "bibtex", *, article: str = "", repository: str = "", revision: str = ""
) -> str:
    """The citation of a snapshot, or of one article in it.

    Args:
        style: ``bibtex``, ``apa``, ``cff``, ``ris``, ``csl-json`` or ``datacite``.
        article: the id of an article, or the beginning of one.
        repository: ``ORG/NAME`` on the Hub, where it is published: adds the line that loads it.
        revision: commit or tag of that line; default the tag that ``publish`` sets, ``v`` and the version.

    Raises:
        UsageError: there is no such style or article, or that is no name of a repository or revision.
        SnapshotError: there is no snapshot, or its descriptions cannot be read.
    """
    from dataset_builder.describe.cite import pinned, read_article_citation, read_citation_facts, render_citation

    root = Path(snapshot)
    facts = read_article_citation(root, article) if article else read_citation_facts(root)
    return render_citation(pinned(facts, repository, revision) if repository else facts, style)


def diff(old: StrPath, new: StrPath, *, limit: int = 50, on_progress: OnProgress | None = None) -> Difference:
    """What has changed from one snapshot to another, and which version follows.

    Args:
        limit: articles that are listed of each kind; 0 lists all. Counts are always whole.
        on_progress: as in :func:`build`.

    Raises:
        UsageError: a folder is not there.
        SnapshotError: it is no snapshot, or a shard of it cannot be read.
    """
    from dataset_builder.comparison import diff as compared
    from dataset_builder.progress import silent

    return compared(Path(old), Path(new), limit=limit, on_progress=on_progress or silent)


def publish_snapshot(
    snapshot: StrPath, target: str, *, dry_run: bool = False, on_progress: OnProgress | None = None
) -> Plan | Published:
    """Publish a snapshot: write it, read it back, compare every digest, then name it. The same call finishes what was
    interrupted.

    Args:
        target: ``hf://datasets/ORG/NAME``, ``s3://BUCKET/PREFIX``, or a folder.
        dry_run: change nothing, and return the plan.
        on_progress: as in :func:`build`.

    Returns:
        What stands there now (``revision``, ``load``, and the ``plan`` that was carried out), or the plan alone.

    Raises:
        UsageError: the snapshot is private, or the target refuses it.
        SnapshotError: it does not verify.
        MissingDependencyError: the extra that the target needs is not installed.
        OutsideError: a fault on the way.
    """
    from dataset_builder.progress import silent
    from dataset_builder.publish.targets import publish as published

    plan, done = published(Path(snapshot), target, dry_run=dry_run, on_progress=on_progress or silent)
    return done or plan


def load(snapshot: StrPath) -> Snapshot:
    """Open a snapshot: its manifest now, its tables when they are asked for.

    Raises:
        UsageError: the folder is not there.
        SnapshotError: it is no snapshot.
    """
    return Snapshot.open(Path(snapshot))
