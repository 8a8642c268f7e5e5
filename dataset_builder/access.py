"""What a corpus says about the ground and the gate of its release, looked at once: the legal basis and the terms."""

from __future__ import annotations

from pathlib import Path

from dataset_builder.config import Config
from dataset_builder.config_check import CONFIG_NAME
from dataset_builder.errors import ConfigError
from dataset_builder.issues import Issue
from dataset_builder.regular_file import leads_outside, read_regular

#: The terms in a snapshot.
TERMS = "TERMS.md"
MAX_TERMS_BYTES = 1_000_000


def read_terms(config: Config) -> str:
    """The terms of access that a restricted snapshot carries; empty for another audience, or where none are named.

    Raises:
        ConfigError: the file is not there, leads outside the corpus, or is no text.
    """
    named = config.build.release.access.terms
    if not named or config.build.audience != "restricted":
        return ""
    path = config.folder / named
    if leads_outside(path, config.folder):
        raise _wrong(f"{named} leads outside the corpus")
    try:
        text = read_regular(path, MAX_TERMS_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        raise _wrong(f"{named} is not there") from None
    except OSError as error:
        raise _wrong(f"{named} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise _wrong(f"{named} cannot be read: {error}") from None
    if not text.strip():
        raise _wrong(f"{named} is empty")
    return text.rstrip() + "\n"


def _wrong(found: str) -> ConfigError:
    return ConfigError(
        f"the terms of access: {found}",
        expected="a text or Markdown file below the corpus, in UTF-8",
        hint="write the terms that readers of the restricted snapshot accept, and name the file in build.access.terms",
        place=Path(CONFIG_NAME).name,
    )


def access_findings(config: Config) -> tuple[Issue, ...]:
    """What is missing for the audience and the legal basis that the configuration names."""
    release = config.build.release
    found: list[Issue] = []
    if config.build.audience == "restricted" and not release.access.terms:
        said = "the audience restricted and no terms"
        found.append(Issue(CONFIG_NAME, field="build.access.terms", code="restricted-without-terms", found=said))
    if release.legal_basis.kind == "research-access" and config.build.audience != "restricted":
        said = f"research-access for the audience {config.build.audience}"
        found.append(Issue(CONFIG_NAME, field="build.legal_basis", code="legal-basis-without-gate", found=said))
    if release.legal_basis.kind != "none" and not release.published_in:
        said = f"a legal basis for {release.legal_basis.kind} and no published_in"
        found.append(Issue(CONFIG_NAME, field="build.published_in", code="legal-basis-without-place", found=said))
    return tuple(found)
