"""What a number format makes of a number: a date, a time of day, a percentage, or just a number."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache


class Shown(Enum):
    """How a cell shows its number."""

    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    DATE_AND_TIME = "date and time"
    TIME = "time"
    """A time of day or a duration; no date, so it is read as the number it is (parts of a day)."""


_BUILT_IN = {
    **dict.fromkeys((9, 10), Shown.PERCENT),
    **dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58), Shown.DATE),
    **dict.fromkeys((*range(18, 22), *range(32, 36), *range(45, 48), 55, 56), Shown.TIME),
    22: Shown.DATE_AND_TIME,
}
"""Ids with a fixed meaning, those of Chinese editions too (27-36, 50-58)."""

BUILT_IN_CODES = {
    "General": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "0%": 9, "0.00%": 10, "0.00E+00": 11,
    "mm-dd-yy": 14, "@": 49,
}  # fmt: skip
"""Format codes that need no entry of their own in the file."""

_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|G/通用格式')
_ELAPSED = re.compile(r"\[([hms])\1*\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_HALF_DAY = re.compile(r"am/pm|a/p|上午/下午", re.IGNORECASE)
_FRACTION = re.compile(r"([sS]\]?)\.0+")


def shown_by(number_format: int, code: str | None) -> Shown:
    """How a format shows numbers; ``code`` is its text where the file defines the id itself."""
    return _shown_by_code(code) if code is not None else _BUILT_IN.get(number_format, Shown.NUMBER)


@lru_cache(maxsize=1024)
def _shown_by_code(code: str) -> Shown:
    bare = _LITERAL.sub("", code).partition(";")[0]
    if "general" in bare.lower():
        return Shown.NUMBER
    elapsed = bool(_ELAPSED.search(bare))
    bare = _BRACKETS.sub("", _ELAPSED.sub("h", bare))
    bare = _FRACTION.sub(r"\1", bare)
    if "%" in bare:
        return Shown.PERCENT
    if re.search(r"[0#?]", bare):
        return Shown.NUMBER
    letters = _HALF_DAY.sub("h", bare).lower()
    timed = elapsed or bool(re.search(r"[hs]", letters))
    dated = bool(re.search(r"[ydegb]|aaa", letters)) or ("m" in letters and not timed)
    if dated:
        return Shown.DATE_AND_TIME if timed else Shown.DATE
    return Shown.TIME if timed else Shown.NUMBER
