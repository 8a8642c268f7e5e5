"""How much a stranger's bytes may become: the bounds that ``build.limits`` in dataset.yaml can raise.

Each is far above any honest article and keeps a bomb from taking memory or time. The finding that one of them makes
names its key. Bounds that are no matter of opinion (depth, names, a footer's contradictions) stand where they are used.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Below so many unpacked bytes the ratio says nothing.
RATIO_FLOOR_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one build.

    Attributes:
        article_characters: of the text of an article; there may be a line, and an edit by cleaning, for a hundred each.
            While it is built, a character takes about ten bytes of memory.
        item_bytes: of what is read as a whole: a file of one article, a line, an element of JSON, an archive's record.
        unpacked_ratio: bytes from each compressed byte. Text shrinks to a third, a repetitive table to a hundredth, a
            bomb of zeros to a thousandth.
        page_characters: of an HTML page. What libxml2 takes as one text or attribute stays below 10,000,000 bytes.
        page_elements: of an HTML page; extractors need 0.1 ms for one, and the longest news pages have 15,000.
    """

    article_characters: int = 64_000_000
    item_bytes: int = 256 * 1024 * 1024
    unpacked_ratio: int = 200
    page_characters: int = 8_000_000
    page_elements: int = 60_000

    def unpacked_bytes(self, packed: int) -> int:
        """How many bytes so many compressed ones may become."""
        return max(RATIO_FLOOR_BYTES, self.unpacked_ratio * packed)


#: Where no dataset.yaml speaks: a snapshot is verified, a page of evidence is looked at.
DEFAULT_LIMITS = Limits()
