"""The figures of a report: each a drawing and the table of the same numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

import numpy as np
from markupsafe import Markup

from dataset_builder.describe.escape import one_line
from dataset_builder.report.calendar import YEAR, Period, period_for
from dataset_builder.report.catalog import CatalogCounts
from dataset_builder.report.charts import Mark, draw
from dataset_builder.report.settings import load_settings
from dataset_builder.report.texts import TextCounts

#: Cells of a figure's table: a heading, then numbers.
Row = tuple[str | int, ...]
#: Longest name beside a bar, in code points.
_LABEL = 48


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        name: unique in the page.
        drawing: inert SVG; empty where there is nothing to draw.
        header, rows: the table of the same numbers; the first cell of a row is its heading.
        filter: the column of the page's list of articles that the first cell is a value of, or ``""``.
        values: the values behind the rows' first cells, where ``filter`` is set.
        more: rows that are left out.
    """

    name: str
    title: str
    drawing: Markup
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    filter: str = ""
    values: tuple[str, ...] = ()
    more: int = 0


def label(text: str, limit: int = _LABEL) -> str:
    """``text`` as a name in a drawing: one line, of characters that XML 1.0 has."""
    return one_line(text, limit).replace("\ufffe", "").replace("\uffff", "")


def timeline(counts: CatalogCounts) -> Figure | None:
    """Articles over time by release; None where no article is dated."""
    if not counts.first:
        return None
    period = period_for(counts.first, counts.last)
    by_period: Counter[tuple[str, str]] = Counter()
    for (day, release), count in counts.days.items():
        if day:
            by_period[period.of(day.isoformat()), release] += count
    releases = _releases(release for _, release in by_period)
    marks = [
        Mark(start=period.first_day(when), series=title, rank=rank, count=by_period[when, release],
             said=f"{when}: {by_period[when, release]:,} {title}")
        for rank, (release, title) in enumerate(releases.items())
        for when in sorted({when for when, _ in by_period})
        if by_period[when, release]
    ]  # fmt: skip
    title = f"Articles by {period.name} of publication"
    drawing = draw("timeline", marks, title, colours=_release_colours(releases), period=period)
    return _by_release(
        "timeline", title, period.name.capitalize(), drawing, by_period, newest_first=True, filter_="date"
    )


def by_value(name: str, title: str, head: str, counts: Counter[tuple[str, str]], names: Mapping[str, str]) -> Figure:
    """Articles by a value and release, the most frequent values first.

    Args:
        name: the column of the list of articles that holds the value.
        names: value -> what people call it.
    """
    settings = load_settings()
    ranked = _ranked(counts)
    shown, rest = ranked[: settings.most_bars], ranked[settings.most_bars :]
    releases = _releases(release for _, release in counts)
    bars: list[tuple[str, dict[str, int]]] = [
        (names.get(value, value) or "none", {release: counts[value, release] for release in releases})
        for value in shown
    ]
    if rest:
        others = {release: sum(counts[value, release] for value in rest) for release in releases}
        bars.append((f"{len(rest):,} others", others))
    marks = [
        Mark(label=label(bar), series=title_, rank=rank, count=of[release],
             said=f"{label(bar)}: {of[release]:,} {title_}")
        for bar, of in bars
        for rank, (release, title_) in enumerate(releases.items())
        if of[release]
    ]  # fmt: skip
    drawing = draw("stacked", marks, title, colours=_release_colours(releases)) if marks else ""
    return _by_release(name, title, head, drawing, counts, names=names, filter_=name)


def lengths(texts: TextCounts) -> Figure | None:
    """Released articles by their words; None where none is released."""
    words = texts.word_counts()
    if not len(words):
        return None
    ends = load_settings().length_bins
    places = np.searchsorted(np.asarray(ends), words, side="left")
    counts = np.bincount(places, minlength=len(ends) + 1).tolist()
    starts = [0, *(end + 1 for end in ends)]
    names = [f"{start}–{end}" for start, end in zip(starts, ends, strict=False)] + [f"over {ends[-1]}"]
    first = next(place for place, count in enumerate(counts) if count)
    last = len(counts) - next(place for place, count in enumerate(reversed(counts)) if count)
    rows = [(name, int(count)) for name, count in zip(names, counts, strict=True)][first:last]
    marks = [Mark(label=name, count=count, said=f"{name} words: {count:,} articles") for name, count in rows]
    title = "Released articles by length"
    return Figure("lengths", title, Markup(draw("histogram", marks, title)), ("Words", "Articles"), tuple(rows))  # noqa: S704


