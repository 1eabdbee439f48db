"""Changes put into an open workbook, with as few calls as the host allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from jixiao.workbook.formula.references import Area
from jixiao.workbook.live.blocks import addresses, row_addresses
from jixiao.workbook.port import Cell, Position

if TYPE_CHECKING:
    import xlwings as xw

_LONGEST_IN_BLOCK = 8_000
"""Letters; Excel takes longer texts only one by one."""


class Block(NamedTuple):
    """An area and what is assigned to it, line by line."""

    area: Area
    contents: list[list[Any]]


def lines(area: Area) -> list[list[Position]]:
    columns = range(area.left, area.right + 1)
    return [[(row, column) for column in columns] for row in range(area.top, area.bottom + 1)]


def content(cell: Cell) -> Any:
    """What is assigned to a cell so that it holds this: an apostrophe keeps text from being understood."""
    if cell.formula:
        return f"={cell.formula}"
    if isinstance(cell.raw, str):
        return f"'{cell.raw}"
    return float(cell.raw) if isinstance(cell.raw, Decimal) else "" if cell.raw is None else cell.raw


def put_values(live: xw.Sheet, blocks: Sequence[Block]) -> None:
    for (top, left, bottom, right), contents in blocks:
        if stands_alone(contents[0][0]):
            live.range((top, left)).value = contents[0][0]
        else:
            live.range((top, left), (bottom, right)).raw_value = contents


def stands_alone(content: Any) -> bool:
    """A day has to be translated for each host, and a long text fits in no block."""
    if isinstance(content, str):
        return len(content) > _LONGEST_IN_BLOCK
    return isinstance(content, dt.date)


def put_fills(live: xw.Sheet, fills: Mapping[Position, str]) -> None:
    """Give all cells that are to have the same fill it at once."""
    for fill, cells in _by_value(fills).items():
        for place in addresses(cells):
            live.range(place).color = fill or None


def put_formats(live: xw.Sheet, formats: Mapping[Position, str]) -> None:
    """Let all cells that are to show numbers in the same way do so at once."""
    for code, cells in _by_value(formats).items():
        for place in addresses(cells):
            live.range(place).number_format = code


def put_heights(live: xw.Sheet, heights: Mapping[int, float]) -> None:
    for height, rows in _by_value(heights).items():
        for place in row_addresses(rows):
            if height:
                live.range(place).row_height = height
            else:
                live.range(place).rows.autofit()


def put_notes(live: xw.Sheet, notes: Mapping[Position, str], present: Mapping[Position, str]) -> None:
    for cell, text in notes.items():
        home = live.range(cell)
        if cell not in present:
            home.api.AddComment(text)  # add_note would first ask for what the copy already told
        elif (note := home.note) is not None:
            if text:
                note.text = text
            else:
                note.delete()


def _by_value(wanted: Mapping[Any, Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for key, value in wanted.items():
        found.setdefault(value, []).append(key)
    return found
