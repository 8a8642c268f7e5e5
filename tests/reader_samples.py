"""A small sample of every input form, and what holds of every reader's output; for tests that damage them."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq

from archives import compressed, page, page_record
from dataset_builder.read.record import RawRecord, Rejection

ROWS = [{"title": f"Ferry {n}", "date": "2024-10-21", "body": f"Ferry {n} left “Port Amsel” at six."} for n in range(3)]
FEED = "".join(f"<item><title>{row['title']}</title><description>{row['body']}</description></item>" for row in ROWS)


def _parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), sink)
    return sink.getvalue()


def _wacz() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as package:
        package.writestr(zipfile.ZipInfo("archive/data.warc.gz"), compressed([page_record(1), page_record(2)]))
    return sink.getvalue()


JSONL = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()
ATOM = "".join(
    f"<entry><title>{row['title']}</title><content type='html'>&lt;p>{row['body']}&lt;/p></content></entry>"
    for row in ROWS
)
NINJS = [
    {
        "uri": f"urn:newsml:wire.example.org:{number}",
        "headline": row["title"],
        "bodies": [{"contentType": "text/html", "value": f"<p>{row['body']}</p>"}],
        "rightsinfo": [{"linkedrights": "https://creativecommons.org/licenses/by/4.0/"}],
    }
    for number, row in enumerate(ROWS)
]
SAMPLES = {
    "a.txt": b"---\ntitle: Ferry\n---\nThe ferry left.\n",
    "a.txt.gz": gzip.compress(b"The ferry left.\n", mtime=0),
    "a.jsonl": JSONL,
    "a.jsonl.gz": gzip.compress(JSONL, mtime=0),
    "a.jsonl.zst": bytes(pa.compress(JSONL, "zstd", asbytes=True)),
    "a.json": json.dumps(ROWS).encode(),
    "a.csv": b'title,body\n"Ferry, again","It left ""Port Amsel"" at six."\nPier,It is open.\n',
    "a.parquet": _parquet(),
    "a.rss": f"<rss version='2.0'><channel>{FEED}</channel></rss>".encode(),
    "a.html": page("Ferry 1"),
    "a.warc": page_record(1) + page_record(2),
    "a.warc.gz": compressed([page_record(1), page_record(2)]),
    "a.wacz": _wacz(),
    "a.md.zst": bytes(pa.compress(b"---\ntitle: Ferry\n---\n# Ferry\n\nIt left.\n", "zstd", asbytes=True)),
    "a.html.gz": gzip.compress(page("Ferry 1"), mtime=0),
    "a.atom": f"<feed xmlns='http://www.w3.org/2005/Atom'>{ATOM}</feed>".encode(),
    "a.ninjs": json.dumps(NINJS, ensure_ascii=False).encode(),
    "a.tsv": b"title\tbody\nFerry\tIt left.\nPier\tIt is open.\n",
}


def check(items: list[RawRecord | Rejection]) -> None:
    """What holds of every reader's output, whatever it has read."""
    assert items, "neither a record nor a finding"
    for item in items:
        issues = (item.issue,) if isinstance(item, Rejection) else item.issues
        assert all(issue.kind.code == issue.code for issue in issues)
        assert all("\n" not in issue.found and len(issue.found) < 400 for issue in issues)
        if isinstance(item, RawRecord):
            assert item.text is None or item.text.strip()
            json.dumps(item.as_row(), ensure_ascii=False).encode()
