"""What the stage costs beside the model: ``python benchmarks/entities.py FOLDER [BODIES [ROUNDS]]``.

Takes the first BODIES (default 20) text files of FOLDER and compares the processor time of ``Entities`` with that of
spaCy's own ``nlp.pipe`` over them, with the same model and the same components, in one process. The two take turns,
five bodies at a time, so that a busy machine troubles both alike; 20 bodies of 1,800 words, two rounds, take half a
minute of an idle core.

Measured on bodies of news pages, 1,800 words on average, while other programs ran: 96.7 % and 104.9 % of the model's
speed in two runs, so that the stage's own share is within the noise of the measurement.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from dataset_builder.stages.entities import Entities
from dataset_builder.stages.entities.models import load_model

TURN = 5


def processor_seconds(work: Callable[[], Any]) -> float:
    """The seconds of processor time that ``work`` takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Print words a second of the model alone and of the stage, and the stage's share of the model's speed."""
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 2
    bodies = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))[:count]]
    stage = Entities()
    nlp = load_model(dict(stage.models)["en"])
    turns: list[tuple[Callable[[], Any], Callable[[], Any]]] = []
    for first in range(0, len(bodies), TURN):
        some = bodies[first : first + TURN]
        batch = pa.record_batch({"body": some, "language": ["en"] * len(some)})
        turns.append((lambda some=some: [document.ents for document in nlp.pipe(some)], partial(stage, batch)))
    turns[0][1]()
    model = own = 0.0
    for _ in range(rounds):
        for run_model, run_stage in turns:
            model += processor_seconds(run_model)
            own += processor_seconds(run_stage)
    words = sum(len(body.split()) for body in bodies) * rounds
    print(f"nlp.pipe  {words / model:8.0f} words a second of one core")
    print(f"Entities  {words / own:8.0f} words a second of one core, {model / own:.1%} of the model's")


if __name__ == "__main__":
    main()
