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
from jixiao.workbook.formula.references import LAST_ROW, Area, references
from jixiao.workbook.port import Position

Spot = tuple[str, int, int]
"""Sheet name in lower case, row, column."""
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
MOST = 20_000
"""Formulas, or areas in them. Beyond this all formulas count as dependent: working it out would take longer
than calculating."""


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

    def of(self, changed: set[Spot]) -> set[Spot]:
        """All formulas that depend on these cells, directly or not."""
        if not changed:
            return set()
        if len(self.formulas) > MOST:
            return set(self.formulas)
        index = _Index()
        for spot, formula in self.formulas.items():
            for sheet, area in self._areas(formula, spot[0], depth=0):
                index.add(spot, sheet, area)
                if index.areas > MOST:
                    return set(self.formulas)
        found = set(index.always)
        waiting = [*changed, *found]
        while waiting:
            for dependent in index.taken(waiting.pop()):
                if dependent not in found:
                    found.add(dependent)
                    waiting.append(dependent)
        return found

    def _areas(self, formula: str, home: str, depth: int) -> Iterator[tuple[str, Area | None]]:
        for reference in references(formula):
            sheet = reference.sheet.lower() or home
            if reference.area is not None and sheet in self._sheets:
                yield sheet, reference.area
            elif reference.name.lower() in self._names and depth < 8:
                yield from self._areas(self._names[reference.name.lower()], home, depth + 1)
            else:
                yield home, None


class _Index:
    """Which formulas refer to a cell, found without looking at every area.

    The rows of an area are cut into few blocks of 1, 2, 4, … rows, so that a cell lies in one block of
    each size.
    """

    def __init__(self) -> None:
        self.always: list[Spot] = []
        """Formulas of which it cannot be told what they refer to."""
        self.areas = 0
        self._cells: dict[Spot, list[Spot]] = {}
        self._blocks: dict[tuple[str, int, int], dict[Area, list[Spot]]] = {}

    def add(self, spot: Spot, sheet: str, area: Area | None) -> None:
        """The formula at ``spot`` refers to this area."""
        if area is None:
            self.always.append(spot)
        elif area.single:
            self._cells.setdefault((sheet, area.top, area.left), []).append(spot)
        else:
            self.areas += 1
            for size, number in _blocks(area):
                block = self._blocks.setdefault((sheet, size, number), {})
                block.setdefault(area, []).append(spot)

    def taken(self, spot: Spot) -> Iterator[Spot]:
        """The formulas that refer to a cell; those by way of an area are told once and taken out."""
        sheet, row, column = spot
        yield from self._cells.get(spot, ())
        for size in range(LAST_ROW.bit_length()):
            block = self._blocks.get((sheet, size, row >> size), {})
            for area in [one for one in block if one.left <= column <= one.right]:
                yield from block.pop(area)


def _blocks(area: Area) -> Iterator[tuple[int, int]]:
    """Size (as a power of two) and number of each block."""
    first, end, size = area.top, area.bottom + 1, 0
    while first < end:
        if first & 1:
            yield size, first
            first += 1
        if end & 1:
            end -= 1
            yield size, end
        first, end, size = first >> 1, end >> 1, size + 1


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
