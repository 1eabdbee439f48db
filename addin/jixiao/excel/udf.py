"""The worksheet functions. Each takes cells or whole blocks; one formula can serve a block.

The arithmetic is the engine's; what cannot be computed is said in the cell.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import xlwings

import jixiao
from jixiao.excel.formula import Formula, bind, formula
from jixiao.excel.grids import NOT_GIVEN, CannotSay, Grid, entry, over, shown, text
from jixiao.excel.indicators import explained, points, row_rate, rubric_of
from jixiao.excel.saved import findings_in
from jixiao.filing.model import Entry
from jixiao.filing.quantity import Kind, as_text, read_entry, read_field, tidy

FORMULAS: list[Formula] = []
_EDITION = "评分版本，如 guangzhou-2023（有哪些版本，见“新建”）"
_INPUTS = "一块单元格：两列，左边数据项名称、右边填的内容；产出、效益等指标选指标表，连表头"
_ACTUAL = "实际数：数字，或 6020万元 这样的文字"


@formula(
    FORMULAS, "指标完成率，照评分标准计算（反向指标也算）",
    edition=_EDITION, target="年度指标值，如 ≥80个；可以选一列", actual="实际完成值；可以选一列",
    direction="可省：正向 或 反向", block="可省：指标表的名称，如 成本指标；不写用第一张",
)  # fmt: skip
def JX_RATE(
    edition: Grid, target: Grid, actual: Grid, direction: Grid = NOT_GIVEN, block: Grid = NOT_GIVEN
) -> Any:
    return over(partial(_rate, text(edition), text(block)), target, actual, direction)


def _rate(edition: str, block: str, target: Entry, actual: Entry, direction: Entry) -> Decimal | str | None:
    if target.blank and actual.blank:
        return None
    row = row_rate(edition, block, target, actual, direction)
    if row.ratio is not None and row.direction:
        return row.ratio
    return row.why or "；".join(step.text for step in row.steps)


@formula(
    FORMULAS, "某一版评分标准里一个指标的得分",
    edition=_EDITION, indicator="指标名称，照评分标准，如 结转结余率", inputs=_INPUTS,
    declared="可省：单位的自评分，评分标准让单位自评时用",
)  # fmt: skip
def JX_SCORE(edition: Grid, indicator: Grid, inputs: Grid, declared: Grid = NOT_GIVEN) -> Any:
    return shown(points, text(edition), text(indicator), inputs, _one(declared))


@formula(
    FORMULAS, "一个指标的得分依据：算式、口径、条款",
    edition=_EDITION, indicator="指标名称，照评分标准，如 结转结余率", inputs=_INPUTS,
    declared="可省：单位的自评分",
)  # fmt: skip
def JX_EXPLAIN(edition: Grid, indicator: Grid, inputs: Grid, declared: Grid = NOT_GIVEN) -> Any:
    return explained(text(edition), text(indicator), inputs, _one(declared))


@formula(
    FORMULAS, "预算执行率＝执行数÷预算数",
    actual=f"执行数（决算数），{_ACTUAL}；可以选一块", budget="预算数；与执行数一样大的一块，或一格",
)  # fmt: skip
def JX_EXECUTION(actual: Grid, budget: Grid) -> Any:
    return over(partial(_quotient, ("执行数",), ("预算数",)), actual, budget)


@formula(
    FORMULAS, "控制率＝实际数÷控制数；评分标准另有算法的，用 JX_SCORE",
    actual=f"{_ACTUAL}；可以选一块", limit="控制数（预算数、编制数、批复数）；与实际数一样大的一块，或一格",
)  # fmt: skip
def JX_CONTROL(actual: Grid, limit: Grid) -> Any:
    return over(partial(_quotient, ("实际数",), ("控制数",)), actual, limit)


@formula(
    FORMULAS, "结转结余率＝年末结转结余÷（年初结转结余＋当年收入）",
    closing="年末结转和结余；可以选一块", opening="年初结转和结余", income="当年收入",
)  # fmt: skip
def JX_CARRYOVER(closing: Grid, opening: Grid, income: Grid) -> Any:
    names = ("年末结转和结余",), ("年初结转和结余", "当年收入")
    return over(partial(_quotient, *names), closing, opening, income)


def _quotient(part: tuple[str, ...], whole: tuple[str, ...], *given: Entry) -> Fraction | None:
    """The first over the sum of the others."""
    if all(one.blank for one in given):
        return None
    above, *below = map(_amount, (*part, *whole), given)
    if not sum(below):
        raise CannotSay(f"{'＋'.join(whole)}是 0，没有比率")
    return Fraction(above) / Fraction(sum(below))


def _amount(name: str, given: Entry) -> Decimal:
    read = read_field(given, "money")
    if not isinstance(read.value, Decimal):
        raise CannotSay(f"{name}{read.why or '没有填写'}")
    return read.value


@formula(
    FORMULAS, "总分的等级（优、良、中、差）",
    edition=_EDITION, total="总分；可以选一块",
)  # fmt: skip
def JX_GRADE(edition: Grid, total: Grid) -> Any:
    return over(partial(_grade, text(edition)), total)


def _grade(edition: str, total: Entry) -> str | None:
    rubric, read = rubric_of(edition), read_field(total, "score")
    if total.blank:
        return None
    if not isinstance(read.value, Decimal) or not 0 <= read.value <= rubric.total:
        raise CannotSay(f"总分{read.why or f'应在 0 至 {rubric.total} 之间'}")
    return next((grade.name for grade in rubric.grades if read.value >= grade.at_least), None)


@formula(
    FORMULAS, "读出“≥80个”“1.2亿元”“95%”里的数（金额按元，百分数按小数）",
    content="写着数和单位的单元格；可以选一块",
)  # fmt: skip
def JX_NUMBER(content: Grid) -> Any:
    return over(_number, content)


def _number(content: Entry) -> Decimal | None:
    read = read_entry(content)
    if read.kind is Kind.BLANK:
        return None
    if read.kind is not Kind.NUMBER:
        raise CannotSay(read.why or f"是{read.kind}，不是数")
    return read.number


@formula(
    FORMULAS, "读出“≥80个”“1.2亿元”“95%”里的单位（个、元、%）",
    content="写着数和单位的单元格；可以选一块",
)  # fmt: skip
def JX_UNIT(content: Grid) -> Any:
    return over(lambda one: read_entry(one).unit, content)


@formula(
    FORMULAS, "已经保存的自评表有多少个问题",
    path="文件的完整路径，如 D:\\绩效\\自评表.xlsx；可以选一列", severity="可省：错误、警告、提示 或 未检查",
)  # fmt: skip
def JX_FINDINGS(path: Grid, severity: Grid = NOT_GIVEN) -> Any:
    return over(partial(_findings, text(severity)), path)


def _findings(severity: str, path: Entry) -> Decimal | None:
    return None if path.blank else Decimal(findings_in(as_text(path.raw), tidy(severity)))


@formula(FORMULAS, "软件的版本")
def JX_VERSION() -> Any:
    return jixiao.__version__


def _one(grid: Grid) -> Entry:
    text(grid)
    return entry(grid[0][0])


bind(FORMULAS, xlwings.func, xlwings.arg)
