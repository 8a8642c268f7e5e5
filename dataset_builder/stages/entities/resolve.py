"""From what a model found to mentions that agree with each other over the whole article.

The steps, each a function of the article alone: names are cut to their bounds; countries, capitals and peoples get the
label that they have everywhere; names that the model labelled in several ways get one label; surnames follow full
names; exact repetitions that the model missed are added; every mention gets its entity's canonical form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dataset_builder.stages.entities.agree import settle_places, settle_votes
from dataset_builder.stages.entities.boundaries import drop_large_articles, trim
from dataset_builder.stages.entities.identity import acronyms, identities
from dataset_builder.stages.entities.labels import coarse_label
from dataset_builder.stages.entities.people import People, find_people, settle_people, surnames
from dataset_builder.stages.entities.spread import repeatable, spread
from dataset_builder.stages.entities.types import Mention, Span


def resolve(body: str, spans: Sequence[Span], *, place_label: str = "GPE", group_label: str = "NORP") -> list[Mention]:
    """The mentions of one article, sorted by place; no two overlap.

    Args:
        body: the text that the spans are offsets into.
        spans: what the model found, sorted and without overlap.
        place_label: the model's label for a country or a capital.
        group_label: the model's label for the name of a people, or ``""`` where it has none.
    """
    named = drop_large_articles(body, trim(spans))
    labelled = settle_votes(settle_places(named, place_label, group_label))
    people = find_people(labelled)
    settled = settle_people(body, labelled, people)
    explained = acronyms(body, settled)
    acronym_labels = {short: full.label for short, full in explained.items()}
    sought = surnames(body, settled) | acronym_labels | _repeated(settled, people)
    complete = spread(body, settled, sought)
    known = identities(complete, people, explained)
    mentions = []
    for span in complete:
        canonical, country = known.of(span)
        mentions.append(
            Mention(span.start, span.end, span.text, span.label, coarse_label(span.label), canonical, country)
        )
    return mentions


def _repeated(spans: Sequence[Span], people: People) -> dict[str, str]:
    """The names (text -> label) that are looked for wherever the model did not see them.

    Names of several words, words of a person's full name, and words that the model itself saw at least twice; a word
    that it took for a name once is too likely a mistake.
    """
    times = Counter(span.text for span in spans)
    return {
        span.text: span.label
        for span in spans
        if repeatable(span)
        and (
            " " in span.text
            or times[span.text] > 1
            or (coarse_label(span.label) == "PER" and people.named_by(span.text, span.start))
        )
    }
