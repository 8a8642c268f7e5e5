"""Whatever goes wrong at whatever call: nothing half visible, nothing unverified tagged, a second run finishes."""

from __future__ import annotations

from typing import Any

import pytest

from dataset_builder.publish.patience import LONGEST_WAIT, TRIES
from publishing import REPO, TARGET, Built, Run, content, digests
from stand_ins.hub import OWNER, HubStandIn, Repo

#: The client's own way to upload is deprecated by the library that it speaks through.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload:DeprecationWarning")
#: Every call that a publication makes, in its order.
CALLS = {
    "refs": ("GET", "/refs$"),
    "create": ("POST", "/repos/create$"),
    "gate": ("GET", f"{REPO}$"),
    "card": ("POST", "/validate-yaml$"),
    "preupload": ("POST", "/preupload/"),
    "batch": ("POST", "/objects/batch$"),
    "upload": ("PUT", "/storage/"),
    "commit": ("POST", "/commit/main$"),
    "tree": ("GET", "/tree/"),
    "head of a file": ("HEAD", "/resolve/"),
    "small file": ("GET", "/resolve/"),
    "large file": ("GET", "/storage/"),
    "tag": ("POST", "/tag/"),
}
FOREVER = 10_000
#: Those that are tried in the short form, too: before, at and after the commit.
_SHORT = {
    ("upload", "cut"),
    ("upload", "midway"),
    ("commit", "head"),
    ("commit", "answer"),
    ("commit", "lost"),
    ("large file", "cut"),
    ("tag", "answer"),
    ("tag", "lost"),
}


def faults(*modes: str) -> list[Any]:
    """Every call with every mode; most of them are for the long form."""
    return [
        pytest.param(call, mode, marks=() if (call, mode) in _SHORT else pytest.mark.slow)
        for call in CALLS
        for mode in modes
    ]


def never_half(repo: Repo | None, snapshot: dict[str, str], *, before: dict[str, str]) -> None:
    """Main is as it was or whole; a tag names what is whole."""
    if repo is not None:
        assert content(repo, "main") in (before, snapshot)
        assert all(content(repo, tag) == snapshot for tag in repo.tags)


def test_the_calls_are_those_that_are_made(hub: HubStandIn, built: Built, run: Run) -> None:
    import re

    run("publish", built(), TARGET)
    for name, (method, pattern) in CALLS.items():
        assert any(method == asked and re.search(pattern, path) for asked, path in hub.asked), name


@pytest.mark.parametrize(("call", "mode"), faults("answer", "cut", "midway", "head", "half"))
def test_a_fault_that_stays(hub: HubStandIn, built: Built, run: Run, call: str, mode: str) -> None:
    fault = hub.fault(*CALLS[call], times=FOREVER, mode=mode)
    code, out, err = run("publish", built(), TARGET)
    # An answer that breaks off says enough for some clients; then what was sent is read back, and is whole.
    assert code in ((0, 3) if mode in ("head", "half") else (3,)), err
    assert "Traceback" not in err
    assert code == 0 or "to mend it" in err
    assert "secret-signature" not in out + err
    assert OWNER not in out + err
    never_half(hub.repos.get(REPO), digests(built()), before={})
    tagged = bool((hub.repos.get(REPO) or Repo()).tags)
    assert tagged or code == 3
    assert not tagged or mode in ("head", "half"), "what is tagged is whole, and was asked for"
    fault.times = 0
    assert run("publish", built(), TARGET)[0] == 0
    assert content(hub.repos[REPO], "v1.0.0") == digests(built())


@pytest.mark.parametrize(("call", "mode"), faults("answer", "lost", "midway", "head", "half"))
def test_a_fault_that_passes(hub: HubStandIn, built: Built, run: Run, call: str, mode: str) -> None:
    hub.fault(*CALLS[call], mode=mode)
    code, _, err = run("publish", built(), TARGET)
    assert code == 0, err
    assert content(hub.repos[REPO], "v1.0.0") == digests(built())
    assert len(hub.repos[REPO].history) == 2, "a commit whose answer was lost is not made again"


