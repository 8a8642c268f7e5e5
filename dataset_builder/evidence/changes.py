"""What has changed at a source since it was last looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dataset_builder.evidence.archive import SUFFIX, Kept


@dataclass(frozen=True, slots=True)
class Change:
    """One address whose answer is another than before.

    Attributes:
        what: changed, gone or new.
        before, after: record, date, status and digest of then and of now; None where there is none.
    """

    url: str
    what: str
    before: Kept | None
    after: Kept | None


def latest_archive(folder: Path, source: str) -> Path | None:
    """The newest archive of a source in ``folder``."""
    stamp = "[0-9]" * 8 + "T" + "[0-9]" * 6 + "Z"
    return max(folder.glob(f"{source}-{stamp}{SUFFIX}"), default=None)


def compare(before: Sequence[Kept], after: Sequence[Kept]) -> list[Change]:
    """The addresses of both, in order, whose status or content differ."""
    old, new = ({kept.url: kept for kept in found} for found in (before, after))
    changes = []
    for url in sorted(old.keys() | new.keys()):
        one, other = old.get(url), new.get(url)
        if one is None or other is None:
            changes.append(Change(url, "new" if one is None else "gone", one, other))
        elif (one.status, one.sha256) != (other.status, other.sha256):
            changes.append(Change(url, "changed", one, other))
    return changes
