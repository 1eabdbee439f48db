"""Whether a figure may be another one, written wrong: how people err when they type and reckon.

Where a check expects something wholly different from what is stated, it has more likely taken the
wrong figures than the writer has.
"""

from __future__ import annotations

import re
from decimal import Decimal

_TIMES = 2
"""A wrong result is not more than so many times the right one, or so many times less,"""
_POINTS = 10
"""nor a rate so many percent off: small ones are easily twice what is right."""
_NUMBER = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>[^\d]*)")


def may_be(stated: str, expected: str) -> bool:
    """Whether ``stated`` may be a slip for ``expected``, both as they are printed."""
    ours, theirs = _NUMBER.search(expected), _NUMBER.search(stated)
    if not ours or not theirs or ours["unit"] != theirs["unit"]:
        return True  # of this nothing can be told
    one, other = (Decimal(found["number"].replace(",", "")) for found in (theirs, ours))
    if not one or not other:
        return True
    near = max(one, other) / min(one, other) <= _TIMES
    return near or ours["unit"].startswith("%") and abs(one - other) <= _POINTS or _mistyped(one, other)


def _mistyped(one: Decimal, other: Decimal) -> bool:
    """A point in the wrong place, one digit wrong, left out or too many, or two that changed places."""
    first, second = (f"{value:f}".replace(".", "").strip("0") for value in (one, other))
    length = min(len(first), len(second))
    if length > 1 and first[:length] == second[:length]:
        return True
    places = max(len(f"{value:f}".partition(".")[2]) for value in (one, other))
    first, second = (f"{int(value * 10**places)}" for value in (one, other))
    if len(first) != len(second):
        short, long = sorted((first, second), key=len)
        without = (long[:at] + long[at + 1 :] for at in range(len(long)))
        return len(short) + 1 == len(long) and short in without
    wrong = [at for at, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    return len(wrong) == 1 or len(wrong) == 2 and sorted(first) == sorted(second)
