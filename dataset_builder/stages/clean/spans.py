"""The pass inside lines: shortcodes, entities, broken punctuation, runs of spaces."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from dataset_builder.records import Claim, Edit, Origin
from dataset_builder.stages.clean.draft import Draft
from dataset_builder.stages.clean.rules import Rule, rules_for

#: A sentence may begin after these; the last ones of a text are looked at, as far back as a closing line reaches.
SENTENCE_BREAK = re.compile(r"[.!?…؟।][\"'”’»)]{0,2}\s+|[。！？]|\n")
CLOSING_REACH, CLOSING_SENTENCES = 400, 6

#: Confidence of a field that a rule found inside a line.
CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True)
class SpanPass:
    """The draft after the pass, the flags of the rules that matched, and what they captured."""

    draft: Draft
    flags: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()


def clean_spans(draft: Draft, language: str | None) -> SpanPass:
    """Apply every span rule that holds anywhere, in order."""
    flags: list[str] = []
    small = draft.text.lower()
    for rule in rules_for("span", language, ("anywhere",)):
        if rule.hints and not any(hint in small for hint in rule.hints):
            continue
        edited = draft.edited(edit_of(rule, match) for match in rule.pattern.finditer(draft.text))
        if edited is not draft:
            draft = edited
            small = draft.text.lower()
            flags += [rule.flag] if rule.flag else []
    return SpanPass(draft, tuple(dict.fromkeys(flags)))


def edit_of(rule: Rule, match: re.Match[str]) -> Edit:
    """The edit that one match asks for."""
    return Edit(match.start(), match.end(), filled(rule.replacement, match), rule.id)


def filled(replacement: str, match: re.Match[str]) -> str:
    """``replacement`` with ``{GROUP}`` filled from the match; ``{entity}`` is the match as HTML reads it."""
    if "{" not in replacement:
        return replacement
    groups = {name: value or "" for name, value in match.groupdict().items()}
    return replacement.format(**groups, entity=html.unescape(match[0]))


def clean_opening(draft: Draft, start: int, language: str | None) -> SpanPass:
    """Take the dateline from the first paragraph, which begins at ``start``."""
    for rule in rules_for("span", language, ("opening",)):
        match = rule.pattern.match(draft.text, start, start + 200)
        if match and len(draft.text) > match.end() and not (rule.excludes and rule.excludes.match(match[0])):
            evidence = " ".join(match[0].split())[:200]
            claim = Claim(rule.captures, match["value"].strip(), Origin.EXTRACTED, rule.id, evidence, 0, CONFIDENCE)
            return SpanPass(draft.edited([Edit(match.start(), match.end(), "", rule.id)]), (), (claim,))
    return SpanPass(draft)


def clean_closing(draft: Draft, language: str | None) -> SpanPass:
    """Take from the end of the last paragraph, or as the last line, what a rule says stands there."""
    text = draft.text
    reach = max(0, len(text) - CLOSING_REACH)
    small = text[reach:].lower()
    rules = [r for r in rules_for("span", language, ("closing",)) if any(hint in small for hint in r.hints)]
    if not rules:
        return SpanPass(draft)
    for match in [*SENTENCE_BREAK.finditer(text, reach)][-CLOSING_SENTENCES:]:
        for rule in rules:
            if found := rule.pattern.fullmatch(text, match.end()):
                start = len(text[: match.end()].rstrip())
                words = " ".join(found[0].split())
                claim = Claim(rule.captures, words, Origin.EXTRACTED, rule.id, words[:200], 0, CONFIDENCE)
                return SpanPass(draft.edited([Edit(start, len(text), "", rule.id)]), (), (claim,))
    return SpanPass(draft)
