"""A real browser: Debian's Chromium, driven by Playwright. Where one of them is absent, these tests skip aloud."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from large_snapshot import write_large_snapshot

COMMANDS = ("chromium", "chromium-browser", "google-chrome")

#: Articles of the small page: three pages of its list.
MADE = 120
#: Opens a page from a file, waits until its list is there, and notes what it asks for and what goes wrong in it.
Open = Callable[..., Any]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no test in a browser")
    pytest.importorskip("vl_convert", reason="vl-convert-python is not installed: no report can be drawn")
    command = next(filter(None, map(shutil.which, COMMANDS)), None)
    if command is None:
        pytest.skip(f"no browser: none of {', '.join(COMMANDS)} is installed")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=command, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:
    contexts = []

    def opened(path: Path, *, fragment: str = "", ready: bool = True, **options: Any) -> Any:
        context = browser.new_context(viewport={"width": 1200, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.wrong = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda message: page.wrong.append(message.text) if message.type == "error" else None)
        page.on("dialog", lambda dialog: (page.wrong.append(dialog.message), dialog.dismiss()))
        page.goto(path.as_uri() + fragment)
        if ready:
            page.wait_for_selector("html[data-ready]", timeout=60_000)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def made_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a made-up snapshot of :data:`MADE` articles."""
    from dataset_builder.report.write import write_report

    folder = tmp_path_factory.mktemp("report")
    return write_report(write_large_snapshot(folder / "made", MADE), folder / "made.html").path
