"""Charts: Vega-Lite specifications (``schema/report/charts/``) over counted rows, drawn as SVG by vl-convert.

They are drawn when the report is written: the page needs no plotting library, no evaluation of code and no time for
them. Colours are variables of the page's style sheet, so that a drawing follows light, dark and print.
"""

from __future__ import annotations

import copy
import textwrap
from collections.abc import Sequence
from functools import cache
from typing import Any, TypedDict

from dataset_builder.errors import MissingDependencyError
from dataset_builder.report.calendar import Period
from dataset_builder.report.shapes import inert_drawing
from dataset_builder.resources import read_json

#: The version of Vega-Lite that the specifications are written for.
VEGA_LITE = "6.4"

#: Charts with a name beside each bar; a name longer than this many code points stands on two lines.
_NAMED_BARS = frozenset({"bars", "stacked"})
_LINE = 30
#: Where a name is broken; the specifications split it there.
_BREAK = "\n"
#: Pixels from bar to bar where a name stands on two lines.
_STEP_OF_TWO_LINES = 30


class Mark(TypedDict, total=False):
    """One row of a chart: what it stands at (``label`` or ``start``), what it belongs to, how much, in words."""

    label: str
    start: str
    series: str
    rank: int
    count: float
    said: str


def draw(
    chart: str,
    marks: Sequence[Mark],
    title: str,
    *,
    colours: dict[str, str] | None = None,
    period: Period | None = None,
) -> str:
    """The drawing as inert SVG.

    Args:
        chart: the specification's name.
        title: what assistive technology calls it.
        colours: series -> variable of the style sheet, in the order of the legend.
        period: the unit of a time axis.

    Raises:
        MissingDependencyError: the extra ``report`` is not installed.
    """
    spec = copy.deepcopy(_specification(chart))
    rows = [_broken(mark) for mark in marks] if chart in _NAMED_BARS else list(marks)
    spec["datasets"] = {"rows": rows}
    if any(_BREAK in row.get("label", "") for row in rows):
        spec["height"] = {"step": _STEP_OF_TWO_LINES}
    encoding = spec["encoding"]
    if colours is not None:
        scale = {"domain": list(colours), "range": [f"var({variable})" for variable in colours.values()]}
        encoding["color"]["scale"] = scale
        if "shape" in encoding:
            encoding["shape"]["scale"] = {"domain": scale["domain"]}
    if period is not None:
        encoding["x"]["timeUnit"] = period.time_unit
    svg: str = _converter().vegalite_to_svg(spec, vl_version=VEGA_LITE)
    return inert_drawing(svg, title)


def _broken(mark: Mark) -> Mark:
    """``mark`` with a name of two lines, if it is long; the second is cut by the specification's limit."""
    first, *rest = textwrap.wrap(mark["label"], _LINE, break_on_hyphens=False) or [""]
    return {**mark, "label": _BREAK.join((first, " ".join(rest))) if rest else first}


@cache
def _specification(chart: str) -> dict[str, Any]:
    return {**read_json("report", "charts", f"{chart}.json"), "config": read_json("report", "charts", "theme.json")}


def _converter() -> Any:
    try:
        import vl_convert
    except ImportError:
        raise MissingDependencyError(
            "the library that draws the charts is not installed",
            expected="vl-convert-python, of the extra `report`",
            hint="python -m pip install vl-convert-python",
        ) from None
    return vl_convert
