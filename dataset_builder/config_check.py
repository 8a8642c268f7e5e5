"""Everything that is wrong with a dataset.yaml, found at once. ``schema/config.schema.json`` is the rule."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from dataset_builder.addresses import has_secret, without_secrets
from dataset_builder.issues import Issue
from dataset_builder.nearest import nearest_hint
from dataset_builder.resources import read_json
from dataset_builder.split_options import split_faults
from dataset_builder.strict_yaml import Document
from dataset_builder.visible import one_line

CONFIG_NAME = "dataset.yaml"
#: The source of articles that nobody has declared one for.
UNDECLARED = "undeclared"


def check_config(document: Document) -> list[Issue]:
    """The findings about a parsed dataset.yaml; empty where it may be used."""
    if secrets := list(_secret_issues(document)):
        return secrets  # whatever else is wrong would be shown with the words around it
    return [*_schema_issues(document), *_reference_issues(document)]


def _secret_issues(document: Document) -> Iterator[Issue]:
    """Addresses that let their reader in, wherever they would be published."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), document.value)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*path, key), member) for key, member in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, index), member) for index, member in enumerate(value)]
        elif isinstance(value, str) and path[:1] != ("articles",) and has_secret(value):
            found, field = one_line(without_secrets(value)), ".".join(map(str, path))
            expected = "the address without what grants access"
            yield Issue(
                CONFIG_NAME, document.line(path), field=field, code="secret-in-config", found=found, expected=expected
            )


def _schema_issues(document: Document) -> list[Issue]:
    import jsonschema

    checked = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": _pattern_errors})  # type: ignore[no-untyped-call]
    checker = checked(read_json("config.schema.json"), format_checker=jsonschema.FormatChecker(["date"]))
    errors = sorted(checker.iter_errors(document.value), key=lambda error: [str(step) for step in error.absolute_path])
    return [issue for error in errors for issue in _issues_of(error, document)]


