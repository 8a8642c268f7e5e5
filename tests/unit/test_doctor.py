"""The doctor finds what is broken, and does not break on it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from dataset_builder.doctor import State, diagnosis, examine, libraries, model, system
from dataset_builder.errors import MissingDependencyError


def states(found: tuple[diagnosis.Diagnosis, ...], area: str) -> dict[str, State]:
    return {entry.subject: entry.state for entry in found if entry.area == area}


def test_this_installation_is_whole(tmp_path: Path) -> None:
    found = examine(tmp_path)
    assert [entry for entry in found if entry.state is State.ERROR] == []
    assert {entry.area for entry in found} == {"python", "libraries", "extras", "model", "disk", "system"}
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_is_absent_or_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "pyarrow":
            raise PackageNotFoundError(name)
        return "0.0.1" if name == "spacy" else "99.0"

    monkeypatch.setattr(libraries, "version", version)
    found = {entry.subject: entry for entry in libraries.examine_libraries()}
    assert found["pyarrow"].found == "pyarrow is not installed"
    assert found["pyarrow"].mend == 'python -m pip install "pyarrow>=22"'
    assert "0.0.1" in found["spacy"].found
    assert found["spacy"].state is State.ERROR
    assert all(entry.state is not State.ERROR for entry in libraries.examine_extras())


def test_a_model_that_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(_models: object) -> None:
        raise MissingDependencyError("the model is not installed", hint="python -m pip install the-model")

    monkeypatch.setattr("dataset_builder.stages.entities.models.model_facts", absent)
    (found,) = model.examine_model()
    assert found.state is State.ERROR
    assert found.mend.startswith("python -m pip install the-model; or ")


def test_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path) != tmp_path)
    found = {entry.subject: entry for entry in system.examine_disk(tmp_path)}
    assert found["folder"].state is State.ERROR
    assert found["folder"].mend
    assert found["temporary files"].state is State.OK


def test_a_python_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "OLDEST", (3, 99))
    monkeypatch.setattr(system, "NEWEST", (3, 99))
    assert next(system.examine_python()).state is State.ERROR


def test_what_breaks_while_it_is_looked_at_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("a\nbroken\x1b[31m file")

    monkeypatch.setattr(system, "examine_system", broken)
    found = [entry for entry in examine(tmp_path) if entry.area == "system"]
    assert [entry.state for entry in found] == [State.ERROR]
    assert "\x1b" not in found[0].found


def test_the_command(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dataset_builder", "doctor", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    document = json.loads(run("--json").stdout)
    assert document["whole"] is True
    assert run().stdout.splitlines()[-1] == "everything that a build needs is there"
    assert run("nowhere").returncode == 2
