"""Which stages a corpus goes through, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dataset_builder.access import access_findings
from dataset_builder.assemble import Assemble
from dataset_builder.config import Config
from dataset_builder.config_check import CONFIG_NAME
from dataset_builder.issues import Issue
from dataset_builder.partial.rows import PartialRules
from dataset_builder.read.warc.member import payload_sha256
from dataset_builder.rights.evidence import check_sources
from dataset_builder.rights.policy import Policy, load_policy
from dataset_builder.rights.terms import SourceTerms
from dataset_builder.schema import TableSchema, released_tables
from dataset_builder.stages.clean import Clean
from dataset_builder.stages.contract import Stage
from dataset_builder.stages.corrections import Corrections
from dataset_builder.stages.dates import Dates, SourcePlace
from dataset_builder.stages.entities import Entities
from dataset_builder.stages.facts import Facts
from dataset_builder.stages.language import Language
from dataset_builder.stages.only import Only
from dataset_builder.stages.required import Required
from dataset_builder.stages.rights import Rights


@dataclass(frozen=True)
class Plan:
    """What a build does to every batch: the stages in order, then the assembly of the released columns.

    Attributes:
        issues: what is wrong with the sources' own declarations and their evidence.
    """

    config: Config
    schemas: dict[str, TableSchema]
    stages: tuple[Stage, ...]
    assemble: Assemble
    issues: tuple[Issue, ...] = ()

    @property
    def policy(self) -> Policy:
        """The table that decides."""
        return load_policy(self.config.policy_path)

    @property
    def partial(self) -> PartialRules:
        """What an excerpt and a features release hold."""
        return PartialRules(self.config.build.release.excerpt, self.policy)


def make_plan(config: Config) -> Plan:
    """The plan for a configuration.

    Rights come before entities: annotations are made only where they may be published.
    """
    places = tuple(
        SourcePlace(s.name, s.timezone or None, s.country or None, s.language or None) for s in config.sources
    )
    schemas = released_tables(config.extra_fields)
    terms, issues = check_sources(_terms(config), config.folder, config.created, payload_sha256)
    clean = Clean(places, config.build.limits.article_characters)
    stages: tuple[Stage, ...] = (
        clean,
        Facts(config.extra_fields),
        Dates(places, config.created),
        Language(places),
        Rights(
            sources=terms,
            audience=config.build.audience,
            noncommercial=config.build.noncommercial,
            created=config.created,
            withdrawn=tuple(sorted(withdrawal.id for withdrawal in config.withdrawals)),
            policy=config.policy_path,
            legal_basis=config.build.release.legal_basis.kind,
            published_in=config.build.release.published_in,
            wanted=config.build.release.mode,
        ),
        Corrections(),
        Required(config.require),
        Only(Entities(config.build.models, config.build.labels), where="annotate"),
    )
    assemble = Assemble(schemas["articles"], f"{clean.name} {clean.version}")
    return Plan(config, schemas, stages, assemble, (*issues, *access_findings(config)))


def _terms(config: Config) -> list[SourceTerms]:
    return [
        SourceTerms(
            name=source.name,
            license=source.license or None,
            license_evidence=dict(source.license_evidence),
            permission=source.permission or None,
            permission_expires=date.fromisoformat(source.permission_expires) if source.permission_expires else None,
            permission_scope=source.permission_scope or None,
            rights_holder=source.rights_holder or None,
            publisher=source.publisher or None,
            title=source.title or None,
            email=source.email or None,
            terms_url=source.terms_url or None,
            locator=f"{CONFIG_NAME}:{source.line}" if source.line else CONFIG_NAME,
        )
        for source in config.sources
    ]
