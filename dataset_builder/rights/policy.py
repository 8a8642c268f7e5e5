"""The policy table: loading it, and refusing one that grants what the floor forbids.

The shipped table is ``schema/rights/policy.json``; a corpus may name another one. ``schema/rights/floor.json`` is
always the shipped one: it caps every case that can occur, and a policy is held against it case by case.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from dataset_builder.errors import ConfigError
from dataset_builder.regular_file import read_regular
from dataset_builder.resources import read_json, schema_file
from dataset_builder.rights.cases import Case, aspects, told
from dataset_builder.rights.classes import rights_classes

_RULE_KEYS = {
    "id", "when", "grants", "on_request", "family", "annotate", "features", "reason", "would_change", "restricted_adds",
}  # fmt: skip
#: The shipped policy is an eightieth of it.
MAX_POLICY_BYTES = 1_000_000
#: What a features release may hold.
FEATURES = ("unigrams", "labels")
#: Releases of more than metadata; each needs a folder.
RELEASED = frozenset({"full", "excerpt", "features"})
#: In place of a family: the one that a public release would have, or that of private texts.
OWN_OR_PRIVATE = "own-or-private"
_REQUIRED_RULE_KEYS = ("id", "when", "grants", "reason")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    Attributes:
        id: what the column ``decision_rule`` says.
        when: aspect -> the values for which the row fits; an aspect that is not named fits always.
        grants: the releases that the row allows; the fullest that the build asks for is taken.
        on_request: releases that it allows only where the build asks for exactly them.
        family: the shard folder, ``own-or-private``, or None.
        annotate: whether annotations with offsets may be published beside the full text.
        features: what a features release of this row holds: unigrams, labels or both.
        reason: one clause for people.
        would_change: what a person could do to have more released.
        restricted_adds: what the restricted tier gets beyond the public one.
    """

    id: str
    when: Mapping[str, frozenset[str]]
    grants: tuple[str, ...]
    reason: str
    on_request: tuple[str, ...] = ()
    family: str | None = None
    annotate: bool = True
    features: tuple[str, ...] = FEATURES
    would_change: tuple[str, ...] = ()
    restricted_adds: str = ""

    def fits(self, case: Case) -> bool:
        """Whether every condition of the row holds in this case."""
        return all(case[aspect] in values for aspect, values in self.when.items())

    @property
    def modes(self) -> tuple[str, ...]:
        """Every release that the row allows, asked for or not."""
        return (*self.grants, *self.on_request)

    @property
    def on_legal_basis(self) -> bool:
        """Whether the row decides only where the configuration names a legal basis."""
        return "none" not in self.when.get("legal_basis", {"none"})


@dataclass(frozen=True, slots=True)
class Policy:
    """The table, ready for :func:`dataset_builder.rights.decision.decide`.

    Attributes:
        version: as the file says.
        sha256: digest of the file's bytes; the manifest records it as ``policy_sha256``.
        ranks: release -> how much leaves the house, higher is more.
        rules: the rows, in order; the last is no catch-all, a case without a row is refused at loading.
        opt_out_drops: releases that an opt-out bars.
        opt_out_reason: one clause for people.
    """

    version: str
    sha256: str
    ranks: Mapping[str, int]
    rules: tuple[Rule, ...]
    opt_out_drops: frozenset[str]
    opt_out_reason: str
    by_id: Mapping[str, Rule] = field(default_factory=dict)

    def withholds(self, rule: Rule) -> bool:
        """Whether a row grants nothing but metadata, or less."""
        return all(self.ranks[release] <= self.ranks["metadata"] for release in rule.grants)

    def is_last_word(self, rule: Rule) -> bool:
        """Whether no later row is looked at where this one fits: it withholds, or has something for every request."""
        return "features" in rule.grants or self.withholds(rule)

    def rules_for(self, case: Case) -> tuple[Rule, ...]:
        """The rows that may decide, in order; the later ones where the build asks for less than the earlier ones grant.

        Raises:
            ConfigError: no row fits; a loaded policy has been tried on every case.
        """
        found: list[Rule] = []
        for rule in self.rules:
            if rule.fits(case):
                found.append(rule)
                if self.is_last_word(rule):
                    return tuple(found)
        if found:
            return tuple(found)
        raise ConfigError(
            f"no row of the policy fits {told(case)}",
            expected="a row for every case",
            hint="add a row at the end of the table that grants metadata",
        )


def load_policy(path: str | None = None) -> Policy:
    """The policy at ``path``, or the shipped one.

    Raises:
        ConfigError: the file cannot be read or is no policy, leaves a case open, or grants what the floor forbids.
    """
    if path is None:
        return _shipped()
    try:
        return _held_against_floor(read_regular(Path(path), MAX_POLICY_BYTES), path)
    except OSError as error:
        raise _unreadable(error, path) from error


def families() -> tuple[str, ...]:
    """The shard folders that a row may name."""
    return (*dict.fromkeys(entry.family for entry in rights_classes().values() if entry.family), OWN_OR_PRIVATE)


