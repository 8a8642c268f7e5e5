"""What holds of every decision, whatever the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.rights.classes import rights_classes, stricter, strictest
from dataset_builder.rights.decision import RightsFacts, case_of, decide, inherit, shown_class
from dataset_builder.rights.policy import load_policy
from dataset_builder.rights.reading import MAX_STATEMENT_LENGTH, read_license

POLICY = load_policy()
CLASSES = list(rights_classes())

FACTS = st.builds(
    RightsFacts,
    rights_class=st.sampled_from(CLASSES),
    scope=st.sampled_from(["text", "page", "unknown", "image"]),
    evidence=st.sampled_from(["declared", "page", "embedded", "none"]),
    opt_outs=st.sampled_from([(), ("tdm-reservation: 1",)]),
    permission_scope=st.sampled_from(
        [(), ("full",), ("excerpt",), ("features",), ("full", "restricted"), ("full", "noncommercial")]
    ),
    permission_expires=st.none() | st.dates(date(2024, 1, 1), date(2024, 12, 31)),
    created=st.none() | st.dates(date(2024, 1, 1), date(2024, 12, 31)),
    audience=st.sampled_from(["public", "restricted", "private"]),
    noncommercial=st.booleans(),
    transformation=st.sampled_from(["verbatim", "cleaned", "annotated"]),
    suspected_derived=st.booleans(),
    reviewed_by=st.sampled_from(["", "R. Example"]),
    status=st.sampled_from(["active", "withdrawn"]),
    has_text=st.booleans(),
    legal_basis=st.sampled_from(["none", "features", "excerpt", "research-access"]),
    jurisdiction=st.sampled_from(["", "US"]),
    published_in=st.sampled_from([(), ("US",)]),
    wanted=st.sampled_from(["full", "excerpt", "features", "metadata"]),
)


def rank(facts: RightsFacts) -> int:
    """How much leaves the house."""
    return POLICY.ranks[decide(facts, POLICY).release]


@given(FACTS)
def test_a_withdrawn_article_never_leaves(facts: RightsFacts) -> None:
    assert decide(replace(facts, status="withdrawn"), POLICY).release in {"tombstone", "excluded"}


@given(FACTS, st.sampled_from(["public", "restricted"]))
def test_nothing_unknown_leaves(facts: RightsFacts, audience: str) -> None:
    unknown = replace(facts, rights_class="undetermined", audience=audience)
    assert rank(unknown) <= POLICY.ranks["metadata"]


@settings(max_examples=300, deadline=None)
@given(FACTS, st.sampled_from(CLASSES))
def test_a_further_restriction_never_releases_more(facts: RightsFacts, other: str) -> None:
    """A statement that is not shown for the text here counts as none, so what is added to it is added to nothing."""
    free_elsewhere = facts.rights_class == "public-domain" and case_of(facts)["jurisdiction"] == "outside"
    held = stricter("undetermined" if free_elsewhere else shown_class(facts), other)
    assert rank(replace(facts, rights_class=held)) <= rank(facts)


@settings(max_examples=300, deadline=None)
@given(FACTS, st.sampled_from(["in-copyright", "undetermined"]))
def test_a_reservation_never_releases_more_whatever_was_said_before(facts: RightsFacts, other: str) -> None:
    assert rank(replace(facts, rights_class=stricter(facts.rights_class, other))) <= rank(facts)


@given(FACTS)
def test_more_signs_against_never_release_more(facts: RightsFacts) -> None:
    worse = [
        replace(facts, opt_outs=(*facts.opt_outs, "content-usage: train-ai=n")),
        replace(facts, evidence="none"),
        replace(facts, scope="unknown"),
        replace(facts, scope="image"),
        replace(facts, suspected_derived=True, reviewed_by=""),
        replace(facts, permission_scope=()),
        replace(facts, transformation="cleaned"),
        replace(facts, noncommercial=False),
        replace(facts, legal_basis="none"),
        replace(facts, published_in=()),
        replace(facts, created=None),
    ]
    assert all(rank(other) <= rank(facts) for other in worse)


@given(FACTS, st.integers(0, 400))
def test_time_only_ends_permissions(facts: RightsFacts, days: int) -> None:
    if facts.created is not None:
        assert rank(replace(facts, created=facts.created + timedelta(days=days))) <= rank(facts)


@given(FACTS, st.lists(FACTS, min_size=1, max_size=3))
def test_a_cluster_releases_no_more_than_its_strictest_member(facts: RightsFacts, others: list[RightsFacts]) -> None:
    build = {name: getattr(facts, name) for name in (
        "created", "audience", "noncommercial", "transformation", "legal_basis", "published_in", "wanted",
        "status", "has_text", "suspected_derived", "reviewed_by",
    )}  # fmt: skip
    members = tuple(replace(other, **build) for other in others)
    held = rank(inherit(facts, members))
    assert held <= min(rank(member) for member in (facts, *members))


@given(FACTS)
def test_text_stands_in_a_folder_and_a_private_text_apart(facts: RightsFacts) -> None:
    decision = decide(facts, POLICY)
    assert (decision.family is not None) == (decision.release in {"full", "excerpt", "features"})
    if decision.family == "private":
        assert facts.audience == "private"
        public = decide(replace(facts, audience="public"), POLICY)
        assert public.release != decision.release


def test_the_classes_form_a_lattice() -> None:
    for one, other in product(CLASSES, CLASSES):
        joined = stricter(one, other)
        assert joined == stricter(other, one)
        assert stricter(joined, one) == joined
        assert stricter(one, one) == one
        for third in CLASSES:
            assert stricter(joined, third) == stricter(one, stricter(other, third))
    assert strictest([]) == "undetermined"


@settings(deadline=None)  # the first call loads the tables
@given(st.text(max_size=300))
def test_any_text_is_read_without_a_traceback_and_an_unknown_one_grants_nothing(statement: str) -> None:
    reading = read_license(statement)
    assert reading.rights_class in CLASSES
    assert (reading.expression is None) <= (reading.rights_class == "undetermined")
    assert (reading.kind == "grant") == (reading.rights_class not in {"undetermined", "in-copyright"})


PIECES = st.sampled_from(
    ["CC BY 4.0", "cc-by-nc-nd-3.0", "©", "All rights reserved", "photo", "not", "AND", "OR", "(", ")", "public domain",
     "https://creativecommons.org/licenses/by/4.0/", ".", ";", "/", "-", "\n", "by", "nc", "\u202e", "\x00",
     "creative commons", "text"]
)  # fmt: skip


@settings(deadline=None)  # the first call loads the tables
@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_pieces_of_statements_are_read_without_a_traceback(statement: str) -> None:
    reading = read_license(statement)
    assert reading.statement == reading.statement.replace("\x00", "")


@settings(deadline=None)  # the first call loads the tables
@given(st.lists(PIECES, max_size=6).map(" ".join))
def test_a_reservation_beside_it_never_frees_a_statement(statement: str) -> None:
    before = read_license(statement)
    after = read_license(f"{statement}. All rights reserved.")
    assert after.rights_class in {"in-copyright", "undetermined"} or before.scope == "image"


def test_hostile_statements_take_bounded_time() -> None:
    for statement in (
        "cc " * 1300, "creative commons - " * 200, "not " * 1000, "(" * 4000, "by-" * 1300, "<" * 4000,
        "https://" * 490, "no part of " * 350, "all rights " * 350, "© " * 2000, "attribution " * 330,
        "a" * (MAX_STATEMENT_LENGTH + 1),
    ):  # fmt: skip
        assert read_license(statement).rights_class in {"undetermined", "in-copyright", "attribution"}
