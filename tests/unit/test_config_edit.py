"""dataset.yaml is changed by one command after the other, and no change of another is lost."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from dataset_builder import config_edit
from dataset_builder.config_edit import edit_config
from dataset_builder.errors import OutsideError
from dataset_builder.folder_lock import folder_lock


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "dataset.yaml").write_text("name: harbour\n", encoding="utf-8")
    return tmp_path


def test_the_second_of_two_changes_at_once_waits(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = threading.Event()
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda seconds: (waits.set(), sleep(seconds)))
    second = threading.Thread(target=edit_config, args=(corpus, lambda text: f"{text}second: 2\n"))

    def first(text: str) -> str:
        second.start()
        assert waits.wait(30), "the second came through while the first was at work"
        return f"{text}first: 1\n"

    edit_config(corpus, first)
    second.join(30)
    assert (corpus / "dataset.yaml").read_text(encoding="utf-8") == "name: harbour\nfirst: 1\nsecond: 2\n"
    assert [path.name for path in corpus.iterdir()] == ["dataset.yaml"]


def test_a_change_is_made_anew_upon_what_an_editor_has_saved_meanwhile(corpus: Path) -> None:
    seen: list[str] = []

    def change(text: str) -> str:
        seen.append(text)
        if len(seen) == 1:
            (corpus / "dataset.yaml").write_text("name: quay\n", encoding="utf-8")
        return f"{text}doi: 1\n"

    edit_config(corpus, change)
    assert seen == ["name: harbour\n", "name: quay\n"]
    assert (corpus / "dataset.yaml").read_text(encoding="utf-8") == "name: quay\ndoi: 1\n"


def test_a_file_that_never_stands_still_is_left_as_it_is(corpus: Path) -> None:
    saved: list[str] = []

    def change(text: str) -> str:
        saved.append(f"name: quay-{len(saved)}\n")
        (corpus / "dataset.yaml").write_text(saved[-1], encoding="utf-8")
        return text

    with pytest.raises(OutsideError, match="again and again"):
        edit_config(corpus, change)
    assert (corpus / "dataset.yaml").read_text(encoding="utf-8") == saved[-1]
    assert [path.name for path in corpus.iterdir()] == ["dataset.yaml"]


def test_a_lock_that_is_held_is_not_waited_for_without_end(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config_edit, "_PATIENCE", 0)
    with (
        folder_lock(corpus, "a test"),
        pytest.raises(OutsideError, match=r"another change of dataset\.yaml is under way"),
    ):
        edit_config(corpus, lambda text: f"{text}doi: 1\n")
    edit_config(corpus, lambda text: f"{text}doi: 1\n")
    assert (corpus / "dataset.yaml").read_text(encoding="utf-8") == "name: harbour\ndoi: 1\n"


def test_without_locks_the_comparison_is_left(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import fcntl

    def none(*_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    edit_config(corpus, lambda text: f"{text}doi: 1\n")
    assert (corpus / "dataset.yaml").read_text(encoding="utf-8") == "name: harbour\ndoi: 1\n"
