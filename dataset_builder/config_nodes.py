"""The nodes of a dataset.yaml and where they stand in its text, for those who add to it."""

from __future__ import annotations

from typing import Any

import yaml


def nodes_of(text: str) -> Any:
    """The root node of ``text``, which libyaml has read; None where there is none, or none with places.

    Places are known to PyYAML's own parser, which refuses some documents that libyaml takes, and stumbles over an
    escape beyond Unicode instead of refusing it.
    """
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, OverflowError):
        return None
