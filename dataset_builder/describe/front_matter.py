"""The YAML front matter of a data card: what the Hub shows and what ``datasets`` loads by.

``datasets`` believes this block over the Parquet files and says nothing where they differ, so that everything here is
derived from the facts that the shards were written by; tests/conformance loads them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from dataset_builder.access import TERMS
from dataset_builder.describe.escape import TEXT_LIMIT, one_line, paragraphs, web_address
from dataset_builder.describe.facts import FamilyFacts, FileFacts, SnapshotFacts, SplitFacts, TableFacts
from dataset_builder.resources import read_yaml, schema_file
from dataset_builder.schema import RELEASED, card_feature, release_modes
from dataset_builder.split_options import REST

#: Tables whose shards lie in a folder for each licence family.
BY_FAMILY = tuple(release_modes()[mode]["table"] for mode in RELEASED)
#: ``license_name`` of a snapshot that must not be published.
PRIVATE_LICENSE = "private-not-for-publication"


@dataclass(frozen=True)
class CardConfig:
    """One ``load_dataset`` config: a table, or the share of ``articles`` under one licence family.

    Attributes:
        folder: where its shards are, below the snapshot; a pattern, if they are in several.
        family: the licence family, or ``""`` for a whole table.
    """

    name: str
    table: TableFacts
    folder: str
    shards: tuple[FileFacts, ...]
    rows: int
    data_bytes: int
    splits: tuple[SplitFacts, ...]
    default: bool = False
    family: str = ""

    @property
    def glob(self) -> str:
        """The pattern of its shards, below the snapshot."""
        return f"{self.folder}/{shard_pattern(self.splits)}"


def shard_pattern(splits: tuple[SplitFacts, ...]) -> str:
    """The pattern of the names of shards: of one split, or of all."""
    return f"{splits[0].name}-*.parquet" if len(splits) == 1 else "*.parquet"


def table_folder(name: str) -> str:
    """Where a table's shards are below the snapshot; what is released lies one folder deeper, by licence family."""
    return f"{name}/*" if name in BY_FAMILY else name


def splits_of(part: TableFacts | FamilyFacts) -> tuple[SplitFacts, ...]:
    """The splits of a table or a family, in order; all of it is ``train`` where nothing else is said."""
    return part.splits or (SplitFacts(REST, part.rows, part.data_bytes),)


def card_configs(facts: SnapshotFacts) -> list[CardConfig]:
    """The configs of a snapshot: one a table with rows, then one a licence family where there are several.

    ``articles`` is the default; where no whole text is released, the excerpts, the features or the catalog are. A table
    without rows has none, as a split without rows does not load.
    """
    filled = [table for table in facts.tables if table.rows]
    names = [table.schema.name for table in filled]
    default = next((name for name in (*BY_FAMILY, "catalog") if name in names), names[0] if names else "")
    configs = [
        CardConfig(
            table.schema.name,
            table,
            table_folder(table.schema.name),
            table.shards,
            table.rows,
            table.data_bytes,
            splits_of(table),
            default=table.schema.name == default,
        )
        for table in filled
    ]
    families = [family for family in facts.families if family.rows]
    if len(families) > 1:
        articles = facts.table("articles")
        configs += [
            CardConfig(
                family.name,
                articles,
                f"articles/{family.name}",
                family.shards,
                family.rows,
                family.data_bytes,
                splits_of(family),
                family=family.name,
            )
            for family in families
        ]
    return configs


def render_front_matter(facts: SnapshotFacts) -> str:
    """The block between the ``---`` lines, with them."""
    text = yaml.safe_dump(members(facts), sort_keys=False, allow_unicode=True, width=2**31 - 1)
    return f"---\n{text}---\n"


def members(facts: SnapshotFacts) -> dict[str, Any]:
    """The block's members in reading order; what says nothing is left out."""
    configs = card_configs(facts)
    vocabulary = read_yaml(schema_file("card", "hub.yaml"))
    entries: dict[str, Any] = {
        "pretty_name": one_line(facts.config.title),
        **_license(facts),
        **_gate(facts),
        "language": _languages(facts),
        "language_bcp47": [one_line(tag) for tag, _ in facts.languages if "-" in tag],
        "size_categories": _size(configs, vocabulary["size_categories"]),
        "task_categories": _tasks(facts, vocabulary["task_categories"]),
        "annotations_creators": ["machine-generated"] if facts.entity_labels else [],
        "language_creators": ["found"],
        "tags": _tags(facts, vocabulary["tags"]),
        "configs": [_config_entry(config, facts) for config in configs],
        "dataset_info": [_info_entry(config) for config in configs],
    }
    return {key: value for key, value in entries.items() if value not in ("", [], {}, None)}


