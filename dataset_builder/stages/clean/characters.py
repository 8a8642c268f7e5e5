"""The pass over single characters: line breaks, invisible marks, spaces, and text decoded with a wrong charset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from dataset_builder.records import Edit
from dataset_builder.resources import read_yaml, schema_file

#: Joiners shape letters in some scripts and join emoji; elsewhere they are leftovers (UAX #31 section 2.3).
JOINER = re.compile(r"[\u200c\u200d]+")
SHAPED = re.compile(
    r"[\u0590-\u08ff\u0900-\u0dff\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc\ufe0f\u2600-\u27bf\U0001f000-\U0001faff]"
)
#: Text decoded as Latin-1 or Windows-1252 instead of UTF-8 shows one of these before another non-ASCII character.
SUSPECT = re.compile(
    r"[\u00c2-\u00f4\u0102\u0103\u010d\u010f\u0111\u0139\u0413\u0420\u0421\u0432\u0440\u0441][^\x00-\x7f]"
)
#: A longer line is looked at in parts of this many code points.
LINE_PART = 10_000


@dataclass(frozen=True, slots=True)
class CharacterRule:
    """A set of code points and what stands in their place."""

    id: str
    replacement: str
    removes: str


def character_edits(text: str) -> Iterator[Edit]:
    """One edit a run of characters of one kind, sorted. Applying it twice changes nothing more."""
    if not has_special(text):
        return
    special, pattern, kinds = character_table()
    for match in (match for run in special.finditer(text) for match in pattern.finditer(text, run.start(), run.end())):
        run = match[0]
        if run[0] == "\r":
            yield Edit(match.start(), match.end(), "\n", "line-break")
        elif JOINER.fullmatch(run):
            if not is_shaped(text, match.start(), match.end()):
                yield Edit(match.start(), match.end(), "", "zero-width")
        else:
            kind = kinds[match.lastgroup or ""]
            yield Edit(match.start(), match.end(), kind.replacement * len(run), kind.id)


def has_special(text: str) -> bool:
    """Whether any character of ``text`` is of some kind; most texts are plain, and that should cost next to nothing."""
    if text.isascii():
        return bool(text.encode().translate(None, plain_ascii()))
    return any_special().search(text) is not None


def is_shaped(text: str, start: int, end: int) -> bool:
    """Whether one joiner stands where its script needs it."""
    around = text[start - 1 : start] + text[end : end + 1]
    return end - start == 1 and len(around) == 2 and all(SHAPED.match(character) for character in around)


@cache
def character_table() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, CharacterRule]]:
    """A pattern for runs of any such character, one with a group for each kind, and the kinds by group.

    The first finds them fast, the second tells them apart.
    """
    groups, kinds = [r"\r\n?", r"[\u200c\u200d]+"], {}
    for number, entry in enumerate(load("characters.yaml")):
        ranges = "".join(code_point_range(listed) for listed in entry["code_points"])
        kinds[f"k{number}"] = CharacterRule(entry["id"], entry["replacement"], entry["removes"])
        groups.append(f"(?P<k{number}>[{ranges}]+)")
    return re.compile(f"(?:[{everything()}]|(?<=\\r)\\n)+"), re.compile("|".join(groups)), kinds


@cache
def any_special() -> re.Pattern[str]:
    """One character of any kind: a plain set, which a search passes over clean text with several times as fast."""
    return re.compile(f"[{everything()}]")


@cache
def plain_ascii() -> bytes:
    """The ASCII characters that no kind takes."""
    return bytes(code for code in range(128) if not any_special().match(chr(code)))


def everything() -> str:
    """Every code point that some kind takes, as the inside of a character class."""
    listed = (code_point_range(listed) for entry in load("characters.yaml") for listed in entry["code_points"])
    return r"\r\u200c\u200d" + "".join(listed)


def code_point_range(listed: Any) -> str:
    """ "2000-200A" as a range of a character class."""
    first, _, last = str(listed).partition("-")
    return f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}"


def load(name: str) -> Any:
    """One file of ``schema/cleaning``."""
    return read_yaml(schema_file("cleaning", name))


def mojibake_edits(text: str) -> Iterator[Edit]:
    """One edit a line that was decoded with a wrong charset, narrowed to what changes; quotes stay as they are.

    The judgement is ftfy's (Speer 2019, https://ftfy.readthedocs.io); it sees only lines with suspect characters.
    """
    if text.isascii() or not SUSPECT.search(text):
        return
    import ftfy

    for start, line in parts(text):
        if SUSPECT.search(line) and (mended := str(ftfy.fix_encoding(line))) != line:
            yield narrowed(Edit(start, start + len(line), mended, "mojibake"), line)


def parts(text: str) -> Iterator[tuple[int, str]]:
    """The lines of ``text`` with their places, long ones cut."""
    start = 0
    for line in text.split("\n"):
        for offset in range(0, max(1, len(line)), LINE_PART):
            yield start + offset, line[offset : offset + LINE_PART]
        start += len(line) + 1


def narrowed(edit: Edit, words: str) -> Edit:
    """``edit`` of ``words`` without what both have in common at their ends."""
    shortest = min(len(words), len(edit.replacement))
    head = next((i for i in range(shortest) if words[i] != edit.replacement[i]), shortest)
    tail = next((i for i in range(shortest - head) if words[-1 - i] != edit.replacement[-1 - i]), shortest - head)
    replacement = edit.replacement[head : len(edit.replacement) - tail]
    return Edit(edit.start + head, edit.end - tail, replacement, edit.rule)
