"""What is fetched of a source, in which order: robots.txt, terms, home page, tdmrep.json, then what these point to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from dataset_builder.config import Source
from dataset_builder.errors import ConfigError
from dataset_builder.evidence.pointers import Pointer, header_pointers, page_pointers
from dataset_builder.progress import OnProgress, counted, silent
from dataset_builder.rights.reading import lookup
from dataset_builder.web.addresses import AddressError, parse_address
from dataset_builder.web.robots import ROBOTS
from dataset_builder.web.visitor import Visit, Visitor

#: https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/, section 6.
TDMREP = "/.well-known/tdmrep.json"
#: Addresses that a site's pages point to and that are followed.
MOST_POINTERS = 8


@dataclass(frozen=True, slots=True)
class Captured:
    """One address that was asked for.

    Attributes:
        role: robots, terms, home, tdmrep, rsl or license.
        visit: what came of it.
        by: the address of the page that pointed to it, or empty.
    """

    role: str
    visit: Visit
    by: str = ""


def capture(source: Source, visitor: Visitor, on_progress: OnProgress = silent) -> list[Captured]:
    """Ask for everything, each address once; the address of a licence that everybody knows says enough by itself.

    Raises:
        ConfigError: the source has no address, or one that is not asked.
    """
    places = _places(source)
    named = [(role, url) for role, url in places if role != "robots"]
    asking = counted(named, "ask", on_progress, total=len(named), unit="addresses")
    found = [Captured(role, visitor.visit(url)) for role, url in asking]
    pointed = list(_pointers(found, visitor))
    asked = {url for _, url in places}
    fresh = [pointer for pointer in pointed if pointer.url not in asked and not lookup(pointer.url)][:MOST_POINTERS]
    following = counted(fresh, "follow", on_progress, total=len(fresh), unit="addresses")
    found += [Captured(pointer.role, visitor.visit(pointer.url), pointer.by) for pointer in following]
    robots = [Captured("robots", rules.visit) for rules in visitor.robots.values() if rules.visit is not None]
    return [*robots, *found]


def _places(source: Source) -> list[tuple[str, str]]:
    """Role and address of what dataset.yaml and the standards name, each address once."""
    evidence = dict(source.license_evidence)
    named = [("terms", source.terms_url), ("terms", evidence.get("url", "")), ("home", source.path)]
    given = [(role, url) for role, url in named if url]
    if not given:
        raise ConfigError(
            f"the source {source.name} has no address",
            expected="path, terms_url or license_evidence.url",
            hint=f"give the publication's address as path of the source {source.name} in dataset.yaml",
        )
    try:
        home = parse_address(given[-1][1])
        for _, url in given:
            parse_address(url)
    except AddressError as error:
        hint = "give an address that begins with https://"
        raise ConfigError(f"an address of the source {source.name}: {error}", hint=hint) from None
    standard = [("robots", home.join(ROBOTS).url), ("tdmrep", home.join(TDMREP).url)]
    return list({url: (role, url) for role, url in reversed([*given, *standard])}.values())[::-1]


def _pointers(found: list[Captured], visitor: Visitor) -> Iterator[Pointer]:
    seen: set[str] = set()
    for pointer in _every_pointer(found, visitor):
        if pointer.url not in seen:
            seen.add(pointer.url)
            yield pointer


def _every_pointer(found: list[Captured], visitor: Visitor) -> Iterator[Pointer]:
    for origin, rules in visitor.robots.items():
        for place in rules.licenses:
            with suppress(AddressError):
                yield Pointer("rsl", parse_address(origin).join(place).url, origin + ROBOTS)
    for captured in found:
        if (answer := captured.visit.answer) is not None:
            yield from header_pointers(answer)
            yield from page_pointers(answer)
