"""ninjs, schema.org and Dublin Core members become claims, and the claims are read."""

from __future__ import annotations

import pytest

from dataset_builder.rights.members import UNREAD, member_claims
from dataset_builder.rights.reading import read_license

BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    ("document", "vocabulary", "field", "value"),
    [
        ({"usageTerms": "Not for resale"}, "ninjs", "usage_terms", "Not for resale"),
        ({"usageterms": "Not for resale"}, "ninjs", "usage_terms", "Not for resale"),
        ({"copyrightNotice": "© 2024 AFP"}, "ninjs", "copyright_notice", "© 2024 AFP"),
        ({"rightsInfo": {"linkedRights": BY}}, "ninjs", "license", BY),
        ({"rightsinfo": [{"langid": "en", "linkedrights": BY}]}, "ninjs", "license", BY),
        ({"license": BY}, "schema.org", "license", BY),
        ({"license": {"@type": "CreativeWork", "url": BY}}, "schema.org", "license", BY),
        ({"copyrightHolder": {"name": "Ledger Press"}}, "schema.org", "rights_holder", "Ledger Press"),
        ({"rights": ["All rights reserved"]}, "dc", "rights_statement", "All rights reserved"),
        ({"usageterms": {"en": "No redistribution."}}, "ninjs", "usage_terms", "No redistribution."),
        ({"usageTerms": [{"fr": "Pas de revente"}]}, "ninjs", "usage_terms", "Pas de revente"),
    ],
)  # fmt: skip
def test_a_member_becomes_a_claim(document: dict[str, object], vocabulary: str, field: str, value: str) -> None:
    claims = member_claims(document, vocabulary)
    assert [(claim.field, claim.value, claim.origin) for claim in claims] == [(field, value, "embedded")]


def test_a_holder_is_known_by_name_and_may_be_referred_to() -> None:
    press = {"@id": "#press", "@type": "Organization", "name": "Ledger Press", "url": "https://ledger.example.org"}
    document = {
        "copyrightHolder": {"@id": "#press"},
        "usageInfo": {"@type": "CreativeWork", "name": "Terms", "url": BY},
    }
    claims = member_claims(document, "schema.org", nodes={"#press": press})
    assert {claim.field: claim.value for claim in claims} == {"rights_holder": "Ledger Press", "usage_terms": BY}
    assert {claim.evidence for claim in claims} == {"Ledger Press", BY}


def test_every_licence_of_a_list_is_a_claim_of_its_own() -> None:
    claims = member_claims({"license": [BY, {"@id": "All rights reserved"}, BY]}, "schema.org")
    assert [read_license(claim.value).rights_class for claim in claims] == ["attribution", "in-copyright"]


@pytest.mark.parametrize("value", [7, True, 0.5, [[[[[BY]]]]], {"a": {"b": {"c": {"d": {"e": BY}}}}}, [5]])
def test_a_statement_in_no_known_form_is_an_unknown_one(value: object) -> None:
    claims = member_claims({"license": value, "creditText": value}, "schema.org")
    assert [claim.value for claim in claims if claim.field == "license"] == [UNREAD]
    assert read_license(UNREAD).rights_class == "undetermined"


@pytest.mark.parametrize("value", [None, "", " ", [], {}, [None, ""]])
def test_an_empty_member_says_nothing(value: object) -> None:
    assert member_claims({"license": value, "usageInfo": value}, "schema.org") == []


def test_hostile_documents_cost_little_and_grant_nothing() -> None:
    nested: object = BY
    for _ in range(5000):
        nested = [nested]
    assert [claim.value for claim in member_claims({"license": nested}, "schema.org")] == [UNREAD]
    many = member_claims({"license": [str(n) for n in range(10_000)]}, "schema.org")
    assert len(many) == 21
    assert many[-1].value == UNREAD
    nodes = {"#a": {"@id": "#a", "url": [{"@id": "#a"}] * 100}}
    assert [claim.value for claim in member_claims({"license": {"@id": "#a"}}, "schema.org", nodes=nodes)] == [UNREAD]


def test_where_licences_are_sold_is_no_licence() -> None:
    assert member_claims({"acquireLicensePage": "https://ledger.example.org/buy"}, "schema.org") == []
