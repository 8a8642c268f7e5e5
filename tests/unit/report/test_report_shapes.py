"""A drawing holds shapes and texts only, whatever it was made from."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from dataset_builder.report.shapes import inert_drawing

HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="5"
 viewBox="0 0 5 5" onload="hit()"><script>hit()</script><foreignObject><p>x</p></foreignObject><image href="https://evil.example.org/x.png"/>
 <a xlink:href="javascript:hit()"><text>inside</text></a><style>@import "x"</style>
 <g class="mark" onclick="hit()"><path role="graphics-symbol" aria-label="one: 3" d="M0,0" style="fill:url(x)" fill="URL(https://evil.example.org)"/>
 <text font-family="Roboto">a &lt;b&gt;</text></g></svg>"""


def test_only_shapes_and_texts_are_left() -> None:
    drawing = inert_drawing(HOSTILE, 'A "label"')
    for word in (
        "script",
        "foreignObject",
        "image",
        "javascript",
        "evil",
        "style",
        "onclick",
        "onload",
        "href",
        "Roboto",
        "inside",
    ):
        assert word not in drawing
    assert 'data-said="one: 3"' in drawing
    assert "a &lt;b&gt;" in drawing
    assert 'aria-label="A &quot;label&quot;"' in drawing
    assert 'role="img"' in drawing


def test_a_long_name_beside_a_bar_stands_on_two_lines_and_whole() -> None:
    pytest.importorskip("vl_convert", reason="vl-convert-python is not installed")
    from dataset_builder.report.charts import Mark, draw

    names = ("Letters that reached us without an address", "Tide Wire")
    drawing = draw("bars", [Mark(label=name, count=3, said=f"{name}: 3") for name in names], "Bars")
    shown = [text for text in ElementTree.fromstring(drawing).itertext() if not text.isdecimal()]
    assert shown == ["Letters that reached us", "without an address", "Tide Wire"]
    assert f'data-said="{names[0]}: 3"' in drawing


def test_markup_in_the_data_stays_text() -> None:
    pytest.importorskip("vl_convert", reason="vl-convert-python is not installed")
    from dataset_builder.report.charts import Mark, draw

    name = '"><script>hit()</script>&amp;'
    drawing = draw("bars", [Mark(label=name, count=3, said=f"{name}: 3")], "Bars")
    assert "<script" not in drawing
    assert "&lt;script&gt;" in drawing
