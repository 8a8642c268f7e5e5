"""Revisions: the same page fetched again with other bytes."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.resources import read_json

#: One row an article that revises another one.
REVISIONS_SCHEMA = pa.schema(
    [pa.field("id", pa.string(), nullable=False), pa.field("revision_of", pa.string(), nullable=False)]
)


def link_revisions(articles: pa.Table) -> pa.Table:
    """Which article is a revision of which: same page, later moment.

    Args:
        articles: columns ``id`` (string), ``canonical_url`` (string or null) and a moment that sorts, ``fetched_at`` or
            ``date`` or both; ``fetched_at`` decides, ``date`` helps where it is null, the id settles a tie.

    Returns:
        Rows of ``REVISIONS_SCHEMA``, sorted by id. ``revision_of`` is the id of the version right before, so that the
        versions of a page form one chain; the first version and pages seen once have no row.
    """
    pages = [page_key(url) for url in articles.column("canonical_url").to_pylist()]
    table = articles.append_column("page", pa.array(pages, pa.string()))
    keys = [name for name in ("page", "fetched_at", "date", "id") if name in table.column_names]
    table = table.filter(pc.is_valid(table.column("page")))
    order = pc.sort_indices(table, [(key, "ascending") for key in keys])
    table = table.take(order)
    links: dict[str, str] = {}
    previous: tuple[str | None, str] = (None, "")
    for page, article in zip(table.column("page").to_pylist(), table.column("id").to_pylist(), strict=True):
        if page == previous[0] and article != previous[1]:
            links[article] = previous[1]
        previous = (page, article)
    rows = sorted(links.items())
    columns: dict[str, Any] = {"id": [row[0] for row in rows], "revision_of": [row[1] for row in rows]}
    return pa.table(columns, schema=REVISIONS_SCHEMA)


@cache
def _tracking() -> tuple[tuple[str, ...], frozenset[str]]:
    table = read_json("copies", "tracking.json")
    return tuple(table["prefixes"]), frozenset(table["names"])


def page_key(url: str | None) -> str | None:
    """What two addresses of one page have in common: no scheme, fragment, default port, tracking or closing slash.

    None for what is no web address (RFC 3986; scheme-based normalisation of clause 6.2.3).
    """
    try:
        (url or "").encode()  # a shell's argument of other bytes than UTF-8 has lone surrogates
        parts = urlsplit((url or "").strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    host = parts.hostname if port in (None, 80, 443) else f"{parts.hostname}:{port}"
    prefixes, names = _tracking()
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith(prefixes) and name.lower() not in names
    ]
    return urlunsplit(("", host, parts.path.rstrip("/"), urlencode(query), ""))
