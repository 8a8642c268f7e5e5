"""A difference as Markdown, for the note on a release.

What comes from articles stands in code spans: there it is no markup, and a forge does not take an ``@name`` or a
``#number`` in a title for somebody to notify or something to link.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dataset_builder.comparison.difference import Difference, Listed
from dataset_builder.comparison.text import advice
from dataset_builder.describe.escape import code, escape_markdown, table
from dataset_builder.visible import one_line

_TITLE = 100


def render_markdown(found: Difference) -> str:
    """The note, to be pasted as it is; ends in a line feed."""
    return "\n\n".join(_parts(found)) + "\n"


def _parts(found: Difference) -> Iterator[str]:
    articles = found.articles
    yield f"## {escape_markdown(found.new.title)} {found.new.version}"
    yield (
        f"Since {found.old.version}: {articles.added:,} articles added, {articles.removed:,} removed, "
        f"{articles.changed:,} changed, {articles.unchanged:,} unchanged."
    )
    yield f"{advice(found.bump, found.old.version, found.new.version).capitalize()}."
    if found.bump.reasons:
        yield "\n".join(f"- {reason.level}: {reason.says} ({reason.count:,})" for reason in found.bump.reasons)
    yield from _table(("Field", "Articles"), [(code(entry.field), entry.articles) for entry in found.fields])
    moves = [(code(move.field), code(move.old), code(move.new), move.articles) for move in found.transitions]
    yield from _table(("Value of", "Before", "After", "Articles"), moves)
    schema = [(code(f"{c.table}.{c.field}".rstrip(".")), c.kind, code(c.old), code(c.new)) for c in found.schema]
    yield from _table(("Schema", "Change", "Before", "After"), schema)
    sources = [tuple(map(code, (change.field, change.old, change.new))) for change in found.sources]
    yield from _table(("Source", "Before", "After"), sources)
    facts = [tuple(map(code, (change.name, change.old, change.new))) for change in found.facts]
    yield from _table(("Statement", "Before", "After"), facts)
    yield from _listed("Removed", articles.removed, articles.removed_list)
    yield from _listed("Added", articles.added, articles.added_list)
    yield f"Data digest: {code(found.new.identity)}"


def _listed(title: str, count: int, entries: Sequence[Listed]) -> Iterator[str]:
    if not entries:
        return
    yield f"### {title}"
    rows = [
        (
            code(entry.id),
            code(one_line(entry.title, _TITLE)),
            entry.date,
            code(entry.reason or entry.license or entry.release),
        )
        for entry in entries
    ]
    yield from _table(("Article", "Title", "Date", "Reason or terms"), rows)
    if count > len(entries):
        yield f"And {count - len(entries):,} more."


def _table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    if rows:
        yield table(header, rows)
