"""What the rights stage has to say about one article."""

from __future__ import annotations

from dataclasses import replace

from dataset_builder.issues import Issue
from dataset_builder.rights.classes import PUBLIC_DOMAIN, UNDETERMINED
from dataset_builder.rights.decision import Decision, RightsFacts
from dataset_builder.rights.holding import Holding
from dataset_builder.rights.opt_outs import OptOuts
from dataset_builder.rights.permissions import read_scope
from dataset_builder.rights.spun import TellTale
from dataset_builder.rights.terms import SourceTerms
from dataset_builder.visible import one_line

_TOLD_TELL_TALES = 5


def findings_of(
    held: Holding,
    facts: RightsFacts,
    decision: Decision,
    opt_outs: OptOuts,
    found_spun: tuple[TellTale, ...],
    opt_out_line: int,
) -> list[Issue]:
    """The findings of one article, in a fixed order, each once; ``opt_out_line`` is 0 where no line is known."""
    found = list(held.findings)
    if held.rights_class == UNDETERMINED and not held.claims:
        found.append(
            Issue(code="rights-undetermined", field="license", found="no statement", expected="a licence with evidence")
        )
    if held.permission is not None:
        found += _permission_findings(held.permission, decision)
    if held.rights_class == PUBLIC_DOMAIN and decision.rule == "public-domain-elsewhere-withheld":
        found.append(
            Issue(
                code="license-jurisdiction",
                field="license",
                found=held.statement,
                expected=f"a snapshot for {held.jurisdiction}",
            )
        )
    if decision.rule == "no-derivatives-withheld":
        found.append(
            Issue(code="no-derivatives-edited", field="body", found="the text was changed", expected="verbatim text")
        )
    if facts.suspected_derived and not facts.reviewed_by and facts.audience != "private":
        found.append(
            Issue(code="review-needed", field="reviewed_by", found=_told(found_spun), expected="a reader's name")
        )
    found += [Issue(code="opt-out-unread", field="content_usage", found=one_line(value)) for value in opt_outs.unread]
    if facts.opt_outs:
        told = one_line("; ".join(facts.opt_outs))
        found.append(Issue(code="opt-out-found", field="tdm_reservation", found=told, line=opt_out_line))
    return list(dict.fromkeys(found))


def _permission_findings(terms: SourceTerms, decision: Decision) -> list[Issue]:
    """Findings about the source's terms, at its entry in dataset.yaml."""
    _, unread = read_scope(terms.permission_scope)
    path, _, line = terms.locator.partition(":")
    at = Issue(path=path, line=int(line or 0), field="permission_expires", found=str(terms.permission_expires))
    found = []
    if unread:
        expected = "full, excerpt or features, and limits"
        scope = replace(at, field="permission_scope", found=unread)
        found.append(replace(scope, code="permission-scope-unknown", expected=expected))
    if decision.rule == "permission-expired-withheld":
        found.append(replace(at, code="permission-expired"))
    if decision.rule == "permission-undated-withheld":
        found.append(replace(at, code="permission-undated"))
    return found


def _told(found: tuple[TellTale, ...]) -> str:
    """The tell-tales, a few of them, each with what a writer would have said."""
    distinct = {tale.meant: tale for tale in sorted(found, key=lambda tale: (-tale.weight, tale.start))}
    told = [f"“{tale.found}” for “{tale.meant}”" for tale in list(distinct.values())[:_TOLD_TELL_TALES]]
    return one_line(", ".join(told) or "nobody has reviewed it", 300)
