"""How much memory a reader takes while a large file passes: ``python benchmarks/readers_memory.py [MEGABYTES]``.

Made files of JSON Lines, a JSON array, CSV, Parquet and WARC, each read to its end; the peak is that of the process, so
every form is read in a process of its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

TEXT = "The harbour office said that the ferry will sail again, and that its crew had waited for a spare part. " * 40
FORMS = ("wire.jsonl", "wire.json", "wire.csv", "wire.parquet", "wire.warc")


def rows(megabytes: int) -> Iterator[dict[str, str]]:
    """Articles of 4 kB."""
    for number in range(megabytes * 1_000_000 // len(TEXT)):
        yield {"title": f"Ferry {number}", "body": f"{number} {TEXT}"}


def write(path: Path, megabytes: int) -> None:
    """A made file of about so many megabytes in the form of its suffix."""
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        schema = pa.schema([("title", pa.string()), ("body", pa.string())])
        with pq.ParquetWriter(path, schema) as writer:
            for row in rows(megabytes):
                writer.write_table(pa.Table.from_pylist([row] * 100, schema=schema)) if row["title"].endswith(
                    "00"
                ) else None
        return
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write("[" if path.suffix == ".json" else "title,body\n" if path.suffix == ".csv" else "")
        for number, row in enumerate(rows(megabytes)):
            if path.suffix == ".csv":
                out.write(f'{row["title"]},"{row["body"]}"\n')
            elif path.suffix == ".warc":
                block = f"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n{row['body']}"
                out.write(f"WARC/1.1\r\nWARC-Type: response\r\nContent-Length: {len(block)}\r\n\r\n{block}\r\n\r\n")
            else:
                out.write(("," if number and path.suffix == ".json" else "") + json.dumps(row) + "\n")
        out.write("]" if path.suffix == ".json" else "")


def read(path: Path) -> None:
    """Read the file and print what it took."""
    from dataset_builder.read.context import InputFile
    from dataset_builder.read.corpus import read_input

    start = time.process_time()
    count = sum(1 for _ in read_input(InputFile(path, path.name, source="ledger")))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size, spent = path.stat().st_size / 1e6, time.process_time() - start
    print(f"{path.name:14} {size:6.0f} MB {count:8} items {spent:6.1f} s {peak:6.0f} MB at most")


def main(megabytes: int) -> None:
    """Write and read each form."""
    with tempfile.TemporaryDirectory() as folder:
        for name in FORMS:
            path = Path(folder) / name
            write(path, megabytes)
            subprocess.run([sys.executable, __file__, "--read", str(path)], check=True)
            path.unlink()


if __name__ == "__main__":
    if "--read" in sys.argv:
        read(Path(sys.argv[-1]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
