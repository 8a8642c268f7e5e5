"""The reference of known licences, from ``schema/rights/``."""

from __future__ import annotations

from typing import Any

from dataset_builder.resources import read_json
from dataset_builder.rights.known import table as rights_table
from generators.markdown import code, codes, page, table

ABOUT = """\
A licence statement may be an SPDX identifier or expression, a name, an address, a Creative Commons phrase in running
text or a rightsstatements.org address. What names no licence below is undetermined, and the text is withheld: there
is no class "other". How each class is released is in the [release policy](release-policy.md).
"""


def render() -> str:
    """The page."""
    commons = rights_table("creative-commons")
    known = rights_table("licenses")
    statements = rights_table("rightsstatements")["statements"]
    hub = read_json("rights", "hugging-face.json")["licenses"]
    hub_names = {expression: name for name, expression in hub.items() if expression}
    return page(
        "Licences",
        "schema/rights/*.yaml and hugging-face.json",
        ABOUT,
        "## Creative Commons",
        table(("Family", "Class", "Versions"), map(_family, commons["families"].items())),
        table(
            ("Public domain", "Name", "Address"),
            [(code(row["expression"]), row["name"], row["url"]) for row in commons["public_domain"].values()],
        ),
        "Jurisdiction ports are recognised by their addresses: "
        + "; ".join(f"version {version}: {', '.join(ports)}" for version, ports in commons["ports"].items())
        + ".",
        "## Other licences",
        table(
            ("Identifier", "Class", "Name", "Also written", "On the Hub"),
            [_licence(name, row, hub_names) for name, row in known.items()],
        ),
        "## rightsstatements.org",
        table(
            ("Code", "Class", "Name"),
            [(code(name), code(row["class"]), row["name"]) for name, row in statements.items()],
        ),
    )


def _family(item: tuple[str, dict[str, Any]]) -> tuple[str, ...]:
    name, row = item
    return code(f"CC-{name.upper()}"), code(row["class"]), ", ".join(row["versions"])


def _licence(name: str, row: dict[str, Any], hub: dict[str, str]) -> tuple[str, ...]:
    return code(name), code(row["class"]), row["name"], codes(row.get("aliases", ())), code(hub.get(name, ""))
