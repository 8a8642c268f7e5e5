"""In which language an article is written: identified from its cleaned text, unless somebody declared it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar

import pyarrow as pa

from dataset_builder.issues import Issue
from dataset_builder.records import CLAIM, FINDING, Origin, finding_row
from dataset_builder.stages.contract import append_columns
from dataset_builder.stages.dates import SourcePlace

#: Code points of a body that are read. The share of right answers does not rise beyond it, the cost does
#: (``tests/quality/test_language_quality.py`` pins both).
READ = 2_000
#: Fewer letters than this say nothing about a language.
FEWEST_LETTERS = 20
#: An identification below this probability does not contradict a declaration.
SURE = 0.9

RANK = {str(origin): rank for rank, origin in enumerate(Origin)}


@dataclass(frozen=True)
class Language:
    """Adds ``language`` (BCP-47 primary subtag), its confidence, the claim that holds and the doubts.

    A declaration holds over the identification; where a sure identification disagrees, a finding says so.

    Attributes:
        places: the sources, whose declared language counts as a declaration.
    """

    places: tuple[SourcePlace, ...] = ()

    name: ClassVar[str] = "language"
    version: ClassVar[str] = "1"
    reads: ClassVar[tuple[str, ...]] = ("body", "claims", "source")
    rules: ClassVar[tuple[str, ...]] = ()
    adds: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("language", pa.string()),
            pa.field("language_confidence", pa.float32()),
            pa.field("language_origins", pa.list_(CLAIM), nullable=False),
            pa.field("language_findings", pa.list_(FINDING), nullable=False),
            pa.field("language_flags", pa.list_(pa.string()), nullable=False),
        ]
    )

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with the columns of ``adds``."""
        declared_by_source = {place.name: place.language for place in self.places if place.language}
        columns: dict[str, list[Any]] = {name: [] for name in self.adds.names}
        bodies, *others = (batch.column(name).to_pylist() for name in self.reads)
        rows = zip(identify_all([body or "" for body in bodies]), *others, strict=True)
        for (identified, confidence), claims, source in rows:
            claim = strongest(claims or [], declared_by_source.get(source))
            doubts: list[dict[str, Any]] = []
            if claim is None:
                language, probability = identified, confidence if identified else None
                claim = derived(identified, confidence) if identified else None
            else:
                language, probability = primary(claim["value"]), float(claim["confidence"])
                if identified and identified != language and confidence >= SURE:
                    doubts.append(doubt("language-disagrees", found=f"{language} declared, {identified} identified"))
            if language is None:
                doubts.append(doubt("language-unknown", found="too little text to tell a language"))
            columns["language"].append(language)
            columns["language_confidence"].append(probability)
            columns["language_origins"].append([claim] if claim else [])
            columns["language_findings"].append(doubts)
            columns["language_flags"].append([entry["code"] for entry in doubts])
        return append_columns(batch, self.adds, columns)


def identify(body: str) -> tuple[str | None, float]:
    """The language of ``body`` and its probability; (None, 0.0) where there are too few letters.

    The model is py3langid's, with probabilities normalised over its 97 languages. It reads the middle of a long body,
    where furniture is rarest.
    """
    return identify_all([body])[0]


def identify_all(bodies: Sequence[str]) -> list[tuple[str | None, float]]:
    """The same of many bodies at once; what one of them comes to does not depend on the others."""
    from dataset_builder.stages.language_walk import walker

    parts = [_middle(body) for body in bodies]
    told = [place for place, part in enumerate(parts) if _says_something(part)]
    found: list[tuple[str | None, float]] = [(None, 0.0)] * len(parts)
    if told:
        for place, (language, probability) in zip(told, walker().classify([parts[it] for it in told]), strict=True):
            found[place] = (primary(language), probability)
    return found


def _middle(body: str) -> str:
    start = max(0, (len(body) - READ) // 2)
    return body[start : start + READ]


def _says_something(part: str) -> bool:
    return len(tuple(islice(filter(str.isalpha, part), FEWEST_LETTERS))) == FEWEST_LETTERS


def strongest(claims: list[Mapping[str, Any]], by_source: str | None) -> Mapping[str, Any] | None:
    """The claim that holds: declared for the article, declared for its source, then embedded in the document."""
    named = [claim for claim in claims if claim["field"] == "language" and primary(claim["value"])]
    named.sort(key=lambda claim: (RANK.get(claim["origin"], len(RANK)), -claim["confidence"]))
    if by_source and not (named and named[0]["origin"] == Origin.DECLARED) and (value := primary(by_source)):
        return origin_claim(value, Origin.DECLARED, "source", 1.0)
    return named[0] if named else None


def primary(tag: str) -> str | None:
    """The primary language subtag (RFC 5646 section 2.2.1) in lower case; None where ``tag`` has none."""
    subtag = tag.strip().replace("_", "-").split("-")[0].lower()
    return subtag if subtag.isascii() and subtag.isalpha() and 2 <= len(subtag) <= 3 else None


def derived(language: str, confidence: float) -> Mapping[str, Any]:
    """The identification as a claim."""
    return origin_claim(language, Origin.DERIVED, "py3langid", confidence)


def origin_claim(value: str, origin: Origin, rule: str, confidence: float) -> Mapping[str, Any]:
    """A value of ``CLAIM`` for the field ``language``."""
    return {
        "field": "language",
        "value": value,
        "origin": str(origin),
        "rule": rule,
        "evidence": "",
        "line": 0,
        "confidence": confidence,
    }


def doubt(code: str, *, found: str) -> dict[str, Any]:
    """A value of ``FINDING`` for the field ``language``."""
    return finding_row(Issue(code=code, field="language", found=found))
