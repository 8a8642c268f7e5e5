"""The Typer application: which commands there are, and what an error looks like."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.cli.build import build_command
from dataset_builder.cli.cache import cache_command
from dataset_builder.cli.check import check_command
from dataset_builder.cli.cite import cite_command
from dataset_builder.cli.crate import crate_command
from dataset_builder.cli.diff import diff_command
from dataset_builder.cli.docs import docs_command
from dataset_builder.cli.doctor import doctor_command
from dataset_builder.cli.evidence import evidence_command
from dataset_builder.cli.explain import explain_command
from dataset_builder.cli.init import init_command
from dataset_builder.cli.lint import lint_command
from dataset_builder.cli.publish import publish_command
from dataset_builder.cli.rehydrate import rehydrate_command
from dataset_builder.cli.report import report_command
from dataset_builder.cli.schema import schema_command
from dataset_builder.cli.validate import validate_command
from dataset_builder.cli.verify import verify_command
from dataset_builder.cli.withdraw import withdraw_command
from dataset_builder.errors import EXIT_CALL, EXIT_OUTSIDE, DatasetBuilderError

app = typer.Typer(
    name="build-dataset",
    help="From a folder of news articles to a dataset snapshot that can be loaded, verified and cited.",
    no_args_is_help=False,
    rich_markup_mode=None,  # Rich costs 0.2 s of start-up
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("init")(init_command)
app.command("check")(check_command)
app.command("build")(build_command)
app.command("explain")(explain_command)
app.command("lint")(lint_command)
app.command("verify")(verify_command)
app.command("validate")(validate_command)
app.command("cite")(cite_command)
app.command("diff")(diff_command)
app.command("report")(report_command)
app.command("evidence")(evidence_command)
app.command("crate")(crate_command)
app.command("publish")(publish_command)
app.command("rehydrate")(rehydrate_command)
app.command("withdraw")(withdraw_command)
app.command("cache")(cache_command)
app.command("docs")(docs_command)
app.command("schema")(schema_command)
app.command("doctor")(doctor_command)


def _version(value: bool) -> None:
    if value:
        from dataset_builder import __version__

        typer.echo(f"build-dataset {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """From a folder of news articles to a dataset snapshot that can be loaded, verified and cited.

    Without a command, builds the corpus in the current folder if it has a dataset.yaml.
    """
    if context.invoked_subcommand is not None:
        return
    if os.path.lexists("dataset.yaml"):
        build_command(Path())
    else:
        typer.echo(context.get_help())


def run() -> None:
    """Run the application; errors become a message and an exit code, never a traceback."""
    from dataset_builder.cli.render import print_error

    if isinstance(sys.stdout, TextIOWrapper):  # a terminal that lacks a character shows its escape
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="build-dataset")  # also under python -m, where completion needs the name
    except DatasetBuilderError as error:
        print_error(error, as_json="--json" in sys.argv)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo("interrupted; nothing was changed", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_CALL)
    except OSError as error:  # what no layer has put into words
        typer.echo(f"error: {error.strerror or error}", err=True)
        sys.exit(EXIT_OUTSIDE)
