"""Opt-outs from mining and AI use. They are passed on, they never grant anything, and what is unclear counts as one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dataset_builder.rights.known import table


@dataclass(frozen=True, slots=True)
class OptOuts:
    """What the signals of one article say.

    Attributes:
        signals: the opt-outs, as ``tdm-reservation: 1``; sorted, each once.
        unread: the values that could not be read, or that contradict each other; they count as opt-outs.
    """

    signals: tuple[str, ...]
    unread: tuple[str, ...]


def read_opt_outs(tdm_reservation: Iterable[str], content_usage: Iterable[str], prose: Iterable[str] = ()) -> OptOuts:
    """Read the captured values; the same header twice, in capitals or with blanks is one signal."""
    signals: set[str] = {f"statement: {words[:120]}" for words in prose}
    unread: set[str] = set()
    _read_tdm([_plain(value) for value in tdm_reservation], signals, unread)
    answers: dict[str, set[bool]] = {}
    for value in content_usage:
        _read_usage(_plain(value), answers, signals, unread)
    for key, given in answers.items():
        if False in given:
            signals.add(f"content-usage: {key}=n")
        if len(given) > 1:
            unread.add(f"content-usage: {key}=y and {key}=n")
    signals |= {f"unread {value}" for value in unread}
    return OptOuts(tuple(sorted(signals)), tuple(sorted(unread)))


def _plain(value: str) -> str:
    return " ".join(value.casefold().split())[:400]


def _read_tdm(values: list[str], signals: set[str], unread: set[str]) -> None:
    data = table("opt-outs")
    said = {
        part for value in values for part in re.split(r"[,;\s]+", re.sub(r"^tdm-reservation\s*[:=]", "", value)) if part
    }
    reserved = said & set(data["tdm_reserved"])
    free = said & set(data["tdm_free"])
    if reserved:
        signals.add("tdm-reservation: 1")
    if reserved and free:
        unread.add("tdm-reservation: 0 and 1")
    unread |= {f"tdm-reservation: {value[:60]}" for value in said - reserved - free}


def _read_usage(value: str, answers: dict[str, set[bool]], signals: set[str], unread: set[str]) -> None:
    data = table("opt-outs")
    for part in re.split(r"[,;]+", re.sub(r"^content-usage\s*:", "", value)):
        part = part.strip()
        if not part:
            continue
        key, _, answer = (piece.strip(" \"'") for piece in part.partition("="))
        if not answer and key in data["words_barred"]:
            signals.add(f"content-usage: {key}")
        elif answer in data["content_usage_barred"]:
            # A key that is no concern of ours (search=n) is passed on in its column and decides nothing here.
            if key in data["content_usage_keys"]:
                answers.setdefault(key, set()).add(False)
        elif answer in data["content_usage_allowed"]:
            answers.setdefault(key, set()).add(True)
        else:
            unread.add(f"content-usage: {part[:60]}")
