"""The rights stage over single articles: what is decided, and what is said about it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from dataset_builder.issues import issue_kinds
from dataset_builder.records import CLAIM, EDIT, SIGHTING
from dataset_builder.rights.terms import SourceTerms
from dataset_builder.stages.rights import Rights

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("claims", pa.list_(CLAIM)),
        ("text_claims", pa.list_(CLAIM)),
        ("source", pa.string()),
        ("edits", pa.list_(EDIT)),
        ("clean_flags", pa.list_(pa.string())),
        ("body", pa.string()),
        ("sightings", pa.list_(SIGHTING)),
    ]
)

EDITED = [{"start": 0, "end": 1, "replacement": "", "rule": "shortcode"}]
LEDGER = SourceTerms("ledger", license="CC-BY-4.0", publisher="Ledger Press", title="The Harbour Ledger")
LETTER = SourceTerms(
    "gazette",
    permission="letter of 3 May 2024",
    permission_expires=date(2024, 12, 31),
    permission_scope="full text",
    publisher="Gazette House",
)


def claim(
    field: str, value: str, origin: str = "declared", rule: str = "front-matter", line: int = 2
) -> dict[str, Any]:
    """One claim as a reader gives it."""
    return {
        "field": field, "value": value, "origin": origin, "rule": rule, "evidence": "", "line": line, "confidence": 1.0,
    }  # fmt: skip


def decide_one(
    *claims: dict[str, Any], source: SourceTerms | None = None, stage: dict[str, Any] | None = None, **row: Any
) -> dict[str, Any]:
    """The rights columns of one article."""
    terms = source or SourceTerms("undeclared")
    cells = {
        "id": "a1", "claims": list(claims), "text_claims": [], "source": terms.name, "edits": EDITED, "clean_flags": [],
        "body": "The harbour opened again on Monday.",
        "sightings": [{"locator": "a.txt", "source": terms.name, "url": None, "fetched_at": None}],
    }  # fmt: skip
    rights = Rights(**{"sources": (terms,), "created": date(2024, 11, 5), **(stage or {})})
    result = rights(pa.RecordBatch.from_pylist([{**cells, **row}], schema=SCHEMA)).to_pylist()[0]
    assert all(finding["code"] in issue_kinds() for finding in result["rights_findings"])
    return {name: result[name] for name in rights.adds.names}


def codes(result: dict[str, Any]) -> list[str]:
    """The codes of an article's findings."""
    return [finding["code"] for finding in result["rights_findings"]]


