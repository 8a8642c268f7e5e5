"""What a citation says, from a build's facts or from the files of a snapshot that somebody holds."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from dataset_builder.describe.escape import one_line, paragraphs, web_address
from dataset_builder.describe.facts import SnapshotFacts
from dataset_builder.describe.package import render_package
from dataset_builder.errors import OutsideError, SnapshotError

PACKAGE_NAME = "datapackage.json"
MANIFEST_NAME = "manifest.json"
#: A Data Package of 100,000 sources stays below.
MAX_BYTES = 64_000_000
#: Contributor roles (Data Package v2 leaves them open) that make an author of the dataset.
AUTHOR_ROLES = frozenset({"author", "creator"})
PUBLISHER_ROLES = frozenset({"publisher"})


@dataclass(frozen=True)
class Creator:
    """A person or an organisation that a citation names.

    Attributes:
        name: the whole name; alone for an organisation, or a person whose name nobody has taken apart.
        family, given: a person's names.
        orcid: the full address, ``https://orcid.org/…``.
    """

    name: str
    family: str = ""
    given: str = ""
    orcid: str = ""
    affiliation: str = ""

    @property
    def is_person(self) -> bool:
        """Whether the name is taken apart; everything else is cited as one literal name."""
        return bool(self.family)


@dataclass(frozen=True)
class CitationFacts:
    """Everything that a citation of one snapshot, or of one article in it, says; every text is one safe line.

    Attributes:
        name, version: of the snapshot; they make the key of an entry.
        title, created: of what is cited: the snapshot, or the article and its date.
        identity: ``sha256:`` and the data digest.
        creators: the authors, in order; empty where nobody is declared, and the title stands in their place.
        publisher: who publishes, or ``""``.
        licenses: SPDX identifiers that all hold together, of compilation and texts.
        article: the identifier of the article that is cited, or ``""`` for the whole snapshot.
        publication: where the article appeared.
        part_of: for an article, the snapshot that holds it.
        load: the line that loads the data at the revision that is cited, where it is known.
    """

    name: str
    title: str
    version: str
    created: date | None
    identity: str
    creators: tuple[Creator, ...] = ()
    publisher: str = ""
    doi: str = ""
    homepage: str = ""
    description: str = ""
    keywords: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    article: str = ""
    publication: str = ""
    part_of: CitationFacts | None = None
    load: str = ""

    @property
    def evidence(self) -> str:
        """What ties the citation to the data: the digest, and for an article its place in the snapshot."""
        load = f". Load with {self.load}" if self.load else ""
        if self.part_of is None:
            return f"Data digest {self.identity}{load}"
        whole = self.part_of
        place = f"Article {self.article} in {whole.title}, version {whole.version}"
        return f"{place}, data digest {whole.identity}{load}"

    @property
    def address(self) -> str:
        """Where the snapshot is found: its DOI's address, else its homepage, else ``""``."""
        return web_address(f"https://doi.org/{self.doi}") if self.doi else self.homepage


def citation_facts(facts: SnapshotFacts) -> CitationFacts:
    """The citation's share of a build's facts, by the same way as a reader of the snapshot gets it."""
    cited = replace(facts, config=replace(facts.config, sources=()))  # a citation names no sources, and they are many
    return _from_package(render_package(cited), facts.identity)


def read_citation_facts(folder: Path) -> CitationFacts:
    """What ``folder/datapackage.json`` and ``folder/manifest.json`` say.

    Raises:
        SnapshotError: one of them is missing, is not what a build writes, or they disagree on the identity.
        OutsideError: the operating system refuses to read them.
    """
    package, manifest = read_package(folder), _read_object(folder / MANIFEST_NAME)
    identity = _text(manifest, "identity")
    if identity != _text(package, "id"):
        raise SnapshotError(
            f"{MANIFEST_NAME} and {PACKAGE_NAME} name different identities",
            expected=identity,
            hint="build-dataset verify SNAPSHOT says what has changed; cite the snapshot as it was published",
            place=str(folder),
        )
    return _from_package(package, identity)


def read_package(folder: Path) -> dict[str, Any]:
    """``folder/datapackage.json``, of which nothing is known but that it is a JSON object."""
    return _read_object(folder / PACKAGE_NAME)


def _read_object(path: Path) -> dict[str, Any]:
    try:
        if not path.is_file():
            raise SnapshotError(
                f"there is no {path.name}",
                expected="the folder of a snapshot, as build-dataset build writes it",
                hint="name the folder that holds README.md, manifest.json and articles/",
                place=str(path.parent),
            )
        if not path.resolve().is_relative_to(path.parent.resolve()):
            raise SnapshotError(f"{path.name} is a link that leads outside", place=str(path))
        if (size := path.stat().st_size) > MAX_BYTES:
            raise SnapshotError(f"{path.name} has {size} bytes", expected=f"at most {MAX_BYTES}", place=str(path))
        value = json.loads(path.read_bytes())
    except OSError as error:
        raise OutsideError(f"{path.name} cannot be read: {error.strerror}", place=str(path)) from None
    except (ValueError, RecursionError):
        raise SnapshotError(f"{path.name} is not JSON", hint="build-dataset verify SNAPSHOT", place=str(path)) from None
    if not isinstance(value, dict):
        raise SnapshotError(f"{path.name} holds no JSON object", place=str(path))
    return value


def _from_package(package: dict[str, Any], identity: str) -> CitationFacts:
    contributors = objects(package, "contributors")
    authors = [entry for entry in contributors if _roles(entry) & AUTHOR_ROLES]
    others = [entry for entry in contributors if not _roles(entry) & PUBLISHER_ROLES]
    publishers = [entry for entry in contributors if _roles(entry) & PUBLISHER_ROLES]
    return CitationFacts(
        name=_text(package, "name"),
        title=_text(package, "title") or _text(package, "name"),
        version=_text(package, "version"),
        created=_date(_text(package, "created")),
        identity=one_line(identity),
        creators=tuple(_creator(entry) for entry in authors or others),
        publisher=_text(publishers[0], "title") if publishers else "",
        doi=_text(package, "doi"),
        homepage=web_address(_text(package, "homepage")),
        description=" ".join(paragraphs(package.get("description") or "")),
        keywords=tuple(dict.fromkeys(_texts(package.get("keywords")))),
        licenses=_licenses(package),
    )


def _licenses(package: dict[str, Any]) -> tuple[str, ...]:
    """The names under ``licenses`` of the package (compilation) and of its resources (texts), each once."""
    owners = (package, *objects(package, "resources"))
    names = [_text(entry, "name") for owner in owners for entry in objects(owner, "licenses")]
    return tuple(dict.fromkeys(name for name in names if name))


def _creator(entry: dict[str, Any]) -> Creator:
    family, given = _text(entry, "familyName"), _text(entry, "givenName")
    if given and not family:
        family, given = given, ""
    name = _text(entry, "title") or f"{given} {family}".strip()
    return Creator(name, family, given, _text(entry, "orcid"), _text(entry, "organization"))


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    return one_line(value) if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    return [one_line(item) for item in value if isinstance(item, str)] if isinstance(value, list) else []


def objects(entry: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The JSON objects of the list under ``key``; whatever else stands there is passed over."""
    value = entry.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _roles(entry: dict[str, Any]) -> set[str]:
    return {role.lower() for role in _texts(entry.get("roles"))}


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
