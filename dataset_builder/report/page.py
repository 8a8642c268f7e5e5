"""The page: templates of ``schema/report/`` filled, style and scripts inside, and a policy that lets in nothing else.

Whatever an expression of a template prints is escaped for HTML unless it is marked as markup here, and the only markup
made here are the drawings (:mod:`dataset_builder.report.shapes`), the style sheet and the scripts. The Content Security
Policy names those two by digest and allows no connection, no image, no frame, no form and no other code, so that text
from outside that got through as markup could still do nothing.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from typing import Any

from markupsafe import Markup

from dataset_builder.resources import schema_file, schema_files

_FOLDER = "report"


def render_page(context: dict[str, Any]) -> str:
    """The whole page as HTML."""
    style, script = _style(), _script()
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
    page: str = (
        _environment()
        .get_template("page.html.jinja")
        .render(**context, policy=policy, style=Markup(style), script=Markup(script))  # noqa: S704 - shipped files
    )
    return page


@cache
def _environment() -> Any:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["number"] = number
    return environment


def number(value: float) -> str:
    """A number as people read it: ``12,345``."""
    return f"{value:,}"


def _template(name: str) -> str:
    return schema_file(_FOLDER, *name.split("/")).read_text(encoding="utf-8")


@cache
def _style() -> str:
    return _template("style.css")


@cache
def _script() -> str:
    """All scripts in the order of their names, in a scope of their own."""
    parts = [entry.read_text(encoding="utf-8") for entry in schema_files(f"{_FOLDER}/script", ".js")]
    return '"use strict";\n(() => {\n' + "\n".join(parts) + "})();\n"


def _digest(text: str) -> str:
    """The text as a hash source of a Content Security Policy (CSP Level 3, section 2.3.1)."""
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
