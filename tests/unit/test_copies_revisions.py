"""Versions of one page form a chain, whatever the address carries besides the page."""

import pyarrow as pa
import pytest

from dataset_builder.copies import REVISIONS_SCHEMA, link_revisions
from dataset_builder.copies.revisions import page_key

PAGE = "https://ledger.example.org/harbour"


def links(*rows: tuple[str, str | None, str | None]) -> dict[str, str]:
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    names = ("id", "canonical_url", "fetched_at")
    table = pa.table({name: pa.array(list(values), pa.string()) for name, values in zip(names, columns, strict=True)})
    result = link_revisions(table)
    assert result.schema == REVISIONS_SCHEMA
    return {row["id"]: row["revision_of"] for row in result.to_pylist()}


def test_versions_form_a_chain_by_time() -> None:
    rows = [
        ("c", PAGE, "2024-05-03"),
        ("a", PAGE, "2024-05-02"),
        ("b", PAGE, "2024-05-01"),
        ("d", PAGE + "/2", "2024-05-01"),
    ]
    assert links(*rows) == links(*reversed(rows)) == {"a": "b", "c": "a"}


def test_undated_versions_come_last_and_ties_go_by_id() -> None:
    assert links(("b", PAGE, None), ("a", PAGE, None), ("z", PAGE, "2024-05-01")) == {"a": "z", "b": "a"}


def test_no_address_no_revision() -> None:
    assert (
        links(
            ("a", None, "1"),
            ("b", None, "2"),
            ("c", "", "1"),
            ("d", "", "2"),
            ("e", "mailto:x", "1"),
            ("f", "mailto:x", "2"),
        )
        == {}
    )
    assert links() == {}


@pytest.mark.parametrize(
    "variant",
    [
        "http://ledger.example.org/harbour",
        "https://LEDGER.example.org:443/harbour/",
        "https://ledger.example.org/harbour?utm_source=post&fbclid=1#top",
        " https://ledger.example.org/harbour ",
    ],
)
def test_one_page_has_one_key(variant: str) -> None:
    assert page_key(variant) == page_key(PAGE)


@pytest.mark.parametrize(
    "variant",
    [PAGE + "?page=2", PAGE + "s", "https://ledger.example.org:8080/harbour", "https://ledger.example.org/Harbour"],
)
def test_other_pages_have_other_keys(variant: str) -> None:
    assert page_key(variant) not in (None, page_key(PAGE))


@pytest.mark.parametrize("junk", [None, "", "ledger", "https://", "https://[::1", "https://x:99999/", "\x00"])
def test_what_is_no_address_has_no_key(junk: str | None) -> None:
    assert page_key(junk) is None
