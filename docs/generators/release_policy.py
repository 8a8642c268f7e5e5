"""The reference of the release policy, from ``schema/rights/``."""

from __future__ import annotations

from typing import Any

from dataset_builder.resources import read_json
from generators.markdown import code, codes, page, table

ABOUT = """\
Each article's release is decided by the first row that fits it; `decision_rule` names that row. The rows stand in
[schema/rights/policy.json](../../schema/rights/policy.json), are digested into every snapshot, and can be read and
changed without reading code. No row may grant more than
[schema/rights/floor.json](../../schema/rights/floor.json) allows: a policy that does is refused.
"""


def render() -> str:
    """The page."""
    policy = read_json("rights", "policy.json")
    classes = read_json("rights", "classes.json")["classes"]
    rules = map(_rule, policy["rules"])
    floor = read_json("rights", "floor.json")["caps"]
    return page(
        "Release policy",
        "schema/rights/policy.json, classes.json and floor.json",
        ABOUT,
        f"Version of the policy: {policy['version']}.",
        "## Rows, in the order in which they are tried",
        table(
            ("Rule", "When", "Grants", "Family", "Why", "What would change it", "What the restricted tier adds"), rules
        ),
        "## Releases",
        table(("Release", "Text", "What it is"), map(_release, policy["releases"].items())),
        "## Rights classes",
        table(("Class", "Family", "What it holds"), map(_rights_class, classes.items())),
        "## What no policy may undercut",
        table(("When", "At most", "Why"), [(_when(c["when"]), code(c["at_most"]), c["why"]) for c in floor]),
    )


def _rule(rule: dict[str, Any]) -> tuple[str, ...]:
    change = "; ".join(rule["would_change"])
    return (
        code(rule["id"]),
        _when(rule["when"]),
        codes(rule["grants"]),
        code(rule.get("family", "")),
        rule["reason"],
        change,
        rule["restricted_adds"],
    )


def _when(conditions: dict[str, list[str]]) -> str:
    return "; ".join(f"{name}: {', '.join(values)}" for name, values in conditions.items())


def _release(item: tuple[str, dict[str, Any]]) -> tuple[str, ...]:
    name, release = item
    return code(name), "yes" if release["text"] else "no", release["summary"]


def _rights_class(item: tuple[str, dict[str, Any]]) -> tuple[str, ...]:
    name, entry = item
    return code(name), code(entry["family"] or ""), entry["summary"]
