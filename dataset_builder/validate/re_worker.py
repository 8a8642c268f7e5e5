"""The process in which Python's ``re`` may run away: one pattern, then one JSON text a line; answers 1 or 0 a text.

Run as a script by :mod:`dataset_builder.validate.bounded_re`; it imports nothing else, so that it starts at once.
"""

import json
import re
import sys
import warnings


def main() -> None:
    """Answer until the input ends."""
    warnings.simplefilter("ignore")
    matches = re.compile(json.loads(sys.stdin.readline())).match
    for line in sys.stdin:
        sys.stdout.write("1" if matches(json.loads(line)) else "0")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
