"""How long a diff of two generated snapshots takes, and how much memory at its peak.

    python benchmarks/diff_memory.py --rows 1000000

Both snapshots hold the same ids. Every shard differs in its bytes; one article in a hundred has another title, one in
fifty another body. The tables have their real schemas, bodies of 4 kB and provenance; what is optional is null.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.schema import released_tables

SHARD = 50_000
GROUP = 10_000
#: VmHWM begins anew with a program, while the resource usage of a child counts what its parent had at the fork.
MEASURED = """
import sys
from pathlib import Path
from dataset_builder.comparison import diff
found = diff(Path(sys.argv[1]), Path(sys.argv[2]), limit=20)
(peak,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(peak.split()[1], "kB at the peak;", [(entry.field, entry.articles) for entry in found.fields])
"""
BODY = "The keeper of the lighthouse counted the lamps of Port Callow once more. " * 56


def write_snapshot(root: Path, rows: int, changed: bool) -> None:
    """Catalog and articles of ``rows`` articles, a manifest and a Data Package that name them."""
    files: list[dict[str, Any]] = []
    for table in ("catalog", "articles"):
        schema = released_tables()[table].arrow
        for start in range(0, rows, SHARD):
            path = f"{table}/train-{start // SHARD:05d}.parquet"
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            with pq.ParquetWriter(root / path, schema, compression="zstd") as writer:
                for first in range(start, min(start + SHARD, rows), GROUP):
                    writer.write_table(made_rows(schema, first, min(first + GROUP, rows), changed))
            digest = hashlib.sha256((root / path).read_bytes()).hexdigest()
            files.append({"path": path, "rows": min(SHARD, rows - start), "sha256": digest, "bytes": 0})
    counts = {"read": rows, "released": rows, "withheld": 0, "rejected": 0, "merged": 0, "withdrawn": 0}
    manifest = {
        "format": "news-dataset-manifest/1", "name": "made", "title": "Made", "version": "1.0.0", "created": None,
        "identity": f"sha256:{int(changed):064d}", "accounts": counts, "license_counts": {}, "withheld_counts": {},
        "tables": {"catalog": {"rows": rows}, "articles": {"rows": rows}}, "withdrawals": [], "files": files,
    }  # fmt: skip
    resources = [{"name": name, "schema": released_tables()[name].descriptor} for name in ("catalog", "articles")]
    (root / "manifest.json").write_text(json.dumps(manifest))
    (root / "datapackage.json").write_text(json.dumps({"resources": resources}))


def made_rows(schema: pa.Schema, first: int, last: int, changed: bool) -> pa.Table:
    """Rows ``first`` to ``last``; the release is full, provenance and entities are filled."""
    numbers = range(first, last)
    entity = {"start": 4, "end": 10, "text": "keeper", "label": "PERSON", "coarse_label": "PER", "canonical": "keeper"}
    origin = {"field": "title", "origin": "declared", "rule": "front-matter", "confidence": 1.0}
    provenance = {"media_type": "text/plain", "locator": "a.txt", "origins": [origin] * 10}
    columns = {
        "id": [hashlib.sha256(str(number).encode()).hexdigest()[:32] for number in numbers],
        "title": [f"Lamps {number}{'!' if changed and number % 100 == 0 else ''}" for number in numbers],
        "date": [date(2020, 1, 1) + timedelta(days=number % 1500) for number in numbers],
        "source": ["ledger"] * len(numbers),
        "release": ["full"] * len(numbers),
        "license": ["CC-BY-4.0"] * len(numbers),
        "body": [BODY + ("." if changed and number % 50 == 0 else "") + str(number) for number in numbers],
        "entities": [[entity] * 10] * len(numbers),
        "provenance": [provenance] * len(numbers),
        "quality_flags": [["short"]] * len(numbers),
    }
    arrays = [
        pa.array(columns[entry.name], entry.type) if entry.name in columns else pa.nulls(len(numbers), entry.type)
        for entry in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def main() -> None:
    """Write both, compare them in a process of its own, say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        old, new = Path(name) / "old", Path(name) / "new"
        write_snapshot(old, rows, changed=False)
        write_snapshot(new, rows, changed=True)
        begun = time.monotonic()
        command = [sys.executable, "-c", MEASURED, str(old), str(new)]
        done = subprocess.run(command, capture_output=True, check=True, text=True)
        seconds = time.monotonic() - begun
    print(f"{rows:,} rows: {seconds:.1f} s; {done.stdout.strip()}")


if __name__ == "__main__":
    main()
