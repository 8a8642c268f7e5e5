"""Citations of a snapshot or of an article in it, one file a style, each a pure function of :class:`CitationFacts`."""

from __future__ import annotations

from importlib import import_module

from dataset_builder.describe.cite.article import read_article_citation
from dataset_builder.describe.cite.facts import CitationFacts, Creator, citation_facts, read_citation_facts
from dataset_builder.describe.cite.pinned import pinned
from dataset_builder.errors import UsageError
from dataset_builder.nearest import nearest_hint

__all__ = [
    "STYLES",
    "CitationFacts",
    "Creator",
    "citation_facts",
    "pinned",
    "read_article_citation",
    "read_citation_facts",
    "render_citation",
]

#: Style -> the module here that renders it.
STYLES = {
    "bibtex": "bibtex",
    "apa": "apa",
    "cff": "cff",
    "ris": "ris",
    "csl-json": "csl_json",
    "datacite": "datacite",
}


def render_citation(facts: CitationFacts, style: str) -> str:
    """The citation in one of ``STYLES``, ending in a newline.

    Raises:
        UsageError: there is no such style.
    """
    if style not in STYLES:
        raise UsageError(
            f"the citation style {style!r}"[:120], expected=", ".join(STYLES), hint=nearest_hint(style, STYLES)
        )
    text: str = import_module(f"{__name__}.{STYLES[style]}").render(facts)
    return text
