"""Rights in running text: footers, copyright lines, credits ("© 2024 AFP", "All rights reserved", "CC BY 4.0").

The statement is cut into clauses, so that a photograph's licence does not become the text's. In each clause grants,
reservations and copyright notices are looked for (``schema/rights/prose.yaml``). A grant counts only if nothing in its
clause is left that hedges it: a clause that is half understood grants nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dataset_builder.rights.cc_prose import condition_named, find_creative_commons
from dataset_builder.rights.creative_commons import by_cc_address
from dataset_builder.rights.known import KnownLicense, by_address
from dataset_builder.rights.names import without_names, without_runs, word_list
from dataset_builder.rights.prose_patterns import prose_patterns


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
    opt_outs: list[str] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        """Whether anything in it was understood."""
        return bool(self.grants or self.image_grants or self.reserved or self.notice or self.doubt)


#: A word that must be understood; one letter is enough where a letter is a word.
_WORD = re.compile(r"[^\W\d_]{2,}|[^\W\d_a-zA-Zª-ɏ]")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'`]{3,300}|\b(?:creativecommons|rightsstatements)\.org/[^\s<>\"'`]{2,200}"
)
#: A licence that stood as an address, between characters that no clause pattern knows.
_MARK = re.compile("\x01(\\d+)\x02")
_ARTICLES = frozenset({"the", "die", "les", "las", "los", "le", "la"})
_HOLDER = re.compile(
    r"(?:©|\(c\)|copyright)[\s©(c)]*(?:\d{4}(?:\s?[-–,]\s?\d{2,4})*)?[\s,:–-]*(?:by\s+)?([^.,;|\d\n]{2,80})",
    re.IGNORECASE,
)


def read_prose(text: str, owners: frozenset[str] = frozenset()) -> ProseReading:
    """Read a statement of at most some thousand characters (``text`` is already normalised, in its own case).

    Args:
        owners: names that may stand in it, in lower case (see :mod:`dataset_builder.rights.names`).
    """
    patterns = prose_patterns()
    reading = ProseReading()
    linked: list[KnownLicense] = []
    marked = _URL.sub(lambda match: _marked(match[0], linked), text)
    if notice := _HOLDER.search(marked):
        reading.holder = notice[1].strip(" \"'()[]-–")
    whole = re.sub(r"(?i)\bu\.s\.(?:a\.)?", "US", marked)
    of_images = False
    for clause in patterns.clause_end.split(whole):
        if clause.strip():
            of_images = _read_clause(clause.strip(), linked, reading, of_images, owners)
    if not reading.grants:
        reading.unexplained = ""  # where nothing is granted, nothing needs to be understood
    elif not reading.doubt:
        reading.doubt = reading.aside or _unnamed_condition(whole.casefold(), reading.grants)
    return reading


def _may_be_condition(word: str) -> bool:
    """Whether a word, in lower case, may be a condition, or belongs to a licence."""
    patterns = prose_patterns()
    return bool(patterns.cautions.search(word) or patterns.negations.search(f"{word} ")) or word in word_list(
        "licence_words"
    )


def _marked(url: str, linked: list[KnownLicense]) -> str:
    """A mark for an address that stands for a licence, a blank for any other."""
    address = url.rstrip(".,;:)]}")
    known = by_cc_address(address) or by_address(address)
    if known is None:
        return " "
    linked.append(known)
    return f" \x01{len(linked) - 1}\x02 "


def _read_clause(
    own_case: str, linked: list[KnownLicense], reading: ProseReading, after_images: bool, owners: frozenset[str]
) -> bool:
    """Add what a clause says to ``reading``; whether a bare grant behind it would be the images'."""
    patterns = prose_patterns()
    named = without_names(own_case, owners, _may_be_condition)
    clause = named.casefold()
    reading.reserved |= bool(patterns.all_reserved.search(clause)) and not _only_images(clause)
    for match in reversed(list(patterns.opt_outs.finditer(clause))):
        reading.opt_outs.insert(0, match[0])
        clause = f"{clause[: match.start()]} {clause[match.end() :]}"
        named = clause  # a clause against mining needs no names
    names_text = bool(patterns.text_words.search(clause))
    only_images = _only_images(clause)
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
    if only_images and not found and _speaks_of_grant(plain):
        reading.aside = reading.aside or clause[:80]
    if not of_images:
        rest = _unread(clause, [(start, end) for _, start, end in found])
        caution = patterns.cautions.search(rest)
        hedge = caution[0] if caution else ""
        if found:
            reading.doubt = reading.doubt or hedge
        else:
            reading.aside = reading.aside or hedge
            rest = _unread(without_runs(named, _may_be_condition).casefold(), [])
        reading.unexplained = reading.unexplained or _unexplained(rest)
    return of_images


def _only_images(clause: str) -> bool:
    patterns = prose_patterns()
    return patterns.image_words.search(clause) is not None and patterns.text_words.search(clause) is None


def _speaks_of_grant(clause: str) -> bool:
    """Whether a clause about images says that the licence beside it is theirs, or says nothing but that they are."""
    patterns = prose_patterns()
    subject = patterns.image_subject.search(clause)
    denied = patterns.cautions.search(patterns.image_subject.sub(" ", clause))
    alone = patterns.image_words.sub(" ", clause)
    bare = not any(word not in _ARTICLES for word in re.findall(r"[^\W\d_]{2,}|\x03", alone))
    return bare or (subject is not None and denied is None)


def _grants_in(clause: str, linked: list[KnownLicense]) -> list[tuple[KnownLicense, int, int]]:
    """The licences that a clause names, with their places in it."""
    found = [(linked[int(match[1])], *match.span()) for match in _MARK.finditer(clause)]
    found += [(known, *match.span()) for pattern, known in prose_patterns().names for match in pattern.finditer(clause)]
    found += find_creative_commons(clause)
    chosen: list[tuple[KnownLicense, int, int]] = []
    for known, start, end in sorted(found, key=lambda entry: entry[1] - entry[2]):  # the longest of what overlaps
        if not any(first < end and start < last for _, first, last in chosen):
            chosen.append((known, start, end))
    return sorted(chosen, key=lambda entry: entry[1])


def _unread(clause: str, spans: list[tuple[int, int]]) -> str:
    """What is left of a clause without its licences and its harmless wording."""
    rest = "".join(
        " " if any(start <= place < end for start, end in spans) else letter for place, letter in enumerate(clause)
    )
    return prose_patterns().harmless.sub(" ", rest)


def _unexplained(rest: str) -> str:
    """The first word that is no name and that nobody has read, or empty."""
    patterns = prose_patterns()
    unread = (word for word in _WORD.findall(rest) if word not in patterns.explained)
    return next((word for word in unread if not patterns.image_words.fullmatch(word)), "")


def _unnamed_condition(whole: str, grants: list[KnownLicense]) -> str:
    """A Creative Commons condition that the statement names in full and that no licence in it has, or empty."""
    for condition, words in condition_named(prose_patterns().harmless.sub(" ", whole)):
        if not any(_has_condition(known, condition) for known in grants):
            return words
    return ""


def _has_condition(known: KnownLicense, condition: str) -> bool:
    from dataset_builder.rights.classes import rights_classes

    return condition in rights_classes()[known.rights_class].conditions
