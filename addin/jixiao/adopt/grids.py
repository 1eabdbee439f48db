"""A sheet, or a table of a document, as recognition sees it: cells, merged areas, labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from jixiao.adopt.labels import key
from jixiao.workbook.formula.references import Area
from jixiao.workbook.port import Cell, Position


class Text(NamedTuple):
    """A text on a sheet: what it says as a label, and the cells it covers."""

    key: str
    area: Area
    text: str


class Grid:
    """The cells of one sheet; rows and columns count from 1."""

    def __init__(self, name: str, cells: Mapping[Position, Cell], merges: Sequence[Area] = ()) -> None:
        self.name = name
        self.cells = cells
        self.merges = merges

    @cached_property
    def _merged(self) -> dict[Position, Area]:
        return {
            (row, column): area
            for area in self.merges
            if (area.bottom - area.top + 1) * (area.right - area.left + 1) <= 100_000
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }

    def area(self, row: int, column: int) -> Area:
        """The merged area that a cell belongs to, or the cell alone."""
        return self._merged.get((row, column)) or Area(row, column, row, column)

    def at(self, row: int, column: int) -> Cell | None:
        """What is seen in a cell: of merged cells, what their upper left one holds."""
        area = self._merged.get((row, column))
        return self.cells.get((area.top, area.left) if area else (row, column))

    def text_at(self, row: int, column: int) -> str:
        cell = self.at(row, column)
        return cell.raw if cell is not None and isinstance(cell.raw, str) else ""

    @cached_property
    def right(self) -> int:
        """The last column that holds something or is merged."""
        held = max((column for _, column in self.cells), default=0)
        return max(held, max((area.right for area in self.merges), default=0))

    @cached_property
    def bottom(self) -> int:
        held = max((row for row, _ in self.cells), default=0)
        return max(held, max((area.bottom for area in self.merges), default=0))

    @cached_property
    def texts(self) -> list[Text]:
        """All texts that could be labels, line by line."""
        return sorted(self._texts(), key=lambda one: (one.area.top, one.area.left))

    def _texts(self) -> Iterator[Text]:
        for (row, column), cell in self.cells.items():
            raw = cell.raw
            if isinstance(raw, str) and (said := key(raw)):
                yield Text(said, self.area(row, column), raw)
