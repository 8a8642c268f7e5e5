"""How much of a new version is new to the Hub's storage: ``python benchmarks/xet.py [ARTICLES]``.

Three versions of one snapshot of made articles: without the newest 1 %, whole, and without ten articles picked at
random. Their shards are written as a build writes them and go to hf-xet's own store in a local folder, which cuts
files into chunks and counts those that it has not seen. ``articles`` and ``catalog`` are written, as a build without
entities has them.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import figures
from benchmarks.figures import Row
from benchmarks.make_corpus import write_corpus
from dataset_builder.config import load_config
from dataset_builder.engines.local import InProcess
from dataset_builder.engines.spool import Spool
from dataset_builder.jobs.refining import Refinery, Refining, spans
from dataset_builder.ledger import Ledger
from dataset_builder.linking.articles import LinkedArticles
from dataset_builder.pipeline import Site, read
from dataset_builder.plan import Plan, make_plan
from dataset_builder.schema import TableSchema
from dataset_builder.snapshot.pack import Packing, plan_shards
from dataset_builder.snapshot.splits import Splits
from dataset_builder.snapshot.tally import Tally
from dataset_builder.split_options import SplitOptions
from dataset_builder.validate.gates import SeenShard

#: Articles that go through the pipeline; the others are the same with days, ids, digests and words of their own.
_REFINED = 2_000
#: Their words are shuffled, which leaves the size of a compressed text as it is.
_WITHDRAWN = 10
_TARGETS = {"1 % newest": "<= 2", "10 withdrawn": "<= 12"}


@dataclass(frozen=True)
class NoGate:
    """Lets every shard pass."""

    def __call__(self, _schema: TableSchema, _table: pa.Table) -> SeenShard:
        return SeenShard()


def refined(folder: Path) -> tuple[Plan, pa.Table]:
    """Assembled rows of a small made corpus."""
    write_corpus(folder / "corpus", _REFINED)
    plan = make_plan(load_config(folder / "corpus"))
    (folder / "scratch").mkdir()
    site = Site(InProcess(), folder / "scratch", folder / "out")
    raw = read(plan.config, Ledger(), site)
    done = [Refining(Refinery.of(plan, None), raw, folder / "scratch")(span) for span in spans(raw, 1)]
    return plan, pa.Table.from_batches(list(Spool.joined(it.assembled for it in done).read()))


def varied(rows: pa.Table, turn: int) -> pa.Table:
    """``rows`` as other articles, some days later."""
    chance = np.random.Generator(np.random.PCG64([20240115, turn]))

    def digits(count: int) -> pa.Array:
        digests = chance.bytes(rows.num_rows * count // 2).hex()
        return pa.array([digests[first : first + count] for first in range(0, len(digests), count)])

    days = pc.add(rows.column("date").cast(pa.int32()), turn * _REFINED // 200)
    bodies = []
    for body in rows.column("withheld_text").to_pylist():
        words = np.array(body.split(" "), dtype=object)
        chance.shuffle(words)
        bodies.append(" ".join(words))
    new = {
        "id": digits(32),
        "date": days.cast(pa.int32()).cast(pa.date32()),
        "body_sha256": digits(64),
        "body": pa.array(bodies),
        "withheld_text": pa.array(bodies),
        "provenance": _with_digest(rows.column("provenance").combine_chunks(), digits(64)),
    }
    columns = [new.get(name, rows.column(name)) for name in rows.column_names]
    return pa.table(columns, schema=rows.schema)


def _with_digest(provenance: pa.StructArray, digests: pa.Array) -> pa.StructArray:
    members = [
        digests if member.name == "payload_sha256" else provenance.field(member.name) for member in provenance.type
    ]
    return pa.StructArray.from_arrays(members, fields=list(provenance.type))


def editions(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """(name, rows) of the three versions."""
    rows = rows.sort_by([("date", "ascending"), ("id", "ascending")])
    newest = rows.num_rows - rows.num_rows // 100
    gone = random.Random(1).sample(range(rows.num_rows), _WITHDRAWN)
    yield "before", rows.slice(0, newest)
    yield "whole", rows
    yield "without ten", rows.take(pa.array(np.delete(np.arange(rows.num_rows), gone)))


def write(folder: Path, name: str, rows: pa.Table, plan: Plan) -> Path:
    """Write the shards of one version."""
    spool = Spool.write(folder / f"{name}.arrow", rows.schema, rows.to_batches(max_chunksize=256))
    articles = LinkedArticles(spool, {})
    tally = Tally.of(articles.read())
    packing = Packing(folder / name, articles, plan.schemas, NoGate(), plan.partial)
    for shard in plan_shards(tally, Splits.of(SplitOptions(), tally), plan.schemas):
        packing(shard)
    return folder / name


def upload(store: Path, folder: Path) -> tuple[int, int]:
    """(bytes that were new to the store, bytes in all) of the Parquet files below ``folder``."""
    import hf_xet

    store.mkdir(exist_ok=True)
    commit = hf_xet.XetSession().new_upload_commit(endpoint=f"local://{store}")
    files = sorted(folder.rglob("*.parquet"))
    for path in files:
        commit.start_upload_file(str(path))
    return commit.wait_to_finish().dedup_metrics.new_bytes, sum(path.stat().st_size for path in files)


def measure(articles: int) -> dict[str, float]:
    """Share of new bytes: of 1 % newest articles, and of ten withdrawals."""
    with tempfile.TemporaryDirectory(prefix="xet-") as name:
        folder = Path(name)
        plan, rows = refined(folder)
        rows = pa.concat_tables([rows, *(varied(rows, turn) for turn in range(1, articles // _REFINED))])
        written = {edition: write(folder, edition, part, plan) for edition, part in editions(rows)}
        shares: dict[str, float] = {}
        for what, before, after in (("1 % newest", "before", "whole"), ("10 withdrawn", "whole", "without ten")):
            store = folder / f"store-{before}"
            upload(store, written[before])
            new, size = upload(store, written[after])
            shares[what] = new / size
        return shares


def rows_of(shares: dict[str, float], articles: int) -> list[Row]:
    """The shares in per cent beside what they should be."""
    return [
        Row(f"{what}: new bytes, of {articles:,} articles", 100 * share, "%", _TARGETS[what])
        for what, share in shares.items()
    ]


def rows(quick: bool) -> Sequence[Row]:
    """Both shares; 50,000 articles are enough for several months of several shards."""
    articles = 4_000 if quick else 50_000
    return rows_of(measure(articles), articles)


def versions() -> dict[str, str]:
    """Of the store."""
    return {"hf-xet": version("hf-xet")}


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    found = rows_of(measure(count), count)
    figures.write("xet", found, versions())
    figures.show(found)
