"""The tables of the data card. Cells are escaped by :func:`dataset_builder.describe.escape.table`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dataset_builder.config import Change, Config, Contributor, Source, Withdrawal
from dataset_builder.describe.escape import Markdown, code, escape_markdown, link, table
from dataset_builder.describe.facts import Accounts, FileFacts, LicenseRow, SnapshotFacts, TableFacts
from dataset_builder.describe.front_matter import CardConfig
from dataset_builder.rights.policy import load_policy
from dataset_builder.schema import Field, flatten_fields

#: Shards follow the calendar: ``train-2024-10-00000.parquet``.
_SHARD_YEAR = re.compile(r"/[a-z0-9_]+-(\d{4})-\d{2}-\d+\.parquet$")
#: A card is read by people; the whole of a long table is in the snapshot's own files.
MOST_ROWS = 200


def configs_table(configs: Sequence[CardConfig]) -> Markdown:
    """Config, rows, files and size."""
    rows = [
        (code(config.name), config.rows, len(config.shards), sum(shard.bytes for shard in config.shards))
        for config in configs
    ]
    return table(("Config", "Rows", "Files", "Bytes"), rows)


def accounts_table(accounts: Accounts) -> Markdown:
    """What became of every article that was read."""
    names = ("read", "released", "withheld", "rejected", "merged", "withdrawn")
    return table([name.capitalize() for name in names], [[getattr(accounts, name) for name in names]])


def withheld_table(facts: SnapshotFacts) -> Markdown:
    """Articles without released text, by the rule that decided; empty where there is none."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in facts.licenses:
        if not row.released:
            counts[row.decision_rule, row.rights_class, row.release] += row.articles
    rows = [(rule, kind, release, count) for (rule, kind, release), count in sorted(counts.items())]
    header = ("Rule", "Rights class", "Release", "Articles")
    return _long(header, rows, lambda row: (code(row[0]), *row[1:]), "the table catalog")


def licenses_table(facts: SnapshotFacts) -> Markdown:
    """Articles by source, licence and decision, in the order of the sources."""
    sources = {source.name: source for source in facts.config.sources}

    def cells(row: LicenseRow) -> Sequence[object]:
        return _source_link(sources, row), row.license or "none stated", row.rights_class, row.release, row.articles

    header = ("Source", "Licence", "Rights class", "Release", "Articles")
    return _long(header, facts.licenses, cells, "the table catalog") or Markdown("No article was read.")


def restricted_table(facts: SnapshotFacts) -> Markdown:
    """What the restricted tier adds to the public one, by the rows that decided; empty for other audiences."""
    if facts.config.build.audience != "restricted":
        return Markdown("")
    adds = {rule.id: rule.restricted_adds for rule in load_policy(facts.config.policy_path).rules}
    counts: Counter[tuple[str, str]] = Counter()
    for row in facts.licenses:
        counts[row.decision_rule, row.release] += row.articles
    rows = [(code(rule), release, count, adds.get(rule, "")) for (rule, release), count in sorted(counts.items())]
    return _long(("Rule", "Release", "Articles", "What the restricted tier adds"), rows, tuple, "the table catalog")


def contacts_table(config: Config) -> Markdown:
    """Where a removal is asked for, by source; empty where no source names a contact."""

    def cells(source: Source) -> Sequence[object]:
        return link(source.path, source.title or source.name), source.publisher, source.email

    named = [source for source in config.sources if source.email]
    return _long(("Source", "Publisher", "Contact"), named, cells, "the table sources")


def people_table(config: Config) -> Markdown:
    """Who made the dataset; empty where nobody is declared."""

    def cells(who: Contributor) -> Sequence[object]:
        return link(who.path, who.title), link(who.orcid), who.organization, ", ".join(who.roles), who.email

    header = ("Name", "ORCID", "Organisation", "Roles", "Contact")
    return _long(header, config.contributors, cells, "datapackage.json")


def withdrawals_table(facts: SnapshotFacts) -> Markdown:
    """Withdrawn articles: identifier, reason, date, and who held the text; empty where there is none."""

    def cells(entry: Withdrawal) -> Sequence[object]:
        return code(entry.id), entry.reason, entry.date, ", ".join(entry.versions)

    return _long(("Article", "Reason", "Date", "Text in versions"), facts.withdrawals, cells, "withdrawals.json")


def changes_table(config: Config) -> Markdown:
    """What each version brought, in the configuration's order, then what was withdrawn; empty where nothing is said.

    A withdrawal belongs to the first version without the text, which nobody has written down; its day stands for it.
    """

    def cells(change: Change) -> Sequence[object]:
        return code(change.version) if change.version else "", change.date, change.description

    return _long(("Version", "Date", "Change"), (*config.changes, *_withdrawn(config)), cells, "dataset.yaml")


def _withdrawn(config: Config) -> Iterator[Change]:
    """One entry a day on which articles were withdrawn, the newest first."""
    days: dict[str, list[Withdrawal]] = {}
    for entry in config.withdrawals:
        days.setdefault(entry.date, []).append(entry)
    for day, entries in sorted(days.items(), reverse=True):
        what = "1 article" if len(entries) == 1 else f"{len(entries)} articles"
        held = list(dict.fromkeys(version for entry in entries for version in entry.versions))
        where = f"; {', '.join(held)} held text of {'it' if len(entries) == 1 else 'them'}" if held else ""
        yield Change("", f"Withdrawn: {what}{where}. Reasons are under Withdrawn.", day)


