"""Many texts are walked through py3langid's model at once; each answer is the one that py3langid gives for it alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dataset_builder.stages.language import identify, identify_all
from dataset_builder.stages.language_walk import TOGETHER, walker

SAMPLES = list(
    yaml.safe_load(
        (Path(__file__).parents[1] / "quality" / "language_samples.yaml").read_text(encoding="utf-8")
    ).values()
)
ODD = [
    "x",
    "ALL IN CAPITALS, AND NOTHING ELSE",
    "\ud800 alone",
    "1234567890",
    "e\u0301" * 40,
    "क" * 900,
    "\x00\x01",
    "é" * 4000,
]


@pytest.mark.parametrize("text", [*SAMPLES, *ODD], ids=range(len(SAMPLES) + len(ODD)))
def test_answers_as_the_library_does(text):
    language, probability = walker().classify([text])[0]
    expected, sure = walker().model.classify(text)
    assert language == expected
    assert probability == pytest.approx(sure, abs=1e-4)


def test_an_answer_does_not_depend_on_the_texts_beside_it():
    texts = [*SAMPLES, *ODD, *reversed(SAMPLES)] * (TOGETHER // len(SAMPLES))
    assert len(texts) > TOGETHER
    alone = {text: walker().classify([text])[0] for text in {*texts}}
    assert walker().classify(texts) == [alone[text] for text in texts]


def test_texts_that_say_nothing_stand_among_others():
    assert identify_all(["", SAMPLES[0], "12 34 56"]) == [(None, 0.0), identify(SAMPLES[0]), (None, 0.0)]


def test_no_texts_at_all():
    assert identify_all([]) == []
