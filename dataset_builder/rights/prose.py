"""Rights in running text: footers, copyright lines, credits ("© 2024 AFP", "All rights reserved", "CC BY 4.0").

The statement is cut into clauses, so that a photograph's licence does not become the text's. In each clause grants,
reservations and copyright notices are looked for (``schema/rights/prose.yaml``). A grant counts only if nothing in its
clause is left that hedges it: a clause that is half understood grants nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from dataset_builder.rights.cc_prose import condition_named, find_creative_commons
from dataset_builder.rights.creative_commons import by_cc_address
from dataset_builder.rights.known import KnownLicense, by_address, by_name, folded, table


@dataclass(slots=True)
class ProseReading:
    """What a statement in prose says.

    Attributes:
        grants: the licences that it grants for the text, in order, each once.
        image_grants: the licences that it grants for images only.
        reserved: whether it reserves all rights, or bars use.
        notice: whether it names an owner; this alone yields to a licence.
        holder: the owner that it names, or empty.
        doubt: the words that hedge a grant, or empty; then nothing is granted.
        aside: words of the same kind in a clause beside it; they hedge a grant, and say nothing where there is none.
        unexplained: a word of a granting clause that nobody has read, or empty; another statement may settle it.
        words: its words that do not begin with a capital letter.
        opt_outs: its words against mining or AI use.
    """

    grants: list[KnownLicense] = field(default_factory=list)
    image_grants: list[KnownLicense] = field(default_factory=list)
    reserved: bool = False
    notice: bool = False
    holder: str = ""
    doubt: str = ""
    aside: str = ""
    unexplained: str = ""
    words: set[str] = field(default_factory=set)
    opt_outs: list[str] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        """Whether anything in it was understood."""
        return bool(self.grants or self.image_grants or self.reserved or self.notice or self.doubt)


@dataclass(frozen=True, slots=True)
class _Patterns:
    clause_end: re.Pattern[str]
    reservations: re.Pattern[str]
    notices: re.Pattern[str]
    names: tuple[tuple[re.Pattern[str], KnownLicense], ...]
    negations: re.Pattern[str]
    image_words: re.Pattern[str]
    text_words: re.Pattern[str]
    cautions: re.Pattern[str]
    explained: frozenset[str]
    harmless: re.Pattern[str]
    opt_outs: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    data = table("prose")
    named = [*data["names"], *data["public_domain"]]
    return _Patterns(
        clause_end=re.compile(data["clause_end"]),
        reservations=_any(data["reservations"]),
        notices=_any(data["notices"]),
        names=tuple((re.compile(row["pattern"]), by_name()[folded(row["license"])]) for row in named),
        negations=_any(data["negations"]),
        image_words=re.compile(data["image_words"]),
        text_words=re.compile(data["text_words"]),
        cautions=_any(data["cautions"]),
        explained=frozenset(data["explained_words"].split()),
        harmless=_any(data["harmless"]),
        opt_outs=_any(data["opt_outs"]),
    )


def _any(expressions: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{expression})" for expression in expressions))


_WORD = re.compile(r"[^\W\d_]{2,}")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'`]{3,300}|\b(?:creativecommons|rightsstatements)\.org/[^\s<>\"'`]{2,200}"
)
#: A licence that stood as an address, between characters that no clause pattern knows.
_MARK = re.compile("\x01(\\d+)\x02")
_HOLDER = re.compile(
    r"(?:©|\(c\)|copyright)[\s©(c)]*(?:\d{4}(?:\s?[-–,]\s?\d{2,4})*)?[\s,:–-]*(?:by\s+)?([^.,;|\d\n]{2,80})",
    re.IGNORECASE,
)


def read_prose(text: str) -> ProseReading:
    """Read a statement of at most some thousand characters (``text`` is already normalised, in its own case)."""
    patterns = _patterns()
    reading = ProseReading()
    linked: list[KnownLicense] = []
    marked = _URL.sub(lambda match: _marked(match[0], linked), text)
    if notice := _HOLDER.search(marked):
        reading.holder = notice[1].strip(" \"'()[]-–")
    whole = marked.casefold().replace("u.s.a.", "usa").replace("u.s.", "us")
    of_images = False
    reading.words = {word.casefold() for word in _WORD.findall(marked) if not word[0].isupper()}
    for clause in patterns.clause_end.split(whole):
        if clause.strip():
            of_images = _read_clause(clause.strip(), linked, reading, of_images)
    if reading.grants and not reading.doubt:
        reading.doubt = reading.aside or _unnamed_condition(whole, reading.grants)
    return reading


def _marked(url: str, linked: list[KnownLicense]) -> str:
    """A mark for an address that stands for a licence, a blank for any other."""
    address = url.rstrip(".,;:)]}")
    known = by_cc_address(address) or by_address(address)
    if known is None:
        return " "
    linked.append(known)
    return f" \x01{len(linked) - 1}\x02 "


def _read_clause(clause: str, linked: list[KnownLicense], reading: ProseReading, after_images: bool) -> bool:
    """Add what a clause says to ``reading``; whether a bare grant behind it would be the images'."""
    patterns = _patterns()
    reading.opt_outs += [match[0] for match in patterns.opt_outs.finditer(clause)]
    clause = patterns.opt_outs.sub(" ", clause)
    names_text = bool(patterns.text_words.search(clause))
    only_images = bool(patterns.image_words.search(clause)) and not names_text
    of_images = only_images or (after_images and not names_text)
    plain = patterns.harmless.sub(" ", clause)
    found = _grants_in(clause, linked)
    if patterns.reservations.search(plain):
        reading.reserved |= not only_images
        return of_images
    notice = bool(patterns.notices.search(clause)) and not only_images
    reading.notice |= notice
    if notice and patterns.notices.search(plain) and names_text and (not found or patterns.image_words.search(clause)):
        reading.aside = reading.aside or clause[:80]  # the owner is named for the text, the licence for something else
    grants = reading.image_grants if of_images else reading.grants
    for known, start, _ in found:
        if patterns.negations.search(clause[:start]) and not of_images:
            reading.doubt = reading.doubt or clause[max(0, start - 40) : start].strip()
        elif known not in grants:
            grants.append(known)
    if not of_images:
        rest = _unread(clause, [(start, end) for _, start, end in found])
        caution = patterns.cautions.search(rest)
        hedge = caution[0] if caution else ""
        if found:
            reading.doubt = reading.doubt or hedge
            reading.unexplained = reading.unexplained or _unexplained(rest, reading.words)
        else:
            reading.aside = reading.aside or hedge
    return of_images


