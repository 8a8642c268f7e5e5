"""One statement about rights, read: an expression, a rights class, and what was not understood.

The way in is :func:`read_license`. It fails closed: what is empty, unknown, misspelled or hedged is ``undetermined``
with an error finding that names the nearest known licence. It never answers "other".
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from dataset_builder.issues import Issue
from dataset_builder.rights.classes import IN_COPYRIGHT, UNDETERMINED, rights_classes, strictest
from dataset_builder.rights.creative_commons import by_cc_address, by_cc_identifier, looks_like_cc_identifier
from dataset_builder.rights.expressions import is_meant_as_expression, looks_like_expression, parse_expression
from dataset_builder.rights.known import KnownLicense, by_address, by_name, folded, listed_identifier, table
from dataset_builder.rights.nearest_license import nearest_license
from dataset_builder.rights.prose import ProseReading, read_prose
from dataset_builder.visible import one_line

#: A longer statement is not read: a reservation could stand behind the end.
MAX_STATEMENT_LENGTH = 4000
#: A statement is published with at most this many characters.
SHOWN_LENGTH = 200

#: A statement of at most so many characters is a mistyped name rather than prose.
_SHORT = 20

#: A single word of the kind that licence lists have: known as a whole or not at all, never by a part of it.
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]*")

GRANT, RESERVATION, NOTICE, UNKNOWN = "grant", "reservation", "notice", "unknown"


@dataclass(frozen=True, slots=True)
class LicenseReading:
    """What a statement says about rights.

    Attributes:
        statement: the words, cut to a line.
        expression: SPDX expression, with ``LicenseRef-`` for what SPDX does not list; None where unknown.
        rights_class: one of ``schema/rights/classes.json``; ``undetermined`` where unknown.
        family: the shard folder of text under these terms, or None.
        license_url: where the terms stand, or None.
        kind: ``grant``, ``reservation`` (all rights reserved), ``notice`` (a copyright line, which yields to a
            grant) or ``unknown``.
        scope: ``image`` where the statement speaks of images only, else empty.
        jurisdiction: where a public-domain statement holds, empty for everywhere.
        holder: the owner that a copyright line names, or empty.
        opt_outs: its words against mining or AI use.
        heard: the licence that it seems to grant, where the only doubt is a word that nobody has read; a statement that
            grants the same in plain words settles it. None elsewhere.
        nearest: for an unknown one the nearest known licence, or None.
        findings: what is wrong with it; the caller puts path and line to them.
    """

    statement: str
    expression: str | None = None
    rights_class: str = UNDETERMINED
    family: str | None = None
    license_url: str | None = None
    kind: str = UNKNOWN
    scope: str = ""
    jurisdiction: str = ""
    holder: str = ""
    opt_outs: tuple[str, ...] = ()
    heard: str | None = None
    nearest: str | None = None
    findings: tuple[Issue, ...] = ()


def read_license(
    statement: str, *, field: str = "license", line: int = 0, owners: frozenset[str] = frozenset()
) -> LicenseReading:
    """Read one statement: SPDX expression, address, identifier, name or prose.

    Args:
        statement: the words as they were found; any length, any characters.
        field: the field they stood in, for the findings.
        line: the line they stood in, for the findings.
        owners: names of those who own or make the text, in lower case; in running text they are no conditions.
    """
    reading = _read(statement[: MAX_STATEMENT_LENGTH + 1], owners)
    placed = tuple(replace(issue, field=field, line=line) for issue in reading.findings)
    return replace(reading, findings=placed)


@lru_cache(maxsize=4096)
def _read(raw: str, owners: frozenset[str]) -> LicenseReading:
    if len(raw) > MAX_STATEMENT_LENGTH:
        return _unknown(
            one_line(raw, SHOWN_LENGTH), "license-statement-long", f"more than {MAX_STATEMENT_LENGTH} characters"
        )
    text = plain_text(raw)
    shown = one_line(text, SHOWN_LENGTH)
    if not re.search(r"\w", text) and "©" not in text:
        return _unknown(shown, "license-empty", "nothing")
    if re.fullmatch(table("prose")["unknown_words"], text.casefold().strip(" .")):
        return _unknown(shown, "license-unknown", shown)
    if known := lookup(text):
        return _of_known(shown, known)
    if looks_like_cc_identifier(text) or _IDENTIFIER.fullmatch(text):
        return _unknown(shown, "license-unknown", shown)
    if looks_like_expression(text):
        parsed = parse_expression(text, lookup)
        if parsed.expression is not None:
            return _of_expression(shown, parsed.expression, parsed.rights_class, parsed.parts)
        if is_meant_as_expression(text):
            return _unknown(shown, "license-unknown", parsed.unknown[0] if parsed.unknown else shown)
    return _of_prose(shown, text, owners)


def lookup(text: str) -> KnownLicense | None:
    """A licence by address, identifier or exact name."""
    if re.fullmatch(r"\S{4,400}", text) and ("/" in text or "." in text):
        address = re.sub(r"^(?:url|license|licence):", "", text.strip("<>()[]\"'.,;"), flags=re.IGNORECASE)
        if known := by_cc_address(address) or by_address(address) or by_cc_identifier(listed_identifier(address)):
            return known
    if len(text) > 120:
        return None
    known = by_cc_identifier(text) or by_name().get(folded(text))
    if known is None and re.fullmatch(r"[A-Za-z0-9.-]+\+", text):
        return lookup(text[:-1])  # SPDX 2.3, annex D: "or any later version"; the version that is named holds
    return known


def plain_text(raw: str) -> str:
    """The statement without markup, control characters and doubled spaces; addresses in links stay."""
    text = html.unescape(raw)
    text = re.sub(r"<[^<>]{0,600}>", lambda tag: " ".join(["", *re.findall(r"https?://[^\s\"'<>]+", tag[0]), ""]), text)
    text = unicodedata.normalize("NFKC", text.replace("℗", "©"))
    text = "".join(" " if letter in "\t\v\f\r\x85\u2028\u2029" else letter for letter in text if _is_shown(letter))
    text = text.translate(str.maketrans("‘’‚“”„‐‑", "'''\"\"\"--"))
    return re.sub(r"[^\S\n]+", " ", re.sub(r"\s*\n\s*", "\n", text)).strip()


def _is_shown(letter: str) -> bool:
    return letter in "\n\t\v\f\r\x85\u2028\u2029" or unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _of_known(shown: str, known: KnownLicense) -> LicenseReading:
    return _of_expression(shown, known.expression, known.rights_class, (known,))


def _of_expression(shown: str, expression: str, rights_class: str, parts: tuple[KnownLicense, ...]) -> LicenseReading:
    """The reading of licences that are all known."""
    findings = tuple(
        Issue(
            code="license-version-missing",
            found=one_line(shown),
            expected="the licence's version",
            hint=f"write for example {part.newest}",
        )
        for part in parts
        if not part.versioned
    )
    kind = GRANT
    if rights_class == IN_COPYRIGHT:
        kind = RESERVATION
    elif rights_class == UNDETERMINED:
        kind = UNKNOWN
        findings += (
            Issue(
                code="license-grants-nothing", found=one_line(shown), expected="a licence that allows redistribution"
            ),
        )
    limits = {part.jurisdiction for part in parts if part.jurisdiction}
    return LicenseReading(
        statement=shown,
        expression=expression,
        rights_class=rights_class,
        family=rights_classes()[rights_class].family,
        license_url=parts[0].url if len(parts) == 1 else None,
        kind=kind,
        jurisdiction=min(limits, default=""),
        findings=findings,
    )


def _of_prose(shown: str, text: str, owners: frozenset[str]) -> LicenseReading:
    prose = read_prose(text, owners)
    opt_outs = tuple(dict.fromkeys(prose.opt_outs))
    if prose.reserved:
        known = by_name()[folded("LicenseRef-all-rights-reserved")]
        return replace(_of_known(shown, known), holder=prose.holder, opt_outs=opt_outs)
    if prose.doubt:
        hedged = _unknown(shown, "license-hedged", prose.doubt, prose.grants)
        return replace(hedged, holder=prose.holder, opt_outs=opt_outs)
    if prose.unexplained:
        hedged = _unknown(shown, "license-hedged", prose.unexplained, prose.grants)
        return replace(hedged, heard=_granted(shown, prose.grants).expression, opt_outs=opt_outs)
    if prose.grants:
        return replace(_granted(shown, prose.grants), holder=prose.holder, opt_outs=opt_outs)
    if prose.notice:
        known = by_name()[folded("LicenseRef-all-rights-reserved")]
        return replace(_of_known(shown, known), kind=NOTICE, holder=prose.holder, opt_outs=opt_outs)
    return replace(_only_images(shown, prose) or _unknown(shown, "license-unknown", shown), opt_outs=opt_outs)


def _granted(shown: str, grants: list[KnownLicense]) -> LicenseReading:
    """Several licences named side by side all hold: prose does not say whether they are a choice."""
    versioned = [known for known in grants if known.versioned]
    # "Creative Commons BY-SA (CC BY-SA 4.0)": the unversioned mention of the same terms adds nothing
    kept = [
        known
        for known in grants
        if known.versioned or all(known.rights_class != other.rights_class for other in versioned)
    ]
    expression = " AND ".join(dict.fromkeys(known.expression for known in kept))
    return _of_expression(shown, expression, strictest(known.rights_class for known in kept), tuple(kept))


def _only_images(shown: str, prose: ProseReading) -> LicenseReading | None:
    return replace(_granted(shown, prose.image_grants), scope="image") if prose.image_grants else None


def _unknown(shown: str, code: str, found: str, heard: Sequence[KnownLicense] = ()) -> LicenseReading:
    """What grants nothing; nearest to a short one is the licence with the likest name, to prose the one it names."""
    named = " AND ".join(known.expression for known in heard)
    nearest = nearest_license(shown) if not named or len(shown) <= _SHORT else named
    hint = f"the nearest known licence is {nearest}" if nearest else ""
    issue = Issue(code=code, found=one_line(found), expected="an SPDX expression or a licence's address", hint=hint)
    return LicenseReading(statement=shown, nearest=nearest, findings=(issue,))
