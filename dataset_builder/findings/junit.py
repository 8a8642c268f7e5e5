"""JUnit XML, which nearly every build server shows: one suite a file, one test case a finding.

Source: the schema that is in use, ``junit-10.xsd`` of the Jenkins xUnit plugin. There is no notion of a warning in it:
an error fails its test case; a warning or a note passes and stands in ``system-out``. A corpus without findings gives
one test case that passes, as some readers refuse a document without any.
"""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree as ET

from dataset_builder.findings.inert import inert_xml
from dataset_builder.findings.report import Findings, error_said, told
from dataset_builder.issues import Issue, Severity


def render_junit(findings: Findings) -> str:
    """The document; no time of day is in it, so that equal findings give equal bytes."""
    suites = ET.Element("testsuites", name=findings.command)
    ordered = sorted(findings.issues, key=findings.some_path)
    for path, group in groupby(ordered, key=findings.some_path):
        suite = ET.SubElement(suites, "testsuite", name=path)
        for issue in group:
            _add_case(suite, path, issue)
    if findings.error is not None:
        suite = ET.SubElement(suites, "testsuite", name=findings.command)
        case = ET.SubElement(suite, "testcase", name=findings.command, classname=findings.command)
        ET.SubElement(case, "error", type=type(findings.error).__name__, message=error_said(findings.error))
    if not len(suites):
        suite = ET.SubElement(suites, "testsuite", name=findings.command)
        ET.SubElement(suite, "testcase", name="no findings", classname=findings.command)
    for element in (*suites, suites):
        _count(element)
    ET.indent(suites)
    return inert_xml(ET.tostring(suites, encoding="unicode", xml_declaration=False)) + "\n"


def _add_case(suite: ET.Element, path: str, issue: Issue) -> None:
    place = f", line {issue.line}" if issue.line else f", row {issue.row}" if issue.row else ""
    case = ET.SubElement(suite, "testcase", name=issue.code + place, classname=path, file=path)
    if issue.line:
        case.set("line", str(issue.line))
    if issue.severity is Severity.ERROR:
        ET.SubElement(case, "failure", type=issue.code, message=told(issue)).text = issue.kind.explanation
    else:
        ET.SubElement(case, "system-out").text = f"{issue.severity}: {told(issue)}"


def _count(element: ET.Element) -> None:
    for attribute, path in (("tests", ".//testcase"), ("failures", ".//failure"), ("errors", ".//error")):
        element.set(attribute, str(len(element.findall(path))))
