"""What the policy looks at: every situation that an article can be in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import numpy.typing as npt

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
    table, free = aspects(), _free_aspects()
    for rights_class, permission in _classes_with_permissions():
        for values in product(*(table[name] for name in free)):
            yield {**dict(zip(free, values, strict=True)), "rights_class": rights_class, "permission": permission}


def _classes_with_permissions() -> list[tuple[str, str]]:
    table = aspects()
    return [
        (rights_class, permission)
        for rights_class in table["rights_class"]
        for permission in (table["permission"] if rights_class == PERMISSION else table["permission"][:1])
    ]


def _free_aspects() -> list[str]:
    """The aspects whose values go with all others' values."""
    return [name for name in aspects() if name not in {"rights_class", "permission"}]


@dataclass(frozen=True)
class CaseColumns:
    """All the cases, in the order of :func:`cases`, as a column for each aspect.

    Attributes:
        places: aspect -> the place of each case's value among the aspect's values.
    """

    places: Mapping[str, npt.NDArray[np.int8]]

    @classmethod
    def all(cls) -> CaseColumns:
        """Every case."""
        table, free = aspects(), _free_aspects()
        inner = np.indices([len(table[name]) for name in free], np.int8).reshape(len(free), -1)
        outer = _classes_with_permissions()
        places = {name: np.tile(inner[row], len(outer)) for row, name in enumerate(free)}
        for member, name in enumerate(("rights_class", "permission")):
            column = np.array([table[name].index(pair[member]) for pair in outer], np.int8)
            places[name] = np.repeat(column, inner.shape[1])
        return cls(places)

    def __len__(self) -> int:
        return len(self.places["status"])

    def __getitem__(self, number: int) -> Case:
        """One case."""
        return {name: values[self.places[name][number]] for name, values in aspects().items()}

    def fitting(self, when: Mapping[str, Collection[str]]) -> npt.NDArray[np.bool_]:
        """In which cases every aspect that ``when`` names has one of the values that stand there."""
        fits = np.ones(len(self), bool)
        for name, wanted in when.items():
            fits &= np.array([value in wanted for value in aspects()[name]])[self.places[name]]
        return fits


def told(case: Case) -> str:
    """A case in words."""
    return ", ".join(f"{aspect} {value}" for aspect, value in case.items())
