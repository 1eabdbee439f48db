"""完成率 of rows whose units the form's own formula cannot divide (≥80个 by 84个).

The computed rate takes the place of a formula that gives nothing, or of nothing; the ledger keeps
the formula, and 撤销计算 puts it back. A rate that the unit typed, and a formula that gives one, stay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from jixiao.filing.model import Entry, Filing, Place
from jixiao.scoring.arithmetic import rounded
from jixiao.scoring.model import Assessment, RowScore
from jixiao.workbook.bound import position_of
from jixiao.workbook.formula.references import moved, references
from jixiao.workbook.ledger import Ledger
from jixiao.workbook.port import Cell, Edit, Port

KIND, COLUMN = "rate", "rate"
SHOWN, PLACES = "0.00%", 4
"""A rate is written as the form shows it: 105.26%."""


class KeptRate(msgspec.Struct, frozen=True):
    """A cell that we wrote into: the formula that stood there, on which row, and what we wrote."""

    formula: str
    row: int
    wrote: Decimal

    def stands(self, entry: Entry | Cell) -> bool:
        return not entry.formula and not entry.error and entry.raw == self.wrote

    def back(self, row: int) -> Edit:
        formula = moved(self.formula, row - self.row, 0) if self.formula else ""
        return Edit(0, 0, "" if formula else None, formula)


def write_rates(port: Port, filing: Filing, assessment: Assessment) -> int:
    """Put in the rates that nothing else gives; how many."""
    ledger = Ledger(port)
    kept = ledger.load(KIND, KeptRate)
    edits: dict[Place, Edit] = {}
    written = 0
    cells = [(row, filing.rows[row.block][row.number - 1][COLUMN]) for row in assessment.rows]
    hidden = _covered(port, [entry.place for _, entry in cells if entry.place])
    for row, entry in cells:
        place = entry.place
        if place is None or place in hidden:
            continue
        mine = kept.get(place)
        if mine and not mine.stands(entry):
            del kept[place]  # the user changed it after us
            mine = None
        rate = _measured(row)
        line = position_of(place)[0]
        if mine and rate is None:
            edits[place] = mine.back(line)
            del kept[place]
        elif rate is not None and (_gives_nothing(entry, line) or (mine and mine.wrote != rate)):
            edits[place] = Edit(0, 0, rate, number_format=SHOWN)
            kept[place] = KeptRate(mine.formula if mine else entry.formula, mine.row if mine else line, rate)
            written += 1
    ledger.save(KIND, kept)
    _write(port, edits)
    return written


def undo_rates(port: Port) -> int:
    """Put back what stood in every cell that still holds our rate; how many."""
    ledger = Ledger(port)
    kept = ledger.load(KIND, KeptRate)
    grids = {sheet: port.cells(sheet) for sheet in {place.sheet for place in kept}}
    back = {
        place: one.back(position_of(place)[0])
        for place, one in kept.items()
        if one.stands(grids[place.sheet].get(position_of(place), Cell()))
    }
    _write(port, back)
    if kept:
        ledger.save(KIND, {})
    return len(back)


def _measured(row: RowScore) -> Decimal | None:
    """The rate of a row where two numbers were compared; dates and words have none."""
    return None if row.ratio is None or not row.direction else rounded(row.ratio, PLACES)


def _gives_nothing(entry: Entry, row: int) -> bool:
    """An empty cell, or a formula over its own row (as the form's are) that has no result."""
    if not entry.blank or entry.uncalculated:
        return False
    return all(
        one.area is not None and not one.sheet and one.area.top == one.area.bottom == row
        for one in references(entry.formula)
    )


def _covered(port: Port, places: Sequence[Place]) -> set[Place]:
    """Those that a merged area hides."""
    found: set[Place] = set()
    for sheet in dict.fromkeys(place.sheet for place in places):
        here = {position_of(place): place for place in places if place.sheet == sheet}
        found |= {here[position] for position in port.covered(sheet, list(here))}
    return found


def _write(port: Port, edits: Mapping[Place, Edit]) -> None:
    for sheet in dict.fromkeys(place.sheet for place in edits):
        here = {position_of(place): edit for place, edit in edits.items() if place.sheet == sheet}
        port.write(
            sheet,
            [msgspec.structs.replace(edit, row=row, column=column) for (row, column), edit in here.items()],
        )
