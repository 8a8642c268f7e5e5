"""The frame of a copied page: menus, teasers and footers, told from the article by where sentences are dense."""

from __future__ import annotations

from collections.abc import Sequence

from dataset_builder.stages.clean.furniture import Decisions
from dataset_builder.stages.clean.lines import Line


def drop_page_frame(lines: Sequence[Line], decisions: Decisions) -> None:
    """Drop what surrounds the article on its page."""
