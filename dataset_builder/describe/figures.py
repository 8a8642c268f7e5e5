"""The plots of the data card: bar charts as SVG, each beside the table that holds the same numbers.

SVG is written by hand: it is text, the same for the same counts, and needs no plotting library in a build. Colours
follow the reader's light or dark scheme.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from dataset_builder.describe.card_tables import articles_by_year
from dataset_builder.describe.escape import one_line
from dataset_builder.describe.facts import SnapshotFacts

#: Bars of one chart; what is left is one bar more.
MOST_BARS = 15
_WIDTH, _LABELS, _COUNTS, _BAR, _GAP, _TOP = 640, 200, 70, 18, 8, 40
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2328}.head{font-weight:600;font-size:15px}rect{fill:#2a6f97}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}rect{fill:#61a5c2}}"
)


def render_figures(facts: SnapshotFacts) -> dict[str, str]:
    """The card's figures: path below the snapshot -> SVG. A chart of fewer than two bars is left out."""
    charts = {
        "articles-by-year": ("Articles by year", articles_by_year(facts)),
        "articles-by-licence": ("Articles by licence and release", _by_licence(facts)),
    }
    return {f"figures/{name}.svg": bar_chart(title, bars) for name, (title, bars) in charts.items() if len(bars) > 1}


def bar_chart(title: str, bars: Sequence[tuple[str, int]]) -> str:
    """Horizontal bars, as long as their counts, with label and count beside each."""
    shown = [*bars[:MOST_BARS]]
    if rest := bars[MOST_BARS:]:
        shown.append((f"{len(rest)} others", sum(count for _, count in rest)))
    most = max((count for _, count in shown), default=0) or 1
    height = _TOP + len(shown) * (_BAR + _GAP) + _GAP
    lines = [line for index, (label, count) in enumerate(shown) for line in _bar(index, label, count, most)]
    said = "; ".join(f"{label}: {count}" for label, count in shown)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" role="img">',
            f"<title>{_text(title)}</title>",
            f"<desc>{_text(said, 2000)}</desc>",
            f"<style>{_STYLE}</style>",
            f'<text class="head" x="{_GAP}" y="24">{_text(title)}</text>',
            *lines,
            "</svg>",
            "",
        ]
    )


def _bar(index: int, label: str, count: int, most: int) -> tuple[str, str, str]:
    top = _TOP + index * (_BAR + _GAP)
    length = max(1, round(count / most * (_WIDTH - _LABELS - _COUNTS)))
    line = top + _BAR - 5
    return (
        f'<text x="{_LABELS - _GAP}" y="{line}" text-anchor="end">{_text(label, 28)}</text>',
        f'<rect x="{_LABELS}" y="{top}" width="{length}" height="{_BAR}"/>',
        f'<text x="{_LABELS + length + _GAP}" y="{line}">{count:,}</text>',
    )


def _by_licence(facts: SnapshotFacts) -> list[tuple[str, int]]:
    """Released articles by licence, withheld ones by rights class; the most numerous first."""
    counts: dict[str, int] = {}
    for row in facts.licenses:
        label = row.license if row.released else f"withheld: {row.rights_class}"
        counts[label or "no licence"] = counts.get(label or "no licence", 0) + row.articles
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _text(text: str, limit: int = 200) -> str:
    """``text`` as XML character data; U+FFFE and U+FFFF are no characters there."""
    return escape(one_line(text, limit).replace("\ufffe", "").replace("\uffff", ""))
