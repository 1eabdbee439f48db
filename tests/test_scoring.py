"""What scoring refuses to guess."""

from decimal import Decimal

import pytest

from jixiao.filing.model import Entry, Filing, Row
from jixiao.rubric.load import load_rubric
from jixiao.rubric.model import walk
from jixiao.scoring.model import Basis
from jixiao.scoring.score import score


def test_a_month_that_cannot_be_read_is_neither_left_out_nor_replaced_by_the_annual_rate():
    values = {
        "rate.m01": Entry("95%"),
        "rate.m02": Entry(Decimal("99.81")),  # 99.81% or 9981%?
        "expenditure.general.adjusted": Entry(Decimal(100)),
        "expenditure.general.actual": Entry(Decimal(90)),
        "score.execution_rate": Entry(Decimal("9.5")),
    }
    found = score(load_rubric("guangzhou-2023"), Filing("guangzhou-2023", values)).indicators
    rate = next(one for one in found if one.id == "execution_rate")
    assert (rate.score, rate.basis, rate.lacking) == (Decimal("9.5"), Basis.UNVERIFIED, ("rate.m02",))


@pytest.mark.parametrize(
    "row, why",
    [
        ({"target": "500万美元", "actual": "600", "weight": "10"}, "单位不同"),
        ({"target": "80", "actual": "90", "direction": "逆向", "weight": "10"}, "方向"),
        ({"target": "80", "actual": "90"}, "分值"),
    ],
)
def test_a_row_without_one_safe_reading_is_left_to_a_person(row, why):
    rows = {"output": (Row({"name": Entry("甲")} | {column: Entry(text) for column, text in row.items()}),)}
    (found,) = score(load_rubric("guangzhou-2023"), Filing("guangzhou-2023", {}, rows)).rows
    assert (found.score, found.basis) == (None, Basis.MISSING)
    assert why in found.why


MET = {"name": Entry("甲"), "target": Entry("80"), "actual": Entry("90"), "weight": Entry("15")}


def test_rows_that_weigh_more_than_their_indicator_earn_no_more_than_it():
    values = {"goals.filed": Entry("是")}
    filing = Filing("guangzhou-2023", values, {"output": (Row(MET), Row(MET))})
    found = score(load_rubric("guangzhou-2023"), filing).indicators
    assert next(one.score for one in found if one.id == "output") == 20


@pytest.mark.parametrize(
    "total, grade",
    [
        ("100", "优"),
        ("90", "优"),
        ("89.99", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
    ],
)
def test_a_grade_begins_at_its_bound(total, grade):
    rubric, left, values = load_rubric("guangzhou-2023"), Decimal(total), {"goals.filed": Entry("是")}
    blocks = {one: (Row(MET | {"weight": Entry("20")}),) for one in ("output", "benefit")}
    left -= 40
    for _, one in walk(rubric.levels):
        if one.id not in blocks:
            values[f"score.{one.id}"] = Entry(min(one.weight, left))
            left -= min(one.weight, left)
    assessment = score(rubric, Filing(rubric.id, values, blocks))
    assert (assessment.total, assessment.grade) == (Decimal(total), grade)
