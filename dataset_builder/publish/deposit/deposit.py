"""A deposit in two calls with a build between them.

The first reserves a DOI and notes it in dataset.yaml; the build puts it into card, CITATION.cff and descriptors; the
second sends that snapshot into the draft. A person looks at the draft and publishes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dataset_builder.config import Config, load_config
from dataset_builder.describe.cite import read_citation_facts
from dataset_builder.errors import OutsideError, UsageError
from dataset_builder.progress import BYTES, OnProgress, counted, silent
from dataset_builder.publish.deposit.archive import DepositFile, deposit_files
from dataset_builder.publish.deposit.doi_entry import note_doi
from dataset_builder.publish.deposit.invenio import InvenioClient, doi_of, invenio
from dataset_builder.publish.deposit.metadata import record_content
from dataset_builder.publish.deposit.places import place_of
from dataset_builder.publish.release import Release
from dataset_builder.visible import one_line


@dataclass(frozen=True)
class Deposit:
    """How far a deposit is.

    Attributes:
        place: the repository's address.
        record: the draft's identifier there; ``""`` where there is none yet.
        doi: reserved or registered; ``""`` where there is none yet.
        step: ``reserve`` or ``upload``: what this call did or would do; ``published``: nothing is left.
        files: what was sent into the draft.
        next: what to do now.
    """

    place: str
    record: str
    doi: str
    step: str
    files: tuple[str, ...] = ()
    dry_run: bool = False
    next: str = ""


def prepare_deposit(
    release: Release, place: str, corpus: Path, *, dry_run: bool = False, on_progress: OnProgress = silent
) -> Deposit:
    """Take the next step of the deposit of ``release``.

    Args:
        place: a name of ``schema/publish/places.yaml``, or an address.
        corpus: the folder with the dataset.yaml that the snapshot was built from.

    Raises:
        UsageError: no token, another corpus, a DOI of another place, metadata that the repository refuses.
        OutsideError: a fault on the way; the same call finishes the step.
    """
    repository = place_of(place)
    config = _corpus_of(release, corpus)
    if config.doi != release.doi:
        raise UsageError(
            f"dataset.yaml has the DOI {one_line(config.doi) or '(none)'}, the snapshot {release.doi or '(none)'}",
            expected="a snapshot that was built since the DOI was reserved",
            hint=f"build-dataset build {corpus}, then the same call",
        )
    with invenio(repository) as client:
        found = _Found.of(client, release)
        if found.step == "published" or dry_run:
            return found.deposit(repository.address, dry_run=dry_run)
        if found.step == "reserve":
            return _reserve(client, release, corpus, found)
        return _upload(client, release, found, on_progress)


def _corpus_of(release: Release, corpus: Path) -> Config:
    config = load_config(corpus)
    if not config.declared or (config.name, config.version) != (release.name, release.version):
        raise UsageError(
            f"{corpus} is not the corpus of {release.name} {release.version}",
            expected="the folder whose dataset.yaml the snapshot was built from",
            hint="name it with --corpus DIR; the DOI is noted there",
        )
    return config


@dataclass(frozen=True)
class _Found:
    """What is at the repository: a draft to go on with, a record to make a new version of, or nothing."""

    step: str
    draft: str = ""
    record: str = ""
    doi: str = ""

    @classmethod
    def of(cls, client: InvenioClient, release: Release) -> _Found:
        if not release.doi:
            mine = (draft for draft in client.drafts() if _is_of(draft, release))
            draft = next(mine, {})
            return cls("reserve", draft=str(draft.get("id") or ""), doi=doi_of(draft))
        identifier = _identifier(release.doi)
        record = client.record(identifier)
        if record is not None and doi_of(record) == release.doi:
            same = str((record.get("metadata") or {}).get("version")) == release.version
            return cls("published" if same else "reserve", record=identifier, doi=release.doi if same else "")
        draft_of = client.draft(identifier)
        if draft_of is not None and doi_of(draft_of) == release.doi:
            return cls("upload", draft=identifier, doi=release.doi)
        raise UsageError(
            f"{client.place.address} has no record or draft with the DOI {one_line(release.doi)}",
            expected="a DOI that was reserved there",
            hint="take doi out of dataset.yaml and build again to begin a new record, or name the place that has it",
        )

    def deposit(self, place: str, *, dry_run: bool) -> Deposit:
        return Deposit(place, self.draft or self.record, self.doi, self.step, dry_run=dry_run)


def _is_of(draft: dict[str, Any], release: Release) -> bool:
    """Whether a draft is one that an interrupted call left."""
    metadata = draft.get("metadata") or {}
    named = any(entry.get("identifier") == release.identity for entry in metadata.get("identifiers") or [])
    return named and str(metadata.get("version")) == release.version


def _identifier(doi: str) -> str:
    """InvenioRDM makes DOIs of the record's identifier: ``PREFIX/ID``, at Zenodo ``PREFIX/zenodo.ID``."""
    return doi.rpartition("/")[2].rpartition(".")[2]


