"""The whole of ``build-dataset evidence``: capture, keep, compare with the last time, propose; later accept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urldefrag

from dataset_builder.config import Config, Source, load_config
from dataset_builder.config_check import CONFIG_NAME
from dataset_builder.config_edit import edit_config
from dataset_builder.errors import OutsideError, UsageError
from dataset_builder.evidence.archive import Kept, archive_name, read_kept, write_archive
from dataset_builder.evidence.capture import Captured, capture
from dataset_builder.evidence.changes import Change, compare, latest_archive
from dataset_builder.evidence.proposal import SUFFIX, Proposal, read_proposal, with_proposal
from dataset_builder.evidence.statements import Statement, opt_outs_of, statements_of
from dataset_builder.issues import Issue
from dataset_builder.nearest import nearest_hint
from dataset_builder.progress import OnProgress, silent
from dataset_builder.read.safe_open import outside
from dataset_builder.rights.reading import GRANT, RESERVATION, read_license
from dataset_builder.visible import one_line
from dataset_builder.web.visitor import Visitor

#: Below the corpus.
FOLDER = "evidence"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a run came to.

    Attributes:
        source: the source that was asked.
        archive: the new archive, below the corpus, in POSIX form.
        captured: every address that was asked for.
        kept: the responses in the archive.
        statements: what pages say about licences.
        opt_outs: signals against mining or AI use, with the address that sends them.
        earlier: the archive that was compared with, or empty.
        changes: what is another since then.
        proposal: what a person is asked to accept; None where no page of terms was captured.
        issues: all findings.
    """

    source: Source
    archive: str
    captured: tuple[Captured, ...]
    kept: tuple[Kept, ...]
    statements: tuple[Statement, ...]
    opt_outs: tuple[tuple[str, str], ...]
    earlier: str
    changes: tuple[Change, ...]
    proposal: Proposal | None
    issues: tuple[Issue, ...]


def gather(
    name: str, folder: Path, visitor: Visitor, *, now: datetime | None = None, on_progress: OnProgress = silent
) -> Gathered:
    """Ask a source for its terms, once, and keep what it says in ``folder/evidence``.

    Args:
        name: the source, as dataset.yaml calls it.
        now: the time that the archive is named after; default: the clock's.
        on_progress: is told which of the addresses have been asked.

    Raises:
        UsageError: there is no such source or folder.
        ConfigError: the source has no address.
        MissingDependencyError: the extra ``evidence`` is not installed.
        OutsideError: nothing answered, or the disk failed.
    """
    config = load_config(folder)
    source = _source(config, name)
    place = _evidence_folder(folder)
    before = latest_archive(place, source.name)
    captured = capture(source, visitor, on_progress)
    if not any(item.visit.hops for item in captured):
        reasons = {item.visit.failure for item in captured if item.visit.failure}
        raise OutsideError(
            f"the source {source.name} gave no answer: {one_line('; '.join(sorted(reasons)), 300)}",
            expected="a site that answers",
            hint="look at its address in dataset.yaml, and at the network",
        )
    at = (now or datetime.now(UTC)).replace(microsecond=0)
    path = place / archive_name(source.name, at)
    kept = write_archive(path, captured, source=source.name, at=at)
    statements = tuple(statement for item in captured for statement in statements_of(item))
    opt_outs = tuple((item.visit.url, signal) for item in captured for signal in opt_outs_of(item))
    changes = compare(read_kept(before), kept) if before else []
    locator = f"{FOLDER}/{path.name}"
    proposal = _propose(source, captured, kept, statements, opt_outs, locator)
    if proposal is not None:
        (place / f"{source.name}{SUFFIX}").write_text(proposal.text(), encoding="utf-8")
    issues = _findings(source, captured, statements, opt_outs, changes)
    return Gathered(
        source, locator, tuple(captured), tuple(kept), statements, opt_outs,
        f"{FOLDER}/{before.name}" if before else "", tuple(changes), proposal, tuple(issues),
    )  # fmt: skip


def accept(name: str, folder: Path) -> Proposal:
    """Put the proposal that waits for a source into dataset.yaml, and take it from ``folder/evidence``.

    Raises:
        UsageError: there is no such source or proposal, or dataset.yaml cannot take it.
        ConfigError: the proposal was changed into something else.
    """
    source = _source(load_config(folder), name)
    place = _evidence_folder(folder)
    proposal = read_proposal(place, source.name)
    edit_config(folder, lambda text: with_proposal(text, proposal))
    (place / f"{source.name}{SUFFIX}").unlink()
    return proposal


def _source(config: Config, name: str) -> Source:
    names = [source.name for source in config.sources]
    found = config.source(name)
    if found is None or not config.declared:
        expected = "a source of dataset.yaml: " + ", ".join(names[:20]) if config.declared else "a dataset.yaml"
        raise UsageError(f"no source {one_line(name)!r}", expected=expected, hint=nearest_hint(name, names))
    return found


