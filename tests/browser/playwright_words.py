"""Playwright's assertions, found when a test needs them: collecting the tests must not need the library."""

from __future__ import annotations

from typing import Any


def expect(target: Any) -> Any:
    """Playwright's ``expect``, which waits until what is expected is so."""
    from playwright.sync_api import expect as waits_for

    return waits_for(target)


def texts(page: Any, selector: str) -> list[str]:
    """The texts of all elements, in their order."""
    return [text.strip() for text in page.locator(selector).all_text_contents()]
