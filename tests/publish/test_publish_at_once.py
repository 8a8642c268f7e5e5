"""Two publishes to one folder: the second is refused while the first is at work, and what a killed one left goes."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dataset_builder.folder_lock import folder_lock
from dataset_builder.publish import folder
from dataset_builder.publish.address import FolderAddress
from dataset_builder.publish.release import open_release
from dataset_builder.publish.targets import open_target
from publishing import Built, Run, digests

BUSY = "another publish or purge is under way"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "published"


def names(target: Path) -> list[str]:
    return sorted(path.name for path in target.iterdir())


def version(target: Path) -> str:
    return str(json.loads((target / "latest.json").read_text())["version"])


def left_by_a_killed_publish(target: Path, snapshot: Path) -> Path:
    left = target / ".publish-0badcafe"
    shutil.copytree(snapshot, left)
    (left / "manifest.json").unlink()
    return left


def during(name: str, monkeypatch: pytest.MonkeyPatch, act: Callable[[Any], None]) -> None:
    """Have ``act`` called once, before a step of the folder's own, with what the step is given."""
    step = getattr(folder, name)
    todo = [act]

    def stepped(*arguments: Any) -> Any:
        if todo:
            todo.pop()(arguments)
        return step(*arguments)

    monkeypatch.setattr(folder, name, stepped)


def test_the_second_is_refused_while_the_first_copies(
    target: Path, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[tuple[int, str, str]] = []
    later = built("1.1.0")
    during("_copy", monkeypatch, lambda _: answers.append(run("publish", later, target)))
    assert run("publish", built(), target)[0] == 0
    code, _, err = answers[0]
    assert code == 3
    assert BUSY in err
    assert "call again" in err
    assert digests(target / "v1.0.0") == digests(built())
    assert run("publish", later, target)[0] == 0
    assert names(target) == ["latest.json", "v1.0.0", "v1.1.0"]


def test_the_pointer_does_not_go_back_between_comparison_and_rename(
    target: Path, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = built("1.1.0")
    release = open_release(built())
    answers: list[int] = []
    with open_target(FolderAddress(target), snapshot=built()) as place:
        place.publish(release, place.plan(release))
        (target / "latest.json").unlink()
        during("flush_file", monkeypatch, lambda _: answers.append(run("publish", later, target)[0]))
        place.publish(release, place.plan(release))
    assert answers == [3]
    assert run("publish", later, target)[0] == 0
    assert version(target) == "1.1.0"
    assert run("publish", built(), target)[0] == 0
    assert version(target) == "1.1.0"


def test_another_dataset_that_came_first_stays(target: Path, built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan was made before the other had published."""
    from dataset_builder.errors import UsageError

    release = open_release(built())
    with open_target(FolderAddress(target), snapshot=built()) as place:
        plan = place.plan(release)
        target.mkdir()
        (target / "latest.json").write_text('{"format": "news-dataset-latest/1", "name": "river", "version": "0.1.0"}')
        with pytest.raises(UsageError, match="holds the dataset 'river'"):
            place.publish(release, plan)
    assert names(target) == ["latest.json"]


def test_a_copy_that_somebody_thins_out_gets_no_name(
    target: Path, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = iter(range(1000))
    copied = folder._copy

    def thinned(file: Any, place: Path) -> None:
        if next(count) == 5:
            shutil.rmtree(next(target.glob(".publish-*")))
        copied(file, place)

    with monkeypatch.context() as patch:
        patch.setattr(folder, "_copy", thinned)
        code, _, err = run("publish", built(), target)
    assert code == 3
    assert "written by somebody else meanwhile" in err
    assert names(target) == []


def test_a_version_that_appears_meanwhile_is_named_as_such(
    target: Path, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        during("_name", patch, lambda given: shutil.copytree(built(), given[1]))
        code, _, err = run("publish", built(), target)
    assert code == 3
    assert "v1.0.0 was written by somebody else meanwhile" in err
    assert run("publish", built(), target)[0] == 0
    assert names(target) == ["latest.json", "v1.0.0"]


def test_what_a_killed_publish_left_goes_with_the_next(target: Path, built: Built, run: Run) -> None:
    run("publish", built(), target)
    left_by_a_killed_publish(target, built())
    (target / ".publish-pointer").write_text("{}")
    code, out, _ = run("publish", built(), target)
    assert code == 0
    assert "published already" in out
    assert names(target) == ["latest.json", "v1.0.0"]


def test_what_is_being_written_does_not_go(target: Path, built: Built, run: Run) -> None:
    run("publish", built(), target)
    left = left_by_a_killed_publish(target, built())
    before = digests(left)
    with folder_lock(target, "a test"):
        for arguments in (("publish", built(), target), ("publish", built("1.1.0"), target)):
            code, _, err = run(*arguments)
            assert code == 3
            assert BUSY in err
    assert digests(left) == before
    assert names(target) == [".publish-0badcafe", "latest.json", "v1.0.0"]


def test_a_place_without_locks_says_so_and_sweeps_nothing(
    target: Path, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def none(*_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    target.mkdir()
    left = left_by_a_killed_publish(target, built())
    monkeypatch.setattr(fcntl, "flock", none)
    code, out, _ = run("publish", built(), target)
    assert code == 0
    assert "the place has no locks" in out
    assert left.is_dir()
    assert json.loads(run("publish", built(), target, "--json")[1])["notes"]
