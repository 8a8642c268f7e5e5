"""The card's plots are well-formed, the same each time, and take any label as text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.describe.card import render_card
from dataset_builder.describe.facts import LicenseRow
from dataset_builder.describe.figures import MOST_BARS, bar_chart, render_figures
from made_snapshots import bare_facts, harbour_facts

SVG = "{http://www.w3.org/2000/svg}"


def test_bars_are_as_long_as_their_counts() -> None:
    chart = ElementTree.fromstring(bar_chart("Years", [("2023", 100), ("2024", 50)]))
    longest, half = (int(bar.attrib["width"]) for bar in chart.iter(f"{SVG}rect"))
    assert longest == 2 * half
    assert [text.text for text in chart.iter(f"{SVG}text")] == ["Years", "2023", "100", "2024", "50"]


def test_many_bars_end_in_one_for_the_others() -> None:
    chart = ElementTree.fromstring(bar_chart("All", [(str(number), 2) for number in range(40)]))
    assert len(list(chart.iter(f"{SVG}rect"))) == MOST_BARS + 1
    assert f"{40 - MOST_BARS} others" in [text.text for text in chart.iter(f"{SVG}text")]


@settings(deadline=None)
@given(st.text(), st.integers(min_value=0, max_value=10**9))
def test_any_label_is_text(label: str, count: int) -> None:
    chart = ElementTree.fromstring(bar_chart(label, [(label, count), ("other", 1)]))
    assert {element.tag for element in chart.iter()} == {
        f"{SVG}{name}" for name in ("svg", "title", "desc", "style", "text", "rect")
    }


def test_the_card_shows_the_figures_that_there_are(tmp_path: Path) -> None:
    harbour, bare = harbour_facts(tmp_path / "a"), bare_facts(tmp_path / "b")
    assert set(render_figures(harbour)) == {"figures/articles-by-year.svg", "figures/articles-by-licence.svg"}
    assert all(f"]({path})" in render_card(harbour) for path in render_figures(harbour))
    assert render_figures(bare) == {}
    assert "figures/" not in render_card(bare)


def test_a_hostile_licence_stays_a_label(tmp_path: Path) -> None:
    row = LicenseRow("ledger", '"><script>alert(1)</script>', "x", "full", "r", 3)
    facts = harbour_facts(tmp_path)
    svg = render_figures(replace(facts, licenses=(row, *facts.licenses)))["figures/articles-by-licence.svg"]
    assert "<script" not in svg
