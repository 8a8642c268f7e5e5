"""The licence of the whole, solved by :mod:`dataset_builder.rights.collection` from what was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dataset_builder.describe.facts import CollectionLicense
from dataset_builder.errors import CorpusError
from dataset_builder.rights.collection import LicensedPart, collection_license

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
    terms = collection_license(
        [
            LicensedPart(row.license, row.rights_class, row.articles, examples=tally.examples(row))
            for row in tally.license_rows
            if row.release == "full" and row.license
        ],
        [license_.name for license_ in config.licenses],
        noncommercial=config.build.noncommercial or private,
    )
    if terms.issues and not private:
        raise CorpusError(
            "the licences of the release cannot stand together",
            expected="licences that one release can carry, or a release that declares itself non-commercial",
            hint=terms.issues[0].hint or terms.issues[0].kind.mend,
            issues=terms.issues,
        )
    return CollectionLicense(terms.expression, terms.hub, terms.hub_name, terms.hub_link, terms.texts)
