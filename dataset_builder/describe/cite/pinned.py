"""The line that loads a published snapshot at the revision that is cited."""

from __future__ import annotations

import re
from dataclasses import replace

from dataset_builder.addresses import shown_argument
from dataset_builder.describe.cite.facts import CitationFacts
from dataset_builder.errors import UsageError

#: ``ORG/NAME`` as the Hub names repositories, with or without the scheme that ``publish`` takes.
_REPOSITORY = re.compile(r"(?:hf://datasets/)?(?P<name>[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})")
#: A commit, a tag or a branch.
_REVISION = re.compile(r"[A-Za-z0-9][\w./-]{0,200}")


def pinned(facts: CitationFacts, repository: str, revision: str = "") -> CitationFacts:
    """``facts`` with the line that loads the dataset of ``repository`` at ``revision``.

    Args:
        repository: ``ORG/NAME`` on the Hugging Face Hub.
        revision: a commit or tag; default the tag that ``publish`` sets, ``v`` and the version.

    Raises:
        UsageError: one of them is no such name.
    """
    named = _REPOSITORY.fullmatch(repository)
    if named is None:
        raise UsageError(
            f"the repository {shown_argument(repository, 100)!r}", expected="ORG/NAME on the Hugging Face Hub"
        )
    pin = revision or f"v{facts.version}"
    if _REVISION.fullmatch(pin) is None:
        raise UsageError(f"the revision {shown_argument(pin, 100)!r}", expected="a commit or a tag")
    return replace(facts, load=f'load_dataset("{named["name"]}", revision="{pin}")')
