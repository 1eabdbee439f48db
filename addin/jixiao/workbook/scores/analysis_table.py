"""The software's columns of the table on 得分分析: how the score of each indicator came about."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from jixiao.checking.finding import ranges
from jixiao.filing.model import Raw
from jixiao.filing.quantity import as_text
from jixiao.rubric.model import Rubric
from jixiao.scoring.model import Assessment, Basis, IndicatorScore, RowScore
from jixiao.scoring.trace import arithmetic, called, cells_of
from jixiao.workbook.bound import Bindings
from jixiao.workbook.file.values import storable
from jixiao.workbook.own_list import OwnList, fit_heights, holds_something, open_list
from jixiao.workbook.port import Edit, Port
from jixiao.workbook.scores.cells import option_lines, step_lines

OURS = ("计算得分", "依据", "口径", "算式")
_NUMBER, _NAME = "序号", "指标"
_LONGEST, _REST = 16_000, "……（其余的用 jixiao score 看）"


def write_analysis(port: Port, rubric: Rubric, assessment: Assessment) -> list[str]:
    """Write these columns anew for every indicator; returns in words what had no place."""
    table = open_list(port, "analysis", (_NUMBER, _NAME, *OURS))
    if table is None:
        return ["没有找到“得分分析”里的指标表（可能被删除了），计算得分、依据、口径和算式没有写入。"]
    notes = [
        f"“{table.sheet}”的指标表没有“{heading}”一列，这一列没有写入。"
        for heading in OURS
        if heading not in table.columns
    ]
    edits: dict[int, list[Edit]] = {}
    rows = _rows(port, table, [score.name for score in assessment.indicators])
    for score, row in zip(assessment.indicators, rows, strict=True):
        if row is None:
            notes.append(f"“{table.sheet}”的指标表没有“{score.name}”一行，它的算式没有写入。")
            continue
        edits[row] = [
            Edit(row, table.columns[heading], value)
            for heading, value in _values(score, assessment.rows_of(score.id)).items()
            if heading in table.columns
        ]
    port.write(table.sheet, [edit for row in edits.values() for edit in row])
    fit_heights(port, table, edits)
    return notes


def clear_analysis(port: Port, names: Sequence[str]) -> bool:
    """Empty these columns for the indicators called so; whether anything stood there."""
    table = open_list(port, "analysis", (_NUMBER, _NAME, *OURS))
    if table is None:
        return False
    headings = [heading for heading in OURS if heading in table.columns]
    rows = [row for row in _rows(port, table, names) if row is not None]
    if not any(holds_something(table.cell(row, heading)) for row in rows for heading in headings):
        return False
    port.write(table.sheet, [Edit(row, table.columns[heading]) for row in rows for heading in headings])
    return True


def _values(score: IndicatorScore, rows: Sequence[RowScore]) -> dict[str, Raw]:
    computed = score.score if score.basis is Basis.COMPUTED else None
    return dict(
        zip(OURS, (computed, str(score.basis), option_lines(score), _trace(score, rows)), strict=True)
    )


def _trace(score: IndicatorScore, rows: Sequence[RowScore]) -> str:
    """The arithmetic or why there is none, the clause, the cells, the rows added up."""
    lines = [text for text in (step_lines(score), f"没有计算，{score.why}" if score.why else "") if text]
    if lines or rows:
        lines.append(f"依据：{score.clause}")
    if cells := ranges(cells_of([score, *rows])):
        lines.append(f"数据：{'、'.join(map(str, cells))}")
    for row in rows:
        points = "没有得分" if row.score is None else f"得 {row.score} 分"
        lines.append(f"{called(row)}：{'，'.join(filter(None, (arithmetic(row), points)))}")
    text = storable("\n".join(lines))
    return text if len(text) <= _LONGEST else text[:_LONGEST] + _REST


def _rows(port: Port, table: OwnList, names: Sequence[str]) -> list[int | None]:
    """The row of each indicator: by its name; where that is not to be found once, by its number."""
    by_name: dict[str, list[int]] = {}
    by_number: dict[Raw, int] = {}
    for row in range(table.area.top + 1, _end(port, table)):
        by_name.setdefault(as_text(table.raw(row, _NAME)), []).append(row)
        by_number.setdefault(table.raw(row, _NUMBER), row)
    return [
        by_name[name][0] if len(by_name.get(name, [])) == 1 else by_number.get(Decimal(number))
        for number, name in enumerate(names, 1)
    ]


def _end(port: Port, table: OwnList) -> int:
    """Where the list of replaced scores begins, whose rows name indicators too; else the sheet's end."""
    below = Bindings(port)["replaced"]
    if below and below.sheet == table.sheet and below.area.top > table.area.top:
        return below.area.top
    return table.last_row + 1
