"""The process in which Python's ``re`` may run away: one pattern, then one JSON text a line; answers 1 or 0 a text.

Run as a script by :mod:`dataset_builder.validate.bounded_re`, with the megabytes that it may take as its argument. It
imports nothing else, so that it starts at once.
"""

import json
import re
import sys
import warnings
from contextlib import suppress


def main() -> None:
    """Answer until the input ends."""
    warnings.simplefilter("ignore")
    _limit_memory(int(sys.argv[1]) << 20)
    matches = re.compile(json.loads(sys.stdin.readline())).match
    for line in sys.stdin:
        sys.stdout.write("1" if matches(json.loads(line)) else "0")
        sys.stdout.flush()


def _limit_memory(most: int) -> None:
    try:
        import resource
    except ImportError:  # not on this system
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    with suppress(MemoryError, KeyboardInterrupt):  # who asked sees that no answer came
        main()
