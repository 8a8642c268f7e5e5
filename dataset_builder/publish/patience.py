"""How long a server's faults are borne: a few tries, each after the delay that the server asks for, within bounds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

Answer = TypeVar("Answer")

#: Calls of one step, the first included.
TRIES = 4
#: Seconds that one wait may last; a server that asks for more is left alone.
LONGEST_WAIT = 120.0
#: RFC 9110 and RFC 6585: what may be otherwise the next time.
TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that ``Retry-After`` asks for (RFC 9110, section 10.2.3); None without it, or where it is a date."""
    value = headers.get("retry-after") or headers.get("Retry-After") or ""
    return float(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def wait_before(attempt: int, asked: float | None) -> float | None:
    """Seconds to wait after the failed try number ``attempt``, from 0; None: do not try again."""
    wait = asked if asked is not None else float(2**attempt)
    return None if attempt + 1 >= TRIES or wait > LONGEST_WAIT else wait


def patiently(
    call: Callable[[], Answer], transient: Callable[[Exception], bool], asked: Callable[[Exception], float | None]
) -> Answer:
    """``call()``, again where it failed in a way that may pass.

    Args:
        transient: whether trying again is of use after this fault.
        asked: the seconds that the fault asks for, None where it does not say.
    """
    for attempt in range(TRIES):
        try:
            return call()
        except Exception as error:
            wait = wait_before(attempt, asked(error)) if transient(error) else None
            if wait is None:
                raise
            time.sleep(wait)
    raise AssertionError("unreachable: the last try returns or raises")
