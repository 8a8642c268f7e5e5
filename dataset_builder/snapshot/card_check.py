"""The data card against the files: what ``datasets`` would silently believe of the card must be true of the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from dataset_builder.describe.facts import split_of
from dataset_builder.issues import Issue
from dataset_builder.schema import TableSchema, card_feature
from dataset_builder.snapshot.table_check import read_schemas
from dataset_builder.split_options import REST
from dataset_builder.strict_yaml import YamlError, parse_yaml

CARD = "README.md"


def check_card(root: Path, manifest: dict[str, Any]) -> Iterator[Issue]:
    """Compare configs, features and counts of the card's front matter with the manifest and the schemas."""
    front = _front_matter(root)
    if isinstance(front, Issue):
        yield front
        return
    schemas = read_schemas(root)
    rows = {entry["path"]: entry["rows"] for entry in manifest["files"] if "rows" in entry}
    infos = front.get("dataset_info") or []
    infos = {info.get("config_name"): info for info in (infos if isinstance(infos, list) else [infos])}
    configs = {config["config_name"]: config for config in front.get("configs") or []}
    for name in sorted({*infos, *configs}, key=str):
        if name not in infos or name not in configs:
            yield _wrong(f"the config {name}", "in configs or dataset_info only", "both")
            continue
        yield from _check_config(name, configs[name], infos[name], schemas, rows)
    defaults = [name for name, config in configs.items() if config.get("default")]
    if len(defaults) != 1:
        yield _wrong("default", f"{len(defaults)} default configs", "one")
    for table, facts in manifest["tables"].items():
        if facts["rows"] and table not in configs:
            yield _wrong(f"the config {table}", "no such config", f"a config for {facts['rows']} rows")
    text = (root / CARD).read_text(encoding="utf-8")
    if manifest["identity"] not in text:
        yield _wrong("identity", "a card that does not quote it", manifest["identity"])


def _front_matter(root: Path) -> dict[str, Any] | Issue:
    text = (root / CARD).read_text(encoding="utf-8")
    if not text.startswith("---\n") or "\n---\n" not in text:
        return _wrong("front matter", "no front matter", "YAML between --- lines")
    try:
        value = parse_yaml(text[4 : text.index("\n---\n", 3)]).value
    except YamlError as error:
        return Issue(CARD, error.line + 1, code="card-wrong", found=error.found, expected=error.expected)
    return value if isinstance(value, dict) else _wrong("front matter", "no mapping", "a mapping")


def _check_config(
    name: str, config: dict[str, Any], info: dict[str, Any], schemas: dict[str, Any], rows: dict[str, int]
) -> Iterator[Issue]:
    shards = _shards_by_split(config["data_files"], rows)
    matched = {path for paths in shards.values() for path in paths}
    if not matched:
        yield _wrong(f"{name}.data_files", "patterns that match no shard", "the config's shards")
        return
    for split, paths in sorted(shards.items()):
        if strays := sorted(path for path in paths if split_of(path) != split):
            yield _wrong(f"{name}.data_files", f"{strays[0]} in the split {split}", f"shards named {split}-…")
    tables = {path.partition("/")[0] for path in matched}
    if len(tables) != 1:
        yield _wrong(f"{name}.data_files", f"shards of {len(tables)} tables", "shards of one table")
        return
    table = tables.pop()
    features = [card_feature(field) for field in TableSchema(table, schemas[table]).fields]
    if info.get("features") != features:
        yield _wrong(
            f"{name}.features", _first_difference(info.get("features") or [], features), "the schema's features"
        )
    total = Counter[str]()
    for path in matched:
        total[split_of(path)] += rows[path]
    stated = {split.get("name"): split.get("num_examples", 0) for split in info.get("splits") or []}
    if stated != total:
        yield _wrong(f"{name}.num_examples", f"{_told(stated)} examples", f"{_told(total)} rows in its shards")


def _shards_by_split(data_files: Any, rows: Mapping[str, int]) -> dict[str, set[str]]:
    """Split -> the shards that its patterns match; what is not said to be a split's is ``train``."""
    entries = data_files if isinstance(data_files, list) else [{"split": REST, "path": data_files}]
    found: dict[str, set[str]] = {}
    for entry in entries:
        patterns = entry["path"] if isinstance(entry["path"], list) else [entry["path"]]
        matched = {path for path in rows for pattern in patterns if fnmatchcase(path, pattern)}
        found.setdefault(str(entry.get("split", REST)), set()).update(matched)
    return found


def _told(counts: Mapping[str, int]) -> str:
    """``12``, or where there are several splits ``train 12, test 3``."""
    if set(counts) <= {REST}:
        return str(sum(counts.values()))
    return ", ".join(f"{split} {count}" for split, count in sorted(counts.items()))


def _first_difference(stated: list[Any], true: list[Any]) -> str:
    for index, feature in enumerate(true):
        if index >= len(stated) or stated[index] != feature:
            return f"another {feature['name']}"
    return "features that the schema does not have"


def _wrong(field: str, found: str, expected: str) -> Issue:
    return Issue(CARD, field=field, code="card-wrong", found=found, expected=expected)
