"""A model over bodies: the spans that it finds, with offsets into each body."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dataset_builder.stages.entities.gliner_models import PREFIX, recognise_with_gliner
from dataset_builder.stages.entities.models import load_model, model_table
from dataset_builder.stages.entities.types import Span
from dataset_builder.stages.entities.windows import WINDOW, blank_endless_words, windows

#: Texts that ``nlp.pipe`` gathers before the model sees them.
PIPE_BATCH = 32


def recognise(model: str, language: str, bodies: Sequence[str]) -> list[list[Span]]:
    """The spans that ``model`` finds in each of ``bodies``, in the order of the text."""
    if model.startswith(PREFIX):
        return recognise_with_gliner(model, bodies)
    nlp = load_model(model)
    spaced = language not in model_table()["written_without_spaces"]
    found: list[list[Span]] = [[] for _ in bodies]

    def pieces() -> Iterator[tuple[str, tuple[int, int]]]:
        for index, body in enumerate(bodies):
            for offset, piece in windows(body, min(WINDOW, nlp.max_length)):
                yield (blank_endless_words(piece) if spaced else piece), (index, offset)

    for document, (index, offset) in nlp.pipe(pieces(), as_tuples=True, batch_size=PIPE_BATCH):
        body = bodies[index]
        for entity in document.ents:
            start, end = offset + entity.start_char, offset + entity.end_char
            if not body[start:end].isspace():
                found[index].append(Span(start, end, body[start:end], entity.label_))
    return found
