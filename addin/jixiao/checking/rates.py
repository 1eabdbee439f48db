"""比率: what is printed or typed as a rate, against the two numbers that it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.filing.model import Entry
from jixiao.filing.quantity import as_text, plain, tidy
from jixiao.scoring.arithmetic import percent

EXACT = 6
"""Places of a percentage beyond which a spreadsheet's own quotient is off."""


def check_rates(case: Case) -> Iterator[Finding]:
    for rate in case.rubric.checks.rates:
        stated, part, whole = (case.number(field) for field in (rate.field, rate.part, rate.whole))
        if stated is None or part is None or not whole:
            continue
        right = Fraction(part) / Fraction(whole)
        if not as_typed(case.filing[rate.field], stated, right):
            yield case.finding(
                "JX-410",
                case.places([rate.field, rate.part, rate.whole]),
                subject=rate.field,
                stated=percent(stated),
                expected=percent(right),
                clause=rate.clause,
                label=case.label(rate.field),
                steps=f"{plain(part)}÷{plain(whole)}＝{percent(right)}",
            )


def as_typed(typed: Entry, stated: Decimal, rate: Decimal | Fraction) -> bool:
    """``stated`` is the rate within half a unit of the last place that was typed."""
    text = as_text(typed.raw)
    digits = text.rstrip("%％").partition(".")[2] if isinstance(typed.raw, str) else ""
    exponent = stated.as_tuple().exponent
    places = len(digits) if digits or "%" in tidy(text) else max(-int(exponent) - 2, 0)
    places = min(places, EXACT)
    off = abs(Fraction(stated) - Fraction(rate)) * 100
    return off <= Fraction(Decimal("0.5").scaleb(-places))
