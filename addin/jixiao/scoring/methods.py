"""The closed set of scoring methods: each takes a rule and answers, and gives an :class:`Outcome`.

An outcome without points means that inputs are lacking; nothing is ever assumed in their place.
Points are exact; rounding is the edition's and happens once, in :mod:`jixiao.scoring.score`.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

import msgspec

from jixiao.filing.quantity import plain, tidy
from jixiao.rubric import model as rules
from jixiao.scoring.answers import Answers
from jixiao.scoring.arithmetic import decimal, held, percent

ZERO = Decimal(0)
ONE = Decimal(1)


class Outcome(msgspec.Struct):
    """Points earned (分, exact), how, and the bounds where the unit judges for itself."""

    points: Decimal | Fraction | None = None
    ratio: Decimal | None = None
    steps: list[str] = []
    low: Decimal | None = None
    high: Decimal | None = None
    exact: Fraction | None = None
    """The ratio as a fraction: what is a third of something stays a third of it."""
    way: rules.Quotient | None = None
    """The way to the ratio that was taken."""
    hint: str = ""
    """What of this a reviewer may want to look at."""
    why: str = ""
    """Why there is no ratio, although nothing is lacking."""


def apply(rule: rules.Rule, weight: Decimal, answers: Answers, declared: Decimal | None) -> Outcome:
    """Score one indicator of ``weight`` by its rule (all methods but ``rows``)."""
    match rule:
        case rules.Bands():
            return _bands(rule, weight, answers)
        case rules.Proportional():
            return _proportional(rule, weight, answers, declared)
        case rules.Deductions():
            return _deductions(rule, weight, answers)
        case rules.Checklist():
            return _checklist(rule, weight, answers)
        case rules.Excess():
            return _excess(rule, weight, answers, declared)
        case rules.Limit():
            return _limit(rule, weight, answers)
        case rules.Judged():
            return _judged(rule, weight, answers, declared)
    raise TypeError(rule)


def _ratio(quotients: list[rules.Quotient], answers: Answers) -> Outcome:
    """The ratio by the first way whose inputs are given, and its arithmetic."""
    lacking: list[str] = []
    why = ""
    for quotient in quotients:
        answers.lacking = []
        ratio, steps = _mean(quotient, answers) if quotient.mean_of else _quotient(quotient, answers)
        if ratio is not None:
            if quotient.substitute:
                steps.append(f"口径：{quotient.name}（{quotient.substitute.rstrip('。')}）")
            answers.lacking = []
            return Outcome(None, decimal(ratio), steps, exact=ratio, way=quotient)
        if not answers.lacking:
            why = f"{quotient.name}的分母（{'＋'.join(map(answers.label, quotient.denominator))}）是 0"
        lacking += [field for field in answers.lacking if field not in lacking]
        if any(answers.reading(field).why for field in quotient.mean_of):
            break  # what was filled in and cannot be read is never passed over for a stand-in
    answers.lacking = [] if why else lacking
    return Outcome(why=why)


def _mean(quotient: rules.Quotient, answers: Answers) -> tuple[Fraction | None, list[str]]:
    given = {field: answers.reading(field) for field in quotient.mean_of}
    unread = [field for field, reading in given.items() if reading.why]
    rates = [reading.value for reading in given.values() if isinstance(reading.value, Decimal)]
    if unread or not rates:
        answers.lacking += unread or quotient.mean_of
        return None, []
    cap = quotient.each_at_most
    counted = [min(rate, cap) if cap is not None else rate for rate in rates]
    mean = Fraction(sum(counted, ZERO)) / len(counted)
    terms = "＋".join(percent(rate) for rate in counted)
    return mean, [f"{quotient.name}＝（{terms}）÷{len(counted)}＝{percent(mean)}"]


def _quotient(quotient: rules.Quotient, answers: Answers) -> tuple[Fraction | None, list[str]]:
    above, below = answers.sum(quotient.numerator), answers.sum(quotient.denominator)
    if above is None or below is None or below == 0:
        return None, []
    ratio = Fraction(above) / Fraction(below)
    return ratio, [f"{quotient.name}＝{plain(above)}÷{plain(below)}＝{percent(ratio)}"]


def _bands(rule: rules.Bands, weight: Decimal, answers: Answers) -> Outcome:
    found = _ratio(rule.ratio, answers)
    ratio = found.ratio
    band = None if ratio is None else next((band for band in rule.bands if band.holds(ratio)), None)
    if band is not None:
        found.points = band.points
        found.steps.append(f"{interval_text(band)}，得 {plain(band.points)} 分")
    return found


def _proportional(
    rule: rules.Proportional, weight: Decimal, answers: Answers, declared: Decimal | None
) -> Outcome:
    found = _ratio(rule.ratio, answers)
    ratio = found.exact
    if ratio is not None and ratio > 1 and rule.over == "declared":
        return _as_declared(weight, declared, [*found.steps, "超过 100%，由单位自评"], found.ratio)
    if ratio is not None:
        found.points = min(max(ratio, Fraction(0)), Fraction(1)) * Fraction(weight)
        found.steps.append(
            f"达到 100%，得满分 {plain(weight)} 分"
            if ratio >= 1
            else f"{plain(weight)}×{percent(ratio)}，按比例得分"
        )
    return found


def _deductions(rule: rules.Deductions, weight: Decimal, answers: Answers) -> Outcome:
    lost, steps, whole = ZERO, [], True
    for item in rule.items:
        each = item.each if item.each is not None else _scaled(item, answers)
        if item.equals is not None:
            word = answers.word(item.field)
            cases = None if word is None else Decimal(word == item.equals)
        else:
            cases = answers.number(item.field)
        if cases is None or each is None or cases < 0:
            whole = False
            continue
        cost = cases * each
        if item.at_most is not None:
            cost = min(cost, item.at_most)
        lost += cost
        taken = f"×{plain(each)}＝扣 {plain(cost)} 分" if cost else "，不扣分"
        steps.append(f"{item.name} {plain(cases)}{taken}")
    if not whole:
        return Outcome()
    points = max(weight - lost, ZERO)
    said = f"{plain(weight)}－{plain(lost)}，扣完为止，得 {plain(points)} 分"
    steps.append(said if lost else f"没有扣分，得满分 {plain(weight)} 分")
    return Outcome(points, None, steps)


def _scaled(item: rules.Deduction, answers: Answers) -> Decimal | None:
    count = answers.number(item.scale_of) if item.scale_of else None
    if count is None:
        return None
    for scale in item.scale:
        above = scale.over is None or count > scale.over
        if above and (scale.at_most is None or count <= scale.at_most):
            return scale.each
    return None


def _checklist(rule: rules.Checklist, weight: Decimal, answers: Answers) -> Outcome:
    earned: list[Decimal] = []
    steps: list[str] = []
    hints: list[str] = []
    for item in rule.items:
        points = item.points if item.points is not None else (item.share or ZERO) * weight
        got, why, hint = _item(item, points, weight, answers)
        if got is None:
            continue
        earned.append(got)
        hints += [f"{item.name}：{why}"] if hint else []
        steps.append(
            f"{item.name}：{why}" if rule.all_or_nothing else f"{item.name}：{why}，得 {plain(got)} 分"
        )
    if len(earned) != len(rule.items):
        return Outcome()
    if rule.all_or_nothing:
        failed = sum(got <= 0 for got in earned)
        points = ZERO if failed else weight
        steps.append(f"{'有一项不符' if failed else '全部符合'}，得 {plain(points)} 分")
        # beside another failure it makes no difference how this one is read
        return Outcome(points, None, steps, hint="；".join(hints) if failed < 2 else "")
    return Outcome(sum(earned, ZERO), None, steps, hint="；".join(hints))


def _item(
    item: rules.ChecklistItem, points: Decimal, weight: Decimal, answers: Answers
) -> tuple[Decimal | None, str, bool]:
    """What the item earns, why, and whether a reviewer may want to look at it."""
    full = points or ONE
    if condition := answers.first(item.forfeited):
        return ZERO, condition.because, condition.hint
    if condition := answers.first(item.not_applicable):
        return full, condition.because, condition.hint
    if item.reading == "answer":
        word = answers.word(item.field)
        return (None, "", False) if word is None else (full if word == "是" else ZERO, word, False)
    number = answers.number(item.field)
    if number is None or number < 0:
        return None, "", False
    if item.reading == "judged":
        return held(number, ZERO, points), f"自评 {plain(number)}，满分 {plain(points)}", False
    each = item.each or ZERO
    if item.base == "weight":
        share = item.share or ZERO
        said = f"（{plain(weight)}－{plain(number)}×{plain(each)}，扣完为止）×{percent(share)}"
        said = said if number else f"{plain(weight)}×{percent(share)}，没有扣分"
        return max(weight - number * each, ZERO) * share, said, False
    said = f"{plain(points)}－{plain(number)}×{plain(each)}，扣完为止" if number else "没有扣分"
    return max(points - number * each, ZERO), said, False


def _as_declared(
    weight: Decimal, declared: Decimal | None, steps: list[str], ratio: Decimal | None = None
) -> Outcome:
    """The rubric leaves it open: what the unit declares, within 0 and the weight."""
    points = None if declared is None else held(declared, ZERO, weight)
    return Outcome(points, ratio, steps, ZERO, weight)


def _excess(rule: rules.Excess, weight: Decimal, answers: Answers, declared: Decimal | None) -> Outcome:
    actual, limit = answers.number(rule.actual), answers.number(rule.limit)
    if actual is None or limit is None:
        return Outcome()
    if limit == 0:
        said = f"没有安排预算，实际 {plain(actual)}"
        if actual > 0 and rule.no_limit == "declared":
            return _as_declared(weight, declared, [f"{said}，由单位自评"])
        points = weight if actual <= 0 else ZERO
        earned = f"{said}，得 {plain(points)} 分"
        return Outcome(points, None, [earned], hint=earned if actual > 0 else "")
    ratio = (actual - limit) / limit
    steps = [f"超支率＝（{plain(actual)}－{plain(limit)}）÷{plain(limit)}＝{percent(ratio)}"]
    if ratio <= 0:
        return Outcome(weight, ratio, [*steps, f"没有超支，得满分 {plain(weight)} 分"])
    way = ROUND_FLOOR if rule.counting == "whole" else ROUND_CEILING
    count = (ratio / rule.step).to_integral_value(rounding=way)
    points = max(weight - count * rule.each, ZERO)
    cost = f"{plain(weight)}－{plain(count)}×{plain(rule.each)}，减至 0 为止"
    steps.append(f"超支 {plain(count)} 个 {percent(rule.step)}，{cost}")
    return Outcome(points, ratio, steps)


def _limit(rule: rules.Limit, weight: Decimal, answers: Answers) -> Outcome:
    actual, limit = answers.number(rule.actual), answers.number(rule.limit)
    if actual is None or limit is None:
        return Outcome()
    met = actual <= limit
    points = weight if met else ZERO
    return Outcome(
        points,
        None,
        [f"实际 {plain(actual)}{'≤' if met else '＞'}限额 {plain(limit)}，得 {plain(points)} 分"],
    )


def _judged(rule: rules.Judged, weight: Decimal, answers: Answers, declared: Decimal | None) -> Outcome:
    if rule.full_when and all(answers.first([condition]) for condition in rule.full_when):
        return Outcome(weight, None, [f"{rule.full_when[0].because.rstrip('。')}，得满分 {plain(weight)} 分"])
    if any(answers.reading(f).value is None for condition in rule.full_when for f in condition.of):
        for condition in rule.full_when:
            answers.lacking += [field for field in condition.of if answers.reading(field).value is None]
        return Outcome()
    if rule.tier_field:
        return _judged_tier(rule, answers, declared)
    return _as_declared(weight, declared, [f"酌情扣分，自评分应在 0 至 {plain(weight)} 之间"])


def _judged_tier(rule: rules.Judged, answers: Answers, declared: Decimal | None) -> Outcome:
    word = tidy(answers.word(rule.tier_field) or "")
    tier = next((tier for tier in rule.tiers if word in map(tidy, (tier.name, *tier.words))), None)
    if tier is None:
        return Outcome()
    low, high = tier.at_least, tier.at_most
    if low == high:
        return Outcome(low, None, [f"“{tier.name}”，得 {plain(low)} 分"])
    points = None if declared is None else held(declared, low, high)
    step = f"“{tier.name}”，{plain(low)} 分至 {plain(high)} 分"
    return Outcome(points, None, [step], low, high)


def interval_text(interval: rules.Interval) -> str:
    """60%≤比率＜100%, as the rubric would print it."""
    low = interval.at_least if interval.at_least is not None else interval.over
    high = interval.at_most if interval.at_most is not None else interval.under
    left = "" if low is None else f"{percent(low)}{'≤' if interval.at_least is not None else '＜'}"
    right = "" if high is None else f"{'≤' if interval.at_most is not None else '＜'}{percent(high)}"
    return f"{left}比率{right}"
