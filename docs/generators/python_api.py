"""The reference of the Python API, from signatures and docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

from dataset_builder import api, errors
from dataset_builder.checking import CheckResult
from dataset_builder.comparison import Difference
from dataset_builder.describe.facts import Accounts
from dataset_builder.issues import Issue
from dataset_builder.pipeline import BuildResult
from dataset_builder.progress import Progress
from dataset_builder.publish.plan import Plan, Published
from dataset_builder.snapshot.opened import Snapshot
from dataset_builder.snapshot.proof import Proof
from dataset_builder.snapshot.verify import Verification
from generators.markdown import code, fenced, page, table

FUNCTIONS = (api.build, api.check, api.verify, api.prove, api.cite, api.diff, api.load, api.publish_snapshot)
#: What the functions give, in the order in which they speak of them.
CLASSES = (
    Snapshot, BuildResult, CheckResult, Accounts, Issue, Verification, Proof, Difference, Plan, Published, Progress,
)  # fmt: skip
_SECTION = re.compile(r"^(Args|Returns|Raises|Attributes):$", re.MULTILINE)
_ITEM = re.compile(r"^    (?P<name>\w[\w, ]*): (?P<text>.*)$")


def render() -> str:
    """The page."""
    about = "from dataset_builder import " + ", ".join(api.__all__)
    functions = [f"## {function.__name__}\n\n{_described(function)}" for function in FUNCTIONS]
    classes = [f"### {kind.__name__}\n\n{_class(kind)}" for kind in CLASSES]
    return page(
        "Python API",
        "the docstrings of dataset_builder/api.py",
        fenced(about, "python"),
        _prose(inspect.getdoc(api) or "").partition("\n\n")[2],
        *functions,
        "## What the functions give",
        *classes,
        "## Errors",
        "All in `dataset_builder.errors`; each has `found`, `expected`, `hint`, `place`, `issues` and `exit_code`.",
        table(("Error", "Means", "Exit code"), list(_errors())),
    )


def _described(function: Any) -> str:
    signature = inspect.signature(function)
    inner = ",\n    ".join(_parameters(signature))
    given = f" -> {signature.return_annotation}"
    return "\n\n".join([fenced(f"{function.__name__}(\n    {inner},\n){given}", "python"), _documented(function)])


def _parameters(signature: inspect.Signature) -> Iterator[str]:
    """As they are written; annotations that are not evaluated come in quotes, which nobody needs to see."""
    keyword = False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword:
            keyword = True
            yield "*"
        yield str(parameter).replace("'", "")


def _class(kind: type) -> str:
    parts = [_documented(kind)]
    members = [
        (code(name), _first(inspect.getdoc(value) or ""))
        for name, value in vars(kind).items()
        if not name.startswith("_") and (isinstance(value, property | classmethod) or inspect.isfunction(value))
    ]
    if members:
        parts.append(table(("Member", "What it is"), members))
    return "\n\n".join(parts)


def _errors() -> Iterator[tuple[str, str, str]]:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.DatasetBuilderError)
    ]
    for kind in kinds:
        yield code(kind.__name__), _first(inspect.getdoc(kind) or ""), str(kind.exit_code)


def _documented(thing: Any) -> str:
    """A docstring as Markdown: its prose, then a list under each of its sections."""
    head, *sections = _SECTION.split(inspect.getdoc(thing) or "")
    parts = [_prose(head)]
    for name, body in zip(sections[::2], sections[1::2], strict=True):
        parts.append(f"**{name}**\n\n{_items(body)}")
    return "\n\n".join(part for part in parts if part)


def _items(body: str) -> str:
    """The entries of a section; a line that is indented further belongs to the entry before."""
    entries: list[str] = []
    for line in body.strip("\n").splitlines():
        match = _ITEM.match(line)
        if match and not line.startswith("     "):
            entries.append(f"- `{match['name']}`: {match['text']}")
        elif entries:
            entries[-1] += f" {line.strip()}"
        else:
            entries.append(line.strip())
    return _prose("\n".join(entries))


def _first(text: str) -> str:
    return _prose(text).partition("\n\n")[0].replace("\n", " ")


def _prose(text: str) -> str:
    plain = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", text)
    return re.sub(r"``([^`]*)``", r"`\1`", plain).strip()