def _pattern_errors(validator: Any, pattern: str, instance: Any, _: Any) -> Iterator[Any]:
    """The keyword ``pattern`` as ECMA 262 has it: ``$`` is the very end, and not before a line break as in Python."""
    import jsonschema

    if validator.is_type(instance, "string") and not re.search(pattern.replace("$", r"\Z"), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _issues_of(error: Any, document: Document) -> list[Issue]:
    path = tuple(error.absolute_path)
    where = ".".join(str(step) for step in path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = list(error.schema.get("properties", {}))
        return [
            Issue(
                CONFIG_NAME,
                document.line((*path, key)),
                field=".".join([*map(str, path), key]),
                code="config-unknown-key",
                found=f"the key {key!r}",
                expected="one of " + ", ".join(known),
                hint=nearest_hint(key, known),
            )
            for key in error.instance
            if key not in known
        ]
    found, expected = _wrong_value(error)
    hint = nearest_hint(str(error.instance), map(str, error.validator_value)) if error.validator == "enum" else ""
    line = document.line(path)
    return [Issue(CONFIG_NAME, line, field=where, code="config-wrong-value", found=found, expected=expected, hint=hint)]


def _wrong_value(error: Any) -> tuple[str, str]:
    shown = json.dumps(error.instance, ensure_ascii=False, default=str)
    found = f"{shown[:80]}{'…' if len(shown) > 80 else ''}"
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        return f"no {' and no '.join(missing)}", "the key " + ", ".join(missing)
    if error.validator == "type":
        kinds = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        names: dict[str, str] = {
            "string": "text (quote it, if it looks like a number)",
            "object": "a mapping",
            "array": "a list",
            "boolean": "true or false",
        }
        return found, " or ".join(names.get(kind, str(kind)) for kind in kinds)
    if error.validator == "enum":
        return found, "one of " + ", ".join(map(str, error.validator_value))
    described = error.schema.get("description", "")
    expected = {"format": "a date, YYYY-MM-DD", "pattern": described or f"text that matches {error.validator_value}"}
    return found, expected.get(error.validator, f"{error.validator} {error.validator_value}")


def _reference_issues(document: Document) -> list[Issue]:
    """What a JSON Schema cannot say: names that refer to each other, paths that must stay inside, real time zones."""
    value = document.value
    if not isinstance(value, dict):
        return []
    issues: list[Issue] = []
    sources = _entries(value, "sources")
    names = [str(entry.get("name")) for entry in sources]
    firsts: dict[str, int] = {}
    for index, entry in enumerate(sources):
        line = document.line(("sources", index, "name"))
        # SPDX knows no underscore, so these two would share the identifier of what their owners permitted.
        first = firsts.setdefault(names[index].replace("_", "-"), index)
        if first != index:
            alike = "" if names[first] == names[index] else f" beside {names[first]!r}"
            issues.append(
                Issue(
                    CONFIG_NAME,
                    line,
                    field=f"sources.{index}.name",
                    code="config-wrong-value",
                    found=f"a second source {names[index]!r}{alike}",
                    expected="each name once, and names that differ in more than - and _",
                )
            )
        if (zone := entry.get("timezone")) is not None and not _known_zone(str(zone)):
            line = document.line(("sources", index, "timezone"))
            issues.append(
                Issue(
                    CONFIG_NAME,
                    line,
                    field=f"sources.{index}.timezone",
                    code="config-wrong-value",
                    found=f"the time zone {zone!r}"[:120],
                    expected="an IANA name such as Asia/Kolkata",
                )
            )
    issues += _split_issues(document, names or [UNDECLARED])
    for index, entry in enumerate(_entries(value, "articles")):
        issues += _glob_issues(document, index, entry, names or [UNDECLARED])
    for keys in (("build", "policy"), ("build", "access", "terms")):
        issues += _file_issues(document, keys)
    return issues


def _split_issues(document: Document, sources: list[str]) -> list[Issue]:
    build = document.value.get("build")
    splits = build.get("splits") if isinstance(build, dict) else None
    faults = split_faults(splits, sources) if isinstance(splits, dict) else ()
    return [
        Issue(
            CONFIG_NAME,
            document.line(("build", "splits", *path)),
            field=".".join(("build", "splits", *path)),
            code="config-wrong-value",
            found=found,
            expected=expected,
        )
        for path, found, expected in faults
    ]


def _file_issues(document: Document, keys: tuple[str, ...]) -> list[Issue]:
    """A file that a key names must stand below the corpus."""
    value = document.value
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, str) or not _leads_outside(value):
        return []
    return [
        Issue(
            CONFIG_NAME,
            document.line(keys),
            field=".".join(keys),
            code="path-outside",
            found=f"the path {value[:120]!r}",
            expected="a path below the corpus",
        )
    ]


def _leads_outside(path: str) -> bool:
    pure = PurePosixPath(path.replace("\\", "/"))
    return pure.is_absolute() or ".." in pure.parts


def _glob_issues(document: Document, index: int, entry: dict[str, Any], names: list[str]) -> list[Issue]:
    issues: list[Issue] = []
    if _leads_outside(pattern := str(entry.get("path", ""))):
        line = document.line(("articles", index, "path"))
        issues.append(
            Issue(
                CONFIG_NAME,
                line,
                field=f"articles.{index}.path",
                code="path-outside",
                found=f"the path {pattern[:120]!r}",
                expected="a path below the corpus",
            )
        )
    if (source := entry.get("source")) is not None and source not in names:
        line = document.line(("articles", index, "source"))
        issues.append(
            Issue(
                CONFIG_NAME,
                line,
                field=f"articles.{index}.source",
                code="unknown-source",
                found=f"the source {source!r}"[:120],
                expected="one of " + ", ".join(names[:20]),
                hint=nearest_hint(str(source), names),
            )
        )
    return issues


def _entries(value: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = value.get(key)
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _known_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
