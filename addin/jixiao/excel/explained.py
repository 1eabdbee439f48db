"""得分依据: what the scores of one line of the form rest on."""

from __future__ import annotations

from collections.abc import Iterable

from jixiao.filing.model import Place
from jixiao.printed import indicator_lines, row_lines
from jixiao.scoring.model import IndicatorScore, Score
from jixiao.scoring.trace import cells_of
from jixiao.verbs import Work
from jixiao.workbook.bound import position_of
from jixiao.workbook.scores.cells import score_cells


def explained(work: Work, sheet: str, line: int) -> list[str]:
    """The scores that stand in the line, else those computed from what stands in it."""
    assessment = work.assessment
    cells = [one for one in score_cells(work.filing, assessment) if _on(sheet, line, [one.place])]
    indicators = {one.id: one for one in assessment.indicators}
    rows = [row for row in assessment.rows if row.place and _on(sheet, line, [row.place])]
    found: list[Score] = [*rows, *(one.score for one in cells if isinstance(one.score, IndicatorScore))]
    if not found:
        found = [one for one in indicators.values() if _on(sheet, line, cells_of([one]))]
    if not found:
        return ["这一行没有得分，也没有计算得分用到的数据。请选中指标所在的一行，再按“得分依据”。"]
    lines: list[str] = []
    for one in found:
        lines += [""] if lines else []
        if isinstance(one, IndicatorScore):
            lines += indicator_lines(work.rubric, assessment, one)
    for row in rows:
        lines += [*([""] if lines else []), *row_lines(row)]
        if row.indicator in indicators:
            lines.append(f"    依据：{indicators[row.indicator].clause}")
    return lines


def _on(sheet: str, line: int, places: Iterable[Place]) -> bool:
    return any(place.sheet == sheet and position_of(place)[0] == line for place in places)
