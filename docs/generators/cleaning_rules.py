"""The reference of the cleaning rules, from ``schema/cleaning/``."""

from __future__ import annotations

from itertools import groupby

import yaml

from dataset_builder.resources import schema_file
from dataset_builder.stages.clean.rules import Example, Rule, all_rules
from generators.markdown import code, page, table

ABOUT = """\
Every change that cleaning makes to a text is one edit, and every edit names one of these rules. The rules are data,
in [schema/cleaning/](../../schema/cleaning), tried in the order below; each carries examples, which are tests.

A rule of scope *line* takes a whole line, one of scope *span* what matches within a line. *Where* says in which part of
the article it may act. A rule without languages holds for all.
"""


def render() -> str:
    """The page: the rules by family, then the single characters."""
    parts = [ABOUT]
    for family, rules in groupby(all_rules(), key=lambda rule: rule.family):
        listed = list(rules)
        parts += [
            f"## {family.replace('-', ' ').capitalize()}",
            table(("Rule", "Takes", "Scope", "Where"), map(_row, listed)),
        ]
        parts.append("\n".join(_example(rule, rule.examples[0]) for rule in listed if rule.examples))
    entries = yaml.safe_load(schema_file("cleaning", "characters.yaml").read_text(encoding="utf-8"))
    rows = [
        (code(e["id"]), e["removes"], ", ".join(f"U+{r.replace('-', '–')}" for r in e["code_points"])) for e in entries
    ]
    parts += ["## Characters", table(("Rule", "Takes", "Code points"), rows)]
    return page("Cleaning rules", "schema/cleaning/*.yaml", *parts)


def _row(rule: Rule) -> tuple[str, ...]:
    takes = rule.removes
    if rule.captures:
        takes += f"; its value becomes a claim for {code(rule.captures)}"
    if rule.languages:
        takes += f" ({', '.join(sorted(rule.languages))})"
    return code(rule.id), takes, rule.scope, rule.where


def _example(rule: Rule, example: Example) -> str:
    return f"- {rule.id}: {code(example.text)} becomes {code(example.body) or 'nothing'}"
