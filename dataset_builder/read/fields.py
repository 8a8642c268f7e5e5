"""The fields that a person may declare for an article, in front matter, metadata files and tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dataset_builder.addresses import without_secrets
from dataset_builder.issues import Issue
from dataset_builder.nearest import nearest_hint
from dataset_builder.records import Claim, Origin
from dataset_builder.visible import one_line

#: Fields of ``schema/article.schema.json`` that a declaration may set; everything else is computed.
DECLARABLE = (
    "title", "date", "author", "source", "url", "url_absent_reason", "canonical_url", "language", "summary",
    "license", "license_url", "license_scope", "rights_statement", "rights_holder", "copyright_notice", "usage_terms",
    "attribution", "tdm_reservation", "content_usage", "fetched_at", "reviewed_by",
)  # fmt: skip


@dataclass(frozen=True)
class Declarations:
    """What a mapping declares: claims and findings; ``source`` is taken out, as it is settled before any stage."""

    claims: tuple[Claim, ...] = ()
    issues: tuple[Issue, ...] = ()

    def value(self, field: str) -> str | None:
        """The declared value of ``field``."""
        return next((claim.value for claim in self.claims if claim.field == field), None)


def read_declarations(
    values: Mapping[str, Any],
    *,
    rule: str,
    path: str,
    lines: Mapping[str, int],
    extra: frozenset[str] = frozenset(),
    strict: bool = True,
) -> Declarations:
    """Turn a mapping of field -> value into claims.

    Args:
        rule: what kind of place this is (``front-matter``, ``metadata``, ``column``).
        lines: 1-based line of each key.
        extra: names of the fields that dataset.yaml declares.
        strict: whether an unknown field is an error; columns of a table may be anything.
    """
    claims: list[Claim] = []
    issues: list[Issue] = []
    for field, value in values.items():
        line = lines.get(field, 0)
        if field not in DECLARABLE and field not in extra:
            if strict:
                issues.append(_unknown(field, path, line, extra))
        elif value is None or value == "":
            continue
        elif (text := _as_text(value, several=field == "author")) is None:
            found = one_line(without_secrets(json.dumps(value, ensure_ascii=False, default=str)))
            issues.append(Issue(path, line, field=field, code="field-wrong-type", found=found, expected="text"))
        else:
            claims.append(Claim(field, text, Origin.DECLARED, rule, line=line))
    return Declarations(tuple(claims), tuple(issues))


def _unknown(field: str, path: str, line: int, extra: frozenset[str]) -> Issue:
    known = [*DECLARABLE, *sorted(extra)]
    return Issue(
        path,
        line,
        field=one_line(field),
        code="unknown-field",
        found=f"the field {one_line(field)!r}",
        expected="one of " + ", ".join(known),
        hint=nearest_hint(field, known),
    )


def _as_text(value: Any, *, several: bool) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float):
        return str(value)
    if several and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    return None
