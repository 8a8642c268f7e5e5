"""A model over bodies: the spans that it finds, with offsets into each body."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dataset_builder.stages.entities.gliner_models import PREFIX, recognise_with_gliner
from dataset_builder.stages.entities.models import load_model, model_table
from dataset_builder.stages.entities.types import Span
from dataset_builder.stages.entities.windows import WINDOW, blank_endless_words, windows

#: Texts that ``nlp.pipe`` gathers before the model sees them, and their characters, of which each takes some 4 kB.
PIPE_BATCH, PIPE_CHARACTERS = 32, 2 * WINDOW

_Piece = tuple[str, tuple[int, int]]


def recognise(model: str, language: str, bodies: Sequence[str]) -> list[list[Span]]:
    """The spans that ``model`` finds in each of ``bodies``, in the order of the text."""
    if model.startswith(PREFIX):
        return recognise_with_gliner(model, bodies)
    nlp = load_model(model)
    spaced = language not in model_table()["written_without_spaces"]
    found: list[list[Span]] = [[] for _ in bodies]

    def pieces() -> Iterator[_Piece]:
        for index, body in enumerate(bodies):
            for offset, piece in windows(body, min(WINDOW, nlp.max_length)):
                yield (blank_endless_words(piece) if spaced else piece), (index, offset)

    for batch in _batches(pieces()):
        for document, (index, offset) in nlp.pipe(batch, as_tuples=True, batch_size=PIPE_BATCH):
            body = bodies[index]
            for entity in document.ents:
                start, end = offset + entity.start_char, offset + entity.end_char
                if not body[start:end].isspace():
                    found[index].append(Span(start, end, body[start:end], entity.label_))
    return found


def _batches(pieces: Iterable[_Piece]) -> Iterator[list[_Piece]]:
    """At most ``PIPE_BATCH`` pieces, and few where they are long: a batch is in memory with all that is made of it."""
    batch: list[_Piece] = []
    characters = 0
    for piece in pieces:
        if batch and (len(batch) == PIPE_BATCH or characters + len(piece[0]) > PIPE_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(piece)
        characters += len(piece[0])
    if batch:
        yield batch
