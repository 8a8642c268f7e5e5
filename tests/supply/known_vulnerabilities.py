"""Ask osv.dev, by way of pip-audit, which locked packages have known vulnerabilities; ``make audit`` runs it last.

The exit code is 0 where every package was asked about and none is known to be vulnerable, 1 where one is, and 3 where
osv.dev did not answer: then nothing is known, and nobody should take silence for a clean bill. There is no offline
equivalent: docs/decisions/audit-asks-osv.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOOL = ("uv", "tool", "run", "--from", "pip-audit==2.10.1", "pip-audit")
OPTIONS = ("--require-hashes", "--disable-pip", "--vulnerability-service", "osv", "--format", "json")
CLEAN, VULNERABLE, UNKNOWN = 0, 1, 3


def verdict(code: int, answer: str, errors: str) -> tuple[int, list[str]]:
    """The exit code, and what to say, for what pip-audit returned and wrote."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (errors.strip().splitlines() or ["no answer"])[-1]
        return UNKNOWN, [
            f"NOT ASKED about vulnerabilities: {last[:300]}",
            "Nothing is known about them. Run make audit where osv.dev can be reached.",
        ]
    found = list(_findings(packages))
    skipped = [f"NOT ASKED about {one['name']}: {one['skip_reason']}" for one in packages if "skip_reason" in one]
    if found or code not in (CLEAN, VULNERABLE):
        return VULNERABLE, [*found, *skipped]
    if skipped or not packages:
        return UNKNOWN, skipped or ["NOT ASKED about vulnerabilities: no package is locked"]
    return CLEAN, [f"no known vulnerability in {len(packages)} locked packages, says osv.dev"]


def _findings(packages: list[dict[str, object]]) -> Iterator[str]:
    for package in packages:
        for one in package.get("vulns", ()):  # type: ignore[attr-defined]
            mended = ", ".join(one["fix_versions"]) or "no version yet"
            yield f"VULNERABLE {package['name']} {package['version']}: {one['id']}, mended in {mended}"


def main() -> int:
    """Ask about both lock files; the worst exit code."""
    codes = []
    for lock in ("requirements.lock", "requirements-uv.lock"):
        command = [str(Path(sys.executable).parent / TOOL[0]), *TOOL[1:], "--requirement", str(ROOT / lock), *OPTIONS]
        ran = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
        code, lines = verdict(ran.returncode, ran.stdout, ran.stderr)
        codes.append(code)
        print("\n".join(f"{lock}: {line}" for line in lines))
    return VULNERABLE if VULNERABLE in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main())
