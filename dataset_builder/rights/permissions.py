"""What a recorded permission covers: the words of ``permission_scope``."""

from __future__ import annotations

import re
from functools import cache

from dataset_builder.rights.known import table


def permission_reference(source: str) -> str:
    """The identifier of what a source's permission covers; SPDX 2.3, annex D: letters, digits, ``-`` and ``.``."""
    return f"LicenseRef-permission-{re.sub(r'[^A-Za-z0-9.-]', '-', source)}"


@cache
def _meanings() -> dict[str, str]:
    """Word or phrase -> the scope's word; empty for what changes nothing."""
    data = table("permission-scope")
    meanings = {word: name for group in ("releases", "limits") for name, words in data[group].items() for word in words}
    return {**meanings, **dict.fromkeys(data["neutral"], "")}


def read_scope(scope: str | None) -> tuple[tuple[str, ...], str]:
    """The scope's words (``full``, ``restricted`` …) and the first word that is not known.

    A scope with an unknown word, without a release, or that is missing covers nothing: the words are then empty.
    """
    if not scope or not scope.strip():
        return (), "no scope"
    words: set[str] = set()
    for phrase in re.split(r"[,;]|\band\b", scope.casefold()):
        phrase = " ".join(phrase.split())
        if not phrase:
            continue
        meaning = _meanings().get(phrase)
        if meaning is None:
            return (), phrase[:80]
        if meaning:
            words.add(meaning)
    if not words & table("permission-scope")["releases"].keys():
        return (), "no release is named"
    return tuple(sorted(words)), ""
