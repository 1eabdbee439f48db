"""Sheets of an old Excel workbook (.xls)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any

import xlrd
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from xlrd.compdoc import CompDocError

from jixiao.adopt.composed import add_sheet, merge, put, set_page
from jixiao.workbook.errors import Damaged, Encrypted

_HORIZONTAL = {1: "left", 2: "center", 3: "right", 4: "fill", 5: "justify", 6: "center"}
_VERTICAL = {0: "top", 1: "center", 2: "bottom", 3: "justify"}
_LINES = {
    1: "thin", 2: "medium", 3: "dashed", 4: "dotted", 5: "thick", 6: "double", 7: "hair",
    8: "mediumDashed", 9: "dashDot", 10: "mediumDashDot", 11: "dashDotDot", 12: "mediumDashDotDot",
    13: "slantDashDot",
}  # fmt: skip
_BOLD = 700
_FORMATS = {14: "yyyy-mm-dd"}
"""Formats that .xls leaves to the machine."""


_BROKEN = (
    CompDocError, struct.error, zlib.error, AssertionError, AttributeError, EOFError, LookupError, TypeError,
    ValueError,
)  # fmt: skip
"""What xlrd stumbles over in a damaged file."""


def add_xls(book: Workbook, data: bytes, label: str, taken: Sequence[str]) -> None:
    """Copy the visible sheets: values, looks, merges, widths, heights. Formulas become their values.

    Raises Encrypted and Damaged.
    """
    try:
        source = xlrd.open_workbook(file_contents=data, formatting_info=True)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise Encrypted(
                f"“{label}”设有打开密码，无法读取。请用 Excel 打开它，去掉密码，保存后再试。"
            ) from error
        raise _damaged(label) from error
    except _BROKEN as error:
        raise _damaged(label) from error
    for one in source.sheets():
        if one.visibility == 0 and one.nrows:
            _copy(one, source, add_sheet(book, one.name, taken))


def _damaged(label: str) -> Damaged:
    return Damaged(
        f"“{label}”已损坏，或者不是 .xls 表格，无法读取。请用 Excel 或 WPS 打开它，另存为“Excel 工作簿 "
        "(.xlsx)”后再试。"
    )


def _copy(source: Any, book: Any, sheet: Worksheet) -> None:
    looks: dict[int, dict[str, Any]] = {}
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            cell = source.cell(row, column)
            put(sheet, row + 1, column + 1, _value(cell, book))
            target = sheet.cell(row + 1, column + 1)
            look = looks.get(cell.xf_index)
            if look is None:
                look = looks[cell.xf_index] = _look(book, cell.xf_index)
            for part, value in look.items():
                setattr(target, part, value)
    for top, bottom, left, right in source.merged_cells:
        merge(sheet, top + 1, left + 1, bottom, right)
    for column, info in source.colinfo_map.items():
        sheet.column_dimensions[get_column_letter(column + 1)].width = max(info.width / 256, 1)
    for row, info in source.rowinfo_map.items():
        if info.height and not info.hidden:
            sheet.row_dimensions[row + 1].height = info.height / 20
    set_page(sheet)


def _value(cell: Any, book: Any) -> Any:
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
        except (ValueError, OverflowError):
            return cell.value
        return moment if moment.hour or moment.minute else moment.date()
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return int(cell.value) if cell.value == int(cell.value) else cell.value
    return cell.value or None


def _look(book: Any, index: int) -> dict[str, Any]:
    format = book.xf_list[index]
    font = book.font_list[format.font_index]
    lines = format.border
    sides = {side: _side(getattr(lines, f"{side}_line_style")) for side in ("left", "right", "top", "bottom")}
    number = book.format_map.get(format.format_key)
    code = _FORMATS.get(format.format_key) or (number.format_str if number else "General")
    look = {
        "font": Font(
            name=font.name, size=font.height / 20, bold=font.weight >= _BOLD, italic=bool(font.italic),
            color=_color(book, font.colour_index),
        ),
        "border": Border(**sides),
        "alignment": Alignment(
            horizontal=_HORIZONTAL.get(format.alignment.hor_align),
            vertical=_VERTICAL.get(format.alignment.vert_align, "bottom"),
            wrap_text=bool(format.alignment.text_wrapped),
            indent=format.alignment.indent_level,
        ),
        "number_format": code,
    }  # fmt: skip
    if format.background.fill_pattern == 1 and (
        color := _color(book, format.background.pattern_colour_index)
    ):
        look["fill"] = PatternFill("solid", fgColor=color)
    return look


def _side(style: int) -> Side:
    return Side(_LINES.get(style), color="000000") if style else Side()


def _color(book: Any, index: int) -> str | None:
    color = book.colour_map.get(index)
    return "".join(f"{part:02X}" for part in color) if color else None
