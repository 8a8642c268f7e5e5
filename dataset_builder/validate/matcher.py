"""Whether cells match a pattern: by RE2 where it means the same, else by Python's ``re`` in bounded time."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.validate.bounded_re import BoundedRe
from dataset_builder.validate.missing import Mask, encodable, numpy_mask
from dataset_builder.validate.patterns import Translation, translate


class PatternMatcher:
    """Frictionless's pattern constraint: ``re.compile("^PATTERN$").match``, in linear or at least bounded time."""

    def __init__(self, pattern: str) -> None:
        self._translation = _runnable(translate(pattern))
        self._python = BoundedRe(f"^{pattern}$")

    def match(self, cell: str) -> bool:
        """Whether one cell matches."""
        if self._translation is not None and encodable(cell):
            return bool(self.match_column(pa.array([cell], pa.large_string()))[0])
        return self._python.matches([cell])[0]

    def match_column(self, column: pa.Array) -> Mask:
        """Which cells of a text column match; False for null."""
        matched = np.zeros(len(column), dtype=np.bool_)
        undecided = numpy_mask(pc.is_valid(column))
        if self._translation is not None:
            matched, undecided = self._match_by_re2(column, self._translation)
        if undecided.any():
            texts = column.filter(pa.array(undecided)).to_pylist()
            matched[undecided] = self._python.matches(texts)
        return matched

    def _match_by_re2(self, column: pa.Array, translation: Translation) -> tuple[Mask, Mask]:
        """Which cells match, and of which RE2 cannot tell."""
        matched = numpy_mask(pc.match_substring_regex(column, translation.pattern))
        if translation.exact and not translation.ascii_only:
            return matched, np.zeros(len(column), dtype=np.bool_)
        is_ascii = numpy_mask(pc.string_is_ascii(column))
        if translation.ascii_only:
            matched &= is_ascii
        return matched, numpy_mask(pc.is_valid(column)) & ~matched & ~is_ascii


@lru_cache(maxsize=64)
def matcher_of(pattern: str) -> PatternMatcher:
    """The matcher of ``pattern``; one a process, so that its worker starts once. Raises ``re.error``."""
    return PatternMatcher(pattern)


def _runnable(translation: Translation | None) -> Translation | None:
    """The translation, unless RE2 refuses it for its size."""
    if translation is not None:
        try:
            pc.match_substring_regex(pa.array([""]), translation.pattern)
        except pa.ArrowInvalid:
            return None
    return translation
