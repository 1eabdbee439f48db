"""The rules of single indicators: points that add up, deductions that deduct, conditions that can be met."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from jixiao.rubric.fault import Fault
from jixiao.rubric.model import (
    Bands,
    Basis,
    Cap,
    Checklist,
    ChecklistItem,
    Condition,
    Contradicted,
    Deduction,
    Excess,
    Field,
    Indicator,
    Judged,
    Proportional,
    Quotient,
    Rubric,
    Tie,
    walk,
)  # fmt: skip
from jixiao.rubric.reads import Steps, records
from jixiao.rubric.source import did_you_mean
from jixiao.rubric.span import number

NUMBERS = ("money", "count", "percent", "score", "area")


def answers(field: Field) -> list[str] | None:
    """The only words that a field can hold; None where any text or number may stand."""
    return {"answer": ["是", "否"], "choice": field.choices}.get(field.type)


def rule_faults(rubric: Rubric) -> Iterator[Fault]:
    for at, record in records(rubric):
        match record:
            case Indicator():
                yield from _indicator((*at, "rule"), record)
            case Quotient():
                yield from _quotient(at, record)
            case Deduction():
                yield from _deduction(at, record)
            case Excess():
                yield from _positive((*at, "step"), record.step, "每一档的幅度（step）")
                yield from _positive((*at, "each"), record.each, "每超一档扣的分（each）")
            case Judged():
                yield from _judged(at, record, rubric)
            case Cap():
                yield from _cap(at, record, rubric)
            case Contradicted():
                yield from _contradicted(at, record, rubric)
            case Condition():
                yield from _condition(at, record, rubric)
            case Tie():
                yield from _tie(at, record, rubric)
            case Basis():
                yield from _basis(at, record, rubric)


def _indicator(at: Steps, indicator: Indicator) -> Iterator[Fault]:
    rule = indicator.rule
    for key in ("ratio", "items", "full_when"):
        if getattr(rule, key, None) == [] and not (isinstance(rule, Judged) and rule.tiers):
            yield Fault((*at, key), f"指标“{indicator.name}”的规则里 {key} 是空的，请至少写一条。")
    if isinstance(rule, Checklist):
        yield from _checklist(at, rule, indicator)


def _checklist(at: Steps, rule: Checklist, indicator: Indicator) -> Iterator[Fault]:
    total = Decimal(0)
    whole = True
    for place, item in enumerate(rule.items):
        here = (*at, "items", place)
        if item.points is None and item.share is None and not rule.all_or_nothing:
            whole = False
            yield Fault(here, f"“{item.name}”没有写分值，请写 points（分）或 share（占比）。")
        if item.points is not None and item.share is not None:
            whole = False
            yield Fault((*here, "share"), f"“{item.name}”同时写了 points 和 share，请只留一个。")
        points = item.points if item.points is not None else (item.share or Decimal(0)) * indicator.weight
        if points < 0:
            yield Fault(here, f"“{item.name}”的分值 {number(points)} 是负数，请改正。")
        total += points
        yield from _failures(here, item)
    if whole and rule.items and not rule.all_or_nothing and total != indicator.weight:
        yield Fault(
            (*at, "items"),
            f"各项合计 {number(total)} 分，与指标“{indicator.name}”的分值 {number(indicator.weight)} 不同，"
            "请改成一致。",
        )


def _failures(at: Steps, item: ChecklistItem) -> Iterator[Fault]:
    if item.reading != "failures":
        if item.each is not None:
            yield Fault((*at, "each"), f"“{item.name}”不按次数扣分（reading 不是 failures），不能写 each。")
        return
    if item.each is None:
        yield Fault(at, f"“{item.name}”按次数扣分，请写每次扣多少分（each）。")
    else:
        yield from _positive((*at, "each"), item.each, "每次扣的分（each）")
    if item.base == "weight" and item.share is None:
        yield Fault(at, f"“{item.name}”从指标满分里扣再乘占比（base: weight），请写占比（share）。")


def _deduction(at: Steps, item: Deduction) -> Iterator[Fault]:
    if (item.each is None) == (not item.scale):
        yield Fault(at, f"“{item.name}”要写每件扣多少分：写 each，或写 scale，只写一种。")
    if bool(item.scale) != (item.scale_of is not None):
        yield Fault(at, f"“{item.name}”按件数分档扣分时，scale 和 scale_of 要一起写。")
    if item.each is not None:
        yield from _positive((*at, "each"), item.each, "每件扣的分（each）")
    for place, scale in enumerate(item.scale):
        yield from _positive((*at, "scale", place, "each"), scale.each, "每件扣的分（each）")
    if item.at_most is not None:
        yield from _positive((*at, "at_most"), item.at_most, "最多扣的分（at_most）")


def _judged(at: Steps, rule: Judged, rubric: Rubric) -> Iterator[Fault]:
    if bool(rule.tiers) != bool(rule.tier_field):
        yield Fault(at, "按档次酌情计分的，要一起写各档（tiers）和单位选档次的填报项（tier_field）。")
    field = rubric.asked.get(rule.tier_field)
    known = [word for tier in rule.tiers for word in (tier.name, *tier.words)]
    for word in (answers(field) or []) if field and rule.tiers else []:
        if word not in known:
            yield Fault(
                (*at, "tiers"),
                f"“{field.label if field else ''}”可以填“{word}”，而各档里没有{did_you_mean(word, known)}",
            )


def _cap(at: Steps, cap: Cap, rubric: Rubric) -> Iterator[Fault]:
    named = {one.id: one for path, one in walk([level for level in rubric.levels if not level.apart])}
    if cap.of not in named:
        yield Fault((*at, "of"), f"没有编号为“{cap.of}”的计入总分的指标{did_you_mean(cap.of, named)}")
    elif not isinstance(named[cap.of].rule, Bands | Proportional | Excess):
        yield Fault((*at, "of"), f"指标“{named[cap.of].name}”不按比率计分，不能据以封顶。")
    if not 0 <= cap.total_at_most <= rubric.total:
        yield Fault(
            (*at, "total_at_most"),
            f"总分最多 {number(cap.total_at_most)} 分，应在 0 和总分 {number(rubric.total)} 之间。",
        )


def _contradicted(at: Steps, one: Contradicted, rubric: Rubric) -> Iterator[Fault]:
    names = [overrun.name for overrun in rubric.checks.overruns]
    if one.overrun not in names:
        yield Fault(
            (*at, "overrun"),
            f"没有名为“{one.overrun}”的超预算检查（overruns）{did_you_mean(one.overrun, names)}",
        )


def _positive(at: Steps, value: Decimal, what: str) -> Iterator[Fault]:
    if value <= 0:
        yield Fault(at, f"{what}是 {number(value)}，应当大于 0。")


def _quotient(at: Steps, quotient: Quotient) -> Iterator[Fault]:
    divided = bool(quotient.numerator) and bool(quotient.denominator)
    if divided == bool(quotient.mean_of) or bool(quotient.numerator) != bool(quotient.denominator):
        yield Fault(
            at,
            f"“{quotient.name}”要么写分子（numerator）和分母（denominator），要么写求平均的各项（mean_of）。",
        )


def _condition(at: Steps, condition: Condition, rubric: Rubric) -> Iterator[Fault]:
    if not condition.of:
        yield Fault((*at, "of"), "条件没有写看哪一项（of），请补上。")
    if not condition.because.strip():
        yield Fault((*at, "because"), "条件没有写理由（because），得分说明里要用，请补上。")
    fields = [rubric.asked.get(name) for name in condition.of]
    known = [field for field in fields if field is not None]
    if len(known) != len(fields) or not known:
        return
    if len(known) > 1 or known[0].type in NUMBERS:
        for place, field in enumerate(known):
            if field.type not in NUMBERS:
                yield Fault((*at, "of", place), f"“{field.label}”不是数字，不能与别的项相加。")
        if not _plain(condition.equals):
            yield Fault((*at, "equals"), f"“{condition.equals}”不是数字，请写成 0、2.5 这样，不带单位。")
        return
    (field,) = known
    words = answers(field)
    if field.type == "date":
        yield Fault((*at, "of", 0), f"“{field.label}”是日期，不能用作条件。")
    elif words is not None and condition.equals not in words:
        yield Fault(
            (*at, "equals"),
            f"“{field.label}”只能填{'、'.join(words)}，不会是“{condition.equals}”"
            f"{did_you_mean(condition.equals, words)}",
        )


def _plain(text: str) -> bool:
    """A number as sums are written when they are compared with it: ``0``, never ``0.0``."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return False
    return value.is_finite() and number(value) == text


def _tie(at: Steps, tie: Tie, rubric: Rubric) -> Iterator[Fault]:
    if tie.at_most and (tie.less or tie.more):
        yield Fault((*at, "at_most"), f"“{tie.name}”写了 at_most，就不能再写 less 或 more。")
    above = [one.id for one in rubric.checks.ties[: rubric.checks.ties.index(tie)]]
    if tie.follows and tie.follows not in above:
        said = f"“{tie.name}”上面没有编号为“{tie.follows}”的勾稽{did_you_mean(tie.follows, above)}"
        yield Fault((*at, "follows"), said)


def _basis(at: Steps, basis: Basis, rubric: Rubric) -> Iterator[Fault]:
    field = rubric.asked.get(basis.field)
    for choice in basis.totals if field else ():
        if field and choice not in field.choices:
            meant = did_you_mean(choice, field.choices)
            yield Fault((*at, "totals", choice), f"“{field.label}”没有“{choice}”这一项{meant}")