def _reserve(client: InvenioClient, release: Release, corpus: Path, found: _Found) -> Deposit:
    content = record_content(read_citation_facts(release.root), restricted=release.restricted)
    if found.record:
        draft = str(client.new_version(found.record)["id"])
        current = client.update(draft, content)
    elif found.draft:
        draft, current = found.draft, client.update(found.draft, content)
    else:
        current = client.create(content)
        draft = str(current["id"])
    doi = doi_of(current) or client.reserve_doi(draft)
    note_doi(corpus, doi)
    step = f"build-dataset build {corpus}, which puts the DOI into the snapshot; then the same call"
    return Deposit(client.place.address, draft, doi, "reserve", next=step)


def _upload(client: InvenioClient, release: Release, found: _Found, on_progress: OnProgress) -> Deposit:
    content = record_content(read_citation_facts(release.root), restricted=release.restricted)
    client.update(found.draft, content)
    _require_gate(client, release, found.draft)
    with TemporaryDirectory(prefix="build-dataset-") as scratch:
        files = deposit_files(release, Path(scratch), on_progress)
        _send(client, found.draft, files, on_progress)
    wrong = _differing(client.files(found.draft), files)
    if wrong:
        raise OutsideError(
            f"the draft does not hold what was sent: {', '.join(sorted(wrong))}",
            expected="every file with its checksum",
            hint="call again; the draft is not published",
            place=client.place.address,
        )
    step = f"look at {client.place.address}/uploads/{found.draft} and publish it there; that registers the DOI"
    return Deposit(client.place.address, found.draft, found.doi, "upload", tuple(file.key for file in files), next=step)


def _require_gate(client: InvenioClient, release: Release, draft: str) -> None:
    """The files of a restricted snapshot are sent only after the draft has said that they will be restricted."""
    access = ((client.draft(draft) or {}).get("access") or {}).get("files")
    if release.restricted and access != "restricted":
        raise UsageError(
            f"the snapshot is restricted, and the draft says {one_line(str(access))}",
            expected="access to files: restricted",
            hint="set the visibility of the files to restricted in the draft",
            place=client.place.address,
        )


def _send(client: InvenioClient, draft: str, files: list[DepositFile], on_progress: OnProgress) -> None:
    there = client.files(draft)
    wrong = _differing(there, files)
    for key in sorted(set(there) & wrong):
        client.delete_file(draft, key)
    total = sum(file.bytes for file in files)
    for file in counted(files, "send", on_progress, size=lambda it: it.bytes, total=total, unit=BYTES):
        if file.key in wrong:
            client.add_file(draft, file.key, file.source)


def _differing(there: dict[str, dict[str, Any]], files: list[DepositFile]) -> set[str]:
    """Keys that are missing, too many, not complete or of another content."""
    wanted = {file.key: (file.bytes, f"md5:{file.md5}", "completed") for file in files}
    stated = {key: (entry.get("size"), entry.get("checksum"), entry.get("status")) for key, entry in there.items()}
    return {key for key in {*wanted, *stated} if wanted.get(key) != stated.get(key)}
