"""The table of sources, and what is missing in them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pyarrow as pa

from dataset_builder.config import Config
from dataset_builder.config_check import CONFIG_NAME, UNDECLARED
from dataset_builder.issues import Issue
from dataset_builder.schema import TableSchema
from dataset_builder.snapshot.tally import Tally
from dataset_builder.visible import without_controls


def sources_table(config: Config, tally: Tally, schema: TableSchema) -> pa.Table:
    """One row a declared source, in the order of the names, with what was read and released of it."""
    read: Counter[str] = Counter()
    released: Counter[str] = Counter()
    for row in tally.license_rows:
        read[row.source] += row.articles
        released[row.source] += row.articles if row.release == "full" else 0
    rows: list[dict[str, Any]] = []
    for source in sorted(config.sources, key=lambda source: source.name):
        values = {name: _shown(getattr(source, name, None)) for name in schema.column_names}
        values |= {
            "license_evidence": {name: _shown(said) for name, said in source.license_evidence} or None,
            "permission_expires": date.fromisoformat(source.permission_expires) if source.permission_expires else None,
            "articles_read": read[source.name],
            "articles_released": released[source.name],
        }
        rows.append(values)
    return pa.Table.from_pylist(rows, schema=schema.arrow)


def _shown(value: Any) -> Any:
    """A value of dataset.yaml as a table holds it: None for nothing, text without controls but for its line breaks."""
    return "\n".join(map(without_controls, value.split("\n"))) or None if isinstance(value, str) else value or None


def source_findings(config: Config) -> list[Issue]:
    """What a source must say and does not."""
    issues: list[Issue] = []
    for source in config.sources:
        if source.name == UNDECLARED:
            issues.append(Issue(CONFIG_NAME, code="source-undeclared", found="articles without a declared source"))
        elif not source.email:
            found = f"the source {source.name} has no email"
            issues.append(
                Issue(CONFIG_NAME, source.line, field="sources.email", code="no-takedown-contact", found=found)
            )
    return issues
