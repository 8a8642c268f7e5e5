"""Turn a folder of news articles into a dataset snapshot that can be loaded, verified and cited.

    from dataset_builder import build, load

    result = build("articles", "out/articles")
    snapshot = load(result.out)

The functions stand in :mod:`dataset_builder.api`, which is imported with the first use of one of them (PEP 562): the
import of this package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataset_builder.api import Snapshot, build, check, cite, diff, load, prove, publish_snapshot, verify

__version__ = "0.1.0"

__all__ = ["Snapshot", "__version__", "build", "check", "cite", "diff", "load", "prove", "publish_snapshot", "verify"]


def __getattr__(name: str) -> Any:
    """The public functions, when they are first asked for."""
    if name in __all__:
        from dataset_builder import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """What a notebook offers after a dot."""
    return sorted(__all__)
