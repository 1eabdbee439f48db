"""Cells put together so that the spreadsheet program is asked once for many of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jixiao.workbook.formula.references import Area, address
from jixiao.workbook.port import Position

_LONGEST_ADDRESS = 250
"""Letters; Excel takes no longer address of several areas."""


def rectangles(cells: Iterable[Position]) -> list[Area]:
    """The cells as full rectangles: runs along the rows, those of equal width below each other joined."""
    open_: dict[tuple[int, int], Area] = {}
    done: list[Area] = []
    for row, left, right in _runs(sorted(set(cells))):
        above = open_.get((left, right))
        if above is not None and above.bottom == row - 1:
            open_[left, right] = Area(above.top, left, row, right)
        else:
            done += [above] if above is not None else []
            open_[left, right] = Area(row, left, row, right)
    return sorted([*done, *open_.values()])


def addresses(cells: Iterable[Position]) -> Iterator[str]:
    """Addresses that together name the cells, each of as many areas as Excel takes at once."""
    return _joined(_said(area) for area in rectangles(cells))


def row_addresses(rows: Iterable[int]) -> Iterator[str]:
    """Addresses (``3:5,9:9``) that together name the rows."""
    return _joined(f"{area.top}:{area.bottom}" for area in rectangles((row, 1) for row in rows))


def _runs(cells: list[Position]) -> Iterator[tuple[int, int, int]]:
    start: Position | None = None
    last: Position | None = None
    for cell in cells:
        if start is None or last is None:
            start = cell
        elif cell != (last[0], last[1] + 1):
            yield start[0], start[1], last[1]
            start = cell
        last = cell
    if start is not None and last is not None:
        yield start[0], start[1], last[1]


def _said(area: Area) -> str:
    first, last = address(area.top, area.left), address(area.bottom, area.right)
    return first if first == last else f"{first}:{last}"


def _joined(parts: Iterable[str]) -> Iterator[str]:
    line = ""
    for part in parts:
        if line and len(line) + 1 + len(part) > _LONGEST_ADDRESS:
            yield line
            line = ""
        line += f",{part}" if line else part
    if line:
        yield line
