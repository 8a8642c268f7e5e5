"""The parts of an article's way: who said what about it, what was decided and why, what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from dataset_builder.explain.dates import tell_instant
from dataset_builder.linking.link import Link, differs
from dataset_builder.linking.terms import DROPPED_RULE
from dataset_builder.records import Claim, Edit, Origin
from dataset_builder.rights.policy import Policy, load_policy
from dataset_builder.schema import RELEASED
from dataset_builder.stages.dates.stage import DATE_FIELDS, SourcePlace
from dataset_builder.stages.rights import Rights

#: Settings of a build that may have an article decided otherwise: how the command line or dataset.yaml says it, and
#: what it changes in the rights stage.
_SETTINGS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("build.noncommercial: true in dataset.yaml", {"noncommercial": True}),
    ("--audience restricted", {"audience": "restricted"}),
    ("--audience private", {"audience": "private"}),
)
#: The row that waits for a reader; an article that another row withholds as well needs both to change.
_REVIEW_RULE = "review-pending"
#: The fields that are told, in this order; others follow as they were claimed.
_TOLD = ("title", "author", "date", "published_at", "date_text", "language", "url", "canonical_url", "summary",
         "license", "rights_statement", "license_scope", "rights_holder", "fetched_at")  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldStory:
    """Where one field came from.

    Attributes:
        field: as in ``schema/article.schema.json``.
        value: what it came to; empty where it has none.
        held: the claims that hold.
        lost: the claims that were weaker or could not be read, strongest first.
        note: how it came about, or why it is null, where the claims alone do not say so.
    """

    field: str
    value: str
    held: tuple[Claim, ...]
    lost: tuple[Claim, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionStory:
    """What of the article leaves the house, and why.

    Attributes:
        release: full, excerpt, features, metadata, excluded or tombstone.
        rule: the row of the policy that decided.
        when: the row's conditions: aspect -> the values that it is for.
        reason: the row's own words.
        rights_class: class of the statement that was found.
        license: SPDX expression, empty where there is none.
        statement: the statement as it was found.
        scope: what it covers.
        evidence: kind, locator, sha256 and observed_at of what shows it; empty where nothing does.
        opted_out: whether a signal against mining or AI use was found.
        would_change: what a person could do to have more released, in the policy's words.
        elsewhere: (setting, release, rule) where another setting of the build decides otherwise.
    """

    release: str
    rule: str
    when: dict[str, list[str]]
    reason: str
    rights_class: str
    license: str
    statement: str
    scope: str
    evidence: dict[str, str]
    opted_out: bool
    would_change: tuple[str, ...]
    elsewhere: tuple[tuple[str, str, str], ...]


def tell_fields(row: Mapping[str, Any], place: SourcePlace) -> tuple[FieldStory, ...]:
    """Every field that has a value or that somebody claimed.

    Args:
        row: an article after all stages.
        place: what its source declares about where it is published.
    """
    held = _by_field(claim for name in row if name.endswith("_origins") for claim in row[name] or ())
    made = _by_field([*(row["claims"] or ()), *(row["text_claims"] or ())])
    told: list[FieldStory] = []
    for field in dict.fromkeys((*_TOLD, *held, *made)):
        if field in ("published_at", "date_text"):
            told += _moment(field, row, place)
            continue
        winners = held.get(field, ())
        lost = [claim for claim in made.get(field, ()) if claim not in winners]
        lost.sort(key=lambda claim: ([*Origin].index(claim.origin), -claim.confidence))
        value = row.get(field)
        if not winners and lost and lost[0].value == value:  # settled before any stage, as the source is
            winners, lost = (lost[0],), lost[1:]
        if value is not None or winners or lost:
            told.append(FieldStory(field, "" if value is None else str(value), winners, tuple(lost)))
    return tuple(told)


def _moment(field: str, row: Mapping[str, Any], place: SourcePlace) -> list[FieldStory]:
    """The instant, which is told even where there is none, or the date's own words; both are read from one claim."""
    origins = row["dates_origins"] or []
    if field == "date_text":
        return [FieldStory(field, row[field], _claims(origins[:1]), ())] if row[field] else []
    value: datetime | None = row[field]
    shown = "" if value is None else f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
    return [FieldStory(field, shown, _claims(origins[-1:]) if value else (), (), tell_instant(row, origins, place))]


