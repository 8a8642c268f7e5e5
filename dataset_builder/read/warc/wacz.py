"""WACZ (https://specs.webrecorder.net/wacz/1.1.1/): a ZIP of WARC files, digested in its datapackage.json."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import SEEK_END
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from dataset_builder.issues import Issue
from dataset_builder.limits import Limits
from dataset_builder.read.context import InputFile
from dataset_builder.read.record import RawRecord, Rejection
from dataset_builder.read.streams import StreamError, expanded, open_raw
from dataset_builder.read.warc.reader import read_archive
from dataset_builder.visible import one_line

_ARCHIVES = "archive/"
_DESCRIPTOR = "datapackage.json"
_DESCRIPTOR_BYTES = 64 * 1024 * 1024
_CHUNK_BYTES = 1 << 20
#: What is compressed hardly shrinks when it is compressed again; below so many bytes the ratio says nothing.
_COMPRESSED_TWICE = 4
_TWICE_FLOOR_BYTES = 1024 * 1024


def read_wacz(file: InputFile) -> Iterator[RawRecord | Rejection]:
    """Yield the articles of every WARC file inside; an inner file with another digest than stated is not read."""
    try:
        with open_raw(file) as raw, zipfile.ZipFile(raw) as package:
            digests = _stated_digests(package)
            names = sorted(name for name in package.namelist() if _is_archive(name))
            if (issue := _overlapping(package, raw)) is not None:
                yield Rejection(replace(issue, path=file.locator))
                return
            if not names:
                yield Rejection(Issue(file.locator, code="archive-without-pages", found="no archive/*.warc inside"))
            for name in names:
                yield from _inner(file, package, name, digests.get(name))
    except StreamError as error:
        yield Rejection(error.issue)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        found = one_line(str(error) or type(error).__name__)
        yield Rejection(Issue(file.locator, code="archive-damaged", found=found, expected="a WACZ file"))


def _inner(file: InputFile, package: zipfile.ZipFile, name: str, stated: str | None) -> Iterator[RawRecord | Rejection]:
    place = f"{file.locator}!{one_line(name)}"
    if (bomb := _grown(package.getinfo(name), file.limits)) is not None:
        yield Rejection(replace(bomb, path=file.locator))
        return
    if stated is not None and stated != (found := _digest(package, name)):
        issue = Issue(file.locator, code="archive-index-mismatch", found=found, expected=one_line(stated))
        yield Rejection(issue)
        return
    suffix = PurePosixPath(name).suffix.lower()
    with package.open(name) as member, expanded(cast(BinaryIO, member), file.locator, suffix, file.limits) as stream:
        yield from read_archive(file, stream, place)


def _overlapping(package: zipfile.ZipFile, raw: BinaryIO) -> Issue | None:
    """The finding where the members claim more bytes than the file has: then they lie on top of each other.

    A few megabytes can stand for petabytes so (Fifield, "A better zip bomb", WOOT 2019), each member within its ratio.
    """
    claimed, size = sum(info.compress_size for info in package.infolist()), raw.seek(0, SEEK_END)
    if claimed <= size:
        return None
    return Issue(code="compression-bomb", found=f"members of {claimed} bytes", expected=f"at most the file's {size}")


def _grown(info: zipfile.ZipInfo, limits: Limits) -> Issue | None:
    """The finding where a member grows too much; one that is compressed itself grows again when it is read."""
    ratio, most = limits.unpacked_ratio, limits.unpacked_bytes(info.compress_size)
    if info.filename.lower().endswith(".gz"):
        ratio, most = _COMPRESSED_TWICE, max(_TWICE_FLOOR_BYTES, _COMPRESSED_TWICE * info.compress_size)
    if info.file_size <= most:
        return None
    found, expected = f"{info.file_size} bytes from {info.compress_size}", f"at most {ratio} from each compressed byte"
    return Issue(code="compression-bomb", found=found, expected=expected)


def _is_archive(name: str) -> bool:
    return name.startswith(_ARCHIVES) and name.lower().endswith((".warc", ".warc.gz"))


def _stated_digests(package: zipfile.ZipFile) -> dict[str, str]:
    """The digests of datapackage.json by path, ``algorithm:hex``; empty where there is none."""
    if _DESCRIPTOR not in package.namelist() or package.getinfo(_DESCRIPTOR).file_size > _DESCRIPTOR_BYTES:
        return {}
    try:
        described = json.loads(package.read(_DESCRIPTOR))
    except (ValueError, RecursionError):
        return {}
    resources = described.get("resources") if isinstance(described, dict) else None
    return {
        entry["path"]: entry["hash"]
        for entry in (resources if isinstance(resources, list) else [])
        if isinstance(entry, dict) and isinstance(entry.get("path"), str) and isinstance(entry.get("hash"), str)
    }


def _digest(package: zipfile.ZipFile, name: str) -> str:
    sha256 = hashlib.sha256()
    with package.open(name) as member:
        while chunk := member.read(_CHUNK_BYTES):
            sha256.update(chunk)
    return f"sha256:{sha256.hexdigest()}"
