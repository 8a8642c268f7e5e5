"""The reference of the released tables, from the Table Schemas."""

from __future__ import annotations

from typing import Any

from dataset_builder.resources import read_json
from dataset_builder.schema import TableSchema, arrow_type, flatten_fields, release_modes, released_tables
from generators.markdown import code, codes, page, table

ABOUT = """\
A snapshot has four tables, each a `load_dataset` config of its own, and two more where articles are released in part:
`excerpts` and `features`. They are described once, in
[schema/](../../schema); Arrow types, the Hub's features, datapackage.json and this page are derived from there.

A dotted name is a member of a nested column, `[]` stands for the items of a list. **Bold** fields are never null. Extra
fields that dataset.yaml declares follow the article's own.
"""

INTAKE = """\
What a reader must find before anything is done to an article. It is no released table.
"""

#: Constraints that say something to a reader beyond the type.
SHOWN = ("enum", "pattern", "minimum", "maximum", "minLength", "unique")


def render() -> str:
    """The page."""
    schemas = released_tables()
    kept = {path for path, _ in flatten_fields(schemas["catalog"].fields)}
    parts = [ABOUT, _heading("articles", schemas["articles"]), _fields(schemas["articles"].fields, kept)]
    parts += [_heading("catalog", schemas["catalog"]), CATALOG]
    for mode in ("excerpt", "features"):
        parts += [_heading(f"{release_modes()[mode]['table']}", schemas[release_modes()[mode]["table"]]), PARTIAL]
        parts += [_fields(release_modes()[mode]["adds"])]
    for name in ("entities", "sources"):
        parts += [_heading(name, schemas[name]), _fields(schemas[name].fields)]
    intake = read_json("intake.schema.json")
    parts += ["## Intake", intake["description"] + " " + INTAKE, _fields(intake["fields"])]
    return page("Tables", "schema/*.schema.json and schema/release-columns.json", *parts)


CATALOG = """\
The columns marked **catalog** above, in the same order and with the same types; `body_sha256` may be null, as a
digest-only record has no body. What a withheld article keeps is decided in
[schema/release-columns.json](../../schema/release-columns.json); a column that is not named there is released with full
text only.
"""


PARTIAL = """\
The columns of the catalog, and in the place of the body its own:
"""


def _heading(name: str, schema: TableSchema) -> str:
    descriptor = schema.descriptor
    lines = [f"## {name}", descriptor["description"]]
    if key := descriptor.get("primaryKey"):
        lines.append(f"Key: {codes(key)}. Version of the schema: {descriptor['version']}.")
    for foreign in descriptor.get("foreignKeys", []):
        reference = foreign["reference"]
        lines.append(f"{codes(foreign['fields'])} refers to {codes(reference['fields'])} of {reference['resource']}.")
    return "\n\n".join(lines)


def _fields(fields: list[dict[str, Any]], kept: set[str] | None = None) -> str:
    header = ("Field", "Type", *(("In",) if kept is not None else ()), "Meaning")
    rows = []
    for path, field in flatten_fields(fields):
        required = field.get("constraints", {}).get("required")
        name = f"**{code(path)}**" if required else code(path)
        where = (("articles, catalog" if path in kept else "articles"),) if kept is not None else ()
        rows.append((name, _type(field), *where, _meaning(field)))
    return table(header, rows)


def _type(field: dict[str, Any]) -> str:
    if field["type"] == "array":
        item = field["arrayItem"]
        return "list of struct" if item["type"] == "object" else f"list of {_type(item)}"
    return "struct" if field["type"] == "object" else str(arrow_type(field))


def _meaning(field: dict[str, Any]) -> str:
    parts = [field.get("description") or f"{field['title']}." if "title" in field else field.get("description", "")]
    parts += [_constraint(*item) for item in field.get("constraints", {}).items() if item[0] in SHOWN]
    return " ".join(part for part in parts if part)


def _constraint(name: str, value: Any) -> str:
    if name == "enum":
        return f"One of {codes(value)}."
    if name == "unique":
        return "Unique." if value else ""
    return f"{name.capitalize()} {code(value)}."
