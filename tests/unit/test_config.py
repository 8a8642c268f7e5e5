"""dataset.yaml: what is wrong is found at once, with line, nearest key and what is expected."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dataset_builder.config import load_config
from dataset_builder.errors import ConfigError, UsageError
from dataset_builder.resources import schema_file

#: Every string that has a pattern to its end, a bar at the end of each.
PATTERNED = """\
name: "harbour-notes|"
version: "1.0.0|"
homepage: "https://ledger.example.org|"
doi: "10.5281/zenodo.1003150|"
contributors: [{title: A, orcid: "https://orcid.org/0000-0002-1825-0097|"}]
sources:
- {name: "ledger|", language: "en|", country: "IN|", terms_sha256: "DIGEST|",
   license_evidence: {path: "terms.html|", sha256: "DIGEST|"}}
articles: [{path: "*.txt|"}]
fields: [{name: "desk|", type: string}]
withdrawals: [{id: "00000000000000000000000000000000|", reason: asked, date: "2024-11-05"}]
build:
  published_in: ["US|"]
  policy: "policy.json|"
  access: {terms: "terms.md|"}
  splits: {by: time, into: {"validation|": "2024-11-05"}}
""".replace("DIGEST", "0" * 64)


def wrong(folder: Path, text: str) -> list[tuple[int, str, str, str]]:
    (folder / "dataset.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(folder)
    assert caught.value.exit_code == 2
    return [(issue.line, issue.code, issue.field, issue.hint) for issue in caught.value.issues]


@pytest.mark.parametrize(
    ("text", "line", "code", "field", "hint"),
    [
        ("name: a\nlicences: []\n", 2, "config-unknown-key", "licences", "did you mean licenses?"),
        ("sources:\n  - name: a\n    emial: x\n", 3, "config-unknown-key", "sources.0.emial", "did you mean email?"),
        ("version: 1.2\n", 1, "config-wrong-value", "version", ""),
        ("created: yesterday\n", 1, "config-wrong-value", "created", ""),
        ("build: {audience: everybody}\n", 1, "config-wrong-value", "build.audience", ""),
        ("sources: [{title: x}]\n", 1, "config-wrong-value", "sources.0", ""),
        ("sources: [{name: a, timezone: Mars/Base}]\n", 1, "config-wrong-value", "sources.0.timezone", ""),
        ("sources:\n- {name: a_b}\n- {name: a-b}\n", 3, "config-wrong-value", "sources.1.name", ""),
        ("articles: [{path: ../x.txt}]\n", 1, "path-outside", "articles.0.path", ""),
        ("articles: [{path: /etc/*}]\n", 1, "path-outside", "articles.0.path", ""),
        ("sources: [{name: ledger}]\narticles: [{path: a, source: legder}]\n", 2, "unknown-source",
         "articles.0.source", "did you mean ledger?"),
        ("articles:\n  - path: a.jsonl\n    preset: news-plese\n", 3, "config-wrong-value", "articles.0.preset",
         "did you mean news-please?"),
        ("a: [&x 1, *x]\n", 1, "config-not-yaml", "", ""),
        ("- just\n- a list\n", 1, "config-wrong-value", "", ""),
    ],
)  # fmt: skip
def test_one_thing_wrong(tmp_path: Path, text: str, line: int, code: str, field: str, hint: str) -> None:
    assert (line, code, field, hint) in wrong(tmp_path, text)


def test_a_line_break_behind_what_has_a_pattern(tmp_path: Path) -> None:
    parts = PATTERNED.split("|")
    rules = re.findall(r'"pattern": "[^"]*\$"', schema_file("config.schema.json").read_text(encoding="utf-8"))
    assert len(parts) - 1 == len(rules)
    (tmp_path / "dataset.yaml").write_text("".join(parts), encoding="utf-8")
    load_config(tmp_path)
    for place in range(1, len(parts)):
        text = "".join(parts[:place]) + r"\n" + "".join(parts[place:])
        assert {code for _, code, _, _ in wrong(tmp_path, text)} == {"config-wrong-value"}, text


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (r'build: {policy: "a\0b.json"}', "build.policy"),
        (r'build: {audience: restricted, access: {terms: "a\0b"}}', "build.access.terms"),
        (r'sources: [{name: a, license_evidence: {path: "a\0b"}}]', "sources.0.license_evidence.path"),
        (r'articles: [{path: "a\0b"}]', "articles.0.path"),
    ],
)
def test_a_nul_in_a_path(tmp_path: Path, text: str, field: str) -> None:
    assert wrong(tmp_path, text) == [(1, "config-wrong-value", field, "")]


def test_everything_wrong_is_found_at_once(tmp_path: Path) -> None:
    found = wrong(tmp_path, "nmae: a\nversion: x\nsources: [{name: a}, {name: a}]\n")
    assert {field for _, _, field, _ in found} == {"nmae", "version", "sources.1.name"}


def test_a_configuration_outside_the_corpus_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yaml").write_text("name: secret")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "dataset.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    with pytest.raises(ConfigError) as caught:
        load_config(corpus)
    assert [issue.code for issue in caught.value.issues] == ["path-outside"]


def test_a_bare_folder_says_what_is_assumed_and_does_not_depend_on_its_name(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = load_config(tmp_path / "one"), load_config(tmp_path / "two")
    assert one.sha256 == two.sha256
    assert {issue.field for issue in one.defaults} == {"name", "version", "sources", "articles", "build.audience"}
    overridden = load_config(tmp_path / "one", audience="private")
    assert "build.audience" not in {issue.field for issue in overridden.defaults}


def test_an_audience_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="everybody"):
        load_config(tmp_path, audience="everybody")
