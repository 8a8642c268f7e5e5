"""Which lines are the page's and not the article's, by the line rules, and what they say about the article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dataset_builder.records import Claim, Origin
from dataset_builder.stages.clean.lines import Line
from dataset_builder.stages.clean.publication import publication_line
from dataset_builder.stages.clean.rules import Rule, rules_for

#: Longer lines than this are paragraphs; no rule for lines is tried on them.
LONGEST = 1_000
#: A date without a label counts so many lines from either end, if it is not already outside the prose.
EDGE = 3


@dataclass(slots=True)
class Decisions:
    """What is decided about the lines so far: index -> rule; the families of those rules, and the claims in order."""

    dropped: dict[int, str] = field(default_factory=dict)
    families: dict[int, str] = field(default_factory=dict)
    claims: list[tuple[int, Claim]] = field(default_factory=list)

    def drop(self, index: int, rule: str, family: str, *claims: Claim) -> None:
        """Let line ``index`` go."""
        self.dropped[index] = rule
        self.families[index] = family
        self.claims += [(index, claim) for claim in claims]

    def kept(self, lines: Sequence[Line], start: int = 0, end: int | None = None) -> list[int]:
        """The indices in ``[start, end)`` of lines that stay."""
        return [i for i in range(start, len(lines) if end is None else end) if i not in self.dropped]


def drop_anywhere(lines: Sequence[Line], decisions: Decisions, language: str | None) -> None:
    """Apply the rules that hold at any place, and take publication lines that say what they are."""
    rules = rules_for("line", language, ("anywhere",))
    for index, line in enumerate(lines):
        if line.length > LONGEST:
            continue
        if not line.prose and (published := publication_line(line.bare, language)) and published.labelled:
            decisions.drop(index, "publication-line", "publication", *published_claims(line, published.words, 0.9))
        elif rule := matching(rules, line):
            decisions.drop(index, rule.id, rule.family, *captured(rule, line))


def drop_at_edges(lines: Sequence[Line], decisions: Decisions, language: str | None, first: int, last: int) -> None:
    """Apply the rules for head (before line ``first``), tail (after line ``last``) and below the first."""
    heads = rules_for("line", language, ("head", "edges"))
    tails = rules_for("line", language, ("tail", "edges", "below"))
    below = rules_for("line", language, ("below",))
    for index in decisions.kept(lines):
        line = lines[index]
        if line.length > LONGEST:
            continue
        edge = index < first or index > last
        rules = heads if index < first else tails if index > last else below
        if edge and (published := publication_line(line.bare, language)) and not published.rest:
            decisions.drop(index, "publication-line", "publication", *published_claims(line, published.words, 0.7))
        elif rule := matching(rules, line):
            if rule.where == "head" and not followed_by_headline(lines, decisions, index, first):
                continue
            decisions.drop(index, rule.id, rule.family, *captured(rule, line))


def closes_head(line: Line, language: str | None) -> bool:
    """Whether a line says who wrote the article or when it was published, and nothing else."""
    if line.prose or line.length > LONGEST:
        return False
    published = publication_line(line.bare, language)
    if published and not published.rest:
        return True
    rule = matching(rules_for("line", language, ("edges",)), line)
    return rule is not None and rule.family == "bylines"


def followed_by_headline(lines: Sequence[Line], decisions: Decisions, index: int, first: int) -> bool:
    """Whether another line of the head stands between a kicker and the first sentence."""
    return any(lines[later].words >= 3 for later in decisions.kept(lines, index + 1, first))


def matching(rules: Sequence[Rule], line: Line) -> Rule | None:
    """The first rule that the whole line matches."""
    fitting = [rule for rule in rules if line.words <= rule.max_words]
    if not fitting:
        return None
    bare = line.bare
    small = bare.lower()
    return next((rule for rule in fitting if rule.takes(bare, small, line.words)), None)


def captured(rule: Rule, line: Line) -> tuple[Claim, ...]:
    """The claim that the rule reads from the line, with the whole line as evidence."""
    if not rule.captures:
        return ()
    match = rule.pattern.fullmatch(line.bare)
    value = (match.groupdict().get("value") if match else None) or line.bare
    return (Claim(rule.captures, value.strip(" |•·,"), Origin.EXTRACTED, rule.id, evidence(line), 0, 0.8),)


def published_claims(line: Line, words: str, confidence: float) -> tuple[Claim, ...]:
    """The claim ``date_text`` of a publication line."""
    return (Claim("date_text", words, Origin.EXTRACTED, "publication-line", evidence(line), 0, confidence),)


def evidence(line: Line) -> str:
    """The line, cut so that a claim stays small."""
    return line.text[:300]
