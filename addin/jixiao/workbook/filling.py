"""A filing poured into a blank workbook, and taken out of one: fill and export undo each other.

What was put in comes out: every text, number, percentage, date and truth value that a cell can
hold; anything else is refused before a cell is touched. Two things are changed on purpose:

- A formula of the unit's own is exported with its value, and the value is what is filled in. Its
  references may mean other cells in the new workbook, and a formula out of a file could reach
  outside it.
- A cell that the form computes is exported only where a value was typed over the formula.

Empty rows at the end of a block are no part of a filing; between filled rows they keep their place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

import msgspec

from jixiao.filing.interchange import field_labels
from jixiao.filing.model import Entry, Filing, Place, Raw, Row, carried_down
from jixiao.filing.quantity import as_text
from jixiao.rubric.model import Block, Rubric
from jixiao.workbook.bound import position_of
from jixiao.workbook.derived import refresh
from jixiao.workbook.errors import BadRequest, UnstorableValue
from jixiao.workbook.file.values import check_storable
from jixiao.workbook.form import Form, load_form
from jixiao.workbook.form import Row as FormRow
from jixiao.workbook.form_parts import Group
from jixiao.workbook.layout.looks import FORMATS
from jixiao.workbook.port import Edit, Port
from jixiao.workbook.reading import edition_of, is_printed, read_filing

# ---------------------------------------------------------------- room for the rows


def rows_needed(filing: Filing) -> dict[str, int]:
    """How many rows of each block the filing fills, empty rows between them included."""
    return {block: len(_without_tail(rows)) for block, rows in filing.rows.items()}


def form_with_rows(form: Form, rows: Mapping[str, int]) -> Form:
    """The form with at least so many blank rows in each block named (blocks laid out together alike)."""

    def roomy(row: FormRow) -> FormRow:
        if row.block is None:
            return row
        most = max([row.block.rows, *(rows.get(id, 0) for id in row.block.ids)])
        return msgspec.structs.replace(row, block=msgspec.structs.replace(row.block, rows=most))

    sheets = [msgspec.structs.replace(sheet, rows=[*map(roomy, sheet.rows)]) for sheet in form.sheets]
    parts = {name: [*map(roomy, listed)] for name, listed in form.parts.items()}
    groups = {id: _with_room(given, rows.get(id, 0)) for id, given in form.groups.items()}
    return msgspec.structs.replace(form, sheets=sheets, parts=parts, groups=groups)


def form_for(form: Form, rubric: Rubric, filing: Filing) -> Form:
    """The form with room for all rows of a filing, each class over as many rows as it has there."""
    roomy = form_with_rows(form, rows_needed(filing))
    groups = dict(roomy.groups)
    for block in rubric.blocks:
        rows = _without_tail(carried_down(filing.rows.get(block.id, ()), block.inherited))
        if block.id in groups and _says_more(rows, block.inherited):
            found = _groups(rows, block.inherited[-1])
            groups[block.id] = _with_printed(found, form.groups[block.id])
    return msgspec.structs.replace(roomy, groups=groups)


def _with_room(groups: list[Group], rows: int) -> list[Group]:
    """The groups, the last one with more rows if all together have too few."""
    lack = rows - sum(group.rows for group in groups)
    last = groups[-1]
    return [*groups[:-1], msgspec.structs.replace(last, rows=last.rows + max(lack, 0))]


def _groups(rows: tuple[Row, ...], column: str) -> list[Group]:
    """Rows of one class that follow one another; a row without a class continues the one above."""
    groups: list[Group] = []
    for row in rows:
        words = as_text(row[column].raw)
        if groups and words in ("", groups[-1].of):
            groups[-1] = msgspec.structs.replace(groups[-1], rows=groups[-1].rows + 1)
        else:
            groups.append(Group(of=words))
    return groups


def _with_printed(groups: list[Group], printed: list[Group]) -> list[Group]:
    """The groups, and a row of each class that the form prints and the filing has not, in printed order."""
    found = list(groups)
    for number, group in enumerate(printed):
        if group.of not in {one.of for one in found}:
            before = {"", *(one.of for one in printed[:number])}
            at = max((place for place, one in enumerate(found, 1) if one.of in before), default=0)
            found.insert(at, Group(of=group.of))
    return found


def in_place(form: Form, rubric: Rubric, filing: Filing) -> Filing:
    """The filing with an empty row wherever a form made for it (see :func:`form_for`) has another class."""
    rows = dict(filing.rows)
    for block in rubric.blocks:
        if block.id in rows and block.inherited and block.id in form.groups:
            classes = [group.of for group in form.groups[block.id] for _ in range(group.rows)]
            rows[block.id] = _in_place(rows[block.id], classes, block.inherited)
    return msgspec.structs.replace(filing, rows=rows)


def _in_place(rows: tuple[Row, ...], classes: list[str], inherited: list[str]) -> tuple[Row, ...]:
    """The rows, each in the next row of its class; as they are where that leaves too little room."""
    placed: list[Row] = []
    for row, whole in zip(rows, carried_down(rows, inherited), strict=True):
        words = as_text(whole[inherited[-1]].raw)
        below = classes[len(placed) :]
        placed += [Row({})] * (below.index(words) if words in below else 0)
        placed.append(row)
    return tuple(placed) if len(placed) <= len(classes) else rows


def _room(
    used: tuple[Row, ...], room: tuple[Row, ...], block: Block
) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """The rows of a filing and those of the form that they go to, one by one."""
    if room and is_printed(room[0], block) and not (used and is_printed(used[0], block)):
        return used, room[1:]
    if not block.inherited:
        return used, room
    classes: list[str] = []
    for row in room:
        classes.append(as_text(row[block.inherited[-1]].raw) or (classes[-1] if classes else ""))
    return _in_place(used, classes, block.inherited), room


# ---------------------------------------------------------------- fill


class _Target(NamedTuple):
    """An entry, the cell it goes to, and what to call it."""

    entry: Entry
    place: Place | None
    label: str


def fill(port: Port, rubric: Rubric, filing: Filing) -> None:
    """Pour a filing into a blank workbook of its edition (see :func:`form_with_rows` for its rows).

    Raises BadRequest, and UnstorableValue with all values that no cell can hold, before anything is
    written. The form's own sums are renewed; the port is not saved.
    """
    blank = read_filing(port, rubric, printed=True)
    _refuse_unfit(port, rubric, filing, blank)
    targets = list(_targets(rubric, filing, blank))
    _refuse_unstorable(targets)
    edits: dict[str, list[Edit]] = defaultdict(list)
    for entry, place, _ in targets:
        if place is not None:
            row, column = position_of(place)
            edits[place.sheet].append(Edit(row, column, entry.raw))
    for sheet, batch in edits.items():
        port.write(sheet, batch)
    _show_percentages(port, targets)
    refresh(port, rubric)


def _refuse_unfit(port: Port, rubric: Rubric, filing: Filing, blank: Filing) -> None:
    edition = edition_of(port)
    if edition != rubric.id or filing.edition != rubric.id:
        raise BadRequest(
            f"填报文件的版本是“{filing.edition}”，工作簿的版本是“{edition or '（没有）'}”，没有写入。"
            f"请用 jixiao fill {filing.edition} 新建一份。"
        )
    blocks = {block.id: block for block in rubric.blocks}
    entries = [*blank.values.values(), *(entry for id, rows in blank.rows.items() for row in rows
               for column, entry in row.entries.items()
               if column not in blocks[id].inherited and not is_printed(Row({column: entry}), blocks[id]))
               ]  # fmt: skip
    typed = next((entry for entry in entries if not entry.blank and not entry.formula), None)
    if typed is not None:
        raise BadRequest(f"这份工作簿的 {typed.place} 已经填了内容，没有写入。请用新建的空白表。")


def _targets(rubric: Rubric, filing: Filing, blank: Filing) -> Iterator[_Target]:
    labels = field_labels(rubric)
    for field, entry in filing.values.items():
        if _holds(entry):
            yield _Target(entry, blank.homes.get(field), f"“{labels.get(field, field)}”（{field}）")
    blocks = {block.id: block for block in rubric.blocks}
    for id, rows in filing.rows.items():
        block = blocks.get(id)
        names = {column.id: column.name for column in block.columns} if block else {}
        room = blank.rows.get(id, ())
        used = _without_tail(rows)
        if block:
            used, room = _room(used, room, block)
        if len(used) > len(room):
            raise BadRequest(
                f"“{block.name if block else id}”要填 {len(used)} 行，工作簿里只有 {len(room)} 行，没有写入。"
                "请用 jixiao fill 新建，行数会自动留够。"
            )
        above: dict[str, Raw] = {}
        for number, (row, home) in enumerate(zip(used, room, strict=False), 1):
            for column, entry in row.entries.items():
                if block and column in block.inherited:
                    said, above[column] = above.get(column), entry.raw if _holds(entry) else above.get(column)
                    if entry.raw in (said, home[column].raw):
                        continue
                if _holds(entry):
                    label = f"“{block.name if block else id}”第 {number} 行的“{names.get(column, column)}”"
                    yield _Target(entry, home[column].place, label)


def _refuse_unstorable(targets: list[_Target]) -> None:
    wrong = []
    for entry, place, label in targets:
        if place is None:
            wrong.append(f"{label}在工作簿里没有单元格。")
        elif entry.error:
            wrong.append(f"{label}是错误值 {entry.error}，不能填入。请在原表里改正公式，或改填数字。")
        elif entry.uncalculated:
            wrong.append(f"{label}的公式没有计算结果。请在原表里打开并保存一次，再导出。")
        else:
            try:
                check_storable(entry.raw, label)
            except UnstorableValue as error:
                wrong.append(error.message)
    if wrong:
        raise UnstorableValue("\n".join(["填报文件里有填不进单元格的内容，没有写入：", *wrong]))


def _show_percentages(port: Port, targets: list[_Target]) -> None:
    """Numbers stand as percentages where the filing says so, and nowhere else: 95 never becomes 9500%."""
    numbers = {place: entry for entry, place, _ in targets if place and isinstance(entry.raw, Decimal)}
    for sheet in {place.sheet for place in numbers}:
        cells = port.cells(sheet)
        edits = []
        for place, entry in numbers.items():
            position = position_of(place)
            if place.sheet == sheet and cells[position].percent != entry.percent:
                format = FORMATS["percent"] if entry.percent else "General"
                edits.append(Edit(*position, entry.raw, number_format=format))
        if edits:
            port.write(sheet, edits)


# ---------------------------------------------------------------- export


def export(port: Port, rubric: Rubric, form: Form | None = None) -> Filing:
    """What the unit filled in: :func:`read_filing` without empty cells and without the form's own formulas.

    Whatever formula stands in a cell that the form computes counts as the form's own. ``form`` is
    loaded from our editions where it is not given.
    """
    computed = _computed(rubric, form or load_form(rubric.id))
    found = read_filing(port, rubric)

    def kept(name: str, entry: Entry) -> bool:
        return _holds(entry) and not (entry.formula and name in computed)

    values = {field: _plain(entry) for field, entry in found.values.items() if kept(field, entry)}
    rows = {}
    printed = {block.id: block.inherited for block in rubric.blocks}
    for block, listed in found.rows.items():
        named = f"column.{block}."
        tidied = tuple(
            Row({id: _plain(one) for id, one in row.entries.items() if kept(named + id, one)}, row.place)
            for row in listed
        )
        rows[block] = _without_tail(tidied) if _says_more(tidied, printed[block]) else ()
    return msgspec.structs.replace(found, values=values, rows={id: some for id, some in rows.items() if some})


def _computed(rubric: Rubric, form: Form) -> set[str]:
    """Names of the cells, and of the columns of blocks, that hold a formula in the blank form."""
    from jixiao.workbook.template import lay_out

    plan = lay_out(rubric, form)
    formulas = {
        (cell.box.sheet, cell.box.row, cell.box.column)
        for page in plan.sheets
        for cell in page.cells
        if cell.content.formula
    }

    columns = {"column." + name.removeprefix("rows."): box for name, box in plan.refs.items()}
    return {
        name
        for name, box in {**columns, **plan.names}.items()
        if (box.sheet, (columns.get(name) or box).row, box.column) in formulas
    }


def _holds(entry: Entry) -> bool:
    """Something stands in the cell; a cell cannot hold an empty text."""
    return bool(entry.formula or entry.error) or entry.raw not in (None, "")


def _says_more(rows: tuple[Row, ...], printed: list[str]) -> bool:
    """Something stands in the rows besides the classes that the form prints."""
    return any(_holds(entry) for row in rows for id, entry in row.entries.items() if id not in printed)


def _plain(entry: Entry) -> Entry:
    """A percentage is a number; a text in a cell made for percentages is just a text."""
    number = isinstance(entry.raw, Decimal)
    return entry if number else msgspec.structs.replace(entry, percent=False)


def _without_tail(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows up to the last that holds something."""
    last = max((n for n, row in enumerate(rows, 1) if any(map(_holds, row.entries.values()))), default=0)
    return rows[:last]