def _evidence_folder(folder: Path) -> Path:
    place = folder / FOLDER
    if place.is_symlink() or (place.exists() and (not place.is_dir() or outside(place, folder, FOLDER))):
        raise UsageError(f"{FOLDER} is no folder of the corpus", expected=f"a folder {place}, or none")
    return place


def _propose(
    source: Source,
    captured: Sequence[Captured],
    kept: Sequence[Kept],
    statements: Sequence[Statement],
    opt_outs: Sequence[tuple[str, str]],
    locator: str,
) -> Proposal | None:
    """The page that shows the licence: one that states it, else the page of terms, for a person to read."""
    by_url = {entry.url: entry for entry in kept}
    pages = [item for item in captured if item.role in ("terms", "home") and item.visit.answer is not None]
    declared = read_license(source.license).expression if source.license else None
    showing = [said for said in statements if said.reading.expression == declared] if declared else []
    grants = [said for said in statements if said.reading.kind == GRANT]
    chosen = [*(said.url for said in (*showing, *([] if declared else grants))), *_answers(pages, "terms")]
    if not chosen:
        return None
    record = by_url[chosen[0]]
    evidence = {
        "url": record.url,
        "observed_at": record.date[:10],
        "sha256": record.sha256,
        "path": f"{locator}#{record.record}",
    }
    values: dict[str, object] = {"license_evidence": evidence}
    if source.terms_url and (terms := by_url.get(next(iter(_answers(pages, "terms")), ""))):
        values["terms_sha256"] = terms.sha256
    return Proposal(source.name, values, tuple(_reasons(source, chosen[0], showing, statements, opt_outs)))


def _answers(pages: Sequence[Captured], role: str) -> list[str]:
    return [page.visit.answer.url for page in pages if page.role == role and page.visit.answer is not None]


def _reasons(
    source: Source,
    url: str,
    showing: Sequence[Statement],
    statements: Sequence[Statement],
    opt_outs: Sequence[tuple[str, str]],
) -> list[str]:
    """What a person should know before accepting; every line is one line, whatever the page says."""
    shown = one_line(url, 300)
    if showing:
        lines = [f"{shown} states {source.license}, as dataset.yaml declares."]
    elif source.license:
        lines = [f"Nobody has read {one_line(source.license)} in these pages: read {shown} before you accept this."]
    else:
        lines = [f"dataset.yaml declares no license for {source.name}; evidence alone releases nothing."]
    for said in statements:
        lines.append(f"read at {one_line(said.url, 300)}, {said.how}: {said.words} -> {said.reading.expression or '?'}")
    lines += [f"opt-out at {one_line(place, 300)}: {one_line(signal)}" for place, signal in opt_outs]
    return [*lines, f"To accept it: build-dataset evidence {source.name} --accept"]


def _findings(
    source: Source,
    captured: Sequence[Captured],
    statements: Sequence[Statement],
    opt_outs: Sequence[tuple[str, str]],
    changes: Sequence[Change],
) -> list[Issue]:
    def issue(code: str, found: str, expected: str = "") -> Issue:
        where = f"{source.name}: {one_line(found, 300)}"
        return Issue(CONFIG_NAME, source.line, field="sources", code=code, found=where, expected=expected)

    issues = []
    for item in captured:
        status = item.visit.hops[-1].status if item.visit.hops else 0
        if item.visit.failure:
            code = "evidence-robots-barred" if item.visit.barred else "evidence-not-fetched"
            issues.append(issue(code, f"{item.visit.url}: {item.visit.failure}"))
        elif item.visit.answer is None and item.role in ("terms", "home"):
            issues.append(issue("evidence-not-fetched", f"{item.visit.url}: status {status}", "a page"))
    issues += [issue("evidence-opt-out", f"{url} says {signal}") for url, signal in opt_outs]
    issues += [issue("evidence-not-as-before", f"{change.url} is {change.what}{_since(change)}") for change in changes]
    declared = read_license(source.license).expression if source.license else None
    for said in statements:
        if declared and said.reading.kind in (GRANT, RESERVATION) and said.reading.expression != declared:
            found = f"{urldefrag(said.url).url} says “{said.words}”, read as {said.reading.expression}"
            issues.append(issue("evidence-license-differs", found, f"{source.license}, as dataset.yaml declares"))
    if not statements:
        issues.append(issue("evidence-without-license", "no page states a licence that is understood"))
    return sorted(set(issues))


def _since(change: Change) -> str:
    if change.before is None:
        return ""
    status = f", status {change.before.status}" if change.after and change.after.status != change.before.status else ""
    return f" since {change.before.date[:10]}{status}"
