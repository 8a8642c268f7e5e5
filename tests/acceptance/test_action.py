"""The GitHub Action's script, run as a runner would: with the files that GitHub names in the environment.

What a runner takes for a command is read by its own rules: a line that begins with ``::`` after blanks, or
``##[`` anywhere.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from corpora import write_corpus
from dataset_builder.findings.inert import inert

ROOT = Path(__file__).resolve().parents[2]
COMMAND = re.compile(r"^\s*::(?P<name>[\w-]+)(?: (?P<properties>.*?))?::", re.MULTILINE)
HOSTILE = "::add-mask::Callow\n::set-output name=identity::x\r##[error]boo | <script>alert(1)</script> @octocat #1 `x`"


@dataclass(frozen=True)
class Ran:
    """What a run left behind."""

    code: int
    log: str
    outputs: str
    summary: str
    published: str


@pytest.fixture
def runner(tmp_path: Path) -> object:
    """Runs the script in a workspace with commands of this checkout first on the path; ``publish`` is only noted."""
    commands = tmp_path / "commands"
    commands.mkdir()
    note = tmp_path / "published"
    (commands / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" -W ignore "$@"\n')
    (commands / "build-dataset").write_text(
        f'#!/bin/sh\n[ "$1" = publish ] && {{ echo "$@" >> "{note}"; exit 0; }}\n'
        f'exec "{sys.executable}" -W ignore -m dataset_builder "$@"\n'
    )
    for path in commands.iterdir():
        path.chmod(0o755)

    def run(**environment: str) -> Ran:
        files = {name: tmp_path / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        done = subprocess.run(
            ["bash", str(ROOT / "ci" / "action.sh")],
            cwd=tmp_path,
            env={
                **os.environ,
                "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
                "PYTHONPATH": str(ROOT),
                **{name: str(path) for name, path in files.items()},
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        texts = (path.read_text(encoding="utf-8") for path in files.values())
        return Ran(done.returncode, done.stdout + done.stderr, *texts, note.read_text() if note.exists() else "")

    return run


def hostile_corpus(folder: Path) -> Path:
    corpus = write_corpus(folder)
    lines = [
        {"file_name": "gazette/0000.txt", "title": HOSTILE, "date": HOSTILE, "license": HOSTILE},
        {"file_name": "ledger/0001.txt", "title": HOSTILE, "language": HOSTILE},
    ]
    (corpus / "metadata.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    config = (corpus / "dataset.yaml").read_text(encoding="utf-8")
    title = json.dumps(HOSTILE.replace("\r", " ").replace("\n", " "))
    (corpus / "dataset.yaml").write_text(config.replace("title: Harbour Notes", f"title: {title}"), encoding="utf-8")
    return corpus


def test_a_pull_request_gets_annotations_and_a_summary_and_no_command_of_a_stranger(tmp_path: Path, runner) -> None:
    hostile_corpus(tmp_path / "corpus")
    ran = runner(CORPUS="corpus", GITHUB_REF="refs/pull/7/merge", GITHUB_REF_NAME="7/merge")
    assert ran.code == 1
    commands = [(match["name"], match["properties"] or "") for match in COMMAND.finditer(ran.log)]
    assert {name for name, _ in commands} <= {"error", "warning", "notice"}
    assert all("title=" in properties for _, properties in commands)
    assert any(re.match(r"file=corpus/\S+,line=\d+,title=", properties) for _, properties in commands)
    assert "##[" not in ran.log
    assert ran.outputs == ""
    html = MarkdownIt("commonmark").enable("table").render(ran.summary)
    assert "<table>" in html
    assert "<script" not in html
    outside = re.sub(r"<code.*?</code>", "", html, flags=re.DOTALL)
    assert "@octocat" not in outside
    assert ran.summary.startswith("## build-dataset check: ")


def test_a_branch_is_checked_and_nothing_is_built(tmp_path: Path, runner) -> None:
    write_corpus(tmp_path / "corpus")
    ran = runner(CORPUS="corpus", GITHUB_REF="refs/heads/main", GITHUB_REF_NAME="main", PUBLISH_TO="somewhere")
    assert (ran.code, ran.outputs, ran.published) == (0, "", "")
    assert not (tmp_path / "snapshot").exists()
    assert "would build" in ran.summary


def test_a_tag_is_built_verified_and_published(tmp_path: Path, runner) -> None:
    write_corpus(tmp_path / "corpus")
    ran = runner(
        CORPUS="corpus", GITHUB_REF="refs/tags/v1.0.0", GITHUB_REF_NAME="v1.0.0", PUBLISH_TO="hf://datasets/org/name"
    )
    assert ran.code == 0, ran.log
    manifest = json.loads((tmp_path / "snapshot" / "manifest.json").read_text())
    assert ran.outputs == f"snapshot=snapshot\nversion=1.0.0\nidentity={manifest['identity']}\n"
    assert ran.published == "publish -- snapshot hf://datasets/org/name\n"
    assert "## build-dataset build" in ran.summary
    assert "## build-dataset verify" in ran.summary


def test_a_tag_that_names_another_version_publishes_nothing(tmp_path: Path, runner) -> None:
    write_corpus(tmp_path / "corpus", articles=1)
    ran = runner(CORPUS="corpus", GITHUB_REF="refs/tags/v2.0.0", GITHUB_REF_NAME="v2.0.0", PUBLISH_TO="somewhere")
    assert (ran.code, ran.outputs, ran.published) == (1, "", "")
    assert "::error title=build-dataset::the tag and the version" in ran.log


@pytest.mark.parametrize("environment", [{"RELEASE": "sometimes"}, {"CORPUS": "$(touch owned)"}, {"CORPUS": "--help"}])
def test_a_wrong_input_is_refused_and_not_run(tmp_path: Path, runner, environment: dict[str, str]) -> None:
    ran = runner(**environment)
    assert ran.code == 2
    assert not (tmp_path / "owned").exists()


def test_the_action_passes_inputs_as_variables_and_declares_what_the_script_reads() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    steps = action["runs"]["steps"]
    assert all("${{" not in step.get("run", "") for step in steps)
    script = (ROOT / "ci" / "action.sh").read_text(encoding="utf-8")
    read = set(re.findall(r"\$\{?([A-Z_]{3,})", script)) - {"GITHUB_REF", "GITHUB_REF_NAME", "GITHUB_OUTPUT"}
    (step,) = [step for step in steps if step.get("id") == "run"]
    assert set(step["env"]) == read
    named = set(re.findall(r"inputs\.([\w-]+)", json.dumps(steps)))
    assert named == set(action["inputs"])
    given = set(re.findall(r'"(\w+)=\$', script))
    assert given == set(action["outputs"])


def test_the_gitlab_template_is_yaml_and_checks_builds_and_publishes() -> None:
    template = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))
    lines = "\n".join(template["check corpus"]["script"] + template["release corpus"]["script"])
    assert all(f"build-dataset {name} " in lines for name in ("check", "build", "verify", "publish"))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("::error::x", "\\u{3a}:error::x"),
        ("  ::error::x", "  \\u{3a}:error::x"),
        ("a\n\t::error::x", "a\n\t\\u{3a}:error::x"),
        ("a ::error::x", "a ::error::x"),
        ("x ##[error]", "x #\\u{23}[error]"),
    ],
)
def test_a_log_line_is_no_command(line: str, shown: str) -> None:
    assert inert(line) == shown
    assert COMMAND.search(inert(line)) is None
