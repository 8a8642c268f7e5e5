"""What is installed with the package: pinned by hashes, under licences that were read, from nowhere in particular."""

from __future__ import annotations

import re
from pathlib import Path

import dependency_licenses as licenses
import pytest


def test_every_locked_package_is_pinned_by_a_hash_and_names_no_index(repository: Path) -> None:
    for lock in licenses.LOCKS:
        text = (repository / lock).read_text(encoding="utf-8")
        requirements = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
        assert requirements
        for requirement in requirements:
            assert "==" in requirement.splitlines()[0], requirement.splitlines()[0]
            assert "--hash=sha256:" in requirement, requirement.splitlines()[0]
        assert "://" not in text, "an address of an index"
        assert "--index" not in text


def test_every_locked_package_that_is_installed_has_a_license_that_was_read(repository: Path) -> None:
    found = list(licenses.installed(repository))
    assert len(found) > 60, "the lock files or the environment are not what this test is about"
    assert [f"{package.name}: {package.license or 'unknown'}" for package in found if not package.allowed] == []


@pytest.mark.parametrize(
    ("words", "expression", "allowed"),
    [
        ("MIT", "MIT", True),
        ("Apache Software License", "Apache-2.0", True),
        ("Apache-2.0 AND CNRI-Python", "Apache-2.0 AND CNRI-Python", True),
        ("GPL-3.0-only", "GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", "MIT AND GPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", "MIT OR GPL-3.0-only", True),
        ("AGPL-3.0-or-later", "AGPL-3.0-or-later", False),
    ],
)
def test_the_rule(words: str, expression: str, allowed: bool) -> None:
    assert licenses.read(words) == expression
    assert licenses.is_allowed(expression) is allowed


@pytest.mark.parametrize("words", ["", "Proprietary", "All rights reserved", "see LICENSE", "MIT AND Fancy-1.0"])
def test_words_that_allow_nothing(words: str) -> None:
    expression = licenses.read(words)
    assert expression is None or not licenses.is_allowed(expression)


def test_packages_that_a_person_has_read_are_still_silent(repository: Path) -> None:
    """An entry under ``stated`` goes when the package says it by itself."""
    for name, entry in licenses.rules()["stated"].items():
        assert entry["where"], name
        assert licenses.read(entry["license"]) is None or licenses.is_allowed(entry["license"]), name
