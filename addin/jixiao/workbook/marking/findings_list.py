"""The list of findings on the sheet 校验结果, written as a whole each time.

It uses rows of its own and empty rows: what the user wrote below the header or beside the list
stays. The sheet is found by its names; a workbook that has lost it is not given another.
"""

from __future__ import annotations

from collections.abc import Sequence

from jixiao.checking.finding import Finding, Severity
from jixiao.workbook.bound import Bindings
from jixiao.workbook.drawn_lines import drawn
from jixiao.workbook.errors import BadRequest
from jixiao.workbook.layout.paper import text_height
from jixiao.workbook.ledger import Ledger, Record
from jixiao.workbook.marking.finding_rows import (
    HEADINGS,
    NUMBER,
    PLACE,
    SEVERITY,
    Line,
    is_section_heading,
    lines,
)
from jixiao.workbook.own_list import OwnList, free_rows, link_to, open_list
from jixiao.workbook.port import Cell, Edit, Port

_KIND = "summary"
"""The ledger's record of what stood in the summary line before the first check."""
_SUMMARY_SIZE, _SUMMARY_HEIGHT = 12.0, 26.0
_USUAL_WIDTH = 8.43


def write_list(port: Port, findings: Sequence[Finding], summary: str) -> list[str]:
    """Put the findings in the place of the old list; returns in words what could not be written."""
    own = open_list(port, "findings", HEADINGS)
    if own is None:
        return [
            "没有找到“校验结果”里的问题清单（工作表或名称 jx.findings 可能被删除了），清单没有写入；"
            "单元格上的标记照常。"
        ]
    widths = port.widths(own.sheet)
    shown = {heading: widths.get(column, _USUAL_WIDTH) for heading, column in own.columns.items()}
    visible = {heading: width for heading, width in shown.items() if width}
    try:
        _replace(port, own, lines(findings, visible))
        said = _write_summary(port, summary)
    except BadRequest as error:
        return [f"“{own.sheet}”没有写全：{error}"]
    absent = "、".join(heading for heading in HEADINGS if heading not in own.columns)
    return said + ([f"“{own.sheet}”的表头里找不到：{absent}，没有写入这几列。"] if absent else [])


def clear_list(port: Port) -> None:
    """Empty the list and put back the summary line that stood there before the first check."""
    own = open_list(port, "findings", HEADINGS)
    if own is not None:
        _replace(port, own, [])
    ledger = Ledger(port)
    records = ledger.records(_KIND)
    if records:
        _say(port, records[0].data)
        ledger.keep(_KIND, [])


def _replace(port: Port, own: OwnList, new: Sequence[Line]) -> None:
    """Write the lines into free rows from the header on, and wipe the old rows that are left over."""
    old = [row for row in range(own.area.top + 1, own.last_row + 1) if _is_ours(own, row)]
    free = free_rows(own, old)
    edits: list[Edit] = []
    heights: dict[int, float] = dict.fromkeys(old, 0)
    for line in new:
        row = next(free)
        heights[row] = line.height
        edits += [_edit(own, row, heading, line) for heading in own.columns]
    for row in (row for row, height in heights.items() if not height):
        edits += [Edit(row, column) for column in own.columns.values()]
    if edits:
        port.write(own.sheet, drawn(port, own, edits))
        port.set_heights(own.sheet, heights)


def _is_ours(own: OwnList, row: int) -> bool:
    return own.raw(row, SEVERITY) in set(Severity) or is_section_heading(own.raw(row, NUMBER))


def _edit(own: OwnList, row: int, heading: str, line: Line) -> Edit:
    column = own.columns[heading]
    text = line.texts.get(heading)
    linked = line.link if heading == PLACE else None
    return Edit(row, column, text, link_to(linked, str(text)) if linked else "")


def _write_summary(port: Port, text: str) -> list[str]:
    """Say how the check went; what stood there first is remembered for :func:`clear_list`."""
    home = Bindings(port)["summary"]
    if home is None:
        return ["没有找到“校验结果”里写小结的一行（名称 jx.summary 可能被删除了），小结没有写入。"]
    ledger = Ledger(port)
    if not ledger.records(_KIND):
        first = port.cells(home.sheet).get(home.position, Cell()).raw
        ledger.keep(_KIND, [Record(_KIND, home.place, first if isinstance(first, str) else "")])
    _say(port, text)
    return []


def _say(port: Port, text: str) -> None:
    home, header = Bindings(port)["summary"], Bindings(port)["findings"]
    if home is None:
        return
    port.write(home.sheet, [Edit(*home.position, text)])
    if header is not None:
        widths = port.widths(home.sheet)
        columns = range(header.area.left, header.area.right + 1)
        across = [widths.get(column, _USUAL_WIDTH) for column in columns]
        height = max(_SUMMARY_HEIGHT, text_height(text, across, _SUMMARY_SIZE))
        port.set_heights(home.sheet, {home.area.top: height})
