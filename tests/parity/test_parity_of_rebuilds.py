"""A rebuild with a cache makes the bytes of a build from nothing, and does only what it has to."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from corpora import article, digests, write_corpus
from dataset_builder.cache import recipes
from dataset_builder.config import load_config
from dataset_builder.pipeline import build
from dataset_builder.plan import make_plan
from dataset_builder.stages.clean import Clean
from dataset_builder.stages.entities import Entities
from dataset_builder.stages.language import Language
from dataset_builder.stages.rights import Rights

STAGES = (Clean, Language, Rights, Entities)


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many rows each of some stages has seen."""
    seen: Counter[str] = Counter()

    def watched(kind: type) -> None:
        call = kind.__call__

        def counted(self: object, batch: pa.RecordBatch) -> pa.RecordBatch:
            seen[kind.__name__] += batch.num_rows
            return call(self, batch)

        monkeypatch.setattr(kind, "__call__", counted)

    for kind in STAGES:
        watched(kind)
    return seen


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", articles=12)


def both(corpus: Path, folder: Path, **options: object) -> None:
    """Build with the cache and from nothing, and compare."""
    cached = build(corpus, folder / "cached", cache=folder / "cache", allow_rejected=True, **options)  # type: ignore[arg-type]
    fresh = build(corpus, folder / "fresh", allow_rejected=True)
    assert digests(cached.out) == digests(fresh.out)
    assert cached.issues == fresh.issues


def test_nothing_is_done_twice(corpus: Path, tmp_path: Path, rows: Counter[str]):
    build(corpus, tmp_path / "one", cache=tmp_path / "cache")
    assert rows["Clean"] == rows["Rights"] == 25
    rows.clear()
    build(corpus, tmp_path / "two", cache=tmp_path / "cache")
    assert not rows
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_only_what_changed_is_done_again(corpus: Path, tmp_path: Path, rows: Counter[str]):
    build(corpus, tmp_path / "out", cache=tmp_path / "cache")
    path = corpus / "ledger" / "0003.txt"
    path.write_text("The tenth bell rang twice.\n" + path.read_text())
    (corpus / "ledger" / "9999.txt").write_text(article(77))
    (corpus / "gazette" / "0001.txt").unlink()
    rows.clear()
    both(corpus, tmp_path)
    assert rows["Clean"] - 25 == 2


def change_text(corpus: Path, draw: random.Random) -> None:
    path = draw.choice(sorted(corpus.rglob("*.txt")))
    path.write_text(path.read_text().replace("the", "that", draw.randint(1, 3)))


def add(corpus: Path, draw: random.Random) -> None:
    (corpus / "ledger" / f"{draw.randint(100, 999)}.txt").write_text(article(draw.randint(100, 999)))


def remove(corpus: Path, draw: random.Random) -> None:
    draw.choice(sorted(corpus.rglob("*.txt"))).unlink()


def copy(corpus: Path, draw: random.Random) -> None:
    shutil.copyfile(draw.choice(sorted((corpus / "gazette").glob("*.txt"))), corpus / "ledger" / "copy.txt")


def near_copy(corpus: Path, draw: random.Random) -> None:
    source = draw.choice(sorted((corpus / "gazette").glob("*.txt")))
    (corpus / "ledger" / "near.txt").write_text(source.read_text().replace("and", "while", 1))


def declare(corpus: Path, draw: random.Random) -> None:
    path = draw.choice(sorted((corpus / "ledger").glob("*.txt")))
    path.write_text(f"---\nlicense: CC0-1.0\nauthor: {draw.choice(['Ada', 'Bo'])}\n---\n" + path.read_text())


def shift_lines(corpus: Path, draw: random.Random) -> None:
    line = json.dumps({"title": "New", "date": "2024-10-02", "source": "ledger", "body": article(draw.randint(1, 99))})
    (corpus / "wire.jsonl").write_text(line + "\n" + (corpus / "wire.jsonl").read_text())


def change_config(corpus: Path, draw: random.Random) -> None:
    path = corpus / "dataset.yaml"
    path.write_text(path.read_text().replace("license: CC-BY-4.0", "license: CC-BY-SA-4.0"))


def reject(corpus: Path, draw: random.Random) -> None:
    (corpus / "ledger" / "bad.txt").write_text("---\nlicence: CC0\n---\n" + article(5))


CHANGES = (change_text, add, remove, copy, near_copy, declare, shift_lines, change_config, reject)


def test_after_any_changes_a_rebuild_is_a_build_from_nothing(corpus: Path, tmp_path: Path):
    draw = random.Random(7)
    build(corpus, tmp_path / "cached", cache=tmp_path / "cache")
    for turn in range(3):
        for change in draw.sample(CHANGES, 3):
            change(corpus, draw)
        both(corpus, tmp_path, workers=1 + turn % 2)


