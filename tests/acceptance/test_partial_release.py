"""Excerpts and features from dataset.yaml to ``load_dataset``, and the gate of the restricted tier."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from corpora import article, write_corpus
from dataset_builder.errors import ConfigError, CorpusError
from dataset_builder.partial.words import folded, words
from dataset_builder.pipeline import build
from dataset_builder.snapshot.verify import verify

BASIS = "Section 12 of the Fictional Copyright Act allows it."
RESERVED = "gazette"


def corpus_for(tmp_path: Path, options: str, *, statement: str = "All rights reserved") -> Path:
    """A corpus whose gazette reserves all rights, with ``options`` under ``build``."""
    corpus = write_corpus(tmp_path / "corpus", articles=3)
    for number, path in enumerate(sorted((corpus / RESERVED).glob("*.txt"))):
        path.write_text(f"---\ntitle: Gazette {number}\nrights_statement: {statement}\n---\n{article(500 + number)}")
    config = corpus / "dataset.yaml"
    config.write_text(config.read_text() + options)
    return corpus


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(out / table, partitioning=None).to_pylist()
    return found


def bodies(corpus: Path) -> list[str]:
    return [path.read_text().split("---\n")[2] for path in sorted((corpus / RESERVED).glob("*.txt"))]


def test_excerpts_stand_in_their_family_and_hold_the_first_words_only(tmp_path: Path) -> None:
    basis = f"  legal_basis: {{kind: excerpt, words: {BASIS}}}\n  published_in: [PT]\n"
    corpus = corpus_for(tmp_path, f"{basis}  excerpt: {{words: 12}}\n")
    result = build(corpus, tmp_path / "out")
    found = rows(result.out, "excerpts")
    assert len(found) == 3
    assert {path.parent.name for path in (result.out / "excerpts").rglob("*.parquet")} == {"permitted"}
    assert all("body" not in row and "summary" not in row and len(list(words(row["excerpt"]))) <= 12 for row in found)
    assert all(any(body.startswith(row["excerpt"]) for body in bodies(corpus)) for row in found)
    assert {row["release"] for row in rows(result.out, "articles")} == {"full"}
    assert verify(result.out).issues == ()
    manifest = json.loads((result.out / "manifest.json").read_text())
    assert manifest["legal_basis"] == {"kind": "excerpt", "words": BASIS, "rules": ["legal-basis-excerpt"]}
    assert manifest["license"].endswith("LicenseRef-legal-basis")
    assert BASIS in (result.out / "LICENSES" / "LicenseRef-legal-basis.txt").read_text()
    assert result.accounts.released == len(found) + len(rows(result.out, "articles"))


def test_more_than_the_excerpt_in_another_field_is_a_leak(tmp_path: Path) -> None:
    corpus = corpus_for(tmp_path, f"  legal_basis: {{kind: excerpt, words: {BASIS}}}\n  published_in: [PT]\n")
    path = sorted((corpus / RESERVED).glob("*.txt"))[0]
    text = path.read_text()
    pasted = " ".join(text.split("---\n")[2].split()[40:60])
    path.write_text(text.replace("title:", f'attribution: "{pasted}"\ntitle:', 1))
    with pytest.raises(CorpusError) as caught:
        build(corpus, tmp_path / "out")
    assert {issue.code for issue in caught.value.issues} >= {"withheld-text-leaked"}


def test_features_hold_every_word_and_no_order_and_are_scored(tmp_path: Path) -> None:
    corpus = corpus_for(tmp_path, f"  legal_basis: {{kind: features, words: {BASIS}}}\n  published_in: [PT]\n")
    result = build(corpus, tmp_path / "out")
    found = rows(result.out, "features")
    assert len(found) == 3
    for row in found:
        listed = [entry["word"] for entry in row["unigrams"]]
        assert listed == sorted(listed)
        assert sum(entry["count"] for entry in row["unigrams"]) == row["words"]
        assert not {"body", "excerpt", "entities", "summary"} & row.keys()
    told = {folded(match[0]) for body in bodies(corpus) for match in words(body.rsplit("Published", 1)[0])}
    assert {entry["word"] for row in found for entry in row["unigrams"]} == told
    score = json.loads((result.out / "manifest.json").read_text())["reconstruction"]
    card = (result.out / "README.md").read_text()
    assert score["articles"] == 3
    assert f"{100 * score['guessed']:.1f} %" in card
    assert score["guessed"] < score["trigrams"]
    assert verify(result.out).issues == ()
    assert build(corpus, tmp_path / "again").facts.identity == result.facts.identity


def test_a_release_of_less_than_the_terms_allow(tmp_path: Path) -> None:
    result = build(corpus_for(tmp_path, "  release: features\n"), tmp_path / "out")
    assert {row["license"] for row in rows(result.out, "features")} == {"CC-BY-4.0", "CC0-1.0"}
    assert {row["license"] for row in rows(result.out, "features") if row["unigrams"] is None} == {"CC0-1.0"}
    assert not (result.out / "articles").exists()
    assert {path.parent.name for path in (result.out / "features").rglob("*.parquet")} == {"permissive"}
    assert yaml.safe_load((result.out / "README.md").read_text().split("---\n")[1])["license"] == [
        "cc-by-4.0",
        "cc0-1.0",
    ]
    assert verify(result.out).issues == ()


def test_the_tables_load_and_the_fullest_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")
    result = build(corpus_for(tmp_path, "  release: excerpt\n"), tmp_path / "out")
    loaded = datasets.load_dataset(str(result.out), split="train", cache_dir=str(tmp_path / "cache"))
    assert "excerpt" in loaded.column_names
    assert loaded.num_rows == result.facts.table("excerpts").rows


GATE = f"""\
  audience: restricted
  legal_basis: {{kind: research-access, words: {BASIS}}}
  published_in: [PT]
  access:
    terms: TERMS.txt
    heading: Ask the archive
    prompt: You agree to TERMS.md.
    button: I agree
    fields: {{Name: text, Country: country, Purpose: {{select: [Research, Teaching]}}, I agree: checkbox}}
