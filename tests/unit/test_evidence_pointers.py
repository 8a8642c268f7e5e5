"""Where answers say that terms stand, and what counts as an opt-out; hostile answers included."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dataset_builder.evidence.capture import Captured
from dataset_builder.evidence.pointers import header_pointers, page_pointers
from dataset_builder.evidence.statements import opt_outs_of, statements_of
from dataset_builder.web.exchange import Answer
from dataset_builder.web.visitor import Visit

PLACE = "https://ledger.example.org/terms"


def answer(body: str = "", kind: str = "text/html", **headers: str) -> Answer:
    told = (("Content-Type", kind), *((name.replace("_", "-"), value) for name, value in headers.items()))
    return Answer(PLACE, datetime(2024, 11, 5, tzinfo=UTC), "192.0.2.1", 200, "OK", told, body.encode(), False, b"")


def captured(role: str, found: Answer) -> Captured:
    return Captured(role, Visit(PLACE, (found,)))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('</l.xml>; rel="license"; type="application/rsl+xml"', [("rsl", "https://ledger.example.org/l.xml")]),
        ("<deed>; rel=license, </next>; rel=next", [("license", "https://ledger.example.org/deed")]),
        ('</a>; title="x, y"; rel="license canonical"', [("license", "https://ledger.example.org/a")]),
        ("<file:///etc/passwd>; rel=license", []),
        ("<" * 50_000, []),
        ("<a>" + ";" * 50_000, []),
    ],
)
def test_link_headers(header: str, expected: list[tuple[str, str]]) -> None:
    assert [(pointer.role, pointer.url) for pointer in header_pointers(answer(Link=header))] == expected


def test_links_of_a_page() -> None:
    page = (
        '<link rel=license type="application/rsl+xml" href=r.xml><a rel="nofollow license" href="/deed">x</a><a href=y>'
    )
    assert [pointer.role for pointer in page_pointers(answer(page))] == ["rsl", "license"]
    assert list(page_pointers(answer(page, kind="application/pdf"))) == []


@pytest.mark.parametrize(
    ("body", "reserved"),
    [
        ('[{"location": "/", "tdm-reservation": 1}]', True),
        ('[{"location": "/", "tdm-reservation": 0}]', False),
        ('{"tdm-reservation": "1"}', True),
        ("no JSON", True),
        ("[" * 100_000, True),
        ("[3, null]", False),
    ],
)
def test_a_tdmrep_that_cannot_be_read_counts_as_an_opt_out(body: str, reserved: bool) -> None:
    assert bool(opt_outs_of(captured("tdmrep", answer(body, kind="application/json")))) is reserved


def test_opt_outs_in_headers_in_capitals_and_twice() -> None:
    signals = opt_outs_of(captured("home", answer(TDM_RESERVATION="1, 1", Content_Usage="TRAIN-AI=N")))
    assert signals == ["content-usage: train-ai=n", "tdm-reservation: 1"]


def test_a_licence_of_a_picture_is_no_statement_of_the_page() -> None:
    page = (
        "<article><h1>Quay</h1><p>The quay wall is old, said the clerk, and nobody has looked at it in years.</p>"
        '<figure><img src=x><figcaption>Photo <a rel="license" href="https://creativecommons.org/licenses/by/2.0/">'
        "CC BY</a></figcaption></figure></article>"
    )
    assert [said.how for said in statements_of(captured("home", answer(page))) if said.reading.expression] == []
