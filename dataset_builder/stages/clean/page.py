"""The frame of a copied page: menus, teasers and footers, told from the article by where sentences are dense.

The article is the stretch of lines with the greatest sum of weights (maximum subsequence segmentation, Pasternack and
Roth, WWW 2009): a line of prose weighs its words, any other line costs a little, and a run of such lines no more than
``LONGEST_GAP``, so that an article with a long table or list in it stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dataset_builder.stages.clean.furniture import Decisions
from dataset_builder.stages.clean.head import claim, could_be_title
from dataset_builder.stages.clean.lines import Line

#: Costs in words, fitted on the development pages; ``tests/quality/test_text_quality.py`` pins what they achieve.
#: Between 5 and 8 the word F1 changes by less than 0.01.
SHORT_LINE, LIST_ENTRY, LONGEST_GAP = 7, 3, 120
#: An entry of so many words in a list is rather the article's than a menu's.
LIST_ENTRY_WORDS = 5
#: Below so many words of prose there is no article to tell from a frame.
LEAST_PROSE = 40
#: A text is a page where it begins with so many lines that are no sentences, or holds so many lines of furniture.
MENU_LINES, FURNITURE_LINES = 8, 3
#: The first lines of a menu are no sentences; an article with a long list in it begins with some.
MENU_START = 2
#: So far above the article its headline may stand; it has so many words and content words at least, and the article
#: takes up this share of them. On the development pages two of three found so are right, hence the confidence.
TITLE_REACH, LEAST_TITLE, LEAST_CONTENT, TAKEN_UP = 12, 4, 3, 0.7
TITLE_RULE, TITLE_CONFIDENCE = "title-on-page", 0.4
CONTENT_WORD = re.compile(r"\w{4,}")


def drop_page_frame(lines: Sequence[Line], decisions: Decisions) -> None:
    """Drop what stands before and after the article, if the text is a whole page; the headline stays."""
    kept = decisions.kept(lines)
    if sum(lines[index].words for index in kept if lines[index].prose) < LEAST_PROSE:
        return
    start, end = densest(lines, kept)
    menu = begins_with_menu(lines, kept[:start])
    if not menu and len(decisions.dropped) < FURNITURE_LINES:
        return
    if menu:
        headline = headline_above(lines, kept, start, end)
        for index in kept[:start]:
            if index == headline:
                decisions.drop(index, TITLE_RULE, "title", claim("title", lines[index], TITLE_RULE, TITLE_CONFIDENCE))
            else:
                decisions.drop(index, "page-head", "page")
    for index in kept[end:]:
        decisions.drop(index, "page-foot", "page")


def begins_with_menu(lines: Sequence[Line], above: Sequence[int]) -> bool:
    """Whether what stands above the article is a menu: many lines that are no sentences, from the first line on."""
    entries = [not lines[index].prose for index in above]
    return all(entries[:MENU_START]) and sum(entries) >= MENU_LINES


def densest(lines: Sequence[Line], kept: Sequence[int]) -> tuple[int, int]:
    """The stretch ``[start, end)`` of ``kept`` with the greatest weight."""
    best, best_start, best_end = 0, 0, len(kept)
    weight, start, gap = 0, 0, 0
    for place, index in enumerate(kept):
        if weight <= 0:
            weight, start = 0, place
        line = lines[index]
        if line.prose:
            weight, gap = weight + line.words, 0
        else:
            cost = LIST_ENTRY if line.bullet and line.words >= LIST_ENTRY_WORDS else SHORT_LINE
            cost = min(cost, LONGEST_GAP - gap)
            weight, gap = weight - cost, gap + cost
        if weight > best:
            best, best_start, best_end = weight, start, place + 1
    return best_start, best_end


def headline_above(lines: Sequence[Line], kept: Sequence[int], start: int, end: int) -> int | None:
    """The longest line shortly above the article whose words the article takes up; None where no line does."""
    article = {word for index in kept[start:end] for word in content_words(lines[index].text)}
    taken_up: list[int] = []
    for index in kept[max(0, start - TITLE_REACH) : start]:
        words = content_words(lines[index].bare)
        long_enough = len(words) >= LEAST_CONTENT and lines[index].words >= LEAST_TITLE
        if long_enough and len(words & article) >= TAKEN_UP * len(words) and could_be_title(lines[index]):
            taken_up.append(index)
    return max(taken_up, key=lambda index: (lines[index].words, -index), default=None)


def content_words(text: str) -> set[str]:
    """The words of four letters and more, which in most languages leaves the small words out."""
    return set(CONTENT_WORD.findall(text.casefold()))
