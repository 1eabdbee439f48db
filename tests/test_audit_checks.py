"""Each remark of the audit provoked by one wrong figure, and tricky texts that are right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import filings
from jixiao.audit.audit import audit
from jixiao.audit.reading import read_text
from jixiao.audit.remark import Remark
from jixiao.rubric.load import load_rubric

CASES: dict[str, Any] = filings.load(Path(__file__).parent / "audit_cases.yaml")
WRONG = [(one["code"], one["text"], one["quote"]) for one in CASES["wrong"]]
EDITIONS = ["guangzhou-2023", "loudi-2023", "mof-project"]
MISSED = """
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 举办演出 | 20场 | 18场 | 20 | 18 | 两场因台风取消
"""


def audited(*texts: str, edition: str = "guangzhou-2023") -> list[Remark]:
    """``|`` parts the cells of a table."""
    tabbed = (
        "\n".join("\t".join(cell.strip() for cell in line.split("|")) for line in text.splitlines())
        for text in texts
    )
    documents = [read_text(text, f"文件{number}") for number, text in enumerate(tabbed, 1)]
    return audit(documents, load_rubric(edition))


@pytest.mark.parametrize(("code", "text", "quote"), WRONG)
def test_one_wrong_figure_is_found(code: str, text: str, quote: str) -> None:
    found = audited(text)
    assert (code, quote) in {(one.finding.code, one.quote) for one in found}
    assert all(one.finding.clause and one.finding.remedy and "{" not in one.finding.text() for one in found)


def test_every_code_of_the_audit_is_provoked() -> None:
    known = {code for code in load_rubric("guangzhou-2023").findings if code >= "JX-7"}
    elsewhere = {"JX-725", "JX-729"}
    assert known - elsewhere == {code for code, _, _ in WRONG} & known, "test_audit_files.py"


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", CASES["tricky"])
def test_tricky_texts_that_are_right_raise_nothing(name: str, edition: str) -> None:
    found = audited(CASES["tricky"][name], edition=edition)
    assert [(one.finding.code, one.quote) for one in found] == []


def test_an_overrun_that_is_explained_weighs_less() -> None:
    over = "“三公”经费调整预算5.00万元，决算6.00万元。"
    told = f"{over}“三公”经费超出预算，主要原因是上级临时安排出访。"
    assert [str(one.finding.severity) for one in audited(over)] == ["警告"]
    assert [str(one.finding.severity) for one in audited(told)] == ["提示"]


@pytest.mark.parametrize(
    "text",
    [
        "各项绩效指标未全部完成。",
        "力争明年各项绩效指标全部完成。",
        "四、下一步改进措施\n加强管理，确保绩效目标全部完成。",
        "采购任务均已完成。",
    ],
)
def test_a_plan_or_a_denial_is_no_claim(text: str) -> None:
    assert "JX-504" not in {one.finding.code for one in audited(MISSED + text)}


def test_several_files_are_read_together() -> None:
    found = audited("2023年度总支出800.00万元。", "2023年度总支出880.00万元。")
    places = [(one.finding.code, one.finding.place) for one in found]
    assert places == [("JX-707", "文件2 第 1 行、文件1 第 1 行")]


def test_a_figure_that_is_wrong_is_called_wrong_once() -> None:
    found = audited("总支出810.00万元，其中：基本支出500.00万元；项目支出300.00万元。")
    assert [one.finding.code for one in found] == ["JX-705"]
