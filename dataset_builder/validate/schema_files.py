"""Schemas in files: JSON or YAML, refused with the place of the fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dataset_builder.errors import ConfigError, UsageError
from dataset_builder.strict_yaml import YamlError, parse_yaml

#: No Table Schema comes near; a larger file is something else.
MAX_SCHEMA_BYTES = 16 * 2**20


def load_schema(path: Path) -> dict[str, Any]:
    """The mapping that ``path`` holds. Raises :class:`UsageError` and :class:`ConfigError`."""
    if not path.is_file():
        raise UsageError(f"there is no file {path}", expected="a Table Schema as JSON or YAML")
    if path.stat().st_size > MAX_SCHEMA_BYTES:
        raise _refusal(path, f"the file is larger than {MAX_SCHEMA_BYTES // 2**20} MiB")
    try:
        text = path.read_text(encoding="utf-8-sig")
        schema = parse_yaml(text).value if path.suffix.lower() in (".yaml", ".yml") else json.loads(text)
    except UnicodeDecodeError as error:
        raise _refusal(path, "the file is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise _refusal(path, f"no JSON: {error.msg} in line {error.lineno}, column {error.colno}") from error
    except ValueError as error:  # Python converts no integer of more than 4,300 digits
        raise _refusal(path, "a number of thousands of digits") from error
    except YamlError as error:
        raise _refusal(path, f"no YAML: {error.found} in line {error.line}; expected {error.expected}") from error
    except RecursionError as error:
        raise _refusal(path, "the file is nested too deeply") from error
    if not isinstance(schema, dict):
        raise _refusal(path, f"the file holds a {type(schema).__name__}, not an object")
    return schema


def _refusal(path: Path, found: str) -> ConfigError:
    return ConfigError(
        found, expected="a Table Schema: an object with a member fields", hint="see its specification", place=str(path)
    )
