"""``build-dataset lint``: a foreign folder's statements held against each other."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataset_builder.cli.app import app
from dataset_builder.issues import issue_kinds
from dataset_builder.lint.run import lint

CARD = "---\nlicense: cc-by-4.0\n---\n# Tide notes\n\n## Source Data\n\nThe harbour offices.\n"
ROWS = [{"text": "Low water at nine.", "url": "https://tides.example.org/1", "license": "CC-BY-4.0"}]


def dataset(root: Path, *, card: str | None = CARD, rows: list[dict[str, Any]] | None = None, **files: Any) -> Path:
    """A foreign dataset; JSON values become files, ``__`` in their names a full stop."""
    if card is not None:
        (root / "README.md").write_text(card, encoding="utf-8")
    if rows is not None:
        pq.write_table(pa.Table.from_pylist(rows), root / "data.parquet")
    for name, value in files.items():
        text = value if isinstance(value, str) else json.dumps(value)
        (root / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return root


def codes(root: Path) -> set[str]:
    return {issue.code for issue in lint(root).issues}


def package(**members: Any) -> dict[str, Any]:
    return {"resources": [{"path": "data.parquet"}], "sources": [{"title": "Tide office"}], **members}


def croissant(**members: Any) -> dict[str, Any]:
    return {"@type": "sc:Dataset", "creator": {"name": "Tide office"}, **members}


def test_a_dataset_that_says_the_same_everywhere(tmp_path: Path) -> None:
    root = dataset(
        tmp_path,
        rows=ROWS,
        datapackage__json=package(licenses=[{"name": "CC-BY-4.0"}]),
        croissant__json=croissant(license="https://creativecommons.org/licenses/by/4.0/"),
        LICENSE="Creative Commons Attribution 4.0 International\n\nThe text goes on.",
    )
    result = lint(root)
    assert result.issues == ()
    assert result.valid
    assert result.rows == 1
    assert {said.path for said in result.statements} == {
        "README.md", "datapackage.json", "croissant.json", "LICENSE", "data.parquet",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ({"card": None, "rows": ROWS}, "lint-no-license"),
        ({"card": CARD.replace("cc-by-4.0", "unknown")}, "lint-license-says-nothing"),
        ({"card": CARD.replace("cc-by-4.0", "other")}, "lint-license-says-nothing"),
        ({"card": CARD.replace("cc-by-4.0", "")}, "lint-no-license"),
        ({"card": CARD.replace("cc-by-4.0", "cc-by-5.0")}, "lint-license-invalid"),
        ({"card": CARD.replace("cc-by-4.0", "CC BY")}, "lint-license-unclear"),
        ({"card": CARD.replace("cc-by-4.0", "LicenseRef-tides")}, "lint-license-unclear"),
        ({"datapackage__json": {"licenses": [{"name": "CC0-1.0"}]}}, "lint-license-contradicts"),
        ({"croissant__json": croissant(license="CC-BY-NC-4.0")}, "lint-license-contradicts"),
        ({"LICENSE": "MIT License"}, "lint-license-contradicts"),
        ({"card": CARD + "\n## Licensing\n\nAll rights reserved.\n"}, "lint-license-contradicts"),
        ({"rows": [{**ROWS[0], "license": "All rights reserved"}]}, "lint-rows-stricter"),
        ({"rows": [{**ROWS[0], "rights": "CC BY-NC 4.0"}]}, "lint-rows-stricter"),
        ({"rows": [{**ROWS[0], "license": "CC0-1.0"}]}, "lint-rows-differ"),
        ({"rows": [{**ROWS[0], "license": "ask us nicely"}]}, "lint-rows-invalid"),
        ({"rows": [*ROWS, {**ROWS[0], "license": None}]}, "lint-rows-without-license"),
        ({"rows": [{**ROWS[0], "license": "unknown"}]}, "lint-rows-without-license"),
        ({"rows": [{"text": "Low water."}]}, "lint-rows-without-source"),
        ({"card": "---\nlicense: cc-by-4.0\n---\n"}, "lint-no-provenance"),
        ({"datapackage__json": package(sources=[{}], licenses=[{"name": "CC-BY-4.0"}])}, "lint-source-without-address"),
        ({"datapackage__json": package(licenses=[{"name": "CC-BY-4.0"}])}, "lint-file-missing"),
        (
            {
                "rows": ROWS,
                "croissant__json": croissant(
                    license="CC-BY-4.0",
                    distribution=[{"@type": "cr:FileObject", "contentUrl": "data.parquet", "sha256": "0" * 64}],
                ),
            },
            "lint-digest-differs",
        ),
        ({"datapackage__json": "[" * 100_000}, "lint-unreadable"),
        ({"card": "---\na: &x [1]\nb: *x\n---\n"}, "lint-unreadable"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, made: dict[str, Any], expected: str) -> None:
    assert expected in codes(dataset(tmp_path, **made))


def test_a_folder_without_a_dataset(tmp_path: Path) -> None:
    (tmp_path / "quay.png").write_bytes(b"no picture")
    assert codes(tmp_path) == {"lint-nothing-found"}


def test_every_code_is_shown_here() -> None:
    shown = Path(__file__).read_text(encoding="utf-8")
    assert [code for code in issue_kinds() if code.startswith("lint-") and f'"{code}"' not in shown] == []


def test_other_with_a_name_and_a_link_says_something(tmp_path: Path) -> None:
    card = CARD.replace("cc-by-4.0", "other\nlicense_name: tide-terms\nlicense_link: https://tides.example.org/terms")
    assert "lint-license-says-nothing" not in codes(dataset(tmp_path, card=card))


def test_a_typo_names_the_nearest_and_its_place(tmp_path: Path) -> None:
    dataset(tmp_path, card="---\ntitle: x\nlicense:\n- cc-by-4.0\n- cc-by-sa-4.1\n---\n")
    (issue,) = [issue for issue in lint(tmp_path).issues if issue.code == "lint-license-invalid"]
    assert (issue.path, issue.line) == ("README.md", 5)
    assert "CC-BY-SA" in issue.hint


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl", "rows.tsv", "rows.jsonl.gz"])
def test_rows_of_every_form_are_read(tmp_path: Path, name: str) -> None:
    dataset(tmp_path, card=CARD.replace("by-4.0", "by-sa-4.0"))
    gap = "\t" if ".tsv" in name else ","
    told = [
        ("Url", "Usage Terms"),
        ("https://a.example.org", "CC BY-SA 4.0"),
        ("https://b.example.org", "CC BY-NC 4.0"),
    ]
    text = "".join(gap.join(row) + "\n" for row in told)
    if "jsonl" in name:
        text = "".join(json.dumps(dict(zip(told[0], row, strict=True))) + "\n" for row in told[1:])
    content = text.encode()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    (issue,) = [issue for issue in lint(tmp_path).issues if issue.code == "lint-rows-stricter"]
    assert (issue.path, issue.row, issue.field) == (name, 2, "Usage Terms")


def broken_links(root: Path) -> None:
    (root / "README.md").unlink()
    (root / "README.md").symlink_to("/etc/hostname")
    (root / "more").symlink_to("/etc")


def a_bomb(root: Path) -> None:
    row = json.dumps({"license": "x" * 100}).encode() + b"\n"
    with gzip.open(root / "rows.jsonl.gz", "wb", compresslevel=9) as file:
        for _ in range(30):
            file.write(b" " * 3_000_000 + row)


def a_table_that_stands_for_more(root: Path) -> None:
    said = pa.DictionaryArray.from_arrays(pa.array([0] * 3_000_000, pa.int32()), pa.array(["x" * 200_000]))
    pq.write_table(pa.table({"license": said}), root / "more.parquet")


def rubbish(root: Path) -> None:
    for name in ("a.parquet", "b.csv", "c.jsonl", "d.jsonl.gz", "croissant.json"):
        (root / name).write_bytes(b"\x00\xff PAR1 {" * 50)


def huge_yaml(root: Path) -> None:
    (root / "README.md").write_text("---\n" + "a: [" * 100_000 + "\n---\n")


def odd_members(root: Path) -> None:
    odd = {"licenses": [None, 3, {"name": {"a": []}}, {"path": ["x"]}], "sources": {"a": 1}, "resources": ["x", {}]}
    (root / "datapackage.json").write_text(
        json.dumps({**odd, "resources": [{"path": "../../etc/passwd"}, {"path": 3}]})
    )
    (root / "croissant.json").write_text(json.dumps(croissant(license=[{}, [], 3], distribution="x")))


def a_name_without_end(root: Path) -> None:
    (root / "datapackage.json").write_text(json.dumps({"resources": [{"path": "x" * 5_000}]}))
    (root / "croissant.json").write_text(
        json.dumps(croissant(distribution=[{"@type": "cr:FileObject", "contentUrl": "x" * 5_000}]))
    )


@pytest.mark.parametrize(
    "spoil", [a_name_without_end, broken_links, a_bomb, a_table_that_stands_for_more, rubbish, huge_yaml, odd_members]
)
def test_a_hostile_folder_gives_findings(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    dataset(tmp_path, rows=ROWS)
    spoil(tmp_path)
    result = lint(tmp_path)
    assert {issue.code for issue in result.issues} & {"lint-unreadable", "lint-license-invalid", "lint-file-missing"}
    assert not any("root:" in issue.found for issue in result.issues)


def test_each_format_and_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset(tmp_path, card=CARD.replace("cc-by-4.0", "cc-by-5.0"))
    for output_format in ("text", "json", "github", "gitlab", "junit", "sarif"):
        with pytest.raises(SystemExit) as left:
            app(["lint", str(tmp_path), "--output-format", output_format])
        assert left.value.code == 1
        assert "lint-license-invalid" in capsys.readouterr().out
    (tmp_path / "README.md").write_text(CARD)
    with pytest.raises(SystemExit) as left:
        app(["lint", str(tmp_path), "--json"])
    assert (left.value.code, json.loads(capsys.readouterr().out)["valid"]) == (0, True)
