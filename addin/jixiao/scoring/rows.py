"""Scoring a row that the unit set itself: completion rate, inverse, dates, tiers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import msgspec

from jixiao.filing.model import Entry, Row
from jixiao.filing.quantity import Kind, Quantity, as_text, plain, read_entry, read_field, tidy
from jixiao.rubric.model import Block, CompletionBand, RowRule, Rubric, Tier
from jixiao.scoring.arithmetic import decimal, held, percent, rounded, settled
from jixiao.scoring.methods import interval_text
from jixiao.scoring.model import RowScore, Step

ZERO = Decimal(0)
ONE = Decimal(1)


class _Way(msgspec.Struct):
    """How a row came to its share of the weight; ``low``..``high`` where the unit judges."""

    share: Decimal | Fraction | None = None
    ratio: Decimal | None = None
    steps: list[str] = []
    low: Decimal | None = None
    high: Decimal | None = None
    high_included: bool = True
    less: Decimal = ZERO
    """Points (分) taken off after that."""
    direction: str = ""
    qualitative: bool = False
    tier: str = ""
    why: str = ""
    """Why nothing can be computed."""
    hint: str = ""
    """What a reviewer may want to look at, although it is computed."""


def score_row(rubric: Rubric, block: Block, row: Row, number: int, year: int) -> RowScore | None:
    """The score of one row; None for a row without name, target, actual and weight (an empty row)."""
    if all(row[column].blank for column in ("name", "target", "actual", "weight")):
        return None
    rule, places = rubric.row_rules[block.row_rule], rubric.score_places
    stated = _points(row, "weight")
    weight = max(stated or ZERO, ZERO)
    declared = _points(row, "score")
    target, actual = read_entry(row["target"], year), read_entry(row["actual"], year)
    not_applicable = target.kind in {Kind.NOT_APPLICABLE, Kind.NONE} and not weight
    if rubric.not_applicable_rows == "rescale":
        not_applicable |= target.kind is Kind.NOT_APPLICABLE
    excluded = weight if not_applicable else ZERO
    if not_applicable:
        way = _Way(steps=["不适用，不参加计分"])
    elif stated is None or stated < 0:
        way = _Way(why="没有可用的分值" if stated is None else "分值是负数")
    else:
        way = _way(rule, row, target, actual)
    points, exact = None, None
    if way.share is not None:
        exact = max(Fraction(way.share) * Fraction(weight) - Fraction(way.less), Fraction(0))
        points = rounded(exact, places)
    low, high = None, None
    if way.high is not None and way.low is not None:
        cent = ZERO if way.high_included else Decimal(1).scaleb(-places)
        low, high = rounded(way.low * weight, places), rounded(way.high * weight, places) - cent
        points = None if declared is None else rounded(held(declared, low, max(low, high)), places)
    points, basis = settled(points, declared, weight - excluded, places)
    cells = tuple(place for column in ("target", "actual") if (place := row[column].place))
    return RowScore(
        weight=weight,
        excluded=excluded,
        score=points,
        exact=exact if rubric.sums == "exact" else None,
        declared=declared,
        basis=basis,
        ratio=way.ratio,
        steps=tuple(Step(text, cells) for text in way.steps),
        low=low,
        high=high,
        why=way.why,
        block=block.id,
        indicator=block.indicator or "",
        number=number,
        name=as_text(row["name"].raw),
        place=row["score"].place or row.place,
        target=_as_typed(row["target"], target),
        actual=_as_typed(row["actual"], actual),
        direction=way.direction,
        qualitative=way.qualitative,
        tier=way.tier,
        hint=way.hint,
        not_applicable=not_applicable,
    )


def _unreadable(entry: Entry) -> str:
    """Why a choice cannot be read that somebody made; empty where it can, or where there is none."""
    read = read_entry(entry)
    return read.why if entry.error or entry.uncalculated else ""


def _as_typed(entry: Entry, read: Quantity) -> str:
    return entry.raw.strip() if isinstance(entry.raw, str) else read.text


def _points(row: Row, column: str) -> Decimal | None:
    value = read_field(row[column], "score").value
    return value if isinstance(value, Decimal) else None


def _way(rule: RowRule, row: Row, target: Quantity, actual: Quantity) -> _Way:
    if target.kind in {Kind.WORDS, Kind.QUALITATIVE}:
        return _tier(rule, row)
    if target.kind is Kind.DATE and actual.kind is Kind.WORDS and not row["tier"].blank:
        return _tier(rule, row)  # 按时完成, which is a matter of judgement
    if target.kind is Kind.DATE:
        return _dates(rule, target, actual)
    target, actual = _none_is_zero(target), _none_is_zero(actual)
    if target.kind is not Kind.NUMBER or target.number is None:
        return _Way(why=f"目标值{target.why or _SAID[target.kind]}")
    if actual.kind is not Kind.NUMBER or actual.number is None:
        return _Way(why=f"实际值{actual.why or _SAID[actual.kind]}")
    if {target.change, actual.change} == {"增长", "下降"}:
        return _Way(why=f"目标值“{target.text}”和实际值“{actual.text}”一个是增长，一个是下降")
    target, actual = _zero_fits(target, actual), _zero_fits(actual, target)
    if "%" in {target.unit, actual.unit} and target.unit != actual.unit:
        return _Way(why=f"目标值“{target.text}”和实际值“{actual.text}”一个是百分数，一个不是")
    if {target.unit, actual.unit} >= {"元"} and target.unit != actual.unit:
        return _Way(why=f"目标值“{target.text}”和实际值“{actual.text}”单位不同")
    if target.unit != actual.unit and _multiplied(target) != _multiplied(actual):
        return _Way(why=f"目标值“{target.text}”和实际值“{actual.text}”单位不同")
    if not same_unit(target.unit, actual.unit):
        return _Way(why=f"目标值“{target.text}”和实际值“{actual.text}”单位不同")
    stated = tidy(as_text(row["direction"].raw))
    if why := _unreadable(row["direction"]):
        return _Way(why=f"方向{why}")
    if stated not in {"", "正向", "反向"}:
        return _Way(why="方向只能填“正向”或“反向”")
    if (
        target.comparator in {"≤", "<"}
        and stated == "正向"
        or (target.comparator in {"≥", ">"} and stated == "反向")
    ):
        return _Way(why=f"方向选的是“{stated}”，与目标值“{target.text}”的写法相反")
    inverse, said = _direction(rule, row, target)
    way = _inverse(rule, target, actual) if inverse else _positive(rule, target, actual)
    way.direction = "反向" if inverse else "正向"
    if target.comparator in {"<", ">"} and target.number == actual.number and not way.hint:
        way.hint = f"目标值是“{target.text}”，不含本数，实际值正好相等，本表按完成率 100% 计"
    if said:
        way.steps = [said, *way.steps]
    return way


_SAID = {
    Kind.BLANK: "没有填写", Kind.NUMBER: "是数字", Kind.DATE: "是日期，不是数字",
    Kind.WORDS: "是文字，不是数字", Kind.QUALITATIVE: "写的是“定性”", Kind.NONE: "写的是“无”",
    Kind.NOT_APPLICABLE: "写的是不适用", Kind.UNREADABLE: "读不出来",
}  # fmt: skip
_SAME = [
    {"人", "名", "位"}, {"家", "户"}, {"件", "宗", "起", "例"}, {"份", "册", "本"},
    {"场", "期", "批", "班"}, {"平方米", "平米"}, {"公里", "千米", "km"}, {"公斤", "千克", "kg"},
]  # fmt: skip
_ANYTHING = {"", "个", "项", "次"}
"""Counting words that fit whatever is counted."""


def same_unit(one: str, other: str) -> bool:
    """80人 and 85人次 count alike, 5吨 and 5200公斤 do not."""
    return bool({one, other} & _ANYTHING) or _synonyms(one, other) or _longer(one, other)


def loose_unit(one: str, other: str) -> bool:
    """80家 and 85个 are compared, though they may count different things."""
    return bool(one and other) and same_unit(one, other) and not _synonyms(one, other)


def _synonyms(one: str, other: str) -> bool:
    return one == other or any({one, other} <= same for same in _SAME)


def _longer(one: str, other: str) -> bool:
    """场 and 场次, 家 and 家企业."""
    return (one.startswith(other) or other.startswith(one)) and "/" not in one + other


def _none_is_zero(quantity: Quantity) -> Quantity:
    """无 where a number is asked: nothing happened."""
    return Quantity(Kind.NUMBER, quantity.text, ZERO) if quantity.kind is Kind.NONE else quantity


def _zero_fits(zero: Quantity, other: Quantity) -> Quantity:
    """0 beside 5% is 0%: nothing has no unit."""
    if zero.number == 0 and not zero.unit:
        return msgspec.structs.replace(zero, unit=other.unit)
    return zero


def _multiplied(quantity: Quantity) -> bool:
    """Written in 万 or 亿, which a number without unit beside it may silently mean too."""
    return "万" in quantity.text or "亿" in quantity.text


def _direction(rule: RowRule, row: Row, target: Quantity) -> tuple[bool, str]:
    stated = tidy(as_text(row["direction"].raw))
    if stated:
        return stated == "反向", ""
    if target.comparator:
        return target.comparator in {"≤", "<"}, ""
    if target.change in {"下降", "降到"}:  # the more it falls the better, whatever it is
        return target.change == "降到", ""
    for called, column in (("名称", "name"), ("二级指标", "level2"), ("一级指标", "level1")):
        label = as_text(row[column].raw)
        word = next((word for word in rule.inverse_words if word in label), "")
        if word:
            return True, f"没有写方向，因{called}含“{word}”按反向（越小越好）计"
    return False, ""


def _positive(rule: RowRule, target: Quantity, actual: Quantity) -> _Way:
    goal, done = target.number or ZERO, actual.number or ZERO
    if _unmeasured(rule, actual, met=done >= goal, same=done == goal, signs="≥>"):
        return _Way(why=f"实际值“{actual.text}”写的是限制，不是实际数")
    if goal < 0 or done < 0:
        return _Way(why="目标值或实际值是负数，不能算完成率")
    if goal == 0:
        if done > 0:
            return _Way(why="目标值是 0 而实际值大于 0，不能算完成率，请按实际情况自评")
        said = "目标值和实际值都是 0"
        if rule.zero_both == "declared":
            return _Way(None, None, [f"{said}，按自评分"], ZERO, ONE)
        return _Way(ONE, ONE, [f"{said}，视为达成"], hint=f"{said}，视为达成")
    ratio = Fraction(done) / Fraction(goal)
    return _banded(rule, ratio, f"{_shown(actual)}÷{_shown(target)}＝{percent(ratio)}")


def _inverse(rule: RowRule, target: Quantity, actual: Quantity) -> _Way:
    goal, done = target.number or ZERO, actual.number or ZERO
    if _unmeasured(rule, actual, met=done <= goal, same=done == goal, signs="≤<"):
        return _Way(why=f"实际值“{actual.text}”写的是限制，不是实际数")
    if done < 0 or goal < 0:
        return _Way(why="目标值或实际值是负数，不能算完成率")
    if done <= goal:
        met = f"反向指标，实际 {_shown(actual)}≤目标 {_shown(target)}，达成"
        if rule.inverse_exceeded == "completion" and done < goal:
            if not done:
                return _Way(None, None, [f"{met}；实际是 0，算不出完成率，按自评分"], ZERO, ONE)
            rate = Fraction(goal) / Fraction(done)
            return _banded(rule, rate, f"{met}，{_shown(target)}÷{_shown(actual)}＝{percent(rate)}")
        ratio = goal / done if done else ONE
        band = next((band for band in rule.completion if band.holds(ratio)), None)
        far = ratio > 1 and band is not None and (_earned(band, Fraction(ratio))[0] < 1 or band.less > 0)
        hint = f"{met}；实际比目标小得多，没有按“完成率偏高”减分，目标值可能定高了" if far else ""
        return _Way(rule.inverse_met, ratio, [met], hint=hint)
    if goal == 0:
        text = f"反向指标，目标是 0，实际 {_shown(actual)}"
        if rule.zero_target == "zero":
            return _Way(ZERO, ZERO, [f"{text}，不得分"])
        return _Way(None, ZERO, [f"{text}，按自评分"], ZERO, ONE)
    missed = Fraction(goal) / Fraction(done)
    ratio = decimal(missed)
    text = f"反向指标，{_shown(target)}÷{_shown(actual)}＝{percent(ratio)}"
    if rule.inverse_missed == "completion":
        return _banded(rule, missed, text)
    if rule.inverse_missed == "ratio":
        return _Way(missed, ratio, [f"{text}，按比例得分"])
    if rule.inverse_missed == "zero":
        return _Way(ZERO, ratio, [f"反向指标，实际 {_shown(actual)}＞目标 {_shown(target)}，不得分"])
    return _Way(None, ratio, [f"{text}，按自评分"], ZERO, ONE)


def _unmeasured(rule: RowRule, actual: Quantity, *, met: bool, same: bool, signs: str) -> bool:
    """The actual is a limit and no measured number, and does not say that the target was met.

    ``signs`` are the limits that can say so, the one that includes its number first.
    """
    if not actual.constraint:
        return False
    if rule.constraint_actual == "accept":
        return not (same or (met and actual.comparator in signs))
    return not (met and actual.comparator == signs[0])


def _shown(quantity: Quantity) -> str:
    number = quantity.number or ZERO
    return f"{plain(number * 100)}%" if quantity.unit == "%" else plain(number)


def _banded(rule: RowRule, exact: Fraction, text: str) -> _Way:
    ratio = decimal(exact)
    band = next((band for band in rule.completion if band.holds(ratio)), None)
    if band is None:
        return _Way(ratio=ratio, steps=[text], why="完成率不在任何一档")
    share, earned = _earned(band, exact)
    step = f"{text}，{interval_text(band).replace('比率', '完成率')}，得{earned}"
    return _Way(share, ratio, [step], less=band.less)


def _earned(band: CompletionBand, rate: Fraction) -> tuple[Fraction, str]:
    """The share of the weight that a completion rate earns, and in words."""
    fixed = band.earns.share
    share = rate if fixed is None else Fraction(fixed)
    earned = "完成率×分值" if fixed is None else f"分值的 {percent(fixed)}"
    if band.falling_from is not None:
        fallen = max(share - (rate - Fraction(band.falling_from)), Fraction(0))
        above = f"{percent(share)}－（{percent(rate)}－{percent(band.falling_from)}）"
        share, earned = fallen, f"分值的 {above}，即 {percent(fallen)}"
    return share, earned + (f"，再扣 {plain(band.less)} 分" if band.less else "")


def _dates(rule: RowRule, target: Quantity, actual: Quantity) -> _Way:
    if actual.kind is not Kind.DATE or actual.date is None or target.date is None:
        return _Way(why="目标值是日期，实际值不是日期")
    if actual.date <= target.date:
        return _Way(ONE, ONE, [f"{actual.text} 不晚于 {target.text}，达成"])
    text = f"{actual.text} 晚于 {target.text}"
    if rule.late == "zero":
        return _Way(ZERO, ZERO, [f"{text}，不得分"])
    return _Way(None, None, [f"{text}，按自评分"], ZERO, ONE)


def _tier(rule: RowRule, row: Row) -> _Way:
    typed = tidy(as_text(row["tier"].raw))
    if why := _unreadable(row["tier"]):
        return _Way(why=f"档次{why}")
    if not typed:
        said = "定性指标，没有选档次，自评分在 0 与分值之间"
        return _Way(None, None, [said], ZERO, ONE, qualitative=True)
    tier = next((tier for tier in rule.tiers if typed in map(tidy, (tier.name, *tier.words))), None)
    if tier is None:
        return _Way(why=f"档次“{typed}”不在评分标准的档次之内")
    return _Way(
        None, None, [f"定性指标，{tier.name}：分值的 {_span(tier)}"], tier.at_least, tier.at_most,
        tier.at_most_included, qualitative=True, tier=tier.name,
    )  # fmt: skip


def _span(tier: Tier) -> str:
    end = "（含）" if tier.at_most_included else "（不含）"
    return f"{percent(tier.at_least)}（含）至 {percent(tier.at_most)}{end}"
