"""The files of a new corpus; nothing that is there is ever touched."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dataset_builder import __version__
from dataset_builder.config import load_config
from dataset_builder.config_check import CONFIG_NAME
from dataset_builder.errors import ConfigError, OutsideError, UsageError
from dataset_builder.resources import schema_file
from dataset_builder.scaffold.answers import Answers

SCHEMA_COPY = ".dataset.schema.json"
#: ``--ci`` -> (template, where the forge looks for it, below the repository's root).
CI = {"github": ("github.yml.jinja", ".github/workflows/corpus.yml"), "gitlab": ("gitlab.yml.jinja", ".gitlab-ci.yml")}


@dataclass(frozen=True)
class Scaffold:
    """What was done: files that were written and files that were there already and were kept, in order."""

    folder: Path
    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def scaffold(folder: Path, answers: Answers, today: date) -> Scaffold:
    """Write a new corpus into ``folder``, which may be there and hold articles.

    Args:
        today: what dataset.yaml states as ``created`` and as the day on which the licence was seen.

    Raises:
        UsageError: there is a dataset.yaml already, or an answer cannot stand in one.
        OutsideError: the disk refuses.
    """
    if (folder / CONFIG_NAME).exists() or (folder / CONFIG_NAME).is_symlink():
        raise UsageError(
            f"{folder / CONFIG_NAME} is there already",
            expected="a folder without one",
            hint="edit it, or name another folder; build-dataset init overwrites nothing",
        )
    made = answers.tidy()
    texts = render(made, today, corpus=_seen_from_root(folder))
    _refuse_wrong_answers(texts[CONFIG_NAME])
    root = repository_root(folder)
    places = {folder / path: text for path, text in texts.items() if path != "ci"}
    if "ci" in texts:
        places[root / CI[made.ci][1]] = texts["ci"]
    written: list[Path] = []
    kept: list[Path] = []
    for path, text in places.items():
        (written if _write_new(path, text) else kept).append(path)
    return Scaffold(folder, tuple(written), tuple(kept))


def render(answers: Answers, today: date, *, corpus: str = ".") -> dict[str, str]:
    """Path below the corpus -> text; the text of the forge's file stands under ``ci``.

    Raises:
        UsageError: there is no such forge.
    """
    family, given = answers.person
    values: dict[str, Any] = {
        **asdict(answers),
        "contributor": f"{given} {family}" if family else answers.contributor,
        "family_name": family,
        "given_name": given,
        "name": answers.name,
        "source_name": answers.source_name,
        "today": today.isoformat(),
        "version": __version__,
        "corpus": _shell_and_yaml(corpus),
        "target": _shell_and_yaml(answers.target) if answers.target else "",
    }
    texts = {
        CONFIG_NAME: _filled("dataset.yaml.jinja", values),
        SCHEMA_COPY: schema_file("config.schema.json").read_text(encoding="utf-8"),
        "articles/example.txt": _filled("example.txt.jinja", values),
        ".gitignore": _filled("gitignore.jinja", values),
    }
    if answers.ci == "none":
        return texts
    if answers.ci not in CI:
        raise UsageError(f"the forge {answers.ci!r}"[:80], expected=", ".join([*CI, "none"]))
    return {**texts, "ci": _filled(CI[answers.ci][0], values)}


def repository_root(folder: Path) -> Path:
    """The folder that holds ``.git``, at or above ``folder``; ``folder`` itself where there is none."""
    absolute = folder.absolute()
    return next((place for place in (absolute, *absolute.parents) if (place / ".git").exists()), folder)


def _seen_from_root(folder: Path) -> str:
    root = repository_root(folder)
    return "." if root == folder else folder.absolute().relative_to(root.absolute()).as_posix()


def _shell_and_yaml(text: str) -> str:
    """``text`` as one word of a shell line that stands in YAML without quotes.

    Raises:
        UsageError: it holds what YAML or a shell would read otherwise.
    """
    if shlex.quote(text) != text or text.startswith("-"):
        raise UsageError(
            f"the path or target {text!r}"[:200],
            expected="letters, digits and @%+=:,./- for the forge's file",
            hint="choose another, or --ci none",
        )
    return text


def _filled(template: str, values: dict[str, Any]) -> str:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(  # noqa: S701 - YAML, not HTML: `quoted` writes every answer as a JSON string
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["quoted"] = _quoted
    text: str = environment.from_string(schema_file("scaffold", template).read_text(encoding="utf-8")).render(values)
    return text


def _quoted(text: str) -> str:
    """A JSON string, which is a YAML scalar as well."""
    return json.dumps(text, ensure_ascii=False)


def _refuse_wrong_answers(text: str) -> None:
    with TemporaryDirectory(prefix="build-dataset-") as name:
        (Path(name) / CONFIG_NAME).write_text(text, encoding="utf-8")
        try:
            load_config(Path(name))
        except ConfigError as error:
            raise UsageError(
                f"an answer cannot stand in dataset.yaml: {error.found}", expected=error.expected, issues=error.issues
            ) from None


def _write_new(path: Path, text: str) -> bool:
    """Write a file that is not there; False where something is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        raise OutsideError(
            f"{path} cannot be written: {error.strerror or error}", hint="name a folder that you may write to"
        ) from error
    return True
