"""What a snapshot says of itself, for the head of the report: from its manifest and its Data Package.

Both are taken for text from outside: every value is one safe line, an address is http or https or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dataset_builder.describe.cite import read_citation_facts, render_citation
from dataset_builder.describe.cite.facts import objects, read_package
from dataset_builder.describe.escape import one_line, paragraphs, web_address

_ACCOUNTS = ("read", "released", "withheld", "rejected", "merged", "withdrawn")
#: Sources that the report names; the rest is in the table of sources.
_MOST_SOURCES = 200


@dataclass(frozen=True)
class SourceLine:
    """One source: its key, its name, its address or ``""``, publisher and contact."""

    name: str
    title: str
    path: str
    publisher: str
    email: str


@dataclass(frozen=True)
class About:
    """The head of the report.

    Attributes:
        accounts: (class, articles), ``read`` first.
        people: those who made the dataset.
        licenses: names of the licences of compilation and annotations.
        license: SPDX expression of the texts, or ``""``.
        citations: (style, text).
        tools: (name, version).
        withdrawals: (id, reason, date).
        reconstruction: shares of the next words that the features give away, as per cent; empty where there are none.
        legal_basis: what is released by law alone and why, or ``""``.
    """

    name: str
    title: str
    version: str
    created: str
    audience: str
    identity: str
    description: tuple[str, ...]
    homepage: str
    doi: str
    license: str
    licenses: tuple[str, ...]
    people: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    more_sources: int
    accounts: tuple[tuple[str, int], ...]
    tables: tuple[tuple[str, int], ...]
    citations: tuple[tuple[str, str], ...]
    policy_version: str
    builder_version: str
    tools: tuple[tuple[str, str], ...]
    withdrawals: tuple[tuple[str, str, str], ...]
    reconstruction: tuple[tuple[str, str], ...] = ()
    legal_basis: str = ""

    @property
    def balanced(self) -> bool:
        """Whether every article that was read is in one class."""
        read, *rest = (count for _, count in self.accounts)
        return read == sum(rest)

    @property
    def source_titles(self) -> dict[str, str]:
        """Source -> what people call it."""
        return {source.name: source.title for source in self.sources if source.title}


def read_about(root: Path, manifest: dict[str, Any]) -> About:
    """What manifest and Data Package of the snapshot at ``root`` say.

    Raises:
        SnapshotError: the Data Package is missing or another snapshot's.
    """
    package = read_package(root)
    cited = read_citation_facts(root)
    sources = objects(package, "sources")
    accounts, tables = _object(manifest, "accounts"), _object(manifest, "tables")
    return About(
        name=_text(manifest, "name"),
        title=_text(manifest, "title") or _text(manifest, "name"),
        version=_text(manifest, "version"),
        created=_text(manifest, "created"),
        audience=_text(manifest, "audience"),
        identity=_text(manifest, "identity"),
        description=tuple(paragraphs(_text(package, "description", whole=True))),
        homepage=web_address(_text(package, "homepage")),
        doi=_text(manifest, "doi"),
        license=_text(manifest, "license"),
        licenses=tuple(filter(None, (_text(entry, "name") for entry in objects(package, "licenses")))),
        people=tuple(filter(None, (_text(entry, "title") for entry in objects(package, "contributors")))),
        sources=tuple(_source(entry) for entry in sources[:_MOST_SOURCES]),
        more_sources=max(0, len(sources) - _MOST_SOURCES),
        accounts=tuple((name, _number(accounts.get(name))) for name in _ACCOUNTS),
        tables=tuple((one_line(name, 60), _number(_object(tables, name).get("rows"))) for name in tables),
        citations=(
            ("APA", render_citation(cited, "apa").strip()),
            ("BibTeX", render_citation(cited, "bibtex").strip()),
        ),
        policy_version=_text(manifest, "policy_version"),
        builder_version=_text(manifest, "builder_version"),
        tools=tuple((one_line(name, 100), one_line(value)) for name, value in _object(manifest, "tools").items()),
        withdrawals=tuple(
            (_text(entry, "id"), _text(entry, "reason"), _text(entry, "date"))
            for entry in objects(manifest, "withdrawals")
        ),
        reconstruction=_reconstruction(_object(manifest, "reconstruction")),
        legal_basis=_text(_object(manifest, "legal_basis"), "words"),
    )


def _reconstruction(score: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    names = {"guessed": "guessed right", "determined": "without choice", "trigrams": "without choice in 3-grams"}
    shares = {key: score.get(key) for key in names}
    return tuple((names[key], f"{100 * share:.1f} %") for key, share in shares.items() if isinstance(share, float))


def _source(entry: dict[str, Any]) -> SourceLine:
    return SourceLine(
        name=_text(entry, "name"),
        title=_text(entry, "title"),
        path=web_address(_text(entry, "path")),
        publisher=_text(entry, "publisher"),
        email=_text(entry, "email"),
    )


def _object(entry: dict[str, Any], key: str) -> dict[str, Any]:
    value = entry.get(key)
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _text(entry: dict[str, Any], key: str, *, whole: bool = False) -> str:
    value = entry.get(key)
    if not isinstance(value, str):
        return ""
    return value if whole else one_line(value)
