"""Creative Commons licences as people write them out, in several languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from dataset_builder.rights.creative_commons import of_parts, public_domain_tool
from dataset_builder.rights.known import KnownLicense, table

_CONDITION = {"nc": "noncommercial", "sa": "share-alike", "nd": "no-derivatives"}
_ZERO = re.compile(
    r"\b(?:cc[\s-]?(?:0|zero)|creative commons (?:\(?cc\)?[\s-]?)?(?:0|zero))\b"
    r"(?:[\s-]?v?1\.0(?!\d))?(?:\s?universal)?(?:\s?public domain dedication)?"
)
_MARK = re.compile(r"\bpublic domain mark\b(?:\s?v?1\.0)?|\bcc[\s-]?pdm\b(?:[\s-]?1\.0)?")
_VERSION = re.compile(r"\d\.\d")
_SEPARATOR = r"[\s\-–—/,:()\"'\[\]&+_.]{0,4}"


@cache
def _words() -> dict[str, str]:
    """Word, lower case -> element."""
    return {word: element for element, words in table("creative-commons")["elements"].items() for word in words}


def _alternatives(words: list[str]) -> str:
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"[\s\-–]{1,3}") for word in ordered)


@cache
def _licence() -> re.Pattern[str]:
    data = table("creative-commons")
    anchors = _alternatives(data["anchors"])
    elements = _alternatives(list(_words()))
    fillers = _alternatives(data["fillers"])
    names = _alternatives(list(data["port_names"]))
    codes = _alternatives(sorted({port for listed in data["ports"].values() for port in listed}))
    tied = rf"(?:{elements})(?![^\W\d_])"
    other = rf"(?:{fillers}|{anchors})(?![^\W\d_])|v?\d\.\d(?!\d)|(?:and|et|und|y|e|en)\b(?={_SEPARATOR}{tied})"
    part = rf"{_SEPARATOR}(?:{tied}|{other})"
    # A code ("no", "in", "it") is a port only where nothing but punctuation follows: "CC BY 4.0 no changes" is none.
    port = rf"(?:{_SEPARATOR}(?:(?:{names})\b|(?:{codes})\b(?=\s*(?:[^\w\s]|$))))?"
    long_by = _alternatives([word for word, element in _words().items() if element == "by" and len(word) > 2])
    anchored = rf"\b(?:{anchors})(?:{part})*{port}"
    # "Attribution-ShareAlike 4.0 International": without an anchor only with its version
    named = rf"\b(?:{long_by})\b(?:{part}){{0,8}}?{_SEPARATOR}v?\d\.\d(?!\d)(?:{part})*{port}"
    # "BY-NC 4.0", the code alone with its version
    code = r"\bby(?:-(?:nc|nd|sa)){1,2}\b[\s-]v?\d\.\d(?!\d)"
    return re.compile(rf"(?:{anchored}|{named}|{code})")


@cache
def _element() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])(?:{_alternatives(list(_words()))})(?![^\W\d_])")


@cache
def _long_condition() -> re.Pattern[str]:
    words = [word for word, element in _words().items() if element != "by" and len(word) > 2]
    return re.compile(rf"(?<![^\W\d_])(?:{_alternatives(words)})(?![^\W\d_])")


def find_creative_commons(clause: str) -> list[tuple[KnownLicense, int, int]]:
    """The licences named in a clause (lower case), each with the place of its words; unknown ones are left out."""
    found = [(public_domain_tool("zero"), *match.span()) for match in _ZERO.finditer(clause)]
    found += [(public_domain_tool("mark"), *match.span()) for match in _MARK.finditer(clause)]
    for match in _licence().finditer(clause):
        if any(start < match.end() and match.start() < end for _, start, end in found):
            continue
        elements = {_words()[_spelled(word[0])] for word in _element().finditer(match[0])}
        versions = list(dict.fromkeys(_VERSION.findall(match[0])))
        version = versions[0] if len(versions) == 1 else ""
        # A word behind the version is a port only where that port exists ("CC BY 3.0 in print" is not India's).
        known = of_parts(elements, version, _port(match[0])) or of_parts(elements, version)
        if known is not None:
            found.append((known, *match.span()))
    return found


def condition_named(text: str) -> Iterator[tuple[str, str]]:
    """The conditions that a text (lower case) names by a whole word, with the words."""
    for match in _long_condition().finditer(text):
        yield _CONDITION[_words()[_spelled(match[0])]], match[0]


def _spelled(words: str) -> str:
    """The spelling of the table for words found with other separators."""
    if words in _words():
        return words
    spaced = re.sub(r"[\s\-–]+", " ", words)
    return next((word for word in _words() if re.sub(r"[\s\-–]+", " ", word) == spaced), spaced)


def _port(words: str) -> str:
    """The jurisdiction at the end of a licence's name, or empty."""
    data = table("creative-commons")
    tail = re.sub(r"[\s\-–—/,:()\"'\[\]&+_.]+$", "", words)
    for name, code in data["port_names"].items():
        if tail.endswith(f" {name}") or tail.endswith(f"-{name}"):
            return str(code)
    match = re.search(r"\d\.\d[\s(-]{1,2}([a-z]{2,8})$", tail)
    return match[1] if match and match[1] in {port for listed in data["ports"].values() for port in listed} else ""
