"""Cells merged into one in a worksheet's XML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jixiao.workbook.errors import CoveredCell
from jixiao.workbook.file.sheet_xml import SheetXml
from jixiao.workbook.file.xml_spans import Splice, append_child, splice
from jixiao.workbook.formula.references import Area, address, area_text
from jixiao.workbook.port import Cell, Position

_BEFORE = {
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews",
}  # fmt: skip


def check_merges(sheet: SheetXml, title: str, cells: Mapping[Position, Cell], areas: Sequence[Area]) -> None:
    """Raise CoveredCell where a merged area stands already, or would hide what a cell holds."""
    taken = sheet.merges()
    for area in areas:
        hidden = [f"{address(*spot)} 里有内容" for spot in cells if area.holds(*spot) and spot != area[:2]]
        over = [f"{area_text(one)} 已经合并" for one in taken if _overlap(one, area)]
        if hidden or over:
            raise CoveredCell(f"{title}!{area_text(area)} 不能合并：{(hidden + over)[0]}，没有改动。")
        taken.append(area)


def _overlap(one: Area, other: Area) -> bool:
    beside = one.right < other.left or other.right < one.left
    return not beside and one.top <= other.bottom and other.top <= one.bottom


def with_merges(sheet: SheetXml, areas: Sequence[Area]) -> bytes:
    """The worksheet with these areas merged; they overlap nothing that is merged already."""
    if not areas:
        return sheet.data
    tag = sheet.prefix.encode()
    xml = b"".join(b"<" + tag + b'mergeCell ref="' + area_text(area).encode() + b'"/>' for area in areas)
    holder = sheet.root.child("mergeCells")
    if holder is not None:
        count = str(len(holder.children) + len(areas))
        return splice(sheet.data, append_child(holder, xml, {"count": count}))
    at = max(node.end for node in sheet.root.children if node.local in _BEFORE)
    outer = tag + b"mergeCells"
    whole = b"<" + outer + f' count="{len(areas)}">'.encode() + xml + b"</" + outer + b">"
    return splice(sheet.data, [Splice(at, at, whole)])
