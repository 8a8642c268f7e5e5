"""``build-dataset rehydrate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dataset_builder.cli.progress import QuietOption, progress
from dataset_builder.cli.render import EveryOption, FormatOption, JsonOption, Output
from dataset_builder.cli.visit_options import PauseOption, PrivateOption, chosen_visitor

if TYPE_CHECKING:
    from dataset_builder.rehydrate.fetching import Fetching
    from dataset_builder.rehydrate.rehydration import Rehydration


def rehydrate_command(
    snapshot: Annotated[Path, typer.Argument(metavar="SNAPSHOT", help="A snapshot that withholds texts.")],
    originals: Annotated[Path, typer.Option("--originals", metavar="DIR", help="The folder of originals; only read.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the private snapshot goes.")],
    fetch: Annotated[
        str,
        typer.Option(
            "--fetch",
            metavar="ADDRESS",
            help="Fetch what is missing: from a web archive, by an address with {timestamp} and {url}; or from WARC "
            "files under an address, by the .cdxj indexes among the originals.",
        ),
    ] = "",
    pause: PauseOption = 1.0,
    private: PrivateOption = False,
    every: EveryOption = False,
    quiet: QuietOption = False,
    output_format: FormatOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rebuild withheld texts from the originals, for private use.

    An original counts by its digest, wherever it lies. What --fetch brings is kept in DIR/fetched. The result is a
    private snapshot and must not be published.

    Example: build-dataset rehydrate out/seeds --originals seeds --out out/full
    """
    output = Output.chosen(output_format, as_json, "build-dataset rehydrate", originals, every=every)
    with output.errors():
        from dataset_builder.rehydrate.rehydration import rehydrate

        fetching = fetching_from(fetch, pause, private=private) if fetch else None
        with progress(quiet) as on_progress:
            result = rehydrate(snapshot, originals, out, fetching=fetching, on_progress=on_progress)
        output.show(result.issues, document(result), summary(result))


def fetching_from(place: str, pause: float, *, private: bool) -> Fetching:
    """Who asks for the missing originals."""
    from dataset_builder.rehydrate.capture_index import MOST_BYTES
    from dataset_builder.rehydrate.fetching import Fetching

    return Fetching(place, chosen_visitor(pause, private, size=MOST_BYTES))


def document(result: Rehydration) -> dict[str, Any]:
    """The rehydration as one JSON object, but for the findings."""
    from dataclasses import asdict

    accounts = result.facts.accounts
    return {
        "out": str(result.out),
        "audience": result.facts.config.build.audience,
        "rehydrated": result.earlier,
        "identity": result.facts.identity,
        "wanted": result.wanted,
        "rebuilt": result.rebuilt,
        "fetched": result.fetched,
        "missing": list(result.missing),
        "rebuilt_otherwise": list(result.otherwise),
        "drifted": [asdict(drift) for drift in result.drifts],
        "accounts": asdict(accounts),
    }


def summary(result: Rehydration) -> str:
    """What a person wants to know at the end."""
    from dataset_builder.cli.release import accounts_line

    missing, drifted, otherwise = map(len, (result.missing, result.drifts, result.otherwise))
    fetched = f"fetched {result.fetched}, " if result.fetched else ""
    lines = [
        f"{result.rebuilt} of {result.wanted} withheld texts rebuilt, each with the catalog's own digest",
        f"  {fetched}missing {missing}, drifted {drifted}, cleaned to another text {otherwise}",
        f"  {accounts_line(result.facts.accounts)}",
        f"  identity {result.facts.identity}",
        f"  snapshot {result.out}, private: it must not be published",
    ]
    return "\n".join(lines)
