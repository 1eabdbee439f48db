"""Formulas of a form: from ``{field}`` to the addresses of its cells."""

from __future__ import annotations

import re

from jixiao.rubric.model import Grade
from jixiao.workbook.formula.references import column_letters
from jixiao.workbook.layout.plan import Box, FormError, Placed, Plan

_REFERENCE = re.compile(r"\{([^{}]+)\}")
TICKED, UNTICKED = "☑", "□"


def resolve(plan: Plan, cell: Placed) -> str:
    """The formula of a placed cell, beginning with ``=``, as the workbook holds it."""

    def address(match: re.Match[str]) -> str:
        key = match[1].strip()
        kind, _, rest = key.partition(".")
        if cell.row_cells and kind in ("row", "rows"):
            return _in_block(cell, kind, rest)
        if kind in ("sum", "count"):
            return _over_rows(plan, cell, kind, rest)
        box = plan.box(key)
        return box.address() if box.sheet == cell.box.sheet else box.reference()

    text = _REFERENCE.sub(address, cell.content.formula)
    return text if text.startswith("=") else "=" + text


def _over_rows(plan: Plan, cell: Placed, kind: str, column: str) -> str:
    """The sum, or the number of numbers, of a block's column, rows inserted at its ends included.

    The area reaches one cell further, into the line below, and into the header where that is right
    above; both are taken off again: so it grows with rows inserted next to them. If one of the two
    lines is deleted the area is that of the block.
    """
    box = plan.box(f"rows.{column}")
    head = plan.names.get(f"column.{column}")
    lines = [Box(box.sheet, box.last_row + 1, box.column)]
    if head and head.row == box.row - 1:
        lines.insert(0, head)
    more = Box(box.sheet, lines[0].row if len(lines) > 1 else box.row, box.column, box.rows + len(lines))
    here = cell.box.sheet == box.sheet
    over, inside, *off = (
        f"{kind.upper()}({area.address() if here else area.reference()})" for area in (more, box, *lines)
    )
    return f"IFERROR({'-'.join([over, *off])},{inside})"


def _in_block(cell: Placed, kind: str, column: str) -> str:
    """A cell of the same row, or all cells from the header down to the row above this one.

    INDEX keeps a row that is inserted right above the total inside the sum.
    """
    box = cell.row_cells.get(column)
    if box is None:
        raise FormError(f"公式里的“{{{kind}.{column}}}”不是这一区块的列。")
    if kind == "row":
        return box.address(absolute=False)
    letter = column_letters(box.column)
    return f"{letter}${box.row}:INDEX({letter}:{letter},ROW()-1)"


def tick_line(grades: list[Grade], total: str) -> tuple[str, str]:
    """The formula of a line with a box per grade, and what it gives in an empty form.

    The box of the grade earned is ticked; none while the total is not a number.
    """
    parts = []
    upper = ""
    for grade in grades:
        tests = [f"COUNT({{{total}}})=1", f"{{{total}}}>={grade.at_least}"]
        if upper:
            tests.append(f"{{{total}}}<{upper}")
        upper = str(grade.at_least)
        parts.append(f'IF(AND({",".join(tests)}),"{TICKED}","{UNTICKED}")&"{grade.name} {grade.text}"')
    blank = "；　".join(f"{UNTICKED}{grade.name} {grade.text}" for grade in grades)
    return "=" + '&"；　"&'.join(parts), blank
