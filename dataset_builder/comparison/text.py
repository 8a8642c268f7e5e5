"""A difference for people in a terminal. Titles are strangers' words: controls in them are escaped."""

from __future__ import annotations

from collections.abc import Iterator

from dataset_builder.comparison.difference import Bump, Changed, Difference, Listed
from dataset_builder.visible import one_line

_TITLE = 100


def render_text(found: Difference) -> str:
    """The difference as lines."""
    return "\n".join(_lines(found))


def _lines(found: Difference) -> Iterator[str]:
    articles = found.articles
    yield f"{one_line(found.new.title)}: {_arrow(found.old.version, found.new.version)}"
    if found.same_data:
        yield "  same data: the identities are equal"
    counts = (f"{name} {getattr(articles, name)}" for name in ("added", "removed", "changed", "unchanged"))
    yield f"  articles {', '.join(counts)}"
    yield from (f"  field    {one_line(entry.field)}: {entry.articles}" for entry in found.fields)
    yield from (
        f"  values   {one_line(move.field)}: {_arrow(move.old, move.new)}: {move.articles}"
        for move in found.transitions
    )
    for change in found.schema:
        place = f"{change.table}.{change.field}" if change.field else change.table
        values = f": {_arrow(change.old, change.new)}" if change.old or change.new else ""
        yield f"  schema   {one_line(place)}: {change.kind}{values}"
    yield from (f"  source   {one_line(change.field)}: {_arrow(change.old, change.new)}" for change in found.sources)
    yield from (f"  states   {one_line(change.name)}: {_arrow(change.old, change.new)}" for change in found.facts)
    yield from _listed("added", articles.added, articles.added_list)
    yield from _listed("removed", articles.removed, articles.removed_list)
    yield from _changed(articles.changed, articles.changed_list)
    yield f"  version  {advice(found.bump, found.old.version, found.new.version)}"
    yield from (f"    {reason.level}: {reason.says} ({reason.count})" for reason in found.bump.reasons)


def advice(bump: Bump, old: str, new: str) -> str:
    """What the rules say of the new version, in a sentence."""
    if bump.level == "none":
        return f"nothing has changed that asks for another version than {old}"
    verdict = "is enough" if bump.enough else "is too low"
    return f"{bump.suggested} or higher is asked for ({bump.level}); {new} {verdict}"


def _arrow(old: str, new: str) -> str:
    return f"{one_line(old)} -> {one_line(new)}"


def _listed(name: str, count: int, entries: tuple[Listed, ...]) -> Iterator[str]:
    if count:
        yield f"  {name}"
    for entry in entries:
        parts = (entry.id, entry.date, one_line(entry.title, _TITLE), entry.license or entry.release, entry.reason)
        yield "    " + "  ".join(one_line(part) for part in parts if part)
    yield from _more(count, len(entries))


def _changed(count: int, entries: tuple[Changed, ...]) -> Iterator[str]:
    if count:
        yield "  changed"
    for entry in entries:
        yield f"    {one_line(entry.id)}  {one_line(entry.title, _TITLE)}".rstrip()
        yield from (f"      {one_line(change.field)}: {_arrow(change.old, change.new)}" for change in entry.fields)
    yield from _more(count, len(entries))


def _more(count: int, listed: int) -> Iterator[str]:
    if count > listed:
        yield f"    … and {count - listed} more; --limit 0 lists all"
