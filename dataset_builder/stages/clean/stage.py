"""Cleaning as a stage of the pipeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, ClassVar

import pyarrow as pa

from dataset_builder.issues import Issue
from dataset_builder.records import CLAIM, EDIT, FINDING, Edit, Origin, finding_row
from dataset_builder.stages.clean.cleaning import EDIT_CHARACTERS, Cleaned, clean_text
from dataset_builder.stages.contract import append_columns
from dataset_builder.stages.dates import SourcePlace

RANK = {str(origin): rank for rank, origin in enumerate(Origin)}


@dataclass(frozen=True)
class Clean:
    """Adds ``body``, the edits that made it, and what the removed lines said; null text gives a null body.

    Attributes:
        places: what the sources declare; the language of one holds for its articles that name none.
        largest: the most characters that an article may have; None: any number.
    """

    places: tuple[SourcePlace, ...] = ()
    largest: int | None = None
    name: ClassVar[str] = "clean"
    version: ClassVar[str] = "3"
    reads: ClassVar[tuple[str, ...]] = ("source", "text", "claims", "media_type", "first_line")
    rules: ClassVar[tuple[str, ...]] = ("cleaning", "dates")
    adds: ClassVar[pa.Schema] = pa.schema(
        [
            pa.field("body", pa.string()),
            pa.field("edits", pa.list_(EDIT), nullable=False),
            pa.field("text_claims", pa.list_(CLAIM), nullable=False),
            pa.field("clean_flags", pa.list_(pa.string()), nullable=False),
            pa.field("clean_findings", pa.list_(FINDING), nullable=False),
        ]
    )

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with the columns of ``adds``."""
        columns: dict[str, list[Any]] = {name: [] for name in self.adds.names}
        rows = zip(*(batch.column(name).to_pylist() for name in self.reads), strict=True)
        languages = {place.name: place.language for place in self.places}
        most = None if self.largest is None else self.largest // EDIT_CHARACTERS
        for source, text, claims, media_type, first_line in rows:
            cleaned = None if text is None else cleaned_row(text, claims or [], media_type, languages.get(source), most)
            columns["body"].append(cleaned.body if cleaned else None)
            columns["edits"].append(cleaned.edits if cleaned else ())
            columns["text_claims"].append([claim.as_dict() for claim in cleaned.claims] if cleaned else [])
            columns["clean_flags"].append(list(cleaned.flags) if cleaned else [])
            columns["clean_findings"].append(placed(cleaned.findings, first_line) if cleaned else [])
        return append_columns(batch, self.adds, {**columns, "edits": edit_lists(columns["edits"])})


def edit_lists(rows: Sequence[Sequence[Edit]]) -> pa.ListArray:
    """The edits of each row, made member by member: as one dictionary an edit they would take ten times the memory."""
    members = [
        pa.array((getattr(edit, member.name) for edits in rows for edit in edits), member.type) for member in EDIT
    ]
    offsets = pa.array(accumulate((len(edits) for edits in rows), initial=0), pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(members, fields=list(EDIT)))


def placed(issues: Sequence[Issue], first_line: int | None) -> list[dict[str, Any]]:
    """The findings with the file's lines for the text's; without any where the text's lines are not the file's."""
    lines = [issue.line + first_line - 1 if issue.line and first_line else 0 for issue in issues]
    return [finding_row(replace(issue, line=line)) for issue, line in zip(issues, lines, strict=True)]


def cleaned_row(
    text: str,
    claims: Sequence[Mapping[str, Any]],
    media_type: str | None,
    language: str | None = None,
    most: int | None = None,
) -> Cleaned:
    """One text, cleaned with what its metadata say about language and title.

    Args:
        language: its source's.
        most: see :func:`clean_text`.
    """
    return clean_text(
        text,
        language=strongest(claims, "language") or language,
        title=strongest(claims, "title"),
        authors=[str(claim["value"]) for claim in claims if claim["field"] == "author" and claim["value"]],
        media_type=media_type or "text/plain",
        most=most,
    )


def strongest(claims: Sequence[Mapping[str, Any]], field: str) -> str | None:
    """The value of the best claim about ``field``, by origin, then confidence, then order."""
    about = [claim for claim in claims if claim["field"] == field and claim["value"]]
    about.sort(key=lambda claim: (RANK.get(claim["origin"], len(RANK)), -claim["confidence"]))
    return str(about[0]["value"]) if about else None
