"""When the audit keeps silent though a figure is not what it expected."""

from __future__ import annotations

import pytest

from jixiao.audit.explained import explained
from jixiao.audit.mentions import mentions
from jixiao.audit.reading import read_text
from jixiao.audit.slips import may_be


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("65.4%", "56.4%"),  # two digits that changed places
        ("8,310元", "3,310元"),  # one digit
        ("1200万元", "120万元"),  # the point, or a digit too many
        ("12.34万元", "1234万元"),
        ("2.3%", "6.1%"),  # small rates
        ("35个", "46个"),
        ("0个", "46个"),
        ("35个", "46人"),  # of different units nothing can be told
        ("优", "良"),
    ],
)
def test_what_may_be_a_slip(stated: str, expected: str) -> None:
    assert may_be(stated, expected) and may_be(expected, stated)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [("7256.28万元", "883.45万元"), ("9.4%", "1061.54%"), ("412.6万元", "2871.94万元"), ("9.7", "58.5")],
)
def test_what_is_of_something_else(stated: str, expected: str) -> None:
    assert not may_be(stated, expected) and not may_be(expected, stated)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("受理20件，其中投诉16件，办结12件，办结率75.0%。", True),  # 12 of 16
        ("受理20件，其中投诉16件，办结12件，办结率73.0%。", False),
        ("今年收入126万元，上年120万元，增长5.0%。", True),
        ("支出40万元，占40%；预算60万元，占40%。", False),  # what has a rate of its own explains no other
    ],
)
def test_a_rate_is_explained_by_two_figures_beside_it(text: str, right: bool) -> None:
    (paragraph,) = read_text(text, "报告").paragraphs
    rate = [one for one in mentions(paragraph) if one.percent][-1]
    assert explained(rate) is right
