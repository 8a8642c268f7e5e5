"""Card, licence texts and figures against those that the facts of a snapshot lead to, line by line.

What no file of a snapshot tells is left out: how long an excerpt may be, what a policy says of the restricted tier, the
fields of a table without rows, a contact that is no address, the holder and the scope of a permission.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from dataset_builder.describe.card import render_card
from dataset_builder.describe.facts import SnapshotFacts
from dataset_builder.describe.figures import render_figures
from dataset_builder.issues import Issue
from dataset_builder.resources import schema_file
from dataset_builder.visible import one_line

CARD = "README.md"
_TIER = "### What the restricted tier adds"
_PEOPLE = "## People"
_EXCERPTS = "The table `excerpts` holds the first words"
#: Parts of lines that depend on how dataset.yaml writes an address; the Data Package has it percent-encoded.
_SPELLINGS = (
    (re.compile(r"^\| Homepage \| \[.*\]\("), "| Homepage | []("),
    (re.compile(r"^(The configuration names no contact for [^;]*;).*"), r"\1"),
)
_PERMISSION = "LicenseRef-permission-"
#: Lines of a permission's text that no other file has.
_ONLY_THERE = ("Rights holder: ", "Scope: ")


def check_texts(root: Path, facts: SnapshotFacts, *, same: bool) -> Iterator[Issue]:
    """A finding for each text that is another.

    Args:
        same: whether this version of the builder wrote the snapshot; of another's, only licences are compared whose
            text is the licensor's.
    """
    for name, text in facts.collection.texts:
        if same or schema_file("licenses", name).is_file():
            yield from _check_license(root, f"LICENSES/{name}", text)
    if same:
        figures = render_figures(facts)
        held = {path.relative_to(root).as_posix() for path in (root / "figures").glob("*")}
        for path in sorted({*figures, *held}):
            yield from _check_whole(root, path, figures.get(path, ""))
        yield from _check_card(root, facts)


def _check_whole(root: Path, path: str, expected: str) -> Iterator[Issue]:
    """The size first: what is too large is not read."""
    content, file = expected.encode(), root / path
    if not file.is_file() or file.stat().st_size != len(content) or file.read_bytes() != content:
        yield Issue(path, code="statement-wrong", found="another text", expected="the text that a build writes")


def _check_license(root: Path, path: str, expected: str) -> Iterator[Issue]:
    if not path.startswith(f"LICENSES/{_PERMISSION}"):
        yield from _check_whole(root, path, expected)
        return
    most = 4 * len(expected.encode()) + 1_000_000
    if (root / path).stat().st_size > most:
        yield Issue(path, code="member-too-large", found="a longer text", expected=f"at most {most} bytes")
        return
    lines = [_told_elsewhere(text) for text in ((root / path).read_text(encoding="utf-8"), expected)]
    yield from _first_line(path, *lines)


def _told_elsewhere(text: str) -> list[tuple[int, str]]:
    """The lines that follow from the table of sources; one with an escape shows what the table leaves out."""
    numbered = enumerate(text.split("\n"), start=1)
    return [(number, line) for number, line in numbered if not line.startswith(_ONLY_THERE) and "\\u{" not in line]


def _check_card(root: Path, facts: SnapshotFacts) -> Iterator[Issue]:
    empty = {f"### `{table.schema.name}`" for table in facts.tables if not table.rows}
    found = (root / CARD).read_text(encoding="utf-8")
    expected = render_card(facts)
    if found != expected:
        yield from _first_line(CARD, _certain(found, empty), _certain(expected, empty))


def _certain(card: str, empty: set[str]) -> list[tuple[int, str]]:
    """(number, line) of the lines of a card that follow from the other files."""
    kept: list[tuple[int, str]] = []
    section = ""
    for number, line in enumerate(card.split("\n"), start=1):
        section = line if line.startswith("#") else section
        if section == _TIER or section in empty or line.startswith(_EXCERPTS):
            continue
        for pattern, spelling in _SPELLINGS:
            line = pattern.sub(spelling, line)
        kept.append((number, f"{_PEOPLE}\0{line}" if section == _PEOPLE else line))
    return kept


def _first_line(path: str, found: list[tuple[int, str]], expected: list[tuple[int, str]]) -> Iterator[Issue]:
    end = (0, "")
    for (number, line), (_, true) in zip_longest(found, expected, fillvalue=end):
        if line != true and not _contact_alone(line, true):
            said, wanted = (one_line(text.rpartition("\0")[2]) or "no line" for text in (line, true))
            yield Issue(path, number, code="statement-wrong", found=said, expected=wanted)
            return


def _contact_alone(line: str, true: str) -> bool:
    """Whether two rows of the people differ in a contact that is no mail address, and so is in no other file."""
    return true.startswith(f"{_PEOPLE}\0") and true.endswith("|  |") and line.startswith(true.removesuffix(" |"))
