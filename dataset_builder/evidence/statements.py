"""What captured answers say about rights: statements of licences, opt-outs. Read, never decided: a person does that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dataset_builder.evidence.capture import Captured
from dataset_builder.records import Claim
from dataset_builder.rights.opt_outs import read_opt_outs
from dataset_builder.rights.reading import GRANT, RESERVATION, LicenseReading, read_license
from dataset_builder.visible import one_line
from dataset_builder.web.exchange import Answer

#: A sentence that states a licence is shorter, and a page of terms has fewer of them.
_SENTENCE = 300
_MOST_SENTENCES = 4_000
#: Fewer are a caption, a heading or the end of one.
_FEW_WORDS = 5
_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
_STATED = ("license", "license_url", "rights_statement", "copyright_notice")


@dataclass(frozen=True, slots=True)
class Statement:
    """Words on a page that say what may be done.

    Attributes:
        url: the page.
        role: as it was captured.
        how: ``markup`` or ``sentence``.
        words: the words, cut to a line.
        reading: what they say.
    """

    url: str
    role: str
    how: str
    words: str
    reading: LicenseReading


def statements_of(captured: Captured) -> list[Statement]:
    """The statements of one page, each once: those in its markup, then sentences that are understood as one."""
    answer = captured.visit.answer
    if answer is None or captured.role not in ("terms", "home") or "html" not in answer.header("content-type").lower():
        return []
    from dataset_builder.read.html.page import extract_html

    page = extract_html(answer.body, url=answer.url)
    found: dict[tuple[str, str], Statement] = {}
    for how, words in (*_marked(page.claims), *_sentences(page.text)):
        reading = read_license(words)
        if reading.scope != "image" and (how == "markup" or reading.kind in (GRANT, RESERVATION)):
            statement = Statement(answer.url, captured.role, how, one_line(words, 200), reading)
            found.setdefault((reading.expression or "", words), statement)
    return list(found.values())


def _marked(claims: tuple[Claim, ...]) -> Iterator[tuple[str, str]]:
    images = {claim.rule for claim in claims if claim.field == "license_scope" and claim.value == "image"}
    for claim in claims:
        if claim.field in _STATED and claim.rule not in images:
            yield "markup", claim.value


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """The sentences of a text; a few words alone are read with what stands before them, which may be “Photo”."""
    before = ""
    for sentence in _ENDS.split(text)[:_MOST_SENTENCES]:
        whole = f"{before} {sentence}" if len(before.split()) < _FEW_WORDS > len(sentence.split()) else sentence
        if 3 < len(whole) <= _SENTENCE:
            yield "sentence", whole.strip()
        before = sentence


def opt_outs_of(captured: Captured) -> list[str]:
    """The signals against mining or AI use in an answer, as ``tdm-reservation: 1``."""
    answer = captured.visit.answer
    if answer is None:
        return []
    reserved = [answer.header("tdm-reservation")]
    usage = [answer.header("content-usage")]
    if captured.role == "tdmrep":
        reserved += _tdmrep(answer)
    if captured.role == "robots":
        usage += re.findall(r"(?im)^[ \t]*content-usage[ \t]*:[ \t]*([^#\r\n]{1,400})", _text(answer))
    signals = [*read_opt_outs(filter(None, reserved), filter(None, usage)).signals]
    return [*signals, "rsl: terms of its own"] if captured.role == "rsl" else signals


def _tdmrep(answer: Answer) -> list[str]:
    """``tdm-reservation`` of every rule of a tdmrep.json; one that cannot be read counts as an opt-out."""
    try:
        rules = json.loads(_text(answer))
    except (ValueError, RecursionError):
        return ["a tdmrep.json that is no JSON"]
    entries = rules if isinstance(rules, list) else [rules]
    return [str(entry.get("tdm-reservation", "none")) for entry in entries[:1_000] if isinstance(entry, dict)]


def _text(answer: Answer) -> str:
    return answer.body[:1_000_000].decode("utf-8", "replace")
