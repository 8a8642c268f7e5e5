"""The way from a snapshot without texts and a folder of originals to a private snapshot with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from dataset_builder.assemble import Assemble
from dataset_builder.describe.collection import solve_collection
from dataset_builder.describe.facts import Accounts, SnapshotFacts
from dataset_builder.describe.measure import measure_snapshot, tools_of
from dataset_builder.describe.write import write_descriptions
from dataset_builder.engines.spool import Spool
from dataset_builder.errors import CorpusError, UsageError
from dataset_builder.issues import Issue
from dataset_builder.linking.articles import LinkedArticles
from dataset_builder.progress import OnProgress, counted, silent
from dataset_builder.rehydrate.drift import Drift, find_drift, missing_issue, stray_issue, withdrawn_issue
from dataset_builder.rehydrate.earlier import Earlier
from dataset_builder.rehydrate.fetching import Fetching
from dataset_builder.rehydrate.originals import BATCH_ROWS, Originals
from dataset_builder.rehydrate.rebuild import Rebuild, private_release
from dataset_builder.schema import RELEASED
from dataset_builder.snapshot.pack import pack
from dataset_builder.snapshot.splits import Splits
from dataset_builder.snapshot.tally import Tally
from dataset_builder.snapshot.workspace import Workspace
from dataset_builder.sources import sources_table
from dataset_builder.stages.entities import Entities
from dataset_builder.validate.gates import SHOWN_CELLS, ReleasedTables, ReleaseGate


@dataclass(frozen=True)
class Rehydration:
    """What it came to.

    Attributes:
        earlier: identity of the snapshot that was rehydrated.
        wanted: articles whose text it withholds.
        rebuilt: those that have their text again.
        missing: ids of those without an original.
        otherwise: ids of those whose original gave another text than the catalog proves.
        fetched: how many originals were fetched.
        drifts: originals that are near an article, and not the one that was read.
        issues: all findings, in order.
    """

    out: Path
    earlier: str
    facts: SnapshotFacts
    wanted: int
    rebuilt: int
    missing: tuple[str, ...]
    otherwise: tuple[str, ...]
    fetched: int
    drifts: tuple[Drift, ...]
    issues: tuple[Issue, ...]


def rehydrate(
    snapshot: Path, originals: Path, out: Path, *, fetching: Fetching | None = None, on_progress: OnProgress = silent
) -> Rehydration:
    """Write at ``out`` the private snapshot that ``snapshot`` and ``originals`` make together.

    Neither of the two is touched, but for ``originals/fetched``, where fetched originals are kept. An original counts
    by the digest of its payload alone, wherever it lies and whatever it is called; a text is written only if its digest
    is the catalog's.

    Args:
        fetching: where missing originals are fetched from; by default from nowhere.
        on_progress: is told how far it is.

    Raises:
        UsageError: a folder is not there, or ``out`` lies in one of the others or around it.
        SnapshotError: ``snapshot`` does not verify.
        CorpusError: no text is withheld, or none of the originals is of use.
        MissingDependencyError: the model that the snapshot was annotated with is not installed.
        OutsideError: the disk failed.
    """
    _refuse_overlap(snapshot, originals, out)
    with Workspace(out) as work:
        earlier = Earlier.open(snapshot, work.scratch, on_progress)
        found = _sought(earlier, originals, on_progress)
        raw = _read(earlier, found, work.scratch)
        if fetching is not None and (absent := _missing(earlier, found)):
            fetching.fetch(absent, originals, on_progress)
            found = _sought(earlier, originals, on_progress)
            raw = _read(earlier, found, work.scratch)
        drifts, issues = _compare(earlier, found)
        issues += fetching.issues if fetching else []
        if not raw.rows:
            raise _nothing(earlier, originals, tuple(sorted(issues)))
        options = earlier.config.build
        rebuild = Rebuild(Entities(options.models, options.labels), earlier.config.extra_fields)
        articles, tally = _assemble(earlier, raw, rebuild, work.scratch, on_progress)
        facts = _write(earlier, articles, tally, work.snapshot, on_progress)
        work.publish()
    missing = tuple(entry["id"] for entry in _missing(earlier, found))
    return Rehydration(
        out,
        str(earlier.manifest["identity"]),
        facts,
        len(found.wanted),
        raw.rows - len(rebuild.otherwise),
        missing,
        tuple(sorted(rebuild.otherwise)),
        fetching.fetched if fetching else 0,
        tuple(drifts),
        tuple(sorted({*issues, *rebuild.issues, *_tools(earlier)})),
    )


def _refuse_overlap(snapshot: Path, originals: Path, out: Path) -> None:
    if not originals.is_dir():
        raise UsageError(f"there is no folder {originals}", expected="a folder of originals: --originals DIR")
    target = out.resolve()
    for folder, what in ((snapshot.resolve(), "the snapshot"), (originals.resolve(), "the originals")):
        if target.is_relative_to(folder) or folder.is_relative_to(target):
            raise UsageError(
                f"--out {out} and the folder of {what} lie in each other",
                expected="a place of its own for the private snapshot",
                hint="choose another --out; the snapshot and the originals are not written to",
            )


def _sought(earlier: Earlier, originals: Path, on_progress: OnProgress) -> Originals:
    known, wanted = frozenset(earlier.row_of), earlier.wanted()
    return Originals(originals, known, wanted, earlier.config.extra_fields, on_progress=on_progress)


def _read(earlier: Earlier, found: Originals, scratch: Path) -> Spool:
    return found.read(scratch, lambda digest: earlier.row(earlier.row_of[digest]))


def _missing(earlier: Earlier, found: Originals) -> list[dict[str, Any]]:
    return [earlier.row(row) for digest, row in earlier.row_of.items() if digest in found.wanted - found.found]


def _compare(earlier: Earlier, found: Originals) -> tuple[list[Drift], list[Issue]]:
    """What drifted, and the findings on everything that is missing, near or unknown."""
    issues = [*found.issues, *(missing_issue(entry) for entry in _missing(earlier, found))]
    if found.uncompared:
        issues.append(Issue(code="original-unknown", found=f"{found.uncompared} more, compared with nothing"))
    if not found.strays:
        return [], issues
    absent = [earlier.row(row) for digest, row in earlier.row_of.items() if digest not in found.found]
    withdrawn = {entry.id: entry.date for entry in earlier.config.withdrawals}
    kept = [stray for stray in found.strays if stray.id not in withdrawn]
    drifts, others = find_drift(kept, absent, lambda ids: _texts(earlier, ids & earlier.released))
    issues += [withdrawn_issue(stray, withdrawn[stray.id]) for stray in found.strays if stray.id in withdrawn]
    return drifts, [*issues, *(drift.issue for drift in drifts), *(stray_issue(stray) for stray in others)]


def _texts(earlier: Earlier, ids: set[str]) -> dict[str, str]:
    shards = [rows.select(["id", "body"]).to_pylist() for _, rows in earlier.articles()] if ids else []
    return {row["id"]: row["body"] for rows in shards for row in rows if row["id"] in ids}


def _nothing(earlier: Earlier, originals: Path, issues: tuple[Issue, ...]) -> CorpusError:
    if earlier.released.issuperset(earlier.catalog.column("id").to_pylist()):
        return CorpusError("the snapshot withholds no text", expected="a snapshot with withheld articles")
    return CorpusError(
        f"no file in {originals} has the digest of a withheld article",
        expected="the originals, byte by byte as they were read",
        hint="the findings name what is missing, and what is near",
        issues=issues,
    )


def _assemble(
    earlier: Earlier, raw: Spool, rebuild: Rebuild, scratch: Path, on_progress: OnProgress
) -> tuple[LinkedArticles, Tally]:
    """All articles: those rebuilt, those that the snapshot holds, and those that stay without text."""
    schema = Assemble(earlier.schemas["articles"], "").output
    tally = Tally()
    done: set[str] = set()

    def batches() -> Iterator[pa.RecordBatch]:
        rebuilt = _rows(earlier, raw, rebuild, lambda: done)
        for rows in counted(rebuilt, "process", on_progress, size=len, total=earlier.catalog.num_rows):
            done.update(row["id"] for row in rows)
            if rows:
                batch = pa.RecordBatch.from_pylist(rows, schema=schema)
                tally.add(batch)
                yield batch

    return LinkedArticles(Spool.write(scratch / "articles.arrow", schema, batches()), {}), tally


def _rows(
    earlier: Earlier, raw: Spool, rebuild: Rebuild, done: Callable[[], set[str]]
) -> Iterator[Sequence[dict[str, Any]]]:
    for batch in raw.read():
        digests = batch.column("payload_sha256").to_pylist()
        entries = [earlier.row(earlier.row_of[digest]) for digest in digests]
        yield rebuild.rows(batch, {entry["id"]: entry for entry in entries})
    private = private_release()
    for family, rows in earlier.articles():
        held = {**private, "family": family}
        for batch in rows.to_batches(max_chunksize=BATCH_ROWS):
            yield [{**row, **held} for row in batch.to_pylist()]
    for batch in earlier.catalog.to_batches(max_chunksize=BATCH_ROWS):
        yield [_without_text(row) for row in batch.to_pylist() if row["id"] not in done()]


def _without_text(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the catalog whose original was not found: an excerpt or features stay in the snapshot that has them."""
    return {**row, "release": "metadata"} if row["release"] in RELEASED else row


