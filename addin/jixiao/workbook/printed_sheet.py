"""A sheet as it prints: texts, merged cells, borders and widths, for other documents to show."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import msgspec
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from jixiao.filing.quantity import as_text, plain
from jixiao.scoring.arithmetic import percent, rounded
from jixiao.workbook.file.number_formats import Shown, shown_by

STANDARD_WIDTH = 8.43
"""Width of a column that has none of its own."""


class PrintedCell(msgspec.Struct, frozen=True):
    """A cell, or the upper left cell of merged ones; ``row`` and ``column`` count from 0."""

    row: int
    column: int
    text: str
    rows: int = 1
    cols: int = 1
    align: str = "left"
    bold: bool = False
    size: float = 0
    bordered: bool = True
    indent: int = 0


class PrintedSheet(msgspec.Struct, frozen=True):
    cells: tuple[PrintedCell, ...]
    widths: tuple[float, ...]
    rows: int
    repeated: frozenset[int] = frozenset()
    """Rows that are printed again at the top of every page."""


def printed_sheets(workbook: bytes, sheets: Mapping[str, str]) -> dict[str, PrintedSheet]:
    """What is printed of some sheets of a workbook file, each under the key that asks for it."""
    if not sheets:
        return {}
    book = load_workbook(io.BytesIO(workbook), data_only=True)
    return {key: _printed(book[sheet]) for key, sheet in sheets.items()}


def _printed(page: Worksheet) -> PrintedSheet:
    """Its print area, or all of it; hidden rows and columns are left out."""
    left, top, right, bottom = _area(page)
    columns = [one for one in range(left, right + 1) if not _hidden_column(page, one)]
    rows = [one for one in range(top, bottom + 1) if not page.row_dimensions[one].hidden]
    merged = {range_.min_row * 100_000 + range_.min_col: range_ for range_ in page.merged_cells.ranges}
    covered = {cell for range_ in page.merged_cells.ranges for cell in range_.cells}
    cells = []
    for number, row in enumerate(rows):
        for place, column in enumerate(columns):
            area = merged.get(row * 100_000 + column)
            if area is None and (row, column) in covered:
                continue
            down = [one for one in rows if area and area.min_row <= one <= area.max_row]
            across = [one for one in columns if area and area.min_col <= one <= area.max_col]
            cells.append(_cell(page.cell(row, column), number, place, len(down) or 1, len(across) or 1))
    repeated = frozenset(rows.index(one) for one in _repeated(page) if one in rows)
    return PrintedSheet(
        _without_empty_end(cells), tuple(_width(page, one) for one in columns), len(rows), repeated
    )


def _area(page: Worksheet) -> tuple[int, int, int, int]:
    area = str(page.print_area or "").rpartition("!")[2].replace("$", "")
    bounds = range_boundaries(area) if area and "," not in area else (1, 1, page.max_column, page.max_row)
    left, top, right, bottom = (int(one or 1) for one in bounds)
    return left, top, right, bottom


def _repeated(page: Worksheet) -> Iterator[int]:
    first, _, last = str(page.print_title_rows or "").replace("$", "").partition(":")
    yield from range(int(first), int(last) + 1) if first.isdigit() and last.isdigit() else ()


def _width(page: Worksheet, column: int) -> float:
    dimension = page.column_dimensions.get(get_column_letter(column))
    return float(dimension.width) if dimension is not None and dimension.width else STANDARD_WIDTH


def _hidden_column(page: Worksheet, column: int) -> bool:
    dimension = page.column_dimensions.get(get_column_letter(column))
    return bool(dimension is not None and dimension.hidden)


def _cell(cell: Any, row: int, column: int, rows: int, cols: int) -> PrintedCell:
    border = cell.border
    sides = (border.left, border.right, border.top, border.bottom)
    number = isinstance(cell.value, int | float)
    align = cell.alignment.horizontal or "general"
    return PrintedCell(
        row=row,
        column=column,
        text=_text(cell),
        rows=rows,
        cols=cols,
        align=align if align in ("left", "center", "right") else "center" if number else "left",
        bold=bool(cell.font.b),
        size=float(cell.font.sz or 0),
        bordered=any(side is not None and side.style for side in sides),
        indent=int(cell.alignment.indent or 0),
    )


def _text(cell: Cell) -> str:
    """The value as its number format shows it; figures without thousands separators."""
    value, code = cell.value, str(cell.number_format or "General")
    if isinstance(value, bool) or value is None:
        return as_text(value)
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        if shown_by(-1, code) is Shown.PERCENT:
            return percent(number)
        places = len(code.partition(";")[0].partition(".")[2].rstrip("_ )")) if ".0" in code else 0
        return str(rounded(number, places)) if places else plain(number)
    if isinstance(value, dt.datetime | dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value).rstrip()


def _without_empty_end(cells: list[PrintedCell]) -> tuple[PrintedCell, ...]:
    last = max((cell.row + cell.rows - 1 for cell in cells if cell.text or cell.bordered), default=-1)
    return tuple(cell for cell in cells if cell.row <= last)
