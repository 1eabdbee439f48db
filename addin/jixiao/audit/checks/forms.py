"""What the checks of the official form say about the forms inside a report."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from jixiao.audit.forms import Forms
from jixiao.audit.remark import Remark, shown
from jixiao.checking.finding import Finding, Severity
from jixiao.filing.model import Place
from jixiao.rubric.model import Rubric
from jixiao.scoring.model import Assessment

ADJUSTED, TIE = "JX-407", "JX-401"
OVER_ROWS = ("JX-211", "JX-315")
"""What is reckoned from all rows of the indicators together."""


def check_forms(
    found: tuple[Finding, ...], forms: Forms, rubric: Rubric, assessment: Assessment, *, several: bool
) -> Iterator[Remark]:
    """Those of the findings that are about what stands in the report, at its words.

    Left out is what asks of a form what a report need not hold, and what could not be checked
    because the report does not tell it.
    """
    substitutes = {one.id for one in assessment.indicators if one.substitute[0]}
    told = {(one.code, one.stated, one.expected): one for one in found}
    for finding in found:
        if finding.code == ADJUSTED and told[finding.code, finding.stated, finding.expected] is not finding:
            continue  # the same two amounts stand in two tables
        cells = [forms.cells[place] for place in finding.places if place in forms.cells]
        about = next((one for one in (cell.shown for cell in cells) if one[0].text), None)
        if about is None or finding.severity is Severity.UNCHECKED or rubric.findings[finding.code].of_form:
            continue
        if finding.subject in substitutes:
            continue  # the report does not tell the official basis of this score
        if forms.rows_lost and finding.code in OVER_ROWS:
            continue  # the rows that are not read may make it up
        in_text = any(cell.span is not None for cell in cells)
        if finding.code == TIE and (in_text or finding.severity is Severity.WARNING):
            continue  # there may be parts that the report does not tell
        places = [Place(shown(cell.place, cell.document if several else "")) for cell in cells]
        there = msgspec.structs.replace(finding, places=tuple(dict.fromkeys(places)))
        yield Remark(there, cells[0].document, *about)
