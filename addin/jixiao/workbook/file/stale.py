"""Which formulas show an outdated value after an edit.

A reader without a calculator must not take an old sum for a true one. The rule: when the value of a
cell changed, the stored value of every formula that depends on it, directly or through others, is taken
away, unless it was renewed in the same edit; the formula then counts as not calculated until Excel
opens the file, which calculates everything. A formula whose dependence cannot be told from its text
(INDIRECT, OFFSET, TODAY, table references, other files, unknown names) counts as dependent. All other
formulas keep their values, and sheets without outdated ones stay byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from jixiao.workbook.file.sheet_edit import CellChange, Content, children
from jixiao.workbook.file.sheet_xml import SheetXml
from jixiao.workbook.formula.references import Area, references
from jixiao.workbook.port import Position

Spot = tuple[str, int, int]
"""Sheet name in lower case, row, column."""
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
MOST_FORMULAS = 20_000
"""Beyond this, all formulas count as dependent: working it out would take longer than calculating."""


class Dependents:
    """Who refers to whom: sheets with formulas, titles of all sheets, all names in lower case."""

    def __init__(
        self, sheets: Mapping[str, SheetXml], titles: Iterable[str], names: Mapping[str, str]
    ) -> None:
        self._names = names
        self._sheets = {title.lower() for title in titles}
        self.formulas: dict[Spot, str] = {}
        for name, sheet in sheets.items():
            for row, column in sheet.cells:
                formula = sheet.formula_at(row, column)
                if formula:
                    self.formulas[name.lower(), row, column] = formula
        self._by_cell: dict[Spot, list[Spot]] = {}
        self._by_area: dict[str, dict[Area, list[Spot]]] = {}
        self._always: list[Spot] = []
        if len(self.formulas) <= MOST_FORMULAS:
            for spot, formula in self.formulas.items():
                self._register(spot, formula)

    def of(self, changed: set[Spot]) -> set[Spot]:
        """All formulas that depend on these cells, directly or not."""
        if not changed:
            return set()
        if len(self.formulas) > MOST_FORMULAS:
            return set(self.formulas)
        found = set(self._always)
        waiting = [*changed, *found]
        while waiting:
            spot = waiting.pop()
            for dependent in self._direct(spot):
                if dependent not in found:
                    found.add(dependent)
                    waiting.append(dependent)
        return found

    def _direct(self, spot: Spot) -> Iterator[Spot]:
        yield from self._by_cell.get(spot, ())
        sheet, row, column = spot
        for area, dependents in self._by_area.get(sheet, {}).items():
            if area.holds(row, column):
                yield from dependents

    def _register(self, spot: Spot, formula: str) -> None:
        for sheet, area in self._areas(formula, spot[0], depth=0):
            if area is None:
                self._always.append(spot)
            elif area.single:
                self._by_cell.setdefault((sheet, area.top, area.left), []).append(spot)
            else:
                self._by_area.setdefault(sheet, {}).setdefault(area, []).append(spot)

    def _areas(self, formula: str, home: str, depth: int) -> Iterator[tuple[str, Area | None]]:
        for reference in references(formula):
            sheet = reference.sheet.lower() or home
            if reference.area is not None and sheet in self._sheets:
                yield sheet, reference.area
            elif reference.name.lower() in self._names and depth < 8:
                yield from self._areas(self._names[reference.name.lower()], home, depth + 1)
            else:
                yield home, None


def may_hold_formulas(data: bytes) -> bool:
    """Whether a worksheet's XML has anything that looks like a formula; told without scanning it."""
    return _FORMULA.search(data) is not None


def without_values(sheet: SheetXml, outdated: set[Position]) -> dict[Position, CellChange]:
    """The changes that take away the stored values of these formulas."""
    changes = {}
    for position in outdated:
        cell = sheet.cells[position]
        if cell.value or (cell.value == "" and cell.attributes.get("t") == "str"):
            kept = b"".join(node.xml for node in children(sheet, cell).children if node.local != "v")
            changes[position] = CellChange(content=Content("n", kept))
    return changes
