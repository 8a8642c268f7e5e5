"""Mutation testing of the rights decision and of the manifest: ``run_mutation.py [--area NAME] [--again] [--note]``.

mutmut changes one operator, constant or argument at a time and runs the tests that reach it; a mutant that no test
notices has survived. ``--again`` forgets every verdict but "killed by a failing test" and finds it anew, after tests
were added or where the machine was busy; ``--note`` writes RESULTS.md. The exit code is 1 where fewer than 85 % die, or
where a survivor is not in survivors.yaml, which says why it may live.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FLOOR = 85.0
#: What mutmut's exit codes say (mutmut.stats.status_by_exit_code, 3.8.1).
_KILLED, _SURVIVED, _UNTESTED = {1, 3}, 0, {5, 33}
_TIMEOUTS = {-24, 24, 36, 152, 255}
_CONFIG = """\
[tool.mutmut]
source_paths = ["dataset_builder"]
only_mutate = {files}
also_copy = ["schema", "frictionless_arrow.py"]
process_isolation = "forkserver"
use_git_change_detection = false
track_dependencies = false
timeout_multiplier = 5.0
timeout_constant = 2.0

[tool.pytest.ini_options]
filterwarnings = ["error"]
markers = ["slow"]
"""


@dataclass(frozen=True)
class Mutant:
    """One change, and what became of it.

    Attributes:
        name: mutmut's; its number moves when the function changes.
        code: mutmut's exit code; None where it has not run.
        was, became: the lines that differ.
    """

    name: str
    code: int | None
    was: str = ""
    became: str = ""

    @property
    def function(self) -> str:
        """``module.function`` or ``module.Class.method`` below the package."""
        module, _, mangled = self.name.rpartition(".")
        plain = mangled.rpartition("__mutmut_")[0]
        plain = plain.removeprefix("x_") if plain.startswith("x_") else ".".join(plain.split("ǁ")[1:])
        return f"{module.removeprefix('dataset_builder.')}.{plain}"

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is, whatever its number."""
        return self.function, self.was, self.became


def prepare(name: str, area: dict[str, Any]) -> Path:
    """A folder in which mutmut may work: links to the code, the tests that it may use, a configuration of its own."""
    work = ROOT / "out" / "mutation" / name
    for tests in (work / "tests", work / "mutants" / "tests"):
        shutil.rmtree(tests, ignore_errors=True)
    (work / "tests").mkdir(parents=True)
    for linked in ("dataset_builder", "schema", "frictionless_arrow.py"):
        if not (work / linked).is_symlink():
            (work / linked).symlink_to(ROOT / linked)
    beside = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").glob("*.py")]
    for selected in (*beside, *area["tests"]):
        (work / selected).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / selected).is_dir() else shutil.copy2)(ROOT / selected, work / selected)
    (work / "pyproject.toml").write_text(_CONFIG.format(files=json.dumps(sorted(_rates(area)))), encoding="utf-8")
    _drop_resampled(work, _rates(area))
    if area.get("snapshot"):
        _build_snapshot(work / "snapshot")
    return work


def _rates(area: dict[str, Any]) -> dict[str, int]:
    """File -> one of its mutants in so many is run."""
    return {**dict.fromkeys(area["files"], 1), **dict.fromkeys(area["sampled"], area["one_in"])}


def _drop_resampled(work: Path, rates: dict[str, int]) -> None:
    """Drop what is known of files of which other mutants are asked for than in the last run; note what is asked for."""
    noted = work / "rates.json"
    before = json.loads(noted.read_text(encoding="utf-8")) if noted.exists() else {}
    for path in before.keys() | rates.keys():
        if before.get(path) != rates.get(path):
            for suffix in ("", ".meta", ".spans"):
                (work / "mutants" / f"{path}{suffix}").unlink(missing_ok=True)
    noted.write_text(json.dumps(rates, indent=1), encoding="utf-8")


def _build_snapshot(folder: Path) -> None:
    """A snapshot for the tests that read one; built once, by code that nobody has changed."""
    if not folder.exists():
        program = (
            "import sys; from pathlib import Path; from corpora import write_corpus; "
            "from dataset_builder.pipeline import build; folder = Path(sys.argv[1]); "
            "build(write_corpus(folder.with_name('corpus')), folder)"
        )
        path = os.pathsep.join([str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")])
        subprocess.run([sys.executable, "-c", program, str(folder)], env={**os.environ, "PYTHONPATH": path}, check=True)


def forget(work: Path) -> None:
    """Forget every verdict but that of a failing test, and which tests reach what; the next run finds both anew."""
    (work / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    for meta in (work / "mutants" / "dataset_builder").rglob("*.py.meta"):
        noted = json.loads(meta.read_text(encoding="utf-8"))
        codes = noted["exit_code_by_key"]
        codes.update(dict.fromkeys(name for name, code in codes.items() if code not in _KILLED))
        meta.write_text(json.dumps(noted), encoding="utf-8")


def mutate(work: Path, area: dict[str, Any], seconds: int) -> None:
    """Run mutmut in a process of its own, which works below ``work``; a later run goes on where this one stops."""
    job = {
        "tests": area["tests"],
        "deselected": area["slow_tests"],
        "sampled": _rates(area),
        "seconds": seconds,
    }
    program = "import json, sys; import mutator; mutator.run(**json.loads(sys.argv[1]))"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]),
        "BUILT_SNAPSHOT": str(work / "snapshot"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # a mutant's tests start in a fifth of the time
    }
    subprocess.run([sys.executable, "-c", program, json.dumps(job)], cwd=work, env=environment, check=True)


def results(work: Path) -> list[Mutant]:
    """Every mutant; of those that did not die also what they changed."""
    from mutmut.configuration import reset_config
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    reset_config()
    os.chdir(work)
    found = []
    for meta in sorted((work / "mutants" / "dataset_builder").rglob("*.py.meta")):
        path = meta.relative_to(work / "mutants").with_suffix("")
        for name, code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            if code in _KILLED or code in _TIMEOUTS:
                found.append(Mutant(name, code))
                continue
            lines = get_diff_for_mutant(name, path=path).splitlines()[2:]
            was, became = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in ("-", "+"))
            found.append(Mutant(name, code, was, became))
    return found


