"""The cells in which fields are filled in: format, alignment, and what Excel warns about."""

from __future__ import annotations

from decimal import Decimal

from jixiao.rubric.model import Field, Rubric
from jixiao.rubric.source import did_you_mean
from jixiao.workbook.form_parts import Align
from jixiao.workbook.layout.looks import ALIGNS, FORMATS
from jixiao.workbook.layout.plan import Check, Content, FormError

ANSWERS = ("是", "否")
CONTROLS: dict[str, Check] = {
    "money": Check(
        "decimal", low=Decimal(-(10**9)), high=Decimal(10**9), message="请填数字，单位见右边一栏。"
    ),
    "area": Check("decimal", low=Decimal(0), high=Decimal(10**9), message="请填数字，单位见右边一栏。"),
    "count": Check("whole", low=Decimal(0), high=Decimal(10**6), message="请填整数；没有的填 0。"),
    "percent": Check("decimal", low=Decimal(0), high=Decimal(2), message="请填百分数，例如 95.32%。"),
    "year": Check("whole", low=Decimal(2000), high=Decimal(2100), message="请填四位数的年度，例如 2023。"),
    "score": Check("decimal", low=Decimal(0), high=Decimal(100), message="请填得分，单位：分。"),
}


def asked(rubric: Rubric, field: str) -> Field:
    """The field called so, a column of a row of amounts included."""
    found = rubric.asked.get(field)
    if found is None:
        raise FormError(f"没有名为“{field}”的填报项{did_you_mean(field, rubric.asked)}")
    return found


def input_cell(
    field: Field, *, look: str = "", formula: str = "", align: Align = "", format: str = ""
) -> Content:
    """The cell in which a field is filled in, or with a formula computed."""
    return Content(
        formula=formula,
        look=look or ("computed" if formula else "input"),
        format=format or FORMATS[field.type],
        align=align or ALIGNS.get(field.type, ""),
        check=None if formula else _check(field),
    )


def score_check(weight: Decimal | None) -> Check:
    """What Excel warns about where the score of an indicator is typed."""
    return Check("decimal", low=Decimal(0), high=weight, message=f"请填 0 到 {weight} 之间的得分。")


def _check(field: Field) -> Check | None:
    words = tuple(field.choices) or (ANSWERS if field.type == "answer" else ())
    if words:
        return Check("list", words=words, message=f"请填：{'、'.join(words)}。")
    return CONTROLS.get(field.type)
