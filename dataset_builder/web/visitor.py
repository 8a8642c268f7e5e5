"""A polite visitor: says who asks, reads robots.txt first, waits between two requests, follows few redirects."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from dataset_builder import __version__
from dataset_builder.web.addresses import Address, AddressError, parse_address
from dataset_builder.web.exchange import Answer, Bounds, Failure, ask
from dataset_builder.web.robots import PRODUCT, ROBOTS, Robots

#: RFC 9309, 2.3.1.2 asks for five.
MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: A server may ask for longer pauses; nobody waits longer than this for one page.
LONGEST_PAUSE = 30.0


@dataclass(frozen=True, slots=True)
class Visit:
    """What asking for an address came to.

    Attributes:
        url: what was asked for.
        hops: every answer on the way, redirects first.
        failure: why the way ended, or empty.
        barred: whether it ended because robots.txt does not allow it.
    """

    url: str
    hops: tuple[Answer, ...] = ()
    failure: str = ""
    barred: bool = False

    @property
    def answer(self) -> Answer | None:
        """The last answer, if it is a success."""
        last = self.hops[-1] if self.hops and not self.failure else None
        return last if last is not None and 200 <= last.status < 300 else None


@dataclass
class Visitor:
    """Asks for addresses, one after the other.

    Attributes:
        bounds: what one request may cost.
        pause: seconds between two requests to one host; robots.txt may ask for more.
        contact: an address or email of whoever asks, for the ``User-Agent``.
        robots: what robots.txt said, by origin; each is asked once.
    """

    bounds: Bounds = field(default_factory=Bounds)
    pause: float = 1.0
    contact: str = ""
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    robots: dict[str, Robots] = field(default_factory=dict)
    _last: dict[str, float] = field(default_factory=dict)

    @property
    def agent(self) -> str:
        """The ``User-Agent`` header; its product token is what robots.txt speaks to."""
        return f"{PRODUCT}/{__version__}" + (f" (+{self.contact})" if self.contact else "")

    def visit(self, url: str, headers: Mapping[str, str] | None = None) -> Visit:
        """Ask for ``url``, if its robots.txt allows it, and follow where it leads."""
        try:
            address = parse_address(url)
        except AddressError as error:
            return Visit(url, failure=str(error))
        return self._follow(address, headers or {}, obey=True)

    def robots_of(self, address: Address) -> Robots:
        """The rules of an origin, asked for when they are first needed."""
        if address.origin not in self.robots:
            self.robots[address.origin] = Robots.unread()
            visit = self._follow(address.join(ROBOTS), {}, obey=False)
            self.robots[address.origin] = Robots.of(visit)
        return self.robots[address.origin]

    def _follow(self, address: Address, headers: Mapping[str, str], *, obey: bool) -> Visit:
        visit = Visit(address.url)
        for _ in range(MOST_REDIRECTS + 1):
            if obey and not self.robots_of(address).allows(address):
                return replace(visit, failure=f"robots.txt of {address.origin} does not allow it", barred=True)
            answer = self._ask(address, headers)
            if isinstance(answer, Failure):
                return replace(visit, failure=answer.reason)
            visit = replace(visit, hops=(*visit.hops, answer))
            if answer.status not in _REDIRECTS or not (place := answer.header("location")):
                return visit
            try:
                address = address.join(place)
            except AddressError as error:
                return replace(visit, failure=f"a redirect to {error}")
        return replace(visit, failure=f"more than {MOST_REDIRECTS} redirects")

    def _ask(self, address: Address, headers: Mapping[str, str]) -> Answer | Failure:
        known = self.robots.get(address.origin)
        pause = max(self.pause, min(known.delay, LONGEST_PAUSE) if known else 0.0)
        if (last := self._last.get(address.host)) is not None and (rest := last + pause - self.now()) > 0:
            self.sleep(rest)
        answer = ask(address, {"User-Agent": self.agent, "Accept": "*/*", **headers}, self.bounds)
        self._last[address.host] = self.now()
        return answer
