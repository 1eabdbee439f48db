"""Where the defined names ``jx.…`` of a workbook point."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from jixiao.filing.model import Place
from jixiao.workbook.formula.references import Area, address, column_number, parse_area
from jixiao.workbook.port import Port, Position

PREFIX = "jx."
"""All names of ours begin with it."""
_ONE = r"(?:'((?:[^']|'')+)'|([^'!,=]+))!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)"
_REFERENCE = re.compile(rf"^=?{_ONE}$")
_EACH = re.compile(_ONE)


class Bound(NamedTuple):
    """A cell or block of cells on a sheet."""

    sheet: str
    area: Area

    @property
    def position(self) -> Position:
        """Row and column of the top left cell."""
        return self.area.top, self.area.left

    @property
    def place(self) -> Place:
        return place_at(self.sheet, self.area.top, self.area.left)


@lru_cache(maxsize=16_384)
def place_at(sheet: str, row: int, column: int) -> Place:
    """The place of a cell; forms have the same ones over and over."""
    return Place(sheet, address(row, column))


class Bindings:
    """The names of a workbook that point to cells that are still there."""

    def __init__(self, port: Port) -> None:
        self._names: Mapping[str, str] = port.names()
        self._sheets = set(port.sheets())

    def __getitem__(self, name: str) -> Bound | None:
        """Where ``jx.<name>`` points; None when the name, its cells or its sheet are gone."""
        return bound(self._names.get(PREFIX + name, ""), self._sheets)

    def each(self, name: str) -> list[Bound]:
        """All the areas that ``jx.<name>`` points to, one after the other."""
        found = (bound(match[0], self._sheets) for match in _EACH.finditer(self._names.get(f"jx.{name}", "")))
        return [one for one in found if one]

    @property
    def adopted(self) -> bool:
        """The form is not ours: it was recognised by its labels (see :mod:`jixiao.adopt`)."""
        return "jx.adopted" in self._names

    def known(self, name: str) -> bool:
        """Whether the workbook has a name ``jx.<name>``, wherever it points."""
        return f"jx.{name}" in self._names


def bound(refers_to: str, sheets: Collection[str]) -> Bound | None:
    """What ``自评表!$A$1:$J$9`` means, if the sheet is among ``sheets``."""
    where = _where(refers_to)
    return where if where and where.sheet in sheets else None


@lru_cache(maxsize=4096)
def _where(refers_to: str) -> Bound | None:
    match = _REFERENCE.match(refers_to)
    area = parse_area(match[3]) if match else None
    if match is None or area is None:
        return None
    return Bound((match[1] or match[2]).replace("''", "'"), area)


def position_of(place: Place) -> Position:
    """Row and column of a place that names one cell."""
    letters = place.cell.rstrip("0123456789")
    return int(place.cell[len(letters) :]), column_number(letters)
