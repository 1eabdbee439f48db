"""What scoring refuses to guess."""

from decimal import Decimal

import pytest

from jixiao.filing.model import Entry, Filing, Row
from jixiao.rubric.load import load_rubric
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
