"""娄底 2023, as published: every score, and exactly what a reviewer would send back.

The numbers LD-… are the lines of the audit of the published form:
what must be found is found, and where the unit is right nothing is said.
"""

from decimal import Decimal

import pytest

from jixiao.checking.check import check
from jixiao.filing.interchange import read_filing_text
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.scoring.model import Basis
from jixiao.scoring.score import score
from jixiao.verbs import demo

EDITION = "loudi-2023"


def published(**options):
    rubric = load_rubric(EDITION, options=options)
    text = (data_folder("rubric_rules") / EDITION / "demo.yaml").read_text(encoding="utf-8")
    filing = read_filing_text(text, "demo.yaml", rubric)
    return rubric, filing, score(rubric, filing)


@pytest.mark.parametrize(
    "reading, cost, total",
    [("按比例", "7.06", "92.26"), ("超即零分", "0.00", "85.20"), ("按自评分", "9.00", "94.20")],
)
def test_the_total_under_each_reading_of_the_cost(reading, cost, total):
    _, _, assessment = published(cost_over=reading)
    found = {one.id: one.score for one in assessment.indicators}
    # 数量 5+5+5+1.20、质量 5+5、时效 10；社会效益 10+10、可持续 9；满意度 5+5
    expected = {"execution": "10", "output": "36.20", "benefit": "29", "satisfaction": "10", "cost": cost}
    assert found == {one: Decimal(points) for one, points in expected.items()}
    assert assessment.total == Decimal(total)
    assert assessment.declared_total == assessment.declared_sum == Decimal(98)
    assert all(one.basis is Basis.COMPUTED for one in assessment.indicators)


def test_every_row_has_its_own_score():
    _, _, assessment = published()
    scores = [one.score for one in assessment.rows if not one.not_applicable]
    assert [str(one) for one in scores] == [
        *("5.00", "5.00", "5.00", "1.20", "5.00", "5.00", "10.00"),
        *("10.00", "10.00", "9.00"),
        *("5.00", "5.00"),
        "7.06",
    ]


def found():
    """What the checks find; the published form has no line for the grade."""
    return [one for one in check(*published()) if one.subject != "grade"]


MUST = [
    ("错误", "JX-205", "output.4"),  # LD-37 出口 24% 却给满分
    ("错误", "JX-205", "cost.1"),  # LD-45 控制数 201，实际 284.77，9 分没有依据
    ("警告", "JX-403", "control.three_public.actual"),  # LD-31 三公超预算 218.14%
    ("警告", "JX-505", "text.thrift"),  # LD-31 却写严格控制
    ("警告", "JX-407", "control.basic.actual"),  # LD-34 基本支出 201→284.77，没有说明
    ("警告", "JX-316", "benefit.2"),  # LD-38 两行的指标值互换
    ("警告", "JX-504", "text.unfinished"),  # LD-17 写“均已完成”
]
MAY = [
    ("警告", "JX-505", "text.problems"),  # LD-31 第 60 行“规范节俭支出”
    ("警告", "JX-407", "budget.total.adjusted"),  # LD-19 年初 201→全年 284.77
    ("提示", "JX-403", "control.abroad.actual"),  # LD-30 出国 1→19.27
    ("警告", "JX-307", "output.4"),  # LD-52 偏差原因全空
    ("警告", "JX-307", "cost.1"),  # LD-52
    ("警告", "JX-209", "benefit.5"),  # LD-49 达成却扣 1 分，没有理由
    ("提示", "JX-308", "output.2"),  # LD-46 600%
    ("提示", "JX-308", "output.3"),  # LD-47 446%
    ("提示", "JX-506", "budget.basis"),  # LD-34、35 预算列取的是年初数，表上没有写明
    ("提示", "JX-110", "control.operating"),  # LD-32、33 公用经费、政府采购各列都空着，空与 0 不同
    ("提示", "JX-110", "unit.preparer"),  # LD-23 签字栏空着
    ("未检查", "JX-406", "ties"),  # LD-32 公用经费合计行空
]


def test_what_must_be_found_is_found():
    told = {(one.severity, one.code, one.subject) for one in found()}
    assert [one for one in MUST if one not in told] == []


def test_nothing_is_found_where_the_unit_is_right():
    """LD-24…28、35、36、39…44、48、50、51、53、54 and everything else: no finding beyond these."""
    told = {(str(one.severity), one.code, one.subject) for one in found()}
    assert told == set(MUST) | set(MAY)


def test_the_findings_tell_the_figures():
    texts = "\n".join(one.text() for one in found())
    for words in (
        "1200000÷5000000＝24%",
        "应为 1.20 分",
        "应为 7.06 分",
        "超出 15.27 万元（218.14%）",
        "超出 18.27 万元（1827%）",
        "增加 83.77 万元（41.68%）",
        "公用经费不小于其中三行之和（本年决算数）",
        "带动企业出口金额、部门整体支出预算控制数",
        "公用经费、政府采购金额",
        "201＋0＝201，与年度资金总额·年初预算数相符，像是“年初预算数”",
    ):
        assert words in texts, words


def test_rows_that_are_struck_out_or_empty_take_no_part():
    """LD-50、51：“/” 和空着的行不计分、不追问。"""
    _, _, assessment = published()
    assert [(one.block, one.number) for one in assessment.rows if one.not_applicable] == [
        ("benefit", 1),
        ("benefit", 4),
    ]
    assert [one.number for one in assessment.rows if one.block == "cost"] == [1]
    assert not {"benefit.1", "benefit.4", "cost.2", "cost.3"} & {one.subject for one in found()}


def test_the_threshold_of_an_adjustment_is_data():
    """201→284.77 是 41.68%：阈值 30% 仍报；读法之间只差阈值。"""
    for reading, limit in (("10%", "10%"), ("20%", "20%"), ("30%", "30%")):
        told = [one for one in check(*published(adjustment_threshold=reading)) if one.code == "JX-407"]
        assert len(told) == 2 and all(f"幅度超过 {limit}" in one.message for one in told)


def test_the_workbook_says_the_same_and_where(tmp_path):
    """Poured into the form, scored, checked and marked: the same scores, the same findings, with cells."""
    work = demo(EDITION, tmp_path / "娄底.xlsx")
    assert work.assessment.total == Decimal("92.26")
    assert {(str(one.severity), one.code, one.subject) for one in work.findings} == {
        *MUST,
        *MAY,
    }
    assert all(one.places for one in work.findings)
