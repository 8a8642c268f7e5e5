"""Measure a packed snapshot once: the facts that every description is made of."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING

from dataset_builder import __version__
from dataset_builder.access import read_terms
from dataset_builder.describe.checks import build_checks
from dataset_builder.describe.facts import Accounts, CollectionLicense, SnapshotFacts, TableFacts
from dataset_builder.describe.package import stated_schema
from dataset_builder.rights.policy import Policy, load_policy
from dataset_builder.snapshot.identity import json_sha256, snapshot_identity
from dataset_builder.snapshot.policy_digest import policy_digest

if TYPE_CHECKING:
    from dataset_builder.config import Config
    from dataset_builder.snapshot.pack import Packed
    from dataset_builder.snapshot.tally import Tally

#: Libraries whose version can change the bytes of a snapshot.
_TOOLS = ("pyarrow", "frictionless", "ftfy", "dateparser", "py3langid", "spacy", "trafilatura", "license-expression")


def measure_snapshot(
    config: Config, packed: Packed, tally: Tally, accounts: Accounts, collection: CollectionLicense
) -> SnapshotFacts:
    """The facts of a snapshot whose tables are written."""
    tables = tuple(packed.tables.values())
    present = {table.schema.name for table in tables if table.shards}
    descriptors = {table.schema.name: stated_schema(table, present) for table in tables if table.shards}
    newest = tally.catalog.dates[1]
    released = tally.released_dates if tally.released_dates[1] else tally.catalog.dates
    policy = load_policy(config.policy_path)
    return SnapshotFacts(
        config=config,
        builder_version=__version__,
        identity=snapshot_identity(descriptors, _shard_digests(tables)),
        created=config.created or newest,
        created_from="declared" if config.created else "newest-article" if newest else "none",
        tables=tables,
        families=tuple(packed.families),
        accounts=accounts,
        licenses=tally.license_rows,
        collection=collection,
        languages=_ranked(tally.languages),
        dates=released,
        flags=_ranked(tally.flags),
        entity_labels=_ranked(packed.labels),
        words=packed.words,
        policy_version=policy.version,
        policy_sha256=policy_digest(policy),
        schema_sha256=json_sha256(descriptors),
        schema_digests=tuple((name, json_sha256(descriptor)) for name, descriptor in descriptors.items()),
        checks=build_checks(tables),
        tools=tuple(tools_of(config)),
        withdrawals=config.withdrawals,
        merkle_root=packed.merkle_root,
        reconstruction=packed.reconstruction,
        legal_rules=_legal_rules(config, policy),
        terms=read_terms(config),
    )


def _legal_rules(config: Config, policy: Policy) -> tuple[str, ...]:
    """The rows of the policy that the configuration's legal basis opens."""
    kind = config.build.release.legal_basis.kind
    return tuple(rule.id for rule in policy.rules if rule.on_legal_basis and kind in rule.when["legal_basis"])


def _shard_digests(tables: tuple[TableFacts, ...]) -> Iterator[tuple[str, str]]:
    return ((shard.path, shard.sha256) for table in tables for shard in table.shards)


def _ranked(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def tools_of(config: Config) -> Iterator[tuple[str, str]]:
    """(name, version) of what has a hand in the bytes of a snapshot."""
    yield "news-dataset-builder", __version__
    for name in _TOOLS:
        yield name, version(name)
    yield "unicode", unicodedata.unidata_version
    if config.build.models:
        from dataset_builder.stages.entities import model_facts

        for model in model_facts(config.build.models):
            yield f"model:{model['name']}", f"{model['version']} {model['digest']}"
