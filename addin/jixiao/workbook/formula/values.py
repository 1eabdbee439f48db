"""Values in formulas: what Excel makes of them when they are joined, compared or counted with."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple, Protocol

from jixiao.filing.model import Raw
from jixiao.filing.quantity import plain
from jixiao.workbook.formula.references import Area
from jixiao.workbook.port import Position


class Unknown(Exception):
    """What the formula gives cannot be told here."""


class Fault(Exception):
    """The formula gives an error such as ``#DIV/0!``."""


class Reach(NamedTuple):
    """Cells that a formula names, not yet looked at."""

    sheet: str
    area: Area


Found = Raw | Unknown | Fault
"""What a cell comes to, or why it does not."""
Operand = Raw | Reach
Part = Callable[[], Operand]
"""A part of a formula, worked out only when it is asked for (IF asks for one of its branches)."""


class Sheets(Protocol):
    """What functions may ask about the workbook."""

    def values(self, reach: Reach) -> Iterator[Found]:
        """What each cell of an area comes to that holds something, one after the other."""

    def at(self, sheet: str, position: Position) -> Raw:
        """The value of one cell; None where it is empty."""


def scalar(part: Part, sheets: Sheets) -> Raw:
    """One value: of a name for several cells it is unclear which is meant."""
    operand = part()
    if not isinstance(operand, Reach):
        return operand
    if not operand.area.single:
        raise Unknown("several cells")
    return sheets.at(operand.sheet, (operand.area.top, operand.area.left))


def number(value: Raw) -> Decimal:
    """A value in arithmetic. Excel reads numbers from texts as the country writes them; we do not."""
    if value is None:
        return Decimal(0)
    if isinstance(value, Decimal):
        return value
    raise Unknown("no number")


def text(value: Raw) -> str:
    """A value as ``&`` joins it."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, Decimal) and -9 <= value.adjusted() <= 9:
        return plain(value)
    raise Unknown("no text")


def compared(sign: str, left: Raw, right: Raw) -> bool:
    """Excel's order: every number comes before every text; an empty cell is 0 or the empty text."""
    if isinstance(left, dt.date) and isinstance(right, str):
        return bool(COMPARISONS[sign](False, True))  # a date is a number
    if isinstance(left, bool | dt.date) or isinstance(right, bool | dt.date):
        raise Unknown("dates and truth values")
    if left is None:
        left = "" if isinstance(right, str) else Decimal(0)
    if right is None:
        right = "" if isinstance(left, str) else Decimal(0)
    if isinstance(left, str) and isinstance(right, str):
        if sign not in ("=", "<>"):
            raise Unknown("order of texts")
        return (left.lower() == right.lower()) == (sign == "=")
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return bool(COMPARISONS[sign](left, right))
    return bool(COMPARISONS[sign](isinstance(left, str), isinstance(right, str)))


COMPARISONS: dict[str, Callable[..., bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le,
    ">=": operator.ge,
}  # fmt: skip


def joined(sign: str, left: Raw, right: Raw) -> Raw:
    """What a sign between two values gives."""
    if sign in COMPARISONS:
        return compared(sign, left, right)
    if sign == "&":
        return text(left) + text(right)
    if sign == "/" and not number(right):
        raise Fault("#DIV/0!")
    return _ARITHMETIC[sign](number(left), number(right))


_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


def spanned(first: Operand, last: Operand) -> Reach:
    """``H6:INDEX(…)``: all cells between two references."""
    if not isinstance(first, Reach) or not isinstance(last, Reach) or first.sheet != last.sheet:
        raise Unknown("no range")
    a, b = first.area, last.area
    return Reach(
        first.sheet,
        Area(min(a.top, b.top), min(a.left, b.left), max(a.bottom, b.bottom), max(a.right, b.right)),
    )
