"""The licence of the whole: what the released texts come to, and what cannot stand together.

A collection does not melt its items' licences: the release carries ``A AND B AND C``, each text keeps its own part, and
families of terms stand in configs of their own. What binds the whole is checked here: non-commercial texts make the
compiled layer (selection, metadata, annotations) non-commercial.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from dataset_builder.issues import Issue
from dataset_builder.resources import read_json
from dataset_builder.rights.classes import rights_classes
from dataset_builder.rights.license_texts import identifiers, license_texts, overview
from dataset_builder.rights.reading import UNKNOWN, lookup, read_license

#: File below LICENSES/ that says which licence holds for what.
OVERVIEW = "COLLECTION.txt"
_NAMED_ARTICLES = 5


@dataclass(frozen=True, slots=True)
class LicensedPart:
    """Released articles that share a licence.

    Attributes:
        expression: their SPDX expression.
        rights_class: their class.
        articles: how many they are.
        family: the shard folder they stand in.
        examples: ids of some of them, for findings.
    """

    expression: str
    rights_class: str
    articles: int = 1
    family: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionTerms:
    """The licence of the whole, as every description states it.

    Attributes:
        expression: over all released texts; empty where none is released.
        families: the shard folders that hold text, sorted.
        hub: the card's ``license``: a Hub identifier, several, or ``other``.
        hub_name: ``license_name`` where ``hub`` is ``other``.
        hub_link: ``license_link`` where ``hub`` is ``other``.
        compilation: the licence of selection, metadata and annotations; empty where none is declared.
        conditions: what using the whole asks: the conditions of all its texts together, sorted.
        texts: file name below ``LICENSES/`` -> text.
        issues: what cannot stand together; an error each.
    """

    expression: str
    families: tuple[str, ...]
    hub: str | tuple[str, ...]
    hub_name: str
    hub_link: str
    compilation: str
    conditions: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]
    issues: tuple[Issue, ...]


def collection_license(
    parts: Iterable[LicensedPart],
    compilation: Sequence[str] = (),
    *,
    noncommercial: bool = False,
    notes: Mapping[str, str] | None = None,
) -> CollectionTerms:
    """Solve the licence of a release.

    Args:
        parts: the articles that are released with text, by licence.
        compilation: the licences that the configuration declares for selection, metadata and annotations, as written.
        noncommercial: whether the release declares itself non-commercial.
        notes: the texts of the terms that are the release's own, by identifier.
    """
    listed = sorted(parts, key=lambda part: part.expression)
    expression = conjunction(part.expression for part in listed)
    layer, issues = _compilation(compilation, listed)
    if not noncommercial:
        issues += [
            _conflict(part, "the release does not declare itself non-commercial")
            for part in listed
            if _asks(part, "noncommercial")
        ]
    hub, hub_name = hub_license(expression or layer)
    whole = conjunction([expression, layer])
    texts = license_texts(whole, notes)
    if whole:
        texts[OVERVIEW] = overview(expression or layer, _lines(listed, layer))
    conditions = {condition for part in listed for condition in rights_classes()[part.rights_class].conditions}
    return CollectionTerms(
        expression=expression,
        families=tuple(sorted({part.family for part in listed if part.family})),
        hub=hub,
        hub_name=hub_name,
        hub_link=license_link(expression or layer) if hub == "other" else "",
        compilation=layer,
        conditions=tuple(sorted(conditions)),
        texts=tuple(sorted(texts.items())),
        issues=tuple(dict.fromkeys(issues)),
    )


def conjunction(expressions: Iterable[str]) -> str:
    """``A AND B AND C``: the parts of all expressions, each once, sorted; a choice stays in parentheses."""
    parts: set[str] = set()
    for expression in expressions:
        if " OR " in expression:
            parts.add(expression if _is_wrapped(expression) else f"({expression})")
        elif expression:
            parts |= set(expression.split(" AND "))
    if len(parts) == 1:
        only = min(parts)
        return only[1:-1] if _is_wrapped(only) else only
    return " AND ".join(sorted(parts))


def _is_wrapped(expression: str) -> bool:
    """Whether one pair of parentheses holds the whole."""
    return re.fullmatch(r"\([^()]*\)", expression) is not None


def hub_license(expression: str) -> tuple[str | tuple[str, ...], str]:
    """The Hub's ``license`` for an expression, and ``license_name`` where that is ``other``.

    Several identifiers stand for a conjunction; an expression with a choice, an exception, or a licence that the Hub
    has no identifier for is ``other``.
    """
    if not expression:
        return "other", "no-text-released"
    named = [_hub_identifiers().get(identifier) for identifier in identifiers(expression)]
    if re.search(r" (?:OR|WITH) ", expression) or not all(named):
        return "other", re.sub(r"[^a-z0-9.]+", "-", expression.casefold()).strip("-")[:96].strip("-")
    known = tuple(sorted(name for name in named if name))
    return (known[0] if len(known) == 1 else known), ""


@cache
def _hub_identifiers() -> dict[str, str]:
    """SPDX identifier -> the Hub's."""
    table = read_json("rights", "hugging-face.json")["licenses"]
    return {expression: name for name, expression in table.items() if expression}


def _compilation(declared: Sequence[str], parts: Sequence[LicensedPart]) -> tuple[str, list[Issue]]:
    """The licence of the compiled layer, and where it is wider than a text in it allows."""
    issues: list[Issue] = []
    expressions: list[str] = []
    conditions: set[str] = set()
    for statement in declared:
        reading = read_license(statement, field="licenses")
        if reading.kind == UNKNOWN or reading.expression is None:
            issues += reading.findings
            continue
        expressions.append(reading.expression)
        conditions |= rights_classes()[reading.rights_class].conditions
    if expressions and "noncommercial" not in conditions:
        reason = f"the compilation is declared under {conjunction(expressions)}, which allows commercial use"
        issues += [_conflict(part, reason) for part in parts if _asks(part, "noncommercial")]
    return conjunction(expressions), issues


def _asks(part: LicensedPart, condition: str) -> bool:
    return condition in rights_classes()[part.rights_class].conditions


def _conflict(part: LicensedPart, reason: str) -> Issue:
    named = ", ".join(part.examples[:_NAMED_ARTICLES])
    more = part.articles - min(len(part.examples), _NAMED_ARTICLES)
    which = f"{named} and {more:,} more" if named and more > 0 else named or f"{part.articles:,} articles"
    return Issue(
        code="collection-license-conflict",
        field="licenses",
        found=f"{part.expression} ({which})",
        expected=f"terms that go together: {reason}",
    )


def license_link(expression: str) -> str:
    """Where the terms stand: the one licence's own file, or the overview."""
    if not expression:
        return ""
    named = identifiers(expression)
    return f"LICENSES/{named[0]}.txt" if len(named) == 1 else f"LICENSES/{OVERVIEW}"


def _lines(parts: Sequence[LicensedPart], layer: str) -> list[str]:
    counts: dict[str, int] = {}
    for part in parts:
        counts[part.expression] = counts.get(part.expression, 0) + part.articles
    lines = []
    for expression, count in counts.items():
        names = [known.name for name in identifiers(expression) if (known := lookup(name.removeprefix("LicenseRef-")))]
        articles = "1 article" if count == 1 else f"{count:,} articles"
        lines.append(f"{expression}: {articles}" + (f" ({'; '.join(names)})" if names else ""))
    return [*lines, f"{layer}: selection, metadata and annotations"] if layer else lines
