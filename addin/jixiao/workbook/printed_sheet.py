"""A sheet as it prints: texts, merged cells, borders and widths, for other documents to show."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from jixiao.filing.model import Place
from jixiao.filing.quantity import as_text, plain
from jixiao.scoring.arithmetic import percent, rounded
from jixiao.workbook.errors import Damaged, TooLarge
from jixiao.workbook.file.number_formats import Shown, shown_by
from jixiao.workbook.file.package import unpack
from jixiao.workbook.formula.references import parse_area

MOST_CELLS = 100_000
"""So many cells, of a print area or of merged areas, are no official form any more."""
GENERAL_PLACES = 10
STANDARD_WIDTH = 8.43
"""Width of a column that has none of its own."""
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([^"]*)"')


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


def printed_sheets(
    workbook: bytes, sheets: Mapping[str, str], hidden: Sequence[Place] = ()
) -> dict[str, PrintedSheet]:
    """What is printed of some sheets of a workbook file, each under the key that asks for it.

    What stands in the ``hidden`` cells is left out, there and where a formula repeats it.

    Raises Damaged and TooLarge.
    """
    if not sheets:
        return {}
    _refuse_boundless(workbook)
    book = _opened(workbook, data_only=True)
    cut = _cut_texts(workbook, book, hidden) if hidden else {}
    return {key: _printed(book[sheet], cut) for key, sheet in sheets.items()}


def _opened(workbook: bytes, *, data_only: bool = False) -> Workbook:
    try:
        with warnings.catch_warnings(action="ignore"):  # it warns of what is no concern of the user's
            return load_workbook(io.BytesIO(workbook), data_only=data_only)
    except Exception as error:  # whatever it stumbles over in a file that is written unusually
        raise Damaged(
            "自评表的文件里有 Excel 不会那样写的地方，附表印不进报告。请用 Excel 或 WPS 打开它，"
            "另存为“Excel 工作簿 (.xlsx)”后再试。"
        ) from error


def _refuse_boundless(workbook: bytes) -> None:
    """Merged areas are laid out cell by cell; one over whole columns would never come to an end."""
    for data in unpack(workbook, "自评表").parts.values():
        areas = [parse_area(ref.decode("utf-8", "replace")) for ref in _MERGED.findall(data)]
        sizes = ((a.bottom - a.top + 1) * (a.right - a.left + 1) for a in areas if a)
        if sum(sizes) > MOST_CELLS:
            raise TooLarge(
                "自评表里合并的单元格大得不正常（例如把整列合并了），附表印不进报告。"
                "请在 Excel 里取消这样的合并，保存后再试。"
            )


def _cut_texts(workbook: bytes, book: Workbook, hidden: Sequence[Place]) -> dict[tuple[str, str], list[str]]:
    """Cell -> the texts that are left out of it."""
    cut: dict[tuple[str, str], list[str]] = defaultdict(list)
    formulas = _opened(workbook)
    for home in hidden:
        text = _text(book[home.sheet][home.cell])
        if not text:
            continue
        cut[home.sheet, home.cell].append(text)
        for page in formulas:
            for row in page.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and _names(cell.value, home, page.title):
                        cut[page.title, cell.coordinate].append(text)
    return cut


def _names(formula: str, home: Place, sheet: str) -> bool:
    """Whether a formula on ``sheet`` refers to the cell."""
    if not formula.startswith("="):
        return False
    plain_formula = formula.replace("$", "").replace("'", "")
    own = rf"(?<![!A-Z0-9]){home.cell}(?!\d)" if sheet == home.sheet else r"(?!)"
    return bool(re.search(rf"{re.escape(home.sheet)}!{home.cell}(?!\d)|{own}", plain_formula))


def _printed(page: Worksheet, cut: Mapping[tuple[str, str], Sequence[str]]) -> PrintedSheet:
    """Its print area, or all of it; hidden rows and columns are left out."""
    left, top, right, bottom = _area(page)
    columns = [one for one in range(left, right + 1) if not _hidden_column(page, one)]
    rows = [one for one in range(top, bottom + 1) if not page.row_dimensions[one].hidden]
    merged = {(area.min_row, area.min_col): area for area in page.merged_cells.ranges}
    covered = {cell for area in page.merged_cells.ranges for cell in area.cells}
    cells = []
    for number, row in enumerate(rows):
        for place, column in enumerate(columns):
            area = merged.get((row, column))
            if area is None and (row, column) in covered:
                continue
            down = [one for one in rows if area and area.min_row <= one <= area.max_row]
            across = [one for one in columns if area and area.min_col <= one <= area.max_col]
            cell = page.cell(row, column)
            made = _cell(cell, number, place, len(down) or 1, len(across) or 1)
            for text in cut.get((page.title, cell.coordinate), ()):
                made = msgspec.structs.replace(made, text=made.text.replace(text, ""))
            cells.append(made)
    repeated = frozenset(rows.index(one) for one in _repeated(page) if one in rows)
    return PrintedSheet(
        _without_empty_end(cells), tuple(_width(page, one) for one in columns), len(rows), repeated
    )


def _area(page: Worksheet) -> tuple[int, int, int, int]:
    area = str(page.print_area or "").rpartition("!")[2].replace("$", "")
    bounds = range_boundaries(area) if area and "," not in area else (1, 1, page.max_column, page.max_row)
    left, top, right, bottom = (int(one or 1) for one in bounds)
    if (right - left + 1) * (bottom - top + 1) > MOST_CELLS:
        raise TooLarge(
            f"“{page.title}”要打印的有 {bottom - top + 1} 行 {right - left + 1} 列，印不进报告。"
            "请在 Excel 里删去表格以外的内容，或者用“页面布局—打印区域”只选中表格，保存后再试。"
        )
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
        if not number.is_finite():
            return str(value)
        if shown_by(-1, code) is Shown.PERCENT:
            return percent(number)
        decimals = re.search(r"\.(0+)", code.partition(";")[0])
        return str(rounded(number, len(decimals[1]))) if decimals else plain(_general(number))
    if isinstance(value, dt.datetime | dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    return str(value).rstrip()


def _general(number: Decimal) -> Decimal:
    """A number as a cell without a format shows it: without what binary fractions leave far behind."""
    short = rounded(number, GENERAL_PLACES)
    return short if len(plain(short)) < len(plain(number)) else number


def _without_empty_end(cells: list[PrintedCell]) -> tuple[PrintedCell, ...]:
    last = max((cell.row + cell.rows - 1 for cell in cells if cell.text or cell.bordered), default=-1)
    return tuple(cell for cell in cells if cell.row <= last)