def _grants_in(clause: str, linked: list[KnownLicense]) -> list[tuple[KnownLicense, int, int]]:
    """The licences that a clause names, with their places in it."""
    found = [(linked[int(match[1])], *match.span()) for match in _MARK.finditer(clause)]
    found += find_creative_commons(clause)
    taken = [(start, end) for _, start, end in found]
    for pattern, known in _patterns().names:
        for match in pattern.finditer(clause):
            if not any(start < match.end() and match.start() < end for start, end in taken):
                found.append((known, *match.span()))
                taken.append(match.span())
    return sorted(found, key=lambda entry: entry[1])


def _unread(clause: str, spans: list[tuple[int, int]]) -> str:
    """What is left of a clause without its licences and its harmless wording."""
    rest = "".join(
        " " if any(start <= place < end for start, end in spans) else letter for place, letter in enumerate(clause)
    )
    return _patterns().harmless.sub(" ", rest)


def _unexplained(rest: str, words: set[str]) -> str:
    """The first word that is no name and that nobody has read, or empty."""
    patterns = _patterns()
    unread = (word for word in _WORD.findall(rest) if word in words and word not in patterns.explained)
    return next((word for word in unread if not patterns.image_words.fullmatch(word)), "")


def _unnamed_condition(whole: str, grants: list[KnownLicense]) -> str:
    """A Creative Commons condition that the statement names in full and that no licence in it has, or empty."""
    for condition, words in condition_named(_patterns().harmless.sub(" ", whole)):
        if not any(_has_condition(known, condition) for known in grants):
            return words
    return ""


def _has_condition(known: KnownLicense, condition: str) -> bool:
    from dataset_builder.rights.classes import rights_classes

    return condition in rights_classes()[known.rights_class].conditions
