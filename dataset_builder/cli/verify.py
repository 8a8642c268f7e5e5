"""``build-dataset verify``."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import FormatOption, JsonOption, Output

if TYPE_CHECKING:
    from dataset_builder.progress import OnProgress
    from dataset_builder.snapshot.proof import Proof
    from dataset_builder.snapshot.verify import Verification


def _at_hand(snapshot: str, on_progress: OnProgress) -> AbstractContextManager[Path]:
    """The snapshot as a folder; a published one is fetched into a temporary one."""
    if "://" not in snapshot:
        return nullcontext(Path(snapshot))
    from dataset_builder.publish.fetch import fetched

    return fetched(snapshot, on_progress)


def _proof(folder: Path, article: str, on_progress: OnProgress) -> Proof:
    from dataset_builder.snapshot.proof import prove

    return prove(folder, article, on_progress=on_progress)


def _as_expected(expect: str, outcome: Verification) -> str:
    """Which of the two digests was asked for, and what that shows."""
    if expect.removeprefix("sha256:") == outcome.seal:
        return "\n  as expected: the seal, so every byte is the same"
    return f"\n  as expected: the identity, so the data are the same; the seal is {outcome.seal}"


def verify_command(
    snapshot: Annotated[
        str,
        typer.Argument(
            metavar="SNAPSHOT",
            help="The snapshot's folder, hf://datasets/ORG/NAME@REVISION, or s3://BUCKET/PREFIX.",
        ),
    ],
    expect: Annotated[
        str | None,
        typer.Option(
            "--expect",
            metavar="ID",
            help="The identity that a citation quotes (the same data), or the seal in manifest.json.sha256 (every byte"
            " the same, descriptions too).",
        ),
    ] = None,
    row: Annotated[
        str | None,
        typer.Option(
            "--row", metavar="ARTICLE_ID", help="Prove that this article was in the snapshot; --json has the proof."
        ),
    ] = None,
    withdrawals: Annotated[
        Path | None,
        typer.Option(
            "--withdrawals",
            metavar="PATH",
            help="A later version, or its withdrawals.json: say what of it this copy still holds.",
        ),
    ] = None,
    quiet: QuietOption = False,
    output_format: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a snapshot's digests, files, rows, schema, keys and card.

    Example: build-dataset verify out/seeds
    """
    from dataset_builder.addresses import shown_argument

    place = Path(shown_argument(snapshot, 4_000) if "://" in snapshot else snapshot)
    output = Output.chosen(output_format, as_json, "build-dataset verify", place, anchor="manifest.json")
    with output.errors():
        from dataset_builder.snapshot.verify import verify

        with progress(quiet) as on_progress, _at_hand(snapshot, on_progress) as folder:
            outcome = verify(folder, expect=expect, withdrawals=withdrawals, on_progress=on_progress)
            proof = _proof(folder, row, on_progress) if row is not None and outcome.valid else None
        members: dict[str, Any] = {
            name: getattr(outcome, name) for name in ("valid", "identity", "seal", "files", "rows")
        }
        rows = ", ".join(f"{name} {count}" for name, count in outcome.rows.items())
        verdict = "verified" if outcome.valid else f"NOT verified, findings: {len(outcome.issues)}"
        summary = f"{snapshot}: {verdict}\n  {outcome.files} files, rows: {rows}\n  identity {outcome.identity}"
        if expect is not None and outcome.valid:
            summary += _as_expected(expect, outcome)
        if proof is not None:
            members["proof"] = proof.as_dict()
            summary += f"\n  article  {proof.id}, {proof.leaf_index + 1} of {proof.tree_size}, is under the root"
            summary += f" {proof.merkle_root}"
        output.show(outcome.issues, members, summary)
    if not outcome.valid:
        from dataset_builder.errors import EXIT_DATA

        raise typer.Exit(EXIT_DATA)
