"""Titles, names and bodies made of markup and scripts run nothing and break nothing, in the report and in the card."""

from __future__ import annotations

import json
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
            "license": "CC-BY-4.0" if number % 2 else title,
            "rights_holder": title,
            "source": "evil" if number % 3 else "constructor",
        }
        for number, title in enumerate(TITLES)
    ]
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


def test_the_report_runs_nothing(open_page: Any, hostile: Path, tmp_path: Path) -> None:
    from dataset_builder.report.write import write_report

    page = open_page(write_report(hostile, tmp_path / "hostile.html").path)
    expect(page.locator("h1")).to_have_text(TITLES[1])
    for summary in page.locator("main summary").all():
        summary.click()
    for button in page.locator("#table tbody button").all():
        button.click()
        expect(page.locator("#detail-body dt").first).to_be_visible()
        page.keyboard.press("Escape")
    assert texts(page, "#table tbody td:nth-child(2)"), "the list is empty"
    assert page.evaluate("window.hit") is None
    assert page.wrong == []
    assert [url for url in page.asked if not url.startswith("file:")] == []
    assert (
        page.locator("main script, main img, main iframe, main style, main base, main [onload], main [onerror]").count()
        == 0
    )
    assert page.locator("a[href^='javascript']").count() == 0


def test_the_same_attacks_would_run_in_a_page_that_is_not_ours(open_page: Any, tmp_path: Path) -> None:
    naked = tmp_path / "naked.html"
    naked.write_text(f"<!doctype html><title>x</title>{TITLES[0]}", encoding="utf-8")
    assert open_page(naked, ready=False).evaluate("window.hit") == 1


def test_the_card_runs_nothing_and_its_tables_hold(open_page: Any, hostile: Path, tmp_path: Path) -> None:
    _, _, body = (hostile / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    rendered = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(body)
    card = tmp_path / "card.html"
    card.write_text(f"<!doctype html><meta charset=utf-8><title>card</title>{rendered}", encoding="utf-8")
    page = open_page(card, ready=False)
    assert page.evaluate("window.hit") is None
    assert page.wrong == []
    assert page.locator("script, iframe, a[href^='javascript']").count() == 0
    uneven = page.evaluate(
        "[...document.querySelectorAll('table')]"
        ".filter((t) => new Set([...t.rows].map((r) => r.cells.length)).size > 1).length"
    )
    assert uneven == 0
