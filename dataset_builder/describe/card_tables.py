"""The tables of the data card. Cells are escaped by :func:`dataset_builder.describe.escape.table`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dataset_builder.config import Config
from dataset_builder.describe.escape import Markdown, code, escape_markdown, link, table
from dataset_builder.describe.facts import Accounts, LicenseRow, SnapshotFacts, TableFacts
from dataset_builder.describe.front_matter import CardConfig
from dataset_builder.describe.package import email_address
from dataset_builder.schema import Field, flatten_fields

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
        if row.release != "full":
            counts[row.decision_rule, row.rights_class, row.release] += row.articles
    rows = [(code(rule), kind, release, count) for (rule, kind, release), count in sorted(counts.items())]
    return _long(("Rule", "Rights class", "Release", "Articles"), rows, "the table catalog")


def licenses_table(facts: SnapshotFacts) -> Markdown:
    """Articles by source, licence and decision, in the order of the sources."""
    titles = {source.name: source for source in facts.config.sources}
    rows = [
        (_source_title(titles, row), row.license or "none stated", row.rights_class, row.release, row.articles)
        for row in facts.licenses
    ]
    return _long(("Source", "License", "Rights class", "Release", "Articles"), rows, "the table catalog") or Markdown(
        "No article was read."
    )


def contacts_table(config: Config) -> Markdown:
    """Where a removal is asked for, by source; empty where no source names a contact."""
    rows = [
        (link(source.path, source.title or source.name), source.publisher, email_address(source.email) or source.email)
        for source in config.sources
        if source.email
    ]
    return _long(("Source", "Publisher", "Contact"), rows, "the table sources")


def people_table(config: Config) -> Markdown:
    """Who made the dataset; empty where nobody is declared."""
    rows = [
        (
            link(person.path, person.title),
            link(person.orcid),
            person.organization,
            ", ".join(person.roles),
            person.email,
        )
        for person in config.contributors
    ]
    return _long(("Name", "ORCID", "Organisation", "Roles", "Contact"), rows, "datapackage.json")


def withdrawals_table(facts: SnapshotFacts) -> Markdown:
    """Withdrawn articles: identifier, reason, date; empty where there is none."""
    rows = [(code(identifier), reason, day) for identifier, reason, day in facts.withdrawals]
    return _long(("Article", "Reason", "Date"), rows, "manifest.json")


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


def _share(count: int, rows: int) -> str:
    """Nulls as a share of the rows; a share that is not zero never reads as zero."""
    if not rows or not count:
        return "0 %" if rows else ""
    share = 100 * count / rows
    return "< 0.1 %" if share < 0.1 else f"{share:.1f} %" if share < 99.95 or count == rows else "> 99.9 %"


def measured_tables(facts: SnapshotFacts) -> list[dict[str, Any]]:
    """What was counted: languages, entity labels, quality flags; sections without a count are left out."""
    sections = (
        ("Languages", ("Language", "Articles"), facts.languages),
        ("Entity labels", ("Label", "Mentions"), facts.entity_labels),
        ("Quality flags", ("Flag", "Articles"), facts.flags),
    )
    return [
        {
            "title": title,
            "table": _long(header, [(code(name), count) for name, count in counts], "the tables themselves"),
        }
        for title, header, counts in sections
        if counts
    ]


def checks_table(facts: SnapshotFacts) -> Markdown:
    """What the build checked, and the result."""
    return _long(("Check", "Result"), facts.checks, "manifest.json")


def digests_table(facts: SnapshotFacts) -> Markdown:
    """The digests that the data digest and the manifest rest on."""
    digests = (
        ("Data", facts.identity),
        ("Schemas", facts.schema_sha256),
        ("Policy", facts.policy_sha256),
        ("Configuration", facts.config.sha256),
    )
    return table(
        ("Digest of", "SHA-256"), [(name, code(value.removeprefix("sha256:"))) for name, value in digests if value]
    )


def files_table(facts: SnapshotFacts) -> Markdown:
    """Every Parquet file with rows, size and digest."""
    rows = [
        (code(shard.path), shard.rows or 0, shard.bytes, code(shard.sha256))
        for entry in facts.tables
        for shard in entry.shards
    ]
    return _long(("File", "Rows", "Bytes", "SHA-256"), rows, "manifest.json")


def tools_table(facts: SnapshotFacts) -> Markdown:
    """What had a hand in the bytes; another version of a library can give other bytes."""
    return table(("Tool", "Version"), [("build-dataset", facts.builder_version), *facts.tools])


def _source_title(sources: dict[str, Any], row: LicenseRow) -> Markdown:
    source = sources.get(row.source)
    return link(source.path, source.title or source.name) if source else escape_markdown(row.source)


def _long(header: Sequence[str], rows: Sequence[Sequence[object]], elsewhere: str) -> Markdown:
    """A table of at most ``MOST_ROWS`` rows that says where the others are; empty where there are none."""
    if not rows:
        return Markdown("")
    shown = table(header, rows[:MOST_ROWS])
    left = len(rows) - MOST_ROWS
    return Markdown(f"{shown}\n\n{left:,} more rows are left out here; they are in {elsewhere}.") if left > 0 else shown
