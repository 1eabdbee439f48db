"""Mistakes in the keys of the smaller forms: rows added up, forms apart, caps, tiers of points, checks."""

import pytest

from jixiao.rubric.lint import lint
from jixiao.rubric.show import as_text
from small_rubric import EDITION, small, standard, write


def level(number, **changes):
    return {"levels": [{"name": EDITION["levels"][number]["name"], **changes}]}


def indicator(number, id, **changes):
    return level(number, indicators=[{"id": id, **changes}])


def tiers(*changed):
    return indicator(1, "problems", rule={"tiers": list(changed)})


def block(id, **changes):
    return {"blocks": [{"id": id, **changes}]}


def checks(**changes):
    return {"checks": changes}


CAP = {"of": "execution", "under": "70%", "total_at_most": "79", "clause": "第 9 条"}
TIE = {"id": "t", "name": "t", "whole": "money.actual", "parts": ["funds.actual"], "clause": "c"}
ADJUSTED = {"name": "x", "before": "basic", "after": "text.thrift", "more_than": "20%", "severity": "提示",
            "clause": "c"}  # fmt: skip
BASIS = {"field": "text.thrift", "parts": ["basic"], "totals": {}, "clause": "c"}
CONTRADICTED = {"words": ["严格"], "texts": ["text.thrift"], "overrun": "三公", "clause": "c"}


def faults(tmp_path, changes):
    write(tmp_path, changes)
    return [one.message for one in lint(tmp_path / "small") if one.gravity == "错误"]


@pytest.mark.parametrize(
    "changes",
    [{}, {"caps": [CAP, CAP | {"under": "80%", "at_least": "70%"}]}, checks(ties=[TIE])],
)
def test_sound_rules_give_no_complaint(tmp_path, changes):
    assert faults(tmp_path, changes) == []


@pytest.mark.parametrize(
    "changes, words",
    [
        (level(1, apart="false", total_field=""), "总分是 100，下级合计 120"),
        (level(1, apart="false"), "“考核”没有单独成表（apart），不能写合计栏"),
        (level(1, total_field="basic"), "这里要一项得分，而“基本支出”"),
        (level(1, levels=[{"name": "里", "weight": "20", "apart": "true"}]), "只能写在最上一级"),
        (indicator(0, "execution", summed="true"), "“执行率”不是各行得分相加的"),
        (indicator(1, "problems", rule={"tier_field": ""}), "要一起写各档（tiers）和单位选档次的填报项"),
        (indicator(1, "problems", rule={"tiers": []}), "规则里 full_when 是空的"),
        (tiers({"name": "较全面", "at_most": "21"}), "16 分至 21 分"),
        (tiers({"name": "全面", "drop": "true"}), "可以填“全面”"),
        (block("funds", weight="5"), "区块“专项资金”没有逐行计分规则，不计分，不能写 weight"),
        (block("funds", columns=[{"id": "actual", "type": "sum"}]), "“sum”不能用在这里"),
        (block("output", row_rule="standart"), "是否想写“standard”"),
        ({"caps": [CAP | {"of": "exekution"}]}, "没有编号为“exekution”的计入总分的指标，是否想写“execution”"),
        ({"caps": [CAP | {"of": "problems"}]}, "没有编号为“problems”的计入总分的指标"),
        ({"caps": [CAP | {"of": "output"}]}, "指标“产出”不按比率计分，不能据以封顶"),
        ({"caps": [CAP | {"total_at_most": "101"}]}, "总分最多 101 分，应在 0 和总分 100 之间"),
        ({"caps": [CAP, CAP | {"at_least": "60%"}]}, "比率 60%（含）至 70%（不含）在两档里都有"),
        ({"caps": [CAP | {"clause": ""}]}, "没有写依据"),
        (standard(completion=[{"at_least": "0%", "earns": "ratio", "less": "-1"}]), "另扣的分 -1 是负数"),
        (standard(ask_reason_below="120%", ask_reason_above="110%"), "等于都要写"),
        (checks(ties=[TIE | {"parts": ["funds.actul"]}]), "没有编号为“funds.actul”的填报项"),
        (checks(ties=[TIE | {"parts": ["funds.name"]}]), "没有编号为“funds.name”的填报项"),
        (checks(bases=[BASIS]), "这里要一项从几个词里选的一项"),
        (checks(adjustments=[ADJUSTED]), "这里要一项数字，而“保障措施”"),
        (checks(contradicted=[CONTRADICTED]), "没有名为“三公”的超预算检查"),
    ],
)
def test_a_mistake_is_found(tmp_path, changes, words):
    assert any(words in message for message in faults(tmp_path, changes))


def test_the_rules_are_shown_in_plain_words(tmp_path):
    bands = [{"under": "100%", "earns": "ratio"},
             {"at_least": "100%", "earns": "100%", "falling_from": "130%", "less": "2"}]  # fmt: skip
    changes = {"not_applicable_rows": "rescale", "caps": [CAP]}
    rubric = small(tmp_path, changes | standard(completion=bands, constraint_actual="accept"))
    text = "".join(line.strip() for line in as_text(rubric))
    for words in (
        "总分＝得分之和×100÷（100－这些行的分值）",
        "“执行率”的比率＜70% 时，总分最多 79 分（第 9 条）",
        "考核　20 分（单独成表，不计入总分）",
        "自评分是各行得分之和",
        "完成率≥100%，得分值的 100%，完成率比 130% 每高 1%，少得分值的 1%，再扣 2 分",
        "在“问题档次”选档次，在该档的分数之内自评",
        "较全面：16 分至 18 分",
        "按达成计，并提示不是实际数",
    ):
        assert words in text
