"""What a request for removal names: an id, a path, an address, a domain or a person; and which articles it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from dataset_builder.copies.revisions import page_key
from dataset_builder.nearest import nearest_names
from dataset_builder.records import split_locator

#: Fewer digits of an id say too little: of 10,000 articles, every other pair would share five.
FEWEST_DIGITS = 6
_DIGITS = re.compile(rf"[0-9a-f]{{{FEWEST_DIGITS},64}}")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,10}[^\W\d_][\w-]{1,62}")
#: Names that an error compares a mistyped reference with, and how many of them it shows.
_COMPARED = 50_000
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article by all its names.

    Attributes:
        locators: where it was read; none for one that an earlier snapshot holds and the corpus does not.
        addresses: its own addresses.
        hosts: the hosts of its addresses, or of its sources' where it has none.
        text: the text as it was read; ``""`` where it is not held.
        named: whether an earlier snapshot's entities name the person that is asked for.
    """

    id: str
    sha256: str
    title: str
    locators: tuple[str, ...]
    addresses: tuple[str, ...]
    hosts: tuple[str, ...]
    text: str = ""
    named: bool = False


#: Why a candidate is meant, or ``""``.
Match = Callable[[Candidate], str]


def matcher(reference: str) -> Match:
    """How an id, a path, an address or a domain is held against an article.

    A path goes before a domain: a file may be called ``ledger.example.org``, and whoever types it sees the list first.
    """
    if _is_address(reference):
        wanted = _page(reference)
        return lambda it: "address" if wanted and any(_page(known) == wanted for known in it.addresses) else ""
    digits = reference.lower()
    if _DIGITS.fullmatch(digits):
        return lambda it: "id" if it.sha256.startswith(digits) or it.id == digits else ""
    domain = reference.lower().rstrip(".") if is_domain(reference) else ""

    def match(it: Candidate) -> str:
        if any(reference in (locator, split_locator(locator)[0]) for locator in it.locators):
            return "path"
        under = domain and any(host == domain or host.endswith(f".{domain}") for host in it.hosts)
        return "domain" if under else ""

    return match


def person_matcher(name: str) -> Match:
    """How a person's name is held against an article: title, text, and what an earlier snapshot's entities say."""
    names = mention_of(name)

    def match(it: Candidate) -> str:
        if names(it.title):
            return "title"
        return "text" if names(it.text) else "entities" if it.named else ""

    return match


def mention_of(name: str) -> Callable[[str], bool]:
    """Whether a text holds ``name`` as whole words, whatever the case, the blanks and the form of its characters."""
    words = [re.escape(word) for word in _plain(name).split()]
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(words) + r"(?!\w)")
    return lambda text: pattern.search(_plain(text)) is not None


def is_id(reference: str) -> bool:
    """Whether ``reference`` is an id, a digest or the beginning of one."""
    return _DIGITS.fullmatch(reference.lower()) is not None


def is_domain(reference: str) -> bool:
    """Whether ``reference`` looks like a host's name."""
    return len(reference) <= 253 and _DOMAIN.fullmatch(reference.rstrip(".")) is not None


def host_of(address: str) -> str:
    """The host of an address in lower case, or ``""``."""
    try:
        return (urlsplit(address.strip()).hostname or "").lower()
    except ValueError:
        return ""


def nearest(reference: str, candidates: Iterable[Candidate]) -> list[str]:
    """The names most like ``reference``, of the kind that it is; an id is compared as far as the reference goes."""
    compared: dict[str, str] = {}
    for candidate in candidates:
        if is_id(reference):
            names: tuple[str, ...] = (candidate.id,)
        elif _is_address(reference):
            names = candidate.addresses
        else:
            names = (*candidate.hosts, *candidate.locators)
        compared |= {name[: len(reference)] if is_id(reference) else name: name for name in names}
        if len(compared) > _COMPARED:
            break
    return [compared[name] for name in nearest_names(reference, compared, most=_SHOWN, least=50)]


def _is_address(reference: str) -> bool:
    return reference.lower().startswith(("http://", "https://"))


def _page(address: str) -> str:
    """What people mean by an address: they leave out the scheme, ``www.``, tracking and the last slash."""
    return (page_key(address) or "").removeprefix("//").removeprefix("www.")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
