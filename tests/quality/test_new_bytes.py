"""How much of a new version the Hub's storage has to take in: floors of the issue, measured by hf-xet itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_new_versions_cost_what_is_new_in_them(repository: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("hf_xet", reason="hf-xet is not installed")
    monkeypatch.setattr(sys, "path", [str(repository), *sys.path])
    from benchmarks.xet import measure

    shares = measure(50_000)
    assert shares["1 % newest"] <= 0.02
    assert shares["10 withdrawn"] <= 0.12