def test_a_declared_license_releases_and_is_evidence() -> None:
    result = decide_one(claim("license", "CC BY 4.0"))
    assert (result["license"], result["release"], result["decision_rule"], result["family"]) == (
        "CC-BY-4.0", "full", "attribution-full", "permissive",
    )  # fmt: skip
    assert result["license_evidence"] == {"kind": "declared", "locator": "a.txt:2", "sha256": None, "observed_at": None}
    assert result["license_url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert result["rights_findings"] == []


def test_without_a_statement_nothing_is_released() -> None:
    result = decide_one()
    assert (result["release"], result["decision_rule"], result["license"]) == (
        "metadata",
        "undetermined-withheld",
        None,
    )
    assert codes(result) == ["rights-undetermined"]


def test_the_sources_default_holds_where_the_article_says_nothing() -> None:
    result = decide_one(source=LEDGER)
    assert (result["release"], result["license_evidence"]["locator"]) == ("full", "dataset.yaml")


def test_the_articles_statement_replaces_the_sources_default() -> None:
    result = decide_one(claim("license", "All rights reserved"), source=LEDGER)
    assert (result["release"], result["decision_rule"]) == ("metadata", "in-copyright-withheld")


@pytest.mark.parametrize("typo", ["CC-BY-5.0", "CC-YB-4.0", "creative commons", "other", "", "CC-BY-4.0 OR"])
def test_an_unreadable_license_withholds_with_an_error(typo: str) -> None:
    result = decide_one(claim("license", typo), source=LEDGER)
    assert result["release"] == "metadata"
    assert issue_kinds()[codes(result)[0]].severity == "error"


def test_the_stricter_of_two_statements_holds() -> None:
    result = decide_one(
        claim("license", "CC0-1.0"), claim("rights_statement", "All rights reserved.", "embedded", "meta")
    )
    assert (result["rights_class"], result["release"]) == ("in-copyright", "metadata")
    assert "rights-contradiction" in codes(result)


def test_a_copyright_line_of_the_publisher_yields_to_the_license() -> None:
    result = decide_one(claim("copyright_notice", "© 2024 Ledger Press", "embedded", "json-ld"), source=LEDGER)
    assert result["release"] == "full"


def test_an_agencys_copyright_line_does_not_yield() -> None:
    result = decide_one(claim("copyright_notice", "© 2024 AFP", "embedded", "json-ld"), source=LEDGER)
    assert result["release"] == "metadata"
    assert "rights-holder-differs" in codes(result)


def test_an_image_license_is_not_the_texts() -> None:
    result = decide_one(claim("rights_statement", "Photo: Ana Example / CC BY 2.0", "embedded", "meta"))
    assert (result["release"], result["rights_class"]) == ("metadata", "undetermined")
    assert "license-scope-image" in codes(result)


def test_a_rel_license_link_of_unknown_cover_grants_nothing() -> None:
    result = decide_one(claim("license_url", "https://creativecommons.org/licenses/by/4.0/", "embedded", "rel-license"))
    assert (result["release"], result["decision_rule"]) == ("metadata", "scope-not-text-withheld")


def test_no_derivatives_is_released_verbatim_only_and_without_offsets() -> None:
    changed = decide_one(claim("license", "CC-BY-ND-4.0"))
    verbatim = decide_one(claim("license", "CC-BY-ND-4.0"), edits=[])
    assert (changed["release"], codes(changed)) == ("metadata", ["no-derivatives-edited"])
    assert (verbatim["release"], verbatim["family"], verbatim["annotate"]) == ("full", "noderivatives", False)


def test_noncommercial_needs_a_noncommercial_release() -> None:
    article = claim("license", "CC-BY-NC-4.0")
    assert decide_one(article)["decision_rule"] == "noncommercial-withheld"
    result = decide_one(article, stage={"noncommercial": True})
    assert (result["release"], result["family"]) == ("full", "noncommercial")


@pytest.mark.parametrize(
    ("created", "rule"),
    [
        (date(2024, 12, 31), "permission-full"),
        (date(2025, 1, 1), "permission-expired-withheld"),
        (None, "permission-undated-withheld"),
    ],
)
def test_a_permission_expires_by_the_snapshots_date(created: date | None, rule: str) -> None:
    assert decide_one(source=LETTER, stage={"created": created})["decision_rule"] == rule


def test_a_permission_covers_what_the_publisher_reserves_and_not_an_agencys_text() -> None:
    own = claim("rights_statement", "© Gazette House. All rights reserved.", "embedded", "meta")
    agency = claim("rights_statement", "© AFP. All rights reserved.", "embedded", "meta")
    assert decide_one(own, source=LETTER)["decision_rule"] == "permission-full"
    assert decide_one(agency, source=LETTER)["decision_rule"] == "in-copyright-withheld"


def test_a_withdrawn_article_leaves_a_tombstone_and_nothing_in_a_private_build() -> None:
    article = claim("license", "CC0-1.0")
    public = decide_one(article, stage={"withdrawn": ("a1",)})
    private = decide_one(article, stage={"withdrawn": ("a1",), "audience": "private"})
    assert (public["release"], public["status"], private["release"]) == ("tombstone", "withdrawn", "excluded")


def test_a_private_build_keeps_what_may_not_be_published_apart() -> None:
    assert decide_one(stage={"audience": "private"})["family"] == "private"
    assert decide_one(claim("license", "CC0-1.0"), stage={"audience": "private"})["family"] == "permissive"


def test_an_opt_out_is_passed_on_and_bars_features() -> None:
    claims = [claim("license", "CC-BY-4.0"), claim("tdm_reservation", "1", "embedded", "header")]
    full = decide_one(*claims)
    assert (full["release"], full["tdm_reservation"], full["rights_flags"]) == ("full", "1", ["opted-out"])
    assert decide_one(*claims, stage={"wanted": "features"})["release"] == "metadata"


def test_a_suspicion_holds_back_and_stays_out_of_the_public_columns() -> None:
    result = decide_one(claim("license", "CC0-1.0"), clean_flags=["suspected-spun"])
    assert (result["release"], result["rights_flags"]) == ("metadata", [])
    assert codes(result) == ["review-needed"]
    public = str({name: value for name, value in result.items() if name not in {"rights_findings", "rights_facts"}})
    assert "spun" not in public
    assert "suspect" not in public
    reviewed = decide_one(
        claim("license", "CC0-1.0"), claim("reviewed_by", "R. Example"), clean_flags=["suspected-spun"]
    )
    assert (reviewed["release"], reviewed["reviewed_by"]) == ("full", "R. Example")


def test_a_page_cannot_review_itself() -> None:
    result = decide_one(
        claim("license", "CC0-1.0"), claim("reviewed_by", "me", "embedded", "meta"), clean_flags=["suspected-spun"]
    )
    assert result["release"] == "metadata"


def test_a_digest_only_record_is_metadata() -> None:
    assert decide_one(claim("license", "CC0-1.0"), body=None)["decision_rule"] == "digest-only-metadata"


def test_a_page_that_points_to_the_sources_terms_says_what_the_source_says() -> None:
    terms = SourceTerms("ledger", license="CC-BY-4.0", terms_url="https://ledger.example.org/terms")
    article = claim("license", "https://ledger.example.org/terms/", "embedded", "json-ld:license")
    assert decide_one(article, source=terms)["release"] == "full"
    unread = decide_one(article, source=LEDGER)
    assert (unread["release"], codes(unread)[0]) == ("metadata", "license-unread-in-page")


def test_broken_evidence_withholds() -> None:
    terms = SourceTerms("ledger", license="CC-BY-4.0", evidence_broken=True)
    assert decide_one(source=terms)["decision_rule"] == "no-evidence-withheld"


def test_somebody_may_ask_for_a_review() -> None:
    result = decide_one(claim("license", "CC0-1.0"), claim("reviewed_by", "pending"))
    assert (result["decision_rule"], result["reviewed_by"], codes(result)) == (
        "review-pending",
        None,
        ["review-needed"],
    )


def test_a_spun_body_is_held_back_with_its_tell_tales_in_the_findings_only() -> None:
    body = "The State Division held a press convention. Photograph credit score: Ana Example."
    result = decide_one(claim("license", "CC0-1.0"), body=body)
    assert (result["decision_rule"], result["release"]) == ("review-pending", "metadata")
    assert "State Division" in result["rights_findings"][0]["found"]
    assert "State Division" not in str({**result, "rights_findings": None, "rights_facts": None})


def test_a_statement_that_another_one_makes_plain_is_no_hedge() -> None:
    vague = claim("rights_statement", "The last paragraph of the article puts it under CC BY 4.0.")
    assert decide_one(claim("license", "CC-BY-4.0"), vague)["release"] == "full"
    assert codes(decide_one(vague)) == ["license-hedged"]
    assert decide_one(claim("license", "CC-BY-SA-4.0"), vague)["release"] == "metadata"


def test_copies_take_the_strictest_terms() -> None:
    free = SourceTerms("ledger", license="CC0-1.0")
    silent = SourceTerms("tideline")
    bound = SourceTerms("gazette", license="CC-BY-SA-4.0")
    stage = {"sources": (free, silent, bound)}

    def copies(*names: str) -> list[dict[str, Any]]:
        return [{"locator": f"{name}.txt", "source": name, "url": None, "fetched_at": None} for name in names]

    both = decide_one(source=free, stage=stage, sightings=copies("ledger", "gazette"))
    assert (both["rights_class"], both["license"]) == ("share-alike", "CC-BY-SA-4.0")
    assert "rights-contradiction" in codes(both)
    unknown = decide_one(source=free, stage=stage, sightings=copies("ledger", "tideline"))
    assert unknown["release"] == "metadata"
    own = claim("license", "CC-BY-4.0")
    one = decide_one(own, source=free, stage=stage, sightings=copies("ledger", "gazette"))
    each = decide_one(own, own, source=free, stage=stage, sightings=copies("ledger", "gazette"))
    assert (one["rights_class"], each["rights_class"]) == ("share-alike", "attribution")


def test_incomparable_statements_add_up() -> None:
    result = decide_one(claim("license", "CC-BY-SA-4.0"), claim("license", "CC-BY-NC-4.0", "embedded", "json-ld"))
    assert (result["rights_class"], result["license"]) == (
        "noncommercial-share-alike", "CC-BY-SA-4.0 AND CC-BY-NC-4.0",
    )  # fmt: skip


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_the_result_does_not_depend_on_the_cut_of_batches(cut: int) -> None:
    rows = [
        {"id": str(place), "claims": [claim("license", text)], "text_claims": [], "source": "ledger", "edits": [],
         "clean_flags": [], "body": "Text.", "sightings": []}
        for place, text in enumerate(["CC0-1.0", "CC-BY-NC-4.0", "typo", "All rights reserved", "CC BY"])
    ]  # fmt: skip
    stage = Rights((LEDGER,), created=date(2024, 11, 5))
    whole = stage(pa.RecordBatch.from_pylist(rows, schema=SCHEMA))
    pieces = [
        stage(pa.RecordBatch.from_pylist(rows[start : start + cut], schema=SCHEMA))
        for start in range(0, len(rows), cut)
    ]
    assert pa.Table.from_batches(pieces).combine_chunks() == pa.Table.from_batches([whole])
    assert whole.schema.names == [*SCHEMA.names, *stage.adds.names]
    assert stage(pa.RecordBatch.from_pylist([], schema=SCHEMA)).num_rows == 0
