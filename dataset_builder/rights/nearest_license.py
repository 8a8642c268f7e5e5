"""The nearest known licence for one that nobody knows, for the finding's hint."""

from __future__ import annotations

from functools import cache

from dataset_builder.nearest import nearest_name
from dataset_builder.rights.creative_commons import of_parts
from dataset_builder.rights.known import by_name, folded, table


@cache
def _candidates() -> dict[str, str]:
    """Folded name -> expression: the table's own, and Creative Commons without ports."""
    names = {name: known.expression for name, known in by_name().items()}
    data = table("creative-commons")
    for family, row in data["families"].items():
        for version in row["versions"]:
            if known := of_parts(family.split("-"), version):
                names[folded(known.expression)] = known.expression
                names[folded(known.name)] = known.expression
    for row in data["public_domain"].values():
        names[folded(row["expression"])] = row["expression"]
    return names


def nearest_license(statement: str) -> str | None:
    """The known licence whose name is nearest to ``statement``, or None where none is near."""
    found = nearest_name(folded(statement), _candidates())
    return _candidates()[found] if found else None
