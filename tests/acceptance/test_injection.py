"""Words of strangers stay words: in the terminal, in CI's log, in JSON, in the card, the citation and the descriptors.

One corpus carries every attack in every place that is shown; each command is run over it, and over the snapshot.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import sys
import unicodedata
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pyarrow.parquet as pq
import pytest
import yaml
from markdown_it import MarkdownIt

from dataset_builder.cli import main
from dataset_builder.describe.cite import STYLES
from nested_values import every_string

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\x85\r\b\u202eforged\u202c\u2028"
ATTACKS = {
    "terminal": f"Ferry {ESCAPES} sails",
    "log-line": "Ferry\n::error file=a.txt::forged\n::set-output name=x::y\n##[error]forged ##vso[task.complete]",
    "markup": "Ferry <script>alert(1)</script> [x](javascript:alert(2)) ![i](https://evil.example.org/p.png) | a | # b",
    "descriptor": "Ferry </script><!-- ]]> {{ 7*7 }} {% raw %}",
    "front-matter": "Ferry\n---\nlicense: mit\n...\n!!python/object/apply:os.system ['true']",
    "tex": r"Ferry }\input{/etc/passwd} {\immediate\write18{true} % $x^2$ #1 & ~ \\",
    "formula": '=cmd|"/c calc"!A1',
    "at": "@everyone +1 -2 =1+1",
}
ADDRESSES = {
    "terminal": "https://ledger.example.org/\x1b[2J\x1b]0;owned\x07\u202egpj",
    "log-line": "javascript:alert(1)//\x9b31m\n::error::forged",
    "markup": "https://ledger.example.org/markup?a=1\n::error::forged",
    "descriptor": ATTACKS["terminal"],
}
BODY = "The ferry between Port Callow and the {} island will sail an hour later from Monday, the harbour master said."
CONFIG = """\
name: harbour-notes
title: {title}
version: 1.0.0
created: 2024-11-05
description: {title}
licenses: [{{name: CC0-1.0}}]
contributors: [{{title: {title}, roles: [creator]}}]
keywords: [{title}]
sources:
  - {{name: ledger, title: {title}, publisher: {title}, email: r@ledger.example.org, license: CC-BY-4.0, language: en}}
  - {{name: gazette, title: {title}, rights_holder: {title}, email: rights@gazette.example.org, language: en}}
articles:
  - {{path: "ledger/**", source: ledger}}
  - {{path: "gazette/**", source: gazette}}
  - {{path: "*.jsonl"}}
"""


class Ran(NamedTuple):
    """What a command said and how it ended."""

    exit_code: int
    stdout: str
    stderr: str


PARSER = MarkdownIt("gfm-like", {"linkify": False})


def write(folder: Path) -> Path:
    title = json.dumps(" ".join(ATTACKS.values()))  # YAML's double quotes take JSON's escapes
    (folder / "ledger").mkdir(parents=True)
    (folder / "gazette").mkdir()
    (folder / "dataset.yaml").write_text(CONFIG.format(title=title), encoding="utf-8")
    rows = [
        {
            "title": attack,
            "author": attack,
            "date": "2024-10-07",
            "license": attack if source == "gazette" else None,
            "rights_statement": attack if source == "gazette" else None,
            "url": ADDRESSES.get(name, f"https://{source}.example.org/{name}?q=<b>"),
            "fetched_at": f"2024-10-08T00:00:00Z{ESCAPES if name == 'markup' else ''}",
            "source": source,
            "body": BODY.format(f"{source} {name}"),
            f"column {attack}": "x",
        }
        for source in ("ledger", "gazette")
        for name, attack in ATTACKS.items()
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "wire.jsonl").write_text(text + json.dumps(["no object", *ATTACKS.values()]) + "\n", encoding="utf-8")
    for number, name in enumerate(("a\n::error::x\x1b[2J.txt", "b\u202etxt.exe.txt", "c ##[error] <b> |.txt")):
        (folder / "ledger" / name).write_text(BODY.format(f"number {number}"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("injection") / "corpus")


@pytest.fixture(scope="module")
def snapshot(corpus: Path) -> Path:
    out = corpus.parent / "out"
    ran = run("build", str(corpus), "--out", str(out), "--allow-rejected")
    assert ran.exit_code == 0, ran.stderr
    assert_inert(ran)
    return out


def run(*arguments: str) -> Ran:
    """One command as the console script runs it: errors become words and an exit code."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", ["build-dataset", *arguments])
        try:
            main()
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
    return Ran(code, out.getvalue(), err.getvalue())


