"""The tree of indicators: weights that add up, names that are unique, texts that are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.rubric.fault import Fault, repeated
from jixiao.rubric.model import (
    Adjustment,
    Cap,
    Contradicted,
    Indicator,
    Level,
    Option,
    Overrun,
    RowRule,
    Rubric,
    Tie,
)  # fmt: skip
from jixiao.rubric.reads import Steps, records
from jixiao.rubric.span import number

CITED = (Indicator, Option, Tie, Overrun, Adjustment, Contradicted, Cap, RowRule)
"""What must say where in the official wording it comes from."""
NOT_IN_ORIGINAL = "原文缺"
"""Said in ``original`` where the published form itself lacks a text."""


def tree_faults(rubric: Rubric) -> Iterator[Fault]:
    yield from _sums(rubric)
    yield from _names(rubric)
    yield from _grades(rubric)
    yield from _texts(rubric)


def _sums(rubric: Rubric) -> Iterator[Fault]:
    if fault := _sum(("total",), "总分", rubric.total, [one for one in rubric.levels if not one.apart]):
        yield fault
    for at, record in records(rubric.levels, ("levels",)):
        if isinstance(record, Level):
            inside: list[Level | Indicator] = [*record.levels, *record.indicators]
            if fault := _sum((*at, "weight"), f"“{record.name}”的分值", record.weight, inside):
                yield fault
            if record.apart and len(at) > 2:
                yield Fault((*at, "apart"), f"“{record.name}”单独成表（apart），只能写在最上一级。")
            if record.total_field and not record.apart:
                yield Fault((*at, "total_field"), f"“{record.name}”没有单独成表（apart），不能写合计栏。")
        if isinstance(record, Level | Indicator) and record.weight <= 0:
            yield Fault((*at, "weight"), f"“{record.name}”的分值是 {number(record.weight)}，应当大于 0。")


def _sum(at: Steps, what: str, weight: Decimal, inside: Sequence[Level | Indicator]) -> Fault | None:
    if not inside:
        return Fault(at, f"{what} {number(weight)} 下面没有指标，请补上指标，或删去这一级。")
    total = sum((one.weight for one in inside), Decimal(0))
    if total == weight:
        return None
    terms = "＋".join(f"{one.name} {number(one.weight)}" for one in inside)
    return Fault(at, f"{what}是 {number(weight)}，下级合计 {number(total)}（{terms}），请改成一致。")


def _names(rubric: Rubric) -> Iterator[Fault]:
    found = [(at, one) for at, one in records(rubric.levels, ("levels",)) if isinstance(one, Indicator)]
    yield from repeated("指标编号", (((*at, "id"), one.id) for at, one in found))
    yield from repeated("指标名称", (((*at, "name"), one.name) for at, one in found))
    yield from repeated("选项编号", ((("options", n, "id"), one.id) for n, one in enumerate(rubric.options)))
    yield from repeated(
        "勾稽编号", ((("checks", "ties", n, "id"), one.id) for n, one in enumerate(rubric.checks.ties))
    )


def _grades(rubric: Rubric) -> Iterator[Fault]:
    above: Decimal | None = None
    for place, grade in enumerate(rubric.grades):
        at: Steps = ("grades", place, "at_least")
        if grade.at_least > rubric.total:
            yield Fault(
                at, f"等级“{grade.name}”从 {number(grade.at_least)} 分起，高于总分 {number(rubric.total)}。"
            )
        if above is not None and grade.at_least >= above:
            yield Fault(
                at, f"等级要从高到低排：“{grade.name}”的起点 {number(grade.at_least)} 分应低于上一个。"
            )
        above = grade.at_least
    if above is None:
        yield Fault(("grades",), "没有写等级，请至少写一个从 0 分起的等级。")
    elif above != 0:
        last = len(rubric.grades) - 1
        yield Fault(
            ("grades", last, "at_least"),
            f"最低的等级“{rubric.grades[last].name}”从 {number(above)} 分起，"
            "应从 0 分起，否则有的总分没有等级。",
        )
    yield from repeated("等级", ((("grades", n, "name"), one.name) for n, one in enumerate(rubric.grades)))


def _texts(rubric: Rubric) -> Iterator[Fault]:
    for at, record in records(rubric):
        if isinstance(record, CITED) and not record.clause.strip():
            yield Fault((*at, "clause"), "没有写依据（clause），请写明出自评分标准的哪一项、哪一点。")
        if not isinstance(record, Indicator):
            continue
        if not record.criteria.strip():
            yield Fault((*at, "criteria"), f"指标“{record.name}”没有写评分标准（criteria），请照录官方原文。")
        if not record.explanation.strip() and NOT_IN_ORIGINAL not in record.original:
            yield Fault(
                (*at, "explanation"),
                f"指标“{record.name}”没有写指标解释（explanation）。请照录官方原文；"
                f"原文确实没有的，在 original 里写明“{NOT_IN_ORIGINAL}指标解释”。",
            )
