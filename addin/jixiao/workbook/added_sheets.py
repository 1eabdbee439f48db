"""校验结果 and 得分分析 of a form that is not ours: added when first written, gone when cleared.

Such a sheet is laid out as the edition's own form has it, its formulas pointing to where the fields
stand in this workbook. The ledger keeps what we put on it: a sheet on which the user has written
since is hers and stays.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import msgspec

from jixiao.rubric.model import Rubric
from jixiao.workbook.bound import PREFIX, Bindings, bound, place_at, position_of
from jixiao.workbook.errors import SheetInUse
from jixiao.workbook.formula.references import Area
from jixiao.workbook.ledger import SHEET, Ledger, Record
from jixiao.workbook.own_list import holds_something
from jixiao.workbook.port import Edit, Look, Port
from jixiao.workbook.reading import form_fields, read_filing

if TYPE_CHECKING:
    from jixiao.workbook.layout.plan import Box, Content, Placed, Plan, SheetPlan

Role = Literal["findings", "analysis"]
"""What the form calls the sheet, and what its table is called in the workbook."""
_KIND = "added"


def give_sheet(port: Port, rubric: Rubric, role: Role) -> None:
    """Add the sheet, if the form is not ours and has none, and the edition has one."""
    bindings = Bindings(port)
    if not bindings.adopted or bindings[role]:
        return
    from jixiao.workbook.form import load_form
    from jixiao.workbook.template import lay_out

    form = load_form(rubric.id, rules=rubric.rules)
    asked = next((sheet for sheet in form.sheets if sheet.role == role), None)
    if asked is None:
        return
    title = _free_title(port, asked.name)
    own = msgspec.structs.replace(asked, name=title, rows=[row for row in asked.rows if not row.charts])
    sheets = [sheet for sheet in form.sheets if sheet.role in ("input", "official")]
    plan = lay_out(rubric, msgspec.structs.replace(form, sheets=[*sheets, own]))
    page = plan.sheets[-1]
    names = {
        PREFIX + name: box.reference()
        for name, box in plan.names.items()
        if box.sheet == title and name not in form_fields(rubric)
    }
    _rebind(plan, title, port, rubric)
    port.add_sheet(title, widths=own.widths)
    port.write(title, list(_edits(plan, page)))
    port.merge(title, [_area(cell.box) for cell in page.cells if cell.box.anchor() != cell.box])
    port.set_heights(title, page.heights)
    port.remove_names(names)  # those of a sheet that the user has deleted since
    port.add_names(names)
    ledger = Ledger(port)
    record = Record(_KIND, place_at(title, 1, 1), _digest(port, title))
    ledger.keep(_KIND, [*ledger.records(_KIND), record])


def take_sheet(port: Port, role: Role) -> None:
    """Take the sheet away, if it was added and holds nothing but what was put there."""
    home = Bindings(port)[role]
    records = Ledger(port).records(_KIND)
    mine = [one for one in records if home and one.place.sheet == home.sheet]
    if not home or not mine or mine[0].data != _digest(port, home.sheet) or _spoken_of(port, home.sheet):
        return
    names = [name for name, refers_to in port.names().items() if bound(refers_to, [home.sheet])]
    if not all(name.startswith(PREFIX) for name in names):
        return
    try:
        port.remove_sheet(home.sheet)
    except SheetInUse:
        return
    port.remove_names(names)
    Ledger(port).keep(_KIND, [one for one in records if one not in mine])


def _free_title(port: Port, title: str) -> str:
    taken = {sheet.lower() for sheet in port.sheets()}
    titles = (f"{title}{number and f'（{number}）' or ''}" for number in (0, *range(2, len(taken) + 3)))
    return next(one for one in titles if one.lower() not in taken)


def _rebind(plan: Plan, title: str, port: Port, rubric: Rubric) -> None:
    """Let each name mean where it stands in this workbook; what the workbook lacks is no longer known."""
    from jixiao.workbook.layout.plan import Box

    bindings = Bindings(port)
    homes = {name: bindings[name] for name, box in plan.names.items() if box.sheet != title}
    names = {name: box for name, box in plan.names.items() if box.sheet == title}
    for name, home in homes.items():
        if home:
            top, left, bottom, right = home.area
            names[name] = Box(home.sheet, top, left, bottom - top + 1, right - left + 1)
    refs = {name: box for name, box in plan.refs.items() if box.sheet == title}
    for block, rows in read_filing(port, rubric).rows.items():
        places = [position_of(row.place)[0] for row in rows if row.place]
        for column in rows[0].entries if places else ():
            head = homes[f"column.{block}.{column}"]
            if head:
                box = Box(head.sheet, places[0], head.area.left, places[-1] - places[0] + 1)
                refs[f"rows.{block}.{column}"] = box
    plan.names, plan.refs = names, refs


def _edits(plan: Plan, page: SheetPlan) -> Iterator[Edit]:
    """The cells of the page; a formula over what this workbook lacks is left out."""
    for cell in page.cells:
        look = _look(cell.content, page.sheet.size)
        for row in range(cell.box.row, cell.box.last_row + 1):
            for column in range(cell.box.column, cell.box.last_column + 1):
                first = (row, column) == (cell.box.row, cell.box.column)
                formula = _formula(plan, cell) if first and cell.content.formula else ""
                value = cell.content.value if first and not cell.content.formula else None
                yield Edit(row, column, value, formula, look=look)


def _formula(plan: Plan, cell: Placed) -> str:
    from jixiao.workbook.layout.formulas import resolve
    from jixiao.workbook.layout.plan import FormError

    try:
        return resolve(plan, cell).removeprefix("=")
    except FormError:
        return ""


def _look(content: Content, size: float) -> Look:
    from jixiao.workbook.layout.looks import LOOKS

    look = LOOKS[content.look]
    return Look(
        fill=look.fill, color=look.color, bold=look.bold, border=look.border, underline=look.underline,
        horizontal=content.align or look.horizontal, number_format=content.format or "General",
        size=look.size or size,
    )  # fmt: skip


def _area(box: Box) -> Area:
    return Area(box.row, box.column, box.last_row, box.last_column)


def _digest(port: Port, sheet: str) -> str:
    """What the sheet holds, wherever it stands: rows that the user inserted do no harm."""
    cells = port.cells(sheet).values()
    full = [cell for cell in cells if holds_something(cell)]
    held = sorted(re.sub(r"\d+", "", cell.formula) or str(cell.raw) for cell in full)
    return hashlib.sha256("\0".join(held).encode()).hexdigest()


def _spoken_of(port: Port, sheet: str) -> bool:
    """Whether a formula on another sheet may refer to this one."""
    others = (port.cells(other).values() for other in port.sheets() if other not in (sheet, SHEET))
    return any(sheet.lower() in cell.formula.lower() for cells in others for cell in cells)
