"""A report as a reader with a mouse, a keyboard, a screen reader or a printer meets it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright_words import expect, texts

pytestmark = pytest.mark.usefixtures("browser")


def serious(page: Any, part: str) -> list[str]:
    """What axe finds serious or critical in a part of the page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=part).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in ("serious", "critical")]


def looked_at_whole(page: Any) -> None:
    """axe's view of the page with everything unfolded, and of an article's detail."""
    for summary in page.locator("main summary").all():
        summary.click()
    assert serious(page, "html") == []
    page.locator("#table tbody button").first.click()
    expect(page.locator("#detail-body dt").first).to_be_visible()
    assert serious(page, "dialog") == []


def test_the_report_of_the_seeds(open_page: Any, repository: Path, tmp_path: Path) -> None:
    from dataset_builder.pipeline import build
    from dataset_builder.report.write import write_report

    snapshot = build(repository / "seeds", tmp_path / "seeds").out
    report = write_report(snapshot, tmp_path / "seeds.html")
    assert report.valid
    page = open_page(report.path, fragment="#article-701867c8739a48fe908e51a12ae9642f", bypass_csp=True)
    expect(page.locator("#detail-title")).to_have_text("Night ferry returns to Port Callow after six years")
    expect(page.locator("#detail-body")).to_contain_text("ledger/2024/night-ferry.txt")
    page.keyboard.press("Escape")
    for section in ("summary", "time", "origin", "rights", "texts", "quality", "copies", "cleaning", "findings"):
        expect(page.locator(f"#{section}")).to_be_visible()
    looked_at_whole(page)
    assert [url.partition("#")[0] for url in page.asked] == [report.path.as_uri()]
    assert page.wrong == []


def test_axe_finds_nothing_serious_in_the_dark(open_page: Any, made_page: Path) -> None:
    looked_at_whole(open_page(made_page, color_scheme="dark", bypass_csp=True))


def test_nothing_is_asked_for_and_nothing_goes_wrong(open_page: Any, made_page: Path) -> None:
    page = open_page(made_page)
    page.locator("#table tbody button").first.click()
    expect(page.locator("dialog")).to_be_visible()
    assert page.asked == [made_page.as_uri()]
    assert page.wrong == []


def test_the_list_is_searched_filtered_sorted_and_turned(open_page: Any, made_page: Path) -> None:
    page = open_page(made_page)
    status = page.locator("#status")
    expect(status).to_have_text("120 of 120 articles, 1 to 50 shown")
    page.fill("#query", "  POÍNT gannet ")
    expect(status).to_have_text("20 of 120 articles, 1 to 20 shown")
    page.fill("#query", "no such words")
    expect(status).to_have_text("0 of 120 articles")
    page.click("text=Show all")
    page.select_option("#filter-release", "=metadata")
    expect(status).to_contain_text("30 of 120")
    page.select_option("#filter-source", "=wire")
    expect(status).to_contain_text("10 of 120")
    page.click("text=Show all")
    page.select_option("#filter-flags", "=date-zone-unknown")
    expect(status).to_contain_text("11 of 120")
    page.click("text=Show all")
    page.fill("#from", "2015-01-02")
    page.fill("#to", "2015-01-31")
    page.locator("#to").dispatch_event("change")
    expect(status).to_have_text("1 of 120 articles, 1 to 1 shown")
    assert texts(page, "#table tbody td:first-child") == ["2015-01-31"]
    page.click("text=Show all")
    page.click("th[data-column=words] button")
    words = [int(text) for text in texts(page, "#table tbody td:nth-child(7)") if text]
    assert len(words) == 50
    assert words == sorted(words, reverse=True)
    page.click("th[data-column=date] button")
    page.click("th[data-column=date] button")
    dates = texts(page, "#table tbody td:nth-child(1)")
    page.click("#next")
    page.click("#next")
    expect(page.locator("#position")).to_have_text("Page 3 of 3")
    dates += texts(page, "#table tbody td:nth-child(1)")
    assert len(dates) == 70
    assert dates == sorted(dates)
    assert page.get_attribute("th[data-column=date]", "aria-sort") == "ascending"


