"""From an original to the very text and entities that a build made of it: proven by the digest in the catalog."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import pyarrow as pa

from dataset_builder.issues import Issue
from dataset_builder.records import Claim, Origin
from dataset_builder.rights.decision import RightsFacts, decide
from dataset_builder.rights.policy import load_policy
from dataset_builder.stages.clean import Clean
from dataset_builder.stages.clean.cleaning import Cleaned
from dataset_builder.stages.clean.stage import cleaned_row
from dataset_builder.stages.entities import Entities
from dataset_builder.stages.facts import Facts

#: What the cleaning is told beside the text.
_TOLD = ("title", "language")
_ENTITY_INPUT = pa.schema([pa.field("body", pa.string()), pa.field("language", pa.string())])


@dataclass
class Rebuild:
    """Turns raw records into rows of the table ``articles``.

    Attributes:
        entities: the stage, as the snapshot's build had it.
        extra_fields: descriptors of the fields that the corpus declared, as JSON texts.
        otherwise: ids whose text came out with another digest than the catalog's; they stay withheld.
        issues: one finding for each of these.
    """

    entities: Entities
    extra_fields: tuple[str, ...] = ()
    otherwise: set[str] = field(default_factory=set)
    issues: list[Issue] = field(default_factory=list)

    def rows(self, raw: pa.RecordBatch, entries: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The articles of a batch of originals, in its order.

        Args:
            raw: rows of ``RAW_SCHEMA``.
            entries: id -> the article's row of the catalog.
        """
        rows = [row for record in raw.to_pylist() for row in self._cleaned(record, entries[record["id"]])]
        return annotated(rows, self.entities)

    def _cleaned(self, record: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        known = entry["body_sha256"]  # none for an article that the build knew by its digest only
        cleaned = None
        for claims in _tellings(record, entry):
            cleaned = cleaned_row(record["text"], claims, entry["provenance"]["media_type"])
            if known in (None, _digest(cleaned.body)):
                yield self._row(record, entry, cleaned)
                return
        self.otherwise.add(entry["id"])
        self.issues.append(_otherwise(record, entry, cleaned))

    def _row(self, record: Mapping[str, Any], entry: Mapping[str, Any], cleaned: Cleaned) -> dict[str, Any]:
        steps = [("extracted", record["extraction"] is not None), ("cleaned", bool(cleaned.edits)), ("annotated", True)]
        claims = [*record["claims"], *(claim.as_dict() for claim in cleaned.claims)]
        origins = [_with_evidence(origin, claims) for origin in entry["provenance"]["origins"] or ()]
        edits = [asdict(edit) for edit in cleaned.edits]
        provenance = {**entry["provenance"], "origins": origins, "edits": edits}
        for name in ("payload_bytes", "charset", "extraction", "extraction_sha256"):
            provenance[name] = provenance[name] if provenance[name] is not None else record[name]
        return {
            **_dropped_facts(record, cleaned, self.extra_fields),
            **entry,
            **private_release(),
            "body": cleaned.body,
            "body_sha256": _digest(cleaned.body),
            "provenance": provenance,
            "transformations": [step for step, done in steps if done],
        }


def private_release() -> dict[str, Any]:
    """What the policy decides for a text in a snapshot for the group's own use."""
    decision = decide(RightsFacts(audience="private"), load_policy(None))
    return {"release": decision.release, "decision_rule": decision.rule, "family": decision.family}


def annotated(rows: Sequence[dict[str, Any]], stage: Entities) -> list[dict[str, Any]]:
    """``rows`` with their entities, and with the flags that looking for these raised."""
    if not rows:
        return []
    told = [{"body": row["body"], "language": row["language"]} for row in rows]
    batch = stage(pa.RecordBatch.from_pylist(told, schema=_ENTITY_INPUT))
    found = batch.select(["entities", "entities_flags"]).to_pylist()
    return [
        {
            **row,
            "entities": entities["entities"],
            "quality_flags": sorted({*(row["quality_flags"] or ()), *entities["entities_flags"]}),
        }
        for row, entities in zip(rows, found, strict=True)
    ]


def _tellings(record: Mapping[str, Any], entry: Mapping[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """What the cleaning may have been told of title and language, the likeliest first.

    The original's own claims; then what the catalog has, for metadata that stood in another file; then each alone, for
    a catalog has settled values where they came from the text.
    """
    yield record["claims"]
    stated = [_stated(name, entry[name]) for name in _TOLD if entry[name]]
    yield stated
    for name in _TOLD:
        yield [claim for claim in stated if claim["field"] == name]
    yield []


def _stated(name: str, value: str) -> dict[str, Any]:
    return Claim(name, value, Origin.DECLARED, "catalog").as_dict()


def _with_evidence(origin: Mapping[str, Any], claims: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An origin with the words that were matched, which a catalog leaves out; what a person declared has none."""
    key = [origin[name] for name in ("field", "origin", "rule")]
    found = (claim["evidence"] for claim in claims if [claim[name] for name in ("field", "origin", "rule")] == key)
    return {**origin, "evidence": next(found, "" if origin["origin"] == Origin.DECLARED else None)}


def _dropped_facts(record: Mapping[str, Any], cleaned: Cleaned, extra_fields: tuple[str, ...]) -> dict[str, Any]:
    """The facts that a catalog leaves out, as far as the original says them: summary and the corpus's own fields."""
    facts = Facts(extra_fields)
    claims = [list(record["claims"]), [claim.as_dict() for claim in cleaned.claims]]
    batch = pa.RecordBatch.from_arrays(
        [pa.array([own], Clean.adds.field("text_claims").type) for own in claims], names=["claims", "text_claims"]
    )
    row = facts(batch).to_pylist()[0]
    own = {entry.name for entry in Facts().adds}
    return {"summary": row["summary"], **{name: value for name, value in row.items() if name not in own}}


def _otherwise(record: Mapping[str, Any], entry: Mapping[str, Any], cleaned: Cleaned | None) -> Issue:
    locator = record["sightings"][0]["locator"]
    rules = f"{Clean.name} {Clean.version}"
    recorded = entry["provenance"]["normalization"]
    hint = f"the snapshot was cleaned by {recorded}, this is {rules}" if recorded != rules else ""
    return Issue(
        locator,
        field="body",
        code="rebuilt-otherwise",
        found=f"a body with sha256 {_digest(cleaned.body) if cleaned else ''}",
        expected=str(entry["body_sha256"]),
        hint=hint,
    )


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
