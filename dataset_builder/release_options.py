"""The keys of ``build`` in dataset.yaml that say what may be released, on what ground, and to whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: Defaults of ``build.excerpt``; why so few: docs/decisions/release-modes.md.
EXCERPT_WORDS = 30
EXCERPT_SHARE = 0.1


@dataclass(frozen=True)
class LegalBasis:
    """What the law allows without the rights holder, as the group that publishes sees it.

    Attributes:
        kind: features, excerpt, research-access or none.
        words: the basis in words, such as the clause of an act; they are published.
    """

    kind: str = "none"
    words: str = ""


@dataclass(frozen=True)
class ExcerptLimit:
    """How much of a text its excerpt may hold: at most so many words, and at most such a share of its words."""

    words: int = EXCERPT_WORDS
    share: float = EXCERPT_SHARE


@dataclass(frozen=True)
class Access:
    """The gate of a restricted snapshot.

    Attributes:
        terms: path of the terms' text below the corpus; it travels with the snapshot.
        heading, prompt, button: what the Hub shows above the terms, as the terms, and on the button.
        fields: (question, form) of what an applicant fills in; the form is one of the Hub's, and for ``select`` its
            options follow.
    """

    terms: str = ""
    heading: str = ""
    prompt: str = ""
    button: str = ""
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class ReleaseOptions:
    """What a build releases at most, and why it may.

    Attributes:
        mode: the most that is asked for: full, excerpt, features or metadata.
        legal_basis: the ground for what no licence grants.
        published_in: ISO 3166-1 alpha-2 codes of the jurisdictions that the snapshot is published in.
        policy: path of a policy file below the corpus; empty for the shipped one.
        excerpt: how much an excerpt holds.
        access: the gate of a restricted snapshot.
    """

    mode: str = "full"
    legal_basis: LegalBasis = field(default_factory=LegalBasis)
    published_in: tuple[str, ...] = ()
    policy: str = ""
    excerpt: ExcerptLimit = field(default_factory=ExcerptLimit)
    access: Access = field(default_factory=Access)


def release_options(build: dict[str, Any]) -> ReleaseOptions:
    """The options of a ``build`` section that follows ``schema/config.schema.json``."""
    access = build.get("access", {})
    fields = tuple((question, _form(form)) for question, form in access.get("fields", {}).items())
    return ReleaseOptions(
        mode=build.get("release", "full"),
        legal_basis=LegalBasis(**build.get("legal_basis", {})),
        published_in=tuple(sorted(set(build.get("published_in", ())))),
        policy=build.get("policy", ""),
        excerpt=ExcerptLimit(**build.get("excerpt", {})),
        access=Access(**{**access, "fields": fields}),
    )


def _form(form: str | dict[str, Any]) -> tuple[str, ...]:
    return (form,) if isinstance(form, str) else ("select", *form["select"])
