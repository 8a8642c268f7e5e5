"""Gold entities in IOB2 with document boundaries (Universal NER's layout), and strict scores against them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

#: (start, end, coarse label), in code points of the document's text.
Scored = tuple[int, int, str]

COARSE = ("LOC", "ORG", "PER")


@dataclass(frozen=True)
class GoldDocument:
    """One document: its sentences joined, and the gold spans in it."""

    name: str
    text: str
    spans: tuple[Scored, ...]


def read_gold(path: Path, joint: str = " ") -> list[GoldDocument]:
    """The documents of an IOB2 file, their sentences joined by ``joint``."""
    documents: list[GoldDocument] = []
    for name, sentences in _documents(path.read_text(encoding="utf-8").split("\n")):
        text, spans = "", []
        for sentence, tokens in sentences:
            text += joint if text else ""
            spans += _sentence_spans(sentence, tokens, len(text))
            text += sentence
        documents.append(GoldDocument(name, text, tuple(spans)))
    return documents


def _documents(lines: Iterable[str]) -> Iterator[tuple[str, list[tuple[str, list[tuple[str, str]]]]]]:
    name, sentences, text, tokens = "", [], "", []
    for line in [*lines, ""]:
        if line.startswith("# newdoc id = "):
            if sentences:
                yield name, sentences
            name, sentences = line.removeprefix("# newdoc id = "), []
        elif line.startswith("# text = "):
            text = line.removeprefix("# text = ")
        elif line and not line.startswith("#"):
            _, form, tag, *_ = line.split("\t")
            tokens.append((form, tag))
        elif not line and tokens:
            sentences.append((text, tokens))
            tokens = []
    if sentences:
        yield name, sentences


def _sentence_spans(text: str, tokens: list[tuple[str, str]], offset: int) -> list[Scored]:
    """Token tags as spans; tokens are found again in the sentence's own text, one after the other."""
    spans: list[Scored] = []
    place = 0
    for form, tag in tokens:
        start = text.index(form, place)
        place = start + len(form)
        if tag.startswith("B-") or (tag.startswith("I-") and not spans):
            spans.append((offset + start, offset + place, tag[2:]))
        elif tag.startswith("I-"):
            spans[-1] = (spans[-1][0], offset + place, spans[-1][2])
    return [span for span in spans if span[2] in COARSE]


@dataclass(frozen=True)
class Score:
    """Counts over a set, and the strict measures made of them."""

    right: int
    found: int
    gold: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in points of a hundred."""
        return 200 * self.right / (self.found + self.gold)

    def __str__(self) -> str:
        return f"P {100 * self.right / self.found:.2f} R {100 * self.right / self.gold:.2f} F1 {self.f1:.2f}"


def score(gold: Iterable[Iterable[Scored]], found: Iterable[Iterable[Scored]], label: str = "") -> Score:
    """Strict score: start, end and coarse label have to be the gold's; only of ``label`` where one is given."""
    right = total = expected = 0
    for gold_spans, found_spans in zip(gold, found, strict=True):
        wanted = {span for span in gold_spans if label in ("", span[2])}
        given = {span for span in found_spans if span[2] in COARSE and label in ("", span[2])}
        right += len(wanted & given)
        total += len(given)
        expected += len(wanted)
    return Score(right, total, expected)
