"""What the policy looks at: every situation that an article can be in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product

from dataset_builder.rights.classes import PERMISSION, rights_classes, scopes

#: One situation, as the table sees it: a value for each aspect.
Case = Mapping[str, str]


@cache
def aspects() -> dict[str, tuple[str, ...]]:
    """What the table looks at, and the values that each aspect can have."""
    return {
        "status": ("active", "withdrawn"),
        "text": ("present", "absent"),
        "audience": ("public", "restricted", "private"),
        "rights_class": tuple(rights_classes()),
        "evidence": ("some", "none"),
        "scope": scopes(),
        "permission": ("none", "full", "excerpt", "features", "expired", "undated", "outside"),
        "purpose": ("any", "noncommercial"),
        "transformation": ("verbatim", "cleaned", "annotated"),
        "review": ("none", "pending"),
        "legal_basis": ("none", "features", "excerpt", "research-access"),
        "jurisdiction": ("fits", "outside"),
    }


def cases() -> Iterator[Case]:
    """Every case that can occur, once; aspects that mean nothing for a class keep their first value."""
    table = aspects()
    free = [name for name in table if name not in {"rights_class", "permission"}]
    for rights_class in table["rights_class"]:
        permissions = table["permission"] if rights_class == PERMISSION else table["permission"][:1]
        for permission in permissions:
            fixed = {"rights_class": rights_class, "permission": permission}
            for values in product(*(table[name] for name in free)):
                yield {**dict(zip(free, values, strict=True)), **fixed}


def told(case: Case) -> str:
    """A case in words."""
    return ", ".join(f"{aspect} {value}" for aspect, value in case.items())
