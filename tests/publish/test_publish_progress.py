"""Who publishes to the Hub, or purges a published place, sees how far it is; who wants none of it sees nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from publishing import TARGET, Built, Run, article_ids, without
from slow_terminal import FIRST_COLUMN, lines_of, slow_terminal, steps_of
from stand_ins.hub import HubStandIn

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload:DeprecationWarning")


@pytest.fixture
def corpus(tmp_path: Path, built: Built) -> Path:
    """A corpus that has withdrawn the first article of version 1.0.0."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    config = f"name: harbour-notes\nversion: 1.1.0\ncreated: 2024-11-05\n{without(article_ids(built())[0])}"
    (folder / "dataset.yaml").write_text(config, encoding="utf-8")
    return folder


@pytest.fixture(params=["hub", "folder"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "hub":
        request.getfixturevalue("hub")
        return TARGET
    return str(tmp_path / "published")


def test_publishing_to_the_hub_shows_its_steps_with_rate_and_time_left(
    hub: HubStandIn, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_terminal(monkeypatch)
    code, out, err = run("publish", built(), TARGET)
    assert code == 0, err
    assert FIRST_COLUMN not in out
    steps = steps_of(err)
    assert steps.index("digest") < steps.index("read back")
    assert any(line.startswith("read back") and "B/s" in line and " left" in line for line in lines_of(err))
    assert "read back" not in err.rpartition(FIRST_COLUMN)[2], "the line stands there at the end"
    assert len(hub.repos) == 1


def test_a_purge_shows_where_it_looks_and_what_it_deletes(
    target: str, corpus: Path, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("1.0.0", "1.1.0"):
        assert run("publish", built(version), target)[0] == 0
    slow_terminal(monkeypatch)
    code, out, err = run("withdraw", article_ids(built())[0], corpus, "--purge", target, "--yes")
    assert code == 0, err
    assert FIRST_COLUMN not in out
    assert "look" in steps_of(err)
    looked = [line for line in lines_of(err) if line.startswith("look")]
    assert any("%" in line and "/s" in line for line in looked)
    assert err.rpartition(FIRST_COLUMN)[2].count("look") == 0, "the line stands there at the end"


@pytest.mark.parametrize("how", ["quiet", "no terminal"])
def test_nobody_is_told_where_nobody_looks(
    target: str, corpus: Path, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    quiet = ["--quiet"] if how == "quiet" else []
    if quiet:
        slow_terminal(monkeypatch)
    for version in ("1.0.0", "1.1.0"):
        assert FIRST_COLUMN not in run("publish", built(version), target, *quiet)[2]
    code, _, err = run("withdraw", article_ids(built())[0], corpus, "--purge", target, "--yes", *quiet)
    assert (code, FIRST_COLUMN in err) == (0, False)
