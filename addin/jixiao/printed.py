"""What a verb says on the screen, and the published JSON."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jixiao.checking.finding import Finding, count, ranges, summary
from jixiao.filing.model import Place
from jixiao.filing.quantity import plain
from jixiao.rubric.model import Rubric
from jixiao.scoring.arithmetic import rounded
from jixiao.scoring.model import Assessment, Basis, IndicatorScore, RowScore, Score
from jixiao.scoring.trace import arithmetic, called, cells_of, why_not

if TYPE_CHECKING:
    from jixiao.audit.remark import Remark


def headline(assessment: Assessment) -> list[str]:
    """Unit, total, grade, and how much of it nobody has verified."""
    year = f"{assessment.year}年度" if assessment.year.isdigit() else ""
    lines = [f"{assessment.unit or '（未填部门名称）'}　{year}".rstrip()]
    said = f"总分 {assessment.total}，{assessment.grade}"
    if assessment.unverified:
        said += f"；其中 {assessment.unverified} 分只有自评分，没有数据可核（未核）"
    lines.append(said)
    lines += assessment.total_steps
    for level in assessment.levels:
        if level.apart:
            lines.append(f"{level.path[-1]} {level.score} / {plain(level.weight)} 分（单独成表，不计入总分）")
    if assessment.declared_total is not None and assessment.declared_total != assessment.total:
        lines.append(f"表里填的总分是 {plain(assessment.declared_total)}")
    if assessment.missing:
        lines.append(f"还有 {plain(assessment.missing)} 分的指标没有填，按 0 分计入")
    return lines


def score_lines(rubric: Rubric, assessment: Assessment) -> list[str]:
    """Every indicator with its score, what it rests on, its arithmetic and its rows, by level."""
    lines: list[str] = []
    path: tuple[str, ...] = ()
    for one in assessment.indicators:
        if one.path != path:
            path = one.path
            lines += ["", "　".join(path)]
        lines += [f"  {line}" for line in indicator_lines(rubric, assessment, one)]
    return lines


def indicator_lines(rubric: Rubric, assessment: Assessment, one: IndicatorScore) -> list[str]:
    """An indicator with its score, what it rests on, its arithmetic and its rows."""
    lines = [f"{one.name}　{_points(one)}"]
    shown = one.basis is Basis.COMPUTED
    if shown:
        lines += [f"    {step.text}" for step in one.steps]
    elif why := why_not(rubric, one):
        lines.append(f"    {why}")
    lines.append(f"    依据：{one.clause}")
    if shown:
        lines += [f"    口径：{name}＝{choice}" for name, choice in one.options]
    rows = assessment.rows_of(one.id)
    cells = _places(cells_of([one, *rows])) if shown or rows else []
    if cells:
        lines.append(f"    用到的格子：{'、'.join(cells)}")
    for row in rows:
        lines += [f"    {line}" for line in row_lines(row)]
    return lines


def row_lines(row: RowScore) -> list[str]:
    """A row with its score, target and actual, and its arithmetic."""
    direction = f"（{row.direction}）" if row.direction else ""
    target, actual = (" ".join(text.split()) or "（空）" for text in (row.target, row.actual))
    lines = [f"· {called(row)}　{_points(row)}", f"    {target} → {actual}{direction}"]
    return lines + ([f"    {said}"] if (said := arithmetic(row)) else [])


def _points(one: Score) -> str:
    points = "—" if one.score is None else str(one.score)
    declared = ""
    if one.declared is not None and one.declared != one.score:
        declared = f"，自评 {plain(one.declared)}"
    return f"{points} / {plain(one.weight)} 分（{one.basis}{declared}）"


def _places(places: Sequence[Place]) -> list[str]:
    return [str(place) for place in ranges(places)]


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """The summary line, what is still missing, then everything else."""
    lines = [summary(findings)]
    missing = [finding for finding in findings if finding.missing]
    others = [finding for finding in findings if not finding.missing]
    for heading, listed in ((f"还差什么（{len(missing)} 项）", missing), ("其他问题", others)):
        if listed:
            lines += ["", heading] if missing else [""]
        for finding in listed:
            follows = "  ↳ " if finding.caused_by else ""
            lines.append(f"{follows}{finding.severity} {finding.code}　{finding.place}")
            lines.append(f"    {finding.text()}")
    return lines


def as_json(rubric: Rubric, assessment: Assessment, findings: Sequence[Finding]) -> dict[str, Any]:
    """The published JSON of score and check: numbers as strings, ratios with six places."""
    blocks = {block.id: block.name for block in rubric.blocks}
    return {
        "edition": assessment.edition,
        "unit": assessment.unit,
        "year": int(assessment.year) if assessment.year.isdigit() else None,
        "total": str(assessment.total),
        "declared_total": _text(assessment.declared_total),
        "unverified": str(assessment.unverified),
        "grade": assessment.grade,
        "total_steps": list(assessment.total_steps),
        "indicators": [
            {
                "id": one.id,
                "name": one.name,
                "path": list(one.path),
                **_score(one),
                "steps": [*(step.text for step in one.steps), *filter(None, [why_not(rubric, one)])],
                "clause": one.clause,
                "options": [{"name": name, "choice": choice} for name, choice in one.options],
                "places": _places(cells_of([one, *assessment.rows_of(one.id)])),
            }
            for one in assessment.indicators
        ],
        "rows": [
            {
                "block": blocks[row.block],
                "name": row.name,
                **_score(row),
                "steps": [step.text for step in row.steps],
                "direction": row.direction,
                "place": str(row.place) if row.place else None,
            }
            for row in assessment.rows
        ],
        "summary": count(findings),
        "findings": [_finding(one) for one in findings],
    }


def audit_as_json(edition: str, remarks: Sequence[Remark]) -> dict[str, Any]:
    """The published JSON of audit: each finding with the words it quotes; no ``edition`` was told: null."""
    return {
        "edition": edition or None,
        "summary": count(one.finding for one in remarks),
        "findings": [{**_finding(one.finding), "quote": one.quote} for one in remarks],
    }


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "code": one.code,
        "severity": str(one.severity),
        "place": one.place,
        "message": one.text(),
        "stated": one.stated,
        "expected": one.expected,
        "clause": one.clause,
        "points": _text(one.points),
        "caused_by": one.caused_by,
        "missing": one.missing,
    }


def _score(one: Score) -> dict[str, Any]:
    return {
        "weight": plain(one.weight),
        "score": _text(one.score),
        "declared": _text(one.declared),
        "basis": str(one.basis),
        "ratio": _text(one.ratio if one.ratio is None else plain(rounded(one.ratio, 6))),
    }


def _text(number: Decimal | str | None) -> str | None:
    return None if number is None else str(number)
