"""What a form was begun with from last year's, remembered until somebody has looked at it.

A cell is looked at when it holds something else, or when the marks are cleared.
"""

from __future__ import annotations

from jixiao.filing.model import Filing, Place, Raw
from jixiao.rubric.model import Rubric
from jixiao.workbook.bound import position_of
from jixiao.workbook.ledger import SHEET, Ledger
from jixiao.workbook.port import Cell, Port
from jixiao.workbook.reading import read_filing
from jixiao.workbook.typed import Typed

_KIND = "carried"


def remember(port: Port, rubric: Rubric, drafts: Filing) -> None:
    """Keep where the drafts stand, now that they were poured into the form."""
    form = read_filing(port, rubric)
    homes: dict[Place, Raw] = {}
    for field, draft in drafts.values.items():
        if place := form.place(field):
            homes[place] = draft.raw
    for block in rubric.blocks:
        columns = rubric.carries.blocks.get(block.id, {}).keys() - set(block.inherited)
        for row in form.rows.get(block.id, ()):
            for entry in (row[column] for column in columns):
                if entry.place and not entry.blank and not entry.formula:
                    homes[entry.place] = entry.raw
    Ledger(port).save(_KIND, {place: Typed.of(raw) for place, raw in sorted(homes.items(), key=_by_column)})


def still_carried(port: Port) -> list[Place]:
    """The cells that still hold what last year's form said."""
    if SHEET not in port.sheets():
        return []
    known = Ledger(port).load(_KIND, Typed)
    grids = {sheet: port.cells(sheet) for sheet in {place.sheet for place in known}}
    return [
        place
        for place, was in known.items()
        if Typed.of(grids[place.sheet].get(position_of(place), Cell()).raw) == was
    ]


def forget(port: Port) -> None:
    """All of it has been looked at."""
    if SHEET in port.sheets():
        Ledger(port).keep(_KIND, [])


def _by_column(item: tuple[Place, Raw]) -> tuple[str, int, int]:
    place, _ = item
    row, column = position_of(place)
    return place.sheet, column, row
