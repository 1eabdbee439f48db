"""The functions that forms use, as Excel means them; each gets its arguments not yet worked out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from jixiao.filing.model import Raw
from jixiao.scoring.arithmetic import rounded
from jixiao.workbook.formula.references import Area
from jixiao.workbook.formula.values import (
    Fault,
    Found,
    Operand,
    Part,
    Reach,
    Sheets,
    Unknown,
    compared,
    number,
    scalar,
    text,
)

Function = Callable[[list[Part], Sheets], Operand]


def _scalars(parts: list[Part], sheets: Sheets, least: int, most: int) -> list[Raw]:
    if not least <= len(parts) <= most:
        raise Unknown("number of arguments")
    return [scalar(part, sheets) for part in parts]


def _truth(value: Raw) -> bool:
    return value if isinstance(value, bool) else number(value) != 0


def _if(parts: list[Part], sheets: Sheets) -> Operand:
    if len(parts) != 3:
        raise Unknown("IF")
    return parts[1 if _truth(scalar(parts[0], sheets)) else 2]()


def _iferror(parts: list[Part], sheets: Sheets) -> Operand:
    if len(parts) != 2:
        raise Unknown("IFERROR")
    try:
        return scalar(parts[0], sheets)
    except Fault:
        return parts[1]()


def _and(parts: list[Part], sheets: Sheets) -> Operand:
    return all([_truth(value) for value in _scalars(parts, sheets, 1, 255)])


def _or(parts: list[Part], sheets: Sheets) -> Operand:
    return any([_truth(value) for value in _scalars(parts, sheets, 1, 255)])


_KEPT = 15
"""Digits that Excel keeps of a number; what it makes of a longer one is left to it."""


def _round(parts: list[Part], sheets: Sheets) -> Operand:
    value, places = (number(each) for each in _scalars(parts, sheets, 2, 2))
    if not 0 <= places <= 9 or places % 1 or value.adjusted() >= _KEPT:
        raise Unknown("ROUND")
    return rounded(value, int(places))


# ---- over many cells


def _each(parts: list[Part], sheets: Sheets) -> Iterator[Found]:
    for part in parts:
        operand = part()
        if isinstance(operand, Reach):
            yield from sheets.values(operand)
        else:
            yield number(operand)


def _numbers(values: Iterable[Found]) -> list[Decimal]:
    """The numbers among the cells; texts and truth values do not count."""
    found = []
    for value in values:
        if isinstance(value, Decimal):
            found.append(value)
        elif isinstance(value, Unknown | Fault):
            raise value
        elif isinstance(value, dt.date):
            raise Unknown("date")
    return found


def _all_numbers(parts: list[Part], sheets: Sheets) -> list[Decimal]:
    return _numbers(_each(parts, sheets))


def _sum(parts: list[Part], sheets: Sheets) -> Operand:
    return sum(_all_numbers(parts, sheets), Decimal(0))


def _min(parts: list[Part], sheets: Sheets) -> Operand:
    return min(_all_numbers(parts, sheets), default=Decimal(0))


def _max(parts: list[Part], sheets: Sheets) -> Operand:
    return max(_all_numbers(parts, sheets), default=Decimal(0))


def _count(parts: list[Part], sheets: Sheets) -> Operand:
    found = 0
    for value in _each(parts, sheets):  # COUNT passes over errors
        if isinstance(value, Unknown):
            raise value
        found += isinstance(value, Decimal | dt.date)
    return Decimal(found)


def _index(parts: list[Part], sheets: Sheets) -> Operand:
    """A cell of a single column, by its position in it."""
    cells = parts[0]() if len(parts) == 2 else None
    if not isinstance(cells, Reach) or cells.area.left != cells.area.right:
        raise Unknown("INDEX")
    row = cells.area.top + int(number(scalar(parts[1], sheets))) - 1
    if not cells.area.top <= row <= cells.area.bottom:
        raise Unknown("INDEX")
    return Reach(cells.sheet, Area(row, cells.area.left, row, cells.area.left))


def _large(parts: list[Part], sheets: Sheets) -> Operand:
    if len(parts) != 2:
        raise Unknown("LARGE")
    numbers = sorted(_all_numbers(parts[:1], sheets), reverse=True)
    rank = int(number(scalar(parts[1], sheets)))
    if not 1 <= rank <= len(numbers):
        raise Fault("#NUM!")
    return numbers[rank - 1]


def _match(parts: list[Part], sheets: Sheets) -> Operand:
    """The position of the first number that is just this one, in a single column."""
    cells = parts[1]() if len(parts) == 3 else None
    if not isinstance(cells, Reach) or cells.area.left != cells.area.right or scalar(parts[2], sheets) != 0:
        raise Unknown("MATCH")
    wanted = number(scalar(parts[0], sheets))
    for place, row in enumerate(range(cells.area.top, cells.area.bottom + 1), 1):
        value = sheets.at(cells.sheet, (row, cells.area.left))
        if isinstance(value, Decimal) and value == wanted:
            return Decimal(place)
    raise Fault("#N/A")


def _countif(parts: list[Part], sheets: Sheets) -> Operand:
    if len(parts) != 2:
        raise Unknown("COUNTIF")
    return Decimal(len(_chosen(parts, sheets)))


def _sumif(parts: list[Part], sheets: Sheets) -> Operand:
    """SUMIF; the cells to add up stand in an area of the same shape."""
    tested, added = parts[0](), parts[-1]()
    if len(parts) not in (2, 3) or not isinstance(tested, Reach):
        raise Unknown("SUMIF")
    if len(parts) == 2:
        added = tested
    if not isinstance(added, Reach) or _shape(tested) != _shape(added):
        raise Unknown("SUMIF")
    down, right = added.area.top - tested.area.top, added.area.left - tested.area.left
    added_cells = [(row + down, column + right) for row, column in _chosen(parts, sheets)]
    return sum(_numbers(sheets.at(added.sheet, cell) for cell in added_cells), Decimal(0))


def _shape(reach: Reach) -> tuple[int, int]:
    return reach.area.bottom - reach.area.top, reach.area.right - reach.area.left


def _chosen(parts: list[Part], sheets: Sheets) -> list[tuple[int, int]]:
    """The positions in the first area whose value meets the condition; empty cells meet none."""
    tested = parts[0]()
    if not isinstance(tested, Reach):
        raise Unknown("condition")
    meets = _condition(scalar(parts[1], sheets))
    area = tested.area
    places = ((r, c) for r in range(area.top, area.bottom + 1) for c in range(area.left, area.right + 1))
    return [place for place in places if meets(sheets.at(tested.sheet, place))]


def _condition(given: Raw) -> Callable[[Raw], bool]:
    if isinstance(given, Decimal):
        return lambda value: _meets("=", value, given)
    match = re.fullmatch(r"(<=|>=|<|>|=?)([^<>=~]+)", given) if isinstance(given, str) else None
    if match is None:
        raise Unknown("condition")
    sign, wanted = match.groups()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", wanted):
        return lambda value: _meets(sign or "=", value, Decimal(wanted))
    if sign not in ("", "="):
        raise Unknown("condition")
    pattern = re.compile(re.escape(wanted).replace(r"\*", ".*").replace(r"\?", "."), re.I | re.S)
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _meets(sign: str, value: Raw, wanted: Decimal) -> bool:
    if sign == "=" and isinstance(value, str) and any(letter.isdigit() for letter in value):
        raise Unknown("a text that may be the number")
    return isinstance(value, Decimal) and compared(sign, value, wanted)


# ---- texts


def _substitute(parts: list[Part], sheets: Sheets) -> Operand:
    whole, old, new = (text(each) for each in _scalars(parts, sheets, 3, 3))
    return whole.replace(old, new) if old else whole


_NOT_IN_NUMBERS = re.compile(r"(?![年月日时分秒上下午点])[\u4e00-\u9fff]")
"""A character that no date, time or amount has in any country's Excel."""


def _value(parts: list[Part], sheets: Sheets) -> Operand:
    """A text as a number where it can mean nothing else; else an error, or (dates, amounts) unknown."""
    (given,) = _scalars(parts, sheets, 1, 1)
    if not isinstance(given, str):
        return number(given)
    match = re.fullmatch(r"\s*([+-]?[0-9]+(?:\.[0-9]+)?)(%?)\s*", given)
    if match:
        return Decimal(match[1]) / (100 if match[2] else 1)
    if not any(letter.isdigit() for letter in given) or _NOT_IN_NUMBERS.search(given):
        raise Fault("#VALUE!")
    raise Unknown("number or date")


FUNCTIONS: dict[str, Function] = {
    "IF": _if, "IFERROR": _iferror, "AND": _and, "OR": _or, "ROUND": _round, "SUM": _sum, "MIN": _min,
    "MAX": _max, "COUNT": _count, "INDEX": _index, "LARGE": _large, "MATCH": _match, "COUNTIF": _countif,
    "SUMIF": _sumif,
    "SUBSTITUTE": _substitute, "VALUE": _value,
}  # fmt: skip
