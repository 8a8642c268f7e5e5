"""What resolution makes of a model's spans; the spans are written down, so that no model is needed."""

import pytest

from dataset_builder.stages.entities.resolve import resolve
from dataset_builder.stages.entities.types import Mention, Span


def found(body: str, *names: tuple[str, str]) -> list[Span]:
    """The spans of ``names`` (text, label), each looked for after the one before."""
    spans, place = [], 0
    for text, label in names:
        start = body.index(text, place)
        place = start + len(text)
        spans.append(Span(start, place, text, label))
    return spans


def said(mentions: list[Mention]) -> list[tuple[str, str, str, str | None]]:
    return [(mention.text, mention.label, mention.canonical, mention.country) for mention in mentions]


def test_a_surname_takes_its_full_names_identity_and_label() -> None:
    body = "Lloyd Austin spoke. Austin then left for Austin, Texas. Later Austin flew home from a base in Austin."
    spans = found(
        body,
        ("Lloyd Austin", "PERSON"),
        ("Austin", "GPE"),
        ("Austin", "GPE"),
        ("Texas", "GPE"),
        ("Austin", "ORG"),
        ("Austin", "GPE"),
    )
    labels = [(mention.label, mention.canonical) for mention in resolve(body, spans) if mention.text == "Austin"]
    person, place = ("PERSON", "Lloyd Austin"), ("GPE", "Austin")
    assert labels == [person, place, person, place]


def test_a_capital_is_a_place_and_a_person_of_its_name_a_person() -> None:
    body = "Jack London sailed. London wrote in London. Berlin waited."
    names = (("Jack London", "PERSON"), ("London", "PERSON"), ("London", "GPE"), ("Berlin", "PERSON"))
    assert said(resolve(body, found(body, *names)))[1:] == [
        ("London", "PERSON", "Jack London", None),
        ("London", "GPE", "London", "GB"),
        ("Berlin", "GPE", "Berlin", "DE"),
    ]


def test_trust_is_no_place() -> None:
    body = "Mara Austin won. Nobody lost confidence in Austin."
    mentions = resolve(body, found(body, ("Mara Austin", "PERSON"), ("Austin", "GPE")))
    assert [mention.canonical for mention in mentions] == ["Mara Austin", "Mara Austin"]


def test_a_surname_that_the_model_missed_is_found() -> None:
    body = "Victor Quell advises the harbour. Quell said so. The Quell Street market is another matter."
    assert said(resolve(body, found(body, ("Victor Quell", "PERSON")))) == [
        ("Victor Quell", "PERSON", "Victor Quell", None),
        ("Quell", "PERSON", "Victor Quell", None),
    ]


def test_a_surname_that_is_also_a_word_is_not_looked_for() -> None:
    body = "Victor Green likes green boats. Green is his colour."
    assert len(resolve(body, found(body, ("Victor Green", "PERSON")))) == 1


def test_two_people_of_one_surname_are_told_apart_by_nearness() -> None:
    body = "Anna Sorel came. Sorel spoke. Piet Sorel came. Sorel was silent."
    spans = found(body, ("Anna Sorel", "PERSON"), ("Sorel", "PERSON"), ("Piet Sorel", "PERSON"), ("Sorel", "PERSON"))
    assert [m.canonical for m in resolve(body, spans)] == ["Anna Sorel", "Anna Sorel", "Piet Sorel", "Piet Sorel"]


def test_the_family_name_may_come_first() -> None:
    body = "Kim Yong-hyun met Kim Jong-un. Kim waved."
    spans = found(body, ("Kim Yong-hyun", "PERSON"), ("Kim Jong-un", "PERSON"), ("Kim", "ORG"))
    assert said(resolve(body, spans)) == [
        ("Kim Yong-hyun", "PERSON", "Kim Yong Hyun", None),
        ("Kim Jong-un", "PERSON", "Kim Jong Un", None),
        ("Kim", "PERSON", "Kim Jong Un", None),
    ]


@pytest.mark.parametrize(
    "spelling", ["Zelensky", "Zelenski", "Zelenskyy", "Zelenskiy", "Volodymyr Zelenskyy", "Volodmir Zelenski"]
)
def test_known_transliterations_meet_in_one_form_whatever_the_article(spelling: str) -> None:
    body = f"{spelling} arrived."
    assert resolve(body, found(body, (spelling, "PERSON")))[0].canonical == "Volodymyr Zelensky"


def test_unknown_transliterations_meet_within_an_article() -> None:
    body = "Dmytro Havrylenky spoke first. Dmitro Havrilenki answered, and Havrylenkyy laughed. Jon Doel met Jane Doel."
    names = ("Dmytro Havrylenky", "Dmitro Havrilenki", "Havrylenkyy", "Jon Doel", "Jane Doel")
    mentions = resolve(body, found(body, *((name, "PERSON") for name in names)))
    assert [mention.canonical for mention in mentions] == [*["Dmytro Havrylenky"] * 3, "Jon Doel", "Jane Doel"]


