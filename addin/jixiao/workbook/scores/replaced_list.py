"""The list of replaced scores on 得分分析: what the unit had declared, and what stands there now."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from jixiao.filing.model import Place, Raw
from jixiao.filing.quantity import as_text
from jixiao.workbook.drawn_lines import drawn
from jixiao.workbook.own_list import LINK, OwnList, fit_heights, free_rows, link_to, open_list
from jixiao.workbook.port import Edit, Port
from jixiao.workbook.scores.records import Kept

HEADINGS = ("序号", "位置", "指标", "原自评分", "改为", "差额", "口径", "依据", "时间", "说明")
_PLACE = "位置"


def write_replaced(port: Port, kept: Mapping[Place, Kept]) -> list[str]:
    """Write the list anew, a row per replaced score; returns in words what had no place.

    It uses rows that are its own or empty: what the user wrote below the header stays.
    """
    replaced = {place: one for place, one in kept.items() if not one.filled}
    own = open_list(port, "replaced", HEADINGS)
    if own is None or _PLACE not in own.columns:
        lost = "没有找到“得分分析”里被替换的自评分清单（可能被删除了），清单没有写入；“撤销计算”照常可用。"
        return [lost] if replaced else []
    ours = [row for row in range(own.area.top + 1, own.last_row + 1) if _is_ours(own, row)]
    free = free_rows(own, ours)
    lines: dict[int, list[Edit]] = {}
    for number, (place, one) in enumerate(replaced.items(), 1):
        row = next(free)
        lines[row] = [_edit(own, row, heading, value, place) for heading, value in _line(number, place, one)
                      if heading in own.columns]  # fmt: skip
    edits = [edit for line in lines.values() for edit in line]
    edits += [Edit(row, column) for row in ours if row not in lines for column in own.columns.values()]
    if edits:
        port.write(own.sheet, drawn(port, own, edits))
    fit_heights(port, own, lines)
    return []


def _is_ours(own: OwnList, row: int) -> bool:
    return own.cell(row, _PLACE).formula.upper().startswith(LINK)


def _line(number: int, place: Place, one: Kept) -> list[tuple[str, Raw]]:
    was = one.was.raw
    values: list[Raw] = [
        Decimal(number),
        str(place),
        one.name,
        was if isinstance(was, Decimal) else as_text(was),
        one.wrote,
        None if one.declared is None else one.wrote - one.declared,
        one.options,
        one.basis,
        one.when,
        one.steps,
    ]
    return list(zip(HEADINGS, values, strict=True))


def _edit(own: OwnList, row: int, heading: str, value: Raw, place: Place) -> Edit:
    column = own.columns[heading]
    return Edit(row, column, value, link_to(place, str(place)) if heading == _PLACE else "")
