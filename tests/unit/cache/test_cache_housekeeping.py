"""Looking into a cache and making room in it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dataset_builder.cache.housekeeping import by_step, packs_of, prune
from dataset_builder.cache.places import default_cache, is_cache, prepare_cache
from dataset_builder.cli.app import app
from dataset_builder.errors import OutsideError, UsageError

DAY = 24 * 60 * 60
NOW = 1_700_000_000.0


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Packs of two steps: 10 bytes unused for nine days, 20 for five, 30 for one."""
    folder = prepare_cache(tmp_path / "cache")
    for step, recipe, size, days in (("clean", "a", 10, 9), ("clean", "b", 20, 5), ("rights", "c", 30, 1)):
        path = folder / step / recipe / f"{size:064x}.pack"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x" * size)
        os.utime(path, (NOW - days * DAY, NOW - days * DAY))
    return folder


def sizes(cache: Path) -> list[int]:
    return [pack.size for pack in packs_of(cache)]


def test_packs_are_counted_by_step(cache: Path):
    told = [(it.step, it.recipes, it.packs, it.size) for it in by_step(packs_of(cache))]
    assert told == [("clean", 2, 2, 30), ("rights", 1, 1, 30)]


def test_all_goes_where_no_reason_is_named(cache: Path):
    assert len(prune(cache)) == 3
    assert sizes(cache) == []
    assert is_cache(cache)
    assert [path.name for path in cache.iterdir()] == ["CACHEDIR.TAG"]


def test_what_was_of_no_use_for_long_goes(cache: Path):
    prune(cache, unused_days=4, now=NOW)
    assert sizes(cache) == [30]


def test_the_longest_unused_make_room(cache: Path):
    prune(cache, most_bytes=50, now=NOW)
    assert sizes(cache) == [20, 30]


def test_what_killed_builds_left_goes_after_an_hour(cache: Path):
    old, new = (cache / "clean" / "a" / f".unfinished-{name}" for name in ("old", "new"))
    for path, age in ((old, 2 * 60 * 60), (new, 60)):
        path.write_bytes(b"")
        os.utime(path, (NOW - age, NOW - age))
    prune(cache, unused_days=1000, now=NOW)
    assert not old.exists()
    assert new.exists()


def test_no_other_folder_is_pruned(tmp_path: Path):
    (tmp_path / "clean" / "a").mkdir(parents=True)
    (tmp_path / "clean" / "a" / "x.pack").write_bytes(b"mine")
    with pytest.raises(UsageError, match="no cache"):
        prune(tmp_path)
    assert (tmp_path / "clean" / "a" / "x.pack").exists()
    assert packs_of(tmp_path / "absent") == []


def test_the_place_is_the_environments_or_the_users():
    assert default_cache({"BUILD_DATASET_CACHE": "/fast/kept"}) == Path("/fast/kept")
    assert default_cache({"BUILD_DATASET_CACHE": "", "XDG_CACHE_HOME": "/home/ada/.cache"}) is None
    assert default_cache({"XDG_CACHE_HOME": "/home/ada/.cache"}) == Path("/home/ada/.cache/build-dataset")
    assert default_cache({}) == Path.home() / ".cache" / "build-dataset"


def test_only_its_owner_reads_a_new_cache(tmp_path: Path):
    assert prepare_cache(tmp_path / "new").stat().st_mode & 0o077 == 0


def test_no_other_folder_becomes_a_cache(tmp_path: Path):
    (tmp_path / "manifest.json").write_text("{}")
    for named in (tmp_path, tmp_path / "kept", tmp_path / "kept" / "deeper"):
        with pytest.raises(UsageError, match=r"other things|lies in the snapshot") as caught:
            prepare_cache(named)
        assert "--cache" in caught.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_an_empty_folder_and_one_that_another_build_is_making_become_a_cache(tmp_path: Path):
    (tmp_path / ".probe-0123456789abcdef").write_bytes(b"")
    assert is_cache(prepare_cache(tmp_path))
    assert is_cache(prepare_cache(tmp_path)), "and it stays one"


def test_a_file_in_the_way_is_an_error_that_says_what_to_do(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutsideError, match="cannot be written") as caught:
        prepare_cache(tmp_path / "file")
    assert "--cache" in caught.value.hint


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["cache", *arguments])
    return done.exit_code, done.output


def test_the_command_shows_and_prunes(cache: Path):
    code, shown = run(str(cache))
    assert code == 0
    assert "in 3 packs" in shown
    code, shown = run(str(cache), "--prune", "--keep", "0", "--json")
    assert code == 0
    assert json.loads(shown)["deleted"] == {"packs": 3, "bytes": 60}
    assert time.time() > NOW


@pytest.mark.parametrize("arguments", [["--unused", "3"], ["--keep", "3"], []])
def test_the_command_wants_a_folder_and_says_when_options_do_not_fit(arguments: list[str]):
    assert run(*arguments)[0] == 2
