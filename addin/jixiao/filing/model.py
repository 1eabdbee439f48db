"""What a unit filled in: typed values, each with its place and exactly as typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

Raw = str | Decimal | bool | dt.date | dt.datetime | None
"""A value as it stands in a cell: text, number, truth value, date; ``None`` is an empty cell."""


# gc=False: what holds only values can never hold itself, so the collector need not look at it.
class Place(msgspec.Struct, frozen=True, order=True, gc=False):
    """Where a value stands: 自评表!I12. ``cell`` may be empty for a whole sheet."""

    sheet: str
    cell: str = ""

    def __str__(self) -> str:
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One value of the filing.

    ``percent`` tells that the number is shown as a percentage (0.95 is shown 95%).
    ``error`` is an Excel error such as ``#DIV/0!``; ``formula`` the formula that the cell holds,
    ``uncalculated`` that it has never been calculated.
    """

    raw: Raw = None
    place: Place | None = None
    percent: bool = False
    formula: str = ""
    error: str = ""
    uncalculated: bool = False

    @property
    def blank(self) -> bool:
        """Nothing was filled in (an error cell is not blank)."""
        empty = self.raw is None or (isinstance(self.raw, str) and not self.raw.strip(" \t\r\n\u3000\xa0"))
        return empty and not self.error


BLANK = Entry()


class Row(msgspec.Struct, frozen=True):
    """A row the unit added to a block: column id -> entry. ``place`` is the row's first cell."""

    entries: Mapping[str, Entry]
    place: Place | None = None

    def __getitem__(self, column: str) -> Entry:
        return self.entries.get(column, BLANK)


def carried_down(rows: Iterable[Row], columns: Sequence[str]) -> tuple[Row, ...]:
    """The rows with what a blank cell of ``columns`` inherits from the row above; empty rows stay empty.

    A new value in one of the columns ends what the columns after it say (产出指标 has no 经济效益).
    """
    above: dict[str, Entry] = {}
    found = []
    for row in rows:
        if all(entry.blank for entry in row.entries.values()):
            found.append(row)
            continue
        entries = dict(row.entries)
        for number, column in enumerate(columns):
            entry = row[column]
            if not entry.blank and column in above and entry.raw != above[column].raw:
                for later in columns[number + 1 :]:
                    above.pop(later, None)
            if not entry.blank:
                above[column] = entry
            elif column in above:
                entries[column] = Entry(above[column].raw, entry.place, above[column].percent)
        found.append(Row(entries, row.place))
    return tuple(found)


class Gap(msgspec.Struct, frozen=True):
    """Something the form should have and has not: a sheet, a name, a column."""

    kind: str
    """``name`` | ``column`` | ``block``"""
    what: str
    fields: tuple[str, ...] = ()
    sheet: str = ""
    """Not empty: it went with this whole sheet of the form,"""
    stands: bool = False
    """which, by its name, is still there."""
    never: bool = False
    """The form is not ours and never had it, so that it is not lost."""


class Filing(msgspec.Struct, frozen=True):
    """All that a unit filled in for one edition, whatever it was read from."""

    edition: str
    values: Mapping[str, Entry]
    rows: Mapping[str, tuple[Row, ...]] = msgspec.field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    homes: Mapping[str, Place] = msgspec.field(default_factory=dict)
    """Where each field stands on the form, filled in or not."""
    unread: tuple[Place, ...] = ()
    """Amounts typed into a table of the form where nothing reads them: rows the unit added of its own."""

    def __getitem__(self, field: str) -> Entry:
        return self.values.get(field, BLANK)

    @property
    def lost(self) -> int:
        """How many things are gone from the form; a whole sheet is one."""
        return len({gap.sheet or gap.what for gap in self.gaps if not gap.never})

    def place(self, field: str) -> Place | None:
        """Where the field stands, filled in or not."""
        return self.homes.get(field) or self[field].place
