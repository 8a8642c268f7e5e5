"""What ``init`` asks, and what is taken where nobody answers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields, replace

from dataset_builder.visible import without_controls

_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Answers:
    """Everything that a new corpus is made from; empty texts become comments that say what to fill in.

    Attributes:
        title: of the dataset.
        source: the publication's name.
        license: of its articles, as an SPDX identifier or an address.
        license_url: where that licence was seen.
        contributor: whom a citation names; a person as ``Family, Given``, an organisation by its name.
        target: where a tag is published to, such as ``hf://datasets/ORG/NAME``.
        ci: github, gitlab or none.
    """

    title: str = "My news dataset"
    description: str = ""
    contributor: str = ""
    source: str = "My newspaper"
    url: str = ""
    email: str = ""
    license: str = ""
    license_url: str = ""
    language: str = "en"
    timezone: str = ""
    target: str = ""
    ci: str = "github"

    @property
    def name(self) -> str:
        """The dataset's short name."""
        return slug(self.title) or "news-dataset"

    @property
    def source_name(self) -> str:
        """The source's key."""
        return slug(self.source) or "source"

    @property
    def person(self) -> tuple[str, str]:
        """(family name, given name) of a contributor who is a person; two empty texts for an organisation."""
        family, comma, given = self.contributor.partition(",")
        return (family.strip(), given.strip()) if comma and family.strip() and given.strip() else ("", "")

    def tidy(self) -> Answers:
        """The answers without control characters and outer blanks; the description follows from the title."""
        plain = {field.name: without_controls(getattr(self, field.name)).strip() for field in fields(self)}
        made = replace(self, **plain)
        return made if made.description else replace(made, description=f"News articles of {made.source}.")


def slug(text: str) -> str:
    """``text`` as a short name: lower case, letters without their marks, hyphens between."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _NAME.sub("-", plain).strip("-")[:64].strip("-")
