"""From a page's bytes to its text: byte order mark, the bytes themselves, HTTP, <meta>, detection.

The order departs from the HTML standard's sniffing algorithm in one point: text that is valid UTF-8 and not ASCII is
read as UTF-8 whatever was declared, as other encodings practically never form valid UTF-8 by chance.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.resources import read_yaml, schema_file
from dataset_builder.visible import one_line

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
#: The HTML standard looks for <meta charset> in the first 1,024 bytes; real pages put it later.
_PRESCAN_BYTES = 16_384
_SAMPLE_BYTES = 65_536
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_.:-]{1,40})""", re.IGNORECASE)
_LANGUAGE = re.compile(rb"""<html[^>]{0,200}?\slang\s*=\s*["']?([a-zA-Z]{2,3})""", re.IGNORECASE)
_TAG = re.compile(rb"<[^>]{0,10000}>")
_C1 = re.compile("[\x80-\x9f]")


#: UTF-8 that was read as Latin-1 and written as UTF-8 again; the C1 control character in it is in no honest text.
_TWICE = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_TWICE_SURELY = re.compile("\xe2\x80[\x80-\xbf]|[\xc3-\xf4][\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """The page's text, the encoding that gave it, and what was wrong with its declaration."""

    text: str
    charset: str
    issues: tuple[Issue, ...] = ()


def decode_page(payload: bytes, declared: str | None) -> DecodedPage:
    """Decode a page, and once more where it was encoded twice.

    Args:
        declared: the charset of the HTTP header or of a person's declaration, None where there is none.
    """
    page = _decode(payload, declared)
    refused = next((label for label in _labels(payload, declared) if _refused(label)), None)
    if refused and not page.issues:
        page = DecodedPage(page.text, page.charset, (_lie(refused, page.charset),))
    if not _TWICE_SURELY.search(page.text):
        return page
    issue = Issue(code="encoded-twice", found="UTF-8 inside UTF-8", expected="UTF-8")
    return DecodedPage(_TWICE.sub(_once, page.text), page.charset, (*page.issues, issue))


def _once(match: re.Match[str]) -> str:
    try:
        return match[0].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def _decode(payload: bytes, declared: str | None) -> DecodedPage:
    for mark, codec, name in _BOMS:
        if payload.startswith(mark):
            return DecodedPage(payload.decode(codec, "replace"), name)
    if wide := _wide(payload):
        return DecodedPage(payload.decode(wide, "replace"), wide)
    claims = _claims(payload, declared)
    named = next(iter(claims), None)
    try:
        text = payload.decode("utf-8")
    except UnicodeDecodeError:
        return _other(payload, claims)
    if named is None or (named in ("utf-8", "cp1252") and text.isascii()):
        return DecodedPage(text, "utf-8")
    if text.isascii() and (other := _strict(payload, named)) is not None:
        return DecodedPage(other, named)  # ISO-2022-JP and its like look like ASCII
    return DecodedPage(text, "utf-8", () if named == "utf-8" else (_lie(named, "utf-8"),))


def _wide(payload: bytes) -> str | None:
    """UTF-16 without a byte order mark shows itself by the NUL in every other byte of its markup."""
    sample = payload[:400]
    if len(sample) < 8:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd * 3 > len(sample) and even * 10 < len(sample):
        return "utf-16-le"
    return "utf-16-be" if even * 3 > len(sample) and odd * 10 < len(sample) else None


def _claims(payload: bytes, declared: str | None) -> dict[str, str]:
    """Python codec -> the label that named it, HTTP before <meta>; labels that nobody knows are left out."""
    claims: dict[str, str] = {}
    for label in _labels(payload, declared):
        name = _codec(label)
        # A page whose <meta> could be read byte by byte is in no wide encoding, as the Encoding Standard says too.
        name = "utf-8" if name.startswith(("utf-16", "utf-32")) else name
        if name == "utf-8" or name in _web_encodings():
            claims.setdefault(name, label)
    return claims


def _labels(payload: bytes, declared: str | None) -> list[str]:
    """What HTTP and <meta> call the encoding, in this order."""
    labels = [declared] if declared else []
    if found := _META_CHARSET.search(payload[:_PRESCAN_BYTES]):
        labels.append(found[1].decode("ascii"))
    return [label.strip()[:40] for label in labels]


def _refused(label: str) -> bool:
    """Whether a label names an encoding that the web does not read, UTF-7 above all (Encoding Standard, 4.2)."""
    name = _codec(label)
    return bool(name) and not name.startswith(("utf-8", "utf-16", "utf-32")) and name not in _web_encodings()


def _other(payload: bytes, claims: dict[str, str]) -> DecodedPage:
    """Bytes that are not UTF-8: the declared encoding if its words look like words, else the detected one."""
    plausible = _detect(payload)
    declared = next(iter(claims), None)
    for name in claims:
        if (text := _strict(payload, name)) is not None and (name in plausible or not plausible):
            return DecodedPage(text, name, () if name == declared else (_lie(declared or "", name),))
    nearly = payload.decode("utf-8", "replace")
    broken = nearly.count("\ufffd")
    wide = sum(1 for character in nearly if ord(character) > 127)
    if not plausible or ("utf-8" in claims and broken * 20 < wide):
        found = f"{broken} byte sequences that are not UTF-8"
        return DecodedPage(nearly, "utf-8", (Issue(code="undecodable-bytes", found=found, expected="UTF-8"),))
    name = plausible[0]
    guessed = Issue(code="charset-guessed", found=f"no charset; read as {name}")
    return DecodedPage(payload.decode(name, "replace"), name, (_lie(declared, name) if declared else guessed,))


def _strict(payload: bytes, name: str) -> str | None:
    try:
        text = payload.decode(name)
    except (UnicodeDecodeError, LookupError):
        # cp1252 leaves five bytes undefined; browsers read them as control characters, a page may hold one.
        return None
    return None if _C1.search(text[:_SAMPLE_BYTES]) else text


def _detect(payload: bytes) -> list[str]:
    """Encodings in which the page's words look like words, best first."""
    from charset_normalizer import from_bytes

    start = next((match.start() for match in re.finditer(rb"[\x80-\xff]", payload)), 0)
    window = payload[max(0, start - 2_000) : start + 4 * _SAMPLE_BYTES]
    words = _TAG.sub(b" ", window)[:_SAMPLE_BYTES]
    ranked: list[tuple[tuple[float, float], list[str]]] = []
    for match in from_bytes(words):
        alike = [_codec(label) for label in match.could_be_from_charset]
        # Where several encodings give the same words, the web's default is the likeliest.
        alike.sort(key=lambda name: name != "cp1252")
        if known := [name for name in alike if name in _web_encodings() and _strict(payload, name) is not None]:
            ranked.append(((match.chaos, match.coherence), known))
    # So it is where its words are no less likely than the best: two accents tell no language. A page may tell its own.
    language = _LANGUAGE.search(payload[:_PRESCAN_BYTES])
    if language and language[1].decode("ascii").lower() in _charsets()["own_default"]:
        return list(dict.fromkeys(name for _, known in ranked for name in known))
    best = ranked[0][0] if ranked else None
    ranked.sort(key=lambda entry: entry[0] != best or "cp1252" not in entry[1])
    return list(dict.fromkeys(name for _, known in ranked for name in known))


def _codec(label: str) -> str:
    """Python's name of the encoding that the web understands by ``label``, ``""`` where nobody knows it."""
    try:
        name = codecs.lookup(label.removeprefix("x-")).name
    except (LookupError, ValueError):
        return ""
    return str(_charsets()["web_labels"].get(name, name))


@cache
def _web_encodings() -> frozenset[str]:
    return frozenset(_charsets()["encodings"])


@cache
def _charsets() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(schema_file("read", "charsets.yaml"))
    return found


def _lie(declared: str, actual: str) -> Issue:
    return Issue(code="charset-mismatch", found=f"declared {one_line(declared)}, read as {actual}", expected=actual)
