"""A field added to schema/article.schema.json appears everywhere, and nowhere else needs a word about it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from corpora import write_corpus

PROBE = """
import json, sys
from pathlib import Path
from datasets import Features
from dataset_builder.pipeline import build
from dataset_builder.resources import schema_root
from dataset_builder.schema import released_tables
sys.path.insert(0, "docs")
from generators.tables import render
tables = released_tables()
result = build(Path(sys.argv[1]), Path(sys.argv[2]))
package = json.loads((result.out / "datapackage.json").read_text())
print(json.dumps({
    "root": str(schema_root()),
    "arrow": tables["articles"].arrow.names,
    "catalog": tables["catalog"].arrow.names,
    "features": list(Features.from_arrow_schema(tables["articles"].arrow)),
    "package": [field["name"] for field in package["resources"][0]["schema"]["fields"]],
    "card": (result.out / "README.md").read_text(),
    "reference": render(),
}))
"""


def test_adding_a_field(tmp_path: Path, repository: Path) -> None:
    checkout = tmp_path / "checkout"
    for name in ("dataset_builder", "schema", "docs"):
        shutil.copytree(repository / name, checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
    path = checkout / "schema" / "article.schema.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["fields"].append(
        {"name": "desk", "type": "string", "title": "Desk", "description": "The newsroom's desk."}
    )
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    corpus = write_corpus(tmp_path / "corpus")
    command = [sys.executable, "-W", "ignore", "-c", PROBE, str(corpus), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=checkout, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["root"] == str(checkout / "schema")
    assert all("desk" in seen[place] for place in ("arrow", "features", "package"))
    assert "desk" not in seen["catalog"], (
        "a new field is released with full text only, until somebody decides otherwise"
    )
    assert "| `desk` |" in seen["card"] or "The newsroom's desk." in seen["card"]
    assert "| `desk` | string | articles | The newsroom's desk. |" in seen["reference"]
