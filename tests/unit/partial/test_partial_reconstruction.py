"""The score of a features release: what is given away is counted, and what is not is not."""

from __future__ import annotations

from itertools import permutations

from corpora import article
from dataset_builder.partial.reconstruction import MOST_ARTICLES, Measured, measure
from dataset_builder.partial.words import words


def test_nothing_measured_is_no_score() -> None:
    assert measure([], ["some text"]) is None


def test_one_word_said_again_and_again_is_given_away() -> None:
    score = measure([Measured("bell " * 9, ())], [])
    assert score is not None
    assert (score.words, score.determined, score.guessed) == (9, 1.0, 1.0)


def test_the_last_word_is_always_determined_and_the_others_need_a_guess() -> None:
    score = measure([Measured("one two three four", ())], [])
    assert score is not None
    assert score.determined == 0.25
    assert score.guessed < 1


def test_who_has_read_the_text_elsewhere_guesses_it() -> None:
    text = "the pilot lost nine brass bells at the quay before the storm came"
    blind = measure([Measured(text, ())], [])
    told = measure([Measured(text, ())], [text])
    assert blind is not None
    assert told is not None
    assert told.learned == 13
    assert told.guessed > blind.guessed
    assert told.determined == blind.determined


def test_a_label_gives_the_length_of_its_word_away() -> None:
    text = "a b c d wexmouth"
    labelled = measure([Measured(text, ({"start": 8, "end": 16},))], [])
    bare = measure([Measured("wexmouth a b c d", ())], [])
    first = measure([Measured("wexmouth a b c d", ({"start": 0, "end": 8},))], [])
    assert labelled is not None
    assert bare is not None
    assert first is not None
    assert first.determined > bare.determined


def test_the_order_of_the_words_changes_nothing_that_is_released_and_little_that_is_guessed() -> None:
    scores = {measure([Measured(" ".join(order), ())], []) for order in permutations(["red", "red", "blue"])}
    assert {score.words for score in scores if score} == {3}


def test_unigrams_give_away_far_less_than_trigrams() -> None:
    texts = [article(number) for number in range(12)]
    score = measure([Measured(text, ()) for text in texts[:6]], texts[6:])
    assert score is not None
    assert score.articles == 6
    assert score.words == sum(len(list(words(text))) for text in texts[:6])
    assert score.determined < 0.05
    assert score.guessed < score.trigrams
    unread = measure([Measured(text, ()) for text in texts[:6]], [])
    assert unread is not None
    assert unread.guessed < 0.3 < score.guessed, "these texts are made of a few phrases, and the score must say so"


def test_the_sample_is_bounded() -> None:
    score = measure([Measured("one two", ())] * (MOST_ARTICLES + 5), [])
    assert score is not None
    assert score.articles == MOST_ARTICLES
