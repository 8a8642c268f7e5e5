"""Lists inside pages that people write: README's commands, the index's pages.

``<!-- list: NAME -->`` and ``<!-- list: end -->`` stand around a list; what is between them is made anew.
"""

from __future__ import annotations

import re
from pathlib import Path

from generators import command_line

LIST = re.compile(r"(<!-- list: (?P<name>[\w/-]+) -->\n).*?(<!-- list: end -->)", re.DOTALL)


def refresh(path: Path) -> str:
    """The text of the page at ``path`` with its lists made anew: ``commands``, or the pages of a folder beside it."""

    def made(match: re.Match[str]) -> str:
        name = match["name"]
        text = command_line.overview() if name == "commands" else pages(path.parent, name)
        return f"{match[1]}{text}\n{match[3]}"

    return LIST.sub(made, path.read_text(encoding="utf-8"))


def pages(folder: Path, name: str) -> str:
    """Links to the pages of ``folder/name``, by their titles."""
    titled = sorted((title(page), page.name) for page in (folder / name).glob("*.md"))
    return "\n".join(f"- [{heading}]({name}/{file})" for heading, file in titled)


def title(page: Path) -> str:
    """The first heading of a page."""
    first, _, _ = page.read_text(encoding="utf-8").partition("\n")
    return first.removeprefix("# ")
