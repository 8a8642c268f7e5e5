"""Strict F1 of entities, before and after resolution, on a gold set that lies beside the repository."""

import hashlib
from pathlib import Path

import pytest
from entities_gold import COARSE, GoldDocument, Score, read_gold, score
from floors import hold

from dataset_builder.stages.entities.labels import coarse_label
from dataset_builder.stages.entities.recognise import recognise
from dataset_builder.stages.entities.resolve import resolve
from dataset_builder.stages.entities.stage import DEFAULT_MODELS

GOLD = Path(__file__).parents[3] / "shared" / "data" / "uner-ewt-dev" / "en_ewt-ud-dev.iob2"
GOLD_SHA256 = "0cafd881cf31d39897b6d588420fab8fbbe4423d271725c59921ac9dd49c0713"
JOINTS = {"lines": "\n", "spaces": " "}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not GOLD.is_file(), reason=f"the gold set is not at {GOLD}"),
]


def measured(documents: list[GoldDocument]) -> tuple[list[str], Score, Score]:
    """A line a label, and the scores of the bare model and of the resolved mentions."""
    ((language, model),) = DEFAULT_MODELS
    found = recognise(model, language, [document.text for document in documents])
    gold = [document.spans for document in documents]
    bare = [[(span.start, span.end, coarse_label(span.label)) for span in spans] for spans in found]
    resolved = [
        [(mention.start, mention.end, mention.coarse_label) for mention in resolve(document.text, spans)]
        for document, spans in zip(documents, found, strict=True)
    ]
    lines = [
        f"{label or 'all':4} bare {score(gold, bare, label)}  resolved {score(gold, resolved, label)}"
        for label in ("", *COARSE)
    ]
    return lines, score(gold, bare), score(gold, resolved)


def test_the_gold_set_is_the_one_the_floors_were_measured_on() -> None:
    assert hashlib.sha256(GOLD.read_bytes()).hexdigest() == GOLD_SHA256
    documents = read_gold(GOLD)
    assert len(documents) == 318
    assert sum(len(document.spans) for document in documents) == 966


@pytest.mark.parametrize("name", sorted(JOINTS))
def test_resolution_raises_strict_f1(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines, bare, resolved = measured(read_gold(GOLD, JOINTS[name]))
    with capsys.disabled():
        print(f"\nentities, sentences joined by {name}", *lines, sep="\n  ")
    hold(f"entities-{name}-bare", bare.f1)
    hold(f"entities-{name}-resolved", resolved.f1)
    hold(f"entities-{name}-gain", resolved.f1 - bare.f1)
