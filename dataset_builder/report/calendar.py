"""Days gathered into the periods of a chart: days, months or years, whichever can be seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

#: A chart shows single days up to this span, months up to the next, years beyond.
_MOST_DAYS, _MOST_MONTHS = 92, 144
_DAYS_A_MONTH = 30.4


@dataclass(frozen=True)
class Period:
    """One unit of time.

    Attributes:
        name: ``day``, ``month`` or ``year``.
        time_unit: Vega-Lite's name for it; in UTC, as a day must not move with the machine's zone.
        digits: how much of ``YYYY-MM-DD`` names it.
    """

    name: str
    time_unit: str
    digits: int

    def of(self, day: str) -> str:
        """The period of a day or month, ``YYYY-MM-DD`` or ``YYYY-MM``, in as many digits."""
        return day[: self.digits]

    def first_day(self, period: str) -> str:
        """The day that the period begins with."""
        return (period + "-01-01")[:10]


_DAY = Period("day", "utcyearmonthdate", 10)
_MONTH = Period("month", "utcyearmonth", 7)
YEAR = Period("year", "utcyear", 4)


def period_for(first: date | None, last: date | None, *, at_least: str = "day") -> Period:
    """The unit in which the time from ``first`` to ``last`` fits a chart; ``at_least`` is ``day`` or ``month``."""
    days = (last - first).days if first and last else 0
    if days <= _MOST_DAYS and at_least == "day":
        return _DAY
    return _MONTH if days <= _MOST_MONTHS * _DAYS_A_MONTH else YEAR
