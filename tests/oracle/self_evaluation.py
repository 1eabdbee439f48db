"""娄底 2023, 岳阳 2024 and the project form: execution, rows, and the assessment of 附件5."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from oracle.form import Form
from oracle.guangzhou import Number, after, cases, yes
from oracle.texts import Unknown, answer, as_words, money, plain_number

BLOCKS: dict[str, dict[str, int]] = {
    "loudi-2023": {"output": 40, "benefit": 30, "satisfaction": 10, "cost": 10},
    "yueyang-2024": {"output": 50, "benefit": 30, "satisfaction": 10},
    "mof-project": {"output": 50, "benefit": 30, "satisfaction": 10},
}
INVERSE = (
    "成本", "控制数", "控制率", "不超过", "不高于", "不多于", "不大于", "超支率", "差错率", "出错率",
    "差错数", "差错次数",
    "投诉率", "投诉数", "投诉量", "投诉次数", "投诉件数", "投诉起数", "事故率", "事故发生率", "事故数",
    "事故起数",
    "事故次数", "事故件数", "事故发生数", "事故发生次数", "事故发生起数", "伤亡人数", "死亡人数",
)  # fmt: skip
COST = ("成本", "控制数", "控制率", "不超过", "不高于", "不多于", "不大于", "超支率")
"""Of the block 成本指标 of 娄底."""


def execution(form: Form) -> Number:
    budget = money(form["budget.total.adjusted"])
    if budget == 0:
        raise Unknown("no budget")
    spent = Fraction(money(form["budget.total.actual"])) / Fraction(budget)
    return min(max(spent, Fraction(0)), Fraction(1)) * 10


# ---------------------------------------------------------------- 附件5


def assess_notice(form: Form) -> Number:
    if answer(form["assess.notice"]) == "否":
        return Decimal(0)
    parts = ("scope", "grounds", "content", "steps", "demands", "annexes")
    return 2 * Decimal(yes(form["assess.notice"])) + sum(yes(form[f"assess.notice_{one}"]) for one in parts)


def assess_group(form: Form) -> Number:
    return 2 * Decimal(yes(form["assess.group"]))


def assess_check(form: Form) -> Number:
    return after(Decimal(10), min(cases(form["assess.unchecked"]), Decimal(10)))


def assess_submit(form: Form) -> Number:
    return after(Decimal(10), min(cases(form["assess.days_late"]), Decimal(10)))


def assess_complete(form: Form) -> Number:
    body, annexes = cases(form["assess.body_missing"]), cases(form["assess.annexes_missing"])
    return after(Decimal(8), 2 * body) + after(Decimal(7), 2 * annexes)


def assess_form(form: Form) -> Number:
    found = Decimal(0)
    for part, most in (("weights", 5), ("refined", 5), ("concrete", 5), ("core", 3), ("relevant", 2)):
        given = plain_number(form[f"assess.{part}"], nothing=False)
        if given < 0:
            raise Unknown("below zero")
        found += min(given, Decimal(most))
    return found


def _by_tier(form: Form, field: str, score: str, tiers: dict[str, tuple[int, int]]) -> Number:
    low, high = tiers.get(as_words(form[field]), (None, None))
    if low is None or high is None:
        raise Unknown("no such tier")
    if low == high:
        return Decimal(low)
    return min(max(plain_number(form[score], nothing=False), Decimal(low)), Decimal(high))


def assess_problems(form: Form) -> Number:
    tiers = {"全面": (20, 20), "较全面": (16, 18), "不全面": (13, 15), "未归纳且过于简单": (10, 12),
             "只提资金不足": (0, 0), "其他情况": (0, 20)}  # fmt: skip
    return _by_tier(form, "assess.problems_tier", "score.assess_problems", tiers)


def assess_suggestions(form: Form) -> Number:
    tiers = {"对应且全面": (15, 15), "较全面": (12, 14), "不全面": (9, 11), "过于简单": (6, 8),
             "只提加大投入": (0, 0), "其他情况": (0, 15)}  # fmt: skip
    return _by_tier(form, "assess.suggestions_tier", "score.assess_suggestions", tiers)


APART: dict[str, tuple[Callable[[Form], Number], int]] = {
    rule.__name__: (rule, weight)
    for rule, weight in (
        (assess_notice, 8), (assess_group, 2), (assess_check, 10), (assess_submit, 10), (assess_complete, 15),
        (assess_form, 20), (assess_problems, 20), (assess_suggestions, 15),
    )
}  # fmt: skip
"""Of a form of its own: no part of the total."""
