"""The documentation as a site: whole, strict, and without a network."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))

import site_pages  # noqa: E402 - docs/ is no package of ours; it is on the path from here on

#: What a browser fetches by itself; a link that somebody follows is none.
FETCHED = re.compile(r'(?:\bsrc|<link[^>]*\bhref)="(?:https?:)?//[^"]+"')


def test_the_site_is_built_strictly_and_its_pages_fetch_nothing(tmp_path: Path) -> None:
    pytest.importorskip("zensical", reason="zensical is not installed: the site is not built")
    site_pages.build_site(tmp_path / "site")
    built = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*.html")}
    assert {place.removesuffix(".md") + ".html" for _, place in site_pages.pages()} <= built
    for name in sorted(built):
        assert FETCHED.findall((tmp_path / "site" / name).read_text(encoding="utf-8")) == [], name


def test_a_link_that_leads_nowhere_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("zensical", reason="zensical is not installed: the site is not built")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Index\n\n[gone](gone.md)\n", encoding="utf-8")
    (tmp_path / "docs" / "zensical.toml").write_text('[project]\nsite_name = "x"\n', encoding="utf-8")
    for name, value in (("DOCS", tmp_path / "docs"), ("BESIDE", {}), ("PARTS", {})):
        monkeypatch.setattr(site_pages, name, value)
    monkeypatch.setattr(site_pages, "site_text", lambda path, _: path.read_text(encoding="utf-8"))
    (tmp_path / "docs" / "figures").mkdir()
    with pytest.raises(SystemExit, match=r"gone\.md"):
        site_pages.build_site(tmp_path / "site")


def test_links_out_of_the_site_become_names() -> None:
    text = site_pages.site_text(ROOT / "docs" / "explanation" / "architecture.md", "explanation/architecture.md")
    assert "](../decisions/claims.md)" in text
    assert "`.importlinter`" in text
    assert "](../../" not in text