def controls(text: str) -> list[str]:
    return [char for char in text if char != "\n" and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


def assert_inert(ran: Ran) -> None:
    """Nothing that a terminal obeys, and no line or mark that a build server takes for a command."""
    for text in (ran.stdout, ran.stderr):
        assert controls(text) == []
        assert not re.search(r"^\s*::[a-z-]+", text, re.MULTILINE)
        assert not re.search(r"##(\[|vso\[)", text)


@pytest.mark.parametrize(
    "reference", ["wire.jsonl#L1", "wire.jsonl#L2", "ledger/c ##[error] <b> |.txt", *ATTACKS.values()]
)
def test_explain(corpus: Path, reference: str) -> None:
    assert_inert(run("explain", reference, str(corpus)))


@pytest.mark.parametrize(
    "command",
    ["build", "check", "explain", "verify", "cite", "rehydrate", "withdraw", "validate", "lint", "crate", "report"],
)
@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_shell_passes_on(command: str, attack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run(command, ATTACKS[attack])
    assert ran.exit_code in (1, 2)
    assert_inert(ran)


def test_check(corpus: Path) -> None:
    assert_inert(run("check", str(corpus)))


@pytest.mark.parametrize("command", [["check"], ["explain", "wire.jsonl#L1"]])
def test_json_is_one_document_that_a_terminal_may_show(corpus: Path, command: list[str]) -> None:
    ran = run(*command, str(corpus), "--json")
    assert isinstance(json.loads(ran.stdout), dict)
    assert_inert(ran)


@pytest.mark.parametrize("form", ["text", "json"])
def test_lint_of_a_strangers_folder(tmp_path: Path, form: str) -> None:
    attack = "\x1b[2J\x1b]0;x\x07\n::error::forged\u202e##[error]y"
    (tmp_path / "README.md").write_text(f"---\nlicense: {json.dumps(attack)}\n---\n# Tides\n\n## License\n\n{attack}\n")
    (tmp_path / "b.jsonl").write_text(json.dumps({"license": attack, attack: "x"}) + "\n")
    (tmp_path / "n\x1b[2J\n::error::z.csv").write_text("license\nx\n")
    (tmp_path / "datapackage.json").write_text(json.dumps({"licenses": [{"name": attack, "path": attack}]}))
    ran = run("lint", str(tmp_path), "--output-format", form)
    assert ran.exit_code == 1
    assert "lint-license-invalid" in ran.stdout + ran.stderr
    assert_inert(ran)


def test_github_sees_one_command_a_finding(corpus: Path) -> None:
    ran = run("check", str(corpus), "--output-format", "github")
    lines = ran.stdout.splitlines()
    assert len(lines) > 5
    assert all(re.match(r"::(error|warning|notice) ", line) for line in lines)
    assert controls(ran.stdout) == []


@pytest.mark.parametrize("form", ["gitlab", "sarif"])
@pytest.mark.parametrize("command", ["check", "build", "lint"])
def test_documents_of_json_for_build_servers(corpus: Path, tmp_path: Path, command: str, form: str) -> None:
    ran = run(*_asked(command, corpus, tmp_path), "--output-format", form)
    assert isinstance(json.loads(ran.stdout), dict if form == "sarif" else list)
    assert_inert(ran)


@pytest.mark.parametrize("command", ["check", "build", "lint"])
def test_documents_of_xml_for_build_servers(corpus: Path, tmp_path: Path, command: str) -> None:
    ran = run(*_asked(command, corpus, tmp_path), "--output-format", "junit")
    assert ElementTree.fromstring(ran.stdout).tag == "testsuites"
    assert_inert(ran)


def _asked(command: str, corpus: Path, tmp_path: Path) -> list[str]:
    """The command over what is hostile to it, in a way that ends in findings."""
    return [command, str(corpus), *(["--out", str(tmp_path / "out")] if command == "build" else [])]


def _broken(folder: Path) -> Path:
    """A corpus whose dataset.yaml is refused, for words that are shown."""
    folder.mkdir()
    attack = json.dumps(" ".join(ATTACKS.values()))
    (folder / "dataset.yaml").write_text(f"name: {attack}\n{attack}: 1\nsources: [{{name: {attack}}}]\n", "utf-8")
    return folder


@pytest.mark.parametrize("form", ["text", "json", "github", "gitlab", "junit", "sarif"])
@pytest.mark.parametrize("command", ["check", "build"])
def test_a_configuration_that_is_refused(tmp_path: Path, command: str, form: str) -> None:
    ran = run(command, str(_broken(tmp_path / "broken")), "--output-format", form)
    assert ran.exit_code == 2
    if form == "github":
        assert controls(ran.stdout) == []
        assert all(re.match(r"::(error|warning|notice) ", line) for line in ran.stdout.splitlines())
        assert_inert(ran._replace(stdout=""))
    else:
        assert_inert(ran)


@pytest.fixture(scope="module")
def changed(corpus: Path, snapshot: Path) -> Path:
    """A later snapshot: every title, author and licence another attack, and the sources' words as well."""
    folder = corpus.parent / "changed"
    shutil.copytree(corpus, folder)
    rows = [json.loads(line) for line in (folder / "wire.jsonl").read_text(encoding="utf-8").splitlines()]
    attacks = [*ATTACKS.values()][::-1]
    for number, row in enumerate(row for row in rows if isinstance(row, dict)):
        row |= {"title": f"{attacks[number % 8]} again", "author": attacks[number % 8]}
        row["body"] += " And more." if number % 3 == 0 else ""
    (folder / "wire.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    config = (folder / "dataset.yaml").read_text(encoding="utf-8").replace("version: 1.0.0", "version: 1.1.0")
    words = json.dumps("\n::error::gone ##[x] ##vso[y]" + ESCAPES)
    ids = [row["id"] for path in (snapshot / "catalog").rglob("*.parquet") for row in pq.read_table(path).to_pylist()]
    config = config.replace(
        "sources:", f"withdrawals: [{{id: {min(ids)}, reason: {words}, date: 2024-11-06}}]\nsources:"
    )
    (folder / "dataset.yaml").write_text(config, encoding="utf-8")
    out = corpus.parent / "changed-out"
    ran = run("build", str(folder), "--out", str(out), "--allow-rejected")
    assert ran.exit_code == 0, ran.stderr
    return out


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_diff(snapshot: Path, changed: Path, form: str) -> None:
    for pair in ((snapshot, changed), (changed, snapshot)):
        ran = run("diff", *map(str, pair), "--output-format", form, "--limit", "0")
        assert ran.exit_code == 0, ran.stderr
        assert "Ferry" in ran.stdout
        assert_inert(ran)


@pytest.mark.parametrize("form", ["text", "junit"])
def test_rehydrate(corpus: Path, snapshot: Path, changed: Path, tmp_path: Path, form: str) -> None:
    """From originals that fit, and from others of the same names, which are missing and drifted."""
    del changed
    for number, originals in enumerate((corpus, corpus.parent / "changed")):
        out = tmp_path / f"private-{number}"
        command = [
            "rehydrate",
            str(snapshot),
            "--originals",
            str(originals),
            "--out",
            str(out),
            "--output-format",
            form,
        ]
        ran = run(*command)
        assert ran.exit_code in (0, 1), ran.stderr
        assert_inert(ran)


def test_report_with_findings(corpus: Path, snapshot: Path, changed: Path, tmp_path: Path) -> None:
    """What build --json printed is a file like any other: codes and words in it may be anybody's."""
    told = {"identity": json.loads((snapshot / "manifest.json").read_text(encoding="utf-8"))["identity"]}
    listed = [{"code": attack, "found": attack, "path": attack} for attack in ATTACKS.values()] + [*ATTACKS.values()]
    documents = [{**told, "issues": listed}, {"identity": ATTACKS["log-line"], "issues": []}, {"issues": ESCAPES}]
    for number, document in enumerate(documents):
        (tmp_path / "findings.json").write_text(json.dumps(document), encoding="utf-8")
        page = tmp_path / f"{number}.html"
        command = ["report", str(snapshot), "--out", str(page), "--findings", str(tmp_path / "findings.json")]
        ran = run(*command, "--against", str(changed))
        assert ran.exit_code == (0 if number == 0 else 2), ran.stderr
        assert_inert(ran)
        if page.exists():
            assert "<script>alert" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["text", "json", "gitlab", "junit", "sarif"])
def test_a_snapshot_that_does_not_verify(snapshot: Path, tmp_path: Path, form: str) -> None:
    """A manifest, a card and files that were written to be read aloud."""
    copy = tmp_path / "copy"
    shutil.copytree(snapshot, copy)
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    attack = " ".join(ATTACKS.values())
    manifest |= {name: attack for name in ("title", "version", "license", "policy_sha256") if name in manifest}
    manifest["files"] = [{**entry, "path": entry["path"] + ATTACKS["log-line"]} for entry in manifest["files"]]
    text = json.dumps(manifest)
    (copy / "manifest.json").write_text(text, encoding="utf-8")
    (copy / "manifest.json.sha256").write_text(f"{hashlib.sha256(text.encode()).hexdigest()}  manifest.json\n")
    (copy / "a\n::error::x\x1b[2J##[y]").write_text("x")
    for command in (["verify", str(copy)], ["verify", str(copy), "--expect", attack]):
        ran = run(*command, "--output-format", form)
        assert ran.exit_code in (1, 2)
        assert_inert(ran)


def test_verify(snapshot: Path) -> None:
    ran = run("verify", str(snapshot))
    assert ran.exit_code == 0, ran.stderr
    assert_inert(ran)


@pytest.mark.parametrize("style", STYLES)
def test_citations(snapshot: Path, style: str) -> None:
    cited = run("cite", str(snapshot), "--style", style).stdout
    assert controls(cited.replace("\r", "")) == []
    if style == "bibtex":
        bare = re.sub(r"\\[\\{}%$#&_~^]|\\text\w+\{?\}?", "", cited)
        assert bare.count("{") == bare.count("}")
        assert "\\input" not in cited
        assert "\\write" not in cited
        assert "\\immediate" not in cited


def test_the_card(snapshot: Path) -> None:
    text = (snapshot / "README.md").read_text(encoding="utf-8")
    assert controls(text) == []
    _, front, body = text.split("---\n", 2)
    assert "mit" not in (yaml.safe_load(front)["license"] or "")
    tokens = PARSER.parse(body)
    children = [child for token in tokens for child in token.children or []]
    assert not [token for token in [*tokens, *children] if token.type.startswith("html")]
    images = [str(child.attrs["src"]) for child in children if child.type == "image"]
    assert all(re.fullmatch(r"figures/[a-z-]+\.svg", image) for image in images)
    links = [str(child.attrs["href"]) for child in children if child.type == "link_open"]
    assert all(link.startswith(("https://", "LICENSES/", "mailto:", "#")) or "://" not in link for link in links)
    assert not [link for link in links if link.startswith("javascript")]


def test_descriptors_can_stand_in_a_page(snapshot: Path) -> None:
    for name in ("croissant.json", "datapackage.json"):
        text = (snapshot / name).read_text(encoding="utf-8")
        assert isinstance(json.loads(text), dict)
        assert controls(text) == []
    assert "</" not in (snapshot / "croissant.json").read_text(encoding="utf-8")


def test_no_file_of_a_snapshot_is_named_by_a_stranger(snapshot: Path) -> None:
    for path in snapshot.rglob("*"):
        assert re.fullmatch(r"[A-Za-z0-9._-]+", path.name), path


def test_no_file_of_a_snapshot_can_be_opened_as_a_sheet(snapshot: Path) -> None:
    """Formulas act where a sheet opens a file of comma-separated values; nothing of the kind is written."""
    assert {path.suffix for path in snapshot.rglob("*") if path.is_file()} <= {
        ".md", ".json", ".cff", ".parquet", ".sha256", ".txt", ".svg",
    }  # fmt: skip


def test_cells_are_text_without_controls(snapshot: Path) -> None:
    rows = [
        row
        for path in sorted(snapshot.rglob("*.parquet"))
        for row in pq.read_table(path, partitioning=None).to_pylist()
    ]
    texts = list(every_string(rows))
    assert [text for text in texts if controls(text)] == []
    assert texts.count("https://ledger.example.org/[2J]0;ownedgpj") == 4, "url and sighting of two articles"
    seen = [place for row in rows if "provenance" in row for place in row["provenance"]["sightings"]]
    assert seen
    assert not [place for place in seen if place["url"] and ("javascript" in place["url"] or "::error" in place["url"])]
    assert {place["fetched_at"] for place in seen} == {"2024-10-08T00:00:00Z", None}
