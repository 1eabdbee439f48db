"""All checks of a filing. They yield and never stop; what could not be checked says so."""

from __future__ import annotations

from jixiao.checking.approved import check_approved
from jixiao.checking.bases import check_bases
from jixiao.checking.beside import NOTHING, Beside
from jixiao.checking.case import Case
from jixiao.checking.filled import check_filled
from jixiao.checking.finding import Finding, Severity
from jixiao.checking.rates import check_rates
from jixiao.checking.rows import check_rows
from jixiao.checking.scores import check_scores
from jixiao.checking.stated import check_stated
from jixiao.checking.swapped import check_swapped
from jixiao.checking.ties import check_ties, check_units
from jixiao.checking.wording import check_wording
from jixiao.filing.model import Filing
from jixiao.rubric.model import Rubric
from jixiao.scoring.model import Assessment
from jixiao.scoring.readings import Readings

FAMILIES = (
    check_filled,
    check_units,
    check_swapped,
    check_rows,
    check_approved,
    check_scores,
    check_rates,
    check_ties,
    check_bases,
    check_wording,
    check_stated,
)


def check(
    rubric: Rubric,
    filing: Filing,
    assessment: Assessment,
    readings: Readings | None = None,
    beside: Beside = NOTHING,
) -> tuple[Finding, ...]:
    """Everything a reviewer would question, gravest first; a finding stands below its cause.

    ``readings`` of the same filing spare reading it again; ``beside`` is what else is known of it.
    """
    case = Case(rubric, filing, assessment, readings, beside)
    found = case.found
    for checks in FAMILIES:
        for finding in checks(case):
            case.add(finding)
    gravity = list(Severity)
    known = {(finding.code, finding.subject) for finding in found}
    follow: dict[tuple[str, str], list[Finding]] = {}
    roots: list[Finding] = []
    for finding in found:
        cause = (finding.caused_by, finding.cause)
        if cause in known:
            follow.setdefault(cause, []).append(finding)
        else:
            roots.append(finding)

    def family(finding: Finding) -> list[Finding]:
        """A finding and, below it, all that follows from it."""
        below = follow.pop((finding.code, finding.subject), [])
        return [finding, *(one for child in below for one in family(child))]

    families = [family(root) for root in roots]
    families.sort(key=lambda members: min(gravity.index(one.severity) for one in members))
    return tuple(one for members in families for one in members)
