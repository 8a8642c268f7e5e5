"""Single statements: the traps of the libraries, the nearest known licence, and who is meant."""

from __future__ import annotations

import pytest

from dataset_builder.resources import read_json
from dataset_builder.rights.creative_commons import by_cc_address, of_parts
from dataset_builder.rights.known import by_name, table
from dataset_builder.rights.reading import MAX_STATEMENT_LENGTH, read_license


@pytest.mark.parametrize(
    ("statement", "expression"),
    [
        ("cc-by-4.0 and cc0-1.0", "CC-BY-4.0 AND CC0-1.0"),
        ("(mit or CC-BY-NC-4.0) AND CC0-1.0", "(MIT OR CC-BY-NC-4.0) AND CC0-1.0"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("https://creativecommons.org/licenses/by/3.0/fr/", "LicenseRef-CC-BY-3.0-FR"),
        ("https://creativecommons.org/licenses/by/3.0/de/", "CC-BY-3.0-DE"),
        ("LicenseRef-CC-BY-3.0-FR", "LicenseRef-CC-BY-3.0-FR"),
        ("https://creativecommons.org/licenses/by-nd-nc/1.0", "CC-BY-NC-ND-1.0"),
        ("pddl", "PDDL-1.0"),
        ("CC BY", "LicenseRef-CC-BY-unversioned"),
        ("http://rightsstatements.org/vocab/NoC-US/1.0/", "LicenseRef-rightsstatements-NoC-US-1.0"),
    ],
)
def test_expressions(statement: str, expression: str) -> None:
    assert read_license(statement).expression == expression


@pytest.mark.parametrize(
    ("typo", "nearest"),
    [
        ("CC-BY-5.0", "CC-BY-"),
        ("CC-YB-4.0", "CC-BY-4.0"),
        ("CC-BY-AS-4.0", "CC-BY-SA-4.0"),
        ("CC0-1.00", "CC0-1.0"),
        ("ODBL-2", "ODbL-1.0"),
        ("Apachee-2.0", "Apache-2.0"),
        ("CC BY AS 4.0", "CC-BY-SA-4.0"),
        ("CC BY-NX 4.0", "CC-BY-N"),
        ("CC BY 4.00", "CC-BY-4.0"),
    ],
)
def test_a_typo_names_the_nearest_known_licence(typo: str, nearest: str) -> None:
    reading = read_license(typo, line=7)
    assert reading.expression is None
    assert reading.nearest is not None
    assert reading.nearest.startswith(nearest)
    assert reading.nearest in reading.findings[0].hint
    assert reading.findings[0].line == 7


@pytest.mark.parametrize(
    "broken",
    ["", "CC-BY-4.0 OR", "OR CC-BY-4.0", "CC-BY-4.0 AND AND CC0-1.0", "CC-BY-4.0 AND Foo-1.0", "AND",
     "()", "CC-BY-4.0 WITH", "LicenseRef-house", "( ) AND MIT"],
)  # fmt: skip
def test_what_cannot_be_parsed_is_unknown_as_a_whole(broken: str) -> None:
    reading = read_license(broken)
    assert (reading.expression, reading.rights_class) == (None, "undetermined")
    assert reading.findings[0].severity == "error"


def test_every_port_of_creative_commons_is_recognised_by_its_address() -> None:
    data = table("creative-commons")
    seen = 0
    for version, ports in data["ports"].items():
        for port in ports:
            for family in ("by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"):
                known = by_cc_address(f"https://creativecommons.org/licenses/{family}/{version}/{port}/deed.en")
                assert known is not None
                assert known.rights_class == data["families"][family]["class"]
                assert known == by_cc_address(known.url or "")
                assert read_license(known.expression).expression == known.expression
                seen += 1
    assert seen > 500


def test_licences_that_creative_commons_never_published_are_unknown() -> None:
    assert of_parts(["by", "sa", "nd"], "4.0") is None
    assert of_parts(["by"], "4.0", "fr") is None
    assert of_parts(["by"], "2.1") is None
    assert of_parts(["by"], "9.9") is None


@pytest.mark.parametrize("identifier", sorted(read_json("rights", "hugging-face.json")["licenses"]))
def test_the_hubs_identifiers_are_read_or_are_errors(identifier: str) -> None:
    reading = read_license(identifier)
    listed = read_json("rights", "hugging-face.json")["licenses"][identifier]
    if reading.expression is None:
        assert reading.findings[0].severity == "error"
    elif listed:
        assert reading.expression == listed


def test_every_listed_name_and_alias_is_read_as_its_licence() -> None:
    for expression, row in table("licenses").items():
        for name in (expression, row["name"], *row.get("aliases", ())):
            assert read_license(name).expression == expression, name
    assert len(by_name()) > 150


def test_the_holder_of_a_copyright_line() -> None:
    assert read_license("© 2024 AFP").holder == "AFP"
    assert read_license("Copyright 2019-2024 Harbour Media Group. All rights reserved.").holder == "Harbour Media Group"
    assert read_license("CC BY 4.0").holder == ""


def test_a_statement_against_mining_is_an_opt_out_and_no_hedge() -> None:
    reading = read_license("CC BY 4.0. Text and data mining for AI training is reserved.")
    assert (reading.rights_class, len(reading.opt_outs)) == ("attribution", 1)


def test_control_characters_and_bidirectional_marks_are_not_shown() -> None:
    reading = read_license("CC\u202e BY\x1b[31m 9.9\x00")
    assert "\u202e" not in reading.statement
    assert "\x1b" not in reading.statement + reading.findings[0].found


def test_a_statement_too_long_to_read_grants_nothing() -> None:
    reading = read_license("CC BY 4.0. " + "Fine. " * MAX_STATEMENT_LENGTH)
    assert (reading.rights_class, reading.findings[0].code) == ("undetermined", "license-statement-long")
