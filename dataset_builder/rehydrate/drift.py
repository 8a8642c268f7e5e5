"""Originals that are not what the snapshot was made of, and what they nearly are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import Any

import numpy as np
import pyarrow as pa

from dataset_builder.copies.revisions import page_key
from dataset_builder.copies.shingles import shingle
from dataset_builder.issues import Issue
from dataset_builder.read.record import RawRecord
from dataset_builder.rehydrate.originals import addresses_of, titles_of
from dataset_builder.stages.clean.cleaning import Cleaned
from dataset_builder.stages.clean.stage import cleaned_row
from dataset_builder.visible import one_line

#: From this likeness on two titles may be of one article.
LEAST_TITLE = 0.8
#: Titles that a title is compared with: the comparison is quadratic.
_COMPARED = 2_000


@dataclass(frozen=True)
class Drift:
    """An original of another digest than the article that it is nearest to.

    Attributes:
        id: the article's.
        locator: the original's place.
        by: what they share: url, locator or title.
        title: likeness of the titles, 0 to 1; None where one has none.
        text: share of word pairs that the texts have in common, 0 to 1; None where the snapshot holds no text.
        payload_bytes: size of the original.
        expected_bytes: size of the payload that the snapshot was made of.
    """

    id: str
    locator: str
    by: str
    title: float | None
    text: float | None
    payload_bytes: int | None
    expected_bytes: int | None

    @property
    def issue(self) -> Issue:
        """The finding."""
        likeness = [
            f"{what} {value:.2f} alike"
            for what, value in (("text", self.text), ("title", self.title))
            if value is not None
        ]
        size = f"{_bytes(self.payload_bytes)} where the snapshot's has {_bytes(self.expected_bytes)}"
        found = f"another payload than that of {self.id}, by the same {self.by}: {', '.join([*likeness, size])}"
        return Issue(self.locator, code="original-drifted", found=found, expected="the payload that was read")


class Nearest:
    """The articles whose original was not found, by what an original may share with them."""

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        self._by: dict[str, dict[str, Mapping[str, Any]]] = {"url": {}, "locator": {}, "title": {}}
        for entry in entries:
            for address in (entry["url"], entry["canonical_url"]):
                if key := page_key(address):
                    self._by["url"].setdefault(key, entry)
            self._by["locator"].setdefault(entry["provenance"]["locator"], entry)
            if entry["title"] and len(self._by["title"]) < _COMPARED:
                self._by["title"].setdefault(entry["title"].casefold(), entry)

    def of(self, stray: RawRecord, title: str | None) -> tuple[Mapping[str, Any], str] | None:
        """The article that ``stray`` is nearest to, and by what; None where none is near."""
        keys = [("url", key) for address in addresses_of(stray) if (key := page_key(address))]
        for by, key in (*keys, ("locator", stray.locator)):
            if key in self._by[by]:
                return self._by[by][key], by
        if title:
            for near in get_close_matches(title.casefold(), self._by["title"], n=1, cutoff=LEAST_TITLE):
                return self._by["title"][near], "title"
        return None


def find_drift(
    strays: Sequence[RawRecord], missing: Iterable[Mapping[str, Any]], texts: Callable[[set[str]], Mapping[str, str]]
) -> tuple[list[Drift], list[RawRecord]]:
    """What drifted, and the strays that nothing is near to; both in the order of the strays.

    Args:
        missing: rows of the catalog without an original.
        texts: the bodies that the snapshot holds of the articles with these ids.
    """
    nearest = Nearest(missing)
    near: list[tuple[RawRecord, Cleaned, str | None, Mapping[str, Any], str]] = []
    others: list[RawRecord] = []
    for stray in strays:
        cleaned = cleaned_row(stray.text or "", [claim.as_dict() for claim in stray.claims], stray.media_type)
        found_titles = [claim.value for claim in cleaned.claims if claim.field == "title"]
        title = next(iter([*titles_of(stray), *found_titles]), None)
        if (match := nearest.of(stray, title)) is None:
            others.append(stray)
        else:
            near.append((stray, cleaned, title, *match))
    held = texts({entry["id"] for _, _, _, entry, _ in near})
    return [_drift(*one, held) for one in near], others


def _drift(
    stray: RawRecord,
    cleaned: Cleaned,
    title: str | None,
    entry: Mapping[str, Any],
    by: str,
    held: Mapping[str, str],
) -> Drift:
    body = held.get(entry["id"])
    return Drift(
        entry["id"],
        stray.locator,
        by,
        likeness(title, entry["title"]) if title and entry["title"] else None,
        shared_pairs(body, cleaned.body) if body is not None else None,
        stray.payload_bytes,
        entry["provenance"]["payload_bytes"],
    )


def likeness(one: str, other: str) -> float:
    """Likeness of two titles: 2 M / T of the Ratcliff-Obershelp measure, without regard to case."""
    return SequenceMatcher(None, one.casefold()[:500], other.casefold()[:500], autojunk=False).ratio()


def shared_pairs(one: str, other: str) -> float:
    """Jaccard similarity of the word pairs of two texts."""
    found = shingle(pa.array([one, other]))
    left, right = (np.unique(found.hashes[found.offsets[n] : found.offsets[n + 1]]) for n in (0, 1))
    union = len(np.union1d(left, right))
    return len(np.intersect1d(left, right, assume_unique=True)) / union if union else 1.0


def missing_issue(entry: Mapping[str, Any]) -> Issue:
    """The finding for an article without an original; its locator is the snapshot's word and no path of ours."""
    name = one_line(entry["title"] or "untitled", 80)
    place = one_line(entry["provenance"]["locator"], 120)
    found = f"{entry['id']}, {name}, read from {place}"
    return Issue(code="original-missing", found=found, expected=f"sha256 {entry['provenance']['payload_sha256']}")


def stray_issue(stray: RawRecord) -> Issue:
    """The finding for an original that the snapshot does not know."""
    return Issue(stray.locator, code="original-unknown", found=f"sha256 {stray.payload_sha256}")


def withdrawn_issue(stray: RawRecord, day: str) -> Issue:
    """The finding for an original whose article was withdrawn."""
    return Issue(stray.locator, code="original-withdrawn", found=f"{stray.id}, withdrawn on {one_line(day)}")


def _bytes(size: int | None) -> str:
    return "unknown size" if size is None else f"{size} bytes"
