"""From a workbook to a filing: the defined names ``jx.…`` say where every field stands."""

from __future__ import annotations

from collections.abc import Mapping

from jixiao.filing.model import Entry, Filing, Gap, Place, Row
from jixiao.rubric.model import Rubric, walk
from jixiao.workbook.bound import Bindings, Bound
from jixiao.workbook.formula.references import address
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
    rows: dict[str, tuple[Row, ...]] = {}
    for block in rubric.blocks:
        where = bindings[f"block.{block.id}"]
        if where is None:
            gaps.append(Gap("block", f"jx.block.{block.id}"))
            continue
        columns = {}
        for column_spec in block.columns:
            head = bindings[f"column.{block.id}.{column_spec.id}"]
            if head is None:
                gaps.append(Gap("column", f"jx.column.{block.id}.{column_spec.id}"))
            else:
                columns[column_spec.id] = head.area.left
        total = bindings[f"blocktotal.{block.id}"]
        rows[block.id] = _rows(where, total, columns, grid(where.sheet))
    return Filing(rubric.id, values, rows, tuple(gaps), homes)


def form_fields(rubric: Rubric) -> list[str]:
    """Ids of everything that has one cell of its own on the form."""
    indicators = [indicator.id for _, indicator in walk(rubric.levels)]
    scores = [f"score.{one}" for one in indicators] + [f"reason.{one}" for one in indicators]
    return [*rubric.asked, *scores, "total", "grade"]


def _rows(
    where: Bound, total: Bound | None, columns: Mapping[str, int], grid: Mapping[Position, Cell]
) -> tuple[Row, ...]:
    """The rows between the header and the total row, empty ones too."""
    sheet, area = where
    end = total.area.top if total else area.bottom
    found = []
    for row in range(area.top + 1, end):
        entries = {
            column: _entry(grid.get((row, number)), Place(sheet, address(row, number)))
            for column, number in columns.items()
        }
        found.append(Row(entries, Place(sheet, address(row, area.left))))
    return tuple(found)


def _entry(cell: Cell | None, place: Place) -> Entry:
    if cell is None:
        return Entry(place=place)
    return Entry(cell.raw, place, cell.percent, cell.formula, cell.error, cell.uncalculated)
