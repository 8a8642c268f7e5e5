"""The whole of ``build-dataset lint``: read the folder's statements, hold them against each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from dataset_builder.errors import UsageError
from dataset_builder.issues import Issue, Severity
from dataset_builder.lint.card import NAME, read_card
from dataset_builder.lint.descriptors import file_findings, read_descriptors
from dataset_builder.lint.folder import Folder, names
from dataset_builder.lint.judge import of_the_origin, of_the_rows, of_the_whole
from dataset_builder.lint.rows import read_rows
from dataset_builder.lint.stated import Stated
from dataset_builder.progress import BYTES, OnProgress, Portion, Watch, silent
from dataset_builder.snapshot.manifest import SEAL

#: A licence's own text begins with its name.
_TITLE_LINES = 5


@dataclass(frozen=True)
class Linted:
    """What a folder's statements come to.

    Attributes:
        files: the card, the descriptors and the tables that were read.
        statements: all that is said about rights, of the whole first.
        rows: rows read.
        issues: every finding, in order.
    """

    files: tuple[str, ...]
    statements: tuple[Stated, ...]
    rows: int
    issues: tuple[Issue, ...]

    @property
    def valid(self) -> bool:
        """Whether no finding is an error."""
        return all(issue.severity is not Severity.ERROR for issue in self.issues)


def lint(root: Path, *, on_progress: OnProgress = silent) -> Linted:
    """Look at the dataset in a folder; nothing is written, and no address is asked.

    Args:
        on_progress: is told how much of the tables has been read.

    Raises:
        UsageError: ``root`` is no folder, or a snapshot of ours, which ``verify`` knows more about.
    """
    if (root / SEAL).is_file():
        hint = f"build-dataset verify {root}"
        raise UsageError(f"{root} is a snapshot of build-dataset", expected="somebody else's dataset", hint=hint)
    folder = Folder.open(root)
    card = read_card(folder)
    descriptors = read_descriptors(folder)
    data = folder.tables()
    sizes = {name: (root / name).stat().st_size if (root / name).is_file() else 0 for name in data}
    read_on = Watch("read", on_progress, sum(sizes.values()), BYTES)
    tables = [read_rows(folder, name, Portion(read_on, sizes[name])) for name in data]
    described = [said for descriptor in descriptors for said in descriptor.statements]
    whole = [*card.statements, *described, *_license_files(folder)]
    issues = [*folder.issues, *of_the_whole(card, whole)]
    issues += [issue for rows in tables for issue in of_the_rows(rows, whole)]
    issues += of_the_origin(card, descriptors, tables)
    for descriptor in descriptors:
        for code, found, expected in file_findings(folder, descriptor):
            issues.append(Issue(descriptor.name, code=code, found=found, expected=expected))
    read = [NAME] if NAME in folder.names else []
    read += [*(descriptor.name for descriptor in descriptors), *(rows.name for rows in tables)]
    if not read:
        issues = [*folder.issues, Issue(code="lint-nothing-found", found=f"{len(folder.names)} other files")]
    rows_said = [said for rows in tables for said in rows.statements]
    return Linted(tuple(read), (*whole, *rows_said), sum(rows.count for rows in tables), tuple(sorted(set(issues))))


def _license_files(folder: Folder) -> list[Stated]:
    """LICENSE and its like, by the name in their first lines; one that is not known by it is a text for people."""
    found = []
    for name in (name for name in folder.names if name.casefold() in names("license_files")):
        lines = [line.strip() for line in (folder.read(name) or "").splitlines() if line.strip()][:_TITLE_LINES]
        said = (Stated(name, "", words, 1) for words in (*lines, " ".join(lines[:2])))
        found += [replace(one, line=1) for one in said if one.licenses][:1]
    return found
