"""Text that is shown, without what a terminal obeys and what build servers take for a command in a log.

``##[`` and ``##vso[`` (Azure Pipelines, and GitHub's runner in its older form) count wherever they stand in a line;
``::`` (GitHub) only at its start, blanks before it left out. A document keeps its meaning: what is taken apart in JSON
or XML is written as an escape that readers undo.
"""

from __future__ import annotations

import re

from dataset_builder.visible import is_unsafe, one_line

_COMMAND = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)


def inert(text: str) -> str:
    """Lines for people."""
    return _COMMAND.sub(r"\1\\u{3a}", text).replace("##", "#\\u{23}")


def inert_json(document: str) -> str:
    """A JSON document, in which two such marks stand within strings only."""
    return document.replace("##", "#\\u0023")


def inert_xml(document: str) -> str:
    """An XML document, in which two such marks stand within text and attributes only."""
    return document.replace("##", "#&#35;")


def visible_lines(text: str) -> str:
    """Lines whose characters can all be seen: the last resort, where a stranger's words came into one as they are."""
    return "\n".join(one_line(line, 12 * len(line)) if is_unsafe(line) else line for line in text.split("\n"))
