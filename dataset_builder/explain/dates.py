"""How an article's moment of publication came about: its instant, the date's own words, and what settled the zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dataset_builder.issues import issue_kinds
from dataset_builder.stages.dates.grammar import find_date
from dataset_builder.stages.dates.stage import SourcePlace, read


def tell_instant(row: Mapping[str, Any], origins: list[Mapping[str, Any]], place: SourcePlace) -> str:
    """What settled the zone of ``published_at``, or why the article has no instant.

    Args:
        row: an article after all stages.
        origins: the claims about its date that hold, as the stage gave them.
        place: what the article's source declares.
    """
    if row["published_at"] is not None and origins:
        return _zone(origins[-1], [*(row["claims"] or ()), *(row["text_claims"] or ())], place)
    doubts = [finding for finding in row["dates_findings"] or () if finding["field"] == "published_at"]
    doubts = doubts or ([] if origins else list(row["dates_findings"] or ()))
    return "null, " + ("; ".join(_reasons(doubts)) or "as no time of day is given")


def _reasons(findings: list[Mapping[str, Any]]) -> Iterator[str]:
    for finding in findings:
        yield f"{finding['code']}: {issue_kinds()[finding['code']].summary.rstrip('.')}"


def _zone(claim: Mapping[str, Any], claims: list[Mapping[str, Any]], place: SourcePlace) -> str:
    """What :func:`dataset_builder.stages.dates.zones.instant` went by."""
    declared = next((other["value"] for other in claims if other["field"] == "language" and other["value"]), None)
    language = (declared or place.language or "").split("-")[0].lower() or None
    found = find_date(claim["value"], language=language, country=place.country)
    if found is None or found.time is None:
        return ""
    if found.time.minutes is not None:
        return "the date itself gives its offset from UTC"
    if not found.time.letters:
        return f"the source declares timezone {place.timezone}"
    letters = f"the letters {found.time.letters}"
    alone = SourcePlace(place.name, language=place.language)
    if read(claim, claims, alone).published_at is not None:
        return f"{letters} have one meaning"
    settled = [f"timezone {place.timezone}"] * bool(place.timezone) + [f"country {place.country}"] * bool(place.country)
    return f"{letters} have several meanings; the source declares {' and '.join(settled)}"
