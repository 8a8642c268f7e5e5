"""The table read word for word: every member of a row, every refusal, and what a missing member means."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dataset_builder.errors import ConfigError
from dataset_builder.resources import read_json, schema_file
from dataset_builder.rights import cases as cases_module
from dataset_builder.rights import floor
from dataset_builder.rights import policy as policy_module
from dataset_builder.rights.cases import CaseColumns, aspects, cases, told
from dataset_builder.rights.classes import rights_classes, scopes, stricter, strictest
from dataset_builder.rights.permissions import permission_reference, read_scope
from dataset_builder.rights.policy import Policy, Rule, families, load_policy, parse_policy

ROW = {"id": "r", "when": {}, "grants": ["metadata"], "reason": "because"}


def table_of(*rows: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"version": "7", "rules": list(rows), **members}


def refused(table: Any) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse_policy(table, place="mine.json")
    assert caught.value.place == "mine.json"
    return caught.value


def test_a_row_with_every_member() -> None:
    full = {
        "id": "quote",
        "when": {"audience": ["public", "restricted"], "evidence": ["some"]},
        "grants": ["excerpt", "metadata"],
        "on_request": ["features"],
        "family": "permitted",
        "annotate": False,
        "features": ["labels"],
        "reason": "the law allows it",
        "would_change": ["a licence"],
        "restricted_adds": "nothing",
    }
    policy = parse_policy(table_of(full), sha256="ab")
    assert policy.rules == (
        Rule(
            "quote",
            {"audience": frozenset({"public", "restricted"}), "evidence": frozenset({"some"})},
            ("excerpt", "metadata"),
            "the law allows it",
            ("features",),
            "permitted",
            False,
            ("labels",),
            ("a licence",),
            "nothing",
        ),
    )
    assert (policy.version, policy.sha256, policy.by_id) == ("7", "ab", {"quote": policy.rules[0]})
    assert policy.rules[0].modes == ("excerpt", "metadata", "features")
    assert policy.ranks == {"full": 5, "excerpt": 4, "features": 3, "metadata": 2, "tombstone": 1, "excluded": 0}


def test_what_a_row_does_not_say() -> None:
    policy = parse_policy(table_of(ROW))
    (row,) = policy.rules
    assert (row.on_request, row.family, row.annotate, row.features) == ((), None, True, ("unigrams", "labels"))
    assert (row.would_change, row.restricted_adds, policy.sha256) == ((), "", "")
    shipped = read_json("rights", "policy.json")["opt_out"]
    assert (policy.opt_out_drops, policy.opt_out_reason) == (frozenset(shipped["drops"]), shipped["reason"])


def test_a_policys_own_opt_outs() -> None:
    policy = parse_policy(table_of(ROW, opt_out={"drops": ["full"], "reason": "asked"}))
    assert (policy.opt_out_drops, policy.opt_out_reason) == (frozenset({"full"}), "asked")
    bare = parse_policy(table_of(ROW, opt_out={"drops": []}))
    assert bare.opt_out_drops == frozenset()
    assert bare.opt_out_reason == load_policy().opt_out_reason


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ([], "the policy has no version or no rules"),
        ({"rules": []}, "the policy has no version or no rules"),
        ({"version": 1}, "the policy has no version or no rules"),
        ({"version": 1, "rules": {}}, "rules is no list, or opt_out does not say what it drops"),
        (table_of(ROW, opt_out=[]), "rules is no list, or opt_out does not say what it drops"),
        (table_of(ROW, opt_out={}), "rules is no list, or opt_out does not say what it drops"),
        (table_of(7), "a rule lacks one of id, when, grants, reason"),  # type: ignore[arg-type]
        *((table_of({**{k: v for k, v in ROW.items() if k != name}}), "a rule lacks one of id, when, grants, reason")
          for name in ROW),
        (table_of({**ROW, "zeta": 1, "beta": 1}), "rule r has the unknown key beta"),
        (table_of({**ROW, "when": []}), "the `when` of rule r is no mapping"),
        (table_of({**ROW, "when": {"mood": ["good"]}}), "rule r looks at the unknown aspect mood"),
        (table_of({**ROW, "when": {"text": ["maybe"]}}),
         "r.text names the unknown value maybe; known are absent, present"),
        (table_of({**ROW, "when": {"text": "absent"}}), "r.text is no list of words"),
        (table_of({**ROW, "when": {"text": [7]}}), "r.text is no list of words"),
        (table_of({**ROW, "grants": []}), "rule r grants nothing; say excluded"),
        (table_of({**ROW, "grants": ["all"]}),
         "r.grants names the unknown value all; known are excerpt, excluded, features, full, metadata, tombstone"),
        (table_of({**ROW, "on_request": ["all"]}),
         "r.on_request names the unknown value all; known are excerpt, excluded, features, full, metadata, tombstone"),
        (table_of({**ROW, "features": ["bigrams"]}),
         "r.features names the unknown value bigrams; known are labels, unigrams"),
        (table_of({**ROW, "family": "x"}), "rule r names the family 'x'; known are permissive, sharealike, "
         "noncommercial, noderivatives, permitted, own-or-private"),
        *((table_of({**ROW, "family": "own-or-private", "when": when}),
           "rule r keeps private texts apart, and is not for the private audience alone")
          for when in ({}, {"audience": ["public"]}, {"audience": ["private", "public"]})),
        *((table_of({**ROW, "annotate": said}), "the `annotate` of rule r is neither true nor false")
          for said in ("false", 0, None)),
        (table_of(ROW, opt_out={"drops": ["all"]}),
         "opt_out.drops names the unknown value all; known are excerpt, excluded, features, full, metadata, tombstone"),
        (table_of(ROW, ROW), "two rules share an id"),
    ],
)  # fmt: skip
def test_what_is_refused_and_in_which_words(table: Any, found: str) -> None:
    error = refused(table)
    assert error.found == found
    assert (error.expected, error.hint) == ("a policy like schema/rights/policy.json", "compare with the shipped file")


def test_the_default_place_is_the_shipped_files_name() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_policy([])
    assert caught.value.place == "policy.json"


def test_the_shipped_policy_is_that_of_the_file() -> None:
    content = schema_file("rights", "policy.json").read_bytes()
    assert load_policy().sha256 == hashlib.sha256(content).hexdigest()
    assert load_policy() is load_policy(None)
    assert load_policy().version == json.loads(content)["version"]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    with pytest.raises(ConfigError) as caught:
        load_policy(str(path))
    assert caught.value.place == str(path)
    assert caught.value.found.startswith("the policy cannot be read: No such file")
    path.write_text("{")
    with pytest.raises(ConfigError) as caught:
        load_policy(str(path))
    assert caught.value.place == str(path)
    assert caught.value.found.startswith("the policy cannot be read: Expecting property name")
    path.write_text('{"version": 1}')
    with pytest.raises(ConfigError) as caught:
        load_policy(str(path))
    assert caught.value.place == str(path)


def test_a_shipped_table_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    monkeypatch.setattr(policy_module, "schema_file", lambda *_: broken)
    with pytest.raises(ConfigError) as caught:
        policy_module._shipped.__wrapped__()
    assert caught.value.place == "policy.json"


@pytest.fixture
def few_cases(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """Three cases in the place of seventy thousand."""
    base = {name: values[0] for name, values in aspects().items()}
    chosen = [
        {**base, "rights_class": "attribution"},
        {**base, "rights_class": "in-copyright"},
        {**base, "rights_class": "in-copyright", "legal_basis": "excerpt"},
    ]
    columns = {
        name: np.array([values.index(case[name]) for case in chosen], np.int8) for name, values in aspects().items()
    }
    monkeypatch.setattr(floor.CaseColumns, "all", lambda: CaseColumns(columns))
    return chosen


def written(path: Path, *rows: dict[str, Any]) -> str:
    path.write_text(json.dumps(table_of(*rows)))
    return str(path)


OPEN = {**ROW, "id": "open", "when": {"rights_class": ["attribution"]}, "grants": ["full"], "family": "permissive"}
QUOTED = {
    **{**ROW, "id": "quoted", "when": {"legal_basis": ["excerpt"]}, "grants": ["metadata"]},
    **{"on_request": ["excerpt"], "family": "permitted"},
}


def test_a_policy_within_the_floor_is_taken(tmp_path: Path, few_cases: list[dict[str, str]]) -> None:
    path = written(tmp_path / "p.json", OPEN, QUOTED, ROW)
    policy = load_policy(path)
    assert [rule.id for rule in policy.rules] == ["open", "quoted", "r"]
    assert policy.sha256 == hashlib.sha256((tmp_path / "p.json").read_bytes()).hexdigest()
    assert [policy.rules_for(case)[0].id for case in few_cases] == ["open", "r", "quoted"]


@pytest.mark.parametrize(
    ("row", "found", "allowed"),
    [
        ({**ROW, "grants": ["excerpt"], "family": "permitted"},
         "rule r grants more than the floor allows: text in copyright needs a legal basis (", "metadata"),
        ({**ROW, "on_request": ["features"], "family": "permitted"},
         "rule r grants more than the floor allows: text in copyright needs a legal basis (", "metadata"),
        ({**QUOTED, "id": "r", "when": {}, "grants": ["full", "metadata"]},
         "rule r grants more than the floor allows: text in copyright needs a legal basis (", "metadata"),
    ],
)  # fmt: skip
def test_a_policy_above_the_floor_is_refused_with_the_case(
    tmp_path: Path, few_cases: list[dict[str, str]], row: dict[str, Any], found: str, allowed: str
) -> None:
    path = written(tmp_path / "p.json", OPEN, row)
    with pytest.raises(ConfigError) as caught:
        load_policy(path)
    assert caught.value.found == f"{found}{told(few_cases[1])})"
    assert caught.value.expected == f"at most {allowed} in this case"
    assert caught.value.place == path


def test_a_legal_basis_for_excerpts_covers_no_full_text(tmp_path: Path, few_cases: list[dict[str, str]]) -> None:
    path = written(tmp_path / "p.json", OPEN, {**QUOTED, "grants": ["full"]}, ROW)
    with pytest.raises(ConfigError, match="the legal basis covers excerpts only"):
        load_policy(path)


def test_a_row_that_releases_names_a_folder(tmp_path: Path, few_cases: list[dict[str, str]]) -> None:
    for row in ({**OPEN, "family": None}, {**QUOTED, "family": None}):
        path = written(tmp_path / "p.json", row, ROW)
        with pytest.raises(ConfigError) as caught:
            load_policy(path)
        assert caught.value.found == f"rule {row['id']} releases something and names no family"
        assert caught.value.place == path


def test_a_case_without_a_row_is_refused(tmp_path: Path, few_cases: list[dict[str, str]]) -> None:
    with pytest.raises(ConfigError) as caught:
        load_policy(written(tmp_path / "p.json", OPEN))
    assert caught.value.found == f"no row of the policy fits {told(few_cases[1])}"


def test_the_rows_that_may_decide() -> None:
    def row(identifier: str, *grants: str, **when: Any) -> dict[str, Any]:
        return {**ROW, "id": identifier, "grants": list(grants), "family": "permitted", "when": when}

    policy = parse_policy(table_of(
        row("a", "full", audience=["private"]), row("b", "full"), row("c", "excerpt"), row("d", "full", "features"),
        row("e", "metadata"),
    ))  # fmt: skip
    case = next(cases())
    assert [rule.id for rule in policy.rules_for(case)] == ["b", "c", "d"]
    assert [rule.id for rule in policy.rules_for({**case, "audience": "private"})] == ["a", "b", "c", "d"]
    assert [policy.withholds(rule) for rule in policy.rules] == [False, False, False, False, True]
    short = parse_policy(table_of(row("b", "full"), row("e", "tombstone"), row("f", "excerpt")))
    assert [rule.id for rule in short.rules_for(case)] == ["b", "e"]
    assert [rule.id for rule in parse_policy(table_of(row("b", "full"))).rules_for(case)] == ["b"]


def test_which_rows_rest_on_a_legal_basis() -> None:
    resting = {rule.id for rule in load_policy().rules if rule.on_legal_basis}
    assert resting == {"legal-basis-excerpt", "legal-basis-features", "research-access-restricted"}
    assert not Rule("r", {"legal_basis": frozenset({"none", "excerpt"})}, ("metadata",), "").on_legal_basis


def test_the_folders_are_those_of_the_classes() -> None:
    assert families() == (
        "permissive", "sharealike", "noncommercial", "noderivatives", "permitted", "own-or-private",
    )  # fmt: skip


def test_a_policy_without_a_file_has_no_rows_by_id() -> None:
    assert Policy("1", "", {}, (), frozenset(), "").by_id == {}


def test_every_case_is_there_once() -> None:
    values = aspects()
    assert {name: values[name] for name in ("status", "text", "audience", "evidence", "permission")} == {
        "status": ("active", "withdrawn"), "text": ("present", "absent"),
        "audience": ("public", "restricted", "private"), "evidence": ("some", "none"),
        "permission": ("none", "full", "excerpt", "features", "expired", "undated", "outside"),
    }  # fmt: skip
    assert {name: values[name] for name in ("purpose", "transformation", "review", "legal_basis", "jurisdiction")} == {
        "purpose": ("any", "noncommercial"), "transformation": ("verbatim", "cleaned", "annotated"),
        "review": ("none", "pending"), "legal_basis": ("none", "features", "excerpt", "research-access"),
        "jurisdiction": ("fits", "outside"),
    }  # fmt: skip
    assert values["scope"] == scopes() == ("text", "page", "unknown", "image")
    assert values["rights_class"] == tuple(rights_classes())
    assert len(values) == 12


def test_the_cases_of_a_smaller_world(monkeypatch: pytest.MonkeyPatch) -> None:
    small = {
        "rights_class": ("attribution", "permission"),
        "permission": ("none", "full"),
        "text": ("present", "absent"),
    }
    monkeypatch.setattr(cases_module, "aspects", lambda: small)
    assert list(cases()) == [
        {"text": "present", "rights_class": "attribution", "permission": "none"},
        {"text": "absent", "rights_class": "attribution", "permission": "none"},
        {"text": "present", "rights_class": "permission", "permission": "none"},
        {"text": "absent", "rights_class": "permission", "permission": "none"},
        {"text": "present", "rights_class": "permission", "permission": "full"},
        {"text": "absent", "rights_class": "permission", "permission": "full"},
    ]


def test_the_columns_are_the_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    small = {
        "rights_class": ("attribution", "permission"), "permission": ("none", "full"),
        "status": ("active", "withdrawn"), "text": ("present", "absent"),
    }  # fmt: skip
    monkeypatch.setattr(cases_module, "aspects", lambda: small)
    columns = CaseColumns.all()
    assert len(columns) == 12
    assert [columns[number] for number in range(12)] == list(cases())
    chosen = {"text": ["absent"], "permission": frozenset({"full"})}
    wanted = [all(case[name] in values for name, values in chosen.items()) for case in cases()]
    assert columns.fitting(chosen).tolist() == wanted
    assert sum(wanted) == 2
    assert columns.fitting({}).all()
    assert {column.dtype for column in columns.places.values()} == {np.dtype(np.int8)}, "a byte a case and aspect"


def test_a_case_in_words() -> None:
    assert told({"text": "absent", "audience": "public"}) == "text absent, audience public"


def test_the_classes_are_those_of_the_file() -> None:
    listed = read_json("rights", "classes.json")["classes"]
    assert {
        entry.name: {
            "level": entry.level, "conditions": sorted(entry.conditions), "family": entry.family,
            "summary": entry.summary,
        }
        for entry in rights_classes().values()
    } == {name: {**row, "conditions": sorted(row["conditions"])} for name, row in listed.items()}  # fmt: skip
    assert list(rights_classes()) == list(listed)


@pytest.mark.parametrize(
    ("one", "other", "held"),
    [
        ("public-domain", "public-domain", "public-domain"),
        ("public-domain", "attribution", "attribution"),
        ("attribution", "share-alike", "share-alike"),
        ("share-alike", "noncommercial", "noncommercial-share-alike"),
        ("share-alike", "no-derivatives", "no-derivatives"),
        ("noncommercial-share-alike", "no-derivatives", "noncommercial-no-derivatives"),
        ("noncommercial", "no-derivatives", "noncommercial-no-derivatives"),
        ("public-domain", "permission", "permission"),
        ("attribution", "permission", "permission"),
        ("share-alike", "permission", "in-copyright"),
        ("no-derivatives", "permission", "in-copyright"),
        ("permission", "permission", "permission"),
        ("permission", "in-copyright", "in-copyright"),
        ("attribution", "in-copyright", "in-copyright"),
        ("share-alike", "in-copyright", "in-copyright"),
        ("in-copyright", "undetermined", "undetermined"),
        ("share-alike", "undetermined", "undetermined"),
    ],
)
def test_the_stricter_of_two(one: str, other: str, held: str) -> None:
    assert stricter(one, other) == stricter(other, one) == held


def test_the_strictest_of_many() -> None:
    assert strictest([]) == "undetermined"
    assert strictest(["share-alike"]) == "share-alike"
    assert strictest(iter(["attribution", "share-alike", "noncommercial"])) == "noncommercial-share-alike"


def test_the_class_of_conditions_that_no_class_has_is_undetermined() -> None:
    from dataset_builder.rights.classes import _of_conditions

    assert _of_conditions(frozenset({"noncommercial"})) == "undetermined"
    assert _of_conditions(frozenset()) == "public-domain"


@pytest.mark.parametrize(
    ("scope", "words", "unread"),
    [
        ("full", ("full",), ""),
        ("Full Text; excerpts", ("excerpt", "full"), ""),
        ("features and  restricted", ("features", "restricted"), ""),
        ("full, public, worldwide", ("full",), ""),
        ("public", (), "no release is named"),
        ("restricted", (), "no release is named"),
        ("full, , ", ("full",), ""),
        ("full, , restricted", ("full", "restricted"), ""),
        ("full, sundays only", (), "sundays only"),
        ("full, " + "x" * 90, (), "x" * 80),
        ("  ", (), "no scope"),
        ("", (), "no scope"),
        (None, (), "no scope"),
        ("unmodified text", (), "unmodified text"),
        ("text, unmodified, non commercial", ("full", "noncommercial", "verbatim"), ""),
    ],
)
def test_the_words_of_a_scope(scope: str | None, words: tuple[str, ...], unread: str) -> None:
    assert read_scope(scope) == (words, unread)


def test_the_identifier_of_a_permission() -> None:
    assert permission_reference("The Lantern_2.0/x") == "LicenseRef-permission-The-Lantern-2.0-x"
