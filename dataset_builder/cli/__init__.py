"""The command line: parses and renders, no logic. One file a command."""

from __future__ import annotations


def main() -> None:
    """Entry point of the script ``build-dataset``."""
    from dataset_builder.cli.app import run

    run()
