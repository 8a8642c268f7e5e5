"""The files of a snapshot by their names: what no build writes has no place in one, and no place to hide."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from dataset_builder.access import TERMS
from dataset_builder.issues import Issue
from dataset_builder.rights.classes import PRIVATE_FAMILY, rights_classes
from dataset_builder.snapshot.restated import split_names
from dataset_builder.snapshot.stated import BY_FAMILY
from dataset_builder.split_options import REST
from dataset_builder.visible import one_line

#: Texts of which each is a file of its own.
_SINGLE = ("README.md", "CITATION.cff", "croissant.json", "datapackage.json", "withdrawals.json", TERMS)
_MONTH = r"(?:\d{4}-\d{2}|undated)"
_JSON = ("manifest.json", "datapackage.json", "croissant.json", "withdrawals.json")


def check_layout(root: Path, manifest: Mapping[str, Any], entries: Iterable[str]) -> Iterator[Issue]:
    """A finding for each file that is of no kind of ours, for each empty folder, and for each key of JSON said twice.

    Args:
        entries: the paths that the manifest lists.
    """
    known = _known(split_names(manifest))
    for path in entries:
        if not known.fullmatch(path):
            expected = "the name of a shard, a description, a licence or a figure"
            yield Issue(one_line(path), code="file-unexpected", found="a file of no kind of ours", expected=expected)
    for folder, subfolders, names in os.walk(root):
        subfolders.sort()
        if not subfolders and not names:
            path = one_line(Path(folder).relative_to(root).as_posix())
            yield Issue(path, code="file-unexpected", found="an empty folder", expected="folders with files")
    for path in _JSON:
        if (root / path).is_file():
            for key in _repeated((root / path).read_bytes()):
                found = f"{one_line(key)} more than once"
                yield Issue(path, code="statement-wrong", found=found, expected="each key once")


def _known(splits: Iterable[str]) -> re.Pattern[str]:
    """The paths that a build with these splits may write."""
    families = "|".join(
        sorted({*(entry.family for entry in rights_classes().values() if entry.family), PRIVATE_FAMILY})
    )
    names = "|".join(re.escape(name) for name in splits)
    shard = rf"{_MONTH}-\d{{5}}\.parquet"
    return re.compile(
        "|".join(
            [
                *(re.escape(name) for name in _SINGLE),
                r"LICENSES/[A-Za-z0-9.+-]+\.txt",
                r"figures/articles-by-(?:year|licence)\.svg",
                rf"(?:{'|'.join(BY_FAMILY)})/(?:{families})/(?:{names})-{shard}",
                rf"entities/(?:{names})-{shard}",
                rf"catalog/{REST}-{shard}",
                rf"sources/{REST}-00000\.parquet",
            ]
        )
    )


def _repeated(text: bytes) -> list[str]:
    """Keys that an object of a JSON text has more than once: of two readers, one believes the first."""
    repeated: list[str] = []

    def pairs(members: list[tuple[str, Any]]) -> None:
        if len(members) > len({key for key, _ in members}):
            keys = [key for key, _ in members]
            repeated.extend(sorted({key for key in keys if keys.count(key) > 1}))

    json.loads(text, object_pairs_hook=pairs)
    return sorted(set(repeated))
