"""Which step follows from which change."""

from __future__ import annotations

import pytest

from dataset_builder.comparison.bump import raised, suggest, version_rules
from dataset_builder.comparison.difference import Articles, FactChange, SchemaChange, Transition
from dataset_builder.comparison.schemas import schema_changes, value_paths
from dataset_builder.schema import released_tables

TEXT = {"name": "note", "type": "string"}


NONE = Articles()


def level(articles: Articles = NONE, **changes: tuple[object, ...]) -> str:
    given = {name: changes.get(name, ()) for name in ("transitions", "schema", "facts", "sources")}
    return suggest("1.2.3", "1.2.4", articles, **given).level  # type: ignore[arg-type]


def test_articles_that_came_went_or_were_corrected() -> None:
    assert level() == "none"
    assert level(Articles(changed=1)) == "patch"
    assert level(Articles(changed=1, added=1)) == "minor"
    assert level(Articles(added=1, removed=1)) == "major"


@pytest.mark.parametrize(
    ("field", "old", "new", "expected"),
    [
        ("release", "full", "metadata", "major"),
        ("release", "metadata", "full", "minor"),
        ("license", "CC-BY-4.0", "CC-BY-NC-4.0", "major"),
        ("license", "nothing", "CC-BY-4.0", "minor"),
        ("language", "en", "fr", "none"),
    ],
)
def test_terms_that_narrow_weigh_more_than_terms_that_widen(field: str, old: str, new: str, expected: str) -> None:
    assert level(transitions=(Transition(field, old, new, 3),)) == expected


def test_statements_alone_are_a_patch() -> None:
    assert level(facts=(FactChange("title", "A", "B"),)) == "patch"


@pytest.mark.parametrize(
    ("step", "version", "expected"),
    [("major", "1.2.3", "2.0.0"), ("minor", "1.2.3", "1.3.0"), ("patch", "1.2.3", "1.2.4"), ("none", "1.2.3", "1.2.3"),
     ("major", "0.4.1", "0.5.0"), ("patch", "0.4.1", "0.4.2")],
)  # fmt: skip
def test_a_version_is_raised(step: str, version: str, expected: str) -> None:
    assert raised(version, step) == expected


def test_a_version_that_is_too_low_is_said() -> None:
    def bump(new: str) -> bool:
        return suggest("1.2.3", new, Articles(added=1), (), (), (), ()).enough

    assert [bump(new) for new in ("1.2.4", "1.3.0", "1.10.0", "2.0.0", "1.2.3")] == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ([TEXT], [], ["field-removed"]),
        ([], [TEXT], ["field-added"]),
        ([TEXT], [{**TEXT, "type": "integer"}], ["field-retyped"]),
        ([TEXT], [{**TEXT, "constraints": {"required": True}}], ["constraint-tightened"]),
        ([{**TEXT, "constraints": {"required": True}}], [TEXT], ["constraint-relaxed"]),
        ([TEXT, {**TEXT, "name": "b"}], [{**TEXT, "name": "b"}, TEXT], ["field-moved"]),
        ([TEXT], [{**TEXT, "description": "Other words."}], []),
    ],
)
def test_changes_of_a_schema(old: list[dict[str, object]], new: list[dict[str, object]], kinds: list[str]) -> None:
    found = schema_changes({"t": {"fields": old}}, {"t": {"fields": new}})
    assert [change.kind for change in found] == kinds
    rules = {rule for level in version_rules().values() for rule in level}
    assert {change.kind for change in found} <= rules


def test_a_table_that_came_or_went() -> None:
    assert schema_changes({}, {"t": {"fields": []}}) == (SchemaChange("t", "", "table-added"),)
    assert schema_changes({"t": {"fields": []}}, {}) == (SchemaChange("t", "", "table-removed"),)


def test_only_values_of_one_type_are_compared() -> None:
    assert value_paths({"fields": [TEXT]}, {"fields": [{**TEXT, "type": "integer"}]}) == {}
    catalog = released_tables()["catalog"].descriptor
    assert ("provenance", "locator") in value_paths(catalog, catalog)
