"""A report of 100,000 articles opens quickly, and its list answers at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright_words import expect, texts

from large_snapshot import write_large_snapshot

ARTICLES = 100_000


@pytest.mark.slow
@pytest.mark.usefixtures("browser")
def test_a_hundred_thousand_articles(open_page: Any, tmp_path: Path) -> None:
    from dataset_builder.report.write import write_report

    report = write_report(write_large_snapshot(tmp_path / "large", ARTICLES), tmp_path / "large.html")
    assert report.listed == ARTICLES
    assert report.bytes < 30_000_000
    page = open_page(report.path)
    status = page.locator("#status")
    expect(status).to_have_text("100,000 of 100,000 articles, 1 to 50 shown")
    assert page.evaluate("document.querySelectorAll('*').length") < 6_000, "the rows are not all in the page's tree"
    opened = page.evaluate(
        "performance.getEntriesByType('paint').find((e) => e.name === 'first-contentful-paint').startTime"
    )
    print(f"first contentful paint after {opened:.0f} ms, {report.bytes / 1e6:.1f} MB")
    page.fill("#query", "anchors GANNET")
    expect(status).to_contain_text("of 100,000 articles")
    expect(status).not_to_contain_text("100,000 of", timeout=10_000)
    assert all("anchors at Gannet" in title for title in texts(page, "#table tbody td:nth-child(2)"))
    page.fill("#query", "")
    page.select_option("#filter-release", "=metadata")
    expect(status).to_contain_text("25,000 of 100,000")
    page.click("#last")
    expect(page.locator("#position")).to_have_text("Page 500 of 500")
    page.locator("#table tbody button").last.click()
    expect(page.locator("#detail-body")).to_contain_text("in-copyright-withheld")
    assert page.wrong == []
    assert page.asked == [report.path.as_uri()]
