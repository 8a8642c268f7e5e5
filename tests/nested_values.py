"""What stands in values of JSON, YAML and tables, however deep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def every_string(value: Any) -> Iterator[str]:
    """Every text in ``value``; keys of mappings are not looked at."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from every_string(member)
