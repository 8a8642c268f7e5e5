"""README.md: the data card. The prose is ``schema/card/card.md.jinja``; this file fills it.

Whatever the template prints is escaped unless it is Markdown made here, so that a title with markup stays a title.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any

from dataset_builder.access import TERMS
from dataset_builder.describe.card_tables import (
    accounts_table,
    changes_table,
    checks_table,
    configs_table,
    contacts_table,
    digests_table,
    field_tables,
    files_table,
    licenses_table,
    measured_tables,
    people_table,
    restricted_table,
    row_count,
    tools_table,
    withdrawals_table,
    withheld_table,
)
from dataset_builder.describe.cite import citation_facts, render_citation
from dataset_builder.describe.escape import Markdown, code, escape_markdown, fenced, link, paragraphs, web_address
from dataset_builder.describe.facts import SnapshotFacts
from dataset_builder.describe.figures import render_figures
from dataset_builder.describe.front_matter import CardConfig, card_configs, render_front_matter
from dataset_builder.resources import schema_file


def render_card(facts: SnapshotFacts) -> str:
    """The card's text: front matter for machines, then Markdown for people."""
    parts = (_identity(facts), _contents(facts), _rights(facts), _partial(facts), _proof(facts))
    body: str = _template().render({name: value for part in parts for name, value in part.items()})
    return render_front_matter(facts) + "\n" + body.strip() + "\n"


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(  # noqa: S701 - the output is Markdown: finalize escapes for it, HTML's rules would not
        finalize=escape_markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["code"] = code
    return environment.from_string(schema_file("card", "card.md.jinja").read_text(encoding="utf-8"))


def _identity(facts: SnapshotFacts) -> dict[str, Any]:
    config = facts.config
    origins = {"declared": "declared", "newest-article": "the newest date among the inputs"}
    origin = origins.get(facts.created_from, "")
    return {
        "title": config.title,
        "description": paragraphs(config.description),
        "audience": config.build.audience,
        "version": config.version,
        "created": f"{facts.created.isoformat()} ({origin})" if facts.created else "unknown: no input carries a date",
        "identity": facts.identity,
        "doi": link(f"https://doi.org/{config.doi}", config.doi) if config.doi else "",
        "homepage": link(config.homepage) if web_address(config.homepage) else "",
        "summary": _summary(facts),
    }


def _summary(facts: SnapshotFacts) -> Markdown:
    accounts = facts.accounts
    articles = f"{accounts.read:,} news article{'' if accounts.read == 1 else 's'}"
    sources = len(facts.config.sources)
    origin = f"{sources:,} source{'' if sources == 1 else 's'}"
    fates = ("released", "withheld", "rejected", "merged", "withdrawn")
    counts = [f"{getattr(accounts, fate):,} {fate}" for fate in fates if getattr(accounts, fate)]
    partly = [f"{count:,} as {mode}" for mode, count in facts.release_counts.items() if mode != "full"]
    if partly and accounts.released:
        counts[0] += f" ({', '.join(partly)})"
    opening = f"A snapshot made of {articles} from {origin}: {', '.join(counts)}."
    return Markdown(opening if accounts.released else f"{opening} No right to publish a text was shown.")


def _load_line(config: CardConfig) -> Markdown:
    """How a config is loaded: its only split, or all of them by name."""
    name, remark = config.name.replace("-", "_"), ", the default" if config.default else ""
    if len(config.splits) == 1:
        split, told = f', split="{config.splits[0].name}"', row_count(config.rows)
    else:
        split, told = "", ", ".join(f"{split.name} {row_count(split.rows)}" for split in config.splits)
    return Markdown(f'{name} = load_dataset("PATH", "{config.name}"{split})  # {told}{remark}')


def _splits_sentence(facts: SnapshotFacts) -> Markdown:
    """How the texts are divided; empty where they are not."""
    told = {"time": "the day of publication", "source": "their source", "hash": "a digest of their id"}
    by = facts.config.build.splits.by
    return Markdown(
        f"The texts are divided into splits by {told[by]}. Copies and revisions of an article are in one split, that of"
        " the first of them, so no text is in two."
        if by in told
        else ""
    )


def _contents(facts: SnapshotFacts) -> dict[str, Any]:
    configs = card_configs(facts)
    return {
        "configs": [
            {
                "glob": Markdown(config.glob),
                "line": _load_line(config),
            }
            for config in configs
        ],
        "configs_table": configs_table(configs),
        "splits_sentence": _splits_sentence(facts),
        "empty_tables": [table.schema.name for table in facts.tables if not table.rows],
        "has_families": any(config.family for config in configs),
        "accounts_table": accounts_table(facts.accounts),
        "accounts_sentence": _accounts_sentence(facts),
        "tables": field_tables(facts),
        "measured": measured_tables(facts),
        "measured_sentence": _measured_sentence(facts),
        "figures": sorted(render_figures(facts)),
        "has_text": facts.has_text,
        "models": _models(facts),
    }


def _accounts_sentence(facts: SnapshotFacts) -> str:
    if facts.accounts.balanced:
        return "Every article that was read is in one of these classes."
    return "These classes do not add up to the articles that were read: do not rely on this snapshot."


def _measured_sentence(facts: SnapshotFacts) -> str:
    first, last = facts.dates
    scope = "released articles" if facts.accounts.released else "catalog"
    span = f"Dates of the {scope} run from {first} to {last}." if first and last else f"The {scope} carries no dates."
    words = f" The released bodies hold {facts.words:,} words." if facts.words else ""
    return span + words


def _models(facts: SnapshotFacts) -> Markdown:
    """Which model marked the entities of which language; empty where none were marked."""
    if not facts.entity_labels:
        return Markdown("")
    models = ", ".join(f"{code(name)} in {code(language)}" for language, name in facts.config.build.models)
    return Markdown(models or "a model that the configuration does not name")


def _rights(facts: SnapshotFacts) -> dict[str, Any]:
    return {
        "withheld_table": withheld_table(facts),
        "withdrawals_table": withdrawals_table(facts),
        "texts_rights": _texts_rights(facts),
        "compilation_rights": _compilation_rights(facts),
        "policy_version": facts.policy_version or "unknown",
        "licenses_table": licenses_table(facts),
        "contacts_table": contacts_table(facts.config),
        "contact_gaps": _contact_gaps(facts),
    }


def _texts_rights(facts: SnapshotFacts) -> Markdown:
    if not facts.accounts.released:
        return Markdown("No text is released, and no licence to any text is passed on.")
    if facts.config.build.audience == "private":
        return Markdown("The texts are held whatever their rights. This card passes on no licence to any of them.")
    if not facts.collection.expression:
        return Markdown("The released texts stand under no common licence.")
    return Markdown(f"{_what(facts)} stand under {code(facts.collection.expression)}: each under its own part of it.")


def _what(facts: SnapshotFacts) -> str:
    """What is released of texts, in words."""
    names = {"full": "released texts", "excerpt": "excerpts", "features": "features"}
    told = [f"the {names[mode]}" for mode in facts.release_counts] or ["the released texts"]
    listed = " and ".join([", ".join(told[:-1]), told[-1]]) if told[1:] else told[0]
    return listed[0].upper() + listed[1:]


def _partial(facts: SnapshotFacts) -> dict[str, Any]:
    """The sections on excerpts, features, the legal basis and the gate; empty where there are none."""
    release, counts = facts.config.build.release, facts.release_counts
    score = facts.reconstruction
    return {
        "excerpt_limit": release.excerpt if "excerpt" in counts else None,
        "share": f"{100 * release.excerpt.share:g} %",
        "has_features": "features" in counts,
        "score": asdict(score) if score else None,
        "percent": lambda share: f"{100 * share:.1f} %",
        "legal_basis": release.legal_basis if facts.legal_rules else None,
        "legal_rules": Markdown(", ".join(code(rule) for rule in facts.legal_rules)),
        "published_in": ", ".join(release.published_in),
        "terms": TERMS if facts.terms else "",
        "restricted_table": restricted_table(facts),
    }


def _compilation_rights(facts: SnapshotFacts) -> Markdown:
    licenses = facts.config.licenses
    if not licenses:
        return Markdown("No licence is declared for the selection, the metadata and the annotations.")
    names = ", ".join(
        link(entry.path, entry.title or entry.name) if entry.path else code(entry.name) for entry in licenses
    )
    return Markdown(f"The selection, the metadata and the annotations stand under {names}.")


def _contact_gaps(facts: SnapshotFacts) -> list[str]:
    without = sum(not source.email for source in facts.config.sources)
    if not without:
        return []
    sources = "1 source" if without == 1 else f"{without:,} sources"
    declared = any(contributor.email for contributor in facts.config.contributors)
    whom = "the people named below" if declared else "whoever gave you this snapshot"
    return [f"The configuration names no contact for {sources}; ask {whom}."]


def _proof(facts: SnapshotFacts) -> dict[str, Any]:
    citation = citation_facts(facts)
    return {
        "people_table": people_table(facts.config),
        "changes_table": changes_table(facts.config),
        "checks_table": checks_table(facts),
        "apa": escape_markdown(render_citation(citation, "apa")),
        "bibtex": fenced(render_citation(citation, "bibtex"), "bibtex"),
        "digests_table": digests_table(facts),
        "files_table": files_table(facts),
        "tools_table": tools_table(facts),
    }
