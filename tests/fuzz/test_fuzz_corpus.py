"""The short form of ``make fuzz``: every input that was once a find, every seed, and a handful of seeded mutations."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fuzz_registry import TARGETS

from mutation import mutated

CORPUS = Path(__file__).parent / "corpus"
#: Of each target, in the short form; a reader behind a library takes ten times as long.
MUTATIONS = {True: 10, False: 60}
OPTIONAL = {"fastwarc": "the extra [warc] is not installed"}


def test_every_kept_input_has_its_target() -> None:
    kept = {folder.name for folder in CORPUS.iterdir()}
    assert kept, "the corpus is empty"
    assert kept <= set(TARGETS)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_target(name: str) -> None:
    target = TARGETS[name]
    if target.library in OPTIONAL:
        pytest.importorskip(target.library, reason=OPTIONAL[target.library])
    feed = target.prepare()
    kept = [path.read_bytes() for path in sorted((CORPUS / name).glob("*"))]
    inputs = [*kept, *target.seeds, b""]
    draw = random.Random(20241105)
    inputs += [mutated(draw, inputs) for _ in range(MUTATIONS[bool(target.library)])]
    for content in inputs:
        feed(content)
