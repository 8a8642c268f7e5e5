"""The cleaning rules as they stand in ``schema/cleaning/``, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from dataset_builder.resources import read_yaml, schema_files
from dataset_builder.stages.dates.lexicon import month_pattern

#: A name as bylines print it: two to four capitalised words, particles between them.
NAME = (
    r"(?:[A-ZÀ-ÖØ-ÞА-ЯЁ][\w.’'-]{0,25}(?: (?:de|del|la|da|do|dos|van|von|der|den|bin|al|el|di|le|y|e)){0,2}"
    r"(?: [A-ZÀ-ÖØ-ÞА-ЯЁ][\w.’'-]{0,25}){1,3})"
)
#: What follows a name in a byline: an outlet, a place, an office, an address.
TAIL = r"[^\n|•·/]{2,60}"
#: The name of a licence that a text is published under, and the rest of the sentence that says so.
LICENSE = (
    r"(?i:\bCC[ -]?(?:BY|0|Zero)\b|\bCreative[ -]Commons\b|creativecommons\.org/|\bpublic domain\b|\bdomaine public\b|"
    r"\bdom[ií]nio p[úu]blico\b|\bpubblico dominio\b|\bgemeinfrei\b|\bGNU Free Documentation\b|"
    r"\bOpen Government Licen[cs]e\b|المشاع الإبداعي|知识共享|創用 ?CC|クリエイティブ・コモンズ)"
    r"(?:[^\n.!?。]|\.(?=[\w/])){0,160}[.。]?"
)


@dataclass(frozen=True, slots=True)
class Example:
    """What a rule does to a text: ``text`` comes out as ``body``."""

    text: str
    body: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One cleaning rule.

    Attributes:
        id: what the edits and claims of the rule are logged as.
        family: the file that it stands in, without its number.
        scope: ``line`` (the whole line must match, and goes) or ``span`` (what matches inside a line is replaced).
        where: ``anywhere``, ``head`` (before the article's first sentence), ``tail`` (after its last), ``edges``
            (either), ``below`` (after the first sentence), ``opening`` (the start of the first paragraph) or
            ``closing`` (the last sentence of the text).
        languages: primary subtags that the rule is for; empty for all.
        pattern: the compiled expression. Its quantifiers are bounded, so matching is linear in the text.
        hints: small letters of which some must stand in a line (of a span rule: in the text), so that most need no
            pattern; empty: none needed.
        excludes: what must not match although ``pattern`` does.
        replacement: of a span; ``{NAME}`` stands for the group NAME.
        captures: the field that the group ``value`` (or the whole match) is a claim for.
        max_words: of a line; a longer one is not tried.
        flag: what the rule marks the article with.
        removes: what the rule takes, in words.
        examples: what it does; a test runs them.
    """

    id: str
    family: str
    scope: str
    pattern: re.Pattern[str]
    removes: str
    examples: tuple[Example, ...]
    where: str = "anywhere"
    languages: frozenset[str] = frozenset()
    hints: tuple[str, ...] = ()
    excludes: re.Pattern[str] | None = None
    replacement: str = ""
    captures: str = ""
    max_words: int = 60
    flag: str = ""

    def takes(self, bare: str, small: str, words: int) -> bool:
        """Whether the rule takes a line: ``bare`` of its bullet, the same in small letters, of so many words."""
        if words > self.max_words or (self.hints and not any(hint in small for hint in self.hints)):
            return False
        return bool(self.pattern.fullmatch(bare)) and not (self.excludes and self.excludes.fullmatch(bare))

    def speaks(self, language: str | None) -> bool:
        """Whether the rule is for a text in ``language``; English furniture stands on pages of every language."""
        return not self.languages or language is None or language in self.languages or "en" in self.languages


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, in the order of files and of entries."""
    rules: list[Rule] = []
    for resource in schema_files("cleaning", ".yaml"):
        number, _, family = resource.name.removesuffix(".yaml").partition("-")
        if number.isdigit():
            entries = read_yaml(resource)
            rules += [compiled(family, entry) for entry in entries]
    return tuple(rules)


def compiled(family: str, entry: dict[str, object]) -> Rule:
    """One entry of a file; an unknown key is an error, so that a misspelt one cannot pass."""
    members = dict(entry)
    languages = frozenset(str(tag) for tag in as_list(members.pop("languages")))
    examples = tuple(Example(**listed) for listed in as_list(members.pop("examples")))
    hints = tuple(str(hint) for hint in as_list(members.pop("hints", [])))
    excludes = members.pop("excludes", None)
    return Rule(
        family=family,
        languages=frozenset() if "any" in languages else languages,
        pattern=expression(str(members.pop("pattern"))),
        hints=hints,
        excludes=expression(str(excludes)) if excludes else None,
        examples=examples,
        **members,  # type: ignore[arg-type]
    )


def as_list(value: object) -> list[Any]:
    """``value``, which the file must hold as a list."""
    if not isinstance(value, list):
        raise TypeError(f"expected a list, found {value!r}")
    return value


def expression(pattern: str) -> re.Pattern[str]:
    """``pattern`` with its names for parts filled in."""
    for name, part in (
        ("{name}", NAME),
        ("{tail}", TAIL),
        ("{license}", LICENSE),
        ("{month}", f"(?i:{month_pattern()})"),
    ):
        if name in pattern:
            pattern = pattern.replace(name, part)
    return re.compile(pattern)


@cache
def rules_for(scope: str, language: str | None, where: Iterable[str] | None = None) -> tuple[Rule, ...]:
    """The rules of one scope for a text in ``language``, at these places (None: at any)."""
    return tuple(
        rule
        for rule in all_rules()
        if rule.scope == scope and rule.speaks(language) and (where is None or rule.where in where)
    )
