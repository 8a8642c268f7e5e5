"""``build-dataset evidence``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import EveryOption, FormatOption, JsonOption, Output
from dataset_builder.cli.visit_options import PauseOption, PrivateOption, chosen_visitor

if TYPE_CHECKING:
    from dataset_builder.evidence.gather import Gathered
    from dataset_builder.evidence.proposal import Proposal


def evidence_command(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A source, as dataset.yaml names it.")],
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder with the articles.")] = Path(),
    accept: Annotated[
        bool, typer.Option("--accept", help="Put the proposal that waits into dataset.yaml; asks nobody.")
    ] = False,
    contact: Annotated[
        str, typer.Option("--contact", metavar="TEXT", help="Your address or email, told to the sites in User-Agent.")
    ] = "",
    pause: PauseOption = 1.0,
    private: PrivateOption = False,
    every: EveryOption = False,
    quiet: QuietOption = False,
    output_format: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Capture what a source says about the use of its texts.

    Asks for its terms, home page, robots.txt, tdmrep.json, and the licences that these point to: each once, slowly,
    and only what robots.txt allows. Keeps the answers as a dated WARC file in DIR/evidence and says what has changed
    since the last one. Nothing counts until you have read it and said --accept.

    Example: build-dataset evidence ledger seeds --contact you@example.org
    """
    output = Output.chosen(output_format, as_json, "build-dataset evidence", folder, every=every)
    with output.errors():
        if accept:
            from dataset_builder.evidence.gather import accept as accept_proposal

            proposal = accept_proposal(source, folder)
            output.show((), {"source": source, "accepted": dict(proposal.values)}, accepted(proposal, folder))
            return
        from dataset_builder.evidence.gather import gather

        with progress(quiet) as on_progress:
            visitor = chosen_visitor(pause, private, contact=contact)
            result = gather(source, folder, visitor, on_progress=on_progress)
        output.show(result.issues, document(result), summary(result, folder))


def document(result: Gathered) -> dict[str, Any]:
    """The capture as one JSON object, but for the findings."""
    from dataclasses import asdict

    records = {kept.url: asdict(kept) for kept in result.kept}
    return {
        "source": result.source.name,
        "archive": result.archive,
        "captured": [
            {
                "role": item.role,
                "url": item.visit.url,
                "by": item.by or None,
                "failure": item.visit.failure or None,
                "hops": [records[hop.url] for hop in item.visit.hops],
            }
            for item in result.captured
        ],
        "statements": [
            {"url": said.url, "how": said.how, "words": said.words, "license": said.reading.expression}
            for said in result.statements
        ],
        "opt_outs": [{"url": url, "signal": signal} for url, signal in result.opt_outs],
        "earlier": result.earlier or None,
        "changes": [asdict(change) for change in result.changes],
        "proposal": dict(result.proposal.values) if result.proposal else None,
    }


def summary(result: Gathered, folder: Path) -> str:
    """What was captured, what is proposed, and what comes next."""
    from dataset_builder.visible import one_line

    lines = [f"{result.source.name}: {len(result.kept)} answers kept in {folder / result.archive}"]
    for item in result.captured:
        status = str(item.visit.hops[-1].status) if item.visit.hops and not item.visit.failure else item.visit.failure
        lines.append(f"  {item.role:8} {one_line(item.visit.url, 100)}  {one_line(status, 100)}")
    if result.earlier:
        told = ", ".join(f"{one_line(change.url, 100)} {change.what}" for change in result.changes)
        lines.append(f"  since    {result.earlier}: {told or 'nothing has changed'}")
    if result.proposal is None:
        lines.append("  next     no page of terms was captured: give terms_url in dataset.yaml")
    else:
        waiting = folder / "evidence" / f"{result.source.name}.proposal.yaml"
        lines += [f"  read     {reason}" for reason in result.proposal.why[:-1]]
        lines.append(f"  next     read {waiting}, then build-dataset evidence {result.source.name} {folder} --accept")
    return "\n".join(lines)


def accepted(proposal: Proposal, folder: Path) -> str:
    """What was written, and what comes next."""
    return (
        f"{proposal.source}: {', '.join(proposal.values)} written to {folder / 'dataset.yaml'}\n"
        f"  next     build-dataset check {folder}"
    )
