"""Accounts and tombstones: numbers that no row shows, as far as they bind each other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.schema import RELEASED
from dataset_builder.snapshot.differences import differences
from dataset_builder.snapshot.manifest import MANIFEST
from dataset_builder.snapshot.withdrawn_check import TOMBSTONES

_DIGEST = re.compile(r"[0-9a-f]{64}")
#: What a tombstone has beside the members that the manifest repeats: the digest of its erased row.
_KEPT = "row_sha256"


def check_accounts(root: Path, manifest: Mapping[str, Any]) -> Iterator[Issue]:
    """Findings about accounts below nothing, tombstones that differ or lack, and releases that nobody asked for."""
    accounts = manifest["accounts"]
    for name, count in accounts.items():
        if type(count) is not int or count < 0:
            yield Issue(MANIFEST, field=f"accounts.{name}", code="accounts-wrong", found=str(count)[:80])
    stated = json.loads((root / TOMBSTONES).read_bytes()) if (root / TOMBSTONES).is_file() else []
    plain = [{key: value for key, value in entry.items() if key != _KEPT} for entry in stated]
    yield from differences(TOMBSTONES, plain, manifest["withdrawals"])
    for entry in stated:
        if _KEPT in entry and not (isinstance(entry[_KEPT], str) and _DIGEST.fullmatch(entry[_KEPT])):
            yield Issue(TOMBSTONES, field=_KEPT, code="statement-wrong", found="no digest", expected="64 hex digits")
    if accounts["withdrawn"] > len(manifest["withdrawals"]):
        found, expected = f"{accounts['withdrawn']} withdrawn", f"a tombstone for each, and not {len(stated)}"
        yield Issue(MANIFEST, field="accounts.withdrawn", code="accounts-wrong", found=found, expected=expected)
    modes = (*RELEASED, "metadata")
    for mode in manifest["release_counts"]:
        if modes.index(mode) < modes.index(manifest["release"]):
            found = f"articles released as {mode}"
            yield Issue(
                MANIFEST,
                field="release",
                code="statement-wrong",
                found=found,
                expected=f"at most {manifest['release']}",
            )