@pytest.mark.parametrize(
    ("name", "model_label", "canonical", "country"),
    [
        ("DPRK", "ORG", "North Korea", "KP"),
        ("Democratic People’s Republic of Korea", "ORG", "North Korea", "KP"),
        ("North Korea", "GPE", "North Korea", "KP"),
        ("U.S.", "GPE", "United States", "US"),
        ("USA", "ORG", "United States", "US"),
        ("Pyongyang", "ORG", "Pyongyang", "KP"),
        ("Seoul", "PERSON", "Seoul", "KR"),
        ("Kiev", "GPE", "Kyiv", "UA"),
        ("Türkiye", "GPE", "Turkey", "TR"),
        ("Czech Republic", "GPE", "Czechia", "CZ"),
        ("Côte d’Ivoire", "ORG", "Ivory Coast", "CI"),
        ("Washington, D.C.", "GPE", "Washington", "US"),
    ],
)
def test_countries_and_capitals_are_places_with_codes(
    name: str, model_label: str, canonical: str, country: str
) -> None:
    body = f"He wrote to {name} again."
    assert said(resolve(body, found(body, (name, model_label)))) == [(name, "GPE", canonical, country)]


@pytest.mark.parametrize("name", ["Jordan", "Georgia", "Chad", "Victoria"])
def test_an_ambiguous_place_is_what_the_model_takes_it_for(name: str) -> None:
    body = f"He wrote to {name}."
    assert resolve(body, found(body, (name, "PERSON")))[0].country is None
    assert resolve(body, found(body, (name, "GPE")))[0].country is not None


def test_the_pronoun_is_no_country() -> None:
    body = "He told us."
    assert resolve(body, found(body, ("us", "ORG")))[0].country is None


def test_a_people_is_no_place() -> None:
    body = "The Ukrainian leader spoke."
    assert resolve(body, found(body, ("Ukrainian", "GPE")))[0].label == "NORP"
    assert resolve(body, found(body, ("Ukrainian", "LOC")), place_label="LOC", group_label="")[0].label == "LOC"


def test_bounds_shrink_to_the_name() -> None:
    body = "At the United Nations, Mr. Tomás Rivera's\nMara Lind met “The Harbour Council”."
    spans = found(
        body,
        ("the United Nations,", "ORG"),
        ("Mr. Tomás Rivera's\nMara Lind", "PERSON"),
        ("“The Harbour Council”", "ORG"),
    )
    assert [mention.text for mention in resolve(body, spans)] == [
        "United Nations",
        "Tomás Rivera",
        "Mara Lind",
        "The Harbour Council",
    ]


@pytest.mark.parametrize(
    ("body", "name", "left"),
    [
        ("The Harbour Council met.", "The Harbour Council", "Harbour Council"),
        ("He left. The Harbour Council met.", "The Harbour Council", "Harbour Council"),
        ("He reads The Harbour Ledger daily.", "The Harbour Ledger", "The Harbour Ledger"),
        ("The Hague is a city.", "The Hague", "The Hague"),
    ],
)
def test_a_large_article_goes_where_the_sentence_made_it_large(body: str, name: str, left: str) -> None:
    assert resolve(body, found(body, (name, "ORG")))[0].text == left


@pytest.mark.parametrize(
    "junk", ["mara@ledger.example.org", "https://ledger.example.org", "—", "…", "seven,000 kilometers"]
)
def test_what_is_no_name_is_left_out(junk: str) -> None:
    body = f"See {junk} there."
    assert resolve(body, found(body, (junk, "PERSON"))) == []


def test_an_explained_acronym_means_its_full_name_everywhere() -> None:
    body = "The Harbour Fishing Council (HFC) met. HFC members left (HFC)."
    mentions = resolve(body, found(body, ("Harbour Fishing Council", "ORG")))
    assert [mention.text for mention in mentions] == ["Harbour Fishing Council", "HFC", "HFC", "HFC"]
    assert {mention.canonical for mention in mentions} == {"Harbour Fishing Council"}


def test_the_majority_decides_what_a_name_is() -> None:
    body = "Brineholm grew. Brineholm shrank. Brineholm slept."
    spans = found(body, ("Brineholm", "GPE"), ("Brineholm", "PERSON"), ("Brineholm", "GPE"))
    assert {mention.label for mention in resolve(body, spans)} == {"GPE"}


def test_dates_and_sums_stay_as_the_model_has_them() -> None:
    body = "On the 21st they paid 2,500 crowns."
    spans = found(body, ("the 21st", "DATE"), ("2,500 crowns", "MONEY"))
    assert [mention.text for mention in resolve(body, spans)] == ["the 21st", "2,500 crowns"]
