"""Whatever is done to a snapshot, ``verify`` names it; also where the forger seals the manifest anew."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from corpora import write_corpus
from dataset_builder.cli.app import app
from dataset_builder.errors import SnapshotError, UsageError
from dataset_builder.pipeline import build
from dataset_builder.snapshot.verify import verify


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verify")
    return build(write_corpus(folder / "corpus"), folder / "out").out


def first(folder: Path, pattern: str) -> Path:
    return sorted(folder.glob(pattern))[0]


def reseal(folder: Path) -> None:
    """What a forger does: every size and digest as the files now are, and a new seal."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    for entry in manifest["files"]:
        content = (folder / entry["path"]).read_bytes()
        entry |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "manifest.json.sha256").write_text(f"{digest}  manifest.json\n")


def replace(path: Path, pattern: str, replacement: str) -> None:
    text = path.read_text(encoding="utf-8")
    changed = re.sub(pattern, replacement, text, count=1, flags=re.MULTILINE)
    assert changed != text, f"{pattern} is not in {path.name}"
    path.write_text(changed, encoding="utf-8")


def edit_manifest(**members: Any) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text())
        path.write_text(json.dumps({**manifest, **members}, indent=2))

    return edit


def test_an_untouched_snapshot_verifies(snapshot: Path) -> None:
    outcome = verify(snapshot)
    assert outcome.issues == ()
    assert verify(snapshot, expect=outcome.identity).valid
    assert [issue.code for issue in verify(snapshot, expect="sha256:" + "0" * 64).issues] == ["identity-unexpected"]


def test_the_seal_may_be_expected_in_place_of_the_identity(snapshot: Path, copy: Path) -> None:
    seal = (snapshot / "manifest.json.sha256").read_text().split()[0]
    assert verify(snapshot).seal == seal
    assert verify(snapshot, expect=seal).valid
    assert verify(snapshot, expect=f"sha256:{seal}").valid
    edit_manifest(noncommercial=True)(copy)  # nothing else in it says so, or that it is not
    reseal(copy)
    assert verify(copy, expect=verify(snapshot).identity).valid
    assert [issue.code for issue in verify(copy, expect=seal).issues] == ["identity-unexpected"]


@pytest.mark.parametrize(
    ("digest", "shown"), [("identity", "the data are the same"), ("seal", "every byte is the same")]
)
def test_which_of_the_two_was_expected_is_said(snapshot: Path, digest: str, shown: str) -> None:
    expected = getattr(verify(snapshot), digest)
    ran = CliRunner().invoke(app, ["verify", str(snapshot), "--expect", expected])
    assert ran.exit_code == 0
    assert shown in ran.output


@pytest.mark.parametrize("audience", ["private", "public"])
def test_snapshots_of_a_bare_folder_verify(tmp_path: Path, audience: str) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "a.txt").write_text("The ferry left Port Callow. It came back before the storm.")
    assert verify(build(tmp_path / "bare", tmp_path / "out", audience=audience).out).issues == ()


def test_a_flipped_byte_in_any_file(snapshot: Path, copy: Path) -> None:
    for path in sorted(copy.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            middle = len(content) // 2
            path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
            name = path.relative_to(copy).as_posix()
            found = {issue.path for issue in _verify_or_refuse(copy)}
            assert name in found or name.startswith("manifest.json"), name
            assert found, name
            path.write_bytes(content)
    assert verify(copy).valid


def _verify_or_refuse(folder: Path) -> Any:
    try:
        return verify(folder).issues
    except SnapshotError as error:
        from dataset_builder.issues import Issue

        return (Issue("manifest.json", code="manifest-malformed", found=error.found),)


PACKAGE = "datapackage.json"
CROISSANT = "croissant.json"
INVENTED = {"id": "0" * 32, "reason": "x", "date": "2024-01-01"}

PLAIN: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (lambda f: first(f, "catalog/*.parquet").unlink(), "file-missing"),
    "added": (lambda f: (f / "articles" / "extra.parquet").write_bytes(b"x"), "file-added"),
    "added-hidden": (lambda f: (f / ".hidden").write_bytes(b"x"), "file-added"),
    "renamed": (lambda f: (f / "CITATION.cff").rename(f / "CITATION.CFF"), "file-missing"),
    "swapped": (lambda f: shutil.copy(first(f, "catalog/*"), first(f, "articles/*/*")), "file-altered"),
}

