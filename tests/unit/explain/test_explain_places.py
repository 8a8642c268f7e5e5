"""Where findings and origins of rights point to: the line that a person opens."""

from __future__ import annotations

import json
from pathlib import Path

from corpora import write_corpus
from dataset_builder.explain.explanation import Explanation, explain

SOURCE = {
    "name": "lantern",
    "language": "en",
    "permission": "letter of the editor",
    "permission_scope": "full text",
    "permission_expires": "2024-01-31",
}


def fields_of(story: Explanation) -> dict[str, list[tuple[str, str, int]]]:
    return {it.field: [(claim.rule, claim.value, claim.line) for claim in it.held] for it in story.fields}


def test_the_statement_and_its_scope_have_the_origin_of_the_licence_that_holds(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path, articles=1)
    file = folder / "ledger" / "a.txt"
    front = "title: A\nlicense: CC-BY-SA-4.0\n"
    file.write_text(f"---\n{front}---\nThe lamps were counted.\n", encoding="utf-8")
    held = fields_of(explain("ledger/a.txt", folder))
    assert held["rights_statement"] == [("front-matter", "CC-BY-SA-4.0", 3)]
    assert held["license_scope"] == [("scope-of-statement", "text", 3)]
    file.write_text(f"---\n{front}license_scope: page\n---\nThe lamps were counted.\n", encoding="utf-8")
    assert fields_of(explain("ledger/a.txt", folder))["license_scope"] == [("front-matter", "page", 4)]
    held = fields_of(explain("ledger/0000.txt", folder))
    assert [rule for rule, _, _ in held["rights_statement"]] == ["source-default"]


def test_an_opt_out_is_found_at_its_line_and_a_permission_at_its_source(tmp_path: Path) -> None:
    config = {"name": "places", "created": "2024-11-05", "sources": [SOURCE]}
    config["articles"] = [{"path": "*.txt", "source": "lantern"}]
    (tmp_path / "dataset.yaml").write_text(json.dumps(config, indent=1), encoding="utf-8")
    text = "---\ntitle: A\ntdm_reservation: 1\n---\nThe lamps were counted.\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    places = {issue.code: (issue.path, issue.line) for issue in explain("a.txt", tmp_path).issues}
    assert places["opt-out-found"] == ("a.txt", 3)
    path, line = places["permission-expired"]
    assert path == "dataset.yaml"
    assert line in range(4, 7), "where the entry of the source begins"
