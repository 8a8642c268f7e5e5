"""Python, the disk and the system around it."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dataset_builder.doctor.diagnosis import Diagnosis, State

#: From the first Python that is tested to the last.
OLDEST, NEWEST = (3, 11), (3, 13)
#: A build of the seeds needs a few megabytes, one of a large archive as much as the archive.
ROOM = 1 << 30
_GIGABYTE = 1 << 30


def examine_python() -> Iterator[Diagnosis]:
    """Python, and this package with the files that it works by."""
    from dataset_builder import __version__
    from dataset_builder.resources import schema_file

    here = sys.version_info[:2]
    tested = f"{_dotted(OLDEST)} to {_dotted(NEWEST)}"
    state = State.OK if OLDEST <= here <= NEWEST else State.WARNING if here > NEWEST else State.ERROR
    mend = "" if state is State.OK else f"make an environment with Python {tested}"
    yield Diagnosis("python", "Python", state, f"{platform.python_version()} at {sys.executable}", mend)
    whole = schema_file("article.schema.json").is_file() and schema_file("rights", "policy.json").is_file()
    yield Diagnosis(
        "python",
        "news-dataset-builder",
        State.OK if whole else State.ERROR,
        __version__ if whole else f"{__version__}, without its schemas",
        "" if whole else "python -m pip install --force-reinstall news-dataset-builder",
    )


def examine_disk(folder: Path) -> Iterator[Diagnosis]:
    """May be written, has room, and can exchange two folders in one step."""
    from dataset_builder.snapshot.workspace import can_exchange

    places = (("folder", folder.absolute(), "go to"), ("temporary files", Path(tempfile.gettempdir()), "set TMPDIR to"))
    for name, place, how in places:
        if not os.access(place, os.W_OK):
            mend = f"{how} a folder that you may write to"
            yield Diagnosis("disk", name, State.ERROR, f"{place} cannot be written", mend)
            continue
        free = shutil.disk_usage(place).free
        state = State.OK if free >= ROOM else State.WARNING
        mend = "" if state is State.OK else f"free some space, or {how} a folder with more"
        yield Diagnosis("disk", name, state, f"{place}, {free / _GIGABYTE:.1f} GB free", mend)
    if os.access(folder, os.W_OK):
        swaps = can_exchange(folder)
        found = "two folders are exchanged in one step" if swaps else "two renames, recovered at the next start"
        yield Diagnosis("disk", "exchange", State.OK if swaps else State.NOTE, found)


def examine_system() -> Iterator[Diagnosis]:
    """Characters, time zones, processors."""
    import zoneinfo

    for name, encoding in (("file names", sys.getfilesystemencoding()), ("output", sys.stdout.encoding or "")):
        utf8 = encoding.lower().replace("-", "") == "utf8"
        mend = "" if utf8 else "set PYTHONUTF8=1; results do not depend on it, but names and messages are escaped"
        yield Diagnosis("system", name, State.OK if utf8 else State.WARNING, encoding or "unknown", mend)
    yield Diagnosis("system", "locale", State.OK, locale.setlocale(locale.LC_CTYPE) or "C")
    try:
        zoneinfo.ZoneInfo("Asia/Kolkata")
        yield Diagnosis("system", "time zones", State.OK, "known")
    except zoneinfo.ZoneInfoNotFoundError:
        yield Diagnosis("system", "time zones", State.ERROR, "unknown", "python -m pip install tzdata")
    yield Diagnosis("system", "processors", State.OK, str(os.cpu_count() or 1))


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
