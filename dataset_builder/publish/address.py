"""Addresses of targets: ``hf://datasets/ORG/NAME[@REVISION]``, ``s3://BUCKET/PREFIX``, a folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from dataset_builder.addresses import shown_argument
from dataset_builder.errors import UsageError
from dataset_builder.visible import is_unsafe

HUB, S3 = "hf://", "s3://"
_DATASETS = "datasets/"
#: huggingface_hub's rule for the halves of a repository's name (validate_repo_id), where the namespace is required.
_REPO = re.compile(r"(?=[^/]{1,96}/)[A-Za-z0-9]([\w.-]*\w)?/(?=.{1,96}$)[A-Za-z0-9_]([\w.-]*\w)?", re.ASCII)
#: A commit, a tag or a branch as git takes them, without what a URL would turn.
_REVISION = re.compile(r"[A-Za-z0-9][\w./-]{0,199}", re.ASCII)
#: Amazon S3 User Guide, "General purpose bucket naming rules".
_BUCKET = re.compile(r"(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)")
#: "Object key naming guidelines": characters that are safe everywhere.
_PREFIX = re.compile(r"[\w!.*'()-]+(/[\w!.*'()-]+)*", re.ASCII)


@dataclass(frozen=True)
class HubAddress:
    """A dataset repository on the Hub; ``revision`` is ``""`` where none is named."""

    repo_id: str
    revision: str = ""

    def __str__(self) -> str:
        return f"{HUB}{_DATASETS}{self.repo_id}" + (f"@{self.revision}" if self.revision else "")


@dataclass(frozen=True)
class S3Address:
    """Keys of a bucket that begin with ``prefix/``; the empty prefix is the whole bucket."""

    bucket: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"{S3}{self.bucket}" + (f"/{self.prefix}" if self.prefix else "")


@dataclass(frozen=True)
class FolderAddress:
    """A folder of this machine."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)


Address = HubAddress | S3Address | FolderAddress


def is_remote(text: str) -> bool:
    """Whether an argument names something that has to be fetched."""
    return "://" in text


def parse_address(text: str) -> Address:
    """The target that ``text`` names.

    Raises:
        UsageError: it names none, or one with a name that the place forbids.
    """
    if text.startswith(HUB):
        return _hub(text)
    if text.startswith(S3):
        return _s3(text)
    if is_remote(text) or not text.strip():
        raise UsageError(
            f"the target {shown_argument(text)!r}",
            expected=f"{HUB}{_DATASETS}ORG/NAME, {S3}BUCKET/PREFIX or a folder",
            hint="other places can be reached by publishing to a folder and copying it",
        )
    return FolderAddress(Path(text))


def _hub(text: str) -> HubAddress:
    rest = text.removeprefix(HUB)
    name, at, revision = rest.removeprefix(_DATASETS).partition("@")
    allowed = (
        rest.startswith(_DATASETS)
        and _REPO.fullmatch(name) is not None
        and "--" not in name
        and ".." not in name
        and not name.endswith(".git")
        and (not at or (_REVISION.fullmatch(revision) is not None and ".." not in revision))
    )
    if not allowed:
        raise UsageError(
            f"the Hub does not take the name {shown_argument(text)!r}",
            expected=f"{HUB}{_DATASETS}ORG/NAME: letters, digits, '-', '_' and '.', no '--' or '..', at most 96 each",
            hint="choose another name, such as hf://datasets/my-org/harbour-briefs",
        )
    return HubAddress(name, revision)


def _s3(text: str) -> S3Address:
    bucket, _, prefix = text.removeprefix(S3).partition("/")
    prefix = prefix.removesuffix("/")
    named = _BUCKET.fullmatch(bucket) is not None
    clean = not prefix or (_PREFIX.fullmatch(prefix) is not None and not {".", ".."} & set(prefix.split("/")))
    if not named or not clean or is_unsafe(text) or len(prefix) > 512:
        raise UsageError(
            f"S3 does not take the name {shown_argument(text)!r}",
            expected=f"{S3}BUCKET/PREFIX: a bucket of 3 to 63 small letters, digits, '-' and '.', and a plain prefix",
            hint="choose another name, such as s3://my-bucket/harbour-briefs",
        )
    return S3Address(bucket, prefix)
