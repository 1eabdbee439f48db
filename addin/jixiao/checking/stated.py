"""表文一致: numbers of the form that the unit's own texts state once more.

Only what can mean one thing is compared: the words at the head of a clause (or after 我单位, 其中), the
number right behind them with its unit, in a sentence that has not spoken of another year, a plan or a part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.checking.reasons import sentences
from jixiao.filing.quantity import plain

_MONEY = {"亿元": Decimal(10000), "万元": Decimal(1), "元": Decimal("0.0001")}
"""万元 in each."""
_QUOTES = str.maketrans("", "", "“”\"‘’'「」")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


def check_stated(case: Case) -> Iterator[Finding]:
    texts = case.rubric.checks.stated
    listed = [(field, list(_sentences(case, field))) for field in texts.fields if not case.blank(field)]
    for stated in texts.numbers:
        number = case.number(stated.field)
        pattern = _pattern(*map(tuple, (texts.openings, stated.words, texts.links, stated.units or _MONEY)))
        apart = [word for word in texts.apart if word not in stated.despite] + stated.apart
        for field, said_in in listed if number is not None else ():
            found = [
                match
                for sentence in said_in
                if any(word in sentence for word in stated.words)  # sooner told than by the pattern
                for match in pattern.finditer(sentence)
                if not any(word in sentence[: match.end()] for word in apart)
            ]
            # Several numbers in one text are those of parts, whatever the words.
            if len({_read(match)[0] for match in found}) != 1:
                continue
            said, half = _read(found[0])
            if number is not None and abs(said - number) > half:
                yield case.finding(
                    "JX-508",
                    case.places([field, stated.field]),
                    subject=f"{field}.{stated.field}",
                    stated=found[0]["number"] + found[0]["unit"],
                    expected=plain(number),
                    clause=stated.clause,
                    label=case.label(field),
                    words=found[0]["said"],
                    name=case.label(stated.field),
                    unit=case.unit(stated.field),
                )


def _sentences(case: Case, field: str) -> Iterator[str]:
    """The sentences that speak of the year of the filing, or of none so far."""
    year = case.year
    for sentence in (one.translate(_QUOTES) for one in sentences(case.text(field))):
        named = [int(one) for one in _YEAR.findall(sentence)]
        if {year, *named} == {case.year}:
            yield sentence
        year = named[-1] if named else year


def _read(found: re.Match[str]) -> tuple[Decimal, Decimal]:
    """The number in the field's unit, and half a unit of the last place that was written."""
    digits, scale = found["number"].replace(",", ""), _MONEY.get(found["unit"], Decimal(1))
    return Decimal(digits) * scale, Decimal("0.5").scaleb(-len(digits.partition(".")[2])) * scale


@lru_cache(maxsize=256)  # the same for every filing of an edition
def _pattern(
    openings: tuple[str, ...], words: tuple[str, ...], links: tuple[str, ...], units: tuple[str, ...]
) -> re.Pattern[str]:
    """The words and their number as a clause of its own, nothing else in it."""

    def one_of(words: tuple[str, ...]) -> str:
        return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"

    return re.compile(
        rf"(?:^|[,、:()])(?:{_YEAR.pattern})?{one_of(openings)}*"
        rf"(?P<said>{one_of(words)}{one_of(links)}*(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>{one_of(units)}))"
        rf"(?=$|[,、:()])"
    )