def reviewed() -> dict[tuple[str, str, str], str]:
    """The survivors that somebody has looked at -> why they may live."""
    listed = yaml.safe_load((HERE / "survivors.yaml").read_text(encoding="utf-8")) or []
    return {(entry["in"], entry["was"], entry["became"]): entry["why"] for entry in listed}


def _account(title: str, found: list[Mutant], known: dict[tuple[str, str, str], str]) -> tuple[list[str], bool]:
    """The lines of the page for one area, and whether it is in order."""
    killed = sum(mutant.code in _KILLED for mutant in found)
    late = sum(mutant.code in _TIMEOUTS for mutant in found)
    untested = sum(mutant.code in _UNTESTED for mutant in found)
    alive = [mutant for mutant in found if mutant.code == _SURVIVED or mutant.code in _UNTESTED]
    other = len(found) - killed - late - len(alive)
    rate = 100 * (killed + late) / max(1, len(found))
    unknown = [mutant for mutant in alive if mutant.key not in known]
    equivalent = sum(known.get(mutant.key, "").startswith("equivalent") for mutant in alive)
    lines = [
        f"## {title}",
        "",
        f"{len(found):,} mutants: {killed:,} killed by a failing test, {late} by running out of time, "
        f"{len(alive) - untested} survived, {untested} reached by no test, {other} not run or crashed. "
        f"**Kill rate {rate:.1f} %** of all; {100 * (killed + late) / max(1, len(found) - equivalent):.1f} % of those "
        f"that are not equivalent ({equivalent} are). Survivors that nobody has looked at: {len(unknown)}.",
        "",
        "| file | mutants | killed | alive |",
        "|---|---:|---:|---:|",
    ]
    for module in sorted({mutant.name.rpartition(".")[0] for mutant in found}):
        own = [mutant for mutant in found if mutant.name.rpartition(".")[0] == module]
        dead = sum(mutant.code in _KILLED or mutant.code in _TIMEOUTS for mutant in own)
        lines.append(f"| {module.removeprefix('dataset_builder.')} | {len(own)} | {dead} | {len(own) - dead} |")
    if alive:
        lines += ["", "Alive:", ""]
    for mutant in sorted(alive, key=lambda mutant: mutant.key):
        why = known.get(mutant.key, "**not looked at**")
        lines.append(f"- `{mutant.function}`: `{mutant.was}` → `{mutant.became or '(gone)'}`: {why}")
    return [*lines, ""], rate >= FLOOR and not unknown and not other


def main() -> int:
    """Run the areas that are asked for, and judge all that have results."""
    areas: dict[str, Any] = yaml.safe_load((HERE / "areas.yaml").read_text(encoding="utf-8"))
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--area", choices=sorted(areas), action="append")
    parser.add_argument("--again", action="store_true", help="run once more what no failing test killed")
    parser.add_argument("--seconds", type=int, default=0, help="stop after so long; the next run goes on")
    parser.add_argument("--judge", action="store_true", help="run nothing; judge the results that are there")
    parser.add_argument("--note", action="store_true", help="write RESULTS.md")
    asked = parser.parse_args()
    known = reviewed()
    page = [
        "# Mutants of the code that decides and of the code that vouches",
        "",
        f"Written by `make mutation MUTATION_OPTIONS=--note`: mutmut {version('mutmut')}, pytest {version('pytest')}, "
        f"Hypothesis {version('hypothesis')}, Python {platform.python_version()}. "
        "Which files, which tests and what is left out: [areas.yaml](areas.yaml). "
        "Reasons for those that live: [survivors.yaml](survivors.yaml).",
        "",
    ]
    good = True
    for name in asked.area or sorted(areas, reverse=True):
        area = areas[name]
        work = prepare(name, area)
        if asked.again:
            forget(work)
        if not asked.judge:
            mutate(work, area, asked.seconds)
        lines, fine = _account(area["title"], results(work), known)
        page += lines
        good &= fine
    text = "\n".join(page)
    print(text)
    if asked.note:
        (HERE / "RESULTS.md").write_text(text, encoding="utf-8")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
