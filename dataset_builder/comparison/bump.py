"""Which version follows from the changes, by the rules of ``schema/diff/version-rules.yaml``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache

from dataset_builder.comparison.difference import (
    Articles,
    Bump,
    FactChange,
    Reason,
    SchemaChange,
    Transition,
    ValueChange,
)
from dataset_builder.comparison.rows import NOTHING
from dataset_builder.resources import read_yaml, schema_file
from dataset_builder.schema import article_descriptor

LEVELS = ("major", "minor", "patch")


def suggest(
    old: str,
    new: str,
    articles: Articles,
    transitions: Iterable[Transition],
    schema: Iterable[SchemaChange],
    facts: Iterable[FactChange],
    sources: Iterable[ValueChange],
) -> Bump:
    """The step that the weightiest change asks for, and the version that it leads to from ``old``."""
    found: Counter[str] = Counter(change.kind for change in schema)
    found["articles-added"] = articles.added
    found["articles-removed"] = articles.removed
    found["articles-changed"] = articles.changed
    found["sources-changed"] = len({change.field.partition(".")[0] for change in sources})
    found["descriptions-changed"] = sum(1 for _ in facts)
    for change in transitions:
        if rule := _rule_of(change):
            found[rule] += change.articles
    reasons = tuple(
        Reason(rule, level, says, found[rule])
        for level in LEVELS
        for rule, says in version_rules()[level].items()
        if found[rule]
    )
    level = reasons[0].level if reasons else "none"
    suggested = raised(old, level)
    return Bump(level, suggested, _numbers(new) >= _numbers(suggested), reasons)


@cache
def version_rules() -> dict[str, dict[str, str]]:
    """Level -> rule -> what it says."""
    rules: dict[str, dict[str, str]] = read_yaml(schema_file("diff", "version-rules.yaml"))
    return rules


def raised(version: str, level: str) -> str:
    """``version`` raised by a step; below 1.0.0 a major step is a minor one."""
    major, minor, patch = _numbers(version)
    if level == "none":
        return version
    if level == "patch":
        return f"{major}.{minor}.{patch + 1}"
    if level == "minor" or major == 0:
        return f"{major}.{minor + 1}.0"
    return f"{major + 1}.0.0"


def _rule_of(change: Transition) -> str:
    if change.field == "license":
        return "license-stated" if change.old == NOTHING else "license-changed"
    if change.field == "release":
        return "text-withheld" if _width(change.new) > _width(change.old) else "text-released"
    return ""


def _width(release: str) -> int:
    """How narrow a release is, by its place in the schema's list, which begins with the widest."""
    modes = next(field["constraints"]["enum"] for field in article_descriptor()["fields"] if field["name"] == "release")
    return modes.index(release) if release in modes else len(modes)


def _numbers(version: str) -> tuple[int, int, int]:
    major, minor, patch = (int(part) for part in version.split("."))
    return major, minor, patch
