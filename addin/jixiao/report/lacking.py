"""What a report still lacks, as findings: one for everything that it prints as 【待补充：…】."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.checking.finding import Finding, Severity
from jixiao.report.content import Content
from jixiao.rubric.model import Rubric

LACKING = "JX-601"


def lacking(rubric: Rubric, content: Content) -> Iterator[Finding]:
    """One finding for each thing that is still to be filled in, in the order of the report."""
    notice = rubric.findings[LACKING]
    for figure in content.missing:
        yield Finding(
            code=LACKING,
            severity=Severity(notice.severity),
            title=notice.title,
            places=(figure.place,) if figure.place else (),
            message=notice.message.format(label=figure.label),
            clause=notice.clause,
            remedy=notice.remedy,
            missing=notice.missing,
            subject=figure.source,
        )
