"""Every case of the policy table, held against the decision table of rights.md written down a second time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from dataset_builder.errors import ConfigError
from dataset_builder.resources import read_json
from dataset_builder.rights.cases import Case, aspects, cases
from dataset_builder.rights.decision import RightsFacts, case_of, decide
from dataset_builder.rights.floor import hold_against_floor
from dataset_builder.rights.policy import load_policy, parse_policy

CONDITIONAL = {
    "in-copyright", "permission", "noncommercial", "noncommercial-share-alike", "no-derivatives",
    "noncommercial-no-derivatives",
}  # fmt: skip


def facts_of(case: Case) -> RightsFacts:
    """Facts that the table sees as ``case``."""
    permission = case["permission"]
    expiry = date(2024, 6, 30) if permission in {"expired", "undated"} else None
    return RightsFacts(
        rights_class=case["rights_class"],
        scope=case["scope"],
        evidence="declared" if case["evidence"] == "some" else "none",
        permission_scope=(permission,) if permission in {"full", "excerpt", "features"} else (),
        permission_expires=expiry,
        created=None if permission == "undated" else date(2024, 11, 5),
        audience=case["audience"],
        noncommercial=case["purpose"] == "noncommercial",
        transformation=case["transformation"],
        suspected_derived=case["review"] == "pending",
        status=case["status"],
        has_text=case["text"] == "present",
        legal_basis=case["legal_basis"],
        jurisdiction="US" if case["jurisdiction"] == "outside" else "",
    )


def every_seventh_case() -> Iterator[Case]:
    """A seventh of the cases: the inner aspects have two, three or four values, so all their pairs are among them."""
    return islice(cases(), 0, None, 7)


def expected(case: Case) -> str:
    """The release that rights.md gives to a case; written without a look at the policy file."""
    if case["status"] == "withdrawn":
        return "excluded" if case["audience"] == "private" else "tombstone"
    if case["text"] == "absent":
        return "metadata"
    if case["audience"] == "private":
        return "full"
    if case["review"] == "pending" or case["rights_class"] == "undetermined":
        return "metadata"
    if case["rights_class"] != "in-copyright" and case["evidence"] == "none":
        return "metadata"
    if case["rights_class"] not in {"in-copyright", "permission"} and case["scope"] in {"image", "unknown"}:
        return "metadata"
    return _licensed(case) or _on_legal_basis(case) or "metadata"


def _licensed(case: Case) -> str | None:
    """What the licence or the permission allows, or None."""
    verbatim = case["transformation"] == "verbatim"
    noncommercial = case["purpose"] == "noncommercial"
    match case["rights_class"]:
        case "public-domain":
            return "full" if case["jurisdiction"] == "fits" else "metadata"
        case "attribution" | "share-alike":
            return "full"
        case "noncommercial" | "noncommercial-share-alike":
            return "full" if noncommercial else None
        case "no-derivatives":
            return "full" if verbatim else None
        case "noncommercial-no-derivatives":
            return "full" if verbatim and noncommercial else None
        case "permission":
            return _permitted(case)
    return None


def _permitted(case: Case) -> str | None:
    basis = {"excerpt": 4, "features": 3, "full": 5}.get(_on_legal_basis(case) or "", 0)
    rank = {"full": 5, "excerpt": 4, "features": 3}.get(case["permission"], 0)
    return case["permission"] if rank > basis or (rank and rank == basis) else None


def _on_legal_basis(case: Case) -> str | None:
    shown = case["evidence"] == "some" and case["scope"] in {"text", "page"} and case["jurisdiction"] == "fits"
    if case["rights_class"] not in CONDITIONAL or not shown:
        return None
    if case["legal_basis"] == "research-access":
        return "full" if case["audience"] == "restricted" else None
    return case["legal_basis"] if case["legal_basis"] in {"features", "excerpt"} else None


def test_every_cell_of_the_table() -> None:
    policy = load_policy()
    seen: set[str] = set()
    count = 0
    for case in cases():
        if case["rights_class"] == "permission" and case["permission"] == "none":
            continue  # no facts look so: a permission is always on record, or outside its scope
        facts = facts_of(case)
        assert case_of(facts) == case
        decision = decide(facts, policy)
        assert decision.release == expected(case), case
        assert (decision.family is None) == (decision.release not in {"full", "excerpt", "features"}), case
        assert decision.reasons, case
        seen.add(decision.rule)
        count += 1
    assert count > 70_000
    assert seen == set(policy.by_id), "a row that never decides"


def test_the_shipped_policy_keeps_to_the_floor() -> None:
    hold_against_floor(load_policy(), place="policy.json")


def test_every_row_says_what_would_change_it_and_what_the_restricted_tier_adds() -> None:
    for rule in load_policy().rules:
        text_leaves = "full" in rule.grants
        assert rule.would_change or text_leaves or rule.id.startswith("withdrawn"), rule.id
        assert rule.restricted_adds, rule.id


@pytest.mark.parametrize("wanted", ["full", "excerpt", "features", "metadata"])
def test_an_opt_out_never_adds_and_bars_features(wanted: str) -> None:
    policy = load_policy()
    for case in every_seventh_case():
        facts = replace(facts_of(case), wanted=wanted)
        free = decide(facts, policy).release
        opted = decide(replace(facts, opt_outs=("tdm-reservation: 1",)), policy).release
        assert policy.ranks[opted] <= policy.ranks[free]
        assert opted != "features"


def test_a_build_gets_no_more_than_it_asks_for() -> None:
    policy = load_policy()
    for case in every_seventh_case():
        for wanted in ("excerpt", "features", "metadata"):
            release = decide(replace(facts_of(case), wanted=wanted), policy).release
            assert policy.ranks[release] <= policy.ranks[wanted]


def shipped() -> dict[str, Any]:
    """A copy of the shipped policy that a test may change."""
    return json.loads(json.dumps(read_json("rights", "policy.json")))


def rule(table: Mapping[str, Any], identifier: str) -> dict[str, Any]:
    """One row of a policy file."""
    return next(row for row in table["rules"] if row["id"] == identifier)


@pytest.mark.parametrize(
    "identifier",
    [
        "withdrawn-tombstone", "digest-only-metadata", "review-pending", "undetermined-withheld",
        "no-evidence-withheld", "scope-not-text-withheld", "public-domain-elsewhere-withheld",
        "permission-expired-withheld", "permission-undated-withheld", "permission-scope-withheld",
        "noncommercial-withheld", "no-derivatives-withheld", "in-copyright-withheld",
    ],
)  # fmt: skip
def test_a_policy_that_grants_what_the_floor_forbids_is_refused(tmp_path: Path, identifier: str) -> None:
    table = shipped()
    rule(table, identifier)["grants"] = ["full"]
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(table))
    with pytest.raises(ConfigError, match=f"rule {identifier} grants more than the floor allows"):
        load_policy(str(path))


def test_a_row_that_releases_something_names_the_folder_for_it(tmp_path: Path) -> None:
    table = shipped()
    rule(table, "attribution-full").pop("family")
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(table))
    with pytest.raises(ConfigError, match="rule attribution-full releases something and names no family"):
        load_policy(str(path))


def test_a_policy_that_changes_on_the_disk_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    for version in ("1", "2"):
        path.write_text(json.dumps({**shipped(), "version": version}))
        assert load_policy(str(path)).version == version


def test_a_policy_may_be_stricter(tmp_path: Path) -> None:
    table = shipped()
    rule(table, "share-alike-full")["grants"] = ["metadata"]
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(table))
    facts = RightsFacts(rights_class="share-alike", scope="text", evidence="declared")
    assert decide(facts, load_policy(str(path))).release == "metadata"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda table: table.pop("version"), "no version"),
        (lambda table: table["rules"].pop(), "no row of the policy fits"),
        (lambda table: table["rules"][0].update(grant=["full"]), "unknown key grant"),
        (lambda table: table["rules"][0]["when"].update(mood=["good"]), "unknown aspect mood"),
        (lambda table: table["rules"][0]["when"].update(audience=["everybody"]), "unknown value everybody"),
        (lambda table: table["rules"][0].update(grants=["everything"]), "unknown value everything"),
        (lambda table: table["rules"][0].update(grants=[]), "grants nothing"),
        (lambda table: table["rules"].append(table["rules"][0]), "share an id"),
        (lambda table: rule(table, "attribution-full").update(family="../x"), "names the family '../x'"),
    ],
)
def test_a_policy_that_is_wrong_is_refused_in_words(change: Any, found: str) -> None:
    table = shipped()
    change(table)
    with pytest.raises(ConfigError, match=found):
        hold_against_floor(parse_policy(table), place="policy.json")


@pytest.mark.parametrize("content", ["", "[]", "{", '{"version": 1}', "[" * 100_000])
def test_a_file_that_is_no_policy_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "policy.json"
    path.write_text(content)
    with pytest.raises(ConfigError):
        load_policy(str(path))


def test_the_vocabularies_agree() -> None:
    table = read_json("rights", "policy.json")
    assert set(aspects()["rights_class"]) == set(read_json("rights", "classes.json")["classes"])
    assert {row["at_most"] for row in read_json("rights", "floor.json")["caps"]} <= set(table["releases"])
