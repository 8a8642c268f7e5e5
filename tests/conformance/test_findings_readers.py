"""Each format as its reader sees it: a schema or a parser that others wrote, or the parser that they document."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dataset_builder.findings.formats import FORMATS
from dataset_builder.findings.report import Findings
from dataset_builder.findings.text import render_text
from dataset_builder.visible import is_unsafe
from made_findings import HOSTILE, hostile_findings, made_findings

SARIF_SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0.schema.json"
MADE = {"made": made_findings, "hostile": hostile_findings}
EMPTY = Findings((), "build-dataset check")


def runner_commands(log: str) -> list[tuple[str, dict[str, str], str]]:
    """(command, properties, data) of each line that the Actions runner takes for a workflow command.

    After ``ActionCommand.cs`` of actions/runner: ``::command a=b,c=d::data`` at the start of a line, blanks before it
    aside; and the older ``##[command a=b;]data``, which counts wherever it stands.
    """
    commands = []
    for line in re.split(r"\r\n|\r|\n", log):
        if match := re.match(r"\s*::(\w[\w-]*)(?: (.*?))?::(.*)$", line):
            name, properties, data = match.group(1), match.group(2) or "", match.group(3)
            pairs = (pair.split("=", 1) for pair in properties.split(",") if "=" in pair)
            commands.append((name, {key.strip(): unescaped(value, True) for key, value in pairs}, unescaped(data)))
        elif "##[" in line:
            commands.append(("##", {}, line))
    return commands


def unescaped(text: str, is_property: bool = False) -> str:
    for escape, character in (("%3A", ":"), ("%2C", ",")) if is_property else ():
        text = text.replace(escape, character)
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


@pytest.mark.parametrize("made", [*MADE, "empty"])
def test_sarif_follows_its_schema(made: str) -> None:
    import jsonschema

    log = json.loads(FORMATS["sarif"](MADE[made]() if made in MADE else EMPTY))
    checker = jsonschema.Draft4Validator(json.loads(SARIF_SCHEMA.read_bytes()))
    assert [error.message for error in checker.iter_errors(log)] == []
    run = log["runs"][0]
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert re.fullmatch(r"[\w./%~-]+", result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])


def test_sarif_schema_refuses_what_is_no_sarif() -> None:
    import jsonschema

    log = json.loads(FORMATS["sarif"](made_findings()))
    del log["runs"][0]["results"][0]["message"]
    assert not jsonschema.Draft4Validator(json.loads(SARIF_SCHEMA.read_bytes())).is_valid(log)


def junit(findings: Findings) -> Any:
    from junitparser import JUnitXml

    return JUnitXml.fromstring(FORMATS["junit"](findings).encode())


def test_junitparser_counts_errors_and_no_warnings() -> None:
    document = junit(made_findings())
    assert (document.tests, document.failures, document.errors) == (12, 2, 0)
    failed = [case for suite in document for case in suite if case.result]
    assert {case.classname for case in failed} == {"corpora/harbour/ledger/2024/a b, c.txt"}
    assert [case.result[0].type for case in failed] == ["front-matter-invalid"] * 2


def test_junitparser_reads_hostile_names_as_names() -> None:
    document = junit(hostile_findings())
    assert (document.tests, document.failures, document.errors) == (len(HOSTILE) + 1, len(HOSTILE), 1)
    assert {suite.name for suite in document} >= {"corpora/harbour/</failure><script>alert(1)</script>"}


def test_junit_without_findings_is_a_test_that_passes() -> None:
    document = junit(EMPTY)
    assert (document.tests, document.failures, document.errors) == (1, 0, 0)


def test_the_runner_sees_one_command_a_finding() -> None:
    findings = made_findings()
    commands = runner_commands(FORMATS["github"](findings))
    assert [name for name, _, _ in commands].count("error") == 2
    assert [properties.get("title") for _, properties, _ in commands] == [issue.code for issue in findings.issues]
    name, properties, data = commands[2]
    assert (name, properties["file"], properties["line"]) == ("error", "corpora/harbour/ledger/2024/a b, c.txt", "3")
    assert "50 % of it: [x" in data
    assert "file" not in commands[0][1]


def test_the_runner_is_not_deceived() -> None:
    findings = hostile_findings()
    commands = runner_commands(FORMATS["github"](findings))
    assert [name for name, _, _ in commands] == ["error"] * (len(HOSTILE) + 1)
    assert [properties["title"] for _, properties, _ in commands[1:]] == ["unknown-field"] * len(HOSTILE)
    assert commands[1][1]["file"] == f"corpora/harbour/{HOSTILE[0]}"


def test_text_in_a_log_of_the_runner_starts_no_command() -> None:
    from dataclasses import replace

    shown = render_text(replace(hostile_findings(), base=""), every=True)
    assert len(shown.splitlines()) == len(HOSTILE) + 2
    assert runner_commands(shown) == []


@pytest.mark.parametrize("made", MADE)
def test_gitlab_gets_every_member_it_asks_for(made: str) -> None:
    findings = MADE[made]()
    entries = json.loads(FORMATS["gitlab"](findings))
    assert len(entries) == len(findings.issues)
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    for entry in entries:
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert all(isinstance(entry[name], str) and entry[name] for name in ("description", "check_name"))
        assert not entry["location"]["path"].startswith(("./", "/"))
        assert entry["location"]["lines"]["begin"] >= 1


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_invisible_reaches_a_reader(name: str) -> None:
    """Whatever a file is called, a document holds no control character, and can be written as UTF-8."""
    document = FORMATS[name](hostile_findings())
    document.encode()
    assert not is_unsafe(document.replace("\n", ""))
