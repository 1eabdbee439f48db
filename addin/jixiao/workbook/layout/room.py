"""Rows made high enough for a filing that is to be poured into the form."""

from __future__ import annotations

import math

from jixiao.filing.model import Filing, Raw
from jixiao.workbook.layout.looks import LOOKS
from jixiao.workbook.layout.paper import text_height
from jixiao.workbook.layout.plan import HIGHEST, Plan, SheetPlan

Spot = tuple[str, int, int]
"""Sheet, row and column of a cell."""


def make_room(plan: Plan, filing: Filing) -> None:
    """Raise the rows in which the filing's texts would be cut short; no row gets lower."""
    texts = _texts(plan, filing)
    for page in plan.sheets:
        for cell in page.cells:
            box = cell.box
            text = texts.get((box.sheet, box.row, box.column))
            if text and not cell.content.formula:
                widths = page.sheet.widths[box.column - 1 : box.last_column]
                size = LOOKS[cell.content.look].size or page.sheet.size
                _raise(page, range(box.row, box.last_row + 1), text_height(text, widths, size))


def _texts(plan: Plan, filing: Filing) -> dict[Spot, str]:
    found: dict[Spot, Raw] = {}
    for field, entry in filing.values.items():
        if box := plan.names.get(field):
            found[box.sheet, box.row, box.column] = entry.raw
    for block, rows in filing.rows.items():
        for number, row in enumerate(rows, 1 if f"printed.{block}" in plan.refs else 0):
            for column, entry in row.entries.items():
                if box := plan.refs.get(f"rows.{block}.{column}"):
                    found[box.sheet, box.row + number, box.column] = entry.raw
    return {spot: raw for spot, raw in found.items() if isinstance(raw, str)}


def _raise(page: SheetPlan, rows: range, need: float) -> None:
    lack = need - sum(page.heights[row] for row in rows)
    for row in rows if lack > 0 else ():
        page.heights[row] = min(math.ceil((page.heights[row] + lack / len(rows)) * 4) / 4, HIGHEST)
