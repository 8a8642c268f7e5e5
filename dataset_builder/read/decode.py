"""From bytes to text: UTF-8 by right, anything else by detection and with a finding."""

from __future__ import annotations

from dataclasses import dataclass

from dataset_builder.issues import Issue
from dataset_builder.read.signatures import binary_form

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: Control characters that text may hold: tab, line feed, form feed, carriage return, escape of ISO 2022, NEL.
_TEXT_CONTROLS = frozenset(b"\t\n\x0b\x0c\r\x1b")
#: The guess looks at this much; a longer sample costs time and changes nothing.
_SAMPLE_BYTES = 65_536


@dataclass(frozen=True)
class Decoded:
    """The text and the encoding that gave it, or the error that says why there is none."""

    text: str | None
    charset: str | None = None
    issue: Issue | None = None


def decode_text(payload: bytes, path: str) -> Decoded:
    """Decode ``payload``; a byte order mark is not part of the text."""
    if form := binary_form(payload):
        return Decoded(None, issue=Issue(path, code="binary-file", found=form, expected="text in UTF-8"))
    charset = next((name for mark, name in _BOMS if payload.startswith(mark)), "utf-8")
    if charset != "utf-16" and _is_binary(payload):
        found = "NUL bytes or many control characters"
        return Decoded(None, issue=Issue(path, code="binary-file", found=found, expected="text in UTF-8"))
    try:
        text = payload.decode(charset)
    except UnicodeDecodeError as error:
        return _guess(payload, path, error)
    return Decoded(text, "utf-8" if charset == "utf-8-sig" else charset)


def _is_binary(payload: bytes) -> bool:
    sample = payload[:_SAMPLE_BYTES]
    controls = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in sample)
    return b"\x00" in payload or controls * 20 > len(sample)


def _guess(payload: bytes, path: str, error: UnicodeDecodeError) -> Decoded:
    from charset_normalizer import from_bytes

    line = payload.count(b"\n", 0, error.start) + 1
    found = f"the byte 0x{payload[error.start]:02X} at offset {error.start}"
    start = max(0, error.start - _SAMPLE_BYTES // 2)
    best = from_bytes(payload[start : start + _SAMPLE_BYTES]).best()
    try:
        text = payload.decode(best.encoding) if best is not None else None
    except (UnicodeDecodeError, LookupError):
        text = None
    if best is None or text is None:
        return Decoded(None, issue=Issue(path, line, code="undecodable-file", found=found, expected="text in UTF-8"))
    issue = Issue(path, line, code="not-utf8", found=f"{found}; read as {best.encoding}", expected="text in UTF-8")
    return Decoded(text, best.encoding, issue)
