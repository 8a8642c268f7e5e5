"""The seed corpus keeps its promises: nothing of the received documents in it, every file described, every id right."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from dataset_builder.read.corpus import READERS
from dataset_builder.read.streams import COMPRESSED, inner_suffix

REPOSITORY = Path(__file__).resolve().parents[2]
SEEDS = REPOSITORY / "seeds"

#: rights.md, principle 7: a run of eight normalised words is text that leaked.
RUN = 8

#: Read with an optional package only; the seeds build without it.
WEB_ARCHIVES = {".warc", ".wacz"}
#: Suffixes that are read as .md, .jsonl, .rss and .atom, .html are.
OTHER_SPELLINGS = {".markdown", ".ndjson", ".xml", ".htm", ".xhtml"}


def corpus_files() -> list[Path]:
    return sorted(path for path in SEEDS.rglob("*") if path.is_file() and path.parent != SEEDS)


def digest_only_records() -> list[dict[str, Any]]:
    lines = (SEEDS / "received" / "records.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


def payload(path: Path) -> bytes:
    """The file's bytes without a front matter block."""
    content = path.read_bytes()
    return content.split(b"\n---\n", 1)[1] if content.startswith(b"---\n") else content


def words(path: Path) -> str:
    """What the file says, whatever form it is in."""
    if path.suffix == ".parquet":
        return json.dumps(pq.read_table(path).to_pylist(), ensure_ascii=False, default=str)
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode()


@pytest.fixture
def received(shared: Path) -> list[Path]:
    return sorted((shared / "seeds").glob("*.txt"))


def test_digest_only_records_match_the_received_documents(received: list[Path]) -> None:
    held = {(hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size) for path in received}
    assert {(record["payload_sha256"], record["payload_bytes"]) for record in digest_only_records()} == held


def test_no_run_of_words_of_the_received_documents_is_here(received: list[Path]) -> None:
    titles = [record["title"] for record in digest_only_records() if record["title"]]
    withheld = set().union(*(runs(path.read_text(encoding="utf-8")) for path in received))
    withheld -= set().union(*(runs(title) for title in titles))
    assert withheld
    leaks = {
        str(path.relative_to(REPOSITORY)): shared
        for path in [*corpus_files(), *SEEDS.glob("*.*")]
        if (shared := runs(words(path)) & withheld)
    }
    assert not leaks


def test_digest_only_records_carry_no_body() -> None:
    for record in digest_only_records():
        assert not {"body", "text", "summary"} & set(record)


def test_readme_describes_every_file() -> None:
    described = set(re.findall(r"^\| `([^`]+)`", (SEEDS / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert described == {path.relative_to(SEEDS).as_posix() for path in corpus_files()}


def test_every_input_form_that_the_plain_install_reads_is_here() -> None:
    shown = {inner_suffix(path.name) for path in corpus_files()}
    assert set(READERS) - shown == WEB_ARCHIVES | OTHER_SPELLINGS
    assert any(path.suffix in COMPRESSED for path in corpus_files())


def test_withdrawals_name_articles_of_the_corpus() -> None:
    config = yaml.safe_load((SEEDS / "dataset.yaml").read_text(encoding="utf-8"))
    ids = {hashlib.sha256(payload(path)).hexdigest()[:32] for path in corpus_files()}
    assert config["withdrawals"]
    assert {entry["id"] for entry in config["withdrawals"]} <= ids


def test_the_exact_copy_is_exact() -> None:
    copy = SEEDS / "ledger" / "archive" / "night-ferry-copy.txt"
    assert copy.read_bytes() == (SEEDS / "ledger" / "2024" / "night-ferry.txt").read_bytes()
