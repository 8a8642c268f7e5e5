"""Cleaning of whole texts, as a reader meets them. Every text is made up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dataset_builder.records import apply_edits
from dataset_builder.stages.clean import clean_text

SEEDS = Path(__file__).resolve().parents[3].parent / "shared" / "seeds"

ARTICLE = """[ad_1]
HARBOUR
Ferry Late Again in Harbour Town
The harbour master blames the tide and an old engine
By Jane Example | Harbour Ledger
Published on October 23, 2024 at 11:00 pm

The ferry at the quay Credit: Ledger Pictures
HARBOUR TOWN (Wire) - The ferry was late again on Monday, said the harbour master.
Passengers waited for two hours in the rain.
An old engine
Nobody could say when the engine will be repaired, and the mayor did not answer questions.
Explained | Why are ferries late?
“It is an old engine,” said the captain, who has steered the ferry for twelve years.
Follow us on Telegram for more news
[ad_2]
Source link"""

BODY = """The ferry was late again on Monday, said the harbour master.

Passengers waited for two hours in the rain.

An old engine

Nobody could say when the engine will be repaired, and the mayor did not answer questions.

“It is an old engine,” said the captain, who has steered the ferry for twelve years."""


def claims_of(cleaned):
    return {claim.field: claim.value for claim in cleaned.claims}


def test_an_article_as_it_is_copied():
    cleaned = clean_text(ARTICLE, language="en")
    assert cleaned.body == BODY
    assert claims_of(cleaned) == {
        "kicker": "HARBOUR",
        "title": "Ferry Late Again in Harbour Town",
        "summary": "The harbour master blames the tide and an old engine",
        "author": "Jane Example",
        "date_text": "October 23, 2024 at 11:00 pm",
        "dateline": "HARBOUR TOWN (Wire)",
    }
    assert (
        next(c for c in cleaned.claims if c.field == "date_text").evidence
        == "Published on October 23, 2024 at 11:00 pm"
    )
    assert cleaned.flags == ()


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\u2028", "\n\n\n"])
def test_line_ends_do_not_matter(line_end):
    assert clean_text(ARTICLE.replace("\n", line_end), language="en").body == BODY


def test_an_ordinary_first_sentence_is_no_title():
    text = "The ferry was late again on Monday, said the harbour master.\nPassengers waited for two hours in the rain."
    cleaned = clean_text(text, language="en")
    assert cleaned.body == text.replace("\n", "\n\n")
    assert "title" not in claims_of(cleaned)
    assert cleaned.findings == ()


def test_a_headline_that_reads_like_a_label_and_a_bar_is_not_taken_for_a_link():
    text = "Opinion | Why Ferries Are Late\nBy Jane Example\n" + BODY
    assert claims_of(clean_text(text, language="en"))["title"] == "Opinion | Why Ferries Are Late"


def test_a_known_title_is_taken_from_the_top():
    cleaned = clean_text("Ferry late again!\n\n" + BODY, language="en", title="Ferry Late Again")
    assert cleaned.body == BODY
    assert next(edit.rule for edit in cleaned.edits) == "title-repeated"


def test_a_dek_that_is_a_sentence_goes_to_the_summary():
    text = "Ferry Late Again\nThe harbour master blames the tide.\nBy Jane Example\nOctober 23, 2024\n" + BODY
    cleaned = clean_text(text, language="en")
    assert cleaned.body == BODY
    assert claims_of(cleaned)["summary"] == "The harbour master blames the tide."


def test_lines_set_in_columns_are_joined_to_paragraphs():
    paragraph = (
        "The ferry was late again on Monday, said the harbour master, who had been standing on the quay since the "
        "early morning and had counted the passengers one by one until nobody came and the rain began to fall on the "
        "boats, the nets and the empty benches in front of the office."
    )
    import textwrap

    columns = "\n\n".join([textwrap.fill(paragraph, 64)] * 2)
    assert clean_text(columns, language="en").body == f"{paragraph}\n\n{paragraph}"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("The caf\u00c3\u00a9 is open, said the owner.", "The café is open, said the owner."),
        ("The price is \u00e2\u201a\u00ac5 a ticket, he said.", "The price is €5 a ticket, he said."),
        ("“Curly” quotes and ‘single’ ones stay as they are.", "“Curly” quotes and ‘single’ ones stay as they are."),
        (
            "Zero\u200bwidth, soft\u00adhyphen and \u202eright\u202c-to-left are gone.",
            "Zerowidth, softhyphen and right-to-left are gone.",
        ),
        ("می\u200cخواهم این را بخوانم.", "می\u200cخواهم این را بخوانم."),
        (
            "A family \U0001f468\u200d\U0001f469\u200d\U0001f467 waits at the quay.",
            "A family \U0001f468\u200d\U0001f469\u200d\U0001f467 waits at the quay.",
        ),
        ("A lone \ud800 half of a pair was here.", "A lone \ufffd half of a pair was here."),
        ("The minister [sic] said [the ferry] is late.", "The minister [sic] said [the ferry] is late."),
        ("He waited... and then . . . nothing came at all.", "He waited... and then . . . nothing came at all."),
    ],
)
def test_characters(text, body):
    cleaned = clean_text(text, language="en")
    assert cleaned.body == body
    assert apply_edits(text, cleaned.edits) == body


def test_damage_is_flagged_and_no_word_is_changed():
    text = "The quay is 300 metres (984 feet). ).\nThey landed on the east coast. and went north, said the captain."
    cleaned = clean_text(text, language="en")
    assert (
        cleaned.body
        == "The quay is 300 metres (984 feet).\n\nThey landed on the east coast. and went north, said the captain."
    )
    assert cleaned.flags == ("broken-sentence", "damaged-punctuation")
    assert cleaned.findings[0].found == "east coast. and"


def test_furniture_alone_leaves_nothing_and_says_so():
    cleaned = clean_text("[ad_1]\nShare on Facebook\nSource link", language="en")
    assert cleaned.body == ""
    assert [issue.code for issue in cleaned.findings] == ["nothing-left"]


def test_a_menu_above_and_a_footer_below_go_with_a_whole_page():
    menu = "\n".join(f"* Menu entry {number}" for number in range(10))
    footer = "\n".join(f"* Footer entry {number}" for number in range(10))
    page = f"{menu}\nFerry Late Again in Harbour Town, Said the Captain\n{BODY}\n{footer}"
    cleaned = clean_text(page, language="en")
    assert cleaned.body == BODY
    assert claims_of(cleaned)["title"] == "Ferry Late Again in Harbour Town, Said the Captain"


def test_a_list_at_the_end_of_an_article_stays():
    text = BODY + "\n\n" + "\n\n".join(f"{hour}:00 Harbour Town" for hour in range(6, 22))
    assert clean_text(text, language="en").body == text


def test_importing_the_stage_loads_nothing_heavy():
    stages = ", ".join(f"dataset_builder.stages.{name}" for name in ("clean", "dates", "language"))
    code = f"import sys, json, {stages}; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    assert not {"ftfy", "py3langid", "dateparser", "lxml", "spacy", "numpy.random"} & set(json.loads(done.stdout))


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the two given documents are not at {SEEDS}")
@pytest.mark.parametrize("name", ["000_da0c0311e5771e2b.txt", "004_e55cb495c0a959b5.txt"])
def test_the_given_documents_keep_every_line_but_the_furniture(name):
    text = (SEEDS / name).read_text(encoding="utf-8")
    cleaned = clean_text(text)
    lines = [line for line in text.split("\n") if line.strip()]
    gone = [line for line in lines if "".join(line.split()[:6]) not in "".join(cleaned.body.split())]
    if name.startswith("000"):
        assert [line[:10] for line in gone] == ["United Sta", "Defined | ", "Revealed –"]
        assert "title" not in claims_of(cleaned)
        assert {"Development in missile know-how", "Ukrainian outrage"} <= set(cleaned.body.split("\n\n"))
        assert claims_of(cleaned)["date_text"] == "Nov 1, 2024 03:35 am IST"
    else:
        assert [line[:8] for line in gone] == [
            "[ad_1]",
            "INTERNAT",
            "USA: Nor",
            "Publishe",
            "Russian ",
            "[ad_2]",
            "Source l",
        ]
        assert claims_of(cleaned)["title"].startswith("USA: North")
        assert claims_of(cleaned)["summary"].endswith("have been dispatched")
        assert claims_of(cleaned)["date_text"] == "October 23, 2024 at 11:00 pm"
    assert clean_text(cleaned.body).body == cleaned.body


@pytest.mark.parametrize(
    ("head", "rules"),
    [
        ("Harbour\nJane Example\nPublished on", {"section-above-text", "author-repeated", "label-without-date"}),
        ("On the water", {"section-above-text"}),
        ("Nobody knows who came yesterday", set()),
        ("Wait!", set()),
    ],
)
def test_what_an_extractor_left_of_the_head_goes(head, rules):
    text = (
        "The ferry was late again on Monday, said the harbour master.\n\nPassengers waited for two hours in the rain."
    )
    whole = head + "\n\n" + text
    page = clean_text(whole, language="en", title="Ferry late", authors=["Jane Example"], media_type="text/html")
    assert page.body == (text if rules else "\n\n".join([head, text]))
    assert {edit.rule for edit in page.edits} - {"paragraph-break"} == rules


def test_a_sentence_broken_after_a_bracket_is_flagged():
    text = "Lorries above 18 tonnes (about 20 short tons). ). are kept off the quay, said the captain."
    assert "broken-sentence" in clean_text(text, language="en").flags


@pytest.mark.parametrize(
    "last",
    [
        "Published under CC BY 4.0",
        "This article is republished from The Ledger under a Creative Commons license. Read the original article.",
        "Text: CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/)",
    ],
)
@pytest.mark.parametrize("joint", [" ", "\n\n"])
def test_the_licence_at_the_end_becomes_a_claim(last, joint):
    cleaned = clean_text(f"The ferry is late again, said the harbour master.{joint}{last}", language="en")
    assert cleaned.body == "The ferry is late again, said the harbour master."
    assert [(claim.field, claim.value) for claim in cleaned.claims] == [("rights_statement", last)]


@pytest.mark.parametrize(
    "text",
    [
        "The ferry is late. The council released its data under a Creative Commons licence on Monday.",
        "This article is licensed under CC BY 4.0. Then the ferry left, and nobody thought of it again.",
        "The ferry is late. She read this story aloud. Creative Commons was founded in 2001.",
    ],
)
def test_licences_that_are_news_stay(text):
    assert clean_text(text, language="en").body == text


@pytest.mark.parametrize(
    "text",
    [
        "NATO - The alliance said on Monday that the ferry is late.",
        "BREAKING NEWS — The harbour master resigned on Monday, the council said.",
        "FIFA — The harbour master resigned on Monday, the council said.",
    ],
)
def test_capitals_before_a_dash_alone_are_no_dateline(text):
    cleaned = clean_text(text, language="en")
    assert (cleaned.body, cleaned.claims) == (text, ())


def test_doubts_name_the_line_that_they_are_about():
    text = "A Headline\n\nThe ferry () is late, said the master.\n\nIt left the eastern quay. and went north."
    findings = {issue.code: issue.line for issue in clean_text(text, language="en").findings}
    assert findings == {"damaged-punctuation": 3, "broken-sentence": 5}
