"""What stood in a score cell before we wrote into it, as the ledger keeps it.

The text of a record restores the exact value (a number, or a text such as ``9.5分``), tells what we
wrote, and explains the replacement, so that the list of replaced scores can be written from the
records alone.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from jixiao.filing.model import Entry, Place
from jixiao.filing.quantity import read_field
from jixiao.workbook.ledger import Ledger
from jixiao.workbook.typed import Typed

KIND = "score"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One score cell that we wrote into; ``was`` is the unit's own word, ``wrote`` is ours."""

    was: Typed
    wrote: Decimal
    name: str
    when: str
    basis: str
    options: str
    steps: str

    @property
    def filled(self) -> bool:
        """The unit had said nothing: the cell was empty."""
        return Entry(self.was.raw).blank

    @property
    def declared(self) -> Decimal | None:
        """The unit's own score, where what it typed can be read as one."""
        return score_in(Entry(self.was.raw))

    def stands(self, present: Entry) -> bool:
        """Whether the cell still holds what we wrote."""
        raw = present.raw
        plain = not present.formula and not present.error and isinstance(raw, Decimal)
        return plain and raw == self.wrote

    def is_back(self, present: Entry) -> bool:
        """Whether the user has put the first value back."""
        return not present.formula and not present.error and Typed.of(present.raw) == self.was


def score_in(entry: Entry) -> Decimal | None:
    """The score (分) that a cell declares; None where it is empty or cannot be read."""
    value = read_field(entry, "score").value
    return value if isinstance(value, Decimal) else None


def load(ledger: Ledger) -> dict[Place, Kept]:
    """The records by cell, in the order in which the cells were first written."""
    return ledger.load(KIND, Kept)


def save(ledger: Ledger, kept: dict[Place, Kept]) -> None:
    ledger.save(KIND, kept)
