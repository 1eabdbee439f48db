"""Numbers as the rubric counts and prints them: Decimal, half away from zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from jixiao.filing.quantity import plain
from jixiao.scoring.model import Basis

_DIGITS = 27
"""One less than a Decimal keeps; rounding may add one."""


def rounded(number: Decimal | Fraction, places: int) -> Decimal:
    """``number`` at so many places, half away from zero, as Excel's ROUND does."""
    if isinstance(number, Decimal) and number.adjusted() + places < _DIGITS:
        return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    above, below = (abs(part) for part in number.as_integer_ratio())
    units = (2 * above * 10**places + below) // (2 * below)
    return Decimal(-units if number < 0 else units).scaleb(-places)


def decimal(number: Fraction) -> Decimal:
    """The number as far as decimals go: 2/3 is 0.666…7."""
    return Decimal(number.numerator) / Decimal(number.denominator)


def held(number: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return min(max(number, low), high)


def percent(ratio: Decimal | Fraction, places: int = 2) -> str:
    """A ratio for reading: 0.998143 is 99.81%. Never computed with."""
    return f"{plain(rounded(ratio, places + 2).scaleb(2))}%"


def settled(
    computed: Decimal | None, declared: Decimal | None, weight: Decimal, places: int
) -> tuple[Decimal | None, Basis]:
    """The score that counts and what it rests on: computed, else declared on trust, else nothing."""
    if computed is not None:
        return computed, Basis.COMPUTED
    if declared is not None:
        return rounded(held(declared, Decimal(0), weight), places), Basis.UNVERIFIED
    return None, Basis.MISSING
