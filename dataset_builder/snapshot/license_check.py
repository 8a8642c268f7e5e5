"""The licence of the whole, wherever it is stated: each statement must follow from the rows of the catalog.

Manifest, card, ``LICENSES/``, Data Package and Croissant document say the same in five vocabularies.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from dataset_builder.issues import Issue
from dataset_builder.rights.collection import OVERVIEW, conjunction, hub_license, license_link
from dataset_builder.rights.license_texts import LEGAL_BASIS, identifiers
from dataset_builder.schema import RELEASED, release_modes
from dataset_builder.snapshot.stated import compare, count_rows
from dataset_builder.strict_yaml import parse_yaml

MANIFEST, CARD, CROISSANT, PACKAGE, TERMS = (
    "manifest.json", "README.md", "croissant.json", "datapackage.json", "TERMS.md",
)  # fmt: skip
_COLUMNS = ["source", "license", "rights_class", "release", "decision_rule"]
#: The heading above the card's table by source, licence and decision; a longer table is cut there and says so.
_TABLE = "### Articles by source, licence and decision\n"
_CELL = re.compile(r"(?<!\\)\|")

#: Rows of the catalog that are alike in ``_COLUMNS``, and how many they are.
Rows = list[tuple[dict[str, Any], int]]


def check_licenses(
    root: Path, manifest: dict[str, Any], package: dict[str, Any], entries: dict[str, dict[str, Any]]
) -> Iterator[Issue]:
    """Findings about licences that are not those of the rows."""
    counts = count_rows(root, entries, "catalog", _COLUMNS)
    rows = [(dict(zip(_COLUMNS, values, strict=True)), count) for values, count in counts.items()]
    released = [(row, count) for row, count in rows if row["release"] in RELEASED]
    by_law = frozenset((manifest.get("legal_basis") or {}).get("rules", ()))
    texts = _expression(released, by_law)
    layer = conjunction(entry["name"] for entry in package.get("licenses", []))
    card = (root / CARD).read_text(encoding="utf-8")
    yield from _check_manifest(manifest, released, rows, texts)
    yield from _check_front_matter(card, manifest, texts or layer)
    yield from _check_texts(entries, conjunction([texts, layer]))
    yield from _check_package(package, released, by_law)
    yield from _check_croissant(root, package)
    yield from _check_table(card, rows)
    yield from _check_partial(card, manifest, entries)


def _expression(rows: Rows, by_law: frozenset[str]) -> str:
    """The licences of released rows; what rests on a legal basis stands under none."""
    return conjunction(LEGAL_BASIS if row["decision_rule"] in by_law else row["license"] or "" for row, _ in rows)


def _check_manifest(manifest: dict[str, Any], released: Rows, rows: Rows, texts: str) -> Iterator[Issue]:
    licenses = _sums((row["license"] or "none", count) for row, count in released)
    withheld = _sums((row["decision_rule"], count) for row, count in rows if row["release"] not in RELEASED)
    modes = _sums((row["release"], count) for row, count in released)
    yield from compare(MANIFEST, "license_counts", manifest["license_counts"], licenses)
    yield from compare(MANIFEST, "withheld_counts", manifest["withheld_counts"], withheld)
    yield from compare(MANIFEST, "release_counts", manifest.get("release_counts", modes), modes)
    yield from compare(MANIFEST, "license", manifest["license"], texts or None)


def _sums(counts: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    found = Counter[Any]()
    for key, count in counts:
        found[key] += count
    return dict(found)


def _check_front_matter(card: str, manifest: dict[str, Any], expression: str) -> Iterator[Issue]:
    """The Hub's ``license``, ``license_name`` and ``license_link``; a private snapshot passes on no licence."""
    front = parse_yaml(card[4 : card.index("\n---\n", 3)]).value
    hub, name = hub_license(expression)
    expected: dict[str, Any] = {
        "license": hub if isinstance(hub, str) else list(hub),
        "license_name": name or None,
        "license_link": (license_link(expression) or None) if hub == "other" else None,
    }
    if manifest["audience"] == "private":
        expected = {"license": "other", "license_name": "private-not-for-publication", "license_link": None}
    for key, value in expected.items():
        yield from compare(CARD, key, front.get(key), value)


def _check_texts(entries: dict[str, dict[str, Any]], whole: str) -> Iterator[Issue]:
    """A file for each licence, and no other."""
    found = sorted(path for path in entries if path.startswith("LICENSES/"))
    names = [OVERVIEW, *(f"{name}.txt" for name in identifiers(whole))] if whole else []
    yield from compare(MANIFEST, "files", found, sorted(f"LICENSES/{name}" for name in names))


def _check_package(package: dict[str, Any], released: Rows, by_law: frozenset[str]) -> Iterator[Issue]:
    """The licences of each table of released articles."""
    resources = {resource["name"]: resource for resource in package["resources"]}
    for mode in RELEASED:
        table = release_modes()[mode]["table"]
        expression = _expression([(row, count) for row, count in released if row["release"] == mode], by_law)
        stated = [entry["name"] for entry in resources.get(table, {}).get("licenses", [])]
        whole = [expression] if re.search(r" (?:OR|WITH) ", expression) else expression.split(" AND ")
        expected = ["LicenseRef-expression"] if whole != expression.split(" AND ") else whole
        yield from compare(PACKAGE, f"{table}.licenses", stated, [name for name in expected if name])


def _check_croissant(root: Path, package: dict[str, Any]) -> Iterator[Issue]:
    owners = [package, *package["resources"]]
    names = dict.fromkeys(entry["name"] for owner in owners for entry in owner.get("licenses", []))
    addresses = [name if name.startswith("LicenseRef-") else f"https://spdx.org/licenses/{name}" for name in names]
    stated = json.loads((root / CROISSANT).read_bytes()).get("license")
    yield from compare(CROISSANT, "license", stated or [], addresses)


def _check_table(card: str, rows: Rows) -> Iterator[Issue]:
    """The card's table by source, licence and decision, but for the source's name, which it shows as a link."""
    keys = _sums((tuple(row[name] or "none stated" for name in _COLUMNS), count) for row, count in rows)
    expected = Counter((*key[1:4], count) for key, count in keys.items())
    _, _, section = card.partition(_TABLE)
    lines = section.partition("\n#")[0].splitlines()
    if any("more rows are left out here" in line for line in lines):
        return
    cells = [_CELL.split(line.strip("|")) for line in lines if line.startswith("|")][2:]
    told = [tuple(cell.strip().replace("\\", "") for cell in row) for row in cells]
    found = Counter((*row[1:4], int(row[4].replace(",", ""))) for row in told)
    yield from compare(CARD, "licences", sorted(found.elements()), sorted(expected.elements()))


def _check_partial(card: str, manifest: dict[str, Any], entries: dict[str, dict[str, Any]]) -> Iterator[Issue]:
    """What a features release and a restricted one must say besides."""
    if score := manifest.get("reconstruction"):
        for name in ("guessed", "determined"):
            if f"{100 * score[name]:.1f} %" not in card:
                found = f"no {name} share of {100 * score[name]:.1f} %"
                yield Issue(CARD, field="reconstruction", code="statement-wrong", found=found, expected="the measure")
    if manifest["audience"] == "restricted" and TERMS not in entries:
        yield Issue(MANIFEST, field="audience", code="statement-wrong", found="restricted", expected=f"with {TERMS}")