@pytest.mark.slow
def test_after_many_changes_a_rebuild_is_a_build_from_nothing(corpus: Path, tmp_path: Path):
    draw = random.Random(8)
    for _ in range(40):
        draw.choice(CHANGES)(corpus, draw)
        both(corpus, tmp_path)


def test_a_changed_rule_has_only_its_own_stage_done_again(
    corpus: Path, tmp_path: Path, rows: Counter[str], monkeypatch: pytest.MonkeyPatch
):
    build(corpus, tmp_path / "out", cache=tmp_path / "cache")
    rules = recipes.rules_sha256
    monkeypatch.setattr(recipes, "rules_sha256", lambda path: "other" if path == "rights" else rules(path))
    rows.clear()
    build(corpus, tmp_path / "out", cache=tmp_path / "cache")
    assert dict(rows) == {"Rights": 25}


def test_a_changed_cleaning_rule_leaves_what_reads_the_same_body(
    corpus: Path, tmp_path: Path, rows: Counter[str], monkeypatch: pytest.MonkeyPatch
):
    build(corpus, tmp_path / "out", cache=tmp_path / "cache")
    monkeypatch.setattr(Clean, "version", "changed, with the same result")
    rows.clear()
    build(corpus, tmp_path / "out", cache=tmp_path / "cache")
    assert dict(rows) == {"Clean": 25}


def test_a_truncated_cache_is_made_anew(corpus: Path, tmp_path: Path, rows: Counter[str]):
    build(corpus, tmp_path / "out", cache=tmp_path / "cache")
    for pack in (tmp_path / "cache" / "articles").rglob("*.pack"):
        pack.write_bytes(pack.read_bytes()[:1000])
    for pack in (tmp_path / "cache" / "clean").rglob("*.pack"):
        content = bytearray(pack.read_bytes())
        content[len(content) // 2] ^= 1
        pack.write_bytes(content)
    rows.clear()
    both(corpus, tmp_path)
    assert rows["Clean"] == 25 + 25
    assert rows["Rights"] == 25


def test_two_builds_at_once_share_a_cache(corpus: Path, tmp_path: Path):
    command = [sys.executable, "-m", "dataset_builder", "build", str(corpus), "--cache", str(tmp_path / "cache")]
    running = [
        subprocess.Popen(
            [*command, "--out", str(tmp_path / name)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for name in ("one", "two")
    ]
    assert [process.wait(120) for process in running] == [0, 0]
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    assert not list((tmp_path / "cache").rglob(".unfinished-*"))


def test_recipes_do_not_depend_on_the_process(corpus: Path):
    program = (
        "from pathlib import Path; from dataset_builder.config import load_config;"
        "from dataset_builder.plan import make_plan; from dataset_builder.jobs.refining import Refinery;"
        f"print(Refinery.of(make_plan(load_config(Path({str(corpus)!r}))), Path('cache')).recipe)"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told[0] == told[1] != ""


def test_every_stage_names_the_rules_that_it_reads(corpus: Path, tmp_path: Path):
    """Run in a process of its own, where nothing is read yet, one stage after the other."""
    build(corpus, tmp_path / "out")
    program = tmp_path / "watch.py"
    program.write_text(_WATCH)
    done = subprocess.run([sys.executable, str(program), str(corpus)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    read = json.loads(done.stdout)
    known = {stage.name: set(stage.rules) for stage in make_plan(load_config(corpus)).stages}
    assert set(read) == set(known)
    for name, paths in read.items():
        assert set(paths) <= known[name] | {"issues"}, name
    assert {"cleaning", "dates", "rights", "copies"} <= {path for paths in read.values() for path in paths}


_WATCH = """
import json, sys
from pathlib import Path
from tempfile import TemporaryDirectory
from dataset_builder import resources

seen = set()
original = resources.schema_root

class Root:
    def joinpath(self, *parts):
        seen.add(parts[0])
        return original().joinpath(*parts)

resources.schema_root = lambda: Root()
resources.schema_file = lambda *parts: Root().joinpath(*parts)

from dataset_builder.engines.local import InProcess
from dataset_builder.config import load_config
from dataset_builder.ledger import Ledger
from dataset_builder.pipeline import Site, read
from dataset_builder.plan import make_plan
from dataset_builder.validate.gates import IntakeGate

config = load_config(Path(sys.argv[1]))
plan = make_plan(config)
found = {}
with TemporaryDirectory() as scratch:
    raw = read(config, Ledger(), Site(InProcess(), Path(scratch), Path("out")))
    batch = IntakeGate()(raw.batch(0))
    for stage in plan.stages:
        seen.clear()
        batch = stage(batch)
        found[stage.name] = sorted(seen)
print(json.dumps(found))
"""
