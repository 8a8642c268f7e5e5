"""``check`` as a person and a build server run it: complete, in every format, and writing nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from corpora import write_corpus

FORMATS = ("text", "json", "github", "gitlab", "junit", "sarif")


def run(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "dataset_builder", *map(str, arguments)]
    surroundings = {**os.environ, "PYTHONPATH": str(root), **environment}
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=surroundings, check=False)


def snapshot_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A corpus with four errors of three kinds, in three files."""
    folder = write_corpus(tmp_path / "news, daily", articles=1)
    (folder / "ledger" / "empty.txt").write_bytes(b"")
    (folder / "ledger" / "open.txt").write_text("---\ntitle: [x\n---\nThe lamps were counted again.\n")
    (folder / "table.jsonl").write_text('{"title": \n[]\n')
    return folder


def found_in(format_: str, output: str) -> list[tuple[str, str, int]]:
    """(code, path, line) of each error of a report."""
    if format_ == "json":
        issues = [issue for issue in json.loads(output)["issues"] if issue["severity"] == "error"]
        return [(issue["code"], issue["path"], issue.get("line", 0)) for issue in issues]
    if format_ == "gitlab":
        entries = [entry for entry in json.loads(output) if entry["severity"] == "major"]
        return [(e["check_name"], e["location"]["path"], e["location"]["lines"]["begin"]) for e in entries]
    if format_ == "junit":
        cases = [case for case in ET.fromstring(output).iter("testcase") if case.find("failure") is not None]
        return [(case.get("name", "").split(",")[0], case.get("file", ""), int(case.get("line", 0))) for case in cases]
    results = [result for result in json.loads(output)["runs"][0]["results"] if result["level"] == "error"]
    places = [(result["ruleId"], result["locations"][0]["physicalLocation"]) for result in results]
    return [(c, p["artifactLocation"]["uri"], p.get("region", {}).get("startLine", 0)) for c, p in places]


def test_all_errors_are_listed_with_file_and_line(broken: Path) -> None:
    done = run("check", broken.name, "--output-format", "json", cwd=broken.parent)
    assert done.returncode == 1
    errors = found_in("json", done.stdout)
    assert [(path, line) for _, path, line in errors if path == "table.jsonl"] == [
        ("table.jsonl", 1),
        ("table.jsonl", 2),
    ]
    assert {path for _, path, _ in errors} == {"ledger/empty.txt", "ledger/open.txt", "table.jsonl"}
    document = json.loads(done.stdout)
    assert document["accounts"]["rejected"] == 4
    assert not document["valid"]
    for format_ in ("gitlab", "junit", "sarif"):
        other = run("check", broken.name, "--output-format", format_, cwd=broken.parent)
        assert other.returncode == 1
        assert len(found_in(format_, other.stdout)) == len(errors)
        seen = {path for _, path, _ in found_in(format_, other.stdout)}
        prefix = "news%2C%20daily" if format_ == "sarif" else "news, daily"
        assert seen == {f"{prefix}/{path}" for _, path, _ in errors}, "paths are as seen from the current folder"


def test_nothing_is_written_anywhere(broken: Path, tmp_path: Path) -> None:
    before = snapshot_of(tmp_path)
    scratch = tmp_path.parent / f"{tmp_path.name}-scratch"
    scratch.mkdir()
    run("check", broken, cwd=tmp_path, TMPDIR=str(scratch))
    assert snapshot_of(tmp_path) == before
    assert list(scratch.iterdir()) == [], "not even what was needed on the way is left"


@pytest.mark.parametrize("format_", FORMATS)
def test_a_wrong_configuration_is_shown_in_the_chosen_format(tmp_path: Path, format_: str) -> None:
    (tmp_path / "dataset.yaml").write_text("name: x\nlicences: []\nversion: 1\n")
    done = run("check", "--output-format", format_, cwd=tmp_path)
    assert done.returncode == 2
    shown = done.stderr if format_ == "text" else done.stdout
    assert "config-unknown-key" in shown
    assert "config-wrong-value" in shown
    assert "Traceback" not in done.stderr
    if format_ in ("json", "gitlab", "sarif"):
        json.loads(done.stdout)
    if format_ == "sarif":
        assert json.loads(done.stdout)["runs"][0]["invocations"][0]["executionSuccessful"] is False
    if format_ == "github":
        assert "::error file=dataset.yaml,line=2,title=config-unknown-key::" in done.stdout


