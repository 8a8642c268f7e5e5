"""``schema/report/report.yaml``: what the report shows and how it names it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from dataset_builder.resources import read_yaml, schema_file, schema_files
from dataset_builder.schema import article_descriptor, flatten_fields


@dataclass(frozen=True)
class Settings:
    """The file's content.

    Attributes:
        releases: release -> (title, variable of the style sheet), in the order of the charts.
        detail: (title of the group, ((dotted path, title), ...)) of an article's detail.
        rules: cleaning rule -> what it does, of all rules.
        flags: quality flag -> what it means, of those that no finding explains.
        languages: ISO 639-1 code -> name.
    """

    quoted_families: frozenset[str]
    releases: dict[str, tuple[str, str]]
    series: tuple[str, ...]
    length_bins: tuple[int, ...]
    least_words: int
    most_bars: int
    most_rows: int
    most_clusters: int
    most_members: int
    detail: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    rules: dict[str, str]
    flags: dict[str, str]
    languages: dict[str, str]

    @property
    def detail_paths(self) -> tuple[str, ...]:
        """The dotted paths of all groups."""
        return tuple(path for _, fields in self.detail for path, _ in fields)

    def release_title(self, release: str) -> str:
        """What a release is called; one that is not known keeps its name."""
        return self.releases.get(release, (release or "none", ""))[0]

    def language_title(self, tag: str) -> str:
        """What a language is called: ``English``, ``English (en-GB)``; one that is not known keeps its tag (BCP 47)."""
        name = self.languages.get(tag.partition("-")[0].lower())
        if name is None:
            return tag or "not determined"
        return name if tag in self.languages else f"{name} ({tag})"


@cache
def load_settings() -> Settings:
    """The settings as shipped."""
    content: dict[str, Any] = read_yaml(schema_file("report", "report.yaml"))
    titles = {path: str(field.get("title", path)) for path, field in flatten_fields(article_descriptor()["fields"])}
    titles |= content["titles"]
    return Settings(
        quoted_families=frozenset(content["quoted_families"]),
        releases={entry["name"]: (entry["title"], entry["colour"]) for entry in content["releases"]},
        series=tuple(content["series"]),
        length_bins=tuple(content["length_bins"]),
        **{name: content[name] for name in ("least_words", "most_bars", "most_rows", "most_clusters", "most_members")},
        detail=tuple(
            (group["title"], tuple((path, titles[path]) for path in group["fields"])) for group in content["detail"]
        ),
        rules={**_cleaning_rules(), **content["rules"]},
        flags=content["flags"],
        languages=read_yaml(schema_file("report", "languages.yaml")),
    )


def _cleaning_rules() -> dict[str, str]:
    """Rule -> what it takes, of the rules in ``schema/cleaning/``."""
    entries = [entry for file in schema_files("cleaning", ".yaml") for entry in read_yaml(file)]
    return {entry["id"]: entry["removes"] for entry in entries}
