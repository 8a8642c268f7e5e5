"""The two screenshots in README, made anew from a report of the seeds: ``python docs/screenshots.py``.

Needs Chromium and Playwright, as the tests in ``tests/browser`` do. No check compares them, as fonts differ.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
#: Name of the picture -> (part of the page at its top, colour scheme).
PICTURES: dict[str, tuple[str, Literal["light", "dark"]]] = {
    "report-figures": ("#time", "light"),
    "report-articles": ("#articles", "dark"),
}


def main() -> None:
    """Build the seeds, write their report, and take the pictures."""
    from playwright.sync_api import sync_playwright

    from dataset_builder.pipeline import build
    from dataset_builder.report.write import write_report

    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as driver:
        report = write_report(build(ROOT / "seeds", Path(scratch) / "seeds").out, Path(scratch) / "seeds.html")
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (part, scheme) in PICTURES.items():
            page = browser.new_page(
                viewport={"width": 1200, "height": 760}, color_scheme=scheme, reduced_motion="reduce"
            )
            page.goto(report.path.as_uri())
            page.wait_for_selector("html[data-ready]")
            page.locator(part).evaluate("(part) => part.scrollIntoView()")
            page.screenshot(path=ROOT / "docs" / "figures" / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
