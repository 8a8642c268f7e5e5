"""All targets, by name."""

from __future__ import annotations

import targets_of_libraries
import targets_of_readers
import targets_of_snapshots
import targets_of_text
from fuzz_target import Target

_ALL = (
    *targets_of_text.TARGETS,
    *targets_of_readers.TARGETS,
    *targets_of_snapshots.TARGETS,
    *targets_of_libraries.TARGETS,
)
TARGETS: dict[str, Target] = {target.name: target for target in _ALL}
if len(TARGETS) != len(_ALL):
    raise ValueError("two targets have one name")
