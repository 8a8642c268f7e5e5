"""py3langid's model, walked through many texts at once: the same answers at about a tenth of the cost.

The model is an automaton over the bytes of a text, whose visited states are counted as features, and a table with the
weight of every feature for every language (Lui and Baldwin 2011). py3langid takes a step in Python for every byte of
every text; here numpy takes one step for all the texts of a batch. What is counted for a text depends on that text
alone, and so does the order of every sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

#: Texts that are walked together: enough that a step outweighs the call, few enough that their states stay in a cache.
TOGETHER = 256

_Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Walker:
    """The model's automaton and table as arrays.

    Attributes:
        model: py3langid's identifier, which turns scores into probabilities.
        next_states: of state ``s`` and byte ``b`` at ``rows[s] + b``.
        rows: where each state's row begins.
        features: of each state; -1 where its visit counts for nothing.
    """

    model: Any
    next_states: npt.NDArray[np.uint32]
    rows: npt.NDArray[np.uint32]
    features: npt.NDArray[np.int32]

    def classify(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """(language, probability) of each text, none of which is empty."""
        found: list[tuple[str, float]] = []
        for first in range(0, len(texts), TOGETHER):
            found += self._together([text_bytes(text) for text in texts[first : first + TOGETHER]])
        return found

    def _together(self, texts: list[bytes]) -> list[tuple[str, float]]:
        visits = self._visits(texts)
        seen = np.zeros(len(self.model.nb_ptc), bool)
        for features in visits:
            seen[features] = True
        places = np.cumsum(seen) - 1
        # The table is of half floats, which are slow to add; those that this batch has need be widened once only.
        weights = self.model.nb_ptc[seen].astype(np.float32)
        scores = (self._scores(places[features], weights) for features in visits)
        return [self._decided(score, len(text)) for score, text in zip(scores, texts, strict=True)]

    def _scores(self, features: _Integers, weights: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Log-probability of each language, up to a constant of the text."""
        if not len(features):
            return np.zeros(len(self.model.nb_classes), np.float32)  # knows nothing: all are as likely
        counts = np.bincount(features)
        present = np.flatnonzero(counts)
        told = np.log1p(counts[present].astype(np.float32))
        scores: npt.NDArray[np.float32] = told @ weights.take(present, axis=0) + self.model.nb_pc
        return scores

    def _decided(self, scores: npt.NDArray[np.float32], size: int) -> tuple[str, float]:
        """The likeliest language; the square root keeps long texts from being surer than they are (py3langid)."""
        scores = scores * np.float32(1 / np.sqrt(size or 1))
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        names = self.model.nb_classes
        for first, second in _twins(tuple(names)):
            chances[first] += chances[second]
            chances[second] = 0
        best = int(chances.argmax())
        return names[best], float(chances[best])

    def _visits(self, texts: list[bytes]) -> list[_Integers]:
        """The features of each text, in the order of its bytes."""
        sizes = np.array([len(text) for text in texts])
        order = np.argsort(-sizes, kind="stable")
        letters = np.zeros((int(sizes.max(initial=0)), len(texts)), np.uint8)
        for column, index in enumerate(order.tolist()):
            letters[: sizes[index], column] = np.frombuffer(texts[index], np.uint8)
        states = np.zeros(letters.shape, np.uint32)
        state = np.zeros(len(texts), np.uint32)
        walking = np.searchsorted(-sizes[order], -np.arange(len(letters)), side="left").tolist()
        for step, count in enumerate(walking):  # the longer a text, the further to the left it stands
            places = self.rows.take(state[:count])
            places += letters[step, :count]
            state = self.next_states.take(places)
            states[step, :count] = state
        features = np.ascontiguousarray(self.features.take(states).T)
        visits: list[_Integers] = [np.empty(0, np.int64)] * len(texts)
        for column, index in enumerate(order.tolist()):
            visited = features[column, : sizes[index]]
            visits[index] = visited[visited >= 0]
        return visits


@cache
def walker() -> Walker:
    """The model, loaded once a process."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    rows = np.array(model.tk_row, np.uint32) << np.uint32(8)
    return Walker(model, np.asarray(model.tk_nextmove, np.uint32), rows, np.array(model.tk_output, np.int32))


def text_bytes(text: str) -> bytes:
    """The bytes that the model was made for: composed characters, and small letters where all are capitals."""
    import unicodedata

    shown = text.lower() if text.isupper() else text
    return unicodedata.normalize("NFC", shown).encode("utf-8", "surrogatepass")


@cache
def _twins(names: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """(first, other) places of a language that has several, one a script."""
    return tuple((names.index(name), place) for place, name in enumerate(names) if names.index(name) != place)
