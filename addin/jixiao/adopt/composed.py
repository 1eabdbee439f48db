"""A workbook made from forms of other formats: what they hold, merged and wide as they have it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from copy import copy
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from jixiao.workbook.layout.looks import BODY
from jixiao.workbook.layout.paper import text_height

LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_A4_LANDSCAPE_FROM = 110.0
"""Columns that are wider together are printed on a page that lies."""
_THIN = Side("thin", color="000000")
GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def new_book() -> Workbook:
    """A workbook without sheets, in the type of the official forms."""
    book = Workbook()
    book.remove(book.active)
    book._fonts[0] = Font(name=BODY, size=11, charset=134, family=None)
    book._named_styles["Normal"].font = Font(name=BODY, size=11, charset=134)
    return book


def as_bytes(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def add_sheet(book: Workbook, name: str, taken: Sequence[str] = ()) -> Worksheet:
    """A new sheet of that name, or one like it that no sheet has yet."""
    plain = _NOT_IN_NAMES.sub("", name).strip().strip("'")[:LONGEST_NAME] or "表"
    known = {one.lower() for one in (*book.sheetnames, *taken)}
    number, free = 1, plain
    while free.lower() in known:
        number += 1
        end = f"（{number}）"
        free = plain[: LONGEST_NAME - len(end)] + end
    return book.create_sheet(free)


def put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    """Put a value; text is always text, never a formula."""
    cell = sheet.cell(row, column)
    cell.value = float(value) if isinstance(value, Decimal) else value
    if isinstance(value, str):
        cell.data_type = "s"


def merge(sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
    if (top, left) != (bottom, right):
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def set_page(sheet: Worksheet) -> None:
    """One page wide, as official forms are handed in."""
    widths = [one.width for one in sheet.column_dimensions.values()]
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if sum(widths) > _A4_LANDSCAPE_FROM else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True


def fit_rows(sheet: Worksheet, least: float, size: float) -> None:
    """Rows as high as what stands in them needs."""
    merged = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    for row in sheet.iter_rows():
        need = least
        for cell in row:
            if isinstance(cell, MergedCell) or not isinstance(cell.value, str):
                continue
            area = merged.get((cell.row, cell.column))
            last = area.max_col if area else cell.column
            widths = [_width(sheet, number) for number in range(cell.column, last + 1)]
            rows = area.max_row - area.min_row + 1 if area else 1
            need = max(need, text_height(cell.value, widths, cell.font.size or size) / rows)
        if row:
            sheet.row_dimensions[row[0].row].height = min(need, 409)


def _width(sheet: Worksheet, column: int) -> float:
    return float(sheet.column_dimensions[get_column_letter(column)].width)


def plain_look(sheet: Worksheet, row: int, column: int, *, size: float, bold: bool, centred: bool) -> None:
    cell = sheet.cell(row, column)
    cell.font = Font(name=BODY, size=size, bold=bold, charset=134)
    cell.alignment = Alignment(
        horizontal="center" if centred else "left", vertical="center", wrap_text=True
    )  # fmt: skip


def add_workbook(book: Workbook, path: Path, taken: Sequence[str]) -> None:
    """Copy the visible sheets of another .xlsx: values, looks, merges, widths, heights."""
    other = load_workbook(path, data_only=True)
    for source in other.worksheets:
        if source.sheet_state != "visible":
            continue
        sheet = add_sheet(book, source.title, taken)
        for line in source.iter_rows():
            for cell in line:
                if isinstance(cell, MergedCell):
                    target = sheet.cell(cell.row, cell.column)
                    target.border = copy(cell.border)
                    continue
                put(sheet, cell.row, cell.column, cell.value)
                if cell.has_style:
                    target = sheet.cell(cell.row, cell.column)
                    target.font, target.fill = copy(cell.font), copy(cell.fill)
                    target.border, target.alignment = copy(cell.border), copy(cell.alignment)
                    target.number_format = cell.number_format
        for area in source.merged_cells.ranges:
            sheet.merge_cells(str(area))
        for letter, one in source.column_dimensions.items():
            sheet.column_dimensions[letter].width = one.width
            sheet.column_dimensions[letter].min, sheet.column_dimensions[letter].max = one.min, one.max
        for number, one in source.row_dimensions.items():
            if one.height:
                sheet.row_dimensions[number].height = one.height
        set_page(sheet)
