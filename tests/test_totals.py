"""From scores to the total: rows added up, rows that are not applicable, caps, forms apart."""

from decimal import Decimal

import pytest

from jixiao.scoring.model import Basis
from jixiao.workbook.reading import form_fields
from small_rubric import codes, found, scored, small

RESCALED = {"not_applicable_rows": "rescale"}
CAPS = [
    {"of": "execution", "at_least": "70%", "under": "80%", "total_at_most": "89", "clause": "办法第 9 条"},
    {"of": "execution", "under": "70%", "total_at_most": "79", "clause": "办法第 9 条"},
]


def text(budget="100", actual="100", rows="", total="", more=""):
    values = f"values: {{money.budget: {budget}, money.actual: {actual}, score.execution: 10{total}{more}}}"
    return f"{values}\nrows: {{output: [{rows}]}}"


FULL = "{name: 甲, target: 3, actual: 3, weight: 90, score: 90}"


# ---------------------------------------------------------------- rows that are added up


def test_a_summed_indicator_has_no_cells_of_its_own(tmp_path):
    fields = form_fields(small(tmp_path))
    assert "score.execution" in fields and "reason.execution" not in fields
    assert "score.output" not in fields and "reason.output" not in fields


def test_its_declared_score_is_what_its_rows_declare(tmp_path):
    rows = (
        "{name: 甲, target: 3, actual: 3, weight: 40, score: 39}, {name: 乙, target: 3, actual: 3, weight: 5}"
    )
    output = scored(small(tmp_path), text(rows=rows)).indicators[1]
    assert (output.score, output.declared) == (45, 39)


def test_where_no_row_declares_a_score_it_has_none(tmp_path):
    output = scored(small(tmp_path), text(rows="{name: 甲, target: 3, actual: 3, weight: 90}")).indicators[1]
    assert (output.score, output.declared) == (90, None)


def test_nothing_is_asked_of_cells_that_do_not_exist(tmp_path):
    rows = "{name: 甲, target: 4, actual: 3, weight: 90}"
    asked = found(small(tmp_path), text(actual="50", rows=rows))
    assert [one.code for one in asked if one.subject in ("output", "execution")] == ["JX-205"]
    (ready,) = [one for one in asked if one.code == "JX-201"]
    assert "产出" not in ready.message and "甲" in ready.message


def test_the_total_adds_up_what_the_rows_declare(tmp_path):
    assert "JX-211" not in codes(small(tmp_path), text(rows=FULL, total=", total: 100"))
    assert "JX-211" in codes(small(tmp_path), text(rows=FULL, total=", total: 99"))


def test_a_form_without_rows_has_defined_results(tmp_path):
    assessment = scored(small(tmp_path), "")
    assert (assessment.total, assessment.grade, assessment.missing) == (0, "差", 100)
    assert codes(small(tmp_path), "rows: {output: []}").count("JX-301") == 1


@pytest.mark.parametrize(
    "budget, actual, earned, basis",
    [
        ("310.2", "154.74", "4.99", Basis.COMPUTED),
        ("100", "120", "10.00", Basis.COMPUTED),
        ("0", "5", "10.00", Basis.UNVERIFIED),
    ],
)
def test_execution_has_a_defined_result(tmp_path, budget, actual, earned, basis):
    execution = scored(small(tmp_path), text(budget, actual)).indicators[0]
    assert (execution.score, execution.basis) == (Decimal(earned), basis)


# ---------------------------------------------------------------- rows that are not applicable


NOT_APPLICABLE = "{name: 乙, target: /, weight: 10}"


def test_the_total_is_reckoned_without_rows_that_are_not_applicable(tmp_path):
    rows = "{name: 甲, target: 4, actual: 3, weight: 80, score: 60}, " + NOT_APPLICABLE
    assessment = scored(small(tmp_path, RESCALED), text(rows=rows))
    assert assessment.total == Decimal("77.78")  # (10+60)×100÷(100－10)
    assert assessment.declared_sum == Decimal("77.78")
    assert assessment.total_steps == (
        "不适用的指标有 10 分，按其余指标折算：70×100÷（100－10）＝77.78",
    )  # fmt: skip
    assert assessment.indicators[1].lost == 20


def test_such_a_row_may_keep_its_weight_and_is_asked_nothing(tmp_path):
    rows = "{name: 甲, target: 3, actual: 3, weight: 80, score: 80}, " + NOT_APPLICABLE
    asked = found(small(tmp_path, RESCALED), text(rows=rows, total=", total: 100"))
    assert not [one.code for one in asked if one.subject.startswith(("output", "total"))]
    assert "JX-305" in codes(small(tmp_path), text(rows=rows))


