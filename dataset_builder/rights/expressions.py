"""SPDX expressions: ``AND``, ``OR``, ``WITH`` and parentheses over known licences.

Parsed with ``license-expression``, whose own verdict is not enough: it reports no error for an empty string, raises
AttributeError in ``validate`` for a dangling operator, and rejects every ``LicenseRef-``. So it only builds the tree;
the names in it are looked up here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dataset_builder.rights.classes import UNDETERMINED, rights_classes, strictest
from dataset_builder.rights.known import KnownLicense

#: Specification: SPDX 2.3, annex D; longer ones are refused before the parser sees them.
MAX_EXPRESSION_LENGTH = 500
_MAX_DEPTH = 20
_SHAPE = re.compile(r"[\w.+:()\s-]+")
#: How the SPDX list names its exceptions; "CC0 with approval" is none.
_EXCEPTION = re.compile(r"-exception\b|-note$|^SHL-2\.[01]$")
_OPERATOR = re.compile(r"\b(?:and|or|with)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedExpression:
    """An expression whose parts were looked up.

    Attributes:
        expression: normalised; None where a part is unknown or the syntax is wrong.
        rights_class: of the whole: conditions add up over AND, the reader may choose over OR.
        parts: the known licences in it, in order, each once.
        unknown: the names in it that nobody knows.
    """

    expression: str | None
    rights_class: str
    parts: tuple[KnownLicense, ...]
    unknown: tuple[str, ...]


def looks_like_expression(text: str) -> bool:
    """Whether it is worth parsing: words joined by an operator, and nothing that an identifier cannot hold."""
    return (
        len(text) <= MAX_EXPRESSION_LENGTH
        and text.count("(") <= _MAX_DEPTH
        and _SHAPE.fullmatch(text) is not None
        and _OPERATOR.search(text) is not None
    )


def is_meant_as_expression(text: str) -> bool:
    """Whether somebody wrote an expression and no prose: an operator in capitals, at an end, or between single words.

    What is meant as one and cannot be parsed is unknown as a whole; its known half grants nothing.
    """
    pieces = [piece.strip(" ()") for piece in _OPERATOR.split(text)]
    in_capitals = re.search(r"\b(?:AND|OR|WITH)\b", text) is not None and not text.isupper()
    return in_capitals or not all(pieces) or all(" " not in piece for piece in pieces)


def parse_expression(text: str, lookup: Callable[[str], KnownLicense | None]) -> ParsedExpression:
    """Parse ``text`` and look up each name in it with ``lookup``."""
    from license_expression import Licensing

    try:
        tree = Licensing().parse(text, validate=False)
    except Exception:  # the parser answers bad syntax with IndexError, AttributeError and others beside its own errors
        return ParsedExpression(None, UNDETERMINED, (), ())
    if tree is None:
        return ParsedExpression(None, UNDETERMINED, (), ())
    known: dict[str, KnownLicense] = {}
    unknown: dict[str, None] = {}
    written, rights_class = _read(tree, lookup, known, unknown)
    if unknown:
        return ParsedExpression(None, UNDETERMINED, tuple(known.values()), tuple(unknown))
    return ParsedExpression(written, rights_class, tuple(known.values()), ())


def _read(
    node: Any, lookup: Callable[[str], KnownLicense | None], known: dict[str, KnownLicense], unknown: dict[str, None]
) -> tuple[str, str]:
    """The normalised text and the class of one node of the tree."""
    if hasattr(node, "license_symbol"):  # X WITH Y: an exception allows more, never less; X decides
        if not _EXCEPTION.search(node.exception_symbol.key):
            unknown[node.exception_symbol.key] = None
        written, rights_class = _read(node.license_symbol, lookup, known, unknown)
        return f"{written} WITH {node.exception_symbol.key}", rights_class
    if hasattr(node, "key"):
        found = lookup(node.key)
        if found is None:
            unknown[node.key] = None
            return node.key, UNDETERMINED
        known[found.expression] = found
        return found.expression, found.rights_class
    operator = str(node.operator).strip()
    pairs = [_read(child, lookup, known, unknown) for child in node.args]
    # A part with an operator of its own is put in parentheses, which is always right and never ambiguous.
    parts = list(dict.fromkeys(f"({text})" if _OPERATOR.search(text) else text for text, _ in pairs))
    classes = [rights_class for _, rights_class in pairs]
    chosen = strictest(classes) if operator == "AND" else min(classes, key=list(rights_classes()).index)
    return f" {operator} ".join(parts), chosen