def test_a_number_of_a_figure_leads_to_its_articles(open_page: Any, made_page: Path) -> None:
    page = open_page(made_page)
    page.locator("#figure-source summary").click()
    page.locator("#figure-source button[data-value=wire]").click()
    expect(page.locator("#status")).to_contain_text("40 of 120")
    expect(page.locator("#filter-source")).to_be_focused()


def test_the_detail_shows_provenance_and_decision_and_gives_the_focus_back(open_page: Any, made_page: Path) -> None:
    page = open_page(made_page)
    page.select_option("#filter-release", "=metadata")
    page.focus("#table tbody tr:nth-child(2) button")
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_be_visible()
    expect(page.locator("#detail-title")).to_be_focused()
    shown = page.locator("#detail-body")
    for words in ("in-copyright-withheld", "Payload digest", "Place in the corpus", "not part of the snapshot"):
        expect(shown).to_contain_text(words)
    title = page.text_content("#detail-title")
    page.click("#detail-next")
    expect(page.locator("#detail-title")).not_to_have_text(title)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator("#table tbody tr:nth-child(2) button")).to_be_focused()


def test_the_keyboard_reaches_everything_in_order(open_page: Any, made_page: Path) -> None:
    page = open_page(made_page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#query")
    reached: list[str] = []
    while len(reached) < 30 and "Date" not in reached:  # a date has several parts, each with a stop of its own
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.className || document.activeElement.textContent"
            )
        )
    filters = ["filter-source", "filter-language", "filter-license", "filter-release", "filter-flags"]
    assert list(dict.fromkeys(reached)) == ["quiet", *filters, "from", "to", "scroll", "Date"]


def test_light_and_dark_follow_the_reader_and_the_button(open_page: Any, made_page: Path) -> None:
    page = open_page(made_page, color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.click("#theme")
    light = page.evaluate(ground)
    assert (dark, light) == ("rgb(20, 23, 27)", "rgb(255, 255, 255)")
    drawn = page.evaluate("getComputedStyle(document.querySelector('.drawing path[data-said]')).fill")
    assert drawn in ("rgb(31, 111, 178)", "rgb(184, 116, 42)")


def test_a_mark_of_a_chart_says_what_it_stands_for(open_page: Any, made_page: Path) -> None:
    page = open_page(made_page)
    page.locator("#figure-source [data-said]").first.hover()
    expect(page.locator("#said")).to_have_text("The Harbour Ledger: 60 full text")


def test_print_leaves_the_controls_out(open_page: Any, made_page: Path) -> None:
    page = open_page(made_page)
    page.emulate_media(media="print")
    for control in ("#filters", ".pages", ".contents", "#theme"):
        expect(page.locator(control).first).to_be_hidden()
    expect(page.locator("#table tbody tr").first).to_be_visible()
    assert page.pdf()[:5] == b"%PDF-"


def test_on_a_small_screen_nothing_but_tables_and_drawings_scrolls_sideways(open_page: Any, made_page: Path) -> None:
    page = open_page(made_page)
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380


def test_without_scripts_the_figures_are_there_and_the_list_says_why_it_is_not(open_page: Any, made_page: Path) -> None:
    page = open_page(made_page, java_script_enabled=False, ready=False)
    expect(page.locator("#figure-timeline svg")).to_be_visible()
    expect(page.locator("#articles")).to_contain_text("needs JavaScript")


def test_a_bar_and_a_month_of_the_time_line_lead_to_their_articles(open_page: Any, made_page: Path) -> None:
    page = open_page(made_page)
    status = page.locator("#status")
    bar = page.locator("#figure-timeline .drawing [data-said]").first
    period = str(bar.get_attribute("data-said")).partition(":")[0]
    assert period == "2015-01"
    bar.click()
    expect(page.locator("#from")).to_have_value("2015-01-01")
    expect(page.locator("#to")).to_have_value("2015-01-31")
    expect(status).to_have_text("2 of 120 articles, 1 to 2 shown")
    page.click("text=Show all")
    page.locator("#figure-timeline summary").click()
    newest = page.locator("#figure-timeline tbody button").first
    month = newest.inner_text()
    newest.press("Enter")
    expect(status).to_have_text("1 of 120 articles, 1 to 1 shown")
    assert texts(page, "#table tbody td:first-child")[0].startswith(f"{month}-")
    assert page.wrong == []
