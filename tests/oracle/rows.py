"""A row of an indicator table: target, actual, points, and what the two kinds of forms make of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from oracle.texts import NOTHING, STRUCK_OUT, Amount, Said, Unknown, amount, as_words, bare, day, number_of
from oracle.texts import points as points_of

CENT = Decimal("0.01")
COLUMNS = ("level1", "level2", "name", "target", "actual", "weight", "score", "direction", "tier", "reason")

TIERS = {
    "达成年度指标": (80, 100, True),
    "部分达成年度指标并具有一定效果": (60, 80, False),
    "未达成年度指标且效果较差": (0, 60, False),
}
"""From, to (percent of the points), and whether 'to' belongs to it."""
ALSO = {
    "达成": "达成年度指标", "已达成": "达成年度指标", "全部达成": "达成年度指标",
    "达成预期指标": "达成年度指标",
    "完成": "达成年度指标", "全部完成": "达成年度指标", "第一档": "达成年度指标",
    "部分达成": "部分达成年度指标并具有一定效果", "部分达成年度指标": "部分达成年度指标并具有一定效果",
    "部分达成预期指标并具有一定效果": "部分达成年度指标并具有一定效果",
    "部分完成": "部分达成年度指标并具有一定效果", "第二档": "部分达成年度指标并具有一定效果",
    "未达成": "未达成年度指标且效果较差", "未达成年度指标": "未达成年度指标且效果较差",
    "未达成预期指标且效果较差": "未达成年度指标且效果较差", "未完成": "未达成年度指标且效果较差",
    "第三档": "未达成年度指标且效果较差",
}  # fmt: skip
MEASURES = (
    "吨",
    "千克",
    "公斤",
    "克",
    "米",
    "公里",
    "千米",
    "平方米",
    "亩",
    "公顷",
    "天",
    "日",
    "月",
    "年",
    "小时",
    "元",
)


@dataclass(frozen=True)
class Scored:
    """A score and whether it follows from the form; without it is the declared one, or nothing."""

    score: Decimal | None
    known: bool
    counts: bool = True
    """False for a row that is not applicable: it makes no sum less certain."""


def rounded(number: Decimal | Fraction) -> Decimal:
    """Half away from zero, at two places."""
    exact = Fraction(number)
    cents = int(abs(exact) * 100 + Fraction(1, 2))
    return Decimal(-cents if exact < 0 else cents) / 100


def held(declared: Decimal | None, low: Decimal, high: Decimal) -> Decimal | None:
    return None if declared is None else rounded(min(max(declared, low), high))


def empty(row: dict[str, Said]) -> bool:
    return all(row[column].blank for column in ("name", "target", "actual", "weight"))


def score_row(row: dict[str, Said], year: int, *, hunan: bool, inverse_words: tuple[str, ...]) -> Scored:
    """What the row earns."""
    declared = points_of(row["score"])
    weight = points_of(row["weight"])
    typed = row["target"].value
    target_text = bare(typed) if isinstance(typed, str) and not row["target"].error else ""
    if (target_text in NOTHING or target_text.lower() in STRUCK_OUT) and (weight is None or weight <= 0):
        return Scored(held(declared, Decimal(0), Decimal(0)), False, counts=False)
    try:
        if weight is None or weight < 0:
            raise Unknown("no points")
        return Scored(_score(row, weight, declared, year, hunan, inverse_words), True)
    except Unknown:
        return Scored(held(declared, Decimal(0), max(weight or Decimal(0), Decimal(0))), False)


def _score(
    row: dict[str, Said],
    weight: Decimal,
    declared: Decimal | None,
    year: int,
    hunan: bool,
    inverse_words: tuple[str, ...],
) -> Decimal:
    target = _read(row["target"], year)
    if isinstance(target, str):
        return _judged(row, weight, declared)
    actual = _read(row["actual"], year)
    if isinstance(target, dt.date) and isinstance(actual, str) and not row["tier"].blank:
        return _judged(row, weight, declared)
    if isinstance(target, dt.date):
        if not isinstance(actual, dt.date):
            raise Unknown("a date beside something else")
        return rounded(weight) if actual <= target else Decimal(0)
    if not isinstance(actual, Amount):
        raise Unknown("a number beside something else")
    _comparable(target, actual)
    inverse = _inverse(row, target, inverse_words)
    if target.number < 0 or actual.number < 0:
        raise Unknown("below zero")
    _measured(target, actual, inverse, hunan)
    if inverse:
        share = _share_of_inverse(target.number, actual.number, hunan)
    else:
        share = _share(target.number, actual.number, hunan)
    return rounded(share * Fraction(weight))


def _share(target: Decimal, actual: Decimal, hunan: bool) -> Fraction:
    if target == 0:
        if actual > 0:
            raise Unknown("no rate on a target of 0")
        return Fraction(1)
    done = Fraction(actual) / Fraction(target)
    if hunan:
        return min(done, Fraction(1))
    if done < Fraction(60, 100):
        return Fraction(0)
    if done < 1:
        return done
    return Fraction(1) if done <= Fraction(150, 100) else Fraction(1, 2)


def _share_of_inverse(target: Decimal, actual: Decimal, hunan: bool) -> Fraction:
    if actual <= target:
        return Fraction(1)
    done = Fraction(target) / Fraction(actual)
    return done if hunan or done >= Fraction(60, 100) else Fraction(0)


def _judged(row: dict[str, Said], weight: Decimal, declared: Decimal | None) -> Decimal:
    """What the unit declares, held within the tier it chose."""
    if declared is None:
        raise Unknown("the unit gave itself no score")
    typed = as_words(row["tier"])
    if not typed:
        return rounded(min(max(declared, Decimal(0)), weight))
    low, high, included = TIERS.get(ALSO.get(typed, typed), (None, None, None))
    if low is None or high is None:
        raise Unknown("no such tier")
    least, most = rounded(weight * low / 100), rounded(weight * high / 100) - (0 if included else CENT)
    return rounded(min(max(declared, least), max(least, most)))


def _read(said: Said, year: int) -> Amount | dt.date | str:
    """A number, a day, or words; blank, struck out and doubtful is unknown."""
    if said.blank or said.error:
        raise Unknown("blank")
    value = said.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, (int, float)):
        return Amount(number_of(value), "%" if said.percent else "")
    if not isinstance(value, str):
        raise Unknown("a time of day")
    text = bare(value)
    if text in NOTHING:
        return Amount(Decimal(0))
    if text.lower() in STRUCK_OUT:
        raise Unknown("not applicable")
    if when := day(text, year):
        return when
    try:
        return amount(text)
    except Unknown:
        if any(one.isdigit() for one in text) and not _prose(text):
            raise
        return text


def _prose(text: str) -> bool:
    """Words in which a number occurs, and no number with words around it."""
    first = text.lstrip("≥≤<>=≧≦+-")[:1]
    return len(text) > 20 or not (first.isdigit() or text[:1] in "≥≤<>=≧≦+-约近逾几上")


def _comparable(target: Amount, actual: Amount) -> None:
    if {target.change, actual.change} == {"增长", "下降"}:
        raise Unknown("one grows, one falls")
    one, other = target.unit, actual.unit
    if (target.number == 0 and not one) or (actual.number == 0 and not other) or one == other:
        return
    if "%" in (one, other) or "元" in (one, other) or target.multiple != actual.multiple:
        raise Unknown("not the same unit")
    same = ({"平方米", "平米"}, {"公里", "千米", "km"}, {"公斤", "千克", "kg"})
    if one and other and (one in MEASURES or other in MEASURES) and not any({one, other} <= s for s in same):
        if not (one in "个项次" or other in "个项次"):
            raise Unknown("not the same unit")


def _measured(target: Amount, actual: Amount, inverse: bool, hunan: bool) -> None:
    """An actual written as a limit says nothing, but that a target was met where it repeats it."""
    if not actual.sign:
        return
    met = actual.number <= target.number if inverse else actual.number >= target.number
    fitting = "≤<" if inverse else "≥>"
    if hunan and (actual.number == target.number or (met and actual.sign in fitting)):
        return
    if not hunan and met and actual.sign == fitting[0]:
        return
    raise Unknown("a limit, no number")


def _inverse(row: dict[str, Said], target: Amount, inverse_words: tuple[str, ...]) -> bool:
    stated = as_words(row["direction"])
    if stated not in ("", "正向", "反向"):
        raise Unknown("no such direction")
    if stated and target.sign and (target.sign in "≤<") != (stated == "反向"):
        raise Unknown("the sign says otherwise")
    if stated:
        return stated == "反向"
    if target.sign:
        return target.sign in "≤<"
    if target.change in ("下降", "降到"):
        return target.change == "降到"
    labels = "\n".join(str(row[column].value or "") for column in ("name", "level2", "level1"))
    return any(word in labels for word in inverse_words)


def carried(rows: list[dict[str, Said]]) -> list[dict[str, Said]]:
    """Rows with the levels that are printed once and hold for the rows below."""
    above: dict[str, Said] = {}
    found = []
    for row in rows:
        if all(one.blank for one in row.values()):
            found.append(row)
            continue
        row = dict(row)
        if not row["level1"].blank:
            if "level1" in above and above["level1"].value != row["level1"].value:
                above.pop("level2", None)
            above["level1"] = row["level1"]
        if not row["level2"].blank:
            above["level2"] = row["level2"]
        for column in ("level1", "level2"):
            row[column] = above.get(column, row[column])
        found.append(row)
    return found
