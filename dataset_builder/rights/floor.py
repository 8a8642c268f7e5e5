"""The floor: what no policy may undercut (``schema/rights/floor.json``), tried on every case."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dataset_builder.errors import ConfigError
from dataset_builder.resources import read_json
from dataset_builder.rights.cases import CaseColumns, told
from dataset_builder.rights.policy import Policy


def hold_against_floor(policy: Policy, *, place: str) -> None:
    """Try every case.

    Args:
        place: the policy's file, for the error.

    Raises:
        ConfigError: a case has no row, or its row grants more than the floor allows.
    """
    cases = CaseColumns.all()
    most, by = _most_granted(policy, cases)
    for row in read_json("rights", "floor.json")["caps"]:
        above = np.flatnonzero((most > policy.ranks[row["at_most"]]) & cases.fitting(row["when"]))
        if len(above):
            rule, case = policy.rules[by[above[0]]], cases[int(above[0])]
            raise ConfigError(
                f"rule {rule.id} grants more than the floor allows: {row['why']} ({told(case)})",
                expected=f"at most {row['at_most']} in this case",
                hint="narrow the rule's `when`, or grant less",
                place=place,
            )


def _most_granted(policy: Policy, cases: CaseColumns) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The highest rank that each case may be granted, and the number of the rule that grants it.

    Raises:
        ConfigError: a case has no row.
    """
    most, by = np.full(len(cases), -1), np.full(len(cases), -1)
    undecided = np.ones(len(cases), bool)
    for number, rule in enumerate(policy.rules):
        reached = undecided & cases.fitting(rule.when)
        rank = max(policy.ranks[mode] for mode in rule.modes)
        higher = reached & (rank > most)
        most[higher], by[higher] = rank, number
        if policy.is_last_word(rule):
            undecided &= ~reached
    if len(open_cases := np.flatnonzero(by < 0)):
        policy.rules_for(cases[int(open_cases[0])])  # which says so
    return most, by
