"""The crate is a Process Run Crate: read back by the library, and validated by the profile's own validator."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from archives import page
from corpora import write_corpus
from dataset_builder.crate.entities import PROFILE
from dataset_builder.crate.export import METADATA, export_crate
from dataset_builder.errors import UsageError
from dataset_builder.pipeline import build
from dataset_builder.snapshot.identity import file_sha256

#: Checks that fetch the context from the web.
ASK_THE_WEB = ("ro-crate-1.1_3.1", "ro-crate-1.1_3.2")

rocrate = pytest.importorskip("rocrate")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("crate")
    corpus = write_corpus(root / "corpus", articles=2)
    (corpus / "gazette" / "bells.html").write_bytes(page("Bells of Saltby"))
    config = (corpus / "dataset.yaml").read_text()
    (corpus / "dataset.yaml").write_text(
        config.replace("articles:\n", 'articles:\n  - {path: "**/*.html", source: gazette}\n')
    )
    return build(corpus, root / "snapshot").out


def catalog(snapshot: Path) -> list[dict[str, Any]]:
    return [row for shard in sorted((snapshot / "catalog").iterdir()) for row in pq.read_table(shard).to_pylist()]


def page_of(snapshot: Path) -> dict[str, Any]:
    return next(row for row in catalog(snapshot) if row["provenance"]["extraction"])


def test_the_library_reads_what_it_wrote(snapshot: Path, tmp_path: Path) -> None:
    from rocrate.rocrate import ROCrate

    article = page_of(snapshot)
    export_crate(snapshot, tmp_path / "crate", articles=[article["id"]])
    crate = ROCrate(tmp_path / "crate")
    assert crate.root_dataset["conformsTo"].id == PROFILE
    manifest = json.loads((snapshot / "manifest.json").read_bytes())
    for entry in manifest["files"]:
        entity = crate.get(entry["path"])
        assert entity["sha256"] == entry["sha256"] == file_sha256(tmp_path / "crate" / entry["path"])
    action = crate.get("#build")
    assert {made.id for made in action["result"]} == {entry["path"] for entry in manifest["files"]}
    assert {used.id for used in action["object"]} == {"#source-ledger", "#source-gazette"}
    assert action["instrument"]["softwareVersion"] == manifest["builder_version"]
    key = article["id"]
    assert crate.get(f"#cleaning-{key}")["object"].id == f"#extracted-{key}"
    assert crate.get(f"#extraction-{key}")["object"].id == f"#payload-{key}"
    assert crate.get(f"#payload-{key}")["sha256"] == article["provenance"]["payload_sha256"]
    assert article["decision_rule"] in crate.get(f"#body-{key}")["conditionsOfAccess"]


def test_the_same_snapshot_gives_the_same_crate(snapshot: Path, tmp_path: Path) -> None:
    export_crate(snapshot, tmp_path / "one")
    export_crate(snapshot, tmp_path / "other")
    assert (tmp_path / "one" / METADATA).read_bytes() == (tmp_path / "other" / METADATA).read_bytes()


def test_a_withheld_text_is_not_in_the_crate(snapshot: Path, tmp_path: Path) -> None:
    withheld = [row["id"] for row in catalog(snapshot) if row["release"] != "full"]
    export_crate(snapshot, tmp_path / "crate", articles=withheld)
    assert "Its engine had failed" not in (tmp_path / "crate" / METADATA).read_text()


def test_the_metadata_can_stand_in_a_page(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", articles=1)
    config = (corpus / "dataset.yaml").read_text()
    (corpus / "dataset.yaml").write_text(config.replace("title: Harbour Notes", 'title: "Notes </script>"'))
    export_crate(build(corpus, tmp_path / "snapshot").out, tmp_path / "crate")
    metadata = (tmp_path / "crate" / METADATA).read_text()
    assert "</" not in metadata
    assert "Notes </script>" in json.dumps(json.loads(metadata))


def test_what_cannot_be_exported(snapshot: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(UsageError, match="there already"):
        export_crate(snapshot, tmp_path / "full")
    known = catalog(snapshot)[0]["id"]
    with pytest.raises(UsageError) as caught:
        export_crate(snapshot, tmp_path / "crate", articles=[known[:-1] + "x"])
    assert known in caught.value.hint


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], list[str]]:
    """The validator's findings, with the context that the library ships in place of the one on the web."""
    services = pytest.importorskip("rocrate_validator.services")
    from rdflib.plugins.shared.jsonld import context
    from rocrate_validator.models import Severity

    shipped = json.loads((Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes())

    def run(crate: Path) -> list[str]:
        settings = services.ValidationSettings(
            rocrate_uri=str(crate),
            profile_identifier="process-run-crate",
            requirement_severity=Severity.RECOMMENDED,
            skip_checks=list(ASK_THE_WEB),
        )
        monkeypatch.setattr(context, "source_to_json", lambda *_, **__: (shipped, None))
        issues = services.validate(settings).get_issues()
        return [f"{issue.severity.name} {issue.check.identifier}: {issue.message}" for issue in issues]

    return run


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_the_validator_of_the_profile_accepts_it(
    snapshot: Path, tmp_path: Path, validated: Callable[[Path], list[str]]
) -> None:
    export_crate(snapshot, tmp_path / "crate", articles=[page_of(snapshot)["id"]])
    found = validated(tmp_path / "crate")
    assert [finding for finding in found if "REQUIRED" in finding] == []
    assert len(found) <= 1, found  # an organisation without an address, which the corpus does not give
    metadata = json.loads((tmp_path / "crate" / METADATA).read_bytes())
    for entity in metadata["@graph"]:
        entity.pop("instrument", None)
    (tmp_path / "crate" / METADATA).write_text(json.dumps(metadata))
    assert any("instrument" in finding for finding in validated(tmp_path / "crate"))
