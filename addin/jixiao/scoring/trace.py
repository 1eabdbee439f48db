"""What a score rests on, put together for those who show it: its rows, its cells, its arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jixiao.filing.model import Place
from jixiao.rubric.model import Rows, Rubric, walk
from jixiao.scoring.model import Assessment, RowScore, Score

_CELL = re.compile(r"([A-Z]+)(\d+)")


def rows_of(rubric: Rubric, assessment: Assessment) -> dict[str, list[RowScore]]:
    """The rows that each indicator adds up, by its id; none for one that is scored in itself."""
    return {
        one.id: [row for row in assessment.rows if isinstance(one.rule, Rows) and row.block == one.rule.block]
        for _, one in walk(rubric.levels)
    }


def cells_of(scores: Iterable[Score]) -> list[Place]:
    """Every cell that these scores were computed from, once, column by column."""
    places = {place: None for one in scores for step in one.steps for place in step.places}
    sheets = list(dict.fromkeys(place.sheet for place in places))

    def position(place: Place) -> tuple[int, int, str, int]:
        column, row = match.groups() if (match := _CELL.match(place.cell)) else ("", 0)
        return sheets.index(place.sheet), len(column), column, int(row)

    return sorted(places, key=position)


def arithmetic(row: RowScore) -> str:
    """The arithmetic of a row on one line, or why there is none."""
    lacking = [f"算不出来：{remark.words['why']}" for remark in row.remarks if "why" in remark.words]
    return "；".join([*(step.text for step in row.steps), *lacking])


def called(row: RowScore) -> str:
    return " ".join(row.name.split()) or f"第 {row.number} 行（没有写名称）"
