"""The floor: what no policy may undercut (``schema/rights/floor.json``), tried case by case."""

from __future__ import annotations

from dataset_builder.errors import ConfigError
from dataset_builder.resources import read_json
from dataset_builder.rights.cases import cases, told
from dataset_builder.rights.policy import Policy


def hold_against_floor(policy: Policy, *, place: str = "policy.json") -> None:
    """Try every case.

    Raises:
        ConfigError: a case has no row, or its row grants more than the floor allows.
    """
    caps = [
        ({aspect: frozenset(values) for aspect, values in row["when"].items()}, policy.ranks[row["at_most"]], row)
        for row in read_json("rights", "floor.json")["caps"]
    ]
    for case in cases():
        granted = [(policy.ranks[mode], rule) for rule in policy.rules_for(case) for mode in rule.modes]
        most, rule = max(granted, key=lambda entry: entry[0])
        for when, cap, row in caps:
            if most > cap and all(case[aspect] in values for aspect, values in when.items()):
                raise ConfigError(
                    f"rule {rule.id} grants more than the floor allows: {row['why']} ({told(case)})",
                    expected=f"at most {row['at_most']} in this case",
                    hint="narrow the rule's `when`, or grant less",
                    place=place,
                )