def _write(
    earlier: Earlier, articles: LinkedArticles, tally: Tally, root: Path, on_progress: OnProgress
) -> SnapshotFacts:
    """Pack, describe and seal as a build does; the accounts go on from the snapshot's own."""
    config = earlier.config
    sources = sources_table(config, tally, earlier.schemas["sources"])
    gate = (ReleaseGate(SHOWN_CELLS), ReleasedTables().check)
    splits = Splits.of(config.build.splits, tally)
    packed = pack(root, articles, tally, dict(earlier.schemas), sources, *gate, on_progress=on_progress, splits=splits)
    before: Mapping[str, int] = earlier.manifest["accounts"]
    released = len(tally.articles)
    accounts = Accounts(
        before["read"], released, len(tally.catalog) - released,
        before["rejected"], before["merged"], before["withdrawn"],
    )  # fmt: skip
    facts = measure_snapshot(config, packed, tally, accounts, solve_collection(config, tally))
    write_descriptions(root, facts, on_progress)
    return facts


def _tools(earlier: Earlier) -> Iterator[Issue]:
    """Tools that entities depend on, where they are not those of the snapshot."""
    tools = earlier.manifest.get("tools")
    recorded = tools if isinstance(tools, dict) else {}
    for name, version in tools_of(earlier.config):
        if name.startswith(("spacy", "model:")) and recorded.get(name) != version:
            yield Issue(code="tool-differs", found=f"{name} {version}", expected=str(recorded.get(name)))
