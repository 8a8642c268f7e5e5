"""What the stage costs beside the model: ``Entities`` against spaCy's own ``nlp.pipe``, in one process.

The same model and the same components over the same bodies, which take turns, five at a time, so that a busy machine
troubles both alike. The bodies are the texts of WCXB's gold standard, from ``../shared``; where they are not at hand,
made ones serve.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import Row
from benchmarks.make_corpus import article
from benchmarks.meter import ratio
from dataset_builder.stages.entities import Entities
from dataset_builder.stages.entities.models import load_model

TURN = 5
GOLD = Path(__file__).resolve().parents[2] / "shared" / "data" / "wcxb-articles" / "ground-truth"


def bodies(count: int) -> list[str]:
    """Real texts where they are, else made ones."""
    if not GOLD.is_dir():
        return [article(number)["body"] for number in range(count)]
    found = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(GOLD.glob("*.json"))[:count])
    return [str(entry["ground_truth"]["main_content"]) for entry in found]


def processor_seconds(work: Callable[[], Any]) -> float:
    """The seconds of processor time that ``work`` takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def rows(quick: bool) -> Sequence[Row]:
    """The stage's share of the model's speed, and words a second."""
    texts = bodies(10 if quick else 20)
    stage = Entities()
    nlp = load_model(dict(stage.models)["en"])
    model: list[float] = []
    own: list[float] = []
    for turn in range(1 if quick else 3):
        spent = [0.0, 0.0]
        for number, first in enumerate(range(0, len(texts), TURN)):
            some = texts[first : first + TURN]
            batch = pa.record_batch({"body": some, "language": ["en"] * len(some)})
            works: list[Callable[[], Any]] = [partial(named, nlp, some), partial(stage, batch)]
            if turn == number == 0:
                works[1]()  # tables that are loaded once
            for side in (0, 1) if (turn + number) % 2 else (1, 0):
                spent[side] += processor_seconds(works[side])
        model.append(spent[0])
        own.append(spent[1])
    words = sum(len(text.split()) for text in texts)
    return [
        Row("words a second, Entities to nlp.pipe of the same model", ratio(model, own), "times", ">= 0.95"),
        Row("— nlp.pipe, one core", words / min(model), "words/s"),
        Row("— Entities, one core", words / min(own), "words/s"),
    ]


def named(nlp: Any, texts: Sequence[str]) -> list[Any]:
    """The model alone."""
    return [document.ents for document in nlp.pipe(texts)]


if __name__ == "__main__":
    for row in rows(quick="--quick" in sys.argv):
        print(row)
