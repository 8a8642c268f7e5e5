"""The audit never takes silence for a clean bill."""

from __future__ import annotations

import json

import pytest
from known_vulnerabilities import CLEAN, UNKNOWN, VULNERABLE, verdict

ONE = {"name": "anchor", "version": "1.0", "vulns": [{"id": "GHSA-0000", "fix_versions": ["1.1"]}]}
SOUND = {"name": "bell", "version": "2.0", "vulns": []}
SKIPPED = {"name": "crane", "skip_reason": "not on the index"}


def answer(*packages: object) -> str:
    return json.dumps({"dependencies": packages})


@pytest.mark.parametrize(
    ("code", "said", "errors", "expected", "told"),
    [
        (0, answer(SOUND), "", CLEAN, "no known vulnerability in 1 locked packages"),
        (1, answer(ONE, SOUND), "Found 1", VULNERABLE, "VULNERABLE anchor 1.0: GHSA-0000, mended in 1.1"),
        (0, answer(ONE), "", VULNERABLE, "VULNERABLE anchor"),
        (0, answer(SOUND, SKIPPED), "", UNKNOWN, "NOT ASKED about crane: not on the index"),
        (1, answer(ONE, SKIPPED), "", VULNERABLE, "NOT ASKED about crane"),
        (1, "", "Traceback\nConnectionError: osv.dev", UNKNOWN, "NOT ASKED about vulnerabilities: ConnectionError"),
        (0, "", "", UNKNOWN, "Nothing is known"),
        (0, "[]", "", UNKNOWN, "NOT ASKED"),
        (0, answer(), "", UNKNOWN, "NOT ASKED"),
    ],
)
def test_the_verdict(code: int, said: str, errors: str, expected: int, told: str) -> None:
    found, lines = verdict(code, said, errors)
    assert found == expected
    assert told in "\n".join(lines)
