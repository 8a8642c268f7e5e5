"""``init``: what it writes builds at once, whatever was answered, and nothing that was there is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataset_builder.checking import check
from dataset_builder.config import load_config
from dataset_builder.errors import UsageError
from dataset_builder.resources import read_json
from dataset_builder.scaffold import Answers, scaffold
from dataset_builder.scaffold.files import render

TODAY = date(2024, 11, 5)
HOSTILE = 'Ledger"}\n- x: &a [*a] #\x1b[31m\u202e {{ 7*7 }} ${{ secrets.T }} $(id)'


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dataset_builder", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_the_result_builds_at_once_and_verifies(tmp_path: Path) -> None:
    done = run("init", "briefs", "--title", "Harbour Briefs", "--language", "en", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "  next     build-dataset check briefs"
    built = json.loads(run("build", "briefs", "--json", cwd=tmp_path).stdout)
    assert built["accounts"]["released"] == 1
    assert run("verify", built["out"], cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "answers",
    [
        Answers(),
        Answers(title=HOSTILE, source=HOSTILE, description=HOSTILE, contributor=HOSTILE),
        Answers(license="CC-BY-4.0", license_url="https://ledger.example.org/terms", email="a@ledger.example.org"),
        Answers(title="地震", source="新聞", language="ja", url="https://ledger.example.org", timezone="Asia/Tokyo"),
    ],
    ids=["nothing", "hostile", "licence", "no-ascii"],
)
def test_a_build_of_it_would_succeed(tmp_path: Path, answers: Answers) -> None:
    scaffold(tmp_path / "corpus", answers, TODAY)
    result = check(tmp_path / "corpus")
    assert result.valid, result.issues
    assert result.accounts.released == 1


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(st.text(max_size=20), st.text(max_size=20))
def test_any_words_make_a_configuration(title: str, contributor: str) -> None:
    from tempfile import TemporaryDirectory

    answers = Answers(title=title or "x", contributor=contributor).tidy()
    text = render(answers, TODAY)["dataset.yaml"]
    with TemporaryDirectory() as name:
        (Path(name) / "dataset.yaml").write_text(text, encoding="utf-8")
        if answers.title:
            assert load_config(Path(name)).title == answers.title


def test_a_person_is_cited_by_the_family_name(tmp_path: Path) -> None:
    scaffold(tmp_path, Answers(contributor="Núñez Vega, Ana María"), TODAY)
    (person,) = load_config(tmp_path).contributors
    assert (person.title, person.family_name) == ("Ana María Núñez Vega", "Núñez Vega")


def test_editors_find_the_schema_and_it_holds(tmp_path: Path) -> None:
    scaffold(tmp_path, Answers(license="CC-BY-4.0"), TODAY)
    text = (tmp_path / "dataset.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=.dataset.schema.json\n")
    schema = json.loads((tmp_path / ".dataset.schema.json").read_text(encoding="utf-8"))
    assert schema == read_json("config.schema.json")
    jsonschema.Draft202012Validator(schema).validate(yaml.load(text, Loader=yaml.BaseLoader) | {"build": {}})


@pytest.mark.parametrize("ci", ["github", "gitlab", "none"])
def test_the_workflow_stands_where_the_forge_looks_and_is_yaml(tmp_path: Path, ci: str) -> None:
    (tmp_path / ".git").mkdir()
    done = scaffold(tmp_path / "news" / "corpus", Answers(ci=ci, target="hf://datasets/org/name"), TODAY)
    place = {"github": ".github/workflows/corpus.yml", "gitlab": ".gitlab-ci.yml"}.get(ci)
    forge = [path for path in done.written if path.suffix == ".yml"]
    assert [path.relative_to(tmp_path).as_posix() for path in forge] == [place] * (place is not None)
    if place:
        text = (tmp_path / place).read_text(encoding="utf-8")
        assert yaml.safe_load(text)
        assert "build-dataset check news/corpus " in text
        assert "build-dataset publish snapshot hf://datasets/org/name" in text


def test_nothing_that_was_there_is_touched(tmp_path: Path) -> None:
    for name in (".gitignore", "articles/example.txt", ".github/workflows/corpus.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("mine")
    done = scaffold(tmp_path, Answers(), TODAY)
    assert {path.name for path in done.kept} == {".gitignore", "example.txt", "corpus.yml"}
    assert all(path.read_text() == "mine" for path in done.kept)
    with pytest.raises(UsageError, match="is there already"):
        scaffold(tmp_path, Answers(), TODAY)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "dataset.yaml").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is there already"):
        scaffold(tmp_path / "linked", Answers(), TODAY)


@pytest.mark.parametrize(
    "answers",
    [
        Answers(language="english please"),
        Answers(target="hf://datasets/a b"),
        Answers(target="x; rm -rf /"),
        Answers(target="${{ secrets.HF_TOKEN }}"),
        Answers(ci="jenkins"),
    ],
)
def test_an_answer_that_cannot_be_writes_nothing(tmp_path: Path, answers: Answers) -> None:
    with pytest.raises(UsageError):
        scaffold(tmp_path / "corpus", answers, TODAY)
    assert not (tmp_path / "corpus").exists()


def test_it_asks_on_a_terminal_and_only_what_no_flag_answers(tmp_path: Path) -> None:
    import pty

    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "dataset_builder", "init", "corpus", "--title", "Given", "--language", "en"]
    process = subprocess.Popen(command, cwd=tmp_path, stdin=terminal, stdout=terminal, stderr=terminal)
    os.close(terminal)
    os.write(controller, b"The Asked Gazette\n\n\nCC0-1.0\n\n")
    shown = b""
    while True:
        try:
            part = os.read(controller, 4096)
        except OSError:  # the other end has closed
            break
        if not part:
            break
        shown += part
    assert process.wait(timeout=60) == 0, shown
    assert b"Title of the dataset" not in shown
    assert b"Name of the publication" in shown
    config = load_config(tmp_path / "corpus")
    assert (config.title, config.sources[0].title, config.sources[0].license) == (
        "Given",
        "The Asked Gazette",
        "CC0-1.0",
    )
