"""What the page's templates are filled with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dataset_builder.comparison import Difference
from dataset_builder.comparison.text import advice
from dataset_builder.describe.escape import one_line
from dataset_builder.issues import issue_kinds
from dataset_builder.report.about import About
from dataset_builder.report.build_findings import BuildFindings
from dataset_builder.report.catalog import CatalogCounts, Member
from dataset_builder.report.cleaning import CleaningCounts, Example
from dataset_builder.report.figures import Figure, bars, by_value, lengths, mentions_over_time, timeline
from dataset_builder.report.findings import by_kind
from dataset_builder.report.measure import Measured
from dataset_builder.report.settings import load_settings
from dataset_builder.report.texts import TextCounts
from dataset_builder.rights.policy import Rule, load_policy
from dataset_builder.schema import released_tables
from dataset_builder.snapshot.verify import Verification


@dataclass(frozen=True)
class DecisionLine:
    """Articles under one rule of the release policy, with the rule's reason.

    Attributes:
        of_a_copy: the rule is not for this rights class: it decided on a near copy with stricter terms.
    """

    title: str
    rule: str
    rights_class: str
    articles: int
    reason: str
    of_a_copy: bool


@dataclass(frozen=True)
class ClusterLine:
    """One cluster of near copies: its first members, and how many more there are."""

    id: str
    members: tuple[Member, ...]
    more: int

    @property
    def size(self) -> int:
        """All members."""
        return len(self.members) + self.more


@dataclass(frozen=True)
class RuleLine:
    """What one cleaning rule did, and what it is for."""

    rule: str
    takes: str
    edits: int
    articles: int
    removed: int
    inserted: int
    examples: tuple[Example, ...]


def page_contents(
    about: About,
    measured: Measured,
    verification: Verification,
    changes: Difference | None,
    build_findings: BuildFindings | None = None,
) -> dict[str, Any]:
    """The variables of ``page.html.jinja``."""
    counts, texts, settings = measured.catalog, measured.texts, load_settings()
    clusters = sorted(counts.clusters.items(), key=lambda item: (-len(item[1]), item[0]))
    return {
        "about": about,
        "changes": changes,
        "quotable": frozenset(released_tables()["catalog"].column_names),
        "advice": advice(changes.bump, changes.old.version, changes.new.version) if changes else "",
        "counts": counts,
        "verification": verification,
        "findings": by_kind(verification.issues),
        "build_findings": build_findings,
        "timeline": timeline(counts),
        "origins": _origins(about, counts),
        "decisions": _decisions(counts),
        "length": _length_facts(texts),
        "lengths": lengths(texts),
        "labels": _labels(texts),
        "mentions": mentions_over_time(counts, texts),
        "flags": bars("flags", "Articles by quality flag", ("Flag", "Articles"), counts.flags, "flags"),
        "flag_meanings": _flag_meanings(counts),
        "clusters": [_cluster(name, members) for name, members in clusters[: settings.most_clusters]],
        "more_clusters": max(0, len(clusters) - settings.most_clusters),
        "in_clusters": sum(len(members) for _, members in clusters),
        "rules": _rules(measured.cleaning),
        "listed": measured.listed,
        "index": measured.index,
        "pieces": measured.pieces,
        "detail": _detail(about, counts),
    }


def _origins(about: About, counts: CatalogCounts) -> list[Figure]:
    if not counts.articles:
        return []
    return [
        by_value("source", "Articles by source", "Source", counts.sources, about.source_titles),
        by_value("language", "Articles by language", "Language", counts.languages, _language_titles(counts)),
        by_value("license", "Articles by licence", "Licence", counts.licenses, {"": "none stated"}),
    ]


def _language_titles(counts: CatalogCounts) -> dict[str, str]:
    """Language of the catalog -> what people call it."""
    title = load_settings().language_title
    return {language: title(language) for language, _ in counts.languages}


def _decisions(counts: CatalogCounts) -> list[DecisionLine]:
    known, settings = load_policy().by_id, load_settings()
    ranked = sorted(counts.decisions.items(), key=lambda item: (-item[1], item[0]))
    return [
        DecisionLine(
            settings.release_title(decision.release), decision.rule, decision.rights_class, count,
            known[decision.rule].reason if decision.rule in known else "",
            decision.rule in known and not _decides(known[decision.rule], decision.rights_class),
        )
        for decision, count in ranked[: settings.most_rows]
    ]  # fmt: skip


def _decides(rule: Rule, rights_class: str) -> bool:
    return rights_class in rule.when.get("rights_class", {rights_class})


def _length_facts(texts: TextCounts) -> dict[str, int]:
    words = texts.word_counts()
    if not len(words):
        return {}
    low, middle, high = (round(float(value)) for value in np.percentile(words, (10, 50, 90)))
    return {"words": int(words.sum()), "low": low, "middle": middle, "high": high}


def _labels(texts: TextCounts) -> Figure | None:
    named = {f"{coarse} · {name}" if coarse != name else name: count for (coarse, name), count in texts.labels.items()}
    return bars("labels", "Mentions by label", ("Label", "Mentions"), named)


def _flag_meanings(counts: CatalogCounts) -> list[tuple[str, str]]:
    meanings = {code: kind.summary for code, kind in issue_kinds().items()} | load_settings().flags
    return [(flag, meanings[flag]) for flag in sorted(counts.flags) if flag in meanings]


def _cluster(name: str, members: list[Member]) -> ClusterLine:
    ordered = sorted(members, key=lambda member: (str(member.day or "9999"), member.id))
    shown = tuple(member._replace(title=one_line(member.title, 200)) for member in ordered)
    most = load_settings().most_members
    return ClusterLine(name, shown[:most], len(shown) - len(shown[:most]))


def _rules(cleaning: CleaningCounts) -> list[RuleLine]:
    settings = load_settings()
    ranked = sorted(cleaning.rules.items(), key=lambda item: (-item[1].edits, item[0]))
    return [
        RuleLine(rule, settings.rules.get(rule, ""), c.edits, c.articles, c.removed, c.inserted, tuple(c.examples))
        for rule, c in ranked[: settings.most_rows]
    ]


def _detail(about: About, counts: CatalogCounts) -> dict[str, Any]:
    """What the page's script needs to show a row: groups of fields, names of values, reasons of rules."""
    settings = load_settings()
    return {
        "groups": [{"title": title, "fields": [list(field) for field in fields]} for title, fields in settings.detail],
        "releases": {name: title for name, (title, _) in settings.releases.items()},
        "sources": about.source_titles,
        "languages": _language_titles(counts),
        "reasons": {name: rule.reason for name, rule in load_policy().by_id.items()},
    }
