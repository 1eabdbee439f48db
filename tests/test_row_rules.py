"""What a row that the unit set itself earns: bands, inverse, zero targets, constraints, exact rounding."""

from decimal import Decimal

import pytest

from jixiao.scoring.arithmetic import rounded
from small_rubric import found, row_score, scored, small, standard

OVER = {"over": "130%", "earns": "100%"}


def over(**more):
    below = {"under": "100%", "earns": "ratio"}
    return standard(completion=[below, {"at_least": "100%", "at_most": "130%", "earns": "100%"}, OVER | more])


def test_a_rate_is_never_rounded_before_it_is_used(tmp_path):
    rubric = small(tmp_path)
    assert row_score(rubric, target="43.2", actual="37.24") == Decimal("8.62")


@pytest.mark.parametrize(
    "weight, target, actual, earned",
    [
        ("7", "7", "2.005", "2.01"),  # 2.005 exactly, though 2.005/7 has no end
        ("3", "3", "1.015", "1.02"),
        ("9", "7", "3.5", "4.5"),
    ],
)
def test_half_a_cent_is_rounded_away_from_zero_whatever_the_division(
    tmp_path, weight, target, actual, earned
):
    assert row_score(small(tmp_path), target=target, actual=actual, weight=weight) == Decimal(earned)


@pytest.mark.parametrize("actual, earned", [("130", 10), ("130.1", 8), ("1000", 8)])
def test_points_are_taken_off_above_a_rate(tmp_path, actual, earned):
    assert row_score(small(tmp_path, over(less="2")), target="100", actual=actual) == earned


def test_points_taken_off_leave_at_least_nothing(tmp_path):
    rubric = small(tmp_path, over(less="2"))
    assert row_score(rubric, target="1", actual="2", weight="1.5") == 0


@pytest.mark.parametrize("actual, earned", [("130", 10), ("150", 8), ("230", 0), ("500", 0)])
def test_the_share_falls_by_as_much_as_the_rate_exceeds(tmp_path, actual, earned):
    rubric = small(tmp_path, over(falling_from="130%"))
    assert row_score(rubric, target="100", actual=actual) == earned


def test_the_trace_shows_how_the_share_falls(tmp_path):
    rubric = small(tmp_path, over(falling_from="130%", less="1"))
    (row,) = scored(rubric, "rows: {output: [{name: 甲, target: 100, actual: 150, weight: 10}]}").rows
    assert row.score == 7
    assert row.steps[0].text.endswith("得分值的 100%－（150%－130%），即 80%，再扣 1 分")


@pytest.mark.parametrize(
    "direction, target, actual, earned",
    [
        ("反向", "0", "0", Decimal(10)),
        ("反向", "≤0起", "3起", Decimal(0)),
        ("正向", "0", "0", Decimal(10)),
        ("正向", "0", "3", None),
    ],
)
def test_a_target_of_zero_has_a_defined_result(tmp_path, direction, target, actual, earned):
    assert row_score(small(tmp_path), target=target, actual=actual, direction=direction) == earned


def test_an_inverse_target_of_zero_may_be_left_to_the_unit(tmp_path):
    rubric = small(tmp_path, standard(zero_target="declared"))
    assert row_score(rubric, target="0", actual="3", direction="反向", score="4") == 4


@pytest.mark.parametrize(
    "target, actual, accepted",
    [
        ("≥90%", "≥90%", 10),
        ("≥90%", "≥95%", 10),
        ("≥90%", ">90%", 10),
        ("≤100%", "≦100%", 10),
        ("＝100%", "≦100%", 10),
        ("≥90%", "≥80%", None),
        ("≥90%", "≤95%", None),
        ("≤100%", "≤120%", None),
    ],
)
def test_a_constraint_that_repeats_or_satisfies_its_target_counts_as_met_where_the_rule_says_so(
    tmp_path, target, actual, accepted
):
    rubric = small(tmp_path, standard(constraint_actual="accept"))
    assert row_score(rubric, target=target, actual=actual) == accepted
    text = f"rows: {{output: [{{name: 甲, target: {target}, actual: '{actual}', weight: 10}}]}}"
    assert ("JX-306" in [one.code for one in found(rubric, text)]) == (accepted is not None)


def test_an_opposite_constraint_is_refused_by_default(tmp_path):
    assert row_score(small(tmp_path), target="＝100%", actual="≦100%") is None


FAR = "rows: {output: [{name: 甲, target: 100, actual: 300, weight: 90, score: 90}]}"


def test_without_limits_no_reason_is_asked_for_a_rate(tmp_path):
    assert not {"JX-307", "JX-308"} & {one.code for one in found(small(tmp_path), FAR)}


@pytest.mark.parametrize("severity", ["警告", "提示"])
def test_the_rule_says_how_grave_a_high_rate_without_reason_is(tmp_path, severity):
    rubric = small(tmp_path, standard(ask_reason_above="150%", above=severity))
    (far,) = [one for one in found(rubric, FAR) if one.code == "JX-308"]
    assert far.severity == severity


def test_two_hundred_rows_are_scored(tmp_path):
    rows = "".join(f"\n    - {{name: 指标{n}, target: 3, actual: 1, weight: 0.45}}" for n in range(200))
    assessment = scored(small(tmp_path), f"rows:\n  output:{rows}")
    assert assessment.indicators[1].score == Decimal("30.00")  # 200×0.15


@pytest.mark.parametrize(
    "number, expected", [("0.125", "0.13"), ("2.665", "2.67"), ("-0.125", "-0.13"), ("0.1249", "0.12")]
)
def test_a_decimal_is_rounded_half_away_from_zero(number: str, expected: str) -> None:
    assert rounded(Decimal(number), 2) == Decimal(expected)