@cache
def _shipped() -> Policy:
    """The shipped table; it is held against the floor by the tests, once and for all."""
    return _parsed(schema_file("rights", "policy.json").read_bytes(), "policy.json")


@cache
def _held_against_floor(raw: bytes, place: str) -> Policy:
    """The policy of a file with this content, tried on every case once."""
    from dataset_builder.rights.floor import hold_against_floor

    policy = _parsed(raw, place)
    hold_against_floor(policy, place=place)
    for rule in policy.rules:
        if rule.family is None and RELEASED.intersection(rule.modes):
            raise _wrong(f"rule {rule.id} releases something and names no family", place)
    return policy


def _parsed(raw: bytes, place: str) -> Policy:
    try:
        table = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _unreadable(error, place) from error
    return parse_policy(table, sha256=hashlib.sha256(raw).hexdigest(), place=place)


def _unreadable(error: Exception, place: str) -> ConfigError:
    return ConfigError(
        f"the policy cannot be read: {getattr(error, 'strerror', None) or error}",
        expected="a JSON file like schema/rights/policy.json",
        hint="copy the shipped policy and change its rows",
        place=place,
    )


def parse_policy(table: Any, *, sha256: str = "", place: str = "policy.json") -> Policy:
    """A policy from the file's content; the floor is not looked at here."""
    if not isinstance(table, dict) or not {"version", "rules"} <= table.keys():
        raise _wrong("the policy has no version or no rules", place)
    shipped = read_json("rights", "policy.json")
    ranks = {name: row["rank"] for name, row in shipped["releases"].items()}
    opt_out = table.get("opt_out", shipped["opt_out"])
    if not isinstance(table["rules"], list) or not isinstance(opt_out, dict) or "drops" not in opt_out:
        raise _wrong("rules is no list, or opt_out does not say what it drops", place)
    rules = tuple(_parse_rule(row, ranks, place) for row in table["rules"])
    by_id = {rule.id: rule for rule in rules}
    if len(by_id) != len(rules):
        raise _wrong("two rules share an id", place)
    drops = frozenset(_listed(opt_out["drops"], set(ranks), "opt_out.drops", place))
    reason = str(opt_out.get("reason", shipped["opt_out"]["reason"]))
    return Policy(str(table["version"]), sha256, ranks, rules, drops, reason, by_id)


def _parse_rule(row: Any, ranks: Mapping[str, int], place: str) -> Rule:
    if not isinstance(row, dict) or any(key not in row for key in _REQUIRED_RULE_KEYS):
        raise _wrong(f"a rule lacks one of {', '.join(_REQUIRED_RULE_KEYS)}", place)
    identifier = str(row["id"])
    if unknown := sorted(set(row) - _RULE_KEYS):
        raise _wrong(f"rule {identifier} has the unknown key {unknown[0]}", place)
    if not isinstance(row["when"], dict):
        raise _wrong(f"the `when` of rule {identifier} is no mapping", place)
    when: dict[str, frozenset[str]] = {}
    for aspect, values in row["when"].items():
        if aspect not in aspects():
            raise _wrong(f"rule {identifier} looks at the unknown aspect {aspect}", place)
        when[aspect] = frozenset(_listed(values, set(aspects()[aspect]), f"{identifier}.{aspect}", place))
    grants = _listed(row["grants"], set(ranks), f"{identifier}.grants", place)
    if not grants:
        raise _wrong(f"rule {identifier} grants nothing; say excluded", place)
    on_request = _listed(row.get("on_request", []), set(ranks), f"{identifier}.on_request", place)
    family = row.get("family")
    if family is not None and family not in families():
        raise _wrong(f"rule {identifier} names the family {family!r}; known are {', '.join(families())}", place)
    if family == OWN_OR_PRIVATE and when.get("audience") != frozenset({"private"}):
        raise _wrong(f"rule {identifier} keeps private texts apart, and is not for the private audience alone", place)
    if not isinstance(row.get("annotate", True), bool):
        raise _wrong(f"the `annotate` of rule {identifier} is neither true nor false", place)
    return Rule(
        id=identifier,
        when=when,
        grants=grants,
        reason=str(row["reason"]),
        on_request=on_request,
        family=family,
        annotate=row.get("annotate", True),
        features=_listed(row.get("features", list(FEATURES)), set(FEATURES), f"{identifier}.features", place),
        would_change=tuple(str(line) for line in row.get("would_change", [])),
        restricted_adds=str(row.get("restricted_adds", "")),
    )


def _listed(values: Any, known: set[str], name: str, place: str) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _wrong(f"{name} is no list of words", place)
    if unknown := [value for value in values if value not in known]:
        raise _wrong(f"{name} names the unknown value {unknown[0]}; known are {', '.join(sorted(known))}", place)
    return tuple(values)


def _wrong(found: str, place: str) -> ConfigError:
    return ConfigError(
        found, expected="a policy like schema/rights/policy.json", hint="compare with the shipped file", place=place
    )
