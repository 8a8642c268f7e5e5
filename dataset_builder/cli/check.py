"""``build-dataset check``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import FormatOption, JsonOption, Output
from dataset_builder.cli.terminal import interruptible
from dataset_builder.cli.work_options import CacheOption, NoCacheOption, WorkersOption

if TYPE_CHECKING:
    from dataset_builder.checking import CheckResult
    from dataset_builder.personal_data import PersonalData


def check_command(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder with the articles.")] = Path(),
    audience: Annotated[
        str | None, typer.Option("--audience", help="public, restricted or private; overrides dataset.yaml.")
    ] = None,
    privacy: Annotated[
        bool,
        typer.Option("--privacy", help="Count e-mail addresses and telephone numbers in what would be released."),
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Show every finding, not the first ones of each kind.")] = False,
    workers: WorkersOption = None,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
    output_format: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run every check of a corpus, and write nothing.

    Finds what a build would find: the configuration, every file and record, every article's rights, the released rows
    against their schemas, and whether the licences of the release go together. Exit code 1 if a build would fail.

    Example: build-dataset check seeds --output-format github
    """
    output = Output.chosen(output_format, as_json, "build-dataset check", folder, every=every)
    with output.errors():
        from dataset_builder.checking import check
        from dataset_builder.cli.work_options import chosen_cache

        kept = chosen_cache(cache, no_cache)
        with interruptible("nothing was written"), progress(quiet) as on_progress:
            result = check(
                folder, audience=audience, workers=workers, cache=kept, privacy=privacy, on_progress=on_progress
            )
        output.show(result.issues, document(result), summary(result, folder), aloud=True)
    if not result.valid:
        from dataset_builder.errors import EXIT_DATA

        raise typer.Exit(EXIT_DATA)


def document(result: CheckResult) -> dict[str, Any]:
    """The check as one JSON object, but for the findings."""
    from dataclasses import asdict

    from dataset_builder.cli.release import withheld_by_rule

    return {
        "valid": result.valid,
        "name": result.config.name,
        "version": result.config.version,
        "audience": result.config.build.audience,
        "accounts": asdict(result.accounts),
        "withheld": dict(withheld_by_rule(result.licenses)),
        "release": [asdict(row) for row in result.licenses],
        "license": result.license or None,
        **({} if result.personal_data is None else {"personal_data": [asdict(one) for one in result.personal_data]}),
    }


def summary(result: CheckResult, folder: Path) -> str:
    """The verdict and the plan of the release, for people."""
    from dataset_builder.cli.release import accounts_line, release_lines
    from dataset_builder.findings.report import count_by_severity
    from dataset_builder.visible import one_line

    counts = count_by_severity(result.issues)
    found = ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts.items())
    verdict = "would build" if result.valid else "would NOT build"
    lines = [
        f"{one_line(result.config.title)} {result.config.version}, {result.config.build.audience}: {verdict}; {found}",
        f"  {accounts_line(result.accounts)}",
        *release_lines(result.licenses, reasons=True, policy=result.config.policy_path),
        *personal_lines(result.personal_data),
    ]
    if result.valid:
        lines.append(f"  next     build-dataset build {folder}")
    else:
        lines.append("  next     mend the errors above; build-dataset docs CODE explains each")
    return "\n".join(lines)


def personal_lines(counted: Sequence[PersonalData] | None) -> list[str]:
    """What was counted of personal data, over all sources; nothing where nobody asked."""
    from dataset_builder.personal_data import KINDS

    if counted is None:
        return []
    sums = {kind: sum(one.kinds[kind].found for one in counted) for kind in KINDS}
    told = ", ".join(f"{found} {KINDS[kind][found != 1]}" for kind, found in sums.items())
    return [f"  personal data in {sum(one.articles for one in counted)} released articles: {told}"]
