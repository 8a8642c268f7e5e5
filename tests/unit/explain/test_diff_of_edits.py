from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dataset_builder.explain.diff import Hunk, line_of, make_hunks, telling
from dataset_builder.records import Edit, apply_edits

TEXT = "Read also | Trams\nThe ferry left. ). It came back.\n\nNobody was late.\nSource link\n"
EDITS = (
    Edit(0, 18, "", "related"),
    Edit(33, 36, "", "doubled-closing"),
    Edit(51, 52, "", "paragraph-break"),
    Edit(69, 81, "", "source-link"),
)


def drawn(hunk: Hunk) -> list[str]:
    return [line.sign + line.text for line in hunk.lines]


def test_a_line_that_goes_and_a_piece_that_goes() -> None:
    assert apply_edits(TEXT, EDITS) == "The ferry left. It came back.\nNobody was late.\n"
    hunks = list(make_hunks(TEXT, telling(TEXT, EDITS), context=0))
    assert [(hunk.line, hunk.rules) for hunk in hunks] == [(1, ("related", "doubled-closing")), (5, ("source-link",))]
    assert drawn(hunks[0]) == [
        "-Read also | Trams",
        "-The ferry left. ). It came back.",
        "+The ferry left. It came back.",
    ]
    assert drawn(hunks[1]) == ["-Source link", " "]
    assert [span.text for span in hunks[0].lines[1].spans if span.changed] == ["", " )."]


def test_context_stands_around_and_never_twice() -> None:
    hunks = list(make_hunks("a\nb\nc\nd\ne\nf\n", (Edit(2, 4, "", "x"), Edit(8, 10, "", "y")), context=1))
    assert [drawn(hunk) for hunk in hunks] == [[" a", "-b", " c", " d"], ["-e", " f", " "]]


def test_what_an_edit_only_repeats_is_not_shown_as_a_change() -> None:
    (hunk,) = make_hunks("one\ntwo", (Edit(3, 4, "\n\n", "paragraph-break"),), context=5)
    assert drawn(hunk) == [" one", "+", " two"]


def test_edits_of_blank_space_alone_are_not_telling_unless_they_touch_one_that_is() -> None:
    text = "a  b\nAd\n\nc"
    blank, line, rest = Edit(1, 3, " ", "spaces"), Edit(5, 7, "", "ad"), Edit(7, 9, "", "break")
    assert telling(text, (blank, line, rest)) == (line, rest)
    assert telling(text, (blank,)) == ()
    odd = Edit(1, 3, " ", "spaces")
    assert telling("a\u00a0\u00a0b", (odd,)) == (odd,), "a space of another kind is a character that was replaced"


def test_lines_are_counted_from_one() -> None:
    assert [line_of("a\nb\n", position) for position in (0, 1, 2, 4)] == [1, 1, 2, 3]


@st.composite
def edited_texts(draw: st.DrawFn) -> tuple[str, tuple[Edit, ...]]:
    text = draw(st.text(alphabet="ab \n", max_size=40))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    replacements = st.text(alphabet="ab \n", max_size=3)
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    return text, tuple(Edit(start, end, draw(replacements), f"rule-{start}") for start, end in spans)


@given(edited_texts())
def test_both_sides_of_a_diff_are_the_two_texts(made: tuple[str, tuple[Edit, ...]]) -> None:
    text, edits = made
    hunks = list(make_hunks(text, edits, context=1_000))
    assert len(hunks) == bool(edits)
    if edits:
        lines = hunks[0].lines
        assert "\n".join(line.text for line in lines if line.sign != "+") == text
        assert "\n".join(line.text for line in lines if line.sign != "-") == apply_edits(text, edits)
        assert set(hunks[0].rules) == {edit.rule for edit in edits}
