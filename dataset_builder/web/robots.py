"""robots.txt (RFC 9309), and what else sites say there: ``License:`` (RSL 1.0) and ``Content-Usage:`` (IETF AIPREF)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dataset_builder.errors import MissingDependencyError
from dataset_builder.web.addresses import Address

if TYPE_CHECKING:
    from dataset_builder.web.visitor import Visit

ROBOTS = "/robots.txt"
#: The product token that rules may name.
PRODUCT = "build-dataset"
#: RFC 9309, 2.5: a parser reads at least 500 KiB.
_READ = 512 << 10
_LINE = re.compile(r"^[ \t]*(license|content-usage)[ \t]*:[ \t]*([^#\r\n]{1,2000})", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin.

    Attributes:
        visit: how they were asked for; None while they are.
        rules: the parsed rules, None where everything is allowed or nothing.
        closed: whether nothing is allowed, because the server could not be asked (RFC 9309, 2.3.1.4).
        delay: seconds that it wants between requests.
        licenses: addresses behind ``License:``.
        usage: values of ``Content-Usage:``.
    """

    visit: Visit | None = None
    rules: Any = None
    closed: bool = False
    delay: float = 0.0
    licenses: tuple[str, ...] = ()
    usage: tuple[str, ...] = ()

    @classmethod
    def unread(cls) -> Robots:
        """No rules, for asking for the rules themselves."""
        return cls()

    @classmethod
    def of(cls, visit: Visit) -> Robots:
        """The rules that a visit to robots.txt brought; a site that answers 4xx has none (RFC 9309, 2.3.1.3)."""
        answer = visit.answer
        if answer is None:
            refused = bool(visit.hops) and not visit.failure and 400 <= visit.hops[-1].status < 500
            return cls(visit, closed=not refused)
        text = answer.body[:_READ].decode("utf-8", "replace")
        rules = _parser().parse(text)
        found = [(match[1].lower(), match[2].strip()) for match in _LINE.finditer(text)]
        return cls(
            visit,
            rules,
            delay=float(rules.crawl_delay(PRODUCT) or 0.0),
            licenses=tuple(dict.fromkeys(value for name, value in found if name == "license")),
            usage=tuple(dict.fromkeys(value for name, value in found if name == "content-usage")),
        )

    def allows(self, address: Address) -> bool:
        """Whether a page may be asked for."""
        if self.rules is None:
            return not self.closed
        return bool(self.rules.can_fetch(address.url, PRODUCT))


def _parser() -> Any:
    try:
        from protego import Protego
    except ImportError:
        hint = "pip install 'news-dataset-builder[evidence]'"
        raise MissingDependencyError("asking the web needs the package protego", hint=hint) from None
    return Protego
