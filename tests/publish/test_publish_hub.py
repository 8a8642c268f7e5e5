"""``publish SNAPSHOT hf://datasets/ORG/NAME`` with the real client, against the stand-in of ``stand_ins.hub``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from publishing import REPO, TARGET, WITH_DOI, Built, Run, content, digests, identity
from stand_ins.hub import READER, HubStandIn
from stand_ins.loopback import Request

#: The client's own way to upload is deprecated by the library that it speaks through.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>' to upload:DeprecationWarning")


def published(hub: HubStandIn) -> list[str]:
    """Calls that change something."""
    return [f"{method} {path}" for method, path in hub.asked if method != "GET" and "validate" not in path]


def test_one_commit_read_back_and_tagged(hub: HubStandIn, built: Built, run: Run) -> None:
    code, out, _ = run("publish", built(), TARGET, "--json")
    shown = json.loads(out)
    repo = hub.repos[REPO]
    assert code == 0, out
    assert shown["done"]
    assert len(repo.history) == 2, "the repository's own first commit, and one of ours"
    assert repo.tags == {"v1.0.0": repo.main}
    assert content(repo, "v1.0.0") == digests(built())
    assert shown["load"] == f'load_dataset("harbour/notes", revision="{repo.main}")'
    order = [path.rpartition("/")[0].rpartition("/")[2] for _, path in hub.asked]
    assert order.index("commit") < order.index("tree") < order.index("tag")
    last_read = max(index for index, (_, path) in enumerate(hub.asked) if "/resolve/" in path)
    assert last_read < order.index("tag"), "every file is read before the tag is made"


def test_a_dry_run_sends_nothing(hub: HubStandIn, built: Built, run: Run) -> None:
    code, out, _ = run("publish", built(), TARGET, "--dry-run")
    assert code == 0
    assert published(hub) == []
    assert hub.repos == {}
    assert "nothing was sent" in out
    assert "the repository is new" in out
    assert f"new       {len(digests(built()))} files" in out


def test_the_next_version_says_what_is_new_changed_and_deleted(hub: HubStandIn, built: Built, run: Run) -> None:
    old, new = built(), built("1.1.0")
    run("publish", old, TARGET)
    _, out, _ = run("publish", new, TARGET, "--dry-run", "--json")
    plan = json.loads(out)
    before, after = digests(old), digests(new)
    assert [one["path"] for one in plan["new"]] == sorted(set(after) - set(before))
    assert [one["path"] for one in plan["deleted"]] == sorted(set(before) - set(after))
    assert [one["path"] for one in plan["changed"]] == sorted(p for p in after if p in before and after[p] != before[p])
    assert all(one["bytes"] == (new / one["path"]).stat().st_size for one in plan["changed"])
    assert plan["unchanged"] == sum(before.get(path) == digest for path, digest in after.items())
    assert run("publish", new, TARGET)[0] == 0
    assert content(hub.repos[REPO], "v1.1.0") == after
    assert content(hub.repos[REPO], "v1.0.0") == before


def test_a_second_run_has_nothing_to_do(hub: HubStandIn, built: Built, run: Run) -> None:
    run("publish", built(), TARGET)
    hub.asked.clear()
    code, out, _ = run("publish", built(), TARGET)
    assert code == 0
    assert "published already" in out
    assert published(hub) == []


def test_a_version_with_other_content_is_refused(hub: HubStandIn, built: Built, run: Run) -> None:
    run("publish", built(), TARGET)
    before = dict(hub.repos[REPO].tags)
    code, _, err = run("publish", built(extra=WITH_DOI), TARGET)
    assert code == 2
    assert "v1.0.0 is published with other content" in err
    assert "raise version" in err
    assert hub.repos[REPO].tags == before


def test_an_older_version_does_not_go_on_top(hub: HubStandIn, built: Built, run: Run) -> None:
    run("publish", built("1.1.0"), TARGET)
    code, _, err = run("publish", built(), TARGET)
    assert code == 2
    assert "is at version 1.1.0 already" in err


def test_a_private_snapshot_goes_nowhere(hub: HubStandIn, built: Built, run: Run, tmp_path: Path) -> None:
    for target in (TARGET, "s3://harbour/notes", tmp_path / "folder"):
        code, _, err = run("publish", built(audience="private"), target)
        assert code == 2
        assert "is private" in err
    assert hub.asked == []


def test_a_snapshot_that_does_not_verify_is_refused(hub: HubStandIn, built: Built, run: Run, tmp_path: Path) -> None:
    import shutil

    copy = shutil.copytree(built(), tmp_path / "copy")
    with (copy / "README.md").open("a", encoding="utf-8") as card:
        card.write("More.\n")
    code, _, err = run("publish", copy, TARGET)
    assert code == 1
    assert "does not verify" in err
    assert "file-altered" in err
    assert hub.asked == []


def test_a_restricted_snapshot_wants_the_gate_read_back(hub: HubStandIn, built: Built, run: Run) -> None:
    restricted = built(audience="restricted", extra=WITH_DOI)
    code, _, err = run("publish", restricted, TARGET)
    assert code == 2
    assert "has no gate" in err
    repo = hub.make(REPO)
    assert run("publish", restricted, TARGET)[0] == 2
    repo.gated = "manual"
    assert run("publish", restricted, TARGET)[0] == 0
    assert content(repo, "v1.0.0") == digests(restricted)


def test_a_gate_that_opens_meanwhile_leaves_no_tag(hub: HubStandIn, built: Built, run: Run) -> None:
    repo = hub.make(REPO, gated="auto")

    def open_gate(request: Request) -> None:
        if "/resolve/" in request.path:
            repo.gated = False

    hub.before = open_gate
    code, _, err = run("publish", built(audience="restricted", extra=WITH_DOI), TARGET)
    assert code == 2
    assert "has no gate" in err
    assert repo.tags == {}


def test_somebody_elses_files_stay(hub: HubStandIn, built: Built, run: Run) -> None:
    repo = hub.make(REPO, **{"data.csv": b"a,b\n", "README.md": b"Mine."})
    code, _, err = run("publish", built(), TARGET)
    assert code == 2
    assert "data.csv" in err
    assert len(repo.history) == 1


def test_another_dataset_stays(hub: HubStandIn, built: Built, run: Run) -> None:
    other = {"format": "news-dataset-manifest/1", "name": "river-notes", "version": "1.0.0", "files": []}
    hub.make(REPO, **{"manifest.json": json.dumps(other).encode()})
    code, _, err = run("publish", built(), TARGET)
    assert code == 2
    assert "river-notes" in err


def test_a_repository_made_on_the_web_may_have_a_card(hub: HubStandIn, built: Built, run: Run) -> None:
    hub.make(REPO, **{"README.md": b"---\nlicense: cc0-1.0\n---\n"})
    assert run("publish", built(), TARGET)[0] == 0
    assert content(hub.repos[REPO], "main") == digests(built())


@pytest.mark.parametrize(
    ("token", "found"),
    [("", "there is no token"), ("hf_wrongwrongwrong", "does not know the token"), (READER, "no right")],
)
def test_tokens(
    hub: HubStandIn, built: Built, run: Run, monkeypatch: pytest.MonkeyPatch, token: str, found: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    hub.make(REPO)
    code, out, err = run("publish", built(), TARGET)
    assert code == 2
    assert found in err
    assert not token or token not in out + err
    assert hub.repos[REPO].tags == {}


def test_the_token_stays_with_the_hub(hub: HubStandIn, built: Built, run: Run) -> None:
    run("publish", built(), TARGET)
    asked = list(zip(hub.asked, hub.seen_headers, strict=True))
    stored = [headers for (_, path), headers in asked if path.startswith("/storage/")]
    assert len(stored) > 3
    assert not any("authorization" in headers for headers in stored)


def test_verify_of_a_revision(hub: HubStandIn, built: Built, run: Run) -> None:
    run("publish", built(), TARGET)
    run("publish", built("1.1.0"), TARGET)
    for revision, snapshot in (
        ("@v1.0.0", built()),
        (f"@{hub.repos[REPO].tags['v1.1.0'][:8]}", built("1.1.0")),
        ("", built("1.1.0")),
    ):
        code, out, _ = run("verify", TARGET + revision, "--expect", identity(snapshot), "--json")
        assert code == 0, out
        assert json.loads(out)["identity"] == identity(snapshot)
    code, _, err = run("verify", f"{TARGET}@v9.9.9")
    assert code == 2
    assert "no such repository, revision or file" in err


def test_verify_of_a_published_copy_finds_what_was_done_to_it(hub: HubStandIn, built: Built, run: Run) -> None:
    run("publish", built(), TARGET)
    repo = hub.repos[REPO]
    tree = dict(repo.commits[repo.main])
    shard = next(path for path in tree if path.startswith("catalog/"))
    hub.content["ab" * 32] = bytes(b ^ 1 for b in hub.content[tree[shard][0]])
    altered = {**tree, shard: ("ab" * 32, True), "articles/permissive/train-extra.parquet": tree[shard]}
    del altered["CITATION.cff"]
    repo.commit(altered)
    code, out, _ = run("verify", TARGET, "--json")
    found = {(issue["code"], issue["path"]) for issue in json.loads(out)["issues"]}
    assert code == 1
    assert {
        ("file-altered", shard),
        ("file-added", "articles/permissive/train-extra.parquet"),
        ("file-missing", "CITATION.cff"),
    } <= found
