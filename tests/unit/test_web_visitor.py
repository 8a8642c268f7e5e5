"""Politeness and bounds, against a site on this machine."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from dataset_builder.web.addresses import parse_address
from dataset_builder.web.exchange import Bounds
from dataset_builder.web.visitor import MOST_REDIRECTS, Visitor
from loopback import Page, Site, served


@pytest.fixture
def site() -> Iterator[Site]:
    with served(Site({"/": Page("<p>Home")})) as site:
        yield site


def visitor(**bounds: float) -> Visitor:
    return Visitor(Bounds(**{"seconds": 5, "private": True, **bounds}), pause=0.0, contact="desk@example.org")


def test_robots_are_asked_first_and_once(site: Site) -> None:
    asking = visitor()
    asking.visit(f"{site.root}/")
    asking.visit(f"{site.root}/terms")
    assert site.paths == ["/robots.txt", "/", "/terms"]
    assert all("build-dataset/" in headers["User-Agent"] for _, headers in site.asked)
    assert "desk@example.org" in site.asked[0][1]["User-Agent"]


def test_what_robots_bar_is_not_asked_for(site: Site) -> None:
    site.pages["/robots.txt"] = Page("User-agent: *\nDisallow: /terms\n")
    visit = visitor().visit(f"{site.root}/terms")
    assert visit.barred
    assert visit.answer is None
    assert site.paths == ["/robots.txt"]


def test_a_site_that_fails_on_robots_is_not_asked_further(site: Site) -> None:
    site.pages["/robots.txt"] = Page("", 503)
    assert visitor().visit(f"{site.root}/").barred
    assert site.paths == ["/robots.txt"]


def test_a_redirect_to_what_robots_bar_ends(site: Site) -> None:
    site.pages["/robots.txt"] = Page("User-agent: build-dataset\nDisallow: /inner\n")
    site.pages["/terms"] = Page("", 302, {"Location": "/inner/terms"})
    assert visitor().visit(f"{site.root}/terms").barred
    assert "/inner/terms" not in site.paths


def test_redirects_have_an_end(site: Site) -> None:
    site.pages["/loop"] = Page("", 302, {"Location": "/loop"})
    visit = visitor().visit(f"{site.root}/loop")
    assert visit.failure == "more than 5 redirects"
    assert site.paths.count("/loop") == MOST_REDIRECTS + 1


@pytest.mark.parametrize("place", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://user@127.0.0.1/"])
def test_a_redirect_leads_to_http_only(site: Site, place: str) -> None:
    site.pages["/away"] = Page("", 302, {"Location": place})
    assert visitor().visit(f"{site.root}/away").failure.startswith("a redirect to ")


def test_this_machine_is_not_asked_unless_allowed(site: Site) -> None:
    visit = Visitor(Bounds(), pause=0.0).visit(f"{site.root}/")
    assert visit.answer is None
    assert site.asked == []


def test_a_long_body_is_cut(site: Site) -> None:
    site.pages["/"] = Page(b"x" * 100_000)
    answer = visitor(size=1_000).visit(f"{site.root}/").answer
    assert answer is not None
    assert answer.cut
    assert len(answer.body) == 1_000


def test_a_server_that_drips_is_cut_off(site: Site) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(100):
                handler.wfile.write(b".")
                handler.wfile.flush()
                time.sleep(0.05)

    site.pages["/"] = Page(send=drip)
    asking = visitor()
    asking.robots_of(parse_address(f"{site.root}/"))
    asking.bounds = Bounds(seconds=0.3, private=True)
    assert asking.visit(f"{site.root}/").failure == "no answer within 0.3 s"


def test_a_line_that_never_ends_is_a_failure(site: Site) -> None:
    site.pages["/"] = Page(send=lambda handler: handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000))
    assert visitor().visit(f"{site.root}/").answer is None


def test_there_is_a_pause_between_two_requests(site: Site) -> None:
    site.pages["/robots.txt"] = Page("User-agent: *\nCrawl-delay: 7\n")
    clock = [0.0]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    asking = Visitor(Bounds(private=True), pause=2.0, now=lambda: clock[0], sleep=sleep)
    asking.visit(f"{site.root}/")
    asking.visit(f"{site.root}/")
    assert slept == [7.0, 7.0]
