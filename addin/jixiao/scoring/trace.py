"""What a score rests on, put together for those who show it: its rows, its cells, its arithmetic."""

from __future__ import annotations

import re
from collections.abc import Iterable

from jixiao.filing.model import Place
from jixiao.rubric.model import Rubric
from jixiao.scoring.model import IndicatorScore, RowScore, Score

_CELL = re.compile(r"([A-Z]+)(\d+)")


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
    lacking = [f"算不出来：{row.why}"] if row.why else []
    return "；".join([*(step.text for step in row.steps), *lacking])


def why_not(rubric: Rubric, one: IndicatorScore) -> str:
    """Why an indicator could not be computed; empty where it could, or where only its rows could not."""
    labels = [rubric.asked[field].label for field in one.lacking if field in rubric.asked]
    said = one.why or (f"没有可用的数据：{'、'.join(labels)}" if labels else "")
    return f"没有计算，{said}" if said else ""


def called(row: RowScore) -> str:
    return " ".join(row.name.split()) or f"第 {row.number} 行（没有写名称）"
