"""What is missing among the statements, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dataset_builder.issues import Issue
from dataset_builder.lint.card import FRONT_MATTER, NAME, Card
from dataset_builder.lint.descriptors import Descriptor
from dataset_builder.lint.rows import Rows
from dataset_builder.lint.stated import Stated
from dataset_builder.rights.classes import PUBLIC_DOMAIN, UNDETERMINED, stricter, strictest
from dataset_builder.rights.reading import NOTICE


def of_the_whole(card: Card, statements: Sequence[Stated]) -> Iterator[Issue]:
    """Findings on the statements about the dataset as a whole."""
    if not statements:
        yield Issue(code="lint-no-license", found="no license in a card, a descriptor or a licence file")
    for said in statements:
        if not said.is_empty:
            yield from said.findings()
        elif not (said.words.strip().casefold() == "other" and card.explained):
            yield said.issue("lint-license-says-nothing", said.words or "nothing", "the licence's name")
    yield from _contradictions(statements)


def _contradictions(statements: Sequence[Stated]) -> Iterator[Issue]:
    """Places that name other licences than the first that names any; within one place several may stand together.

    A place is a descriptor, the front matter of a card, or one of the card's headings.
    """
    places: dict[tuple[str, str], list[Stated]] = {}
    for said in statements:
        if said.licenses:
            heading = said.field if said.path == NAME and said.field not in FRONT_MATTER else ""
            places.setdefault((said.path, heading), []).append(said)
    found = list(places.values())
    for together in found[1:]:
        first, said = found[0][0], together[0]
        licenses, expected = (frozenset().union(*(one.licenses for one in some)) for some in (together, found[0]))
        if licenses != expected:
            held = strictest(one.reading.rights_class for one in (*found[0], *together))
            yield said.issue(
                "lint-license-contradicts",
                " and ".join(sorted(licenses)),
                f"{' and '.join(sorted(expected))}, as {first.path} says",
                f"until that is settled, {held} holds",
            )


def of_the_rows(rows: Rows, whole: Sequence[Stated]) -> Iterator[Issue]:
    """Findings on one table's rows, against what is said about the dataset; one for each licence that rows name."""
    known = [said for said in whole if said.reading.rights_class != UNDETERMINED]
    licenses = frozenset().union(*(said.licenses for said in known))
    promised = strictest(said.reading.rights_class for said in known) if known else UNDETERMINED
    named: set[str] = set()
    for said in rows.statements:
        if said.is_empty:
            yield said.issue("lint-rows-without-license", f"“{said.words}” in {said.counted}", "a licence")
            continue
        expression = said.reading.expression or said.words
        if expression in named:
            continue
        named.add(expression)
        yield from said.findings()
        if known and said.licenses and not said.licenses <= licenses and _counts(said, promised):
            is_stricter = stricter(promised, said.reading.rights_class) != promised
            yield said.issue(
                "lint-rows-stricter" if is_stricter else "lint-rows-differ",
                f"{said.reading.expression} in {said.counted}",
                f"{' and '.join(sorted(licenses))}, as {known[0].path} says",
            )
    if rows.silent:
        found = f"{rows.silent:,} of {rows.count:,} rows have nothing in {', '.join(rows.columns)}"
        yield Issue(rows.name, row=rows.first_silent, code="lint-rows-without-license", found=found)


def _counts(said: Stated, promised: str) -> bool:
    """A mere copyright line goes with every licence but the public domain, which has no owner."""
    return said.reading.kind != NOTICE or promised == PUBLIC_DOMAIN


def of_the_origin(card: Card, descriptors: Sequence[Descriptor], tables: Sequence[Rows]) -> Iterator[Issue]:
    """Findings on where the data came from."""
    if not card.names_sources and not any(descriptor.names_sources for descriptor in descriptors):
        yield Issue(code="lint-no-provenance", found="no sources in a card or a descriptor")
    for descriptor in descriptors:
        if descriptor.sourceless:
            found = f"{descriptor.sourceless} without title and path"
            yield Issue(descriptor.name, field="sources", code="lint-source-without-address", found=found)
    told = any(rows.has_sources for rows in tables)
    lacking: dict[str, Rows] = {}
    for rows in tables:
        if rows.count and not rows.has_sources and not (told and rows.refers):
            lacking.setdefault(rows.table, rows)
    for rows in lacking.values():
        yield Issue(rows.name, code="lint-rows-without-source", found="no column such as url, source or publisher")
