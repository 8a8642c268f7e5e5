"""The licence of the whole, solved by :mod:`dataset_builder.rights.collection` from what was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataset_builder.describe.facts import CollectionLicense, LicenseRow
from dataset_builder.errors import CorpusError
from dataset_builder.rights.classes import IN_COPYRIGHT
from dataset_builder.rights.collection import LicensedPart, collection_license
from dataset_builder.rights.license_texts import LEGAL_BASIS, legal_basis_note, permission_notes
from dataset_builder.rights.policy import load_policy

if TYPE_CHECKING:
    from dataset_builder.config import Config
    from dataset_builder.snapshot.tally import Tally


def solve_collection(config: Config, tally: Tally) -> CollectionLicense:
    """The collection's licence.

    A private snapshot goes to nobody, so that what cannot be combined for others may stand together in it.

    Raises:
        CorpusError: licences that cannot stand together; ``issues`` names the articles.
    """
    private = config.build.audience == "private"
    by_law = frozenset(rule.id for rule in load_policy(config.policy_path).rules if rule.on_legal_basis)
    terms = collection_license(
        [_part(row, tally, by_law) for row in tally.license_rows if row.released and row.license],
        [license_.name for license_ in config.licenses],
        noncommercial=config.build.noncommercial or private,
        notes=_notes(config),
    )
    if terms.issues and not private:
        raise CorpusError(
            "the licences of the release cannot stand together",
            expected="licences that one release can carry, or a release that declares itself non-commercial",
            hint=terms.issues[0].hint or terms.issues[0].kind.mend,
            issues=terms.issues,
        )
    return CollectionLicense(terms.expression, terms.hub, terms.hub_name, terms.hub_link, terms.texts)


def _part(row: LicenseRow, tally: Tally, by_law: frozenset[str]) -> LicensedPart:
    """Articles that share their terms; what the law allows stands under no licence and binds by none."""
    examples = tally.examples(row)
    if row.decision_rule in by_law:
        return LicensedPart(LEGAL_BASIS, IN_COPYRIGHT, row.articles, examples=examples)
    return LicensedPart(row.license, row.rights_class, row.articles, examples=examples)


def _notes(config: Config) -> dict[str, str]:
    """The texts of the terms that are this corpus's own: its permissions, and its legal basis."""
    release = config.build.release
    notes = permission_notes(config.sources)
    if release.legal_basis.words:
        notes[LEGAL_BASIS] = legal_basis_note(release.legal_basis, release.published_in)
    return notes
