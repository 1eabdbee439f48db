"""Heights of rows: given, changed and taken away again in a worksheet's XML."""

from __future__ import annotations

from collections.abc import Mapping

from jixiao.workbook.errors import BadRequest
from jixiao.workbook.file.sheet_edit import inside, new_row, rows_put_in
from jixiao.workbook.file.sheet_xml import RowXml, SheetXml
from jixiao.workbook.file.values import decode_number
from jixiao.workbook.file.xml_spans import set_attributes, splice

HIGHEST = 409.5
"""Points; Excel repairs a file with a higher row."""


def check_heights(heights: Mapping[int, float], title: str) -> None:
    """Raise BadRequest for a row or height that no sheet can have."""
    for row, height in heights.items():
        if not inside(row, 1):
            raise BadRequest(f"工作表“{title}”没有第 {row} 行，没有改动行高。")
        if not 0 <= height <= HIGHEST:
            raise BadRequest(f"{title} 第 {row} 行的行高不能是 {height:g} 磅，只能在 0 到 {HIGHEST:g} 之间。")


def with_heights(sheet: SheetXml, heights: Mapping[int, float]) -> bytes:
    """The worksheet with these row heights; 0 takes a height away. Rows that it lacks are put in.

    ``sheet`` must be complete (see :func:`jixiao.workbook.file.sheet_edit.spell_out_places`).
    """
    rows = {row.number: row for row in sheet.rows}
    splices = []
    new: dict[int, bytes] = {}
    for number, height in heights.items():
        row = rows.get(number)
        said = {"ht": f"{height:g}", "customHeight": "1"}
        if row is None:
            new |= {number: new_row(sheet, number, said)} if height else {}
        elif not height:
            splices.append(set_attributes(row, dict.fromkeys(said)))
        elif not _stands(row, height):
            splices.append(set_attributes(row, dict(said)))
    return splice(sheet.data, splices + rows_put_in(sheet, new))


def given_heights(sheet: SheetXml) -> dict[int, float]:
    """The heights that rows were given; one that only fits its text has none."""
    own = {row.number: decode_number(row.get("ht")) for row in sheet.rows if _given(row)}
    return {row: float(height) for row, height in own.items() if height is not None}


def _stands(row: RowXml, height: float) -> bool:
    """Whether the row says so already, in whatever way it is written."""
    given = decode_number(row.get("ht"))
    return given is not None and float(given) == height and _given(row)


def _given(row: RowXml) -> bool:
    return row.get("customHeight") in ("1", "true")
