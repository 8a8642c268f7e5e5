"""Where the cache is: where the call says, else where the environment says, else in the user's own cache folder."""

from __future__ import annotations

import os
from pathlib import Path

#: Names the folder; empty: no cache.
VARIABLE = "BUILD_DATASET_CACHE"


def default_cache(environment: dict[str, str] | None = None) -> Path | None:
    """The folder for someone who has not named one; None where the environment says that there is to be none.

    On systems with the XDG base directories, below ``$XDG_CACHE_HOME`` (XDG Base Directory Specification 0.8).
    """
    known = os.environ if environment is None else environment
    if VARIABLE in known:
        return Path(known[VARIABLE]) if known[VARIABLE] else None
    base = known.get("XDG_CACHE_HOME") or known.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "build-dataset"
