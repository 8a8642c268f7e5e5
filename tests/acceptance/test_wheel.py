"""The wheel carries everything: it builds a corpus where there is no repository."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from corpora import write_corpus

PROBE = """
import sys
from pathlib import Path
import dataset_builder, frictionless_arrow
from dataset_builder.resources import schema_root
from dataset_builder.pipeline import build
print(dataset_builder.__file__); print(frictionless_arrow.__file__); print(schema_root())
print(build(Path(sys.argv[1]), Path(sys.argv[2])).accounts.released)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """A folder as an installer leaves it: a wheel is a zip archive of what goes there."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("news_dataset_builder-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_installed_wheel_builds_outside_the_repository(site: Path, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    command = [sys.executable, "-W", "ignore", "-c", PROBE, str(corpus), str(tmp_path / "out")]
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    package, plugin, schema, released = done.stdout.split()
    assert Path(package).is_relative_to(site)
    assert Path(plugin).is_relative_to(site)
    assert Path(schema) == site / "dataset_builder" / "_schema"
    assert released == "5"


def test_the_wheel_has_every_schema_file_and_the_script(site: Path, repository: Path) -> None:
    shipped = {
        path.relative_to(site / "dataset_builder" / "_schema") for path in site.glob("dataset_builder/_schema/**/*")
    }
    ours = {path.relative_to(repository / "schema") for path in (repository / "schema").rglob("*")}
    assert ours <= shipped
    (entry_points,) = site.glob("*.dist-info/entry_points.txt")
    assert "build-dataset = dataset_builder.cli:main" in entry_points.read_text()
    assert (site / "dataset_builder" / "py.typed").is_file()
