"""The gate before the seal: whose words are withheld, whose are free, which notices count, and what is said."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pytest

from dataset_builder.errors import CorpusError
from dataset_builder.issues import Issue
from dataset_builder.release_options import ExcerptLimit
from dataset_builder.snapshot.leak_filter import Filter, Known, among
from dataset_builder.snapshot.leak_gate import NOTICE_WORDS, TITLE_WORDS, PublicWords, Texts, refuse_leaks
from dataset_builder.snapshot.leak_words import RUN, SHORT, blocks, words_of
from dataset_builder.snapshot.tally import Articles

SECRET = (
    "The harbour master kept a log in pencil and named every vessel that ever sheltered behind the old mole. "
    "Nobody outside the office had read it until the archivist opened the tin box last spring at low tide."
)
QUOTED = "named every vessel that ever sheltered behind the old mole"
FREE = "A released article of its own words that is long enough to hold a run of eight words and more."
NOTICES = ("rights_statement", "usage_terms", "copyright_notice", "attribution")
COLUMNS = ("id", "release", "withheld_text", "title", "date_text", *NOTICES)


@dataclass
class Spool:
    """Assembled rows, one batch each."""

    rows: list[dict[str, Any]]

    def read(self) -> Iterator[pa.RecordBatch]:
        for row in self.rows:
            text = row.get("withheld_text")
            digest = hashlib.sha256(text.encode()).hexdigest() if text else None
            cells = {name: [row.get(name)] for name in COLUMNS}
            schema = pa.schema([(name, pa.string()) for name in (*COLUMNS, "body_sha256")])
            yield pa.RecordBatch.from_pydict({**cells, "body_sha256": [digest]}, schema=schema)


def spool(*rows: dict[str, Any]) -> Articles:
    return cast(Articles, Spool(list(rows)))


def article(number: int, release: str | None, text: str | None, **cells: Any) -> dict[str, Any]:
    return {"id": f"{number:032x}", "release": release, "withheld_text": text, **cells}


CLOSED = article(1, "metadata", SECRET)
OPEN = article(2, "full", FREE)


def told(folder: Path, *rows: dict[str, Any], excerpt: ExcerptLimit | None = None) -> list[tuple[str, str, str]]:
    """File, place and words of each finding."""
    found: tuple[Issue, ...] = ()
    try:
        refuse_leaks(folder, spool(*rows), excerpt)
    except CorpusError as error:
        found = error.issues
    assert all(issue.code == "withheld-text-leaked" for issue in found)
    return [(issue.path, issue.field, issue.found) for issue in found]


def test_whose_texts_are_withheld_and_whose_are_released() -> None:
    rows = [CLOSED, OPEN, article(3, "excerpt", "Three."), article(4, None, "Four."), article(5, "full", None),
            article(6, "metadata", None)]  # fmt: skip
    for released, ids in ((True, [2]), (False, [1, 3, 4])):
        found = list(Texts(spool(*rows), released=released))
        assert [bodies.ids.to_pylist() for bodies in found] == [[f"{number:032x}"] for number in ids]
        assert all(
            hashlib.sha256(bodies.texts[0].as_py().encode()).hexdigest() == bodies.sha256[0].as_py() for bodies in found
        )
    twice = Texts(spool(*rows), released=False)
    assert len(list(twice)) == len(list(twice)) == 3


def test_the_words_that_anybody_may_show() -> None:
    cells = {
        "title": "A title", "date_text": "a date", "rights_statement": "All rights reserved.", "usage_terms": SECRET,
        "copyright_notice": "© 2024 Ledger Press", "attribution": "Lamps were counted twice on the old quay.",
    }  # fmt: skip
    found = [words for array in PublicWords(spool(article(1, "excerpt", SECRET, **cells), article(2, "full", FREE)))
             for words in array.to_pylist()]  # fmt: skip
    excerpt, *rest = found
    assert SECRET.startswith(excerpt)
    assert 0 < len(excerpt.split()) <= 3
    assert rest == ["A title", "a date", "All rights reserved.", "© 2024 Ledger Press"]


def test_a_notice_is_short() -> None:
    fits = "All rights reserved." + " reserved" * (NOTICE_WORDS - 3)
    assert NOTICE_WORDS == 12

    def shown(words: str) -> bool:
        arrays = PublicWords(spool(article(1, "metadata", SECRET, usage_terms=words)))
        return words in [text for array in arrays for text in array.to_pylist()]

    assert shown("All rights reserved.")
    assert len(fits.split()) == 12
    assert not shown("All rights reserved." + " All rights reserved." * 4)


def test_a_snapshot_without_withheld_words_passes(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(FREE)
    assert told(tmp_path, CLOSED, OPEN) == []
    assert told(tmp_path) == []


def test_a_run_of_a_withheld_body_is_named_by_file_and_article_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text(QUOTED)
    (tmp_path / "a.md").write_text("x " + QUOTED.upper())
    with pytest.raises(CorpusError) as refused:
        refuse_leaks(tmp_path, spool(CLOSED, OPEN))
    error = refused.value
    assert error.found == "withheld text of 1 articles stands in a.md"
    assert [(issue.path, issue.found) for issue in error.issues] == [
        ("a.md", f"3 runs of {1:032x}"), ("b.md", f"3 runs of {1:032x}"),
    ]  # fmt: skip
    assert "vessel" not in str(error.issues)


def test_seven_words_are_no_leak_and_eight_are(tmp_path: Path) -> None:
    words = QUOTED.split()
    (tmp_path / "a.md").write_text(" ".join(words[:7]))
    assert told(tmp_path, CLOSED) == []
    (tmp_path / "a.md").write_text(" ".join(words[:8]))
    assert [entry[2] for entry in told(tmp_path, CLOSED)] == [f"1 runs of {1:032x}"]


def test_words_that_a_released_article_has_too_are_free(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(QUOTED)
    assert told(tmp_path, CLOSED, article(2, "full", f"He said: {QUOTED}.")) == []
    assert told(tmp_path, CLOSED, article(2, "metadata", f"He said: {QUOTED}.")) != []


def test_words_of_titles_and_notices_are_free_and_other_fields_are_not(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(QUOTED)
    for field, free in (("title", True), ("date_text", True), ("usage_terms", False), ("attribution", False)):
        assert (told(tmp_path, {**CLOSED, field: QUOTED}) == []) is free, field


@pytest.mark.parametrize("sign", [" ", "-", "—"])
def test_a_title_is_no_longer_than_a_headline(tmp_path: Path, sign: str) -> None:
    """A field map that takes the body for the title, or somebody who wants it so, shows no withheld text."""
    words = [f"word{number}" for number in range(60)]
    body = " ".join(words)
    for length, free in ((TITLE_WORDS, True), (TITLE_WORDS + 1, False)):
        title = sign.join(words[:length])
        (tmp_path / "a.md").write_text(title)
        found = told(tmp_path, article(1, "metadata", body, title=title), article(2, "metadata", "Other.", title="b"))
        assert (found == []) is free, length


def test_an_excerpt_is_free_and_what_follows_it_is_not(tmp_path: Path) -> None:
    quoted = article(1, "excerpt", SECRET)
    words = SECRET.split()
    (tmp_path / "a.md").write_text(" ".join(words[:10]))
    limit = ExcerptLimit(10, 0.5)
    assert told(tmp_path, quoted, excerpt=limit) == []
    assert told(tmp_path, quoted) != [], "the default is a tenth"
    (tmp_path / "a.md").write_text(" ".join(words[:11]))
    assert [entry[2] for entry in told(tmp_path, quoted, excerpt=limit)] == [f"1 runs of {1:032x}"]
    assert told(tmp_path, {**quoted, "release": "metadata"}, excerpt=limit) != []


def numbers(*values: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
    return np.array(values, dtype=np.uint64)


def test_a_filter_finds_what_was_put_in_and_hardly_anything_else() -> None:
    draw = np.random.default_rng(5)
    some, others = (draw.integers(0, 2**64, 50_000, dtype=np.uint64) for _ in range(2))
    filter_ = Filter(50_000)
    assert not filter_.held(some).any()
    filter_.add(some)
    assert filter_.held(some).all()
    assert filter_.held(others).mean() < 0.02
    assert len(filter_.held(numbers())) == 0


@pytest.mark.parametrize(("expected", "bits"), [(0, 20), (1 << 15, 20), (1 << 17, 22), (1 << 40, 31)])
def test_the_size_of_a_filter(expected: int, bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataset_builder.snapshot import leak_filter

    asked: list[int] = []

    def zeros(size: int, dtype: Any) -> Any:
        asked.append(size)
        return np.empty(1, dtype)

    monkeypatch.setattr(leak_filter.np, "zeros", zeros)
    Filter(expected)
    assert asked == [1 << (bits - 3)]


def test_a_set_is_exact_until_it_grows_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataset_builder.snapshot import leak_filter

    monkeypatch.setattr(leak_filter, "_MOST_EXACT", 4)
    known = Known()
    assert known.held(numbers(1)).tolist() == [False]
    known.add(numbers(9, 1))
    assert known.held(numbers(1, 2, 9)).tolist() == [True, False, True]
    known.add(numbers(2, 7))
    assert known.held(numbers(1, 2, 3, 9)).tolist() == [True, True, False, True]
    known.add(numbers(3))
    assert known.held(numbers(1, 5)).tolist() == [True, True]
    known.add(numbers(8))
    assert known.held(numbers(5)).tolist() == [True]


def test_which_numbers_are_among_others() -> None:
    assert among(numbers(0, 1, 2, 3, 99), numbers(1, 3)).tolist() == [False, True, False, True, False]
    assert among(numbers(1), numbers()).tolist() == [False]
    assert among(numbers(), numbers(1)).tolist() == []


def test_texts_are_cut_into_blocks_in_their_order() -> None:
    texts = pa.array(["a" * (1 << 17), "b" * (1 << 17), "c", "d" * (1 << 19), "", "e"])
    found = [(first, slice_.to_pylist()) for first, slice_ in blocks(texts)]
    assert [first for first, _ in found] == [0, 2, 3, 4]
    assert [text for _, slice_ in found for text in slice_] == texts.to_pylist()
    assert list(blocks(pa.array([], pa.string()))) == []


def test_runs_end_with_their_text() -> None:
    eight, seven = "a b c d e f g h", "i j k l m n o"
    words = words_of(pa.array([eight, seven, f"{eight} i"]))
    assert words.firsts.tolist() == [0, 8, 15, 24]
    runs = words.runs()
    assert len(runs) == 3
    assert runs[0] == runs[1] != runs[2]
    assert len(words.shorts()) == 24 - 5
    assert words.sampled().tolist() == words.shorts()[::3].tolist()
    assert words.runs_around(np.array([0])).tolist() == [runs[0]]
    assert words.runs_around(np.array([5])).tolist() == [runs[1]]
    assert words.runs_around(np.array([3])).tolist() == []
    long = words_of(pa.array([" ".join("abcdefghijklmnop")]))
    assert long.runs_around(np.array([1])).tolist() == long.runs()[1:4].tolist()


@pytest.mark.parametrize("place", range(RUN))
def test_a_run_with_one_other_word_is_another_run(place: int) -> None:
    words = list("abcdefgh")
    other = [*words[:place], "x", *words[place + 1 :]]
    one, two = (words_of(pa.array([" ".join(each)])) for each in (words, other))
    assert one.runs().tolist() != two.runs().tolist()
    alike = one.shorts() == two.shorts()
    assert alike.tolist() == [not start <= place < start + SHORT for start in range(RUN - SHORT + 1)]


def test_words_that_differ_have_numbers_that_differ() -> None:
    words = words_of(pa.array([" ".join(f"w{number}" for number in range(50_000))]))
    assert len(words.numbers) == len(np.unique(words.numbers)) == 50_000
    assert len(np.unique(words.runs())) == 50_000 - RUN + 1


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Ab cd", "aB—Cd", True), ("ab cd", "ab2cd", False), ("naïve", "naive", True), ("ÉTÉ", "été", True),
        ("a«b", "a b", True), ("a\u3000b", "a b", True), ("a、b", "a b", True), ("a，b", "a b", True),
        ("a\ufeffb", "ab", True), ("a\u00adb", "ab", True), ("a…b", "a b", True), ("a\xa0b", "a b", True),
        ("日本", "日 本", True), ("日本", "日語", False), ("日本", "本日", False), ("สวัสดี", "สวสด", True),
        ("internationally", "internationelly", False), ("abcdefghi", "abcdefghj", False),
        ("abcdefghXijklmnop", "abcdefghYijklmnop", True), ("0z", "0 z", False), ("a`b", "a b", True),
        ("a{b", "a b", True), ("a/b:c", "a b c", True),
    ],
)  # fmt: skip
def test_which_words_are_alike(one: str, other: str, alike: bool) -> None:
    assert (words_of(pa.array([one])).numbers.tolist() == words_of(pa.array([other])).numbers.tolist()) is alike


def test_bytes_that_are_no_utf_8_are_read_all_the_same() -> None:
    broken = pa.array([b"the quay\xff was shut", b"a b"]).view(pa.string())
    assert words_of(broken).firsts.tolist() == [0, 4, 6]
    assert len(words_of(pa.array([], pa.string())).numbers) == 0


HAN = "灯塔看守人把九口铜钟卖给镇上小博物馆三十年来一直藏在床底下从没有告诉任何人钟上有道裂缝明年春天打算展出全部"
THAI = "คนเฝาประภาคารขายระฆงทองเหลองเกาใบใหพพธภณฑเลกในเมองเมอสปดาหกอนและเกบใบทสบไวใตเตยงมาสามสบปโดยไมเคยบอกใคร"


@pytest.mark.parametrize(("text", "letters"), [(HAN, 2), (THAI, 4)])
def test_letters_without_blanks_make_words_wherever_they_stand(text: str, letters: int) -> None:
    whole = words_of(pa.array([text]))
    assert len(text) / letters / 1.6 < len(whole.numbers) < len(text) / letters * 1.6
    assert len(np.unique(whole.numbers)) > 0.9 * len(whole.numbers)
    for first in range(1, 9):
        part = words_of(pa.array([f"quay {text[first:]}, mole"]))
        assert part.numbers[-6:-1].tolist() == whole.numbers[-5:].tolist()
        assert np.isin(part.numbers[2:-1], whole.numbers).all()
    assert words_of(pa.array([" ".join(text)])).numbers.tolist() == whole.numbers.tolist()
    assert words_of(pa.array([text[::-1]])).numbers.tolist() != whole.numbers.tolist()


def test_a_word_of_letters_ends_with_its_script_and_with_its_text() -> None:
    quay, mole = words_of(pa.array(["quay mole"])).numbers.tolist()
    for script in (HAN, THAI):
        for first in range(len(script) - 3):
            letters = script[first : first + 3]
            inside = words_of(pa.array([f"quay {letters} mole"]))
            texts = words_of(pa.array(["quay", letters, "", letters, "mole", script[:1]]))
            own = words_of(pa.array([letters])).numbers.tolist()
            assert len(inside.numbers) == 2 + len(own)
            assert np.diff(texts.firsts).tolist() == [1, len(own), 0, len(own), 1, 1]
            assert texts.numbers[1 : 1 + len(own)].tolist() == texts.numbers[1 + len(own) : 1 + 2 * len(own)].tolist()
            assert inside.numbers[0] == texts.numbers[0] != inside.numbers[-1] == texts.numbers[-2]
    assert quay != mole


def test_a_letter_said_again_and_again_is_no_fault() -> None:
    assert 1 <= len(words_of(pa.array(["哈" * 5_000])).numbers) <= 5_000


@pytest.mark.parametrize("word", ["가", "व", "ሀ", "ა", "𝔸", "𐌰"])
def test_letters_of_scripts_with_blanks_are_words_as_they_stand(word: str) -> None:
    assert len(words_of(pa.array([" ".join(word * 40) + " 灯"])).numbers) == 41