def _config_entry(config: CardConfig, facts: SnapshotFacts) -> dict[str, Any]:
    """A config's files. ``version`` and ``description`` keep ``datasets`` from serving a cache of other content.

    Its local cache knows a folder by name and modification times. A version must be three numbers and need not change
    with the content; but every member of the entry goes into the cache's key, and the data digest follows the content.
    """
    entry: dict[str, Any] = {
        "config_name": config.name,
        "version": facts.config.version,
        "description": f"Data digest {facts.identity}",
        "data_files": [
            {"split": split.name, "path": f"{config.folder}/{split.name}-*.parquet"} for split in config.splits
        ],
    }
    return {**entry, "default": True} if config.default else entry


def _info_entry(config: CardConfig) -> dict[str, Any]:
    return {
        "config_name": config.name,
        "features": [card_feature(field) for field in config.table.schema.fields],
        "splits": [
            {"name": split.name, "num_bytes": split.data_bytes, "num_examples": split.rows} for split in config.splits
        ],
        "download_size": sum(shard.bytes for shard in config.shards),
        "dataset_size": config.data_bytes,
    }


def _license(facts: SnapshotFacts) -> dict[str, Any]:
    """The licence in the Hub's terms; a private snapshot holds texts whatever their rights, and passes on none."""
    if facts.config.build.audience == "private":
        return {"license": "other", "license_name": PRIVATE_LICENSE}
    hub, link = facts.collection.hub, facts.collection.hub_link
    return {
        "license": one_line(hub) if isinstance(hub, str) else [one_line(name) for name in hub],
        "license_name": one_line(facts.collection.hub_name),
        "license_link": web_address(link) or (one_line(link) if link.startswith("LICENSE") else ""),
    }


def _gate(facts: SnapshotFacts) -> dict[str, Any]:
    """What the Hub asks of whoever wants access (https://huggingface.co/docs/hub/datasets-gated); it sets no gate."""
    if not facts.terms:
        return {}
    access = facts.config.build.release.access
    prompt = "\n\n".join(paragraphs(access.prompt, TEXT_LIMIT))
    return {
        "extra_gated_heading": one_line(access.heading),
        "extra_gated_prompt": prompt or f"The terms of access are in {TERMS}.",
        "extra_gated_fields": {one_line(question): _form(form) for question, form in access.fields},
        "extra_gated_button_content": one_line(access.button),
    }


def _form(form: tuple[str, ...]) -> Any:
    kind, *options = form
    return {"type": kind, "options": [one_line(option) for option in options]} if options else kind


def _languages(facts: SnapshotFacts) -> list[str]:
    """Primary subtags (ISO 639), as the Hub wants them; the whole tags follow in ``language_bcp47``."""
    return list(dict.fromkeys(one_line(tag).split("-")[0].lower() for tag, _ in facts.languages if tag))


def _size(configs: list[CardConfig], sizes: list[dict[str, Any]]) -> list[str]:
    rows = sum(config.rows for config in configs if config.default)
    return [next(size["name"] for size in sizes if rows < size["below"])] if configs else []


def _tasks(facts: SnapshotFacts, tasks: dict[str, list[str]]) -> list[str]:
    articles = facts.table("articles")
    nulls = dict(articles.null_counts)
    holds = {
        "texts": articles.rows > 0,
        "entities": bool(facts.entity_labels),
        "summaries": nulls.get("summary", articles.rows) < articles.rows,
    }
    found = [task for kind, present in holds.items() if present for task in tasks[kind]]
    return found or tasks["none"]


def _tags(facts: SnapshotFacts, standing: list[str]) -> list[str]:
    keywords = (one_line(keyword, 60) for keyword in facts.config.keywords)
    return list(dict.fromkeys(tag for tag in (*keywords, *standing) if tag))