"""


def test_a_restricted_snapshot_carries_its_terms_and_asks_for_them(tmp_path: Path) -> None:
    corpus = corpus_for(tmp_path, GATE)
    (corpus / "TERMS.txt").write_text("For research only.\n")
    result = build(corpus, tmp_path / "out")
    card = (result.out / "README.md").read_text()
    front = yaml.safe_load(card.split("---\n")[1])
    assert front["extra_gated_heading"] == "Ask the archive"
    assert front["extra_gated_prompt"] == "You agree to TERMS.md."
    assert front["extra_gated_button_content"] == "I agree"
    assert front["extra_gated_fields"]["Purpose"] == {"type": "select", "options": ["Research", "Teaching"]}
    assert (result.out / "TERMS.md").read_text() == "For research only.\n"
    assert "full text, under the terms that the gate states" in card
    assert {row["decision_rule"] for row in rows(result.out, "articles")} >= {"research-access-restricted"}
    assert verify(result.out).issues == ()
    public = build(corpus, tmp_path / "public", audience="public")
    assert "extra_gated" not in (public.out / "README.md").read_text()
    assert public.accounts.withheld == 3


def test_a_restricted_snapshot_without_terms_is_not_built(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        build(corpus_for(tmp_path, "  audience: restricted\n"), tmp_path / "out")
    assert "restricted-without-terms" in {issue.code for issue in caught.value.issues}


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b" \n"])
def test_terms_that_cannot_be_read_stop_the_build(tmp_path: Path, content: bytes | None) -> None:
    corpus = corpus_for(tmp_path, GATE)
    if content is not None:
        (corpus / "TERMS.txt").write_bytes(content)
    with pytest.raises(ConfigError, match="the terms of access"):
        build(corpus, tmp_path / "out")


@pytest.mark.parametrize("key", ["policy: ../policy.json", "policy: /etc/policy.json", "access: {terms: ../TERMS}"])
def test_a_file_outside_the_corpus_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        build(corpus_for(tmp_path, f"  {key}\n"), tmp_path / "out")
    assert "path-outside" in {issue.code for issue in caught.value.issues}


def test_a_policy_of_the_corpus_decides_and_is_digested(tmp_path: Path) -> None:
    corpus = corpus_for(tmp_path, "  policy: strict.json\n")
    shipped = json.loads((Path(__file__).parents[2] / "schema" / "rights" / "policy.json").read_text())
    for rule in shipped["rules"]:
        if rule["id"] == "attribution-full":
            rule |= {"id": "attribution-withheld", "grants": ["metadata"]}
    (corpus / "strict.json").write_text(json.dumps({**shipped, "version": "7.0.0"}))
    result = build(corpus, tmp_path / "out")
    assert result.accounts.released == 1
    assert {row["decision_rule"] for row in rows(result.out, "catalog")} >= {"attribution-withheld"}
    manifest = json.loads((result.out / "manifest.json").read_text())
    assert manifest["policy_version"] == "7.0.0"
    (corpus / "dataset.yaml").write_text((corpus / "dataset.yaml").read_text().replace("  policy: strict.json\n", ""))
    other = json.loads((build(corpus, tmp_path / "other").out / "manifest.json").read_text())
    assert other["policy_sha256"] != manifest["policy_sha256"]


def test_each_permission_has_a_reference_and_a_text_of_its_own(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", articles=2)
    config = corpus / "dataset.yaml"
    granted = "permission: Letter of 3 May 2024, permission_scope: full text, permission_expires: 2025-01-31"
    config.write_text(config.read_text().replace("title: Gannet Gazette,", f"title: Gannet Gazette, {granted},"))
    result = build(corpus, tmp_path / "out")
    assert {row["license"] for row in rows(result.out, "articles")} == {
        "CC-BY-4.0",
        "CC0-1.0",
        "LicenseRef-permission-gazette",
    }
    said = (result.out / "LICENSES" / "LicenseRef-permission-gazette.txt").read_text()
    assert all(words in said for words in ("Letter of 3 May 2024", "full text", "2025-01-31", "Gannet Gazette"))
    assert verify(result.out).issues == ()
    shutil.rmtree(result.out / "LICENSES")
    assert verify(result.out).issues != ()
