"""``build-dataset publish``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import JsonOption, Output
from dataset_builder.cli.sizes import byte_size
from dataset_builder.cli.terminal import interruptible

if TYPE_CHECKING:
    from dataset_builder.progress import OnProgress
    from dataset_builder.publish.deposit.deposit import Deposit
    from dataset_builder.publish.plan import Plan, Published

#: Step of a deposit -> what was done, what would be.
_STEPS = {
    "reserve": ("a draft is made, and its DOI noted in dataset.yaml", "would make a draft and reserve a DOI"),
    "upload": ("the snapshot is in the draft, with every checksum", "would send the snapshot into the draft"),
    "published": ("this version is published there already", "this version is published there already"),
}
#: Files that are listed for people; --json lists all.
_LISTED = 20


def publish_command(
    snapshot: Annotated[Path, typer.Argument(metavar="SNAPSHOT", help="The snapshot's folder.")],
    target: Annotated[
        str | None,
        typer.Argument(metavar="[TARGET]", help="hf://datasets/ORG/NAME, s3://BUCKET/PREFIX, or a folder."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the plan: new, changed and deleted files and bytes.")
    ] = False,
    doi: Annotated[
        str | None,
        typer.Option("--doi", metavar="PLACE", help="Prepare a deposit with a DOI: zenodo, or an InvenioRDM address."),
    ] = None,
    corpus: Annotated[
        Path, typer.Option("--corpus", metavar="DIR", help="Where dataset.yaml lies, to note a reserved DOI in it.")
    ] = Path(),
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Publish a snapshot to the Hub, S3, Zenodo or a folder.

    Writes it, reads it back, compares every digest, and only then names it. A private snapshot, or one that does not
    verify, is refused. Interrupted, the same call finishes the job.

    Example: build-dataset publish out/seeds hf://datasets/org/seeds --dry-run
    """
    output = Output.chosen(None, as_json, "build-dataset publish", snapshot, anchor="manifest.json")
    with output.errors(), interruptible("a version is named only when it is whole, and the same call finishes it"):
        from dataset_builder.errors import UsageError

        if (target is None) == (doi is None):
            raise UsageError(
                "no target" if target is None else "a target and --doi",
                expected="one of the two",
                hint="a deposit comes first: its DOI goes into the next build, which is then published",
            )
        if target is not None:
            from dataset_builder.publish.targets import publish

            with progress(quiet) as on_progress:
                plan, done = publish(snapshot, target, dry_run=dry_run, on_progress=on_progress)
            output.show((), document(plan, done), "\n".join(summary(plan, done)))
        elif doi is not None:
            with progress(quiet) as on_progress:
                deposit = _deposit(snapshot, doi, corpus, on_progress, dry_run=dry_run)
            output.show((), deposit_document(deposit), "\n".join(deposit_summary(deposit)))


def _deposit(snapshot: Path, place: str, corpus: Path, on_progress: OnProgress, *, dry_run: bool) -> Deposit:
    from dataset_builder.publish.deposit.deposit import prepare_deposit
    from dataset_builder.publish.release import open_release

    release = open_release(snapshot, on_progress)
    return prepare_deposit(release, place, corpus, dry_run=dry_run, on_progress=on_progress)


def summary(plan: Plan, done: Published | None) -> list[str]:
    """What is or would be changed, and how to load it."""
    if plan.published:
        head = f"{plan.target} {plan.tag}: published already, with every digest as it is here"
    elif done:
        head = f"{plan.target} {plan.tag}: published, read back and compared"
    else:
        head = f"{plan.target} {plan.tag}: nothing was sent"
    lines = [head, f"  identity  {plan.identity}"]
    if plan.creates:
        lines.append("  the repository is new")
    for name in ("new", "changed", "deleted"):
        changes = getattr(plan, name)
        if changes:
            lines.append(f"  {name:9} {_count(len(changes))}, {byte_size(sum(change.bytes for change in changes))}")
            lines += [f"            {_shown(change.path)}  {byte_size(change.bytes)}" for change in changes[:_LISTED]]
        if len(changes) > _LISTED:
            lines.append(f"            and {len(changes) - _LISTED} more; --json lists all")
    lines.append(f"  unchanged {_count(plan.unchanged)}")
    if done:
        lines += [f"  revision  {done.revision}", f"  load      {done.load}"]
        lines += [f"  note      {note}" for note in done.notes]
    elif not plan.published:
        lines.append("  next      the same call without --dry-run")
    return lines


def document(plan: Plan, done: Published | None) -> dict[str, Any]:
    """The plan and what became of it as one JSON object."""
    from dataclasses import asdict

    members = asdict(plan)
    del members["base"]
    outcome = {"done": done is not None, "revision": done and done.revision, "load": done and done.load}
    return {**members, **outcome, **({"notes": list(done.notes)} if done and done.notes else {})}


def deposit_summary(deposit: Deposit) -> list[str]:
    """How far the deposit is, and what comes next."""
    did, would = _STEPS[deposit.step]
    lines = [f"{deposit.place}: {would if deposit.dry_run else did}"]
    lines += [f"  doi       {deposit.doi}"] if deposit.doi else []
    lines += [f"  record    {deposit.record}"] if deposit.record else []
    lines += [f"  file      {_shown(key)}" for key in deposit.files]
    return [*lines, f"  next      {deposit.next}"] if deposit.next else lines


def deposit_document(deposit: Deposit) -> dict[str, Any]:
    """The deposit as one JSON object."""
    from dataclasses import asdict

    return asdict(deposit)


def _count(files: int) -> str:
    return f"{files} file{'' if files == 1 else 's'}"


def _shown(path: str) -> str:
    from dataset_builder.visible import one_line

    return one_line(path, 120)
