"""What the leak scan costs against decompressing and hashing: ``python benchmarks/leak_scan.py [ARTICLES]``.

Made snapshots of which more and fewer articles are released. Each is read back in two ways, in turns: every Parquet
column decompressed and every byte hashed with SHA-256; and the scan, whose own reading of the withheld bodies is part
of its cost. Prints ratios of processor time, best of three turns: to the emitted bytes alone, and to all bytes that the
scan has to look at, the withheld bodies (spooled without compression, so hashed only) included.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from dataset_builder.snapshot.leak_scan import Bodies, scan
from dataset_builder.snapshot.shards import write_shard

WORDS = 650
TURNS = 3
BATCH = 256


ENGLISH, SPANISH = "etaoinshrdlucm", "eeeaaaooossnnrrlliiddttuccmmáóíñé"


def made_texts(count: int, letters: str = ENGLISH) -> list[str]:
    """Texts of some 4 kB from a vocabulary with Zipf's distribution, with curly quotes as news has them."""
    chance = random.Random(3)
    vocabulary = ["".join(chance.choices(letters, k=chance.randint(1, 10))) for _ in range(20_000)]
    weights = [1 / (rank + 5) for rank in range(len(vocabulary))]
    vocabulary += [f"“{word}” said." for word in vocabulary[:400]]
    weights += weights[:400]
    return [" ".join(chance.choices(vocabulary, weights, k=WORDS)) for _ in range(count)]


def table(texts: list[str], *, with_body: bool) -> pa.Table:
    """Rows as a catalog has them, or as the table ``articles``."""
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    columns: dict[str, list[str]] = {
        "id": [digest[:32] for digest in digests],
        "title": [" ".join(reversed(text.split(" ", 9)[:9])) for text in texts],
        "url": [f"https://ledger.example.org/{digest[:20]}" for digest in digests],
        "rights_statement": ["All rights reserved."] * len(texts),
        "body_sha256": digests,
    }
    return pa.table({**columns, "body": texts} if with_body else columns)


def bodies(texts: list[str]) -> list[Bodies]:
    """Texts as the spool of a build yields them."""
    rows = table(texts, with_body=True).combine_chunks().to_batches(max_chunksize=BATCH)
    return [Bodies(*(batch.column(name) for name in ("id", "body", "body_sha256"))) for batch in rows]


def write(root: Path, texts: list[str], released: int) -> None:
    """A snapshot of which the first articles are released."""
    write_shard(root, "catalog/train-2024-10-00000.parquet", table(texts, with_body=False))
    if released:
        write_shard(root, "articles/permissive/train-2024-10-00000.parquet", table(texts[:released], with_body=True))
    (root / "datapackage.json").write_text(json.dumps({"title": "Made", "keywords": ["harbour"] * 2_000}))


def decompress_and_hash(root: Path) -> int:
    """Read every byte of the snapshot; returns how many there are."""
    size = 0
    for path in sorted(root.rglob("*.*")):
        digest = hashlib.sha256()
        if path.suffix == ".parquet":
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=1024, use_threads=False):
                    for buffer in (buffer for column in batch.columns for buffer in column.buffers() if buffer):
                        digest.update(buffer)
                        size += buffer.size
        else:
            content = path.read_bytes()
            digest.update(content)
            size += len(content)
    return size


def hash_only(texts: list[Bodies]) -> None:
    """Hash the withheld bodies."""
    digest = hashlib.sha256()
    for batch in texts:
        for buffer in batch.texts.buffers()[1:]:
            digest.update(buffer)


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    before = time.process_time()
    work()
    return time.process_time() - before


def measure(name: str, texts: list[str], released: int) -> None:
    """Print the ratios for one snapshot."""
    own, withheld = bodies(texts[:released]), bodies(texts[released:])
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root, texts, released)
        size = decompress_and_hash(root)
        turns = [
            (
                seconds(lambda: decompress_and_hash(root)),
                seconds(lambda: hash_only(withheld)),
                seconds(lambda: scan(root, withheld, own)),
            )
            for _ in range(TURNS)
        ]
        assert not scan(root, withheld, own)
    emitted, kept, scanned = (min(column) for column in zip(*turns, strict=True))
    print(
        f"{name}: {size / 1e6:.0f} MB emitted; scan {scanned:.2f} s, {scanned / emitted:.2f} times the emitted bytes, "
        f"{scanned / (emitted + kept):.2f} times all bytes looked at"
    )


def main() -> None:
    """Measure four snapshots of English, and one of letters with accents."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 6_000
    texts = made_texts(count)
    for name, released in (
        ("one withheld", count - 1), ("a tenth withheld", count * 9 // 10),
        ("half withheld", count // 2), ("all withheld", 0),
    ):  # fmt: skip
        measure(name, texts, released)
    measure("half withheld, Spanish", made_texts(count, SPANISH), count // 2)


if __name__ == "__main__":
    main()
