"""One article's proof: made by ``verify --row``, checked by the lines that the documentation shows alone."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpora import write_corpus
from dataset_builder.errors import SnapshotError, UsageError
from dataset_builder.pipeline import build
from dataset_builder.snapshot.proof import prove
from dataset_builder.snapshot.verify import verify

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "prove-an-article.md"


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("row")
    return build(write_corpus(folder / "corpus"), folder / "out").out


def rows(snapshot: Path) -> list[dict[str, Any]]:
    tables = [pq.read_table(path, partitioning=None) for path in sorted(snapshot.glob("catalog/*.parquet"))]
    return [row for table in tables for row in table.to_pylist()]


def shown_lines() -> str:
    (block,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return str(block)


def checked_by_the_page(folder: Path, proof: dict[str, Any]) -> str:
    """What the page's lines print, in a Python that has no package of ours."""
    (folder / "proof.json").write_text(json.dumps({"proof": proof}), encoding="utf-8")
    command = [sys.executable, "-I", "-S", "-c", shown_lines()]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_every_article_has_a_proof_withheld_ones_too(snapshot: Path) -> None:
    root = json.loads((snapshot / "manifest.json").read_text())["merkle_root"]
    listed = rows(snapshot)
    assert {row["release"] for row in listed} == {"full", "metadata"}
    for row in listed:
        proof = prove(snapshot, row["id"])
        assert proof.holds
        assert (proof.id, proof.merkle_root, proof.tree_size) == (row["id"], root, len(listed))
        assert row["title"] == json.loads(proof.row or "{}")["title"]


def test_the_lines_of_the_page_check_a_proof_and_catch_a_changed_one(snapshot: Path, tmp_path: Path) -> None:
    proof = prove(snapshot, rows(snapshot)[0]["id"]).as_dict()
    assert checked_by_the_page(tmp_path, proof).startswith("True ")
    changed = json.loads(proof["row"]) | {"title": "Another title"}
    forged = {**proof, "row": json.dumps(changed, sort_keys=True, separators=(",", ":"))}
    assert checked_by_the_page(tmp_path, forged).startswith("False ")
    assert checked_by_the_page(tmp_path, {**proof, "leaf_index": proof["leaf_index"] ^ 1}).startswith("False ")


def test_the_command_prints_the_proof(snapshot: Path) -> None:
    article = rows(snapshot)[0]["id"]
    command = [sys.executable, "-m", "dataset_builder", "verify", str(snapshot), "--row", article[:12], "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    document = json.loads(done.stdout)
    assert (done.returncode, document["valid"], document["proof"]["id"]) == (0, True, article)


def rewrite_row(copy: Path, **cells: Any) -> str:
    """What a forger does who makes every digest of a file anew; returns the row's id."""
    path = sorted(copy.glob("catalog/*.parquet"))[0]
    table = pq.read_table(path, partitioning=None)
    changed = table.to_pylist()
    changed[0] |= cells
    pq.write_table(pa.Table.from_pylist(changed, schema=table.schema), path)
    manifest = json.loads((copy / "manifest.json").read_text())
    for entry in manifest["files"]:
        content = (copy / entry["path"]).read_bytes()
        entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    (copy / "manifest.json").write_text(json.dumps(manifest))
    return str(changed[0]["id"])


def test_a_tampered_row_is_caught(copy: Path) -> None:
    article = rewrite_row(copy, title="Another title")
    assert "merkle-root-wrong" in {issue.code for issue in verify(copy).issues}
    with pytest.raises(SnapshotError, match="does not lead to the Merkle root"):
        prove(copy, article)


def test_a_rewritten_text_is_caught_by_its_row(copy: Path) -> None:
    path = sorted(copy.glob("articles/*/*.parquet"))[0]
    table = pq.read_table(path, partitioning=None)
    changed = table.to_pylist()
    changed[0]["body"] += " And nobody noticed."
    changed[0]["body_sha256"] = hashlib.sha256(changed[0]["body"].encode()).hexdigest()
    pq.write_table(pa.Table.from_pylist(changed, schema=table.schema), path)
    found = [issue for issue in verify(copy).issues if issue.code == "text-altered"]
    assert [issue.found for issue in found] == [f"the text of {changed[0]['id']}"]


def test_an_erased_row_leaves_its_digest_and_every_other_proof(copy: Path) -> None:
    path = sorted(copy.glob("catalog/*.parquet"))[0]
    table = pq.read_table(path, partitioning=None)
    erased, kept = (table.column("id")[index].as_py() for index in (0, 1))
    digest, before = prove(copy, erased).row_sha256, prove(copy, kept)
    pq.write_table(table.slice(1), path)
    tombstone = {"id": erased, "reason": "asked for", "date": "2024-12-01", "row_sha256": digest}
    (copy / "withdrawals.json").write_text(json.dumps([tombstone]))
    assert prove(copy, kept) == before
    gone = prove(copy, erased)
    assert gone.holds
    assert gone.row is None


@pytest.mark.parametrize("reference", ["", "abc", "../..", "ABCDEF", "0" * 33, "\x1b[31m"])
def test_what_is_no_id_is_a_wrong_call(snapshot: Path, reference: str) -> None:
    with pytest.raises(UsageError):
        prove(snapshot, reference)


def test_an_article_that_is_not_there(snapshot: Path) -> None:
    with pytest.raises(SnapshotError, match="no article with the id"):
        prove(snapshot, "0" * 32)
