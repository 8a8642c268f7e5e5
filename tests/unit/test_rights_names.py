"""Names in a statement are no conditions, and conditions in capitals are no names."""

from __future__ import annotations

import pytest

from dataset_builder.rights.reading import read_license
from dataset_builder.rights.resolve import resolve
from dataset_builder.rights.terms import SourceTerms

BY = "CC-BY-4.0"


@pytest.mark.parametrize(
    "statement",
    [
        "© 2024 Riverside Gazette, CC BY 4.0",
        "Text by Jane van der Doe, CC BY 4.0",
        "Author: Jane Doe | Licence: CC BY 4.0",
        "Publié par Le Phare du Port sous licence CC BY 4.0",
        "Riverside Gazette. 1 Quay Street. Text under CC BY 4.0.",
    ],
)
def test_a_name_that_stands_where_a_name_must_stand(statement: str) -> None:
    assert read_license(statement).expression == BY


@pytest.mark.parametrize(
    "statement",
    ["CC BY 4.0 Upon Registration", "CC BY 4.0 FÜR ABONNENTEN", "CC BY 4.0. Nur Für Mitglieder.", "CC BY Members 4.0",
     "Opinion Pieces: CC BY 4.0", "CC BY 4.0, In Portugal", "© 2024 Members Only, CC BY 4.0"],
)  # fmt: skip
def test_a_condition_in_capitals_is_no_name(statement: str) -> None:
    assert read_license(statement).rights_class != "attribution"


def test_what_the_corpus_knows_as_a_name_is_one() -> None:
    statement = "Riverside Gazette / Jane Doe, CC BY 4.0"
    assert read_license(statement).expression is None
    assert read_license(statement, owners=frozenset({"the riverside gazette", "jane doe"})).expression == BY
    assert read_license(statement, owners=frozenset({"riverside gazette"})).expression is None


def test_the_names_of_source_and_author_come_from_the_corpus() -> None:
    def claim(field: str, value: str) -> dict[str, object]:
        return {"field": field, "value": value, "origin": "declared", "rule": "front-matter", "evidence": "", "line": 3, "confidence": 1.0}  # noqa: E501  # fmt: skip

    claims = [claim("rights_statement", "Riverside Gazette / Jane Doe, CC BY 4.0"), claim("author", "Jane Doe")]
    (held,) = resolve(claims, [SourceTerms("gazette", title="The Riverside Gazette")])
    assert held.expression == BY
    (unheld,) = resolve(claims, [SourceTerms("gazette")])
    assert unheld.expression is None


@pytest.mark.parametrize(
    ("statement", "expression"),
    [
        ("CC BY 4.0 no changes", None),
        ("CC BY 2.5 in print", "CC-BY-2.5"),
        ("CC BY 3.0 NO", "LicenseRef-CC-BY-3.0-NO"),
        ("CC BY 3.0 (NO)", "LicenseRef-CC-BY-3.0-NO"),
        ("CC0 with approval", None),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("Datenlizenz Deutschland – Namensnennung – Version 2.0", "DL-DE-BY-2.0"),
    ],
)
def test_words_that_look_like_a_port_or_an_exception(statement: str, expression: str | None) -> None:
    assert read_license(statement).expression == expression
