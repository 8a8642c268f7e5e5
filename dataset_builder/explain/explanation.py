"""From a reference to the whole story of one article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.assemble import findings_of
from dataset_builder.config import load_config
from dataset_builder.engines.choice import Chosen
from dataset_builder.engines.local import run_stages
from dataset_builder.engines.spool import Spool
from dataset_builder.explain.find import find, newest_first
from dataset_builder.explain.story import DecisionStory, FieldStory, edits_of, narrowed, tell_decision, tell_fields
from dataset_builder.issues import Issue, Severity
from dataset_builder.ledger import Ledger
from dataset_builder.linking.articles import narrowed_releases
from dataset_builder.linking.link import Link
from dataset_builder.pipeline import Site, default_out, read, refine
from dataset_builder.plan import Plan, make_plan
from dataset_builder.progress import OnProgress, silent
from dataset_builder.records import Edit, split_locator
from dataset_builder.rights.policy import load_policy
from dataset_builder.schema import RELEASED
from dataset_builder.stages.dates import Dates, SourcePlace
from dataset_builder.stages.rights import Rights
from dataset_builder.validate.gates import IntakeGate


@dataclass(frozen=True)
class Explanation:
    """One article's way from raw to released.

    Attributes:
        id: the article's.
        outcome: released, released as excerpt, released as features, withheld, withdrawn or rejected.
        payload: sha256, bytes, media type, charset and extractor of what was read.
        sightings: (locator, source) of every place where the payload was seen.
        copy_of: id of the first of the near copies that it is one of, if it is not the first itself.
        revision_of: id of the earlier text of the same page.
        text: the text before cleaning; None for a record that is known by its digest only. May be withheld text.
        body: the text after cleaning. May be withheld text.
        edits: what cleaning did, in code points of ``text``.
        fields: where each field came from.
        decision: what is released, and why.
        entities: coarse label -> mentions; None where none were sought.
        flags: what a reader should know before trusting the record.
        issues: the findings about this article.
        rejected_by: codes of the errors among them that reject it.
        earlier: where an address means several texts of one page, the ids of those before this one, the newest first.
    """

    id: str
    outcome: str
    payload: dict[str, Any]
    sightings: tuple[tuple[str, str], ...]
    copy_of: str | None
    revision_of: str | None
    text: str | None
    body: str | None
    edits: tuple[Edit, ...]
    fields: tuple[FieldStory, ...]
    decision: DecisionStory
    entities: dict[str, int] | None
    flags: tuple[str, ...]
    issues: tuple[Issue, ...]
    rejected_by: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()


def explain(
    reference: str, folder: Path, *, audience: str | None = None, on_progress: OnProgress = silent
) -> Explanation:
    """The story of the article that ``reference`` means.

    The whole corpus passes the stages, as a copy anywhere in it may narrow what is released of this one.

    Args:
        reference: an id or at least six digits of it, a path (``path#L3`` in a table), or an address.
        on_progress: is told how far it is.

    Raises:
        UsageError: ``reference`` means no article, or several; the nearest are named.
        CorpusError: what it means was rejected when it was read.
        ConfigError: dataset.yaml is wrong.
    """
    config = load_config(folder, audience=audience)
    plan = make_plan(config)
    ledger = Ledger()
    with TemporaryDirectory(prefix="build-dataset-") as scratch, Chosen() as engine:
        site = Site(engine, Path(scratch), default_out(config), on_progress)
        raw = read(config, ledger, site)
        meant = find(reference, folder, raw, ledger)
        assembled, links = refine(plan, raw, Ledger(), site)
        earlier = {article: link.revision_of for article, link in links.items() if link.revision_of}
        found, *others = newest_first(reference, meant, earlier)
        batch = IntakeGate()(raw.batch(found.batch).take(pa.array([found.row])))
        link = links.get(found.id, Link())
        for row in _rows(assembled, found.id):
            ledger.add(*narrowed_releases(row, {found.id: link}))
        stricter = [_locator(row) for row in _rows(assembled, link.stricter)] if link.stricter else []
        return replace(_tell(plan, batch, ledger, link, "".join(stricter)), earlier=tuple(it.id for it in others))


def _rows(assembled: Spool, article: str) -> Iterator[pa.RecordBatch]:
    """The one row of an article, as a batch; none for an article that was rejected."""
    for batch in assembled.read():
        if (row := batch.filter(pc.equal(batch.column("id"), article))).num_rows:
            yield row


def _locator(row: pa.RecordBatch) -> str:
    return str(row.column("provenance")[0].as_py()["locator"])


def _tell(plan: Plan, batch: pa.RecordBatch, ledger: Ledger, link: Link, stricter: str) -> Explanation:
    position = next(index for index, stage in enumerate(plan.stages) if isinstance(stage, Rights))
    rights = plan.stages[position]
    assert isinstance(rights, Rights)
    (before,) = run_stages(plan.stages[:position], [batch])
    (after,) = run_stages(plan.stages[position:], [before])
    row = after.to_pylist()[0]
    accepted, issues = _findings(after, row, ledger)
    decision = narrowed(tell_decision(rights, before, row), link, load_policy(rights.policy), stricter)
    names = ("payload_sha256", "payload_bytes", "media_type", "charset", "extraction", "extraction_sha256")
    return Explanation(
        id=row["id"],
        outcome=_outcome(row, decision.release, accepted),
        payload={name.removeprefix("payload_"): row[name] for name in names},
        sightings=tuple((sighting["locator"], sighting["source"]) for sighting in row["sightings"]),
        copy_of=link.first if link.first != row["id"] else None,
        revision_of=link.revision_of,
        text=row["text"],
        body=row["body"],
        edits=edits_of(row),
        fields=tell_fields(row, _place(plan, row["source"])),
        decision=decision,
        entities=_mentions(row),
        flags=tuple(sorted({flag for name in row if name.endswith("_flags") for flag in row[name] or ()})),
        issues=issues,
        rejected_by=() if accepted else tuple(sorted({it.code for it in issues if it.severity is Severity.ERROR})),
    )


def _findings(batch: pa.RecordBatch, row: Mapping[str, Any], ledger: Ledger) -> tuple[bool, tuple[Issue, ...]]:
    """Whether the article passes, and what was found: by the stages, and by the reader at its places."""
    own = Ledger()
    locators = [sighting["locator"] for sighting in row["sightings"]]
    accepted = own.judge(locators[0], findings_of(batch)[0])
    places = {split_locator(locator) for locator in locators}
    read = [issue for issue in ledger.issues if (issue.path, issue.line, issue.row) in places]
    return accepted, tuple(sorted({*own.issues, *read}))


def _outcome(row: Mapping[str, Any], release: str, accepted: bool) -> str:
    if not accepted:
        return "rejected"
    if row["status"] == "withdrawn":
        return "withdrawn"
    if release not in RELEASED:
        return "withheld"
    return "released" if release == "full" else f"released as {release}"


def _place(plan: Plan, source: str) -> SourcePlace:
    """What the source declares about where it is published."""
    places = [place for stage in plan.stages if isinstance(stage, Dates) for place in stage.places]
    return next((place for place in places if place.name == source), SourcePlace(source))


def _mentions(row: Mapping[str, Any]) -> dict[str, int] | None:
    if row["entities"] is None:
        return None
    return dict(sorted(Counter(mention["coarse_label"] for mention in row["entities"]).items()))
