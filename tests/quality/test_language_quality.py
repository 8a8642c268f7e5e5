"""The language of an article: right for one paragraph in nineteen languages, and no worse for reading a part only."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from floors import hold
from page_corpus import CORPUS, pages

from dataset_builder.stages import language

SAMPLES = yaml.safe_load((Path(__file__).parent / "language_samples.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("tag", "sample"), SAMPLES.items(), ids=SAMPLES)
def test_a_paragraph_is_identified(tag, sample):
    assert language.identify(sample)[0] == tag


def test_all_paragraphs_are_identified():
    hold("language-paragraphs", sum(language.identify(text)[0] == tag for tag, text in SAMPLES.items()) / len(SAMPLES))


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the development pages are not at {CORPUS}")
def test_a_part_of_a_long_body_is_enough():
    bodies = [page.body for page in pages() if len(page.body) >= language.READ]
    assert len(bodies) >= 150
    right = sum(language.identify(body)[0] == "en" for body in bodies)
    hold("language-part-of-body", right / len(bodies))
