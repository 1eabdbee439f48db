"""The looks that cells of a form may name: fonts, fills, borders. Colour is never the only sign."""

from __future__ import annotations

from typing import Literal

import msgspec

BODY, HEADING = "宋体", "黑体"


class CellLook(msgspec.Struct, frozen=True, kw_only=True):
    """``size`` 0 is the sheet's own; ``border`` takes the sheet's colour."""

    font: str = BODY
    size: float = 0
    bold: bool = False
    color: str = "000000"
    fill: str = ""
    horizontal: Literal["left", "center", "right"] = "left"
    vertical: Literal["center", "top"] = "center"
    border: bool = True
    underline: bool = False
    locked: bool = True


LOOKS: dict[str, CellLook] = {
    "none": CellLook(border=False),
    "annex": CellLook(font=HEADING, size=12, border=False),
    "title": CellLook(font=HEADING, size=20, bold=True, horizontal="center", border=False),
    "subtitle": CellLook(size=12, horizontal="center", border=False),
    "section": CellLook(font=HEADING, size=12, bold=True, color="1F3864", fill="DCE6F2"),
    "step": CellLook(font=HEADING, size=11, bold=True, color="1F3864", border=False, vertical="top"),
    "explain": CellLook(border=False),
    "plain": CellLook(border=False, vertical="top"),
    "note": CellLook(size=9.5, color="595959", border=False),
    "link": CellLook(color="0563C1", underline=True, border=False, vertical="top"),
    "head": CellLook(font=HEADING, bold=True, fill="EAF0F7", horizontal="center"),
    "heading": CellLook(font=HEADING, bold=True, horizontal="center"),
    "label": CellLook(),
    "text": CellLook(),
    "center": CellLook(horizontal="center"),
    "small": CellLook(size=9, color="404040"),
    "total": CellLook(font=HEADING, bold=True, horizontal="center", fill="F2F2F2"),
    "input": CellLook(fill="FFF9DB", locked=False),
    "computed": CellLook(fill="EDEDED", color="404040"),
    "summary": CellLook(font=HEADING, size=12, border=False),
}

FORMATS = {
    "text": "@", "longtext": "General", "year": "0", "date": "yyyy-mm-dd", "money": "#,##0.00",
    "count": "0", "percent": "0.00%", "score": "General", "answer": "@", "choice": "@",
    "area": "#,##0.00", "": "General",
}  # fmt: skip
"""Number formats by type of field. Long texts are General: Excel shows #### for long ``@`` texts."""

ALIGNS: dict[str, Literal["left", "center", "right"]] = {
    "year": "center", "date": "center", "money": "right", "count": "right", "percent": "right",
    "score": "center", "answer": "center", "choice": "center", "area": "right",
}  # fmt: skip
