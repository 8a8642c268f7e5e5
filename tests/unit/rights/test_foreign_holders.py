"""A copyright line of somebody else holds back the text; only whole words of a name make its owner."""

from __future__ import annotations

from typing import Any

import pytest

from dataset_builder.rights.resolve import resolve
from dataset_builder.rights.terms import SourceTerms


def line(words: str, field: str = "copyright_notice") -> dict[str, Any]:
    return {
        **{"field": field, "value": words, "origin": "embedded", "rule": "json-ld", "evidence": "", "line": 0},
        "confidence": 1.0,
    }


def declared(field: str, words: str) -> dict[str, Any]:
    return {**line(words, field), "origin": "declared", "rule": "front-matter"}


def held(source: SourceTerms, *claims: dict[str, Any]) -> tuple[str, list[str]]:
    """The class that holds, and the codes of the findings."""
    holding = resolve(claims, [source], "a.html")[0]
    return holding.rights_class, [issue.code for issue in holding.findings]


@pytest.mark.parametrize(
    ("publisher", "holder"),
    [
        ("The Sun", "The Sunday Chronicle"),
        ("AP", "Cape Media"),
        ("Ledger Press", "Ledger Pressings Ltd"),
        ("Quay", "Quayside News"),
        ("Harbour Archive", "Tide Wire"),
        ("Harbour Media", "Harbour"[:-1] + " Media"),
    ],
)
def test_part_of_a_word_makes_no_owner(publisher: str, holder: str) -> None:
    source = SourceTerms("paper", license="CC-BY-4.0", publisher=publisher)
    rights_class, codes = held(source, line(f"© 2024 {holder}"))
    assert rights_class == "in-copyright"
    assert "rights-holder-differs" in codes


@pytest.mark.parametrize(
    ("publisher", "holder"),
    [
        ("Ledger Press", "Ledger Press"),
        ("Ledger Press", "LEDGER PRESS, Inc."),
        ("The Ledger Press", "Ledger Press"),
        ("Ledger Press", "The Ledger  Press and its authors"),
        ("José & Sons", "José & Sons"),
    ],
)
def test_the_publishers_own_line_yields_to_its_licence(publisher: str, holder: str) -> None:
    source = SourceTerms("paper", license="CC-BY-4.0", publisher=publisher)
    assert held(source, line(f"© 2024 {holder}")) == ("attribution", [])


@pytest.mark.parametrize("holder", ["AFP", "Ledger Press/AFP", "Ledger Press and Agence France-Presse"])
def test_an_agency_beside_the_publisher_is_asked_for_itself(holder: str) -> None:
    source = SourceTerms("paper", license="CC-BY-4.0", publisher="Ledger Press")
    assert held(source, line(f"© 2024 {holder}"))[0] == "in-copyright"
    assert held(SourceTerms("undeclared", license="CC-BY-4.0"), line(f"© 2024 {holder}"))[0] == "in-copyright"


def test_an_agency_that_publishes_itself_is_the_owner() -> None:
    source = SourceTerms("wire", license="CC-BY-4.0", publisher="Europa Press")
    assert held(source, line("© 2024 Europa Press")) == ("attribution", [])


def test_without_any_known_owner_only_agencies_are_strangers() -> None:
    source = SourceTerms("undeclared", license="CC-BY-4.0")
    assert held(source, line("© 2024 Tide Wire")) == ("attribution", [])
    assert held(source, line("© 2024 Reuters"))[0] == "in-copyright"


@pytest.mark.parametrize("field", ["author", "rights_holder", "publisher"])
@pytest.mark.parametrize("name", ["Reuters", "Jane Doe, Reuters", "Agence France-Presse"])
def test_whoever_signs_does_not_own_an_agencys_line(field: str, name: str) -> None:
    source = SourceTerms("paper", license="CC-BY-4.0", publisher="Ledger Press")
    rights_class, codes = held(source, declared(field, name), declared("copyright_notice", f"© 2024 {name}"))
    assert rights_class == "in-copyright"
    assert "rights-holder-differs" in codes


@pytest.mark.parametrize("origin", ["declared", "embedded"])
def test_an_agency_that_is_named_as_holder_needs_no_line(origin: str) -> None:
    source = SourceTerms("paper", license="CC-BY-4.0", publisher="Ledger Press")
    holder = {**line("Reuters", "rights_holder"), "origin": origin}
    rights_class, codes = held(source, holder)
    assert (rights_class, codes) == ("in-copyright", ["rights-holder-differs"])
    assert held(SourceTerms("wire", license="CC-BY-4.0", publisher="Reuters"), holder) == ("attribution", [])


def test_a_freelancer_who_is_named_as_holder_contradicts_nothing() -> None:
    source = SourceTerms("paper", license="CC-BY-4.0", publisher="Ledger Press")
    assert held(source, declared("rights_holder", "Ada Quay")) == ("attribution", [])


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("© 2024 Reuters", "in-copyright"),
        ("(c) Reuters 2024", "in-copyright"),
        ("© 2019–2024 Agence France-Presse", "in-copyright"),
        ("© 2024 Ledger Press", "attribution"),
        ("© Reuters", "attribution"),
        ("© Getty Images 20245", "attribution"),
    ],
)
def test_a_line_with_a_year_that_cleaning_took_from_the_text_speaks_of_the_text(words: str, expected: str) -> None:
    source = SourceTerms("paper", license="CC-BY-4.0", publisher="Ledger Press")
    taken = {**line(words, "copyright"), "origin": "extracted", "rule": "caption-copyright"}
    assert held(source, taken)[0] == expected