FORGED: dict[str, tuple[Callable[[Path], Any], str]] = {
    "card-license": (lambda f: replace(f / "README.md", r"^- cc-by-4\.0$", "- mit"), "README.md"),
    "card-license-table": (lambda f: replace(f / "README.md", r"\| CC-BY-4\.0 \|", "| MIT |"), "README.md"),
    "card-license-count": (lambda f: replace(f / "README.md", r"(\| full \|) \d+ \|", r"\1 99 |"), "README.md"),
    "croissant-license": (lambda f: replace(f / CROISSANT, r"licenses/CC-BY-4\.0", "licenses/MIT"), CROISSANT),
    "package-license": (lambda f: replace(f / PACKAGE, r'"name": "CC-BY-4\.0"', '"name": "MIT"'), PACKAGE),
    "release-counts": (edit_manifest(release_counts={"full": 99}), "manifest.json"),
    "legal-basis": (edit_manifest(legal_basis={"rules": ["attribution-full"]}), "manifest.json"),
    "card-language": (lambda f: replace(f / "README.md", r"^- en$", "- fr"), "README.md"),
    "card-name": (lambda f: replace(f / "README.md", r"^pretty_name: .*$", "pretty_name: Other"), "README.md"),
    "card-bytes": (lambda f: replace(f / "README.md", r"num_bytes: \d+", "num_bytes: 1"), "README.md"),
    "card-examples": (lambda f: replace(f / "README.md", r"num_examples: \d+", "num_examples: 1"), "README.md"),
    "card-feature": (lambda f: replace(f / "README.md", r"dtype: date32", "dtype: string"), "README.md"),
    "card-version": (lambda f: replace(f / "README.md", r"  version: 1\.0\.0", "  version: 1.0.1"), "README.md"),
    "card-digest": (lambda f: replace(f / "README.md", r"sha256:[0-9a-f]{8}", "sha256:00000000"), "README.md"),
    "package-version": (lambda f: replace(f / PACKAGE, r'"version": "1.0.0"', '"version": "2.0.0"'), PACKAGE),
    "package-schema": (lambda f: replace(f / PACKAGE, r'"required": true', '"required": false'), PACKAGE),
    "citation-title": (lambda f: replace(f / "CITATION.cff", r"^title: .*$", "title: Other"), "CITATION.cff"),
    "citation-digest": (lambda f: replace(f / "CITATION.cff", r"256:[0-9a-f]{8}", "256:00000000"), "CITATION.cff"),
    "croissant-digest": (lambda f: replace(f / "croissant.json", r"[0-9a-f]{64}", "0" * 64), "croissant.json"),
    "audience": (edit_manifest(audience="restricted"), "manifest.json"),
    "title": (edit_manifest(title="Other"), "datapackage.json"),
    "version": (edit_manifest(version="9.9.9"), "datapackage.json"),
    "created": (edit_manifest(created="2001-01-01"), "datapackage.json"),
    "license": (edit_manifest(license="MIT"), "manifest.json"),
    "license-counts": (edit_manifest(license_counts={"CC0-1.0": 7}), "manifest.json"),
    "withheld-counts": (edit_manifest(withheld_counts={"x": 1}), "manifest.json"),
    "sort-key": (edit_manifest(sort_key=["id"]), "manifest.json"),
    "schema": (edit_manifest(schema_sha256="0" * 64), "manifest.json"),
    "policy": (edit_manifest(policy_sha256="0" * 64), "README.md"),
    "withdrawals": (edit_manifest(withdrawals=[INVENTED]), "withdrawals.json"),
    "identity": (edit_manifest(identity="sha256:" + "0" * 64), "manifest.json"),
    "files": (edit_manifest(files=7), "manifest.json"),
    "outside": (edit_manifest(files=[{"path": "../x", "bytes": 1, "sha256": "0" * 64}]), "manifest.json"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLAIN)
def test_a_folder_that_was_changed(copy: Path, name: str) -> None:
    change, code = PLAIN[name]
    change(copy)
    assert code in {issue.code for issue in verify(copy).issues}


@pytest.mark.parametrize("name", FORGED)
def test_a_forger_who_seals_anew(copy: Path, name: str) -> None:
    change, path = FORGED[name]
    change(copy)
    if name not in ("files", "outside"):
        reseal(copy)
    assert path in {issue.path for issue in verify(copy).issues}


def test_a_private_snapshot_cannot_be_relabelled(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "a.txt").write_text("The ferry left Port Callow. It came back before the storm.")
    out = build(tmp_path / "bare", tmp_path / "out", audience="private").out
    edit_manifest(audience="public")(out)
    package = out / "datapackage.json"
    package.write_text(package.read_text().replace('"audience": "private"', '"audience": "public"'))
    reseal(out)
    found = [issue for issue in verify(out).issues if issue.field == "audience"]
    assert [issue.expected for issue in found] == ["private"]


def test_what_is_no_snapshot(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        verify(tmp_path / "nowhere")
    with pytest.raises(SnapshotError):
        verify(tmp_path)
