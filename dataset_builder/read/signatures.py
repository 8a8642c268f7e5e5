"""Files that are no text, whatever their name or Content-Type says: known by their first bytes."""

from __future__ import annotations

from functools import cache

from dataset_builder.resources import read_yaml, schema_file


def binary_form(payload: bytes) -> str:
    """The form that the first bytes of ``payload`` give away (``PDF``), ``""`` where they may be text."""
    return next((form for start, form in _signatures() if payload.startswith(start)), "")


@cache
def _signatures() -> tuple[tuple[bytes, str], ...]:
    entries = read_yaml(schema_file("read", "signatures.yaml"))
    return tuple((bytes.fromhex(str(entry["bytes"])), entry["form"]) for entry in entries)
