"""Would the Hub take the card? Asked here, so that nothing is sent that it would refuse at the end.

The Hub's own check needs the network and a token. Its lists ship in ``datasets``, but for the licences: their list is
``schema/rights/hugging-face.json``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.nearest import nearest_hint
from dataset_builder.resources import read_json
from dataset_builder.strict_yaml import YamlError, parse_yaml
from dataset_builder.visible import one_line

CARD = "README.md"
#: ``datasets`` takes these names of splits and configs; ``all`` is its own (findings of datasets 5.2).
_SPLIT = re.compile(r"\w+(\.\w+)*")
_RESERVED = "all"


def check_hub_card(card: Path) -> list[Issue]:
    """What the Hub would reject of a data card; an error each."""
    text = card.read_text(encoding="utf-8")
    end = text.find("\n---\n", 3)
    if not text.startswith("---\n") or end < 0:
        return [_rejected("", "no YAML front matter", "a block between two lines ---")]
    try:
        front = parse_yaml(text[4 : end + 1]).value
    except YamlError as error:
        return [_rejected("", error.found, error.expected)]
    if not isinstance(front, dict):
        return [_rejected("", "front matter that is no mapping", "keys and values")]
    return [*_check_names(front), *_check_license(front), *_check_configs(front)]


def _check_names(front: dict[str, Any]) -> Iterator[Issue]:
    from datasets.utils.metadata import known_task_ids

    tasks = set(known_task_ids)
    lists: dict[str, Iterable[str]] = {
        "language": _shipped("languages.json"),
        "size_categories": _shipped("size_categories.json"),
        "multilinguality": _shipped("multilingualities.json"),
        "task_categories": tasks,
        "task_ids": {name for ids in known_task_ids.values() for name in ids},
    }
    creators: dict[str, Any] = _shipped("creators.json")
    lists |= {f"{kind}_creators": known for kind, known in creators.items()}
    for field, known in lists.items():
        for value in _values(front, field):
            if value not in known:
                yield _rejected(field, value, "a name of the Hub's own list", nearest_hint(value, known))


def _check_license(front: dict[str, Any]) -> Iterator[Issue]:
    known = read_json("rights", "hugging-face.json")["licenses"]
    values = _values(front, "license")
    if not values:
        yield _rejected("license", "no license", "an identifier of the Hub's list, or other")
    for value in values:
        if value not in known:
            yield _rejected("license", value, "an identifier of the Hub's list, or other", nearest_hint(value, known))
    if "other" in values and not (front.get("license_name") and isinstance(front["license_name"], str)):
        yield _rejected("license_name", "license: other without a name", "license_name and license_link")


def _check_configs(front: dict[str, Any]) -> Iterator[Issue]:
    for config in front.get("configs") or []:
        name = str(config.get("config_name") if isinstance(config, dict) else config)
        if name == _RESERVED or not name.strip():
            yield _rejected("configs", name, "a name other than all")
        files = config.get("data_files") if isinstance(config, dict) else None
        for entry in files if isinstance(files, list) else []:
            split = str(entry.get("split")) if isinstance(entry, dict) else ""
            if not _SPLIT.fullmatch(split) or split == _RESERVED:
                yield _rejected(f"configs.{name}", f"the split {split}", "letters, digits and underscores")


def _shipped(name: str) -> Any:
    import datasets.utils

    return json.loads((Path(datasets.utils.__file__).parent / "resources" / name).read_text(encoding="utf-8"))


def _values(front: dict[str, Any], field: str) -> list[str]:
    value = front.get(field)
    return [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _rejected(field: str, found: str, expected: str, hint: str = "") -> Issue:
    return Issue(CARD, field=field, code="card-rejected", found=one_line(found), expected=expected, hint=hint)
