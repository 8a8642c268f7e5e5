"""BibTeX. ``@misc``, as every style knows it; ``@dataset`` is biblatex's alone (docs/decisions/citations.md)."""

from __future__ import annotations

import re

from dataset_builder.describe.cite.facts import CitationFacts, Creator

#: LaTeX's special characters. Braces become commands, as BibTeX counts even those behind a backslash.
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    **{char: "\\" + char for char in "$&%#_"},
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: What would take a name apart: BibTeX splits names at commas and lists of names at ``and``.
_NAME_SYNTAX = re.compile(r",|(?i:\band\b)")


def render(facts: CitationFacts) -> str:
    """One BibTeX entry, in UTF-8; names of organisations and the title stand in double braces."""
    year = str(facts.created.year) if facts.created else ""
    fields = {
        "author": " and ".join(_name(creator) for creator in facts.creators),
        "key": "" if facts.creators else escape_latex(facts.title),
        "title": "{" + escape_latex(facts.title) + "}",
        "howpublished": escape_latex(facts.publication if facts.part_of else f"Data set, version {facts.version}"),
        "publisher": escape_latex(facts.publisher),
        "year": year,
        "month": _MONTHS[facts.created.month - 1] if facts.created else "",
        "doi": escape_address(facts.doi),
        "url": escape_address(facts.address),
        "note": escape_latex(facts.evidence),
    }
    lines = [f"  {name} = {_value(name, value)}" for name, value in fields.items() if value]
    return "@misc{" + entry_key(facts) + ",\n" + ",\n".join(lines) + "\n}\n"


def entry_key(facts: CitationFacts) -> str:
    """The entry's key, from name, version and article: letters, digits and ``. _ -`` only."""
    parts = (facts.name, facts.version, facts.article[:12])
    key = re.sub(r"[^A-Za-z0-9._-]+", "-", "-".join(part for part in parts if part)).strip("-.")
    return key or "dataset"


def escape_latex(text: str) -> str:
    """``text`` as LaTeX that sets it literally; letters with diacritics stay (UTF-8 is LaTeX's default since 2018)."""
    return "".join(_LATEX.get(char, char) for char in text)


def escape_address(address: str) -> str:
    """A DOI or an address for a verbatim field: what would unbalance braces is percent-encoded, the rest stays."""
    return "".join(f"%{ord(char):02X}" if char in '\\{}"<>^` ' else char for char in address)


def _name(creator: Creator) -> str:
    if not creator.is_person:
        return "{" + escape_latex(creator.name) + "}"
    return ", ".join(_part(part) for part in (creator.family, creator.given) if part)


def _part(part: str) -> str:
    escaped = escape_latex(part)
    return "{" + escaped + "}" if _NAME_SYNTAX.search(part) else escaped


def _value(name: str, value: str) -> str:
    return value if name == "month" else "{" + value + "}"