def field_tables(facts: SnapshotFacts) -> list[dict[str, Any]]:
    """One section a table: its description, its rows and every field with its share of nulls."""
    return [
        {
            "name": entry.schema.name,
            "description": escape_markdown(entry.schema.descriptor.get("description", "")),
            "rows": Markdown(f" {row_count(entry.rows)}."),
            "fields": _field_table(entry),
        }
        for entry in facts.tables
    ]


def row_count(rows: int) -> str:
    """``1 row``, ``2,000 rows``."""
    return f"{rows:,} row{'' if rows == 1 else 's'}"


def _field_table(entry: TableFacts) -> Markdown:
    nulls = dict(entry.null_counts)
    rows = [
        (code(path), _type(field), _description(field), _share(nulls[path], entry.rows) if path in nulls else "")
        for path, field in flatten_fields(entry.schema.fields)
    ]
    return table(("Field", "Type", "Description", "Null"), rows)


def _type(field: Field) -> str:
    if field["type"] == "array":
        return f"list of {field['arrayItem']['type']}"
    return str(field["type"])


def _description(field: Field) -> str:
    return str(field.get("description") or field.get("title") or "")


def _share(count: int, rows: int) -> Markdown:
    """Nulls as a share of the rows; it reads as nothing or as all only where it is."""
    if not rows:
        return Markdown("")
    share = 100 * count / rows
    if count in (0, rows):
        shown = f"{share:.0f}"
    else:
        shown = "&lt; 0.1" if share < 0.1 else "&gt; 99.9" if share > 99.9 else f"{share:.1f}"
    return Markdown(f"{shown}&nbsp;%")


def measured_tables(facts: SnapshotFacts) -> list[dict[str, Any]]:
    """What was counted: years, languages, entity labels, quality flags; sections without a count are left out."""
    sections = (
        ("Years", ("Year", "Articles"), articles_by_year(facts)),
        ("Languages", ("Language", "Articles"), facts.languages),
        ("Entity labels", ("Label", "Mentions"), facts.entity_labels),
        ("Quality flags", ("Flag", "Articles"), facts.flags),
    )
    return [
        {"title": title, "table": _long(header, counts, lambda row: (code(row[0]), row[1]), "the tables")}
        for title, header, counts in sections
        if counts
    ]


def articles_by_year(facts: SnapshotFacts) -> list[tuple[str, int]]:
    """Articles by year, as the names of the shards tell; of the catalog where nothing is released."""
    articles = facts.table("articles")
    counts: Counter[str] = Counter()
    for shard in (articles if articles.rows else facts.table("catalog")).shards:
        dated = _SHARD_YEAR.search(shard.path)
        counts[dated[1] if dated else "undated"] += shard.rows or 0
    return sorted(counts.items()) if set(counts) != {"undated"} else []


def checks_table(facts: SnapshotFacts) -> Markdown:
    """What the build checked, and the result."""
    return _long(("Check", "Result"), facts.checks, tuple, "manifest.json")


def digests_table(facts: SnapshotFacts) -> Markdown:
    """The digests that the data digest and the manifest rest on."""
    digests = (
        ("Data", facts.identity),
        ("Rows (Merkle root)", facts.merkle_root),
        ("Schemas", facts.schema_sha256),
        ("Policy", facts.policy_sha256),
        ("Configuration", facts.config.sha256),
    )
    return table(
        ("Digest of", "SHA-256"), [(name, code(value.removeprefix("sha256:"))) for name, value in digests if value]
    )


def files_table(facts: SnapshotFacts) -> Markdown:
    """Every Parquet file with rows, size and digest."""

    def cells(shard: FileFacts) -> Sequence[object]:
        return code(shard.path), shard.rows or 0, shard.bytes, code(shard.sha256)

    shards = [shard for entry in facts.tables for shard in entry.shards]
    return _long(("File", "Rows", "Bytes", "SHA-256"), shards, cells, "manifest.json")


def tools_table(facts: SnapshotFacts) -> Markdown:
    """What had a hand in the bytes; another version of a library can give other bytes."""
    return table(("Tool", "Version"), facts.tools or [("news-dataset-builder", facts.builder_version)])


def _source_link(sources: dict[str, Source], row: LicenseRow) -> Markdown:
    source = sources.get(row.source)
    return link(source.path, source.title or source.name) if source else escape_markdown(row.source)


def _long(
    header: Sequence[str], items: Sequence[Any], row: Callable[..., Sequence[object]], elsewhere: str
) -> Markdown:
    """A table of at most ``MOST_ROWS`` of ``items`` that says where the others are; empty where there are none."""
    if not items:
        return Markdown("")
    shown = table(header, [row(item) for item in items[:MOST_ROWS]])
    left = len(items) - MOST_ROWS
    return Markdown(f"{shown}\n\n{left:,} more rows are left out here; they are in {elsewhere}.") if left > 0 else shown