def _claims(values: Sequence[Mapping[str, Any]]) -> tuple[Claim, ...]:
    return tuple(Claim(**{**value, "origin": Origin(value["origin"])}) for value in values)


def _by_field(claims: Any) -> dict[str, tuple[Claim, ...]]:
    """Claims by the field that they are about, each once; what is about the time of publication counts as ``date``."""
    found: dict[str, dict[Claim, None]] = {}
    for claim in _claims(list(claims)):
        found.setdefault("date" if claim.field in DATE_FIELDS else claim.field, {})[claim] = None
    return {field: tuple(each) for field, each in found.items()}


def tell_decision(stage: Rights, before: pa.RecordBatch, row: Mapping[str, Any]) -> DecisionStory:
    """The decision that ``stage`` made about the one article of ``before``, now ``row``."""
    policy = load_policy(stage.policy)
    rule = policy.by_id[row["decision_rule"]]
    unread = any(finding["code"] == "review-needed" for finding in row["rights_findings"] or ())
    review = policy.by_id.get(_REVIEW_RULE) if unread and row["release"] != "full" else None
    return DecisionStory(
        release=row["release"],
        rule=rule.id,
        when={aspect: sorted(values) for aspect, values in rule.when.items()},
        reason=rule.reason,
        rights_class=row["rights_class"],
        license=row["license"] or "",
        statement=row["rights_statement"],
        scope=row["license_scope"],
        evidence={name: value for name, value in (row["license_evidence"] or {}).items() if value},
        opted_out="opted-out" in (row["rights_flags"] or ()),
        would_change=tuple(dict.fromkeys([*rule.would_change, *(review.would_change if review else ())])),
        elsewhere=tuple(_elsewhere(stage, before, row["release"])),
    )


def _elsewhere(stage: Rights, before: pa.RecordBatch, release: str) -> Sequence[tuple[str, str, str]]:
    found = []
    for setting, change in _SETTINGS:
        decided = replace(stage, **change)(before).select(["release", "decision_rule"]).to_pylist()[0]
        if decided["release"] != release:
            found.append((setting, decided["release"], decided["decision_rule"]))
    return found


def narrowed(story: DecisionStory, link: Link, policy: Policy, path: str = "") -> DecisionStory:
    """The decision for the near copies that the article belongs to, where it differs from the article's own.

    Args:
        story: the article's own decision.
        link: what the article has to do with others.
        policy: the table that decided.
        path: where the stricter copy stands.
    """
    cluster = link.decision
    if cluster is None or not differs(cluster, story.release, story.rule):
        return story
    if cluster.rule == DROPPED_RULE:
        reason = f"dataset.yaml drops near copies, and the first of this one's cluster is {link.first}"
        changes: tuple[str, ...] = ("say build.duplicates.action: mark in dataset.yaml",)
        return replace(
            story,
            release=cluster.release,
            rule=cluster.rule,
            when={},
            reason=reason,
            would_change=changes,
            elsewhere=(),
        )
    rule = policy.by_id.get(cluster.rule)
    shared = cluster.release in RELEASED  # what stays withheld keeps the terms that were found for it
    because = (
        f"its text is nearly that of {link.withdrawn}, which was withdrawn"
        if link.withdrawn
        else "a near copy takes the strictest terms of its cluster"
    )
    reason = f"{because}: {'; '.join(cluster.reasons)}"
    changes = cluster.would_change
    if link.stricter:
        member = f"{link.stricter} ({path})"
        reason += f"; these are the terms of {member}, by its rule {link.stricter_rule}"
        changes = tuple(f"settle the terms of {member}: {change}" for change in changes)
    return replace(
        story,
        release=cluster.release,
        rule=cluster.rule,
        when={aspect: sorted(values) for aspect, values in rule.when.items()} if rule else {},
        reason=reason,
        rights_class=(link.rights_class if shared else "") or story.rights_class,
        license=(link.license if shared else None) or story.license,
        would_change=changes,
        elsewhere=(),
    )


def edits_of(row: Mapping[str, Any]) -> tuple[Edit, ...]:
    """What cleaning did."""
    return tuple(Edit(**edit) for edit in row["edits"] or ())
