"""From a request to the articles that it would touch, and from these to entries in dataset.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dataset_builder.addresses import shown_argument
from dataset_builder.config import Config, Withdrawal, load_config
from dataset_builder.engines.choice import Chosen
from dataset_builder.errors import UsageError
from dataset_builder.ledger import Ledger
from dataset_builder.pipeline import Site, default_out, read
from dataset_builder.progress import OnProgress, counted, silent
from dataset_builder.read.exact_copies import RawArticles
from dataset_builder.snapshot.manifest import MANIFEST
from dataset_builder.stages.facts import strongest_claim
from dataset_builder.visible import is_unsafe, one_line
from dataset_builder.withdraw.holders import Holder
from dataset_builder.withdraw.recording import record_new
from dataset_builder.withdraw.references import (
    FEWEST_DIGITS,
    Candidate,
    host_of,
    is_id,
    matcher,
    mention_of,
    nearest,
    person_matcher,
)  # fmt: skip

#: A reason is one sentence on a public page.
MOST_REASON = 500
_ADDRESS_FIELDS = ("url", "canonical_url")


@dataclass(frozen=True)
class Touched:
    """One article that a withdrawal would touch.

    Attributes:
        why: by what it is meant: id, path, address, domain, title, text or entities.
        versions: the versions that are known to hold its text.
        withdrawn: since when it is withdrawn already; ``""``: it is not.
    """

    id: str
    title: str
    locator: str
    url: str
    why: str
    versions: tuple[str, ...]
    withdrawn: str = ""


@dataclass(frozen=True)
class Request:
    """What a request for removal comes to, before anything is recorded.

    Attributes:
        touched: the articles, in the order of their locators and ids.
        holders: (folder, version) of the snapshots that were asked who holds the text; with none, the version of
            dataset.yaml is taken to hold it.
    """

    config: Config
    touched: tuple[Touched, ...]
    holders: tuple[tuple[str, str], ...]

    @property
    def new(self) -> tuple[Touched, ...]:
        """Those that are not withdrawn yet."""
        return tuple(article for article in self.touched if not article.withdrawn)


def find_withdrawn(
    reference: str,
    folder: Path,
    *,
    person: bool = False,
    snapshots: Sequence[Path] = (),
    on_progress: OnProgress = silent,
) -> Request:
    """The articles that a request for removal means; nothing is written.

    Args:
        reference: an id or the unique beginning of one, a path below the corpus, an address, or a domain.
        person: ``reference`` is a person's name, sought in titles, texts and entities.
        snapshots: earlier snapshots to ask which of them hold the text; without any, the one at ``out/NAME``.
        on_progress: is told how many articles have been read and looked at.

    Raises:
        UsageError: it means no article, or the beginning of an id means several; the nearest are named.
        ConfigError: dataset.yaml is wrong.
        SnapshotError: one of ``snapshots`` is none.
    """
    if not reference.strip():
        raise UsageError("an empty reference", expected="an id, a path, an address, a domain or a name")
    config = load_config(folder)
    holders = _holders(config, snapshots, on_progress)
    mentioned = frozenset[str]().union(*(held.naming(mention_of(reference)) for held in holders if person))
    with TemporaryDirectory(prefix="build-dataset-") as scratch, Chosen() as engine:
        raw = read(config, Ledger(), Site(engine, Path(scratch), default_out(config), on_progress))
        candidates = _Candidates(config, raw, holders, mentioned)
        match = person_matcher(reference) if person else matcher(reference)
        sought = counted(candidates, "search", on_progress, total=raw.spool.rows)
        found = [(candidate, why) for candidate in sought if (why := match(candidate))]
        if not found or (is_id(reference) and not person and len(found) > 1):
            raise _not_one(reference, [candidate for candidate, _ in found], candidates, person=person)
    since = {entry.id: entry.date for entry in config.withdrawals}
    touched = [_touched(candidate, why, config, holders, since) for candidate, why in found]
    touched.sort(key=lambda article: (article.locator, article.id))
    return Request(config, tuple(touched), tuple((str(held.root), held.version) for held in holders))


def withdrawn_ids(
    reference: str,
    folder: Path,
    *,
    person: bool = False,
    snapshots: Sequence[Path] = (),
    on_progress: OnProgress = silent,
) -> tuple[str, ...]:
    """The ids that a reference means, all of which dataset.yaml must have withdrawn already.

    The beginning of a recorded id is enough, whether or not the article is still in the corpus.

    Raises:
        UsageError: it means none, or one that is not withdrawn yet.
        ConfigError: dataset.yaml is wrong.
    """
    config = load_config(folder)
    recorded = {entry.id for entry in config.withdrawals}
    meant = sorted(one for one in recorded if is_id(reference) and not person and one.startswith(reference.lower()))
    if len(meant) == 1:
        return (meant[0],)
    request = find_withdrawn(reference, folder, person=person, snapshots=snapshots, on_progress=on_progress)
    if request.new:
        shown = ", ".join(article.id for article in request.new[:3])
        raise UsageError(
            f"not withdrawn yet: {shown}{f' and {len(request.new) - 3} more' if len(request.new) > 3 else ''}",
            expected="articles that dataset.yaml withdraws and the newest version is without",
            hint="the same call without --purge records it; then raise version, build, publish, and purge",
        )
    return tuple(article.id for article in request.touched)


def record(request: Request, *, reason: str, day: str | None = None) -> tuple[Withdrawal, ...]:
    """Write the withdrawal of every article of ``request`` that is not withdrawn yet into dataset.yaml; those written.

    Args:
        reason: one line; it is published.
        day: ``YYYY-MM-DD``; without it the corpus's own ``created``, for a build knows no clock.

    Raises:
        UsageError: the reason or the day is unfit, or dataset.yaml is of a shape that cannot be added to.
        OutsideError: the disk failed.
    """
    day = _day(day, request.config)
    reason = _reason(reason)
    entries = tuple(Withdrawal(article.id, reason, day, article.versions) for article in request.new)
    return record_new(request.config.folder, entries) if entries else ()


def _reason(reason: str) -> str:
    text = reason.strip()
    if not text or is_unsafe(text) or len(text) > MOST_REASON:
        found = "a reason without words" if not text else f"the reason {one_line(text)!r}"
        expected = f"one line of visible characters, at most {MOST_REASON}"
        raise UsageError(found, expected=expected, hint="say in a sentence why; it is published with the tombstone")
    return text


def _day(day: str | None, config: Config) -> str:
    if day is None:
        if config.created is None:
            raise UsageError(
                "no day for the withdrawal: dataset.yaml has no created",
                expected="--date YYYY-MM-DD",
                hint="give --date; the clock is not asked, so that the same call gives the same bytes",
            )
        return config.created.isoformat()
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise UsageError(f"the date {one_line(day)!r}", expected="a day, YYYY-MM-DD") from None


def _holders(config: Config, snapshots: Sequence[Path], on_progress: OnProgress) -> list[Holder]:
    if snapshots:
        return list(map(Holder.open, counted(snapshots, "open", on_progress, total=len(snapshots), unit="snapshots")))
    built = default_out(config)
    return [Holder.open(built)] if (built / MANIFEST).is_file() else []


def _touched(
    candidate: Candidate, why: str, config: Config, holders: Sequence[Holder], since: Mapping[str, str]
) -> Touched:
    held = [holder.version for holder in holders if candidate.id in holder.texts]
    return Touched(
        candidate.id,
        candidate.title,
        candidate.locators[0] if candidate.locators else "",
        candidate.addresses[0] if candidate.addresses else "",
        why,
        tuple(dict.fromkeys(held)) if holders else (config.version,),
        since.get(candidate.id, ""),
    )


def _not_one(reference: str, found: Sequence[Candidate], known: _Candidates, *, person: bool) -> UsageError:
    shown = shown_argument(reference, 200)
    if found:
        some = ", ".join(f"{one.id} ({one_line(_place(one))})" for one in found[:5])
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        return UsageError(
            f"{shown} begins {len(found)} ids", expected="the beginning of one id", hint=f"say more: {some}{more}"
        )
    if person:
        return UsageError(f"no article names {shown}", expected="a name as the articles spell it, in full")
    near = nearest(reference, known)
    return UsageError(
        f"no article is known as {shown}",
        expected=f"an id or {FEWEST_DIGITS} digits of it, a path in the corpus, an address, or a domain",
        hint=f"the nearest: {', '.join(one_line(name, 200) for name in near)}" if near else "",
    )


def _place(candidate: Candidate) -> str:
    return candidate.locators[0] if candidate.locators else candidate.title


@dataclass(frozen=True)
class _Candidates:
    """Every article of the corpus, then those that only the earlier snapshots know; read anew each time."""

    config: Config
    raw: RawArticles
    holders: Sequence[Holder]
    mentioned: frozenset[str]

    def __iter__(self) -> Iterator[Candidate]:
        seen: set[str] = set()
        for batch in self.raw.read():
            for row in batch.select(["id", "payload_sha256", "sightings", "claims", "text"]).to_pylist():
                seen.add(row["id"])
                yield self._read(row)
        for holder in self.holders:
            for row in holder.catalog():
                if row["id"] not in seen:
                    seen.add(row["id"])
                    addresses = [row[name] for name in _ADDRESS_FIELDS if row[name]]
                    hosts = self._hosts(addresses, [row["source"]])
                    named = row["id"] in self.mentioned
                    yield Candidate(row["id"], row["id"], row["title"] or "", (), tuple(addresses), hosts, named=named)

    def _read(self, row: Mapping[str, Any]) -> Candidate:
        sightings, claims = row["sightings"], row["claims"]
        claimed = [claim["value"] for claim in claims if claim["field"] in _ADDRESS_FIELDS]
        addresses = [*claimed, *(sighting["url"] for sighting in sightings if sighting["url"])]
        title = strongest_claim(claims, "title")
        return Candidate(
            row["id"],
            row["payload_sha256"],
            " ".join(title["value"].split()) if title else "",
            tuple(sighting["locator"] for sighting in sightings),
            tuple(dict.fromkeys(addresses)),
            self._hosts(addresses, [sighting["source"] for sighting in sightings]),
            row["text"] or "",
            row["id"] in self.mentioned,
        )

    def _hosts(self, addresses: Sequence[str], sources: Sequence[str]) -> tuple[str, ...]:
        """An article's hosts; one without an address is its publication's."""
        known = [host_of(address) for address in addresses]
        if not any(known):
            found = [self.config.source(name) for name in sources]
            known = [host_of(source.path) for source in found if source is not None]
        return tuple(dict.fromkeys(host for host in known if host))