def test_a_file_that_is_cut_midway_is_read_on(hub: HubStandIn, built: Built, run: Run) -> None:
    hub.fault("GET", "/storage/", mode="half")
    code, _, err = run("publish", built(), TARGET)
    assert code == 0, err


def test_the_servers_delay_is_kept(hub: HubStandIn, built: Built, run: Run, waits: list[float]) -> None:
    hub.fault("POST", "/commit/main$", times=2, status=429, headers={"Retry-After": "17"})
    hub.fault("GET", "/refs$", times=1, status=429, headers={"Retry-After": "5"})
    assert run("publish", built(), TARGET)[0] == 0
    assert [wait for wait in waits if wait > 4] == [5, 17, 17]


def test_a_limit_that_stays_ends_after_some_tries(hub: HubStandIn, built: Built, run: Run, waits: list[float]) -> None:
    hub.fault("POST", "/commit/main$", times=FOREVER, status=429, headers={"Retry-After": "17"})
    code, _, err = run("publish", built(), TARGET)
    assert code == 3
    assert "fewer calls" in err
    assert waits.count(17) == TRIES - 1


@pytest.mark.parametrize(
    "call", ["refs", "upload", *(pytest.param(call, marks=pytest.mark.slow) for call in ("preupload", "commit", "tag"))]
)
def test_nobody_waits_for_hours(hub: HubStandIn, built: Built, run: Run, waits: list[float], call: str) -> None:
    hub.fault(*CALLS[call], times=FOREVER, status=429, headers={"Retry-After": "86400"})
    code, _, err = run("publish", built(), TARGET)
    assert code == 3
    assert "86400" in err
    assert max(waits, default=0) <= LONGEST_WAIT


def test_a_repository_that_moved_on(hub: HubStandIn, built: Built, run: Run) -> None:
    run("publish", built(), TARGET)
    repo = hub.repos[REPO]

    def somebody_commits(request: object) -> None:
        hub.before = lambda _: None
        repo.commit({**repo.commits[repo.main], "README.md": (hub._keep(b"Edited on the web."), False)})

    hub.before = lambda request: somebody_commits(request) if "/preupload/" in request.path else None
    code, _, err = run("publish", built("1.1.0"), TARGET)
    assert code == 3
    assert "moved on" in err
    assert list(repo.tags) == ["v1.0.0"]
    assert hub.read(REPO, "main", "README.md") == b"Edited on the web."
    assert run("publish", built("1.1.0"), TARGET)[0] == 0
    assert content(repo, "v1.1.0") == digests(built("1.1.0"))


def test_content_that_changed_on_its_way_is_not_tagged(hub: HubStandIn, built: Built, run: Run) -> None:
    def rot(request: object) -> None:
        hub.before = lambda _: None
        repo = hub.repos[REPO]
        path, (digest, large) = next(item for item in repo.commits[repo.main].items() if item[1][1])
        assert large, path
        hub.content[digest] = bytes(len(hub.content[digest]))

    hub.before = lambda request: rot(request) if "/resolve/" in request.path else None
    code, _, err = run("publish", built(), TARGET)
    assert code == 3
    assert "does not hold what was sent" in err
    assert hub.repos[REPO].tags == {}


def test_offline_is_said(hub: HubStandIn, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    code, _, err = run("publish", built(), TARGET)
    assert code == 2
    assert "unset HF_HUB_OFFLINE" in err


def test_an_interrupt_is_told_what_it_leaves(hub: HubStandIn, built: Built, run: Run, monkeypatch: Any) -> None:
    """Ctrl-C while the files are read back: a commit, no tag, and the same call finishes it."""
    from dataset_builder.publish.hub.target import HubTarget

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(HubTarget, "_read_back", interrupted)
        code, _, err = run("publish", built(), TARGET)
    assert code == 130
    assert "the same call finishes it" in err
    assert hub.repos[REPO].tags == {}
    assert run("publish", built(), TARGET)[0] == 0
    assert len(hub.repos[REPO].history) == 2
