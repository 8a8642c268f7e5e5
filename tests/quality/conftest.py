"""The quality gate: ``pytest tests/quality --quality-gate`` prints every figure and fails where one is missing."""

from __future__ import annotations

import pytest
from floors import MEASURED, figures, table


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quality-gate", action="store_true", help="print every figure and fail where one is missing")


def _missing(config: pytest.Config) -> list[str]:
    wanted = config.getoption("--quality-gate", default=False)
    return [name for name in figures() if wanted and name not in MEASURED]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _missing(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not MEASURED and not _missing(config):
        return
    terminalreporter.section("quality")
    terminalreporter.line(table())
    for name in _missing(config):
        terminalreporter.line(f"not measured: {name}", red=True)
