"""What every test may rely on: the repository's folders, and no network."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the golden files")


@pytest.fixture(scope="session")
def repository() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The development material, which is not part of the repository."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is absent: this test needs its development material")
    return SHARED


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections leave the machine for nobody; loopback and local sockets stay open."""
    local = ("127.0.0.1", "::1", "localhost", "", None)

    def refuse(address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in local:
            raise AssertionError(f"a test tried to reach {address[0]}")

    def guard(name: str) -> None:
        original = getattr(socket.socket, name)

        def guarded(self: socket.socket, *arguments: Any) -> Any:
            refuse(arguments[-1])
            return original(self, *arguments)

        monkeypatch.setattr(socket.socket, name, guarded)

    for name in ("connect", "connect_ex", "sendto"):
        guard(name)
    resolve = socket.getaddrinfo

    def resolved(host: Any, *arguments: Any, **options: Any) -> Any:
        refuse((host,))
        return resolve(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    # Nothing is kept from one test to another; a test of the cache names its own.
    monkeypatch.setenv("BUILD_DATASET_CACHE", "")
    # Processes that a test starts are told the same in the words that the Hub's libraries know.
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")
