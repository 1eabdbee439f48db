"""表文一致: numbers of the form that the unit's own texts state once more.

Only what can mean one thing is compared: the words at the head of a clause (or after 我单位, 其中), the
number right behind them with its unit, in a sentence that speaks of no other year, plan or part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.checking.reasons import SENTENCE
from jixiao.filing.quantity import plain, tidy
from jixiao.rubric.model import Stated, Texts

_MONEY = {"亿元": Decimal(10000), "万元": Decimal(1), "元": Decimal("0.0001")}
"""万元 in each."""
_QUOTES = str.maketrans("", "", "“”\"‘’'「」")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年")


def check_stated(case: Case) -> Iterator[Finding]:
    texts = case.rubric.checks.stated
    sentences = [
        (field, sentence)
        for field in texts.fields
        for sentence in SENTENCE.split(tidy(case.text(field)).translate(_QUOTES))
        if sentence and _of_this_year(case, sentence)
    ]
    for stated in texts.numbers:
        number = case.number(stated.field)
        if number is None:
            continue
        pattern = _pattern(texts, stated)
        apart = [word for word in texts.apart if not any(word in own for own in stated.words)]
        for field, sentence in sentences:
            if any(word in sentence for word in apart):
                continue
            for found in pattern.finditer(sentence):
                typed, unit = found["number"], found["unit"]
                scale = _MONEY.get(unit, Decimal(1))
                said = Decimal(typed.replace(",", "")) * scale
                half = Decimal("0.5").scaleb(-len(typed.partition(".")[2])) * scale
                if abs(said - number) > half:
                    yield case.finding(
                        "JX-508",
                        case.places([field, stated.field]),
                        subject=f"{field}.{stated.field}",
                        stated=f"{typed}{unit}",
                        expected=plain(number),
                        clause=stated.clause,
                        label=case.label(field),
                        words=found["said"],
                        name=case.label(stated.field),
                        unit=case.unit(stated.field) if stated.field != "total" else "分",
                    )
                    break


def _of_this_year(case: Case, sentence: str) -> bool:
    return all(int(year) == case.year for year in _YEAR.findall(sentence))


def _pattern(texts: Texts, stated: Stated) -> re.Pattern[str]:
    """The words and their number as a clause of its own, nothing else in it."""

    def one_of(words: list[str]) -> str:
        return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"

    units = stated.units or list(_MONEY)
    return re.compile(
        rf"(?:^|[,、:()])(?:{_YEAR.pattern})?{one_of(texts.openings)}*"
        rf"(?P<said>{one_of(stated.words)}{one_of(texts.links)}*(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>{one_of(units)}))"
        rf"(?=$|[,、:()])"
    )
