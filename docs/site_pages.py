"""The documentation as a site that is built, and read, without a network: ``make site``.

Pages are written for people who read them in the repository, with links to its files. The site holds the pages only, so
a link to a page that lies outside docs/ leads to its copy, and one to any other file becomes the file's name.
"""

from __future__ import annotations

import argparse
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from generators.lists import title

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
#: Pages beside docs/ that belong to the site, and where they stand in it.
BESIDE = {
    name: f"project/{name.removesuffix('.md').lower()}.md"
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")
}
#: Folder of docs/ -> its heading in the navigation, in this order.
PARTS = {
    "tutorial": "Tutorial",
    "how-to": "How-to",
    "reference": "Reference",
    "explanation": "Explanation",
    "decisions": "Decisions",
}
_LINK = re.compile(r"(?P<image>!?)\[(?P<text>[^\]]*)\]\((?P<target>[^)\s#]*)(?P<anchor>#[^)\s]*)?\)")
_HIDDEN = re.compile(r"^<!-- .* -->\n", re.MULTILINE)
_BLOCK = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
#: ECMA-48 select graphic rendition, which the generator writes into files, too.
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
#: What a fence says of a block for docs/generate.py, which a highlighter does not know.
_FENCE = re.compile(r"^(```\w+) [\w -]+$", re.MULTILINE)


def pages() -> Iterator[tuple[Path, str]]:
    """(file, path in the site) of each page."""
    for path in sorted(DOCS.rglob("*.md")):
        yield path, path.relative_to(DOCS).as_posix()
    for name, target in BESIDE.items():
        yield ROOT / name, target


def site_text(path: Path, place: str) -> str:
    """The page at ``path`` as it stands in the site at ``place``."""
    places = dict(pages())

    def led(match: re.Match[str]) -> str:
        target = match["target"]
        if re.match(r"[a-z]+:", target) or not target:
            return match[0]
        file = (path.parent / target).resolve()
        if file in places:
            way = posixpath.relpath(places[file], posixpath.dirname(place) or ".")
        elif file.suffix in (".png", ".svg") and file.is_relative_to(DOCS):
            way = posixpath.relpath(file.relative_to(DOCS).as_posix(), posixpath.dirname(place) or ".")
        else:
            return match["text"] if "`" in match["text"] else f"`{match['text']}`"
        return f"{match['image']}[{match['text']}]({way}{match['anchor'] or ''})"

    parts = _BLOCK.split(_HIDDEN.sub("", path.read_text(encoding="utf-8")))
    return "".join(_FENCE.sub(r"\1", part) if part.startswith("```") else _LINK.sub(led, part) for part in parts)


def navigation() -> list[object]:
    """The site's navigation: the parts with their pages by title."""
    parts: list[object] = [{"Documentation": "index.md"}]
    for folder, heading in PARTS.items():
        listed = sorted((title(page), f"{folder}/{page.name}") for page in (DOCS / folder).glob("*.md"))
        parts.append({heading: [{_plain(name): place} for name, place in listed]})
    parts.append({"Project": [{title(ROOT / name): place} for name, place in BESIDE.items()]})
    return parts


def _plain(text: str) -> str:
    return text.replace("`", "")


def stage(folder: Path) -> None:
    """Write the site's sources into ``folder``."""
    for path, place in pages():
        target = folder / "docs" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(site_text(path, place), encoding="utf-8")
    for path in sorted((DOCS / "figures").rglob("*.*")):
        target = folder / "docs" / path.relative_to(DOCS)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    shown = json.dumps(navigation(), ensure_ascii=False)
    inline = re.sub(r'"((?:[^"\\]|\\.)*)": ', lambda match: f'"{match[1]}" = ', shown)
    settings = (DOCS / "zensical.toml").read_text(encoding="utf-8")
    config = settings.replace("[project]\n", f'[project]\ndocs_dir = "docs"\nsite_dir = "site"\nnav = {inline}\n', 1)
    (folder / "zensical.toml").write_text(config, encoding="utf-8")


def build_site(out: Path) -> str:
    """Build the site at ``out``, warnings being errors; what the generator said."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        stage(folder)
        done = subprocess.run(
            [sys.executable, "-m", "zensical", "build", "--strict", "--clean"],
            cwd=folder,
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        said = _COLOUR.sub("", done.stdout + done.stderr)
        if done.returncode != 0:
            raise SystemExit(said)
        shutil.rmtree(out, ignore_errors=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(folder / "site", out)
    return said


def main(arguments: list[str]) -> int:
    """Build the site; the exit code."""
    parser = argparse.ArgumentParser(description="Build the documentation as a site.")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "site")
    call = parser.parse_args(arguments)
    print(build_site(call.out).strip())
    print(f"open {call.out / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
