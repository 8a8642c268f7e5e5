"""The reference of findings, from ``schema/issues/*.yaml``."""

from __future__ import annotations

import yaml

from dataset_builder.issues import issue_kinds
from dataset_builder.resources import schema_files
from generators.markdown import code, page, table

ABOUT = """\
A finding says what is the matter with the data, where, and how to mend it. Only **errors** change an exit code. A
**warning** is worth a look before publishing; a **note** says what was decided for you.

An error about an article rejects the article; while any is rejected there is no snapshot, unless `--allow-rejected`.
"""


def render() -> str:
    """The page: an overview by area, then every code in full."""
    kinds = issue_kinds()
    areas = {
        resource.name.removesuffix(".yaml"): list(yaml.safe_load(resource.read_text(encoding="utf-8")))
        for resource in schema_files("issues", ".yaml")
    }
    overview = table(
        ("Code", "Severity", "What it says"),
        [(f"[{name}](#{name})", kinds[name].severity, kinds[name].summary) for name in sorted(kinds)],
    )
    sections = [
        part for area, names in areas.items() for part in (f"## Area: {area}", *(_section(name) for name in names))
    ]
    return page("Findings", "schema/issues/*.yaml", ABOUT, overview, *sections)


def _section(name: str) -> str:
    kind = issue_kinds()[name]
    lines = [
        f"### {name}",
        f"*{kind.severity}.* {kind.summary.strip()}",
        kind.explanation.strip(),
        f"Example: {_example(kind.example.strip())}",
        f"To mend it: {kind.mend.strip()}",
    ]
    return "\n\n".join(lines)


def _example(text: str) -> str:
    """An example that is prose stays prose; one that quotes code keeps its own backquotes."""
    return text if "`" in text or "\n" not in text else code(text)
