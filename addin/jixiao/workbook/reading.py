"""From a workbook to a filing: the defined names ``jx.…`` say where every field stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from jixiao.filing.model import Entry, Filing, Gap, Place, Row, carried_down
from jixiao.rubric.model import Rubric, declared_cells, walk
from jixiao.workbook.bound import Bindings, Bound
from jixiao.workbook.formula.references import Area, address
from jixiao.workbook.port import Cell, Port, Position


def edition_of(port: Port) -> str:
    """The edition a workbook of ours was made for; empty for any other workbook."""
    text = port.names().get("jx.edition", "")
    return text.lstrip("=").strip('"')


def read_filing(port: Port, rubric: Rubric) -> Filing:
    """All that stands in the form. A field whose name or sheet is gone becomes a :class:`Gap`."""
    bindings = Bindings(port)
    grids: dict[str, Mapping[Position, Cell]] = {}

    def grid(sheet: str) -> Mapping[Position, Cell]:
        if sheet not in grids:
            grids[sheet] = port.cells(sheet)
        return grids[sheet]

    values: dict[str, Entry] = {}
    homes: dict[str, Place] = {}
    gaps: list[Gap] = []
    for field in form_fields(rubric):
        home = bindings[field]
        if home is None:
            gaps.append(Gap("name", f"jx.{field}", (field,)))
            continue
        homes[field] = home.place
        values[field] = _entry(grid(home.sheet).get(home.position), home.place)
    tables: dict[str, _Table] = {}
    for block in rubric.blocks:
        where = bindings[f"block.{block.id}"]
        if where is None:
            gaps.append(Gap("block", f"jx.block.{block.id}"))
            continue
        heads = {one.id: bindings[f"column.{block.id}.{one.id}"] for one in block.columns}
        gaps += [Gap("column", f"jx.column.{block.id}.{one}") for one, head in heads.items() if head is None]
        below = bindings[f"blocktotal.{block.id}"] or bindings[f"blockend.{block.id}"]
        tables[block.id] = _Table(where, {one: head.area for one, head in heads.items() if head}, below)
    rows: dict[str, tuple[Row, ...]] = {}
    for block in rubric.blocks:
        if block.id in tables:
            table = tables[block.id]
            found = _rows(table, list(tables.values()), grid(table.where.sheet))
            rows[block.id] = carried_down(found, block.inherited)
    return Filing(rubric.id, values, rows, tuple(gaps), homes)


def form_fields(rubric: Rubric) -> list[str]:
    """Ids of everything that has one cell of its own on the form."""
    indicators = (indicator for _, indicator in walk(rubric.levels))
    return [*rubric.asked, *declared_cells(indicators), "total", "grade"]


class _Table(NamedTuple):
    """Where a block stands: its rows (with header and total of its own), its header cells, the line below."""

    where: Bound
    heads: Mapping[str, Area]
    below: Bound | None

    @property
    def head(self) -> int | None:
        """The row of the header; blocks below one header have the same."""
        return min((area.top for area in self.heads.values()), default=None)


def _rows(table: _Table, tables: Sequence[_Table], grid: Mapping[Position, Cell]) -> tuple[Row, ...]:
    """The rows from the header, or the block's first row, down to the next block, or the line below.

    Empty ones too. A row inserted between two blocks under one header belongs to the upper one.
    """
    sheet, area = table.where
    tops = [
        other.where.area.top
        for other in tables
        if other.where.sheet == sheet and other.head == table.head is not None
    ]
    first = table.head + 1 if table.head is not None and area.top == min(tops) else area.top
    under = [top for top in tops if top > area.top]
    end = min(under) if under else table.below.area.top if table.below else area.bottom + 1
    found = []
    for row in range(first, end):
        entries = {
            column: _entry(grid.get((row, head.left)), Place(sheet, address(row, head.left)))
            for column, head in table.heads.items()
        }
        found.append(Row(entries, Place(sheet, address(row, area.left))))
    return tuple(found)


def _entry(cell: Cell | None, place: Place) -> Entry:
    if cell is None:
        return Entry(place=place)
    return Entry(cell.raw, place, cell.percent, cell.formula, cell.error, cell.uncalculated)
