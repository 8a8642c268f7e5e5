"""``build-dataset build``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

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
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Build the snapshot of a corpus.

    Example: build-dataset build seeds --out out/seeds
    """
    from dataset_builder.cli.render import print_issues, print_json
    from dataset_builder.errors import UsageError
    from dataset_builder.pipeline import build

    if private and audience not in (None, "private"):
        raise UsageError(f"--private and --audience {audience}", expected="one of the two")
    result = build(folder, out, audience="private" if private else audience, allow_rejected=allow_rejected)
    if as_json:
        print_json(summary(result))
    else:
        print_issues(result.issues)
        print_summary(result)


def summary(result: BuildResult) -> dict[str, Any]:
    """The build as one JSON object."""
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
        "withheld": dict(withheld_by_rule(result)),
        "tables": {table.schema.name: table.rows for table in facts.tables},
        "license": facts.collection.expression or None,
        "issues": [issue.as_dict() for issue in result.issues],
    }


def withheld_by_rule(result: BuildResult) -> list[tuple[str, int]]:
    """(rule, articles) of what was not released, most first."""
    counts: dict[str, int] = {}
    for row in result.facts.licenses:
        if row.release != "full":
            counts[row.decision_rule] = counts.get(row.decision_rule, 0) + row.articles
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def print_summary(result: BuildResult) -> None:
    """What a person wants to know at the end, on standard output."""
    from dataset_builder.visible import one_line

    facts = result.facts
    accounts = facts.accounts
    parts = ("released", "withheld", "rejected", "merged", "withdrawn")
    released = [row for row in facts.licenses if row.release == "full"]
    lines = [
        f"{one_line(facts.config.title)} {facts.config.version}, {facts.config.build.audience}, {_created(result)}",
        f"  read {accounts.read} = " + " + ".join(f"{name} {getattr(accounts, name)}" for name in parts),
        *(f"  released {row.articles}: {row.source}, {row.license or 'no license'}" for row in released),
        *(f"  withheld {count}: {rule}" for rule, count in withheld_by_rule(result)),
        "  tables   " + ", ".join(f"{table.schema.name} {table.rows}" for table in facts.tables),
        f"  identity {facts.identity}",
        f"  snapshot {result.out}",
        f"  next     build-dataset verify {result.out}",
    ]
    typer.echo("\n".join(lines))


def _created(result: BuildResult) -> str:
    if result.facts.created is None:
        return "undated (no date is known)"
    origin = " (the newest article's date)" if result.facts.created_from == "newest-article" else ""
    return result.facts.created.isoformat() + origin
