"""Rows of data: not scored, added up for checks; and what a blank cell inherits from the row above."""

from decimal import Decimal

import pytest

from jixiao.checking.case import Case
from jixiao.filing.model import Filing, Gap, Place
from jixiao.scoring.score import score
from small_rubric import codes, filing, found, small

TIE = {"id": "t", "name": "执行数＝基本支出＋专项", "whole": "money.actual", "clause": "勾稽",
       "parts": ["basic", "funds.actual"]}  # fmt: skip


@pytest.fixture
def rubric(tmp_path):
    return small(tmp_path, {"checks": {"ties": [TIE]}})


def number(rubric, text, gaps=()):
    given = filing(rubric, text)
    given = Filing(given.edition, given.values, given.rows, tuple(gaps))
    case = Case(rubric, given, score(rubric, given))
    return case.number("funds.actual"), case.unknown("funds.actual")


@pytest.mark.parametrize(
    "rows, total",
    [
        ("[]", None),
        ("[{name: 甲}]", None),
        ("[{name: 甲, actual: 3}, {name: 乙}, {}]", 3),
        ("[{actual: 1.5}, {actual: 2.5万元}, {actual: 10000元}]", 5),
        ("[{actual: 0}]", 0),
    ],
)
def test_a_column_of_amounts_is_added_up_blank_cells_counting_nothing(rubric, rows, total):
    assert number(rubric, f"rows: {{funds: {rows}}}") == (total, False)


def test_a_cell_that_cannot_be_read_leaves_the_sum_unknown_and_is_told(rubric):
    rows = "rows: {funds: [{name: 甲, actual: 3}, {name: 乙, actual: 约三万}]}"
    text = f"values: {{money.actual: 10, basic: 4}}\n{rows}"
    assert number(rubric, text) == (None, True)
    assert {"JX-103", "JX-406"} <= set(codes(rubric, text)) and "JX-401" not in codes(rubric, text)
    (unread,) = [one for one in found(rubric, text) if one.code == "JX-103"]
    assert "专项资金第 2 行的决算" in unread.message


@pytest.mark.parametrize("gap", [Gap("block", "jx.block.funds"), Gap("column", "jx.column.funds.actual")])
def test_a_block_or_column_that_is_gone_leaves_the_sum_unknown(rubric, gap):
    assert number(rubric, "", [gap]) == (None, True)


def test_a_tie_reads_the_sum_like_an_amount(rubric):
    rows = "rows: {funds: [{name: 甲, actual: 2.5}, {name: 乙, actual: 3.5}]}"
    assert "JX-401" not in codes(rubric, f"values: {{money.actual: 10, basic: 4}}\n{rows}")
    (one,) = [
        one
        for one in found(rubric, f"values: {{money.actual: 11, basic: 4}}\n{rows}")
        if one.code == "JX-401"
    ]
    assert one.severity == "错误" and "4＋6＝10" in one.message


def test_a_column_without_any_number_is_a_part_that_was_not_filled_in(rubric):
    (one,) = [one for one in found(rubric, "values: {money.actual: 11, basic: 4}") if one.code == "JX-401"]
    assert one.severity == "警告" and "没有填、按 0 算的：专项资金·决算合计" in one.message


def test_rows_of_data_are_not_scored_and_no_row_is_asked_for(rubric):
    text = "rows: {funds: [{name: 甲, actual: 3}]}"
    assert score(rubric, filing(rubric, text)).rows == ()
    assert not [one for one in found(rubric, "rows: {funds: []}") if one.subject == "funds"]


def test_the_places_of_a_sum_are_its_cells(rubric):
    given = filing(rubric, "rows: {funds: [{actual: 1}, {}, {actual: 2}]}")
    for number_, row in enumerate(given.rows["funds"], 1):
        if "actual" in row.entries:
            entry = row.entries["actual"]
            row.entries["actual"] = type(entry)(entry.raw, Place("表", f"B{number_}"))
    case = Case(rubric, given, score(rubric, given))
    assert [str(place) for place in case.places(["funds.actual"])] == ["表!B1", "表!B3"]
    assert (case.label("funds.actual"), case.unit("funds.actual")) == ("专项资金·决算合计", "万元")


# ---------------------------------------------------------------- inherited cells


def test_a_blank_cell_inherits_what_the_row_above_says(rubric):
    rows = (
        "{level2: 数量指标, name: 甲}, {name: 乙}, {}, {name: 丙}, {level2: 质量指标, name: 丁}, {name: 戊}"
    )
    given = filing(rubric, f"rows: {{output: [{rows}]}}").rows["output"]
    assert [row["level2"].raw for row in given] == [
        "数量指标", "数量指标", None, "数量指标", "质量指标", "质量指标",
    ]  # fmt: skip


def test_an_inherited_class_makes_a_row_inverse(rubric):
    first = "{level2: 成本指标, name: 甲, target: 2, actual: 1, weight: 1}"
    second = "{name: 乙, target: 2, actual: 4, weight: 10}"
    found = score(rubric, filing(rubric, f"rows: {{output: [{first}, {second}]}}")).rows
    assert [(row.direction, row.score) for row in found] == [("反向", 1), ("反向", Decimal(5))]


def test_a_new_class_ends_what_the_columns_after_it_say(tmp_path):
    columns = [{"id": "level2", "inherit": "true"}, {"id": "name", "inherit": "true"}]
    rubric = small(tmp_path, {"blocks": [{"id": "output", "columns": columns}]})
    rows = "{level2: 产出, name: 数量}, {level2: 产出, target: 1}, {level2: 效益, target: 1}"
    given = filing(rubric, f"rows: {{output: [{rows}]}}").rows["output"]
    assert [row["name"].raw for row in given] == ["数量", "数量", None]
