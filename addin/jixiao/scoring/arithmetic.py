"""Numbers as the rubric counts and prints them: Decimal, half away from zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from jixiao.filing.quantity import plain


def rounded(number: Decimal, places: int) -> Decimal:
    """``number`` at so many places, half away from zero, as Excel's ROUND does."""
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def held(number: Decimal, low: Decimal, high: Decimal) -> Decimal:
    return min(max(number, low), high)


def percent(ratio: Decimal, places: int = 2) -> str:
    """A ratio for reading: 0.998143 is 99.81%. Never computed with."""
    return f"{plain(rounded(ratio * 100, places))}%"
