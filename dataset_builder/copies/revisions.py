"""Revisions: the same page fetched again with other bytes."""

from __future__ import annotations

import hashlib
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataset_builder.resources import read_json
from dataset_builder.spelling import Indices

#: One row an article that revises another one.
REVISIONS_SCHEMA = pa.schema(
    [pa.field("id", pa.string(), nullable=False), pa.field("revision_of", pa.string(), nullable=False)]
)

#: Bytes of a page's digest; two of a billion pages meet by chance once in 10^20.
PAGE_BYTES = 16


def page_digests(urls: pa.Array) -> pa.Array:
    """What two addresses of one page have in common, as ``PAGE_BYTES`` bytes; null for what is no web address."""
    keys = (page_key(url) for url in urls.to_pylist())
    digests = [None if key is None else hashlib.blake2b(key.encode(), digest_size=PAGE_BYTES).digest() for key in keys]
    return pa.array(digests, pa.binary(PAGE_BYTES))


def chains(versions: pa.Table) -> tuple[Indices, Indices]:
    """Which row is a revision of which: same page, later moment.

    Args:
        versions: columns ``page`` (null: no page), ``id``, and a moment that sorts, ``fetched_at`` or ``date`` or both;
            ``fetched_at`` decides, ``date`` helps where it is null, the id settles a tie.

    Returns:
        Row numbers of the revisions, and of the version right before each, so that the versions of a page form one
        chain; the first version and pages seen once are not among them.
    """
    rows = np.flatnonzero(pc.is_valid(versions.column("page")).to_numpy(zero_copy_only=False))
    known = versions.take(pa.array(rows))
    keys = [name for name in ("page", "fetched_at", "date", "id") if name in known.column_names]
    order = pc.sort_indices(known, [(key, "ascending") for key in keys])
    known, rows = known.take(order), rows[order.to_numpy()]
    later, earlier = known.slice(1), known.slice(0, max(0, known.num_rows - 1))
    same = pc.and_(
        pc.equal(later.column("page"), earlier.column("page")), pc.not_equal(later.column("id"), earlier.column("id"))
    )
    places = np.flatnonzero(same.to_numpy()) + 1
    return rows[places], rows[places - 1]


def link_revisions(articles: pa.Table) -> pa.Table:
    """Which article is a revision of which.

    Args:
        articles: columns ``id`` (string), ``canonical_url`` (string or null) and a moment, as :func:`chains` wants it.

    Returns:
        Rows of ``REVISIONS_SCHEMA``, sorted by id. ``revision_of`` is the id of the version right before.
    """
    urls = articles.column("canonical_url").combine_chunks()
    later, earlier = chains(articles.append_column("page", page_digests(urls)))
    ids = articles.column("id")
    table = pa.table([ids.take(pa.array(later)), ids.take(pa.array(earlier))], schema=REVISIONS_SCHEMA)
    return table.sort_by("id")


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
