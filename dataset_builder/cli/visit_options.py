"""The options of commands that ask other people's servers, and the visitor that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dataset_builder.web.visitor import Visitor

PauseOption = Annotated[float, typer.Option("--pause", min=0.0, help="Seconds between two requests to a site.")]
PrivateOption = Annotated[
    bool, typer.Option("--allow-private-addresses", help="Also ask this machine and private networks.")
]


def chosen_visitor(pause: float, private: bool, *, contact: str = "", size: int | None = None) -> Visitor:
    """Who asks the servers.

    Args:
        contact: what the sites are told in User-Agent.
        size: bytes of an answer at most; None for a page's.
    """
    from dataset_builder.web.exchange import Bounds
    from dataset_builder.web.visitor import Visitor

    bounds = Bounds(private=private) if size is None else Bounds(size=size, private=private)
    return Visitor(bounds, pause, contact)
