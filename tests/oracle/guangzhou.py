"""广州 2023: the 26 indicators one by one, as the authority wrote them (default readings)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from oracle.form import Form
from oracle.texts import Said, Unknown, answer, as_words, count, money, plain_number, rate

WEIGHTS = {
    "output": 20, "benefit": 20, "execution_rate": 10, "appraisal": 3, "carryover_rate": 2,
    "finance_compliance": 2, "disclosure_budget": 2, "disclosure_goals": 2, "system": 5, "results_use": 3,
    "system_execution": 7, "intent_open": Decimal("0.5"), "intent_timing": Decimal("1.5"),
    "procurement_control": 1, "procurement_conduct": 2, "contract_timely": 3, "contract_record": 1,
    "small_business": 1, "asset_allocation": 2, "asset_income": 1, "stocktake": 1, "asset_data": 2,
    "asset_compliance": 2, "fixed_assets_use": 2, "operating_control": 2, "three_public": 2,
}  # fmt: skip
INVERSE = (
    "成本",
    "控制数",
    "控制率",
    "不超过",
    "不高于",
    "不多于",
    "不大于",
    "超支率",
    "差错率",
    "投诉率",
    "事故发生率",
)
HALF = Decimal("0.5")
Number = Decimal | Fraction


def cases(said: Said) -> Decimal:
    found = count(said)
    if found < 0:
        raise Unknown("below zero")
    return found


def yes(said: Said, *, strict: bool = False) -> bool:
    word = answer(said, strict=strict)
    if not word:
        raise Unknown("neither yes nor no")
    return word == "是"


def zero(read: Callable[[Said], Decimal], *cells: Said) -> bool:
    """Whether the numbers are all there and come to nothing."""
    try:
        return sum(map(read, cells)) == 0
    except Unknown:
        return False


def after(full: Number, taken: Number) -> Number:
    return max(full - taken, Decimal(0))


def no_goals(form: Form) -> bool:
    return answer(form["goals.filed"]) == "否"


def execution_rate(form: Form) -> Number:
    months = [rate(form[f"rate.m{month:02}"]) for month in range(1, 13)]
    given = [month for month in months if month is not None]
    if any(not 0 <= month <= 2 for month in given):
        raise Unknown("can hardly be meant")
    if given:
        average = Fraction(sum(min(month, Decimal(1)) for month in given)) / len(given)
    else:
        budget = money(form["expenditure.general.adjusted"])
        spent = money(form["expenditure.general.actual"])
        if budget == 0:
            raise Unknown("no budget")
        average = Fraction(spent) / Fraction(budget)
    return min(max(average, Fraction(0)), Fraction(1)) * 10


def appraisal(form: Form) -> Number:
    if zero(count, form["appraisal.due"]):
        return Decimal(3)
    due, missing = count(form["appraisal.due"]), cases(form["appraisal.missing"])
    return after(Decimal(3), missing * (HALF if due > 3 else 1))


def carryover_rate(form: Form) -> Number:
    below = [form["carryover.start"], form["income.general.actual"], form["income.fund.actual"]]
    if zero(money, *below):
        return Decimal(2)
    share = Fraction(money(form["carryover.end"])) / Fraction(sum(map(money, below)))
    if share <= Fraction(10, 100):
        return Decimal(2)
    if share <= Fraction(20, 100):
        return Decimal(1)
    return HALF if share <= Fraction(30, 100) else Decimal(0)


def finance_compliance(form: Form) -> Number:
    plain = cases(form["finance.rectify"]) + cases(form["finance.misuse"])
    return after(Decimal(2), plain * HALF + cases(form["finance.repeated"]))


def secret(form: Form) -> bool:
    return answer(form["unit.secret"]) == "是"


def disclosure_budget(form: Form) -> Number:
    if secret(form):
        return Decimal(2)
    if "否" in (answer(form["disclosure.budget"]), answer(form["disclosure.final"])):
        return Decimal(0)
    found = Decimal(0)
    for one in ("budget", "final"):
        timely = form[f"disclosure.{one}_timely"]
        found += HALF * (as_words(timely) == "第20日当天" or yes(timely, strict=True))
        found += HALF * yes(form[f"disclosure.{one}_clean"], strict=True)
    return found


def disclosure_goals(form: Form) -> Number:
    if secret(form):
        return Decimal(2)
    kinds = ("goals", "self")
    return Decimal(sum(yes(form[f"disclosure.{kind}_timely"], strict=True) for kind in kinds))


def system(form: Form) -> Number:
    found = Decimal(0)
    for part in ("requirements", "duties"):
        given = plain_number(form[f"system.{part}"], nothing=False)
        if given < 0:
            raise Unknown("below zero")
        found += min(given, Decimal("2.5"))
    return found


def results_use(form: Form) -> Number:
    warned = after(Decimal(3), cases(form["results.warnings_missed"])) * Decimal("0.3")
    said = form["results.feedback"]
    told = as_words(said) == "没有重点评价" or yes(said)
    linked = answer(form["unit.has_subordinates"]) == "否" or yes(form["results.linked"])
    return warned + told * Decimal("0.9") + linked * Decimal("1.2")


def system_execution(form: Form) -> Number:
    found = Decimal(2 if cases(form["goals.returned"]) == 0 else 0)
    found += yes(form["monitoring.done"]) + yes(form["monitoring.timely"], strict=True)
    found += yes(form["selfeval.done"]) + yes(form["selfeval.timely"], strict=True)
    alone = answer(form["unit.has_subordinates"]) == "否"
    return found + (alone or yes(form["selfeval.subordinates"], strict=True))


def intent_open(form: Form) -> Number:
    if zero(count, form["procurement.intents_due"]):
        return HALF
    due, opened = count(form["procurement.intents_due"]), count(form["procurement.intents_open"])
    return HALF if Fraction(opened) / Fraction(due) >= 1 else Decimal(0)


def intent_timing(form: Form) -> Number:
    if zero(count, form["procurement.intents_due"]):
        return Decimal("1.5")
    kept = [
        yes(form[f"procurement.{one}"], strict=True)
        for one in ("ahead_30_days", "entered_40_days", "open_60_days")
    ]
    return Decimal("1.5") if all(kept) else Decimal(0)


def procurement_control(form: Form) -> Number:
    return Decimal(yes(form["procurement.control_rules"]))


def procurement_conduct(form: Form) -> Number:
    return after(Decimal(2), cases(form["procurement.complaints"]))


def contract_timely(form: Form) -> Number:
    if zero(count, form["procurement.contracts"]):
        return Decimal(3)
    share = Fraction(count(form["procurement.contracts_timely"])) / Fraction(
        count(form["procurement.contracts"])
    )
    if share >= 1:
        return Decimal(3)
    return Decimal(2 if share >= Fraction(90, 100) else 1 if share >= Fraction(80, 100) else 0)


def contract_record(form: Form) -> Number:
    if zero(count, form["procurement.records_due"]):
        return Decimal(1)
    return after(Decimal(1), cases(form["procurement.records_late"]))


def small_business(form: Form) -> Number:
    if zero(money, form["procurement.small_reserved"]):
        return Decimal(1)
    spent, reserved = money(form["procurement.small_actual"]), money(form["procurement.small_reserved"])
    return min(max(Fraction(spent) / Fraction(reserved), Fraction(0)), Fraction(1))


def asset_allocation(form: Form) -> Number:
    return after(Decimal(2), cases(form["assets.nonconforming"]))


def asset_income(form: Form) -> Number:
    return after(Decimal(1), cases(form["assets.income_late"]) * HALF)


def stocktake(form: Form) -> Number:
    done, settled = yes(form["assets.stocktake"]), yes(form["assets.stocktake_settled"], strict=True)
    return Decimal(done and settled)


def asset_data(form: Form) -> Number:
    if yes(form["assets.data_sound"], strict=True):
        return Decimal(2)
    declared = plain_number(form["score.asset_data"], nothing=False)
    return min(max(declared, Decimal(0)), Decimal(2))


def asset_compliance(form: Form) -> Number:
    lacking = Decimal(0) if yes(form["assets.rules"]) else HALF
    return after(Decimal(2), lacking + cases(form["assets.problems"]) * HALF)


def fixed_assets_use(form: Form) -> Number:
    if zero(money, form["assets.fixed_total"]):
        return Decimal(2)
    share = Fraction(money(form["assets.fixed_used"])) / Fraction(money(form["assets.fixed_total"]))
    if share >= Fraction(90, 100):
        return Decimal(2)
    if share >= Fraction(75, 100):
        return Decimal("1.5")
    return Decimal(1 if share >= Fraction(60, 100) else 0)


def operating_control(form: Form) -> Number:
    spent = money(form["expenditure.operating.actual"])
    budget = money(form["expenditure.operating.adjusted"])
    if budget == 0:
        return Decimal(0 if spent > 0 else 2)
    over = (Fraction(spent) - Fraction(budget)) / Fraction(budget)
    if over <= 0:
        return Decimal(2)
    return after(Decimal(2), Decimal(int(over / Fraction(5, 100))) * HALF)


def three_public(form: Form) -> Number:
    spent = money(form["expenditure.three_public.actual"])
    return Decimal(2 if spent <= money(form["expenditure.three_public.adjusted"]) else 0)


RULES: dict[str, Callable[[Form], Number]] = {
    rule.__name__: rule
    for rule in (
        execution_rate, appraisal, carryover_rate, finance_compliance, disclosure_budget, disclosure_goals,
        system, results_use, system_execution, intent_open, intent_timing, procurement_control,
        procurement_conduct, contract_timely, contract_record, small_business, asset_allocation,
        asset_income, stocktake, asset_data, asset_compliance, fixed_assets_use, operating_control,
        three_public,
    )
}  # fmt: skip
"""All but the two that add up rows."""
