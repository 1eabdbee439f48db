"""What we must remember about a workbook, kept on a sheet of its own that no menu shows.

Each record names its cell by a formula, so that rows and columns inserted later move the record
along; a record whose cell was deleted is gone with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from jixiao.filing.model import Place
from jixiao.workbook.bound import Bindings, bound
from jixiao.workbook.port import Cell, Edit, Port, Position

_T = TypeVar("_T")
SHEET = "_jixiao"
_KIND, _CELL, _DATA = 1, 2, 3


class Record(msgspec.Struct, frozen=True):
    """``data`` is a text that only the ``kind``'s own module understands."""

    kind: str
    place: Place
    data: str = ""


class Ledger:
    """The records of a workbook, as they stand; :meth:`keep` changes them."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._sheets = port.sheets()
        self._grid: Mapping[Position, Cell] = port.cells(SHEET) if SHEET in self._sheets else {}

    def records(self, kind: str) -> list[Record]:
        """The records of one kind whose cells are still there, in the order they were kept."""
        return [record for record in self._all() if record.kind == kind]

    def load(self, kind: str, type: type[_T]) -> dict[Place, _T]:
        """The records of one kind by cell, their data as :meth:`save` was given it."""
        found = {}
        for record in self.records(kind):
            try:
                found[record.place] = msgspec.json.decode(record.data, type=type)
            except msgspec.DecodeError:
                continue  # not written by us: somebody typed on the hidden sheet
        return found

    def save(self, kind: str, data: Mapping[Place, object]) -> None:
        """Put these in the place of all records of one kind."""
        self.keep(
            kind, [Record(kind, place, msgspec.json.encode(one).decode()) for place, one in data.items()]
        )

    def keep(self, kind: str, records: Iterable[Record]) -> None:
        """Put these in the place of all records of one kind. The last record of a form not ours takes the
        sheet along."""
        kept = [record for record in self._all() if record.kind != kind] + list(records)
        used = max((row for row, _ in self._grid), default=0)
        if not kept and not used:
            return
        if not kept and Bindings(self._port).adopted:
            self._port.remove_sheet(SHEET)
            self._sheets, self._grid = self._port.sheets(), {}
            return
        if SHEET not in self._sheets:
            self._port.add_sheet(SHEET, hidden=True)
        edits: list[Edit] = []
        for row in range(1, max(used, len(kept)) + 1):
            record = kept[row - 1] if row <= len(kept) else None
            if record is None:
                edits += [
                    Edit(row, column) for column in (_KIND, _CELL, _DATA) if (row, column) in self._grid
                ]
                continue
            sheet = record.place.sheet.replace("'", "''")
            edits += [
                Edit(row, _KIND, record.kind),
                Edit(row, _CELL, formula=f"'{sheet}'!{record.place.cell}"),
                Edit(row, _DATA, record.data),
            ]
        self._port.write(SHEET, edits)
        self._sheets = self._port.sheets()
        self._grid = self._port.cells(SHEET)

    def _all(self) -> list[Record]:
        found = []
        for row in sorted({row for row, _ in self._grid}):
            kind, cell = self._text(row, _KIND), self._grid.get((row, _CELL), Cell())
            where = bound(cell.formula, self._sheets)
            if kind and where:
                found.append(Record(kind, where.place, self._text(row, _DATA)))
        return found

    def _text(self, row: int, column: int) -> str:
        raw = self._grid.get((row, column), Cell()).raw
        return raw if isinstance(raw, str) else ""
