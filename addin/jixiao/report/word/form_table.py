"""A printed sheet as a Word table, merged and bordered as on the form."""

from __future__ import annotations

from collections import defaultdict
from xml.sax.saxutils import escape

import msgspec

from jixiao.report.sentences import UNPRINTABLE
from jixiao.workbook.printed_sheet import PrintedCell, PrintedSheet

TWIPS = 56.7
"""Twentieths of a point in a millimetre."""
LARGE = 13
"""Type of this size or more is a title and keeps its size."""
LETTER = 180
"""Width of a letter of an attachment in twips."""
TALL = 25
"""Lines; a landscape page holds about 40."""
_BETWEEN = '<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
"""Keeps two tables apart that would otherwise become one."""
_ROOM = {"top": 15, "left": 60, "bottom": 15, "right": 60}
"""Space between border and text in twips."""


def form_table(sheet: PrintedSheet, style: str, *, width: float, label: str = "") -> str:
    """The ``<w:tbl>`` of a sheet, ``width`` mm wide, its texts in the paragraph style of that id.

    A row that only says ``label`` is left out: the page says it already.
    """
    sheet = _below_header(_without_row(sheet, label))
    whole = sum(sheet.widths) or 1
    widths = [round(width * TWIPS * one / whole) for one in sheet.widths]
    last = max((cell.row + cell.rows for cell in sheet.cells), default=0)
    cut = _cut(sheet)
    parts = [(0, cut), (cut, last)] if 0 < cut < last else [(0, last)]
    return _BETWEEN.join(_table(sheet, first, end, widths, style) for first, end in parts)


def _without_row(sheet: PrintedSheet, label: str) -> PrintedSheet:
    said = {cell.row for cell in sheet.cells if cell.text == label and label}
    said -= {cell.row for cell in sheet.cells if cell.text not in ("", label) or cell.rows > 1}
    if not said:
        return sheet
    kept = [
        msgspec.structs.replace(cell, row=cell.row - sum(row < cell.row for row in said))
        for cell in sheet.cells
        if cell.row not in said
    ]
    repeated = frozenset(row - sum(one < row for one in said) for row in sheet.repeated if row not in said)
    return msgspec.structs.replace(sheet, cells=tuple(kept), repeated=repeated)


def _below_header(sheet: PrintedSheet) -> PrintedSheet:
    """A cell that begins in the repeated header and goes on below it is cut there: its text goes below."""
    end = max(sheet.repeated, default=-1) + 1
    cells: list[PrintedCell] = []
    for cell in sheet.cells:
        if cell.row in sheet.repeated and cell.row + cell.rows > end:
            cells.append(msgspec.structs.replace(cell, rows=end - cell.row, text=""))
            below = cell.row + cell.rows - end
            cells.append(msgspec.structs.replace(cell, row=end, rows=below))
        else:
            cells.append(cell)
    return msgspec.structs.replace(sheet, cells=tuple(cells))


def _cut(sheet: PrintedSheet) -> int:
    """Where the rows begin that are printed on every page: Word repeats only the first rows of a table."""
    first = min(sheet.repeated, default=0)
    return first if not any(cell.row < first < cell.row + cell.rows for cell in sheet.cells) else 0


def _table(sheet: PrintedSheet, first: int, end: int, widths: list[int], style: str) -> str:
    by_row: dict[int, dict[int, PrintedCell]] = defaultdict(dict)
    spans: dict[int, list[PrintedCell]] = defaultdict(list)
    for cell in sheet.cells:
        by_row[cell.row][cell.column] = cell
        for row in range(cell.row + 1, cell.row + cell.rows):
            spans[row].append(cell)
    rows = []
    for row in range(first, end):
        places = {cell.column: (cell, True) for cell in spans[row]}
        places |= {column: (cell, False) for column, cell in by_row[row].items()}
        cells = "".join(
            _cell(cell, widths, style, continued) for _, (cell, continued) in sorted(places.items())
        )
        repeated = "<w:tblHeader/>" if row in sheet.repeated else ""
        own = (cell for cell, continued in places.values() if not continued)
        whole = "" if any(_tall(cell, widths) for cell in own) else "<w:cantSplit/>"
        rows.append(f"<w:tr><w:trPr>{whole}{repeated}</w:trPr>{cells}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    margins = "".join(f'<w:{side} w:w="{room}" w:type="dxa"/>' for side, room in _ROOM.items())
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _tall(cell: PrintedCell, widths: list[int]) -> bool:
    """A cell that fills most of a page: its row may go on overleaf, where others stay whole."""
    letters = max(sum(widths[cell.column : cell.column + cell.cols]) // LETTER, 1)
    return sum(1 + len(line) // letters for line in cell.text.splitlines()) > TALL


def _cell(cell: PrintedCell, widths: list[int], style: str, continued: bool) -> str:
    width = sum(widths[cell.column : cell.column + cell.cols])
    span = f'<w:gridSpan w:val="{cell.cols}"/>' if cell.cols > 1 else ""
    merge = f'<w:vMerge w:val="{"continue" if continued else "restart"}"/>' if cell.rows > 1 else ""
    line = 'w:val="single" w:sz="4" w:space="0" w:color="auto"' if cell.bordered else 'w:val="nil"'
    borders = "".join(f"<w:{side} {line}/>" for side in _ROOM)
    text = "" if continued else cell.text
    paragraphs = "".join(_paragraph(one, cell, style) for one in text.splitlines() or [""])
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:tcBorders>{borders}</w:tcBorders>'
        f'<w:vAlign w:val="center"/></w:tcPr>{paragraphs}</w:tc>'
    )


def _paragraph(text: str, cell: PrintedCell, style: str) -> str:
    size = f'<w:sz w:val="{round(cell.size * 2)}"/>' if cell.size >= LARGE else ""
    look = f"<w:rPr>{'<w:b/>' if cell.bold else ''}{size}</w:rPr>" if cell.bold or size else ""
    said = escape(UNPRINTABLE.sub("", text))
    run = f'<w:r>{look}<w:t xml:space="preserve">{said}</w:t></w:r>' if text else ""
    indent = f'<w:ind w:leftChars="{cell.indent * 100}"/>' if cell.indent else ""
    line = '<w:spacing w:line="240" w:lineRule="auto"/>' if size else ""
    shape = f'<w:pStyle w:val="{style}"/>{line}{indent}<w:jc w:val="{cell.align}"/>'
    return f"<w:p><w:pPr>{shape}</w:pPr>{run}</w:p>"
