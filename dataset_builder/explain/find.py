"""Which article a reference means: an id or the beginning of one, a path with or without a line, or an address."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from dataset_builder.errors import CorpusError, UsageError
from dataset_builder.issues import Severity
from dataset_builder.ledger import Ledger
from dataset_builder.nearest import nearest_names
from dataset_builder.read.exact_copies import RawArticles
from dataset_builder.records import split_locator
from dataset_builder.visible import one_line

#: Fewer digits of an id say too little: of 10,000 articles, every other pair would share five.
FEWEST_DIGITS = 6
_DIGITS = re.compile(rf"[0-9a-fA-F]{{{FEWEST_DIGITS},64}}")
_ADDRESS_FIELDS = ("url", "canonical_url")
#: Names that an error compares a mistyped reference with, and how many of them it shows.
_COMPARED = 50_000
_SHOWN = 5

#: Which names of an article a kind of reference is held against.
Names = Callable[["Candidate"], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article by all its names, and where its raw record lies in the spool."""

    id: str
    sha256: str
    locators: tuple[str, ...]
    addresses: tuple[str, ...]
    batch: int
    row: int


def find(reference: str, folder: Path, raw: RawArticles, ledger: Ledger) -> tuple[Candidate, ...]:
    """The one article that ``reference`` means; several only where an address may be that of one page's revisions.

    Raises:
        UsageError: no article or several; the nearest are named.
        CorpusError: it was rejected when it was read; ``issues`` says why.
    """
    matches, names = _matcher(reference, folder)
    found = tuple(candidate for candidate in _candidates(raw) if matches(candidate))
    if len(found) == 1 or (found and _is_address(reference)):
        return found
    if found:
        raise _several(reference, found)
    _refuse_rejected(reference, folder, ledger)
    nearest = _nearest(reference, islice(_names_of(raw, names), _COMPARED))
    raise UsageError(
        f"no article is known as {_shown(reference)}",
        expected=f"an id or {FEWEST_DIGITS} digits of it, a path below {folder} (path#L3 in a table), or an address",
        hint=f"the nearest: {', '.join(_shown(name) for name in nearest)}" if nearest else "",
    )


def newest_first(reference: str, found: Sequence[Candidate], earlier: Mapping[str, str]) -> list[Candidate]:
    """The candidates as a chain of revisions, the newest first.

    Args:
        reference: what means them.
        found: at least one.
        earlier: id -> id of the text that it revises.

    Raises:
        UsageError: they are not the revisions of one page.
    """
    by_id = {candidate.id: candidate for candidate in found}
    revised = {earlier[article] for article in by_id if article in earlier}
    article = next((article for article in by_id if article not in revised), None)
    chain: list[Candidate] = []
    while article in by_id:
        chain.append(by_id.pop(article))
        article = earlier.get(article)
    if by_id:
        raise _several(reference, found)
    return chain


def _several(reference: str, found: Sequence[Candidate]) -> UsageError:
    shown = [f"{candidate.id} ({_shown(candidate.locators[0])})" for candidate in found[:_SHOWN]]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return UsageError(
        f"{_shown(reference)} means {len(found)} articles",
        expected="a reference to one article",
        hint=f"say more: {', '.join(shown)}{more}",
    )


def _is_address(reference: str) -> bool:
    return reference.lower().startswith(("http://", "https://"))


def _matcher(reference: str, folder: Path) -> tuple[Callable[[Candidate], bool], Names]:
    """Whether an article is meant, and which of its names the reference is one of."""
    if _is_address(reference):
        address = reference.rstrip("/")
        return lambda it: any(known.rstrip("/") == address for known in it.addresses), lambda it: it.addresses
    paths = set(below(reference, folder))
    if not _DIGITS.fullmatch(reference):
        return lambda it: _seen_at(it, paths), lambda it: it.locators
    digits = reference.lower()
    return lambda it: it.sha256.startswith(digits) or it.id == digits or _seen_at(it, paths), lambda it: (it.id,)


def _seen_at(candidate: Candidate, paths: set[str]) -> bool:
    return any(name in paths or split_locator(name)[0] in paths for name in candidate.locators)


def below(reference: str, folder: Path) -> list[str]:
    """The locators that a path may mean: below the corpus, or as seen from the current folder."""
    seen = Path(os.path.abspath(reference))  # noqa: PTH100 - resolve() would follow a link
    base = Path(os.path.abspath(folder))  # noqa: PTH100
    inside = [seen.relative_to(base).as_posix()] if seen.is_relative_to(base) else []
    return [os.path.normpath(reference).replace(os.sep, "/"), *inside]


def _candidates(raw: RawArticles) -> Iterator[Candidate]:
    for number, batch in enumerate(raw.read()):
        rows = batch.select(["id", "payload_sha256", "sightings", "claims"]).to_pylist()
        for index, row in enumerate(rows):
            sightings = row["sightings"]
            claimed = [claim["value"] for claim in row["claims"] if claim["field"] in _ADDRESS_FIELDS]
            addresses = [*claimed, *(sighting["url"] for sighting in sightings if sighting["url"])]
            yield Candidate(
                row["id"],
                row["payload_sha256"],
                tuple(sighting["locator"] for sighting in sightings),
                tuple(dict.fromkeys(addresses)),
                number,
                index,
            )


def _names_of(raw: RawArticles, names: Names) -> Iterator[str]:
    return (name for candidate in _candidates(raw) for name in names(candidate))


def _nearest(reference: str, names: Iterable[str]) -> list[str]:
    """The names that begin most like ``reference``; an id is compared as far as the reference goes."""
    whole = _DIGITS.fullmatch(reference) is None
    compared = {name if whole else name[: len(reference)]: name for name in names}
    return [compared[near] for near in nearest_names(reference, compared, most=_SHOWN)]


def _refuse_rejected(reference: str, folder: Path, ledger: Ledger) -> None:
    """A file or line that became no article has findings that say why."""
    places = {split_locator(path) for path in below(reference, folder)}
    paths = {path for path, line, row in places if not line and not row}
    issues = tuple(
        issue
        for issue in ledger.issues
        if issue.severity is Severity.ERROR and (issue.path in paths or (issue.path, issue.line, issue.row) in places)
    )
    if issues:
        raise CorpusError(
            f"{_shown(reference)} was rejected when it was read",
            expected="a file that a reader can make an article of",
            hint="mend what the findings name",
            issues=issues,
        )


def _shown(text: str) -> str:
    return one_line(text, 200)
