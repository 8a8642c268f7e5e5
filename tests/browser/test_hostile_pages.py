"""Titles, names and bodies made of markup and scripts run nothing and break nothing, in the report and in the card."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from playwright_words import expect, texts

from dataset_builder.pipeline import build

HIT = "window.hit=1"
TITLES = (
    f"<script>{HIT}</script>",
    f"</title><img src=x onerror={HIT}>",
    f"</script><script>{HIT}</script>",
    f"<svg onload={HIT}><animate onbegin={HIT}></svg>",
    f"<!--<script>{HIT}//",
    f"[press](javascript:{HIT}) ![x](javascript:{HIT})",
    f"| a | b |\n|---|---|\n| <iframe srcdoc='<script>parent.{HIT}</script>'> |",
    f"{{{{ 7*7 }}}} ${{{HIT}}} {{% raw %}}",
    f"</style></textarea><base href=//evil.example.org><meta http-equiv=refresh content='0;url=javascript:{HIT}'>",
    "\u202egnitirw\u2066 \x1b[31m\x07 turned",
    "__proto__",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snapshot of a corpus in which every word from outside attacks."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {
            "title": title,
            "body": f"{title}\n\nThe clerk of Port Callow counted {number} lamps and wrote: {title} And so on.",
            "date": f"2024-10-{number + 1:02}",
            "author": title,
            "url": f"javascript:{HIT}//{number}",
            **({"license": "CC-BY-4.0"} if number % 2 else {}),  # without one, the article is withheld
            "rights_holder": title,
            "source": "evil" if number % 3 else "constructor",
        }
        for number, title in enumerate(TITLES)
    ]
    rows.append({**rows[0], "body": "Its licence is an attack, so it is rejected.", "license": TITLES[0]})
    (folder / "wire.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    config = {
        "name": "hostile",
        "title": TITLES[1],
        "description": "\n\n".join(TITLES),
        "version": "1.0.0",
        "created": "2024-11-05",
        "contributors": [{"title": TITLES[2], "path": f"javascript:{HIT}"}],
        "licenses": [{"name": "CC0-1.0"}],
        "sources": [
            {"name": name, "title": TITLES[number], "publisher": TITLES[4], "email": TITLES[0]}
            for number, name in enumerate(("evil", "constructor"))
        ],
        "articles": [{"path": "wire.jsonl"}],
        "build": {"entities": {"model": "none"}},
    }
    (folder / "dataset.yaml").write_text(yaml.safe_dump(config, allow_unicode=False), encoding="utf-8")
    return build(folder, folder / "out", allow_rejected=True).out


@pytest.fixture(scope="module")
def hostile_findings(hostile: Path) -> Path:
    """What a build of that snapshot might have printed, if somebody wrote attacks into it."""
    identity = json.loads((hostile / "manifest.json").read_bytes())["identity"]
    issues = [{"code": code, "path": title, "found": title} for title in TITLES for code in (title, "review-needed")]
    file = hostile.parent / "build.json"
    file.write_text(json.dumps({"identity": identity, "issues": issues}), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def hostile_page(hostile: Path, hostile_findings: Path) -> Path:
    from dataset_builder.report.write import write_report

    return write_report(hostile, hostile.parent / "hostile.html", findings=hostile_findings, against=hostile).path


def ran_nothing(page: Any) -> None:
    """No script of the corpus ran, nothing was asked for, and nothing was thrown."""
    assert page.evaluate("window.hit") is None
    assert page.wrong == []
    assert [url for url in page.asked if not url.startswith("file:")] == []


def test_the_report_runs_nothing(open_page: Any, hostile_page: Path) -> None:
    page = open_page(hostile_page)
    expect(page.locator("h1")).to_have_text(TITLES[1])
    for summary in page.locator("main summary").all():
        summary.click()
    for button in page.locator("#table tbody button").all():
        button.click()
        expect(page.locator("#detail-body dt").first).to_be_visible()
        page.keyboard.press("Escape")
    assert len(texts(page, "#table tbody td:nth-child(2)")) == len(TITLES)
    ran_nothing(page)
    assert (
        page.locator("main script, main img, main iframe, main style, main base, main [onload], main [onerror]").count()
        == 0
    )
    assert page.locator("a[href^='javascript']").count() == 0


def test_findings_that_attack_are_counted_and_not_quoted(open_page: Any, hostile_page: Path) -> None:
    page = open_page(hostile_page)
    rows = page.locator("#findings tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("review-needed")
    expect(rows.nth(0).locator(".number")).to_have_text(str(len(TITLES)))
    expect(rows.nth(1)).to_contain_text("of kinds that another version knows")
    ran_nothing(page)


@pytest.mark.parametrize("column", ["source", "language", "license", "release", "flags"])
def test_every_value_of_a_filter_is_text_and_leads_to_its_rows(open_page: Any, hostile_page: Path, column: str) -> None:
    page = open_page(hostile_page)
    options = page.locator(f"#filter-{column} option")
    assert options.count() > 1 or column == "flags"
    for number in range(1, options.count()):
        wanted = options.nth(number).text_content().rpartition("(")[2].rstrip(")")
        page.select_option(f"#filter-{column}", index=number)
        expect(page.locator("#status")).to_contain_text(re.compile(f"^{wanted} of "))
    assert page.locator("option *").count() == 0
    ran_nothing(page)


def test_numbers_of_figures_and_bars_with_hostile_names_lead_to_their_rows(open_page: Any, hostile_page: Path) -> None:
    page = open_page(hostile_page)
    for summary in page.locator("main figure summary").all():
        summary.click()
    buttons = page.locator("#figure-source tbody button, #figure-license tbody button, #figure-flags tbody button")
    assert buttons.count() >= 4
    for number in range(buttons.count()):
        button = buttons.nth(number)
        wanted = button.locator("xpath=ancestor::tr/td[1]").text_content()
        button.click()
        expect(page.locator("#status")).to_contain_text(re.compile(f"^{wanted} of "))
    for mark in page.locator("#figure-source [data-said]").all():
        mark.hover()
        expect(page.locator("#said")).to_have_text(mark.get_attribute("data-said"))
    assert page.locator("#said *").count() == 0
    ran_nothing(page)


@pytest.mark.parametrize("period", ["<img src=x onerror=window.hit=1>", "2024-13", "99999", "2024-10-01-", "__proto__"])
def test_a_bar_that_was_forged_sets_no_date(open_page: Any, hostile_page: Path, period: str) -> None:
    page = open_page(hostile_page)
    bar = page.locator("#figure-timeline .drawing [data-said]").first
    bar.evaluate("(mark, period) => { mark.dataset.said = `${period}: 1 full text`; }", period)
    bar.click()
    page.wait_for_timeout(50)
    for end in ("#from", "#to"):
        assert re.fullmatch(r"|\d{4}-\d\d-\d\d", page.input_value(end))
    ran_nothing(page)


def test_dates_typed_the_wrong_way_round_find_nothing_and_break_nothing(open_page: Any, hostile_page: Path) -> None:
    page = open_page(hostile_page)
    for first, last, found in (("2024-10-09", "2024-10-01", 0), ("0001-01-01", "9999-12-31", len(TITLES))):
        page.fill("#from", first)
        page.fill("#to", last)
        page.locator("#to").dispatch_event("change")
        expect(page.locator("#status")).to_contain_text(re.compile(f"^{found} of "))
    page.evaluate("document.getElementById('from').type = 'text'")
    page.fill("#from", "<script>window.hit=1</script>")
    page.locator("#from").dispatch_event("change")
    ran_nothing(page)


def test_the_same_attacks_would_run_in_a_page_that_is_not_ours(open_page: Any, tmp_path: Path) -> None:
    naked = tmp_path / "naked.html"
    naked.write_text(f"<!doctype html><title>x</title>{TITLES[0]}", encoding="utf-8")
    assert open_page(naked, ready=False).evaluate("window.hit") == 1


def test_figures_of_the_card_run_nothing_when_they_are_opened(open_page: Any, hostile: Path) -> None:
    figures = sorted((hostile / "figures").iterdir())
    assert figures
    for figure in figures:
        page = open_page(figure, ready=False)
        assert page.locator("script, foreignObject, image, a").count() == 0
        ran_nothing(page)


def test_the_card_runs_nothing_and_its_tables_hold(open_page: Any, hostile: Path, tmp_path: Path) -> None:
    _, _, body = (hostile / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    rendered = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(body)
    shutil.copytree(hostile / "figures", tmp_path / "figures")
    card = tmp_path / "card.html"
    card.write_text(f"<!doctype html><meta charset=utf-8><title>card</title>{rendered}", encoding="utf-8")
    page = open_page(card, ready=False)
    ran_nothing(page)
    assert page.locator("script, iframe, a[href^='javascript']").count() == 0
    uneven = page.evaluate(
        "[...document.querySelectorAll('table')]"
        ".filter((t) => new Set([...t.rows].map((r) => r.cells.length)).size > 1).length"
    )
    assert uneven == 0
