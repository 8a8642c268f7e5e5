"""The licence of every locked package that is installed here, read by the rules that articles are read by.

``python tests/supply/dependency_licenses.py`` prints them, the way ``make audit`` does; the exit code is 1 where one is
not allowed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import yaml
from license_expression import ExpressionError, Licensing

from dataset_builder.rights.reading import lookup

HERE = Path(__file__).resolve().parent
LOCKS = ("requirements.lock", "requirements-uv.lock")
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
#: A longer entry is the whole text of a licence.
_LONGEST = 100


@dataclass(frozen=True)
class Dependency:
    """One package: its licence as an SPDX expression, empty where nobody knows, and whether it may be installed."""

    name: str
    version: str
    license: str
    allowed: bool


@cache
def rules() -> dict[str, Any]:
    """``dependency_licenses.yaml``."""
    found: dict[str, Any] = yaml.safe_load((HERE / "dependency_licenses.yaml").read_text(encoding="utf-8"))
    return found


def locked(root: Path) -> dict[str, str]:
    """Name and version of every package in the lock files."""
    return {name.lower(): version for lock in LOCKS for name, version in _PINNED.findall((root / lock).read_text())}


def installed(root: Path) -> Iterator[Dependency]:
    """The locked packages that are installed; others are for other systems or versions of Python."""
    for name in sorted(locked(root)):
        try:
            yield judge(distribution(name))
        except PackageNotFoundError:
            continue


def judge(package: Distribution) -> Dependency:
    """The licence of one distribution: what was read by a person, its expression, its words, its classifiers."""
    name = package.metadata["Name"]
    if stated := rules()["stated"].get(name.lower()):
        allowed = bool(stated.get("accepted")) or is_allowed(stated["license"])
        return Dependency(name, package.version, stated["license"], allowed)
    for words in _said(package):
        if (expression := read(words)) is not None:
            return Dependency(name, package.version, expression, is_allowed(expression))
    return Dependency(name, package.version, "", False)


def _said(package: Distribution) -> Iterator[str]:
    yield package.metadata.get("License-Expression") or ""
    license_text = (package.metadata.get("License") or "").strip()
    yield license_text if len(license_text) <= _LONGEST else ""
    classifiers = package.metadata.get_all("Classifier") or []
    named = [entry.split(" :: ")[-1] for entry in classifiers if entry.startswith("License :: OSI Approved :: ")]
    yield named[0] if len(named) == 1 else ""


def read(words: str) -> str | None:
    """An SPDX expression for ``words``; None where a part of it is not known."""
    words = words.strip().strip('"')
    if not words:
        return None
    if (listed := rules()["words"].get(words.casefold())) is not None:
        return str(listed)
    if (known := lookup(words)) is not None:
        return known.expression
    try:
        symbols = Licensing().license_keys(words) if re.fullmatch(r"[\w.()+ -]+", words) else []
        Licensing().parse(words)
    except ExpressionError:  # words that look like an expression
        return None
    return words if symbols and all(name in rules()["allowed"] or lookup(name) for name in symbols) else None


def is_allowed(expression: str) -> bool:
    """Whether every licence of an expression may be installed; of a choice, one is enough."""
    tree = Licensing().parse(expression)
    allowed = set(rules()["allowed"])

    def holds(node: Any) -> bool:
        if hasattr(node, "license_symbol"):
            return holds(node.license_symbol)
        if hasattr(node, "key"):
            return node.key in allowed
        return (any if type(node).__name__ == "OR" else all)(holds(part) for part in node.args)

    return holds(tree)


def main() -> int:
    """Print the list; 1 where a package is not allowed."""
    found = list(installed(HERE.parent.parent))
    for package in found:
        verdict = "" if package.allowed else "   NOT ALLOWED"
        sys.stdout.write(f"{package.name} {package.version}: {package.license or 'unknown'}{verdict}\n")
    return int(not all(package.allowed for package in found))


if __name__ == "__main__":
    sys.exit(main())