def bars(name: str, title: str, header: tuple[str, str], counts: Mapping[str, int], filter_: str = "") -> Figure | None:
    """Plain bars, the longest first; None where there is none."""
    if not counts:
        return None
    settings = load_settings()
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    marks = [
        Mark(label=label(value or "none"), count=count, said=f"{label(value or 'none')}: {count:,}")
        for value, count in ranked[: settings.most_bars]
    ]
    rows = [(one_line(value) or "none", count) for value, count in ranked[: settings.most_rows]]
    drawing = Markup(draw("bars", marks, title))  # noqa: S704 - inert_drawing wrote it
    values = tuple(value for value, _ in ranked[: settings.most_rows])
    return Figure(name, title, drawing, header, tuple(rows), filter_, values, len(ranked) - len(rows))


def mentions_over_time(counts: CatalogCounts, texts: TextCounts) -> Figure | None:
    """Mentions in 1,000 words by coarse label, over time; None where fewer than two periods have any."""
    period = period_for(counts.first, counts.last, at_least="month")
    words = _words_by(period, texts)
    if words and median(words.values()) < load_settings().least_words and len(_words_by(YEAR, texts)) > 1:
        period, words = YEAR, _words_by(YEAR, texts)
    mentions: Counter[tuple[str, str]] = Counter()
    for (month, coarse), count in texts.by_month.items():
        mentions[period.of(month), coarse] += count
    periods = sorted(words)
    if len(periods) < 2:
        return None
    series = _most_frequent(texts, len(load_settings().series))
    marks = [
        _rate_mark(label(coarse or "none"), when, period.first_day(when), mentions[when, coarse], words[when])
        for coarse in series
        for when in periods
    ]
    title = f"Entities in 1,000 words, by {period.name}"
    colours = dict(zip((label(coarse or "none") for coarse in series), load_settings().series, strict=False))
    drawing = Markup(draw("lines", marks, title, colours=colours, period=period))  # noqa: S704 - inert_drawing wrote it
    newest = periods[::-1][: load_settings().most_rows]
    rows: tuple[Row, ...] = tuple(
        (when, words[when], *(mentions[when, coarse] for coarse in series)) for when in newest
    )
    header = (period.name.capitalize(), "Words", *(one_line(coarse) or "none" for coarse in series))
    return Figure("mentions", title, drawing, header, rows, more=len(periods) - len(rows))


def _words_by(period: Period, texts: TextCounts) -> Counter[str]:
    """Words in which entities were sought, of each period that has any."""
    words: Counter[str] = Counter()
    for month, count in texts.annotated_words.items():
        if month and count:
            words[period.of(month)] += count
    return words


def _rate_mark(name: str, when: str, start: str, mentions: int, words: int) -> Mark:
    rate = round(1000 * mentions / words, 2)
    return Mark(start=start, series=name, count=rate, said=f"{name}, {when}: {rate:,} in 1,000 words")


def _most_frequent(texts: TextCounts, most: int) -> list[str]:
    totals: Counter[str] = Counter()
    for (coarse, _), count in texts.labels.items():
        totals[coarse] += count
    return sorted(totals, key=lambda coarse: (-totals[coarse], coarse))[:most]


def _releases(found: Iterable[str]) -> dict[str, str]:
    """Release -> title of those that occur, in the order of the settings; the unknown at the end."""
    settings = load_settings()
    present = set(found)
    known = [release for release in settings.releases if release in present]
    return {release: label(settings.release_title(release)) for release in [*known, *sorted(present - set(known))]}


def _release_colours(releases: Mapping[str, str]) -> dict[str, str]:
    known = load_settings().releases
    return {title: known.get(release, ("", "--excluded"))[1] for release, title in releases.items()}


def _ranked(counts: Counter[tuple[str, str]]) -> list[str]:
    totals: Counter[str] = Counter()
    for (value, _), count in counts.items():
        totals[value] += count
    return sorted(totals, key=lambda value: (-totals[value], value))


def _by_release(
    name: str,
    title: str,
    head: str,
    drawing: str,
    counts: Counter[tuple[str, str]],
    *,
    names: Mapping[str, str] | None = None,
    newest_first: bool = False,
    filter_: str = "",
) -> Figure:
    settings = load_settings()
    releases = _releases(release for _, release in counts)
    values = sorted({value for value, _ in counts}, reverse=True) if newest_first else _ranked(counts)
    shown = values[: settings.most_rows]
    rows: tuple[Row, ...] = tuple(
        (
            one_line((names or {}).get(value, value)) or "none",
            sum(counts[value, release] for release in releases),
            *(counts[value, release] for release in releases),
        )
        for value in shown
    )
    header = (head, "Articles", *releases.values())
    more = len(values) - len(shown)
    return Figure(name, title, Markup(drawing), header, rows, filter_, tuple(shown), more)  # noqa: S704
