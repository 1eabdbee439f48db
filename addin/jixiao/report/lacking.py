"""What a report still lacks, as findings: one for everything that it prints as 【待补充：…】."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.checking.finding import Finding, Severity
from jixiao.filing.model import Place
from jixiao.report.content import Content
from jixiao.rubric.model import Notice, Rubric

LACKING, UNSCORED = "JX-601", "JX-602"
_INNER = str.maketrans("“”", "‘’")
_SCORES = ("score.", "total", "grade", "rows.", "bands.")


def lacking(rubric: Rubric, content: Content) -> Iterator[Finding]:
    """One finding for each thing that is still to be filled in; scores that are not there make one."""
    scores = [one for one in content.missing if one.source.startswith(_SCORES) and one.unit in ("分", "")]
    scores = [one for one in scores if not one.source.endswith((".target", ".actual", ".name", ".weight"))]
    others = [one for one in content.missing if one not in scores]
    if scores:
        labels = "、".join(dict.fromkeys(figure.label for figure in scores))
        places = tuple(dict.fromkeys(figure.place for figure in scores if figure.place))
        yield _finding(rubric.findings[UNSCORED], UNSCORED, places, "score", labels)
    for figure in others:
        places = (figure.place,) if figure.place else ()
        yield _finding(rubric.findings[LACKING], LACKING, places, figure.source, figure.label)


def _finding(notice: Notice, code: str, places: tuple[Place, ...], subject: str, label: str) -> Finding:
    return Finding(
        code=code,
        severity=Severity(notice.severity),
        title=notice.title,
        places=places,
        message=notice.message.format(label=label.translate(_INNER)),
        clause=notice.clause,
        remedy=notice.remedy,
        missing=notice.missing,
        subject=subject,
    )
