"""What a formula hands over and what it gets back: grids of cells in, a cell or a grid out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jixiao.filing.model import Entry
from jixiao.filing.quantity import as_text, tidy
from jixiao.rubric.errors import RuleError
from jixiao.workbook.errors import WorkbookError
from jixiao.workbook.file.values import decode_number

Grid = Sequence[Sequence[object]]
Answer = str | float | Decimal | Fraction | None
Shown = str | float

NOT_GIVEN: Grid = [[None]]
_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
"""How xlwings says that a cell holds an error."""


class CannotSay(Exception):
    """The formula has no answer; the message is what its cell shows."""


def entry(value: object) -> Entry:
    """A cell's value as the forms read it: numbers to 15 digits, as Excel shows them."""
    if isinstance(value, str):
        return Entry(error=value) if value in _ERRORS else Entry(value)
    if isinstance(value, bool | dt.date | None):
        return Entry(value)
    return Entry(decode_number(str(value)))


def text(grid: Grid) -> str:
    """What a single cell says, tidied: the name of an edition, of an indicator."""
    if len(grid) != 1 or len(grid[0]) != 1:
        raise CannotSay("这里只能选一个单元格")
    return tidy(as_text(entry(grid[0][0]).raw))


def over(answer: Callable[..., Answer], *grids: Grid) -> Shown | list[list[Shown]]:
    """``answer`` for every cell of the grids; a single cell goes with all cells of the others."""
    height = max(len(grid) for grid in grids)
    width = max(len(grid[0]) for grid in grids)
    if any((len(grid), len(grid[0])) not in {(height, width), (1, 1)} for grid in grids):
        raise CannotSay("几个区域的行数、列数要一样")
    wide = [grid if (len(grid), len(grid[0])) == (height, width) else [grid[0] * width] * height
            for grid in ([list(row) for row in grid] for grid in grids)]  # fmt: skip
    found = [
        [shown(answer, *(entry(grid[row][column]) for grid in wide)) for column in range(width)]
        for row in range(height)
    ]
    return found if height * width > 1 else found[0][0]


def shown(answer: Callable[..., Answer], *given: object) -> Shown:
    """One answer as a cell shows it; whatever is wrong is said there in a few words."""
    found = answered(answer, *given)
    if found is None:
        return ""
    return found if isinstance(found, str) else float(found)


def answered(answer: Callable[..., Any], *given: object) -> Any:
    """The answer, or in a few words what is wrong."""
    try:
        return answer(*given)
    except (CannotSay, RuleError, WorkbookError) as error:
        return str(error)
    except Exception as error:
        return f"程序出错（{type(error).__name__}），请点“绩效自评”里的“自检”"
