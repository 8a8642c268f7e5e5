"""The process in which Python's ``re`` may run away: one pattern, then one JSON text a line; answers 1 or 0 a text.

Run as a script by :mod:`dataset_builder.validate.bounded_re`; it imports nothing else, so that it starts at once.
"""

import json
import re
import sys
import warnings
from contextlib import suppress

#: Bytes of memory: ``re`` keeps some hundred for each repetition of a group.
MOST_MEMORY = 2 << 30


def main() -> None:
    """Answer until the input ends."""
    warnings.simplefilter("ignore")
    _limit_memory()
    matches = re.compile(json.loads(sys.stdin.readline())).match
    for line in sys.stdin:
        sys.stdout.write("1" if matches(json.loads(line)) else "0")
        sys.stdout.flush()


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    with suppress(MemoryError, KeyboardInterrupt):  # who asked sees that no answer came
        main()
