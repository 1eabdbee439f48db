"""The lists on the sheets that a form not of ours was given: nothing there draws what is written.

Our own forms have formats of columns and rules for that (:mod:`jixiao.workbook.list_looks`); here each
line is drawn as they would.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from jixiao.checking.finding import Severity
from jixiao.filing.model import Raw
from jixiao.workbook.bound import Bindings
from jixiao.workbook.layout.looks import LOOKS
from jixiao.workbook.marking.finding_rows import CODE, NUMBER, PLACE, POINTS, SEVERITY, is_section_heading
from jixiao.workbook.marking.severity_colors import COLORS
from jixiao.workbook.own_list import SIZE, OwnList
from jixiao.workbook.port import Edit, Look, Port

CENTERED = {SEVERITY, POINTS, CODE, "原自评分", "改为", "差额"}
"""Headings of the columns whose texts stand in the middle."""


def drawn(port: Port, own: OwnList, edits: Sequence[Edit]) -> Sequence[Edit]:
    """The lines that are to be written, with looks where the form is not ours."""
    if not Bindings(port).adopted:
        return edits
    headings = {column: heading for heading, column in own.columns.items()}
    lines: dict[int, dict[str, Raw]] = defaultdict(dict)
    for edit in edits:
        lines[edit.row][headings[edit.column]] = edit.value
    return [replace(edit, look=_look(headings[edit.column], lines[edit.row])) for edit in edits]


def _look(heading: str, line: Mapping[str, Raw]) -> Look:
    text = line[heading]
    if not any(line.values()):
        return Look(size=SIZE, border=False)
    if is_section_heading(line.get(NUMBER)):
        look = LOOKS["section"]
        return Look(size=SIZE, fill=look.fill, color=look.color, bold=look.bold, wrap=False, border=False)
    if heading == PLACE:
        look = LOOKS["link"]
        return Look(size=SIZE, color=look.color, underline=look.underline)
    found = Severity(str(text)) if heading == SEVERITY else None
    return Look(
        size=SIZE,
        fill=COLORS[found] if found else "",
        bold=found is not None,
        horizontal="center" if heading in CENTERED | {NUMBER} else "left",
    )
