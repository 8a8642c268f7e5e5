"""What the build found in the originals, by kind, from the document that ``build --json`` prints.

A snapshot does not hold its findings, as they quote and place what it withholds: see
docs/decisions/findings-in-a-report.md. Whoever built it has them; the report says how many there are of each kind, and
neither where nor about what.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataset_builder.errors import UsageError
from dataset_builder.issues import IssueKind, Severity, issue_kinds
from dataset_builder.regular_file import read_regular
from dataset_builder.visible import one_line

#: A million findings of some hundred bytes are below; what is larger is no such document.
MOST_BYTES = 1 << 30
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_HINT = "build-dataset build DIR --json > build.json writes one, together with the snapshot"


@dataclass(frozen=True)
class BuildFindings:
    """Findings by kind.

    Attributes:
        kinds: (kind, how many), errors first, then the most frequent.
        others: how many have a code that this version does not know.
    """

    kinds: tuple[tuple[IssueKind, int], ...]
    others: int

    @property
    def total(self) -> int:
        """All findings."""
        return sum(count for _, count in self.kinds) + self.others


def read_build_findings(path: Path, identity: str) -> BuildFindings:
    """The findings in the document at ``path`` of the build that made the snapshot with ``identity``.

    Raises:
        UsageError: it is no such document, or that of another snapshot.
    """
    document = _read(path)
    if document.get("identity") != identity:
        raise UsageError(
            f"{path} tells of the build of {one_line(str(document.get('identity')), 90)}",
            expected=f"the build of this snapshot, {identity}",
            hint=_HINT,
        )
    issues = document["issues"]
    counts = Counter(issue.get("code") if isinstance(issue, dict) else None for issue in issues)
    known = [(kind, counts[code]) for code, kind in issue_kinds().items() if counts[code]]
    known.sort(key=lambda entry: (_RANK[entry[0].severity], -entry[1], entry[0].code))
    return BuildFindings(tuple(known), len(issues) - sum(count for _, count in known))


def _read(path: Path) -> dict[str, Any]:
    expected = "what build-dataset build --json prints"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path} is larger than {MOST_BYTES} bytes", expected=expected, hint=_HINT)
        document = json.loads(read_regular(path, MOST_BYTES))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}", expected=expected, hint=_HINT) from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path} is not JSON", expected=expected, hint=_HINT) from None
    if not isinstance(document, dict) or not isinstance(document.get("issues"), list):
        raise UsageError(f"{path} holds no findings of a build", expected=expected, hint=_HINT)
    return document
