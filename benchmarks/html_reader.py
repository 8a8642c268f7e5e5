"""Reading HTML against bare trafilatura on the same pages, each on as many processes.

Two comparisons of like with like: the text alone (decoding, parsing and extraction, against ``extract``), and all that
is read of a page (text, title, author, date and more, against ``bare_extraction`` with metadata). What the reader does
beyond that (licences, opt-outs, whether other extractors agree) is part of the second. The pages are WCXB's, from
``../shared``; where they are not at hand, made ones serve.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import Row
from benchmarks.meter import Used, in_turn, median, ratio, run

PROCESSES = 2
PAGES = Path(__file__).resolve().parents[2] / "shared" / "data" / "wcxb-articles" / "html"
PARAGRAPH = (
    "<p>The harbour office said that ferry {n} will sail again, and that its crew had waited for a spare part.</p>"
)
#: Pages before the clock starts: the libraries load word lists and rules with the first of them.
_WARM = 20


def pages(count: int) -> list[bytes]:
    """Real pages where they are, else made ones."""
    real = sorted(PAGES.glob("*.html.gz"))[:count] if PAGES.is_dir() else []
    if real:
        return [gzip.decompress(path.read_bytes()) for path in real]
    body = "".join(PARAGRAPH.format(n=n) for n in range(40))
    return [f"<html><body><article><h1>Ferry {n}</h1>{body}</article></body></html>".encode() for n in range(count)]


def readers() -> dict[str, Callable[[bytes], Any]]:
    """What is compared."""
    from trafilatura import bare_extraction, extract

    from dataset_builder.read.html.body import extract_body
    from dataset_builder.read.html.charset import decode_page
    from dataset_builder.read.html.page import extract_html
    from dataset_builder.read.html.tree import parse_page

    return {
        "trafilatura, text": extract,
        "reader, text": lambda payload: extract_body(parse_page(decode_page(payload, None).text).tree, None),
        "trafilatura, text and metadata": lambda payload: bare_extraction(payload, with_metadata=True),
        "reader, all": extract_html,
    }


def read(name: str, payloads: Sequence[bytes]) -> dict[str, float]:
    """Seconds and seconds of a processor for all of them, the first few not counted."""
    reader = readers()[name]
    for payload in payloads[:_WARM]:
        reader(payload)
    clock, processor = time.perf_counter(), time.process_time()
    for payload in payloads[_WARM:]:
        reader(payload)
    return {"seconds": time.perf_counter() - clock, "processor": time.process_time() - processor}


def side_by_side(name: str, count: int) -> dict[str, float]:
    """The slowest process's seconds, and the processor seconds of all."""
    command = [sys.executable, __file__, name, str(count)]
    started = [
        subprocess.Popen([*command, str(share)], stdout=subprocess.PIPE, text=True) for share in range(PROCESSES)
    ]
    found = [json.loads(process.communicate()[0]) for process in started]
    return {
        "seconds": max(it["seconds"] for it in found),
        "processor": sum(it["processor"] for it in found),
    }


def rows(quick: bool) -> Sequence[Row]:
    """Both comparisons."""
    count = 50 if quick else 120
    names = list(readers())
    found = in_turn(
        1 if quick else 3, *(lambda name=name: run([sys.executable, __file__, name, count]) for name in names)
    )
    inside = {name: [json.loads(used.output) for used in runs] for name, runs in zip(names, found, strict=True)}
    measured = count - PROCESSES * _WARM
    lines = []
    for (bare, ours), what in zip(list(pairwise(names))[::2], ("the text alone", "text and metadata"), strict=True):
        lines += [
            Row(
                f"pages a second, reader to bare trafilatura, {what}",
                times(inside, bare, ours, "seconds"),
                "times",
                ">= 0.95",
            ),
            Row("— the same by seconds of processors", times(inside, bare, ours, "processor"), "times"),
        ]
    lines.append(
        Row("the whole reader to trafilatura's text alone", times(inside, names[0], names[3], "processor"), "times")
    )
    for name in names:
        lines.append(Row(f"— {name}", 1e3 * median([it["processor"] for it in inside[name]]) / measured, "ms a page"))
    lines += [
        Row(f"— {name}, resident memory", peak(runs) / 1e6, "MB") for name, runs in zip(names, found, strict=True)
    ]
    return lines


def times(inside: dict[str, list[dict[str, float]]], bare: str, ours: str, by: str) -> float:
    """How many pages ours reads while the other reads one."""
    return ratio([it[by] for it in inside[bare]], [it[by] for it in inside[ours]])


def peak(runs: Sequence[Used]) -> int:
    """Bytes at the peak."""
    return max(used.resident for used in runs)


def main() -> None:
    """One way of reading, in this process or, without a share, in as many as are compared."""
    name, count = sys.argv[1], int(sys.argv[2])
    if len(sys.argv) > 3:
        print(json.dumps(read(name, pages(count)[int(sys.argv[3]) :: PROCESSES])))
    else:
        print(json.dumps(side_by_side(name, count)))


if __name__ == "__main__":
    main()
