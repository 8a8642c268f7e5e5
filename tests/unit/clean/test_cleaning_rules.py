"""Every rule of schema/cleaning does what its example says, and nothing in the files is malformed."""

from __future__ import annotations

import pytest

from dataset_builder.records import apply_edits
from dataset_builder.stages.clean import clean_text
from dataset_builder.stages.clean.rules import all_rules

RULES = all_rules()
EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[f"{rule.id}-{n}" for n, (rule, _) in enumerate(EXAMPLES)])
def test_a_rule_does_what_its_example_says(rule, example):
    language = min(rule.languages, default="en")
    cleaned = clean_text(example.text, language=language)
    assert cleaned.body == example.body
    assert rule.id in {edit.rule for edit in cleaned.edits}
    assert apply_edits(example.text, cleaned.edits) == cleaned.body
    if rule.captures:
        assert rule.captures in {claim.field for claim in cleaned.claims}


def test_every_rule_has_an_example_an_id_of_its_own_and_a_reason():
    assert len({rule.id for rule in RULES}) == len(RULES) >= 40
    for rule in RULES:
        assert rule.examples, rule.id
        assert rule.removes, rule.id
        assert rule.scope in {"line", "span"}
        assert rule.where in {"anywhere", "head", "tail", "edges", "below", "opening", "closing"}


@pytest.mark.parametrize(
    "sentence",
    [
        "The list of passengers is not to be published before Monday, said the harbour master.",
        "Her diary was printed with permission of the family in 1921, and sold twice.",
    ],
)
def test_a_sentence_about_publishing_is_no_notice_of_rights(sentence):
    cleaned = clean_text(f"The ferry is late again, said the harbour master.\n\n{sentence}", language="en")
    assert cleaned.body.endswith(sentence)
    assert not cleaned.claims
