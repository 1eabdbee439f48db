"""An edition printed for finance staff: everything there, in Chinese, within a terminal."""

import json
import re
from decimal import Decimal

import pytest

from jixiao.rubric.columns import wide
from jixiao.rubric.load import data_folder, edition_folders, load_rubric
from jixiao.rubric.model import walk
from jixiao.rubric.show import as_json, as_text

EDITION = "guangzhou-2023"
EDITIONS = sorted(edition_folders([data_folder("rubric_rules")]))


def section(lines, name):
    """The part about one indicator."""
    start = next(n for n, line in enumerate(lines) if re.match(rf"\d+\. {name}　", line))
    end = next((n for n in range(start + 1, len(lines)) if re.match(r"\d+\. ", lines[n])), len(lines))
    return "\n".join(lines[start:end])


def squeezed(text):
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_english_word_reaches_the_text(edition):
    rubric = load_rubric(edition)
    text = "\n".join(as_text(rubric)).replace(rubric.id, "", 1)
    ids = {*rubric.asked, *rubric.fields, *(option.id for option in rubric.options)}
    assert not [id for id in ids if re.search(rf"(?<![\w.]){re.escape(id)}(?![\w.])", text)]
    assert set(re.findall("[A-Za-z_]{2,}", text)) <= {"PDF"}  # 岳阳附件5 的原文：盖章PDF版


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_lines_fit_a_terminal_and_break_where_chinese_breaks(edition):
    lines = as_text(load_rubric(edition))
    assert max(map(wide, lines)) <= 80
    assert not [line for line in lines if line.endswith(("“", "（", "《"))]
    assert not [line for line in lines if line.strip()[:1] in tuple("，。；：、）”》") and line.strip()]


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_official_wording_is_printed_whole(edition):
    rubric = load_rubric(edition)
    text = squeezed("\n".join(as_text(rubric)))
    for _, indicator in walk(rubric.levels):
        for words in (indicator.explanation, indicator.criteria, indicator.clause, indicator.evidence):
            assert squeezed(words) in text


def test_a_rule_stands_beside_the_wording_in_plain_chinese():
    assert (
        section(as_text(load_rubric(EDITION)), "采购意向公开合规性")
        == """\
12. 采购意向公开合规性　0.5 分
   管理效率－采购管理

   指标解释  反映采购意向公开完整性、及时性情况。
   评分标准  采购意向100%公开的得满分，否则不得分。
   机器规则  · 比率：采购意向公开率＝“其中已公开的采购意向数”÷“应公开的
               采购意向数”
             · 比率≥100%，得 0.5 分
             · 比率＜100%，得 0 分
   填报数据  · 其中已公开的采购意向数（项）
             · 应公开的采购意向数（项）
   不适用　  · “应公开的采购意向数”为 0：没有应公开的采购意向，此项不适用，
               按满分计
   佐证材料  采购计划；采购意向公开截图。
   原文说明  原文缺分值，指标名称印在指标解释栏；分值 0.5 按自评报告还原。指
             标解释原印在下一行，一次在名称栏、一次在解释栏，本行与下一行各
             用一次。
   口径　　  · 没有发生的事项：不适用得满分
   依据　　  自评表第 12 项“采购意向公开合规性”评分标准
"""
    )


@pytest.mark.parametrize(
    "name, words",
    [
        ("部门整体绩效目标产出指标完成情况", "60%≤完成率＜100%，得完成率×分值"),
        ("部门整体绩效目标产出指标完成情况", "晚于目标日期的，不得分"),
        ("部门整体绩效目标产出指标完成情况", "不得分 · “是否申报了部门整体绩效目标”填“否”"),
        ("部门预算资金支出率", "“1 月通报执行率”至“12 月通报执行率”之和÷填写的项数，每项最多按 100% 计"),
        ("部门预算资金支出率", "前一种算不出时，改用：一般公共预算支出年度执行率"),
        ("新增预算项目事前绩效评估", "“应开展事前绩效评估的新增项目数”≤3 时，每项扣 1 分"),
        ("新增预算项目事前绩效评估", "“应开展事前绩效评估的新增项目数”为 0：没有达到评估标准的新增项目"),
        ("预决算公开合规性", "得 0.5 分（占 25%）；否则不得分"),
        ("绩效结果应用", "得分＝（3－“监控预警未及时处理次数”×1）×30%，扣完为止"),
        ("绩效管理制度执行", "得分＝2－“整体绩效目标被财政部门退回次数”×2，扣完为止"),
        ("采购意向公开时限", "下面各项全部符合，得 1.5 分；有一项不符，不得分"),
        ("数据质量", "否则由单位在 0 与 2 分之间自评，并写明理由"),
        ("资产管理合规性", "“有资产管理内部规程”填“否”，扣 0.5 分"),
        ("公用经费控制率", "每满一个 5% 扣 0.5 分（不足的部分不扣），扣完为止"),
        ("“三公”经费控制情况", "“‘三公’经费·决算数”≤“‘三公’经费·调整预算数”，得 2 分；否则不得分"),
    ],
)
def test_every_method_is_said_in_words(name, words):
    assert squeezed(words) in squeezed(section(as_text(load_rubric(EDITION)), name))


def test_the_reading_that_is_used_is_marked_and_changes_the_rule():
    chosen = {"operating_step": "不足 5% 按 5% 扣", "budget_basis": "年初预算数", "late": "按自评分"}
    lines = as_text(load_rubric(EDITION, options=chosen))
    text = squeezed("\n".join(lines))
    assert "●不足5%按5%扣：" in text and "○满5%才扣：" in text
    part = squeezed(section(lines, "公用经费控制率"))
    assert "每超一个5%扣0.5分（不足的部分按一个算）" in part and "“公用经费·年初预算数”" in part
    assert "·公用经费超支不足5%的部分：不足5%按5%扣" in part
    assert "晚于目标日期的，由单位在0与分值之间自评" in squeezed(
        section(lines, "部门整体绩效目标产出指标完成情况")
    )


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_json_holds_the_same_with_numbers_as_texts(edition):
    rubric = load_rubric(edition)
    data = json.loads(json.dumps(as_json(rubric), ensure_ascii=False))
    assert (data["edition"], Decimal(data["total"])) == (rubric.id, rubric.total)
    found = {}

    def gather(levels):
        for level in levels:
            found.update({one["id"]: one for one in level["indicators"]})
            gather(level["levels"])

    gather(data["levels"])
    for _, indicator in walk(rubric.levels):
        one = found[indicator.id]
        assert one["weight"] == f"{indicator.weight.normalize():f}"
        assert one["criteria"] == indicator.criteria
        assert one["rule"] and one["clause"] and (one["inputs"] or one["columns"])
        assert set(one["options"]) <= {option["id"] for option in data["options"]}


def test_an_indicator_in_json():
    data = as_json(load_rubric(EDITION))
    one = data["levels"][1]["levels"][1]["indicators"][0]
    assert one["id"] == "carryover_rate" and one["method"] == "bands"
    assert one["rule"][1:] == [
        "比率≤10%，得 2 分", "10%＜比率≤20%，得 1 分", "20%＜比率≤30%，得 0.5 分", "比率＞30%，得 0 分",
    ]  # fmt: skip
    assert one["inputs"][0] == {
        "id": "carryover.end", "label": "年末财政拨款结转和结余决算数", "type": "money", "unit": "万元",
        "choices": [],
    }  # fmt: skip
    assert data["options"][0]["reading"] == "按完成率得分"