def test_a_good_corpus_passes_and_says_what_a_build_would_release(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", articles=2)
    done = run("check", folder, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "would build; 0 errors" in done.stdout
    assert "read 5 = released 3 + withheld 2" in done.stdout
    assert "  released 2: ledger, CC-BY-4.0" in done.stdout
    document = json.loads(run("check", folder, "--json", cwd=tmp_path).stdout)
    built = json.loads(run("build", folder, "--out", tmp_path / "out", "--json", cwd=tmp_path).stdout)
    assert document["accounts"] == built["accounts"]
    assert document["withheld"] == built["withheld"]
    assert document["license"] == built["license"]
    assert document["issues"] == built["issues"]


def test_a_released_row_that_breaks_its_schema_is_found_where_it_was_read(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", articles=0)
    with (folder / "dataset.yaml").open("a") as config:
        config.write("fields:\n  - {name: desk, type: string, constraints: {enum: [port, town]}}\n")
    row = {"source": "ledger", "license": "CC0-1.0", "title": "Lamps", "date": "2024-10-01"}
    rows = [
        {**row, "desk": desk, "body": f"The lamps were counted at the {desk} desk."} for desk in ("port", "sea", "sky")
    ]
    (folder / "table.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run("check", folder, "--json", cwd=tmp_path)
    assert done.returncode == 1
    broken = [issue for issue in json.loads(done.stdout)["issues"] if issue["code"] == "release-invalid"]
    assert [(issue["path"], issue["line"], issue["field"]) for issue in broken] == [
        ("table.jsonl", 2, "desk"),
        ("table.jsonl", 3, "desk"),
    ]
    assert run("build", folder, "--out", tmp_path / "out", cwd=tmp_path).returncode == 1


def test_what_is_unique_is_so_over_all_shards(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", articles=0)
    with (folder / "dataset.yaml").open("a") as config:
        config.write("fields:\n  - {name: ref, type: string, constraints: {unique: true}}\n")
    row = {"source": "ledger", "license": "CC0-1.0", "title": "Lamps", "ref": "L-7"}
    rows = [
        {**row, "date": f"2024-{month}-01", "body": f"In month {month} the lamps of the pier were counted again."}
        for month in ("10", "11")
    ]
    (folder / "table.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = run("check", folder, "--json", cwd=tmp_path)
    assert done.returncode == 1
    (broken,) = [issue for issue in json.loads(done.stdout)["issues"] if issue["code"] == "release-invalid"]
    assert (broken["path"], broken["line"], broken["field"]) == ("table.jsonl", 2, "ref")
    assert broken["found"] == "unique-error, the same as in table.jsonl, line 1"
    assert run("build", folder, "--out", tmp_path / "out", cwd=tmp_path).returncode == 1


def test_licences_that_cannot_stand_together_are_found(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", articles=1)
    config = (folder / "dataset.yaml").read_text().replace("  entities:", "  noncommercial: true\n  entities:")
    (folder / "dataset.yaml").write_text(config.replace("licenses: [{name: CC0-1.0}]", "licenses: [{name: CC-BY-4.0}]"))
    for name, license_ in (("nc.txt", "CC-BY-NC-4.0"), ("sa.txt", "CC-BY-SA-4.0")):
        text = f"---\nlicense: {license_}\n---\nThe lamps of {name} were counted by the harbour clerk.\n"
        (folder / "ledger" / name).write_text(text)
    checked = run("check", folder, "--json", cwd=tmp_path)
    built = run("build", folder, "--out", tmp_path / "out", "--json", cwd=tmp_path)
    assert (checked.returncode, built.returncode) == (1, 1)
    assert "collection-license-conflict" in {issue["code"] for issue in json.loads(checked.stdout)["issues"]}


def test_a_contradictory_call_is_refused(tmp_path: Path) -> None:
    done = run("check", "--json", "--output-format", "sarif", cwd=tmp_path)
    assert done.returncode == 2
    assert "--json and --output-format sarif" in done.stderr + done.stdout


def test_a_terminal_that_lacks_characters_sees_escapes(broken: Path) -> None:
    (broken / "ledger" / "Łhafen.txt").write_bytes(b"")
    done = run("check", broken, cwd=broken.parent, PYTHONIOENCODING="iso8859-1")
    assert done.returncode == 1
    assert "\\u0141hafen.txt" in done.stdout
    document = run("check", broken, "--json", cwd=broken.parent, PYTHONIOENCODING="iso8859-1")
    assert "ledger/Łhafen.txt" in {issue.get("path") for issue in json.loads(document.stdout)["issues"]}
