"""From a page's bytes to its text: byte order mark, the bytes themselves, HTTP, <meta>, detection.

The order departs from the HTML standard's sniffing algorithm in one point: text that is valid UTF-8 and not ASCII is
read as UTF-8 whatever was declared, as other encodings practically never form valid UTF-8 by chance.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from dataset_builder.issues import Issue
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
_TAG = re.compile(rb"<[^>]{0,10000}>")
#: The Encoding Standard reads these labels as their Windows superset.
_WEB_LABELS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "gb2312": "gb18030",
               "gbk": "gb18030", "euc_kr": "cp949", "shift_jis": "cp932"}  # fmt: skip
#: Never read by request: UTF-7 hides markup from every filter; the rest are no text encodings.
_REFUSED = frozenset({"utf-7", "rot13", "hex", "base64", "bz2", "zlib", "uu", "quopri", "punycode", "idna", "unicode_escape",
                      "raw_unicode_escape", "undefined", "mbcs", "oem"})  # fmt: skip
_C1 = re.compile("[\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """The page's text, the encoding that gave it, and what was wrong with its declaration."""

    text: str
    charset: str
    issues: tuple[Issue, ...] = ()


def decode_page(payload: bytes, declared: str | None) -> DecodedPage:
    """Decode a page.

    Args:
        declared: the charset of the HTTP header or of a person's declaration, None where there is none.
    """
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
    if named is None or named in ("utf-8", "cp1252") and text.isascii():
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
    labels = [declared] if declared else []
    if found := _META_CHARSET.search(payload[:_PRESCAN_BYTES]):
        labels.append(found[1].decode("ascii"))
    claims: dict[str, str] = {}
    for label in labels:
        try:
            name = codecs.lookup(label.strip()[:40]).name
        except (LookupError, ValueError):
            continue
        name = _WEB_LABELS.get(name, name)
        if name in _REFUSED:
            continue
        # A page whose <meta> could be read byte by byte is in no wide encoding, as the Encoding Standard says too.
        claims.setdefault("utf-8" if name.startswith(("utf-16", "utf-32")) else name, label)
    return claims


def _other(payload: bytes, claims: dict[str, str]) -> DecodedPage:
    """Bytes that are not UTF-8: the declared encoding if it fits, else the detected one, else UTF-8 with losses."""
    plausible = _detect(payload)
    readable = {name: text for name in claims if (text := _strict(payload, name)) is not None}
    fitting = [name for name in readable if not plausible or name in plausible]
    if fitting or readable:
        name = (fitting or list(readable))[0]
        first = next(iter(claims))
        return DecodedPage(readable[name], name, () if name == first else (_lie(first, name),))
    nearly = payload.decode("utf-8", "replace")
    broken = nearly.count("�")
    wide = sum(1 for character in nearly if ord(character) > 127)
    if claims and "utf-8" in claims and broken * 20 < wide or not plausible:
        found = f"{broken} byte sequences that are not UTF-8"
        return DecodedPage(nearly, "utf-8", (Issue(code="undecodable-bytes", found=found, expected="UTF-8"),))
    name = plausible[0]
    text = payload.decode(name, "replace")
    if claims:
        return DecodedPage(text, name, (_lie(next(iter(claims)), name),))
    return DecodedPage(text, name, (Issue(code="charset-guessed", found=f"no charset; read as {name}"),))


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
    names: list[str] = []
    for match in from_bytes(words):
        for name in (match.encoding, *match.could_be_from_charset):
            canonical = codecs.lookup(name).name
            canonical = _WEB_LABELS.get(canonical, canonical)
            if canonical not in names and _strict(payload, canonical) is not None:
                names.append(canonical)
    return names


def _lie(declared: str, actual: str) -> Issue:
    return Issue(code="charset-mismatch", found=f"declared {one_line(declared)}, read as {actual}", expected=actual)
