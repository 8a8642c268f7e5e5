"""Every reader takes any bytes: it yields records and rejections, never raises, never hangs, and loses nothing unsaid.

Samples of every form are damaged: bytes flipped, cut out, doubled, exchanged; and read whole. The time limit of pytest
stands for the hang. ``READER_EXAMPLES`` in the environment sets how many files each test reads (default 25); the guided
fuzzer of ``make fuzz`` goes further.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archives import page
from dataset_builder.read.html.page import extract_html
from dataset_builder.read.record import RawRecord, Rejection
from reader_samples import SAMPLES, check
from reading import read_file

BUDGET = settings(
    max_examples=int(os.environ.get("READER_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


@st.composite
def damaged(draw: st.DrawFn, sample: bytes) -> bytes:
    """``sample`` with up to four places damaged."""
    content = bytearray(sample)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        kind = draw(st.sampled_from(["flip", "cut", "insert", "double", "end"]))
        if kind == "flip" and content:
            content[at] ^= draw(st.integers(1, 255))
        elif kind == "cut":
            del content[at : at + draw(st.integers(1, 40))]
        elif kind == "insert":
            scraps = [
                b"\x00",
                b"\xff\xfe",
                b"\xed\xa0\x80",
                b"<",
                b'"',
                b"{",
                b"]",
                b"&#xD800;",
                b"\r\n\r\n",
                b"\\u0000",
            ]
            content[at:at] = draw(st.sampled_from(scraps)) * draw(st.integers(1, 300))
        elif kind == "double":
            content[at:at] = content[at : at + draw(st.integers(1, 200))]
        else:
            del content[at:]
    return bytes(content)


def read(name: str, content: bytes) -> list[RawRecord | Rejection]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read_file(path)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_samples_are_whole(name: str) -> None:
    if "warc" in name or "wacz" in name:
        pytest.importorskip("fastwarc", reason="the extra [warc] is not installed")
    assert all(isinstance(item, RawRecord) for item in read(name, SAMPLES[name]))


@pytest.mark.parametrize("name", sorted(SAMPLES))
@BUDGET
@given(data=st.data())
def test_damaged_files(name: str, data: st.DataObject) -> None:
    check(read(name, data.draw(damaged(SAMPLES[name]))))


@pytest.mark.parametrize("name", ["a.html", "a.json", "a.csv", "a.rss", "a.warc", "a.parquet", "a.wacz"])
@BUDGET
@given(content=st.binary(min_size=1, max_size=600))
def test_any_bytes(name: str, content: bytes) -> None:
    check(read(name, content))


@BUDGET
@given(data=st.data())
def test_a_damaged_line_costs_itself_and_no_other(data: st.DataObject) -> None:
    """Of five lines one is damaged anywhere but at its end: four articles come out, and something about the fifth."""
    rows = [{"title": f"Ferry {n}", "body": f"Ferry {n} left “Port Amsel” at six."} for n in range(5)]
    lines = [json.dumps(row, ensure_ascii=False).encode() for row in rows]
    place = data.draw(st.integers(0, 4))
    lines[place] = data.draw(damaged(lines[place])).replace(b"\n", b" ").replace(b"\r", b" ") or b"{"
    items = read("a.jsonl", b"\n".join(lines) + b"\n")
    check(items)
    kept = {item.text for item in items if isinstance(item, RawRecord)}
    assert kept >= {row["body"] for number, row in enumerate(rows) if number != place}
    assert len(items) == 5 or not lines[place].strip()


SOUP = [
    *("<div>", "</div>", "<table>", "<tr>", "<td>", "<p>", "</p>", "<article>", "</article>", "<h1>", "<!--", "-->"),
    *(
        "<script>",
        "</script>",
        "<script type=application/ld+json>",
        "{",
        "}",
        '"',
        "@type",
        ":",
        "NewsArticle",
        "&amp;",
    ),
    *("&#0;", "<a rel=license href=//x>", "<time datetime=2024-10-21>", "Ferry ", "\ud800", "\x00", "\u202e"),
]


@BUDGET
@given(text=st.lists(st.sampled_from(SOUP), max_size=80))
@example(text=["\ud800", "\x00"])
def test_tag_soup(text: list[str]) -> None:
    payload = "".join(text).encode("utf-8", "surrogatepass")
    found = extract_html(payload, url="https://ledger.example.org/x")
    assert bool(found.text) != any(issue.code in ("no-body", "binary-file") for issue in found.findings)
    for claim in found.claims:
        claim.value.encode()
        assert "\n" not in claim.value


@BUDGET
@given(payload=damaged(page("Ferry 1")))
def test_the_same_page_gives_the_same_result(payload: bytes) -> None:
    assert extract_html(payload) == extract_html(payload)
