"""``build-dataset build``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import FormatOption, JsonOption, Output
from dataset_builder.cli.terminal import interruptible
from dataset_builder.cli.work_options import (
    AddressOption,
    CacheOption,
    EngineName,
    EngineOption,
    NoCacheOption,
    StorageOption,
    WorkersOption,
)

if TYPE_CHECKING:
    from dataset_builder.pipeline import BuildResult


def build_command(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="The folder with the articles.")] = Path(),
    out: Annotated[Path | None, typer.Option("--out", help="Where the snapshot goes; default out/NAME.")] = None,
    audience: Annotated[
        str | None, typer.Option("--audience", help="public, restricted or private; overrides dataset.yaml.")
    ] = None,
    private: Annotated[bool, typer.Option("--private", help="Short for --audience private.")] = False,
    allow_rejected: Annotated[
        bool, typer.Option("--allow-rejected", help="Build without the articles that are rejected.")
    ] = False,
    workers: WorkersOption = None,
    engine: EngineOption = EngineName.LOCAL,
    address: AddressOption = None,
    storage: StorageOption = None,
    cache: CacheOption = None,
    no_cache: NoCacheOption = False,
    quiet: QuietOption = False,
    output_format: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build the snapshot of a corpus.

    Example: build-dataset build seeds --out out/seeds
    """
    output = Output.chosen(output_format, as_json, "build-dataset build", folder)
    with output.errors():
        from dataset_builder.cli.work_options import chosen_cache, chosen_engine
        from dataset_builder.errors import UsageError
        from dataset_builder.pipeline import build

        if private and audience not in (None, "private"):
            raise UsageError(f"--private and --audience {audience}", expected="one of the two")
        kept = chosen_cache(cache, no_cache)
        with interruptible(_left(kept)), progress(quiet) as on_progress:
            result = build(
                folder,
                out,
                audience="private" if private else audience,
                allow_rejected=allow_rejected,
                engine=chosen_engine(engine, workers, address, storage),
                cache=kept,
                on_progress=on_progress,
            )
        output.show(result.issues, document(result), summary(result))


def _left(cache: Path | None) -> str:
    """What an interrupt leaves behind."""
    before = "what was at --out before is untouched"
    return f"{before}, and the next build goes on from what is finished" if cache else before


def document(result: BuildResult) -> dict[str, Any]:
    """The build as one JSON object, but for the findings."""
    from dataset_builder.cli.release import withheld_by_rule

    facts = result.facts
    accounts = facts.accounts
    return {
        "name": facts.config.name,
        "version": facts.config.version,
        "created": facts.created,
        "created_from": facts.created_from,
        "audience": facts.config.build.audience,
        "out": str(result.out),
        "identity": facts.identity,
        "accounts": {name: getattr(accounts, name) for name in accounts.__dataclass_fields__},
        "withheld": dict(withheld_by_rule(facts.licenses)),
        "tables": {table.schema.name: table.rows for table in facts.tables},
        "license": facts.collection.expression or None,
    }


def summary(result: BuildResult) -> str:
    """What a person wants to know at the end."""
    from dataset_builder.cli.release import accounts_line, release_lines
    from dataset_builder.visible import one_line

    facts = result.facts
    lines = [
        f"{one_line(facts.config.title)} {facts.config.version}, {facts.config.build.audience}, {_created(result)}",
        f"  {accounts_line(facts.accounts)}",
        *release_lines(facts.licenses, reasons=True),
        "  tables   " + ", ".join(f"{table.schema.name} {table.rows}" for table in facts.tables),
        f"  identity {facts.identity}",
        f"  snapshot {result.out}",
        f"  next     build-dataset verify {result.out}",
    ]
    return "\n".join(lines)


def _created(result: BuildResult) -> str:
    if result.facts.created is None:
        return "undated (no date is known)"
    origin = " (the newest article's date)" if result.facts.created_from == "newest-article" else ""
    return result.facts.created.isoformat() + origin
