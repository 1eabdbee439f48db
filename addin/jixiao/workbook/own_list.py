"""A list on a sheet of ours, as it stands below its header row.

Columns are found by their headings, so that columns the user inserted do no harm.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from jixiao.filing.model import Place, Raw
from jixiao.filing.quantity import as_text
from jixiao.workbook.bound import Bindings, Bound
from jixiao.workbook.formula.references import Area
from jixiao.workbook.layout.paper import text_height
from jixiao.workbook.port import Cell, Edit, Port, Position

SIZE = 10.5
"""Type size of these lists, as the form has it."""
_HEIGHTS = (24.0, 42.0, 72.0, 125.0, 225.0, 409.0)
"""Points that a row of these lists may be high: Excel is asked once for all rows of one height."""
_STANDARD_WIDTH = 8.43


class OwnList(msgspec.Struct, frozen=True):
    """``columns`` holds the headings that are still there."""

    header: Bound
    columns: Mapping[str, int]
    grid: Mapping[Position, Cell]

    @property
    def sheet(self) -> str:
        return self.header.sheet

    @property
    def area(self) -> Area:
        """The header row."""
        return self.header.area

    @property
    def last_row(self) -> int:
        """The last row of the sheet that holds something."""
        return max((row for row, _ in self.grid), default=self.area.top)

    def cell(self, row: int, heading: str) -> Cell:
        return self.grid.get((row, self.columns.get(heading, 0)), Cell())

    def raw(self, row: int, heading: str) -> Raw:
        return self.cell(row, heading).raw


def open_list(port: Port, name: str, headings: Iterable[str]) -> OwnList | None:
    """The list whose header row is called ``jx.<name>``; None where it is gone."""
    header = Bindings(port)[name]
    if header is None:
        return None
    grid = port.cells(header.sheet)
    top, left, _, right = header.area
    texts = {as_text(grid.get((top, column), Cell()).raw): column for column in range(left, right + 1)}
    return OwnList(header, {each: texts[each] for each in headings if each in texts}, grid)


def free_rows(own: OwnList, ours: Iterable[int]) -> Iterator[int]:
    """The rows below the header that are ours, or in which the user wrote nothing in our columns."""
    columns = set(own.columns.values())
    taken = {row for (row, column), cell in own.grid.items() if column in columns and holds_something(cell)}
    return (row for row in itertools.count(own.area.top + 1) if row not in taken - set(ours))


LINK = "HYPERLINK("


def link_to(place: Place, text: str) -> str:
    """The formula that shows a text and leads to a cell."""
    sheet = place.sheet.replace("'", "''")
    target, shown = (one.replace('"', '""') for one in (f"#'{sheet}'!{place.cell or 'A1'}", text))
    return f'{LINK}"{target}","{shown}")'


def holds_something(cell: Cell) -> bool:
    return cell.raw not in (None, "") or bool(cell.formula or cell.error)


def fitting(need: float) -> float:
    """The height of a row whose texts need so many points; Excel's highest where that is too low."""
    return next((height for height in _HEIGHTS if height >= need), _HEIGHTS[-1])


def fit_heights(port: Port, own: OwnList, rows: Mapping[int, Sequence[Edit]]) -> None:
    """Make rows high enough for the texts just written and those beside them."""
    widths = port.widths(own.sheet)
    heights: dict[int, float] = {}
    for row, edits in rows.items():
        texts = {edit.column: edit.value for edit in edits}
        need = 0.0
        for column in range(own.area.left, own.area.right + 1):
            text = texts.get(column, own.grid.get((row, column), Cell()).raw)
            width = widths.get(column, _STANDARD_WIDTH)
            if isinstance(text, str) and width > 0:
                need = max(need, text_height(text, [width], SIZE))
        heights[row] = fitting(need)
    if heights:
        port.set_heights(own.sheet, heights)
