"""What the stage costs beside the model: ``python benchmarks/entities.py FOLDER [ROUNDS]`` with text files in FOLDER.

Compares processor time of ``Entities`` with that of spaCy's own ``nlp.pipe`` over the same bodies, with the same model
and the same components, in one process. Rounds alternate, so that a busy machine troubles both alike.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pyarrow as pa

from dataset_builder.stages.entities import Entities
from dataset_builder.stages.entities.models import load_model
from dataset_builder.stages.entities.recognise import PIPE_BATCH


def main() -> None:
    """Print words a second of the model alone and of the stage, and the stage's share of the model's speed."""
    folder = Path(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    bodies = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))] * 10
    words = sum(len(body.split()) for body in bodies) * rounds
    batch = pa.record_batch({"body": bodies, "language": ["en"] * len(bodies)})
    stage = Entities()
    nlp = load_model(dict(stage.models)["en"])
    stage(batch.slice(0, 1))
    model_time = stage_time = 0.0
    for _ in range(rounds):
        start = time.process_time()
        for document in nlp.pipe(bodies, batch_size=PIPE_BATCH):
            assert document.ents is not None
        middle = time.process_time()
        stage(batch)
        model_time += middle - start
        stage_time += time.process_time() - middle
    print(f"nlp.pipe  {words / model_time:8.0f} words a second of one core")
    print(
        f"Entities  {words / stage_time:8.0f} words a second of one core, {model_time / stage_time:.1%} of the model's"
    )


if __name__ == "__main__":
    main()
