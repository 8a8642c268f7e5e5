"""The reference of input forms, from the readers, the fields that may be declared, and other tools' columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dataset_builder.read.corpus import READERS
from dataset_builder.read.fields import DECLARABLE
from dataset_builder.read.presets import presets
from generators.markdown import code, codes, page, table

ABOUT = """\
A file is read by the reader of its suffix, in the order of the files' paths. Where dataset.yaml names no `articles`,
every file of a known form is taken; names that begin with a dot, `README`, `LICENSE` and the like are left out.
"""

DECLARED = """\
What is known about an article stands in its front matter (text and Markdown), in `metadata.jsonl` or `metadata.csv`
with a column `file_name`, or in the columns of a table, under these names or mapped by `fields` in dataset.yaml:
"""

PRESETS = """\
`preset: NAME` in an entry of `articles` says that another tool wrote its tables; `fields` beside it goes before the
preset's own. Where neither is given, a table that has the tool's telling columns is read as that tool's, with a note;
`preset: none` prevents that.
"""


def render() -> str:
    """The page."""
    suffixes: dict[Callable[..., Any], list[str]] = {}
    for suffix, reader in READERS.items():
        suffixes.setdefault(reader, []).append(suffix)
    forms = [(codes(names), _first_sentence(reader)) for reader, names in suffixes.items()]
    tools = [
        (
            code(preset.name),
            codes(sorted(preset.signature)),
            "; ".join(f"{field}: {code(column)}" for field, column in preset.fields.items()),
        )
        for preset in presets()
    ]
    return page(
        "Input forms",
        "the readers in dataset_builder/read and schema/read/presets.yaml",
        ABOUT,
        table(("Suffix", "What the reader yields"), forms),
        "## Declared fields",
        DECLARED,
        codes(DECLARABLE) + ".",
        "Fields that dataset.yaml declares under `fields` may be given in the same places.",
        "## Other tools' tables",
        PRESETS,
        table(("Preset", "Telling columns", "Field: column"), tools),
    )


def _first_sentence(reader: Callable[..., Any]) -> str:
    text = " ".join((reader.__doc__ or "").split())
    sentence = text.partition(". ")[0].rstrip(".").removeprefix("Yield ").replace("``", "`")
    return f"{sentence[:1].upper()}{sentence[1:]}."
