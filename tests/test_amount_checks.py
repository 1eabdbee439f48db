"""Amounts that change or exceed without a word, texts that deny it, amounts that say not what they are."""

import pytest

from small_rubric import codes, found, small

ADJUSTED = {"name": "年度资金", "before": "money.budget", "after": "money.actual", "more_than": "20%",
            "severity": "警告", "explained_by": ["text.thrift"], "clause": "第 9 条"}  # fmt: skip
OVERRUN = {"name": "资金", "actual": "money.actual", "limit": "money.budget", "severity": "警告",
           "clause": "第 8 条"}  # fmt: skip
CONTRADICTED = {"words": ["严格控制"], "texts": ["text.thrift"], "overrun": "资金", "clause": "第 7 条"}

BASIS = {
    "field": "budget.basis",
    "parts": ["money.budget"],
    "totals": {"年初预算数": "basic"},
    "clause": "第 6 条",
}


def of(code, rubric, text):
    return [one for one in found(rubric, text) if one.code == code]


def amounts(budget, actual, thrift=""):
    return f"values: {{money.budget: {budget}, money.actual: {actual}, text.thrift: '{thrift}'}}"


@pytest.mark.parametrize(
    "budget, actual, told",
    [
        ("100", "120", ""),
        ("100", "80", ""),
        ("100", "120.01", "增加 20.01 万元（20.01%），幅度超过 20%"),
        ("100", "79", "减少 21 万元（21%）"),
        ("0", "5", "增加 5 万元，幅度超过 20%"),
        ("0", "0", ""),
    ],
)
def test_an_adjustment_beyond_the_limit_asks_for_a_reason(tmp_path, budget, actual, told):
    asked = of("JX-407", small(tmp_path, {"checks": {"adjustments": [ADJUSTED]}}), amounts(budget, actual))
    assert [told in one.message and one.severity for one in asked] == (["警告"] if told else [])


def test_with_an_explanation_it_is_only_a_hint(tmp_path):
    rubric = small(tmp_path, {"checks": {"adjustments": [ADJUSTED]}})
    (one,) = of("JX-407", rubric, amounts("201", "284.77", "年中追加人员经费。"))
    assert one.severity == "提示" and "已写说明" in one.message


def test_an_adjustment_with_one_amount_missing_was_not_checked(tmp_path):
    rubric = small(tmp_path, {"checks": {"adjustments": [ADJUSTED]}})
    (one,) = of("JX-406", rubric, "values: {money.budget: 100}")
    assert "年度资金的调整幅度" in one.message
    assert not of("JX-406", rubric, "")


@pytest.mark.parametrize(
    "budget, actual, thrift, told",
    [
        ("10", "12", "严格控制各项开支。", True),
        ("10", "10", "严格控制各项开支。", False),
        ("10", "12", "没有严格控制，已超支。", False),
        ("10", "12", "", False),
    ],
)
def test_a_text_that_claims_control_is_held_against_the_overrun(tmp_path, budget, actual, thrift, told):
    rubric = small(tmp_path, {"checks": {"overruns": [OVERRUN], "contradicted": [CONTRADICTED]}})
    asked = of("JX-505", rubric, amounts(budget, actual, thrift))
    assert [one.caused_by for one in asked] == (["JX-403"] if told else [])


def test_amounts_without_a_word_on_what_the_budget_means_are_asked(tmp_path):
    rubric = small(tmp_path, {"checks": {"bases": [BASIS]}})
    (one,) = of("JX-506", rubric, amounts("10", "10"))
    assert one.severity == "提示" and "年初预算数还是全年预算数" in one.message
    assert not of("JX-506", rubric, "")
    assert not of("JX-506", rubric, "values: {money.budget: 1, budget.basis: 年初预算数}")


def test_what_the_budget_is_said_to_mean_is_held_against_the_total_of_that_name(tmp_path):
    rubric = small(tmp_path, {"checks": {"bases": [BASIS]}})
    said = "money.budget: 10, basic: {}, budget.basis: 年初预算数"
    assert not of("JX-411", rubric, f"values: {{{said.format(10)}}}")
    (one,) = of("JX-411", rubric, f"values: {{{said.format(12)}}}")
    assert (one.stated, one.expected) == ("10", "12")
    (asked,) = of("JX-506", rubric, "values: {money.budget: 10, basic: 10}")
    assert "像是“年初预算数”" in asked.message


@pytest.mark.parametrize(
    "tolerance, actual, code", [("0.005", "10.01", 0), ("0.005", "10.02", 1), ("0", "10.01", 1)]
)
def test_the_tolerance_of_ties_is_the_rubric_s(tmp_path, tolerance, actual, code):
    tie = {"id": "t", "name": "相等", "whole": "money.budget", "parts": ["money.actual"], "clause": "勾稽"}
    rubric = small(tmp_path, {"checks": {"tolerance": tolerance, "ties": [tie]}})
    assert codes(rubric, amounts("10", actual)).count("JX-401") == code
