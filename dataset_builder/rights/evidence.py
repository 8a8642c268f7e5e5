"""What the sources of a corpus declare, looked at once: licences that cannot be read, evidence gone or changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from dataset_builder.issues import Issue
from dataset_builder.rights.permissions import read_scope
from dataset_builder.rights.reading import UNKNOWN, read_license
from dataset_builder.rights.terms import SourceTerms
from dataset_builder.visible import one_line

_CHUNK = 1 << 20


#: SHA-256 of one record of a web archive, by the archive's path and the record's id; None where it is not there.
RecordDigest = Callable[[Path, str], str | None]


def check_sources(
    sources: Iterable[SourceTerms],
    folder: Path,
    created: date | None = None,
    record_sha256: RecordDigest = lambda _path, _record: None,
) -> tuple[tuple[SourceTerms, ...], tuple[Issue, ...]]:
    """The sources as the rights stage may use them, and what is wrong with them.

    A source whose evidence file is missing or has another digest comes back with ``evidence_broken``; its licence and
    its permission then release nothing.

    Args:
        sources: the rights parts of ``sources`` in dataset.yaml.
        folder: the corpus; evidence files stand below it.
        created: the snapshot's declared date; permissions expire by it.
        record_sha256: reads a record of a web archive, for evidence that is one (``archive.warc.gz#urn:uuid:…``).
    """
    checked: list[SourceTerms] = []
    issues: list[Issue] = []
    for terms in sources:
        found = [*_of_license(terms), *_of_permission(terms, created)]
        broken = _of_evidence(terms, folder, record_sha256)
        path = terms.locator.partition(":")[0]
        named = (*found, *broken)
        issues += [replace(issue, path=path, found=f"{one_line(terms.name, 60)}: {issue.found}") for issue in named]
        checked.append(replace(terms, evidence_broken=bool(broken)))
    return tuple(checked), tuple(issues)


def _of_license(terms: SourceTerms) -> list[Issue]:
    if not terms.license:
        return []
    reading = read_license(terms.license, field="sources.license", owners=terms.owners())
    if reading.kind != UNKNOWN or reading.expression is not None:
        return list(reading.findings)
    return [replace(issue, code="source-license-unread") for issue in reading.findings]


def _of_permission(terms: SourceTerms, created: date | None) -> list[Issue]:
    if not terms.permission:
        return []
    found: list[Issue] = []
    if unread := read_scope(terms.permission_scope)[1]:
        expected = "full, excerpt or features, and limits such as restricted or noncommercial"
        field = "sources.permission_scope"
        found.append(Issue(code="permission-scope-unknown", field=field, found=unread, expected=expected))
    if not terms.license_evidence:
        found.append(Issue(code="permission-without-evidence", field="sources.license_evidence", found="no evidence"))
    last_day = terms.last_day()
    if last_day is not None and (created is None or created > last_day):
        code = "permission-undated" if created is None else "permission-expired"
        found.append(Issue(code=code, field="sources.permission_expires", found=str(terms.permission_expires)))
    return found


def _of_evidence(terms: SourceTerms, folder: Path, record_sha256: RecordDigest) -> list[Issue]:
    """What is wrong with the evidence's file; evidence that is an address alone is not looked at."""
    locator = terms.evidence_file()
    if locator is None:
        return []
    field = "sources.license_evidence"
    name, mark, record = locator.partition("#")
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return [Issue(code="evidence-missing", field=field, found=one_line(name), expected="a file below the corpus")]
    expected = terms.evidence().sha256
    try:
        digest = record_sha256(path, record) if mark else _sha256(path)
    except OSError as error:
        return [Issue(code="evidence-missing", field=field, found=one_line(f"{name}: {error.strerror}"))]
    if digest is None:
        found = f"no record {one_line(record)} in {one_line(name)}"
        hint = "web archives are read with the extra warc: pip install 'news-dataset-builder[warc]'"
        return [Issue(code="evidence-missing", field=field, found=found, expected="a record of the archive", hint=hint)]
    if expected and digest != expected.lower():
        return [Issue(code="evidence-changed", field=field, found=f"sha256 {digest}", expected=f"sha256 {expected}")]
    return []


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
