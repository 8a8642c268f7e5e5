"""``schema/read/html.yaml`` as frozen values: what is looked for in a page, and how far the reader goes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from dataset_builder.resources import read_yaml, schema_file


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep a hostile page from taking the reader's time or memory."""

    depth: int
    json_characters: int
    json_depth: int
    json_nodes: int
    value_characters: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """One name of the page's markup, the field that it speaks of and how far it is trusted."""

    name: str
    field: str
    confidence: float


@dataclass(frozen=True, slots=True)
class HtmlRules:
    """The whole rule file; each member is explained there."""

    limits: Limits
    article_types: frozenset[str]
    page_types: frozenset[str]
    media_types: frozenset[str]
    json_ld: tuple[Mapping, ...]
    meta: dict[str, Mapping]
    robots_names: frozenset[str]
    reservations: tuple[str, ...]
    media_ancestors: frozenset[str]
    media_words: frozenset[str]
    media_mentions: frozenset[str]
    page_ancestors: frozenset[str]
    footer_names: frozenset[str]
    parts: frozenset[str]
    license_words: frozenset[str]
    aside_ancestors: frozenset[str]
    aside_words: frozenset[str]
    comment_words: frozenset[str]
    comment_stems: tuple[str, ...]
    own_types: frozenset[str]
    rights_names: dict[str, str]
    second_article_words: int
    agreement: dict[str, float]


@cache
def html_rules() -> HtmlRules:
    """The rules, read once."""
    raw: dict[str, Any] = read_yaml(schema_file("read", "html.yaml"))
    return HtmlRules(
        limits=Limits(**raw["limits"]),
        json_ld=tuple(Mapping(entry["member"], entry["field"], entry["confidence"]) for entry in raw["json_ld"]),
        meta={entry["name"]: Mapping(**entry) for entry in raw["meta"]},
        reservations=tuple(raw["reservations"]),
        rights_names=raw["rights_names"],
        comment_stems=tuple(raw["comment_stems"]),
        second_article_words=raw["second_article_words"],
        agreement=raw["agreement"],
        **{
            name: frozenset(raw[name])
            for name in (
                "article_types",
                "page_types",
                "media_types",
                "robots_names",
                "media_ancestors",
                "media_words",
                "media_mentions",
                "page_ancestors",
                "footer_names",
                "parts",
                "license_words",
                "aside_ancestors",
                "aside_words",
                "comment_words",
                "own_types",
            )
        },
    )
