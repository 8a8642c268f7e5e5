"""The stage that decides an article's date between all the claims about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import pyarrow as pa

from dataset_builder.records import CLAIM, FINDING, Origin, finding_row
from dataset_builder.stages.contract import append_columns
from dataset_builder.stages.dates.reading import DateReading, read_date

#: Claims that say when the article was published.
DATE_FIELDS = ("date", "date_text", "published_at")

RANK = {str(origin): rank for rank, origin in enumerate(Origin)}


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """What a source declares about where it is published; ``name`` is its key."""

    name: str
    timezone: str | None = None
    country: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The date of one article, the claims that hold for it, and what is doubtful."""

    reading: DateReading = field(default_factory=DateReading)
    origins: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Dates:
    """Adds ``date``, ``published_at`` and ``date_text``, with the claims that hold and the doubts.

    Attributes:
        places: the sources, for zones, the order of numbers and the language of months.
        created: the day of the snapshot; a later date is flagged. None: nothing is called future.
    """

    places: tuple[SourcePlace, ...] = ()
    created: dt.date | None = None

    name: ClassVar[str] = "dates"
    version: ClassVar[str] = "1"
    reads: ClassVar[tuple[str, ...]] = ("claims", "text_claims", "source")
    rules: ClassVar[tuple[str, ...]] = ("dates",)
    adds: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("date", pa.date32()),
            pa.field("published_at", pa.timestamp("us", tz="UTC")),
            pa.field("date_text", pa.string()),
            pa.field("dates_origins", pa.list_(CLAIM), nullable=False),
            pa.field("dates_findings", pa.list_(FINDING), nullable=False),
            pa.field("dates_flags", pa.list_(pa.string()), nullable=False),
        ]
    )

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with the columns of ``adds``."""
        places = {place.name: place for place in self.places}
        columns: dict[str, list[Any]] = {name: [] for name in self.adds.names}
        rows = zip(*(batch.column(name).to_pylist() for name in self.reads), strict=True)
        for claims, text_claims, source in rows:
            decision = self.decide([*(claims or ()), *(text_claims or ())], places.get(source, SourcePlace(source)))
            reading = decision.reading
            columns["date"].append(reading.date)
            columns["published_at"].append(reading.published_at)
            columns["date_text"].append(reading.date_text or None)
            columns["dates_origins"].append(list(decision.origins))
            columns["dates_findings"].append([finding_row(issue) for issue in reading.findings])
            columns["dates_flags"].append(list(reading.flags))
        return append_columns(batch, self.adds, columns)

    def decide(self, claims: list[Mapping[str, Any]], place: SourcePlace) -> Decision:
        """Read every claim about the date, strongest first; the first that gives a day holds."""
        dated = sorted(
            (claim for claim in claims if claim["field"] in DATE_FIELDS and claim["value"].strip()),
            key=lambda claim: (RANK.get(claim["origin"], len(RANK)), -claim["confidence"]),
        )
        readings = [(claim, read(claim, claims, place)) for claim in dated]
        holding = next((pair for pair in readings if pair[1].date), None) or next(iter(readings), None)
        if holding is None:
            missing = DateReading().with_doubt("date-missing", found="no date in metadata or text", expected="a date")
            return Decision(missing)
        claim, reading = holding
        if not reading.precision:
            reading = reading.with_doubt("date-unreadable", found=one_line(claim["value"]), expected="a date")
        reading = self.against_the_rest(reading, claim, readings)
        return completed(Decision(reading, (claim,) if reading.date else ()), readings)

    def against_the_rest(
        self, reading: DateReading, holding: Mapping[str, Any], readings: list[tuple[Mapping[str, Any], DateReading]]
    ) -> DateReading:
        """``reading``, doubted where a stronger claim is unreadable, another disagrees, or it lies in the future."""
        for claim, _ in readings:
            if claim is holding:
                break
            reading = reading.with_doubt("date-unreadable", found=one_line(claim["value"]), expected="a date")
        days = [(claim, other.date) for claim, other in readings if other.date and claim is not holding]
        for claim, day in days:
            if reading.date and day and abs((day - reading.date).days) > 1:
                reading = reading.with_doubt(
                    "date-conflict", found=f"{reading.date} and {day} ({claim['rule']})", expected="one date"
                )
                break
        if self.created and reading.date and reading.date > self.created:
            reading = reading.with_doubt(
                "date-in-future",
                found=str(reading.date),
                expected=f"a date up to {self.created}, when the dataset was created",
            )
        return reading


def read(claim: Mapping[str, Any], claims: list[Mapping[str, Any]], place: SourcePlace) -> DateReading:
    """The reading of one claim, in the language that the article declares, else its source's."""
    declared = next((other["value"] for other in claims if other["field"] == "language" and other["value"]), None)
    language = declared or place.language
    return read_date(claim["value"], language=language, timezone=place.timezone, country=place.country)


def completed(decision: Decision, readings: list[tuple[Mapping[str, Any], DateReading]]) -> Decision:
    """``decision`` with the instant that another claim gives for the same day, where its own claim has none."""
    reading = decision.reading
    if reading.date is None or reading.published_at is not None:
        return decision
    for claim, other in readings:
        if other.published_at is not None and other.date == reading.date:
            zoneless = [issue for issue in reading.findings if issue.field == "published_at"]
            kept = tuple(issue for issue in reading.findings if issue not in zoneless)
            flags = tuple(flag for flag in reading.flags if flag not in {issue.code for issue in zoneless})
            fuller = replace(
                reading, published_at=other.published_at, precision=other.precision, findings=kept, flags=flags
            )
            return Decision(fuller, (*decision.origins, {**claim, "field": "published_at"}))
        if (
            other.date == reading.date
            and other.precision in {"hour", "minute", "second"}
            and reading.precision == "day"
        ):
            doubts = tuple(issue for issue in other.findings if issue.field == "published_at")
            flags = tuple(sorted({*reading.flags, *(issue.code for issue in doubts)}))
            return replace(decision, reading=replace(reading, findings=(*reading.findings, *doubts), flags=flags))
    return decision


def one_line(words: str) -> str:
    """``words`` cut to a line."""
    return " ".join(words[:200].split())[:120]
