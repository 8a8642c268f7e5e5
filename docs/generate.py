"""Write what the documentation repeats from code and schema, so that it cannot drift.

It rewrites the pages of ``docs/reference``, lists in README and index, and the outputs shown in README, tutorial,
how-to and explanation, whose commands it runs. ``--check`` writes nothing and exits with 1 where a page would change.
"""

from __future__ import annotations

import argparse
import difflib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from generators import (
    cleaning_rules,
    command_line,
    configuration,
    findings,
    input_forms,
    licenses,
    lists,
    python_api,
    release_policy,
    tables,
    transcripts,
)

ROOT = Path(__file__).resolve().parent.parent

#: Page below docs/reference -> what makes its text.
REFERENCE: dict[str, Callable[[], str]] = {
    "command-line.md": command_line.render,
    "python-api.md": python_api.render,
    "configuration.md": configuration.render,
    "input-forms.md": input_forms.render,
    "tables.md": tables.render,
    "release-policy.md": release_policy.render,
    "licenses.md": licenses.render,
    "cleaning-rules.md": cleaning_rules.render,
    "issues.md": findings.render,
}

#: Pages that people write, with lists that are made.
WITH_LISTS = ("README.md", "docs/index.md")

#: Where commands are shown that run, with what they print.
WITH_COMMANDS = ("README.md", "docs/tutorial/*.md", "docs/how-to/*.md", "docs/explanation/*.md")


def reference_pages() -> Iterator[tuple[Path, str]]:
    """(path, text) of each generated page, and of the pages with generated lists."""
    for name, render in REFERENCE.items():
        yield ROOT / "docs" / "reference" / name, render()
    for name in WITH_LISTS:
        yield ROOT / name, lists.refresh(ROOT / name)


def pages_with_commands() -> list[Path]:
    """Pages with a block that runs, in order."""
    found = (path for pattern in WITH_COMMANDS for path in sorted(ROOT.glob(pattern)))
    return [path for path in found if transcripts.runs_anything(path.read_text(encoding="utf-8"))]


def refreshed_pages(only: frozenset[Path] = frozenset()) -> Iterator[tuple[Path, str]]:
    """(path, text with the outputs of a fresh run) of each page that shows commands, or of ``only`` some of them."""
    with tempfile.TemporaryDirectory() as scratch:
        bench = transcripts.Workbench(ROOT, Path(scratch))
        pages = [path for path in pages_with_commands() if not only or path in only]
        with ThreadPoolExecutor(os.cpu_count()) as threads:  # each waits for the processes of its page
            yield from zip(pages, threads.map(bench.refresh, pages), strict=True)


def differences(path: Path, text: str) -> list[str]:
    """How the file at ``path`` differs from ``text``, as a unified diff."""
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    shown = str(path.relative_to(ROOT))
    return list(difflib.unified_diff(old.splitlines(), text.splitlines(), shown, f"{shown}, made anew", lineterm=""))


def parse(arguments: list[str]) -> argparse.Namespace:
    """The call."""
    parser = argparse.ArgumentParser(description="Make the generated parts of the documentation anew.")
    parser.add_argument("pages", nargs="*", type=Path, help="run the commands of these pages only")
    parser.add_argument("--reference", action="store_true", help="run no page's commands")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 where a page would change")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    """Write or check; the exit code."""
    call = parse(arguments)
    shown = iter(()) if call.reference else refreshed_pages(frozenset(path.resolve() for path in call.pages))
    changed = 0
    for path, text in chain(reference_pages(), shown):
        if not (found := differences(path, text)):
            continue
        changed += 1
        if call.check:
            print("\n".join(found))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    if changed and call.check:
        print(f"{changed} pages are out of step with code and schema; `make docs` mends them", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
