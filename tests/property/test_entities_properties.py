"""Whatever a model finds in whatever text, resolved mentions slice the body, are sorted and do not overlap."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dataset_builder.stages.entities.recognise import PIPE_BATCH, PIPE_CHARACTERS, _batches
from dataset_builder.stages.entities.resolve import resolve
from dataset_builder.stages.entities.types import Span
from dataset_builder.stages.entities.windows import WINDOW, blank_endless_words, windows

WORDS = st.sampled_from(
    [
        "Mara",
        "Lind",
        "the",
        "The",
        "DPRK",
        "Kim",
        "Jong-un",
        "Oslo",
        "(HC)",
        "Harbour",
        "Council",
        "’s",
        "\n",
        "\u202e",
        "\x00",
        "é",
        "🎉",
        ".",
        "-",
    ]
)
TEXTS = st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=80))
LABELS = st.sampled_from(["PERSON", "ORG", "GPE", "NORP", "DATE", "WORK_OF_ART", "ODD"])


@st.composite
def annotated(draw: st.DrawFn) -> tuple[str, list[Span]]:
    body = draw(TEXTS)
    marks = sorted(draw(st.sets(st.integers(0, len(body)), max_size=12)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return body, [Span(start, end, body[start:end], draw(LABELS)) for start, end in pairs]


@settings(deadline=None)
@given(annotated())
def test_mentions_slice_the_body_in_order(case: tuple[str, list[Span]]) -> None:
    body, spans = case
    mentions = resolve(body, spans)
    end = 0
    for mention in mentions:
        assert end <= mention.start < mention.end <= len(body)
        assert body[mention.start : mention.end] == mention.text
        assert mention.canonical
        end = mention.end
    assert mentions == resolve(body, spans)


@settings(deadline=None)
@given(annotated())
def test_a_mention_never_leaves_its_span_unless_it_repeats_a_name(case: tuple[str, list[Span]]) -> None:
    body, spans = case
    mentions = resolve(body, spans)
    within = [any(s.start <= m.start and m.end <= s.end for s in spans) for m in mentions]
    assert all(
        inside or not any(m.start < s.end and s.start < m.end for s in spans)
        for m, inside in zip(mentions, within, strict=True)
    )


@settings(deadline=None)
@given(st.text(max_size=400), st.integers(1, 50))
def test_windows_join_to_the_text(text: str, size: int) -> None:
    pieces = list(windows(text, size))
    assert "".join(piece for _, piece in pieces) == text
    assert all(len(piece) <= size and text.startswith(piece, offset) for offset, piece in pieces)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["x" * 700, "word", "\n", "("]), max_size=20).map(" ".join))
def test_blanking_keeps_every_offset(text: str) -> None:
    blanked = blank_endless_words(text)
    assert len(blanked) == len(text)
    assert "x" * 700 not in blanked
    assert blanked.count("word") == text.count("word")


@given(st.lists(st.integers(0, WINDOW), max_size=80))
def test_long_pieces_are_not_gathered(sizes: list[int]) -> None:
    pieces = [("x" * size, (number, 0)) for number, size in enumerate(sizes)]
    batches = list(_batches(pieces))
    assert [piece for batch in batches for piece in batch] == pieces
    assert all(0 < len(batch) <= PIPE_BATCH for batch in batches)
    assert all(sum(len(text) for text, _ in batch) <= PIPE_CHARACTERS for batch in batches)
