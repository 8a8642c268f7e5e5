"""The statements of one article, and what they come to.

Article-level statements replace the source's default. Where they contradict each other, or where exact copies carry
different ones, the stricter holds. A statement that covers images only says nothing about the text; one whose cover is
unknown can narrow and grants nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.records import Origin
from dataset_builder.rights.holding import Holding, default_of, holding_of, join, permitted_by
from dataset_builder.rights.known import table
from dataset_builder.rights.reading import GRANT, NOTICE, RESERVATION, UNKNOWN, LicenseReading
from dataset_builder.rights.statement import Statement, findings_of, issue_about, read_holders, read_statements
from dataset_builder.rights.terms import SourceTerms


@dataclass(slots=True)
class _Sorted:
    """The statements of one article by what they do."""

    governing: list[Statement] = field(default_factory=list)
    narrowing: list[Statement] = field(default_factory=list)
    notices: list[Statement] = field(default_factory=list)
    foreign: bool = False
    findings: list[Issue] = field(default_factory=list)


def resolve(
    claims: Sequence[Mapping[str, Any]], sources: Sequence[SourceTerms], path: str = "", copies: int = 1
) -> tuple[Holding, ...]:
    """What holds for one article: the licence's holding, and that of a permission where one is on record.

    Args:
        claims: the article's claims, of all its exact copies.
        sources: the terms of its sources, the article's own first.
        path: the file it stands in, for the evidence.
        copies: how many exact copies were seen; where fewer of them bring a statement of their own, the defaults of
            their sources hold as well.
    """
    own = sources[0]
    owners = _owners(claims, sources)
    house = frozenset().union(*(terms.owners() for terms in sources))
    agencies = [claim for claim in claims if claim["field"] == "rights_holder" and _is_agency(claim["value"], house)]
    statements = [*read_statements(claims, path, owners), *read_holders(agencies, path)]
    sorted_ = _sort(statements, owners, house, sources)
    defaults = [default_of(terms) for terms in sources]
    brought = sum(
        1
        for entry in sorted_.governing
        if entry.claim["origin"] == Origin.DECLARED and entry.claim["field"] == "license"
    )
    governing = [holding_of(entry) for entry in sorted_.governing]
    if not governing:
        governing = _without_statement(defaults, sorted_)
    elif copies > 1 and len(sources) > 1 and brought < copies:
        # Nobody can tell whose copy brought the statement: one from a source that says nothing lends no licence.
        governing += [entry or Holding() for entry in defaults]
    governing += [holding_of(entry) for entry in sorted_.narrowing if governing]
    if not governing and sorted_.narrowing:
        governing = [holding_of(entry) for entry in sorted_.narrowing]
        sorted_.findings.append(Issue(code="license-scope-unknown", field="license", found=governing[0].statement))
    held = join(governing)
    said = tuple(dict.fromkeys(words for entry in statements for words in entry.reading.opt_outs))
    holder = next((entry.reading.holder for entry in statements if entry.reading.holder), "")
    held = replace(held, holder=holder, opt_outs=said, findings=(*sorted_.findings, *held.findings))
    declared = any(entry.claim["origin"] == Origin.DECLARED for entry in sorted_.governing)
    if own.permission and not declared and not sorted_.foreign and len(sources) == 1:
        return held, permitted_by(own, held)
    return (held,)


def _sort(
    statements: Sequence[Statement], owners: frozenset[str], house: frozenset[str], sources: Sequence[SourceTerms]
) -> _Sorted:
    """Put each statement where it belongs: governs, narrows, is a mere copyright line, or says nothing of the text."""
    sorted_ = _Sorted()
    addresses = frozenset().union(*(terms.terms_addresses() for terms in sources))
    plain = {entry.reading.expression for entry in statements if entry.scope in {"text", "page"}}
    for entry in statements:
        reading = entry.reading
        if reading.kind == UNKNOWN and entry.claim["value"].strip().rstrip("/") in addresses:
            continue  # "see our terms": the source's default says what they are
        if reading.heard is not None and reading.heard in plain:
            continue  # "the last paragraph puts it under CC BY 4.0", beside license: CC-BY-4.0
        if entry.scope == "image":
            sorted_.findings.append(issue_about(entry, "license-scope-image"))
            continue
        if reading.holder and (_is_agency(_holders(reading), house) or _is_foreign(reading.holder, owners)):
            sorted_.foreign = True
            if reading.kind == NOTICE:
                sorted_.findings.append(issue_about(entry, "rights-holder-differs", expected=", ".join(sorted(owners))))
                entry = replace(entry, reading=replace(reading, kind=RESERVATION))
                reading = entry.reading
        sorted_.findings += findings_of(entry)
        if reading.kind == NOTICE:
            sorted_.notices.append(entry)
        elif entry.scope == "unknown" and reading.kind == GRANT:
            sorted_.narrowing.append(entry)
        else:
            sorted_.governing.append(entry)
    return sorted_


def _owners(claims: Sequence[Mapping[str, Any]], sources: Sequence[SourceTerms]) -> frozenset[str]:
    """Who may stand in a copyright line without contradicting a licence."""
    named = {
        claim["value"].casefold().strip()
        for claim in claims
        if claim["field"] in {"rights_holder", "author", "publisher"}
        and claim["origin"] == Origin.DECLARED
        and claim["value"].strip()
    }
    return frozenset().union(named, *(terms.owners() for terms in sources))


def _holders(reading: LicenseReading) -> str:
    """All that a copyright line names; its reading has the first of "Jane Doe, Reuters" for its holder."""
    line = re.split(r"[.;:|\n]", reading.statement, maxsplit=1)[0] if reading.kind == NOTICE else ""
    return f"{reading.holder} {line}"


def _is_agency(holder: str, house: frozenset[str]) -> bool:
    """Whether a holder is, or is beside, an agency that is no source itself. Whoever signs a text lends it no licence:
    "by Reuters" above "© 2024 Reuters" says twice whose it is.
    """
    name = _words(holder)
    known = [_words(owner) for owner in house]
    agencies = [_words(agency) for agency in table("statement-fields")["agencies"]]
    return any(_within(agency, name) and not any(_within(agency, owner) for owner in known) for agency in agencies)


def _is_foreign(holder: str, owners: frozenset[str]) -> bool:
    """Whether a copyright line's holder is somebody else than the known owners."""
    name = _words(holder)
    known = [_words(owner) for owner in owners if len(owner) > 1]
    # Whole words: "The Sun" is no part of "The Sunday Chronicle", nor "AP" of "Cape Media".
    return bool(owners) and not any(_within(owner, name) or _within(name, owner) for owner in known)


def _within(part: str, name: str) -> bool:
    return bool(part) and f" {part} " in f" {name} "


def _words(name: str) -> str:
    """A name's words, case folded, with single blanks between them."""
    return " ".join(re.findall(r"\w+", name.casefold()))


def _without_statement(defaults: Sequence[Holding | None], sorted_: _Sorted) -> list[Holding]:
    """The sources' defaults; without any, a copyright line holds."""
    found = [entry for entry in defaults if entry is not None]
    if not found and sorted_.notices:
        return [holding_of(entry) for entry in sorted_.notices]
    if found and len(found) < len(defaults):
        return [*found, Holding()]  # a copy from a source that says nothing: nothing unknown is released
    return found
