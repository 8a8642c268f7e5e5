"""What reading HTML costs beside bare trafilatura on the same pages: ``python benchmarks/html_reader.py [PAGES]``.

The ratio is what counts; seconds are those of the machine. Where WCXB's pages are not at hand, made pages serve.
"""

from __future__ import annotations

import gzip
import sys
import time
from pathlib import Path

PAGES = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "wcxb-articles" / "html"
PARAGRAPH = (
    "<p>The harbour office said that ferry {n} will sail again, and that its crew had waited for a spare part.</p>"
)


def pages(count: int) -> list[bytes]:
    """Real pages where they are, else made ones."""
    real = sorted(PAGES.glob("*.html.gz"))[:count] if PAGES.is_dir() else []
    if real:
        return [gzip.decompress(path.read_bytes()) for path in real]
    body = "".join(PARAGRAPH.format(n=n) for n in range(40))
    return [f"<html><body><article><h1>Ferry {n}</h1>{body}</article></body></html>".encode() for n in range(count)]


def seconds(read: object, payloads: list[bytes]) -> float:
    """CPU seconds of one pass."""
    assert callable(read)
    start = time.process_time()
    for payload in payloads:
        read(payload)
    return time.process_time() - start


def main(count: int) -> None:
    """Print the cost of a page for both."""
    from trafilatura import extract

    from dataset_builder.read.html.page import extract_html

    payloads = pages(count)
    seconds(extract, payloads[:2])
    seconds(extract_html, payloads[:2])
    bare, whole = seconds(extract, payloads), seconds(extract_html, payloads)
    print(f"{len(payloads)} pages, {sum(map(len, payloads)) / len(payloads) / 1000:.0f} kB each")
    print(f"bare trafilatura {1000 * bare / len(payloads):6.1f} ms a page")
    print(f"the reader       {1000 * whole / len(payloads):6.1f} ms a page, {whole / bare:.2f} times")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
