"""From a workbook to a filing: the defined names ``jx.…`` say where every field stands."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jixiao.filing.model import Entry, Filing, Gap, Place, Row
from jixiao.rubric.model import Block, Rubric, walk
from jixiao.workbook.port import Cell, Port, Position

_AREA = re.compile(r"^(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?$")


def edition_of(port: Port) -> str:
    """The edition a workbook of ours was made for; empty for any other workbook."""
    text = port.names().get("jx.edition", "")
    return text.lstrip("=").strip('"')


def read_filing(port: Port, rubric: Rubric) -> Filing:
    """All that stands in the form. A field whose name or sheet is gone becomes a :class:`Gap`."""
    names, sheets = port.names(), set(port.sheets())
    grids: dict[str, Mapping[Position, Cell]] = {}

    def grid(sheet: str) -> Mapping[Position, Cell]:
        if sheet not in grids:
            grids[sheet] = port.cells(sheet)
        return grids[sheet]

    values: dict[str, Entry] = {}
    homes: dict[str, Place] = {}
    gaps: list[Gap] = []
    for field in form_fields(rubric):
        area = _area(names.get(f"jx.{field}", ""), sheets)
        if area is None:
            gaps.append(Gap("name", f"jx.{field}", (field,)))
            continue
        sheet, row, column, _, _ = area
        homes[field] = Place(sheet, _address(row, column))
        values[field] = _entry(grid(sheet).get((row, column)), homes[field])
    rows: dict[str, tuple[Row, ...]] = {}
    for block in rubric.blocks:
        area = _area(names.get(f"jx.block.{block.id}", ""), sheets)
        if area is None:
            gaps.append(Gap("block", f"jx.block.{block.id}"))
            continue
        columns = {}
        for column_spec in block.columns:
            head = _area(names.get(f"jx.column.{block.id}.{column_spec.id}", ""), sheets)
            if head is None:
                gaps.append(Gap("column", f"jx.column.{block.id}.{column_spec.id}"))
            else:
                columns[column_spec.id] = head[2]
        rows[block.id] = _rows(block, area, columns, grid(area[0]), names, sheets)
    return Filing(rubric.id, values, rows, tuple(gaps), homes)


def form_fields(rubric: Rubric) -> list[str]:
    """Ids of everything that has one cell of its own on the form."""
    indicators = [indicator.id for _, indicator in walk(rubric.levels)]
    scores = [f"score.{one}" for one in indicators] + [f"reason.{one}" for one in indicators]
    return [*rubric.asked, *scores, "total", "grade"]


def _rows(
    block: Block,
    area: tuple[str, int, int, int, int],
    columns: Mapping[str, int],
    grid: Mapping[Position, Cell],
    names: Mapping[str, str],
    sheets: set[str],
) -> tuple[Row, ...]:
    """The rows between the header and the total row, empty ones too."""
    sheet, first, left, last, _ = area
    total = _area(names.get(f"jx.blocktotal.{block.id}", ""), sheets)
    end = total[1] if total else last
    found = []
    for row in range(first + 1, end):
        entries = {
            column: _entry(grid.get((row, number)), Place(sheet, _address(row, number)))
            for column, number in columns.items()
        }
        found.append(Row(entries, Place(sheet, _address(row, left))))
    return tuple(found)


def _entry(cell: Cell | None, place: Place) -> Entry:
    if cell is None:
        return Entry(place=place)
    return Entry(cell.raw, place, cell.percent, cell.formula, cell.error, cell.uncalculated)


def _area(refers_to: str, sheets: set[str]) -> tuple[str, int, int, int, int] | None:
    match = _AREA.match(refers_to.lstrip("="))
    if not match:
        return None
    sheet = (match[1] or match[2]).replace("''", "'")
    if sheet not in sheets:
        return None
    row, column = int(match[4]), _number(match[3])
    return sheet, row, column, int(match[6] or row), _number(match[5] or match[3])


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _address(row: int, column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
