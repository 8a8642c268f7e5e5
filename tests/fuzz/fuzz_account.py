"""How often each target was run: ``results.json``, and the page RESULTS.md that is made of it.

Executions count for the code that they ran. A target's code (its modules and the rules it reads) has a digest, in which
comments do not show; where that changes, what was counted before is kept apart as executions of an earlier version.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fuzz_target import Target

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ACCOUNT = HERE / "results.json"
PAGE = HERE / "RESULTS.md"
_HEAD = """\
# What was fuzzed, and how often

Written by `make fuzz FUZZ_OPTIONS=--note`. Parsers and writers of our own are fuzzed by atheris, aim 1,000,000
executions: guided by coverage first, and then (`--swift`) without counting it, with inputs half as long, several times
as fast, from those that the guided runs have kept. What runs a large library takes seeded byte mutations, aim 20,000.
Executions add up over runs of the same code: the target's modules, and the rules in `schema/` that they read. Those of
earlier versions of it stand in a column of their own and count for nothing. Kept are the inputs that were finds; each
was mended, and `make test` runs them all again. The rate is executions a second, on a machine that was busy with other
work as well.
"""


def code_digest(target: Target) -> str:
    """Sixteen hex digits over what the target runs of ours; comments and layout of Python do not matter."""
    found = hashlib.sha256()
    for path in sorted(path for name in target.code for path in _files(name)):
        content = path.read_text(encoding="utf-8")
        found.update(path.relative_to(ROOT).as_posix().encode())
        found.update((ast.dump(ast.parse(content)) if path.suffix == ".py" else content).encode())
    return found.hexdigest()[:16]


def _files(name: str) -> list[Path]:
    if "/" in name:
        place = ROOT / name
        return [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    place = ROOT / "dataset_builder" / name.replace(".", "/")
    module = place.with_suffix(".py")
    found = [module] if module.is_file() else list(place.rglob("*.py"))
    if not found:
        raise ValueError(f"no module {name!r} below dataset_builder")
    return found


def known(target: Target) -> int:
    """Executions of the target's present code."""
    entry = _account().get(target.name, {})
    return int(entry.get("executions", 0)) if entry.get("code") == code_digest(target) else 0


def note(target: Target, done: int, spent: int, targets: dict[str, Target], *, swift: bool = False) -> None:
    """Add one run of ``target`` to the account and write the page anew."""
    account = _account()
    entry = account.get(target.name, {})
    code, versions = code_digest(target), _versions(target)
    if entry.get("code") != code:
        earlier = int(entry.get("earlier", 0)) + int(entry.get("executions", 0))
        entry = {"code": code, "executions": 0, "seconds": 0, "earlier": earlier}
    guided = entry.get("guided", entry["executions"]) + (0 if swift else done)
    entry.update(
        executions=entry["executions"] + done, guided=guided, seconds=entry["seconds"] + spent, versions=versions
    )
    account[target.name] = entry
    ACCOUNT.write_text(json.dumps(dict(sorted(account.items())), indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(account, targets), encoding="utf-8")


def page(account: dict[str, Any], targets: dict[str, Target]) -> str:
    """RESULTS.md."""
    rows = [_row(target, account.get(name, {})) for name, target in sorted(targets.items())]
    return "\n".join(
        [
            _HEAD,
            "## Our own",
            "",
            "| target | executions | aim | guided | a second | of earlier versions | kept finds | ran with |",
            "|---|---:|---|---:|---:|---:|---:|---|",
            *(row for row, target in zip(rows, sorted(targets), strict=True) if not targets[target].library),
            "",
            "## Behind a library",
            "",
            "| target | executions | aim | a second | of earlier versions | kept finds | ran with |",
            "|---|---:|---|---:|---:|---:|---|",
            *(row for row, target in zip(rows, sorted(targets), strict=True) if targets[target].library),
            "",
        ]
    )


def _row(target: Target, entry: dict[str, Any]) -> str:
    done, seconds = int(entry.get("executions", 0)), int(entry.get("seconds", 0))
    kept = len(list((HERE / "corpus" / target.name).glob("*")))
    aim = "reached" if done >= target.executions else f"of {target.executions:,}"
    rate = f"{done / seconds:,.0f}" if seconds else ""
    earlier, versions = int(entry.get("earlier", 0)), entry.get("versions", "")
    guided = "" if target.library else f" {int(entry.get('guided', done)):,} |"
    return f"| {target.name} | {done:,} | {aim} |{guided} {rate} | {earlier:,} | {kept} | {versions} |"


def _versions(target: Target) -> str:
    library = target.library or "atheris"
    return f"Python {platform.python_version()}, {library} {_version(library)}"


def _version(library: str) -> str:
    if library == "zlib":
        import zlib

        return zlib.ZLIB_RUNTIME_VERSION
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


def _account() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ACCOUNT.read_text(encoding="utf-8")) if ACCOUNT.exists() else {}
    return found
