"""What cannot go on: one base, and every error says what was found, what was expected and what to do next.

Findings about articles are values (:mod:`dataset_builder.issues`), not exceptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from dataset_builder.issues import Issue

EXIT_DONE = 0
EXIT_DATA = 1
EXIT_CALL = 2
EXIT_OUTSIDE = 3


class DatasetBuilderError(Exception):
    """Base of every error that a caller may catch.

    Attributes:
        exit_code: what the command line returns.
        issues: the findings that led here, where there are several; the command line lists them.

    The words lose what an address in them lets its reader in by, wherever they came from: an argument, the environment,
    a library's message.
    """

    exit_code: ClassVar[int] = EXIT_DATA

    def __init__(
        self, found: str, *, expected: str = "", hint: str = "", place: str = "", issues: tuple[Issue, ...] = ()
    ) -> None:
        found = _without_secrets(found)
        super().__init__(found)
        self.found = found
        self.expected = _without_secrets(expected)
        self.hint = _without_secrets(hint)
        self.place = _without_secrets(place)
        self.issues = issues

    def __str__(self) -> str:
        lines = [f"{self.place}: {self.found}" if self.place else self.found]
        if self.expected:
            lines.append(f"expected: {self.expected}")
        if self.hint:
            lines.append(f"to mend it: {self.hint}")
        return "\n".join(lines)


def _without_secrets(words: str) -> str:
    """Whoever reads an error, or the log that it stands in, is not let in by an address that it repeats."""
    if not any(sign in words for sign in "=@%…"):
        return words
    from dataset_builder.addresses import words_without_secrets

    return words_without_secrets(words)


class CorpusError(DatasetBuilderError):
    """The data failed a check, and no snapshot can be made of it."""


class SnapshotError(DatasetBuilderError):
    """A snapshot is not what its manifest says, or is no snapshot."""


class ConfigError(DatasetBuilderError):
    """The configuration or a file that it names is wrong."""

    exit_code = EXIT_CALL


class UsageError(DatasetBuilderError):
    """The call is wrong: an argument, a folder that is not there."""

    exit_code = EXIT_CALL


class MissingDependencyError(UsageError):
    """An optional library or a model is not installed; ``hint`` names the install command."""


class OutsideError(DatasetBuilderError):
    """A fault outside the program: disk, permission, network."""

    exit_code = EXIT_OUTSIDE
