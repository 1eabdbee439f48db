"""Changes put into an open workbook, with as few calls as the host allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
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


PARTS: dict[str, Callable[[xw.Range, Any], None]] = {
    "size": lambda range, size: setattr(range.font, "size", size),
    "bold": lambda range, bold: setattr(range.font, "bold", bold),
    "color": lambda range, color: setattr(range.font, "color", f"#{color}"),
    "fill": lambda range, fill: setattr(range, "color", f"#{fill}" if fill else None),
    "wrap": lambda range, wrap: setattr(range, "wrap_text", wrap),
    "horizontal": lambda range, side: setattr(range, "horizontal_alignment", side),
    "number_format": lambda range, code: setattr(range, "number_format", code),
    "border": lambda range, border: range.borders.set("all", line_style="continuous" if border else None),
}
"""How a range is given each part of a :class:`~jixiao.workbook.port.Look`.

An underline is not among what every host can be asked for; the colour of a link tells enough.
"""


def put_looks(live: xw.Sheet, looks: Mapping[str, Mapping[Position, Any]]) -> None:
    """By part of the look, give all cells that want the same at once."""
    homes = cache(live.range)
    for part, wanted in looks.items():
        for value, cells in _by_value(wanted).items():
            for place in addresses(cells):
                PARTS[part](homes(place), value)


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