def test_a_score_for_such_a_row_does_not_count(tmp_path):
    rubric = small(tmp_path, RESCALED)
    rows = (
        "{name: 甲, target: 3, actual: 3, weight: 81, score: 81}, {name: 乙, target: /, weight: 9, score: 9}"
    )
    assert scored(rubric, text(rows=rows)).total == 100
    assert "JX-205" in codes(rubric, text(rows=rows))


def test_where_no_row_is_applicable_the_rest_counts(tmp_path):
    rows = "{name: 甲, target: /, weight: 90}"
    assessment = scored(small(tmp_path, RESCALED), text(actual="50", rows=rows))
    assert (assessment.indicators[1].score, assessment.indicators[1].basis) == (0, Basis.COMPUTED)
    assert assessment.total == 50  # 5×100÷(100－90)
    assert scored(small(tmp_path), text(rows="{name: 甲, target: /, weight: 0}")).total == 10


# ---------------------------------------------------------------- caps


@pytest.mark.parametrize("actual, total", [("80", 98), ("79.99", 89), ("70", 89), ("69.99", 79), ("0", 79)])
def test_the_total_is_held_at_a_cap(tmp_path, actual, total):
    assessment = scored(small(tmp_path, {"caps": CAPS}), text(actual=actual, rows=FULL))
    assert assessment.total == total


def test_the_trace_names_the_cap_and_its_clause(tmp_path):
    assessment = scored(small(tmp_path, {"caps": CAPS}), text(actual="75", rows=FULL))
    assert assessment.total_steps == ("执行率 75%，总分最多 89 分（办法第 9 条）",)


def test_a_total_below_the_cap_is_left_alone(tmp_path):
    rows = "{name: 甲, target: 3, actual: 1, weight: 90}"
    assessment = scored(small(tmp_path, {"caps": CAPS}), text(actual="75", rows=rows))
    assert (assessment.total, assessment.total_steps) == (Decimal("37.50"), ())


def test_a_declared_total_above_the_cap_is_found(tmp_path):
    rubric = small(tmp_path, {"caps": CAPS})
    (one,) = [
        one
        for one in found(rubric, text(actual="75", rows=FULL, total=", total: 97.5"))
        if one.code == "JX-211"
    ]
    assert one.expected == "89" and "总分最多 89 分（办法第 9 条）" in one.message


# ---------------------------------------------------------------- forms of their own


def test_a_level_apart_is_no_part_of_the_total(tmp_path):
    rubric = small(tmp_path)
    more = ", assess.tier: 全面, score.problems: 20, assess.total: 20"
    assessment = scored(rubric, text(rows=FULL, more=more))
    apart = next(level for level in assessment.levels if level.apart)
    assert (assessment.total, assessment.declared_sum, assessment.unverified) == (100, 100, 0)
    assert (apart.score, apart.declared, apart.declared_sum) == (20, 20, 20)
    assert not {"JX-217", "JX-218"} & set(codes(rubric, text(rows=FULL, more=more)))


def test_its_total_without_items_is_found_once_and_the_items_are_not_asked_for_one_by_one(tmp_path):
    asked = found(small(tmp_path), text(rows=FULL, more=", assess.total: 18"))
    (total,) = [one for one in asked if one.code == "JX-217"]
    assert total.missing and total.stated == "18"
    assert not [one for one in asked if one.code == "JX-202"]


def test_its_total_must_be_the_sum_of_its_items(tmp_path):
    more = ", assess.tier: 较全面, score.problems: 17, assess.total: 18"
    (one,) = [one for one in found(small(tmp_path), text(rows=FULL, more=more)) if one.code == "JX-218"]
    assert (one.stated, one.expected) == ("18", "17")


# ---------------------------------------------------------------- tiers of points


@pytest.mark.parametrize(
    "tier, declared, earned, basis",
    [
        ("全面", "null", 20, Basis.COMPUTED),
        ("较全面", "17.5", Decimal("17.5"), Basis.COMPUTED),
        ("较全面", "20", 18, Basis.COMPUTED),
        ("较全面", "null", None, Basis.MISSING),
        ("null", "17", 17, Basis.UNVERIFIED),
    ],
)
def test_a_judged_score_lies_within_the_points_of_its_tier(tmp_path, tier, declared, earned, basis):
    values = f"values: {{assess.tier: {tier}, score.problems: {declared}}}"
    problems = scored(small(tmp_path), values).indicators[2]
    assert (problems.score, problems.basis) == (earned, basis)


def test_a_score_outside_its_tier_is_found(tmp_path):
    (one,) = [
        one
        for one in found(small(tmp_path), "values: {assess.tier: 较全面, score.problems: 19}")
        if one.code == "JX-206"
    ]
    assert "“较全面”，16 分至 18 分" in one.message
