"""Tables of scores of any outline: score and weight row by row, weights level by level, a hundred points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from jixiao.audit.checks.figures import ZERO
from jixiao.audit.document import Words
from jixiao.audit.grid import Figure, Grid, Line
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.own_scores import ScoreColumns, groups, score_columns
from jixiao.audit.remark import Remarks
from jixiao.filing.quantity import plain
from jixiao.scoring.arithmetic import rounded

_FULL = Decimal(100)
_ABOUT_FULL = (Decimal(90), Decimal(110))
_ALIKE_AT_LEAST = 2
_INVERSE = re.compile("反向|≤|不超过|不高于|以内")


def check_score_columns(grid: Grid, lexicon: Lexicon, remarks: Remarks) -> None:
    columns = score_columns(grid, lexicon)
    if columns is None:
        return
    rows = [line for line in grid.lines if not line.kind]
    for line in grid.lines:
        _check_at_most(line, columns, lexicon, remarks)
    for upper, lower in pairwise(columns.weights):
        _check_levels(rows, upper, lower, remarks)
    _check_proportional(grid, rows, columns, lexicon, remarks)
    _check_hundred(grid, rows, columns, lexicon, remarks)


def _check_at_most(line: Line, columns: ScoreColumns, lexicon: Lexicon, remarks: Remarks) -> None:
    score, weight = line.figures.get(columns.score), line.figures.get(columns.weights[-1])
    extra = re.search(lexicon.words.tables.extra, line.label)
    if score and weight and 0 <= weight.value < score.value and not extra:
        remarks.add("JX-708", _about(score), stated=score.text, expected=f"不超过{weight.text}分")


def _check_levels(rows: Sequence[Line], upper: int, lower: int, remarks: Remarks) -> None:
    """The weights of a level make up that of the level above, as they do for its other names."""
    told: list[tuple[Figure, list[Figure]]] = []
    for _, group in groups(rows, upper - 1):
        whole = group[0].figures.get(upper)
        parts = [line.figures[lower] for line in group if lower in line.figures]
        if whole and len(parts) > 0:
            told.append((whole, parts))
    wrong = [
        (whole, parts) for whole, parts in told if sum((one.value for one in parts), ZERO) != whole.value
    ]
    if len(wrong) == 1 and len(told) > _ALIKE_AT_LEAST:
        _remark_sum(*wrong[0], remarks)


def _check_proportional(
    grid: Grid, rows: Sequence[Line], columns: ScoreColumns, lexicon: Lexicon, remarks: Remarks
) -> None:
    """得分 is 完成率 × 分值, where the report says that this is the rule."""
    if not re.search(lexicon.words.tables.proportional, grid.caption + "".join(grid.heads)):
        return
    rate = next((place for place, head in enumerate(grid.heads) if lexicon.completed(head)), None)
    weight = columns.weights[-1]
    told = [
        line
        for line in rows
        if rate is not None
        and {rate, weight, columns.score} <= line.figures.keys()
        and not any(_INVERSE.search(cell.text) for cell in line.cells)
    ]
    expected = {
        id(line): min(line.figures[rate].value, _FULL) * line.figures[weight].value / 100
        for line in told
        if rate is not None
    }
    wrong = [line for line in told if not _near(line.figures[columns.score], expected[id(line)])]
    if len(told) - len(wrong) < max(_ALIKE_AT_LEAST, len(wrong) + 1):
        return
    for line in wrong:
        score = line.figures[columns.score]
        assert rate is not None
        remarks.add(
            "JX-726", _about(score), stated=score.text, rate=line.figures[rate].text,
            weight=line.figures[weight].text,
            expected=plain(rounded(expected[id(line)], max(score.places, 2))),
        )  # fmt: skip


def _near(score: Figure, exact: Decimal) -> bool:
    return abs(score.value - exact) <= max(score.slack, Decimal("0.005"))


def _check_hundred(
    grid: Grid, rows: Sequence[Line], columns: ScoreColumns, lexicon: Lexicon, remarks: Remarks
) -> None:
    """The weights of all indicators come to a hundred where the table's total says about as much."""
    total = next((line for line in grid.lines if line.kind == "total"), None)
    weight = columns.weights[-1]
    extra = any(re.search(lexicon.words.tables.extra, line.label) for line in grid.lines)
    if total is None or weight not in total.figures or extra:
        return
    said = total.figures[weight]
    if said.value != _FULL and _ABOUT_FULL[0] <= said.value <= _ABOUT_FULL[1]:
        parts = [line.figures[weight] for line in rows if weight in line.figures]
        if sum((one.value for one in parts), ZERO) == said.value:
            remarks.add("JX-727", _about(said), stated=said.text, expected=str(_FULL))


def _remark_sum(whole: Figure, parts: Sequence[Figure], remarks: Remarks) -> None:
    remarks.add(
        "JX-709", _about(whole), stated=whole.text, expected=plain(sum((one.value for one in parts), ZERO)),
        sum="＋".join(one.text for one in parts),
    )  # fmt: skip


def _about(one: Figure) -> tuple[Words, int, int]:
    return one.cell, 0, len(one.text)
