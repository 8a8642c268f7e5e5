"""A drawing as an inline part of a page: shapes and texts, and nothing that acts.

What a chart shows comes from the data, so the drawing is not taken on trust: elements and attributes that are not
listed here are left out, whatever library wrote them. A mark's description becomes ``data-said``, which the page shows
beside the pointer; for assistive technology the drawing is one image, and the table below it has the numbers.
"""

from __future__ import annotations

from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset({"svg", "g", "path", "line", "rect", "circle", "text", "tspan"})
#: Vega's classes of axes and legends; what they say of themselves is of use to nobody who sees them.
_GUIDES = frozenset({"role-axis", "role-legend"})
_ATTRIBUTES = frozenset(
    {
        "class", "d", "dominant-baseline", "dx", "dy", "fill", "fill-opacity", "font-size", "font-weight", "height",
        "opacity", "pointer-events", "r", "stroke", "stroke-dasharray", "stroke-linecap", "stroke-miterlimit",
        "stroke-opacity", "stroke-width", "text-anchor", "transform", "viewBox", "width", "x", "x1", "x2", "y", "y1",
        "y2",
    }
)  # fmt: skip


def inert_drawing(svg: str, label: str) -> str:
    """``svg`` reduced to shapes and texts, as one image that is called ``label``."""
    source = ElementTree.fromstring(svg)  # noqa: S314 - written by the chart library in this process, without a DTD
    drawing = _reduced(source)
    for name in ("width", "height"):
        drawing.attrib.pop(name, None)
    drawing.set("role", "img")
    drawing.set("aria-label", label)
    return ElementTree.tostring(drawing, encoding="unicode")


def _reduced(element: ElementTree.Element) -> ElementTree.Element:
    kept = {
        name: value for name, value in element.attrib.items() if name in _ATTRIBUTES and "url(" not in value.lower()
    }
    if element.get("role") == "graphics-symbol" and not _GUIDES & set(kept.get("class", "").split()):
        kept["data-said"] = element.get("aria-label", "")
    copy = ElementTree.Element(element.tag.removeprefix(_SVG), kept)
    copy.text, copy.tail = element.text, element.tail
    copy.extend(_reduced(child) for child in element if child.tag.removeprefix(_SVG) in _ELEMENTS)
    return copy
