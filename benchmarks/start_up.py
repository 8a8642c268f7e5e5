"""How long ``build-dataset --help`` takes, against ``frictionless --help`` and ``hf --help``.

All three from one environment with compiled modules, as an installation leaves them.
"""

from __future__ import annotations

import compileall
import sys
import tempfile
from collections.abc import Sequence

from benchmarks.figures import Row
from benchmarks.meter import ROOT, Used, in_turn, median, ratio, run

TURNS = 15
#: At its end it tells its own high-water mark, which lasts too short to be seen from outside.
_CALL = """
import atexit, sys
from pathlib import Path
atexit.register(lambda: print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]))
sys.argv = [{program!r}, "--help"]
from {module} import {name} as main
sys.exit(main())
"""
PROGRAMS = {
    "build-dataset": ("dataset_builder.cli", "main"),
    "frictionless": ("frictionless.__main__", "console"),
    "hf": ("huggingface_hub.cli.hf", "main"),
}


def rows(quick: bool) -> Sequence[Row]:
    """The ratios, and each by itself."""
    with tempfile.TemporaryDirectory() as empty:
        compileall.compile_dir(ROOT / "dataset_builder", quiet=1)

        def started(program: str) -> Used:
            module, name = PROGRAMS[program]
            call = _CALL.format(module=module, name=name, program=program)
            return run([sys.executable, "-c", call], HF_HOME=empty, HF_HUB_OFFLINE="1", NO_COLOR="1")

        for program in PROGRAMS:
            started(program)  # files into the system's cache
        ours, frictionless, hub = in_turn(3 if quick else TURNS, *(lambda it=it: started(it) for it in PROGRAMS))
    bound = "<= 0.3"
    return [
        Row("seconds of build-dataset --help to frictionless --help", against(ours, frictionless), "ratio", bound),
        Row("seconds of build-dataset --help to hf --help", against(ours, hub), "ratio", bound),
        *(
            Row(f"{program} --help", 1e3 * median([used.seconds for used in runs]), "ms")
            for program, runs in zip(PROGRAMS, (ours, frictionless, hub), strict=True)
        ),
        *(
            Row(f"{program} --help, resident memory", max(int(used.output.split()[-1]) for used in runs) / 1e3, "MB")
            for program, runs in zip(PROGRAMS, (ours, frictionless, hub), strict=True)
        ),
    ]


def against(ours: Sequence[Used], theirs: Sequence[Used]) -> float:
    """The ratio of seconds."""
    return ratio([used.seconds for used in ours], [used.seconds for used in theirs])
