"""The functions for Python programs: typed, lazy, the command line's engine."""

from __future__ import annotations

import inspect
import json
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import dataset_builder
from corpora import write_corpus
from dataset_builder import Snapshot, api, build, check, cite, diff, load, prove, publish_snapshot, verify
from dataset_builder.errors import ConfigError, DatasetBuilderError, SnapshotError, UsageError
from dataset_builder.progress import Progress
from dataset_builder.publish.plan import Published


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api")
    return build(str(write_corpus(folder / "corpus")), folder / "out").out


def test_the_import_of_the_package_imports_nothing_of_it() -> None:
    code = (
        "import sys, dataset_builder\n"
        "ours = [name for name in sys.modules if name.startswith('dataset_builder.')]\n"
        "print(ours, [name for name in ('pyarrow', 'yaml', 'numpy') if name in sys.modules])\n"
        "from dataset_builder import load\n"
        "print([name for name in ('pyarrow', 'yaml', 'numpy', 'spacy', 'frictionless') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[] []", "[]"]


def test_what_is_public_is_there_typed_and_documented() -> None:
    assert set(api.__all__) | {"__version__"} == set(dataset_builder.__all__) == set(dir(dataset_builder))
    for name in api.__all__:
        thing = getattr(dataset_builder, name)
        assert thing is getattr(api, name)
        assert inspect.getdoc(thing)
        if inspect.isfunction(thing):
            signature = inspect.signature(thing)
            assert signature.return_annotation is not signature.empty
            assert all(parameter.annotation is not parameter.empty for parameter in signature.parameters.values())
    with pytest.raises(AttributeError):
        _ = dataset_builder.nothing  # type: ignore[attr-defined]


def test_it_is_the_engine_of_the_command_line(snapshot: Path, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    command = [sys.executable, "-m", "dataset_builder", "build", str(corpus), "--out", str(tmp_path / "out"), "--json"]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert told["identity"] == load(snapshot).identity
    assert told["accounts"] == load(snapshot).accounts


def test_check_verify_prove_cite_and_diff(snapshot: Path, tmp_path: Path) -> None:
    assert check(write_corpus(tmp_path / "corpus")).valid
    outcome = verify(str(snapshot), expect=load(snapshot).identity)
    assert outcome.valid
    article = next(load(snapshot).rows("catalog", ["id"]))["id"]
    assert prove(snapshot, article).holds
    assert outcome.identity in cite(snapshot, "apa")
    assert article in cite(snapshot, "bibtex", article=article)
    assert diff(snapshot, str(snapshot)).same_data


def test_errors_are_those_of_the_package(tmp_path: Path) -> None:
    (tmp_path / "dataset.yaml").write_text("nmae: x\n")
    for call, kind in (
        (lambda: build(tmp_path), ConfigError),
        (lambda: check(tmp_path / "nowhere"), UsageError),
        (lambda: load(tmp_path), SnapshotError),
        (lambda: cite(tmp_path), SnapshotError),
        (lambda: verify(tmp_path / "nowhere"), UsageError),
    ):
        with pytest.raises(kind) as raised:
            call()
        assert isinstance(raised.value, DatasetBuilderError)
        assert raised.value.found


def test_tables_whole_in_parts_and_as_rows(snapshot: Path) -> None:
    opened = load(snapshot)
    for name, rows in opened.tables.items():
        assert opened.table(name).num_rows == sum(batch.num_rows for batch in opened.batches(name)) == rows
    assert list(next(opened.rows("articles", ["title"]))) == ["title"]
    with pytest.raises(UsageError, match="the table 'articels'"):
        opened.table("articels")
    with pytest.raises(UsageError, match="the column 'titel'"):
        opened.table("articles", ["titel"])


def test_a_shard_that_is_gone(snapshot: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(snapshot, tmp_path / "copy"))
    for path in copy.glob("catalog/*.parquet"):
        path.unlink()
    with pytest.raises(SnapshotError, match="cannot be read"):
        load(copy).table("catalog")


class Tags(HTMLParser):
    """Every tag that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, _attributes: Any) -> None:
        self.found.add(tag)


def test_a_notebook_shows_text_and_runs_none() -> None:
    hostile = '<script>alert(1)</script><img src=x onerror=alert(1)> "\x1b[31m'
    manifest = {"title": hostile, "name": hostile, "version": hostile, "license": hostile, "audience": hostile}
    opened = Snapshot(Path("<b>"), {**manifest, "accounts": {"read": 1}, "tables": {"articles": {"rows": 1}}})
    tags = Tags()
    tags.feed(opened._repr_html_())
    assert tags.found == {"table", "caption", "tbody", "tr", "th", "td", "code"}
    assert "\x1b" not in str(opened) + repr(opened) + opened._repr_html_()


def test_a_build_tells_how_far_it_is_and_can_be_ended(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    seen: list[Progress] = []
    build(corpus, tmp_path / "out", on_progress=seen.append)
    assert {event.step for event in seen} >= {"read", "write"}

    def enough(_event: Progress) -> None:
        raise KeyboardInterrupt

    before = load(tmp_path / "out").identity
    with pytest.raises(KeyboardInterrupt):
        build(corpus, tmp_path / "out", audience="private", on_progress=enough)
    assert load(tmp_path / "out").identity == before


def test_a_snapshot_is_published_to_a_folder(snapshot: Path, tmp_path: Path) -> None:
    steps: list[str] = []
    plan = publish_snapshot(snapshot, str(tmp_path / "shelf"), dry_run=True)
    assert not (tmp_path / "shelf").exists()
    done = publish_snapshot(str(snapshot), str(tmp_path / "shelf"), on_progress=lambda event: steps.append(event.step))
    assert isinstance(done, Published)
    assert done.plan == plan
    assert verify(done.revision).valid
    assert list(dict.fromkeys(steps))[-3:] == ["compare", "copy", "read back"]
