"""The values that a comparison comes to; every list is in a fixed order, so that equal inputs give equal documents."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

FORMAT = "news-dataset-diff/1"


@dataclass(frozen=True)
class Side:
    """One of the two snapshots, as its manifest names it."""

    name: str
    title: str
    version: str
    created: str | None
    identity: str


@dataclass(frozen=True)
class Listed:
    """An article that is in one of the two only.

    Attributes:
        release: how far it is released there.
        reason: why it is gone, where a tombstone says so.
    """

    id: str
    title: str
    date: str
    source: str
    release: str
    license: str
    reason: str = ""


@dataclass(frozen=True)
class ValueChange:
    """One field of one article, before and after, each on one line; a list of objects by its length."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Changed:
    """An article that is in both and is not the same."""

    id: str
    title: str
    fields: tuple[ValueChange, ...]


@dataclass(frozen=True)
class Articles:
    """What became of the articles; counts are whole, lists stop at the limit that was asked for."""

    added: int = 0
    removed: int = 0
    changed: int = 0
    unchanged: int = 0
    added_list: tuple[Listed, ...] = ()
    removed_list: tuple[Listed, ...] = ()
    changed_list: tuple[Changed, ...] = ()


@dataclass(frozen=True)
class FieldCount:
    """In how many articles a field differs; a member of a nested field is named with a dot."""

    field: str
    articles: int


@dataclass(frozen=True)
class Transition:
    """How many articles went from one value of a field with few values to another."""

    field: str
    old: str
    new: str
    articles: int


@dataclass(frozen=True)
class SchemaChange:
    """One change of a table's schema; ``kind`` is a rule of ``schema/diff/version-rules.yaml``."""

    table: str
    field: str
    kind: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class FactChange:
    """A statement of the manifest that differs: title, licence, policy, an account, the rows of a table."""

    name: str
    old: str
    new: str


@dataclass(frozen=True)
class Reason:
    """Why a version step is asked for."""

    rule: str
    level: str
    says: str
    count: int = 0


@dataclass(frozen=True)
class Bump:
    """The version that follows from the changes.

    Attributes:
        level: major, minor, patch or none.
        suggested: the old version, raised by it.
        enough: whether the new snapshot's version is at least that.
        reasons: most weighty first.
    """

    level: str
    suggested: str
    enough: bool
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Difference:
    """Everything that differs between two snapshots."""

    old: Side
    new: Side
    articles: Articles
    fields: tuple[FieldCount, ...]
    transitions: tuple[Transition, ...]
    sources: tuple[ValueChange, ...]
    schema: tuple[SchemaChange, ...]
    facts: tuple[FactChange, ...]
    bump: Bump

    @property
    def same_data(self) -> bool:
        """Whether both hold the same data, byte for byte."""
        return self.old.identity == self.new.identity

    def as_dict(self) -> dict[str, Any]:
        """The difference as one JSON object."""
        return {"format": FORMAT, "same_data": self.same_data, **asdict(self)}
