"""Where the cache is: where the call says, else where the environment says, else in the user's own cache folder."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from dataset_builder.cache.store import cannot_write
from dataset_builder.errors import UsageError

#: Names the folder; empty: no cache.
VARIABLE = "BUILD_DATASET_CACHE"
#: The file that says what a folder is, so that nobody prunes another one.
MARK = "CACHEDIR.TAG"
_PROBE = ".probe-"
#: The Cache Directory Tagging Specification's own line, by which backup programs leave the folder out, and ours.
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# Results that build-dataset keeps from build to build.\n"


def default_cache(environment: Mapping[str, str] | None = None) -> Path | None:
    """The folder for someone who has not named one; None where the environment says that there is to be none.

    On systems with the XDG base directories, below ``$XDG_CACHE_HOME`` (XDG Base Directory Specification 0.8).
    """
    known = os.environ if environment is None else environment
    if VARIABLE in known:
        return Path(known[VARIABLE]) if known[VARIABLE] else None
    base = known.get("XDG_CACHE_HOME") or known.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "build-dataset"


def prepare_cache(folder: Path) -> Path:
    """Make ``folder`` a cache, readable for its owner only, as it holds articles' texts; one that is there stays.

    Raises:
        UsageError: it holds other things, or lies in a snapshot, which has no room for files that its manifest does
            not know.
        OutsideError: it cannot be written to.
    """
    try:
        _refuse_foreign(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f"{_PROBE}{secrets.token_hex(8)}"
        probe.write_text(_TAG, encoding="utf-8")
        probe.rename(folder / MARK)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return folder


def _refuse_foreign(folder: Path) -> None:
    absolute = Path(os.path.abspath(folder))  # noqa: PTH100 - as it was named, with its links
    snapshot = next((place for place in absolute.parents if (place / "manifest.json").is_file()), None)
    if snapshot is not None:
        found = f"{folder} lies in the snapshot {snapshot}"
    elif folder.is_dir() and _holds_other_things(folder) and not is_cache(folder):
        found = f"{folder} is a folder with other things in it"
    else:
        return
    raise UsageError(
        found,
        expected="a new path, an empty folder, or a cache of an earlier build",
        hint="choose another --cache; build-dataset writes into no folder that is not its own",
    )


def _holds_other_things(folder: Path) -> bool:
    """Builds that start at once on a new cache see each other's probes."""
    return any(not path.name.startswith(_PROBE) for path in folder.iterdir())


def is_cache(folder: Path) -> bool:
    """Whether ``folder`` is a cache of ours."""
    try:
        return (folder / MARK).read_text(encoding="utf-8") == _TAG
    except (OSError, UnicodeDecodeError):
        return False
