"""Pages whose commands run: what a block prints is shown as it was printed.

A block of ``sh`` or ``python`` runs; ``sh not-run`` is shown only. A block ``text output`` that follows holds what the
block before wrote to standard output, ``text findings`` what it wrote to standard error. A line ``…`` in it stands
for lines that are left out. ``<!-- run: COMMAND -->`` runs without being shown. All blocks of a page share one
folder, in which a copy of ``seeds`` lies, and ``out/seeds`` where the page speaks of it and does not build it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"^<!-- run: (?P<hidden>[^\n]+) -->$|^```(?P<language>\w+)(?P<note>[^\n]*)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
LEFT_OUT = "…"
#: A snapshot's identity changes with every library's version, so pages show only its form.
IDENTITY = re.compile(r"sha256:[0-9a-f]{64}")
#: A block that takes longer is no example.
SECONDS = 300


class BlockError(Exception):
    """A block of a page failed."""


@dataclass(frozen=True)
class Printed:
    """What a block wrote."""

    output: str = ""
    findings: str = ""


def runs_anything(text: str) -> bool:
    """Whether a page has a block that runs."""
    return any(_command(match) is not None for match in BLOCK.finditer(text))


class Workbench:
    """Folders in which pages run, with ``build-dataset`` and ``python`` of this checkout first on the path.

    Pages may be refreshed side by side, from threads.
    """

    def __init__(self, root: Path, scratch: Path) -> None:
        self.root = root
        self.scratch = scratch
        self._building = threading.Lock()
        self._environment = _environment(root, scratch)

    def refresh(self, path: Path) -> str:
        """The page's text with the outputs of a fresh run.

        Raises:
            BlockError: a block does not exit with 0.
        """
        text = path.read_text(encoding="utf-8")
        folder = self._folder(path, text)
        parts: list[str] = []
        position = 0
        printed = Printed()
        for match in BLOCK.finditer(text):
            command = _command(match)
            if command is not None:
                printed = self._run(command, folder, path)
            elif (match["note"] or "").strip() in ("output", "findings"):
                parts += (text[position : match.start("body")], _shown(match, printed))
                position = match.end("body")
        return "".join([*parts, text[position:]])

    def _folder(self, path: Path, text: str) -> Path:
        folder = self.scratch / path.relative_to(self.root).as_posix().replace("/", "-")
        shutil.copytree(self.root / "seeds", folder / "seeds")
        if "out/seeds" in text and "--out out/seeds" not in text:
            shutil.copytree(self._seeds_snapshot(), folder / "out" / "seeds")
        return folder

    def _seeds_snapshot(self) -> Path:
        """The snapshot of the seeds, built once."""
        built = self.scratch / "seeds-snapshot"
        with self._building:
            if not built.exists():
                command = ["build-dataset", "build", str(self.root / "seeds"), "--out", str(built)]
                self._run(command, self.scratch, self.root / "seeds")
        return built

    def _run(self, command: list[str], folder: Path, path: Path) -> Printed:
        done = subprocess.run(  # noqa: S603 - the commands stand in our own pages
            [shutil.which(command[0], path=self._environment["PATH"]) or command[0], *command[1:]],
            cwd=folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if done.returncode != 0:
            shown = command[-1].rstrip()
            raise BlockError(
                f"{path.name}: exit code {done.returncode}\n{shown}\n{done.stdout[-1500:]}{done.stderr[-3000:]}"
            )
        return Printed(_masked(done.stdout), _masked(done.stderr))


def _environment(root: Path, scratch: Path) -> dict[str, str]:
    commands = scratch / "commands"
    commands.mkdir()
    for name, words in {"build-dataset": "-m dataset_builder", "python": ""}.items():
        (commands / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -W ignore {words} "$@"\n', encoding="utf-8")
        (commands / name).chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(root),
        "HF_HOME": str(scratch / "cache"),
        "HF_DATASETS_OFFLINE": "1",
        "HF_HUB_OFFLINE": "1",
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
    }


def _command(match: re.Match[str]) -> list[str] | None:
    """What to run for a block, or None."""
    if match["hidden"]:
        return ["bash", "-euo", "pipefail", "-c", match["hidden"]]
    if match["note"].strip():
        return None
    if match["language"] == "sh":
        return ["bash", "-euo", "pipefail", "-c", match["body"]]
    return ["python", "-c", match["body"]] if match["language"] == "python" else None


def _masked(text: str) -> str:
    return IDENTITY.sub("sha256:…", text)


def _shown(match: re.Match[str], printed: Printed) -> str:
    """The output, shortened where the page's author shortened it."""
    text = getattr(printed, match["note"].strip())
    lines = [line.rstrip() for line in text.splitlines()]
    old = match["body"].splitlines()
    if LEFT_OUT in old:
        before = old.index(LEFT_OUT)
        after = len(old) - before - 1
        if before + after < len(lines):
            lines = [*lines[:before], LEFT_OUT, *lines[len(lines) - after :]]
    return "".join(f"{line}\n" for line in lines)
