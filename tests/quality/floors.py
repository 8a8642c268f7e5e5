"""The figures that the quality gate holds: a measure must reach its floor, and a floor must follow its measure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FLOORS = Path(__file__).parent / "floors.yaml"

#: What has been measured in this run, by name.
MEASURED: dict[str, float] = {}


@dataclass(frozen=True)
class Figure:
    """One pinned figure; the members are those of ``floors.yaml``."""

    name: str
    what: str
    better: str
    floor: float
    within: float
    lowered: str = ""

    def fault(self, value: float) -> str:
        """Why ``value`` does not pass, or ``""``."""
        ahead = (value - self.floor) * (1 if self.better == "higher" else -1)
        if ahead < -1e-9:
            return f"{self.name}: {value:.4f} misses its floor {self.floor}"
        if ahead > self.within + 1e-9:
            return f"{self.name}: {value:.4f} leaves its floor {self.floor} behind; raise it in {FLOORS.name}"
        return ""


def figures_of(text: str) -> dict[str, Figure]:
    """The figures that a version of ``floors.yaml`` holds."""
    entries: dict[str, Any] = yaml.safe_load(text)
    return {name: Figure(name, **entry) for name, entry in entries.items()}


@cache
def figures() -> dict[str, Figure]:
    """The figures of this checkout."""
    return figures_of(FLOORS.read_text(encoding="utf-8"))


def hold(name: str, value: float) -> None:
    """Record a measure for the table at the end of the run, and hold it to its floor."""
    MEASURED[name] = value
    fault = figures()[name].fault(value)
    assert not fault, fault


def lowered(before: dict[str, Figure], after: dict[str, Figure]) -> list[str]:
    """The figures that are held less tightly ``after`` than ``before``, and for which no new decision is named."""
    found = []
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            found.append(f"{name} is gone")
            continue
        looser = (new.floor < old.floor) if old.better == "higher" else (new.floor > old.floor)
        if (looser or new.better != old.better or new.within > old.within) and new.lowered in ("", old.lowered):
            found.append(f"{name}: {old.floor} within {old.within} became {new.floor} within {new.within}")
    return found


def table() -> str:
    """What was measured, figure by figure, as lines to print."""
    rows = [("figure", "measured", "floor", "what")]
    for name, figure in figures().items():
        measured = f"{MEASURED[name]:.4f}" if name in MEASURED else "-"
        bound = f"{'>=' if figure.better == 'higher' else '<='} {figure.floor:g}"
        rows.append((name, measured, bound, figure.what))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(f"{a:{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}  {what}" for a, b, c, what in rows)
