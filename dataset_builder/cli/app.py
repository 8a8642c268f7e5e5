"""The Typer application: which commands there are, and what an error looks like."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from dataset_builder.cli.commands import Commands, function
from dataset_builder.errors import EXIT_CALL, EXIT_OUTSIDE, DatasetBuilderError, UsageError

app = typer.Typer(
    name="build-dataset",
    cls=Commands,
    no_args_is_help=False,
    rich_markup_mode=None,  # Rich costs 0.2 s of start-up
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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

    Example: build-dataset init briefs; build-dataset build briefs
    """
    _refuse_other_bytes(sys.argv[1:], "the argument")
    with suppress(FileNotFoundError):  # a folder that is gone concerns only whoever asks for something in it
        _refuse_other_bytes([str(Path.cwd())], "the current folder")
    if context.invoked_subcommand is not None:
        return
    if os.path.lexists("dataset.yaml"):
        function("build")(Path())
    else:
        typer.echo(context.get_help())


def _refuse_other_bytes(words: list[str], what: str) -> None:
    """Names of files that are not UTF-8 stand in no Arrow path, JSON or YAML; Python has lone surrogates in them.

    Raises:
        UsageError: there is one.
    """
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            expected, hint = "a name in UTF-8", "rename the file or folder, or choose another name"
            raise UsageError(f"{what} {word[:200]!r}, which is not UTF-8", expected=expected, hint=hint) from None


def run() -> None:
    """Run the application; errors become a message and an exit code, never a traceback."""
    from dataset_builder.cli.render import print_error, say
    from dataset_builder.visible import one_line

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
        say(f"error: {one_line(error.strerror or str(error), 400)}", err=True)
        sys.exit(EXIT_OUTSIDE)
