"""``doi`` in dataset.yaml: one line of the text is written, so that comments and layout stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dataset_builder.config_check import CONFIG_NAME
from dataset_builder.config_edit import edit_config
from dataset_builder.config_nodes import nodes_of
from dataset_builder.errors import UsageError
from dataset_builder.strict_yaml import YamlError, parse_yaml

_KEY = "doi"


def note_doi(folder: Path, doi: str) -> None:
    """Write ``doi`` into ``folder/dataset.yaml``, in one step.

    Raises:
        UsageError: there is no place for it that changes nothing else; the line to add is in the hint.
        OutsideError: the disk failed.
    """
    edit_config(folder, lambda text: with_doi(text, doi))


def with_doi(text: str, doi: str) -> str:
    """``text``, a dataset.yaml that follows its schema, with this DOI.

    Raises:
        UsageError: no place was found.
    """
    wanted = {**parse_yaml(text).value, _KEY: doi}
    for candidate in _candidates(text, doi):
        try:
            if parse_yaml(candidate).value == wanted:
                return candidate
        except YamlError:
            continue
    raise UsageError(
        "the DOI cannot be noted without changing the file's layout",
        expected=f"{_KEY} as a line of its own",
        hint=f"add by hand: {_KEY}: {doi}",
        place=CONFIG_NAME,
    )


def _candidates(text: str, doi: str) -> Iterator[str]:
    """In the place of the old one, after ``version``, or at the end."""
    end = "\r\n" if "\r\n" in text else "\n"
    root = nodes_of(text)
    places = {key.value: (key, value) for key, value in root.value} if root else {}
    if _KEY in places:
        old = places[_KEY][1]
        yield f"{text[: old.start_mark.index]}{doi}{text[old.end_mark.index :]}"
        return
    lines = text.splitlines(keepends=True)
    if "version" in places:
        after = places["version"][1].end_mark.line + 1
        yield "".join([*lines[:after], f"{_KEY}: {doi}{end}", *lines[after:]])
    yield f"{text}{'' if text.endswith(end) else end}{_KEY}: {doi}{end}"
