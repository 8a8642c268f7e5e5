"""The decision, clause by clause: each test holds one line of it against what rights.md says, and no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dataset_builder.rights.decision import RightsFacts, case_of, decide, inherit, shown_class
from dataset_builder.rights.policy import load_policy

OPEN = RightsFacts(rights_class="attribution", scope="text", evidence="declared")
LETTER = replace(OPEN, rights_class="permission", permission_scope=("full",), created=date(2024, 6, 30))
CLOSED = RightsFacts(rights_class="in-copyright", scope="text", evidence="declared")


def released(facts: RightsFacts) -> tuple[str, str, str | None]:
    """Release, row and folder."""
    decision = decide(facts, load_policy())
    return decision.release, decision.rule, decision.family


def test_facts_that_say_nothing_release_nothing() -> None:
    decision = decide(RightsFacts(), load_policy())
    assert (decision.release, decision.rule, decision.family) == ("metadata", "undetermined-withheld", None)
    assert not decision.annotate


def test_the_whole_of_a_decision() -> None:
    row = load_policy().by_id["attribution-full"]
    decision = decide(replace(OPEN, opt_outs=("tdm-reservation: 1",)), load_policy())
    assert (decision.release, decision.rule, decision.family) == ("full", "attribution-full", "permissive")
    assert decision.annotate
    assert decision.reasons == (row.reason, load_policy().opt_out_reason)
    assert decision.would_change == row.would_change
    assert decide(OPEN, load_policy()).reasons == (row.reason,)


@pytest.mark.parametrize(
    ("facts", "aspect", "value"),
    [
        (replace(OPEN, rights_class="made-up"), "rights_class", "undetermined"),
        (replace(OPEN, status="gone"), "status", "withdrawn"),
        (replace(OPEN, status="active"), "status", "active"),
        (replace(OPEN, has_text=False), "text", "absent"),
        (OPEN, "text", "present"),
        (replace(OPEN, audience="everybody"), "audience", "public"),
        (replace(OPEN, audience="restricted"), "audience", "restricted"),
        (replace(OPEN, audience="private"), "audience", "private"),
        (replace(OPEN, evidence=""), "evidence", "none"),
        (replace(OPEN, evidence="none"), "evidence", "none"),
        (OPEN, "evidence", "some"),
        (replace(OPEN, scope="whole"), "scope", "unknown"),
        (replace(OPEN, scope="page"), "scope", "page"),
        (replace(OPEN, scope="image"), "scope", "image"),
        (OPEN, "scope", "text"),
        (replace(OPEN, noncommercial=True), "purpose", "noncommercial"),
        (OPEN, "purpose", "any"),
        (replace(OPEN, transformation="rewritten"), "transformation", "cleaned"),
        (replace(OPEN, transformation="verbatim"), "transformation", "verbatim"),
        (replace(OPEN, transformation="annotated"), "transformation", "annotated"),
        (replace(OPEN, suspected_derived=True), "review", "pending"),
        (replace(OPEN, suspected_derived=True, reviewed_by=" "), "review", "pending"),
        (replace(OPEN, suspected_derived=True, reviewed_by="R. Example"), "review", "none"),
        (replace(OPEN, reviewed_by="R. Example"), "review", "none"),
        (replace(OPEN, legal_basis="necessity"), "legal_basis", "none"),
        (replace(OPEN, legal_basis="features"), "legal_basis", "features"),
        (replace(OPEN, legal_basis="excerpt"), "legal_basis", "excerpt"),
        (replace(OPEN, legal_basis="research-access"), "legal_basis", "research-access"),
        (replace(OPEN, jurisdiction="US"), "jurisdiction", "outside"),
        (replace(OPEN, jurisdiction="US", published_in=("IN", "US")), "jurisdiction", "fits"),
        (OPEN, "jurisdiction", "fits"),
        (replace(OPEN, permission_scope=("full",)), "permission", "none"),
    ],
)
def test_a_word_outside_its_vocabulary_counts_as_the_strictest(facts: RightsFacts, aspect: str, value: str) -> None:
    assert case_of(facts)[aspect] == value


@pytest.mark.parametrize(
    ("change", "worth"),
    [
        ({}, "full"),
        ({"permission_scope": ()}, "outside"),
        ({"permission_scope": ("excerpt",)}, "excerpt"),
        ({"permission_scope": ("features",)}, "features"),
        ({"permission_scope": ("excerpt", "features")}, "excerpt"),
        ({"permission_scope": ("excerpt", "full")}, "full"),
        ({"permission_expires": date(2024, 6, 30)}, "full"),
        ({"permission_expires": date(2024, 6, 29)}, "expired"),
        ({"permission_expires": date(2024, 6, 29), "created": None}, "undated"),
        ({"created": None}, "full"),
        ({"permission_scope": ("full", "restricted")}, "outside"),
        ({"permission_scope": ("full", "restricted"), "audience": "restricted"}, "full"),
        ({"permission_scope": ("full", "restricted"), "audience": "private"}, "outside"),
        ({"permission_scope": ("full", "noncommercial")}, "outside"),
        ({"permission_scope": ("full", "noncommercial"), "noncommercial": True}, "full"),
        ({"permission_scope": ("full", "verbatim")}, "outside"),
        ({"permission_scope": ("full", "verbatim"), "transformation": "verbatim"}, "full"),
        ({"permission_scope": ("full", "restricted", "verbatim"), "audience": "restricted"}, "outside"),
    ],
)
def test_what_a_permission_is_worth(change: dict[str, object], worth: str) -> None:
    assert case_of(replace(LETTER, **change))["permission"] == worth  # type: ignore[arg-type]


def test_a_build_that_asks_for_an_unknown_release_gets_metadata() -> None:
    assert released(replace(OPEN, wanted="everything"))[0] == "metadata"
    assert released(replace(OPEN, wanted="excerpt"))[0] == "excerpt"
    assert released(replace(OPEN, wanted="features"))[0] == "features"
    assert released(replace(OPEN, wanted="metadata")) == ("metadata", "attribution-full", None)


def test_what_is_withdrawn_is_a_tombstone_whatever_is_asked_for() -> None:
    assert released(replace(OPEN, status="withdrawn"))[0] == "tombstone"
    assert released(replace(OPEN, status="withdrawn", wanted="metadata"))[0] == "tombstone"
    assert released(replace(OPEN, status="withdrawn", audience="private"))[0] == "excluded"


def test_an_opt_out_bars_features_and_nothing_else() -> None:
    opted = replace(OPEN, opt_outs=("train-ai: n",))
    assert [released(replace(opted, wanted=wanted))[0] for wanted in ("full", "excerpt", "features", "metadata")] == [
        "full", "excerpt", "metadata", "metadata",
    ]  # fmt: skip
    quoted = replace(CLOSED, legal_basis="features", wanted="features")
    assert released(quoted)[0] == "features"
    assert released(replace(quoted, opt_outs=("train-ai: n",)))[0] == "metadata"


def test_what_a_row_has_for_those_who_ask_for_it_yields_to_an_opt_out_as_well() -> None:
    verbatim = replace(OPEN, rights_class="no-derivatives", transformation="verbatim")
    opted = replace(verbatim, opt_outs=("train-ai: n",))
    row = "no-derivatives-verbatim"
    assert released(replace(verbatim, wanted="features")) == ("features", row, "noderivatives")
    assert released(replace(opted, wanted="features")) == ("metadata", row, None)
    policy = load_policy()
    assert decide(replace(opted, wanted="features"), policy).reasons == (
        policy.by_id[row].reason, policy.opt_out_reason,
    )  # fmt: skip
    asked = decide(replace(opted, wanted="metadata"), policy)
    assert (asked.release, asked.reasons) == ("metadata", (policy.by_id[row].reason,))


def test_a_private_text_stands_apart_unless_it_may_be_published() -> None:
    assert released(replace(OPEN, audience="private"))[2] == "permissive"
    assert released(replace(CLOSED, audience="private")) == ("full", "private-full", "private")
    assert released(replace(CLOSED, audience="private", legal_basis="excerpt"))[2] == "private"
    assert released(replace(CLOSED, audience="private", legal_basis="excerpt", wanted="excerpt"))[2] == "permitted"


def test_annotations_go_with_the_text_or_as_features_and_never_with_what_is_verbatim() -> None:
    verbatim = replace(OPEN, rights_class="no-derivatives", transformation="verbatim")
    policy = load_policy()
    assert decide(OPEN, policy).annotate
    assert decide(replace(OPEN, wanted="features"), policy).annotate
    assert not decide(replace(OPEN, wanted="excerpt"), policy).annotate
    assert not decide(verbatim, policy).annotate
    assert decide(verbatim, policy).release == "full"


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        (OPEN, "attribution"),
        (replace(OPEN, scope="page"), "attribution"),
        (replace(OPEN, scope="image"), "undetermined"),
        (replace(OPEN, scope="unknown"), "undetermined"),
        (replace(OPEN, evidence="none"), "undetermined"),
        (replace(OPEN, evidence=""), "undetermined"),
        (replace(LETTER, scope="unknown"), "permission"),
        (replace(LETTER, evidence="none"), "undetermined"),
        (CLOSED, "in-copyright"),
        (replace(CLOSED, evidence="none", scope="unknown"), "in-copyright"),
    ],
)
def test_a_grant_counts_as_far_as_it_is_shown(facts: RightsFacts, shown: str) -> None:
    assert shown_class(facts) == shown


def test_a_member_of_a_cluster_keeps_what_is_its_own() -> None:
    own = replace(OPEN, status="withdrawn", reviewed_by="R. Example", suspected_derived=True, has_text=False)
    assert inherit(own, ()) == own
    assert inherit(own, (OPEN,)) == own


@pytest.mark.parametrize(
    ("one", "other", "held"),
    [
        (OPEN, replace(OPEN, rights_class="share-alike"), "share-alike"),
        (OPEN, replace(OPEN, rights_class="public-domain"), "attribution"),
        (OPEN, CLOSED, "in-copyright"),
        (OPEN, replace(OPEN, scope="image"), "undetermined"),
        (OPEN, replace(OPEN, evidence="none"), "undetermined"),
        (replace(OPEN, rights_class="share-alike"), replace(OPEN, rights_class="noncommercial"),
         "noncommercial-share-alike"),
        (LETTER, OPEN, "permission"),
        (LETTER, replace(OPEN, rights_class="share-alike"), "in-copyright"),
        (LETTER, replace(LETTER, permission_expires=date(2030, 1, 1)), "in-copyright"),
        (LETTER, replace(LETTER, permission_scope=("excerpt",)), "in-copyright"),
        (LETTER, LETTER, "permission"),
    ],
)  # fmt: skip
def test_a_cluster_takes_its_strictest_members_terms(one: RightsFacts, other: RightsFacts, held: str) -> None:
    assert inherit(one, (other,)).rights_class == held
    assert inherit(other, (one,)).rights_class == held


def test_a_permission_is_inherited_with_its_terms_and_left_where_it_does_not_hold() -> None:
    letter = replace(LETTER, permission_expires=date(2030, 1, 1))
    held = inherit(OPEN, (letter,))
    assert (held.rights_class, held.permission_scope, held.permission_expires) == (
        "permission", ("full",), date(2030, 1, 1),
    )  # fmt: skip
    left = inherit(letter, (CLOSED,))
    assert (left.rights_class, left.permission_scope, left.permission_expires) == ("in-copyright", (), None)


@pytest.mark.parametrize(
    ("one", "other", "scope"),
    [
        ("text", "page", "page"), ("page", "text", "page"), ("text", "unknown", "unknown"), ("page", "image", "image"),
        ("unknown", "image", "image"), ("text", "whole", "whole"), ("image", "whole", "image"),
        ("page", "whole", "whole"),
    ],
)  # fmt: skip
def test_the_least_cover_of_the_granting_members_holds(one: str, other: str, scope: str) -> None:
    assert inherit(replace(OPEN, scope=one), (replace(OPEN, scope=other),)).scope == scope


def test_a_reservation_says_nothing_of_cover_and_evidence() -> None:
    mute = replace(CLOSED, scope="image", evidence="none")
    assert inherit(OPEN, (mute,)).scope == "text"
    assert inherit(OPEN, (mute,)).evidence == "declared"
    assert inherit(mute, ()) == mute
    assert inherit(OPEN, (replace(OPEN, evidence="none"),)).evidence == "none"


def test_opt_outs_add_up_each_once_and_sorted() -> None:
    held = inherit(replace(OPEN, opt_outs=("b", "a")), (replace(OPEN, opt_outs=("c", "a")),))
    assert held.opt_outs == ("a", "b", "c")


@pytest.mark.parametrize(
    ("classes", "limits", "published_in", "held", "jurisdiction"),
    [
        (("public-domain", "public-domain"), ("US", ""), (), "public-domain", "US"),
        (("public-domain", "public-domain"), ("US", "IN"), (), "undetermined", "IN"),
        (("public-domain", "public-domain"), ("US", "IN"), ("US",), "undetermined", "IN"),
        (("public-domain", "public-domain"), ("US", "IN"), ("US", "IN"), "public-domain", "IN"),
        (("public-domain", "attribution"), ("US", ""), (), "undetermined", "US"),
        (("public-domain", "attribution"), ("US", ""), ("US",), "attribution", "US"),
        (("attribution", "attribution"), ("", ""), (), "attribution", ""),
    ],
)
def test_free_in_one_country_is_not_widened_by_another_member(
    classes: tuple[str, str], limits: tuple[str, str], published_in: tuple[str, ...], held: str, jurisdiction: str
) -> None:
    members = [
        replace(OPEN, rights_class=rights_class, jurisdiction=limit, published_in=published_in)
        for rights_class, limit in zip(classes, limits, strict=True)
    ]
    for own, other in (members, members[::-1]):
        found = inherit(own, (other,))
        assert (found.rights_class, found.jurisdiction) == (held, jurisdiction)
