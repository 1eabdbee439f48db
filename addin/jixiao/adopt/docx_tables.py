"""Tables of a Word document, each with the title above it and the signature line below, as sheets."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any
from zipfile import BadZipFile

import msgspec
from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from jixiao.adopt.composed import GRID, add_sheet, fit_rows, merge, plain_look, put, set_page
from jixiao.adopt.labels import key
from jixiao.workbook.errors import Damaged
from jixiao.workbook.layout.looks import BODY

TWIPS = 113
"""Twentieths of a point to a column width of 1."""
PAGE = 92.0
"""Width of the columns of a sheet that the table fills, where the document does not say."""
SIZE, TITLE_SIZE = 10.5, 16.0
LEAST = 22.0
_TITLE_AT_MOST = 60
"""A longer paragraph belongs to the text around, not to the table."""
_ABOVE_AT_MOST = 4
_APART = re.compile(r"\t+|\u3000{2,}| {2,}")
_SHORT = 12
_DATED = re.compile(r"^\d{4}年度?")
"""The year of a title is no part of a sheet's name."""


class _Cell(msgspec.Struct):
    row: int
    column: int
    text: str
    rows: int = 1
    cols: int = 1
    bold: bool = False


class _Table(msgspec.Struct):
    above: list[str]
    cells: list[_Cell]
    widths: list[float]
    rows: int
    below: list[str] = []


def add_docx(book: Workbook, data: bytes, label: str, taken: Sequence[str]) -> None:
    """Copy the tables of a document, one sheet each; a table over several pages is one. Raises Damaged."""
    try:
        document = Document(io.BytesIO(data))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise Damaged(f"“{label}”已损坏，无法读取。请用 Word 或 WPS 打开它，另存后再试。") from error
    for number, table in enumerate(_tables(document.element.body), 1):
        title = next((one for one in reversed(table.above) if "表" in one), "") or f"表{number}"
        _write(add_sheet(book, _DATED.sub("", "".join(title.split())), taken), table)


def _tables(body: Any) -> Iterator[_Table]:
    """The tables in order; those that follow one another without a word between are one table."""
    found: list[_Table] = []
    said: list[str] = []
    for part in body.iterchildren():
        if part.tag == qn("w:tbl"):
            table = _read(part)
            last = found[-1] if found else None
            if last is not None and not said and len(last.widths) == len(table.widths):
                for cell in table.cells:
                    cell.row += last.rows
                last.cells += table.cells
                last.rows += table.rows
            else:
                table.above = [one for one in said[-_ABOVE_AT_MOST:] if len(one) <= _TITLE_AT_MOST]
                found.append(table)
            said = []
        elif part.tag == qn("w:p") and (text := _text(part).strip()):
            said.append(text)
            if found and len(said) == 1 and (":" in text or "：" in text):
                found[-1].below.append(text)
                said = []
    yield from found


def _read(table: Any) -> _Table:
    cells: list[_Cell] = []
    open_above: dict[int, _Cell] = {}
    rows = table.findall(qn("w:tr"))
    widest = 0
    for number, line in enumerate(rows, 1):
        column = 1 + _number(line, "w:trPr/w:gridBefore")
        for part in line.findall(qn("w:tc")):
            span = max(_number(part, "w:tcPr/w:gridSpan"), 1)
            merged = part.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            above = open_above.get(column)
            if merged is not None and merged.get(qn("w:val"), "continue") != "restart" and above is not None:
                above.rows = number - above.row + 1
            else:
                text = "\n".join(_text(one).strip() for one in part.findall(qn("w:p"))).strip()
                bold = bool(part.findall(f".//{qn('w:rPr')}/{qn('w:b')}"))
                cell = _Cell(number, column, text, cols=span, bold=bold)
                cells.append(cell)
                open_above[column] = cell
            column += span
        widest = max(widest, column - 1)
    columns = [_twips(one) for one in table.findall(f"{qn('w:tblGrid')}/{qn('w:gridCol')}")]
    if len(columns) < widest or not all(columns):
        columns = [PAGE / max(widest, 1)] * widest
    return _Table([], cells, columns, len(rows))


def _twips(column: Any) -> float:
    text = column.get(qn("w:w")) or "0"
    return int(text) / TWIPS if text.isdigit() else 0.0


def _number(part: Any, path: str) -> int:
    found = part.find("/".join(qn(one) for one in path.split("/")))
    text = found.get(qn("w:val"), "0") if found is not None else "0"
    return int(text) if text.isdigit() else 0


def _text(paragraph: Any) -> str:
    words = []
    for one in paragraph.iter():
        if one.tag == qn("w:t"):
            words.append(one.text or "")
        elif one.tag in (qn("w:br"), qn("w:cr")):
            words.append("\n")
        elif one.tag == qn("w:tab") and one.getparent().tag == qn("w:r"):
            words.append("\t")
    return "".join(words)


# ---------------------------------------------------------------- written


def _write(sheet: Worksheet, table: _Table) -> None:
    width = len(table.widths)
    for number, one in enumerate(table.widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = max(one, 3)
    row = 0
    for text in table.above:
        row += 1
        title = text is table.above[-1] or "表" in text
        put(sheet, row, 1, text)
        merge(sheet, row, 1, row, width)
        plain_look(sheet, row, 1, size=TITLE_SIZE if title else SIZE, bold=title, centred=title)
    for cell in table.cells:
        top, left = row + cell.row, cell.column
        bottom, right = top + cell.rows - 1, min(left + cell.cols - 1, width)
        put(sheet, top, left, cell.text or None)
        merge(sheet, top, left, bottom, right)
        centred = len(cell.text) <= _SHORT or bool(key(cell.text)) and cell.rows > 1
        for line in range(top, bottom + 1):
            for column in range(left, right + 1):
                sheet.cell(line, column).border = GRID
        plain_look(sheet, top, left, size=SIZE, bold=cell.bold, centred=centred)
    row += table.rows
    for text in table.below:
        row += 1
        _signature(sheet, row, width, text)
    fit_rows(sheet, LEAST, SIZE)
    set_page(sheet)


def _signature(sheet: Worksheet, row: int, width: int, text: str) -> None:
    """A line below a table; several labels in it stand in cells of their own."""
    parts = [one.strip() for one in _APART.split(text) if one.strip()]
    if len(parts) < 2 or len(parts) > width or not all(re.search("[:：]", one) for one in parts):
        parts = [text]
    for number, part in enumerate(parts):
        left = 1 + number * width // len(parts)
        right = (number + 1) * width // len(parts)
        put(sheet, row, left, part)
        merge(sheet, row, left, row, right)
        plain_look(sheet, row, left, size=SIZE, bold=False, centred=False)
        sheet.cell(row, left).font = Font(name=BODY, size=SIZE, charset=134)
