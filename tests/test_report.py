"""What the report says: figures from the form and nowhere else, the official order, nothing made up."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

import filings
import reports
from jixiao.checking.finding import Finding, Severity
from jixiao.filing.model import Entry, Filing
from jixiao.report.content import ABOVE, Content, compose
from jixiao.report.figures import Figure, shares_of
from jixiao.report.lacking import lacking
from jixiao.report.lint import lint_report
from jixiao.report.load import load_report
from jixiao.report.sentences import Sentences, WrongSentence
from jixiao.rubric.errors import EditionNotFound, RuleError, RuleFileError
from jixiao.rubric.load import edition_folders, load_rubric, rule_folders
from jixiao.rubric.model import walk
from jixiao.scoring.score import score
from jixiao.verbs import demo

EDITIONS = sorted(edition_folders(rule_folders()))
NUMERAL = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Filing]:
    folder = tmp_path_factory.mktemp("demo")
    return {id: demo(id, folder / f"{id}.xlsx").filing for id in ("guangzhou-2023", "loudi-2023")}


def text_of(content: Content) -> str:
    found = [content.title, *(line for lines in content.passages.values() for line in lines)]
    found += [line for items in content.lists.values() for one in items for line in (one.heading, *one.lines)]
    found += [text for rows in content.tables.values() for row in rows for text in row.values()]
    return "\n".join(found)


def typed(filing: Filing, **texts: str) -> Filing:
    """The filing with texts typed in: ``text_work="…"``."""
    values = dict(filing.values)
    for name, text in texts.items():
        field = name.replace("_", ".", 1)
        values[field] = Entry(text, filing.place(field))
    return msgspec.structs.replace(filing, values=values)


# ---------------------------------------------------------------- every edition


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_empty_form_gives_a_report_of_gaps(edition: str) -> None:
    """Everything that is not there is asked for; no sentence makes up for it."""
    filing = filings.blank(edition)
    content = reports.composed(filing)
    rubric = load_rubric(edition)
    found = list(lacking(rubric, content))
    said = text_of(content)
    assert {f"【待补充：{figure.label}】" for figure in content.missing} == set(
        re.findall(r"【待补充：.*?】", said)
    )
    assert {one.code for one in found} == {"JX-601", "JX-602"} and len(found) > 10
    assert all(one.places for one in found if one.subject in rubric.asked)
    assert "得0分" not in said and "0个" not in said
    assert "优" not in said and "达到" not in said


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_complete_form_lacks_only_texts(edition: str) -> None:
    filing = filings.filing_of(edition, filings.right(edition))
    content = reports.composed(filing)
    rubric = load_rubric(edition)
    kinds = {rubric.asked[one.source].type for one in content.missing if one.source in rubric.asked}
    assert kinds <= {"longtext", "money", "count"}
    assert "None" not in text_of(content)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_numeral_has_its_source(edition: str) -> None:
    """A number in the report is a figure's, stands in the unit's own words, or in a name of the rubric."""
    filing = filings.filing_of(edition, filings.right(edition))
    check_numerals(filing)


@pytest.mark.parametrize("edition", ["guangzhou-2023", "loudi-2023"])
def test_every_numeral_of_the_published_filings_has_its_source(
    edition: str, published: dict[str, Filing]
) -> None:
    check_numerals(published[edition])


@pytest.mark.parametrize("edition", EDITIONS)
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_every_numeral_of_any_filing_has_its_source(edition: str, data: st.DataObject) -> None:
    """Whatever is missing, negative, zero or words where a number belongs; in the Word file, tables too."""
    filing = filings.filing_of(edition, filings.right(edition))
    chosen = data.draw(st.lists(st.sampled_from(sorted(filing.values)), max_size=12, unique=True))
    amounts = st.decimals("-2000", "2000", places=2)
    typed_in = st.none() | st.just("/") | st.just("无") | amounts | amounts.map(lambda one: f"约{one}")
    values = {
        field: msgspec.structs.replace(filing[field], raw=data.draw(typed_in), formula="") for field in chosen
    }
    filing = msgspec.structs.replace(filing, values={**filing.values, **values})
    check_numerals(filing)
    content = reports.composed(filing)
    known = numerals_known(filing, content)
    body = Document(io.BytesIO(reports.rendered(filing))).element.body
    for paragraph in body.iter(qn("w:p")):
        said = "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
        style = (
            paragraph.pPr.pStyle.val if paragraph.pPr is not None and paragraph.pPr.pStyle is not None else ""
        )
        if style.startswith("Heading"):
            said = re.sub(r"^(?:\d+\.|（\d+）)", "", said)
        if not re.search("附件", said):
            assert set(NUMERAL.findall(said)) <= known, said


def numerals_known(filing: Filing, content: Content) -> set[str]:
    """The numerals of all figures, of the rubric's names, and of drafts, which are numbered."""
    rubric, _ = reports.edition(filing.edition)
    known = {number for figure in content.figures for number in NUMERAL.findall(figure.text)}
    names = [*rubric.blocks, *(one for _, one in walk(rubric.levels))]
    known |= {number for one in names for number in NUMERAL.findall(one.name)}
    drafts = re.findall(r"【建议稿】(\d+)\.", text_of(content))
    return known.union(drafts)


def check_numerals(filing: Filing) -> None:
    rubric, report = reports.edition(filing.edition)
    content = reports.composed(filing)
    known = numerals_known(filing, content)
    left = [number for number in NUMERAL.findall(text_of(content)) if number not in known]
    assert not left
    scores = {"score", "rows", "weight", "bands", "total", "unverified", "grade", "steps", "reason"}
    scores |= {"missing", "count"}
    for figure in content.figures:
        for id in re.split(r"[-/()]", figure.source):
            assert not id or id in rubric.asked or id.split(".")[0] in scores, figure.source
    words = [line for lines in report.passages.values() for line in lines]
    words += [line for one in report.lists.values() for line in one.text]
    outside = re.sub(r"\{[{%].*?[}%]\}", "", "\n".join(words), flags=re.DOTALL)
    assert not NUMERAL.findall(outside), "a number is written into a sentence"


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_scores_are_those_in_the_form(edition: str) -> None:
    """Also where the rubric computes another: the difference is a finding, not a second number."""
    data = filings.right(edition)
    filing = filings.filing_of(edition, data)
    field = "score.execution_rate" if edition.startswith("guangzhou") else "score.execution"
    other = typed(filing, **{field.replace(".", "_", 1): "3.21"})
    content = reports.composed(other)
    said = text_of(content)
    assert "得3.21分" in said or "得分3.21分" in said
    figure = next(one for one in content.figures if one.source == field)
    assert figure.value == Decimal("3.21")
    assert not [
        one for one in content.figures if one.source == field.replace("score", "steps", 1) and one.value
    ]


# ---------------------------------------------------------------- the published filings


def assert_in_order(words: list[str], text: str) -> None:
    at = 0
    for one in words:
        found = text.find(one, at)
        assert found >= 0, one
        at = found + len(one)


def test_guangzhou_holds_the_published_figures_in_their_order(published: dict[str, Filing]) -> None:
    """Right where the published report was wrong: shares 13.57%, 14.98%, 0%; 5.41%; rate 105.26%."""
    document = reports.rendered(published["guangzhou-2023"])
    said = "\n".join(reports.lines(document))
    in_order = [
        "2023年度中国国际贸易促进委员会广州市天河区委员会部门整体支出绩效自评报告",
        "一、部门基本情况", "（一）部门职能", "（二）年度总体工作和重点工作任务",
        "（三）部门整体支出绩效目标", "95%", "（四）部门整体收支情况",
        "总收入602.05万元，比年初预算减少14.91万元，下降2.42%",
        "1.部门整体收入情况", "年初预算616.96万元，调整预算603.17万元，决算602.05万元",
        "比上年减少34.43万元，下降5.41%", "与上年持平", "2.部门整体支出情况", "99.81%",
        "基本支出574.13万元，占95.36%；项目支出27.92万元，占4.64%",
        "工资福利支出430.17万元，占71.45%；商品和服务支出81.69万元，占13.57%；"
        "对个人和家庭的补助90.19万元，占14.98%；资本性支出0万元，占0%",
        "（五）部门整体绩效管理情况", "产出指标2个，其中数量指标1个、质量指标1个；效益指标2个",
        "二、绩效自评情况", "（一）自评结论", "自评总分99.98分（满分100分），自评等级为“优”",
        "（二）履职效能分析", "指标分值50分，自评得分49.98分",
        "1.部门整体绩效目标产出指标完成情况", "的2个，得20分", "各指标得分合计20分",
        "2.部门整体绩效目标效益指标完成情况", "105.26%", "3.部门预算资金支出率", "自评得分9.98分", "99.81%",
        "（三）管理效率分析", "指标分值50分，自评得分50分", "1.预算编制", "自评得分3分", "2.预算执行",
        "结转结余率分值2分，自评得分2分", "3.信息公开", "4.绩效管理", "指标分值15分，自评得分15分",
        "5.采购管理", "采购意向公开时限分值1.5分，自评得分1.5分", "6.资产管理", "7.运行成本",
        "三、存在的主要问题", "四、下一步改进措施",
    ]  # fmt: skip
    assert_in_order(in_order, said)


def test_loudi_holds_the_published_figures_in_their_order(published: dict[str, Filing]) -> None:
    document = reports.rendered(published["loudi-2023"])
    said = "\n".join(reports.lines(document))
    in_order = [
        "2023年度中国国际贸易促进委员会娄底支会部门整体支出绩效自评报告",
        "一、部门概况", "（一）", "（二）", "全年支出284.77万元", "基本支出284.77万元，占100%",
        "二、一般公共预算支出情况", "（一）基本支出情况", "基本支出预算201.00万元，决算284.77万元",
        "工资福利支出139.60万元，占总支出的49.02%",
        "商品和服务支出135.50万元，占总支出的47.58%", "对个人和家庭的补助8.43万元，占总支出的2.96%",
        "资本性支出1.24万元，占总支出的0.44%",
        "“三公”经费预算7.00万元，决算22.27万元，超预算15.27万元（218.14%），比上年增加19.27万元，增长642.33%",
        "（二）项目支出情况", "三、部门整体支出绩效情况", "目标1", "目标5", "带动企业出口金额", "24%",
        "四、总体评价和自评得分情况", "良好", "自评总分98分", "“优”", "五、存在的问题及原因分析",
        "六、下一步改进措施", "七、", "八、",
    ]  # fmt: skip
    assert_in_order(in_order, said)


def test_points_that_nobody_verified_are_called_so(published: dict[str, Filing]) -> None:
    content = reports.composed(published["guangzhou-2023"])
    for one in content.lists["管理效率各类"]:
        assert "单位自评，自评表里没有填列计分所依据的数据" in one.lines[-1]
        assert "＝" not in "".join(one.lines)


# ---------------------------------------------------------------- sentences


def figure(value: str | None, label: str = "决算数") -> Figure:
    number = None if value is None else Decimal(value)
    return Figure(f"{value}万元", number, label, label=label, unit="万元")


@pytest.mark.parametrize(
    ("new", "old", "said"),
    [
        ("602.05", "616.96", "比上年减少14.91万元，下降2.42%"),
        ("120", "100", "比上年增加20.00万元，增长20%"),
        ("100", "100.00", "与上年持平"),
        ("5", "0", "比上年增加5.00万元"),
        ("0", "5", "比上年减少5.00万元，下降100%"),
        ("0", "0", "与上年持平"),
        ("5", "-5", "比上年增加10.00万元"),
        ("-5", "5", "比上年减少10.00万元"),
        ("100.004", "100", "与上年持平"),
        ("100.005", "100.004", "比上年增加0.01万元，增长0.01%"),
        (None, "5", "比上年【待补充：新】"),
        ("5", None, "比上年【待补充：旧】"),
    ],
)
def test_changes(new: str | None, old: str | None, said: str) -> None:
    speaker = Sentences({})
    assert speaker.compare("上年", figure(new, "新"), figure(old, "旧")) == said


@given(
    st.lists(st.decimals("0", "100000", places=2), min_size=1, max_size=8).filter(
        lambda parts: sum(parts) > 0
    )
)
def test_shares_of_a_whole_add_up_to_100(parts: list[Decimal]) -> None:
    whole = sum(parts, Decimal(0))
    shares = shares_of(parts, whole)
    assert sum(shares) == 100
    for part, share in zip(parts, shares, strict=True):
        assert abs(share - part * 100 / whole) < Decimal("0.01")


def test_shares_of_something_else_stay_as_they_are() -> None:
    assert shares_of([Decimal(1), Decimal(1)], Decimal(3)) == [Decimal("33.33"), Decimal("33.33")]


def test_shares_of_nothing_say_nothing() -> None:
    speaker = Sentences({"whole": figure("0"), "part": figure("0")})
    assert [one.share for one in speaker.shares(figure("0"), 甲=figure("0"))] == [None]


def test_problems_are_drafted_from_lost_points_and_marked() -> None:
    data = filings.right("guangzhou-2023")
    filing = typed(
        filings.filing_of("guangzhou-2023", data), score_system="4", reason_system="没有写监控要求。"
    )
    filing = typed(filing, text_problems="", text_measures="")
    content = reports.composed(filing)
    assert content.passages["存在问题"] == (
        "【建议稿】1.“下乡演出”分值5分，得3.5分，扣1.5分，原因：六场因台风取消，明年提早安排。",
        "【建议稿】2.“绩效管理制度建设”分值5分，得4分，扣1分，原因：没有写监控要求。",
    )
    assert [line[:20] for line in content.passages["改进措施"]] == [
        "【建议稿】1.针对“下乡演出”：对照年初",
        "【建议稿】2.针对“绩效管理制度建设”：",
    ]
    own = typed(filing, text_problems="一是制度不全。", text_measures="补写制度。")
    assert reports.composed(own).passages["存在问题"] == ("一是制度不全。",)


def test_a_text_of_nothing_is_a_sentence_of_its_own_or_nothing() -> None:
    filing = filings.filing_of("guangzhou-2023", filings.right("guangzhou-2023"))
    plain = reports.composed(filing).passages
    said = reports.composed(
        typed(filing, text_functions="无", text_budget="无", text_cost="无。", text_management="无")
    ).passages
    assert said["部门职能"] == ("无。",)
    assert (said["收支总体情况"], said["支出情况"]) == (plain["收支总体情况"], plain["支出情况"])
    assert said["绩效管理情况"] == plain["绩效管理情况"][:1]


def test_money_of_the_units_own_rows_has_its_unit() -> None:
    content = reports.composed(filings.filing_of("loudi-2023", filings.right("loudi-2023")))
    assert content.passages["项目支出"][0].endswith("，科技创新专项55.00万元。")


def test_the_rate_of_an_inverse_indicator_is_marked(published: dict[str, Filing]) -> None:
    rows = reports.composed(published["loudi-2023"]).tables["指标完成情况表"]
    assert [row["完成率"] for row in rows if "反向" in row["完成率"]] == ["70.58%\n（反向）"]


def test_an_amount_that_was_typed_wrong_is_no_adjustment_to_explain() -> None:
    """Only a large adjustment asks for the words on the budget; another finding about money does not."""
    rubric, report = reports.edition("guangzhou-2023")
    filing = typed(filings.filing_of("guangzhou-2023", filings.right("guangzhou-2023")), text_budget="")
    asked = "【待补充：预算调整和执行说明】"
    for code, expected in (("JX-407", True), ("JX-408", False)):
        finding = Finding(code=code, severity=Severity.WARNING, title="", places=(), message="")
        content = compose(report, rubric, filing, score(rubric, filing), [finding])
        assert (asked in content.passages["收支总体情况"]) == expected


def test_an_unknown_code_is_no_condition() -> None:
    rubric, report = reports.edition("guangzhou-2023")
    wrong = msgspec.structs.replace(report, passages={"部门职能": ["{% if found('JX-4077') %}甲{% endif %}"]})
    filing = filings.blank("guangzhou-2023")
    with pytest.raises(RuleError, match="没有“JX-4077”这个问题编号，是否想写“JX-407”"):
        compose(wrong, rubric, filing, score(rubric, filing))


def test_a_lost_point_without_a_reason_asks_for_it() -> None:
    data = filings.right("guangzhou-2023")
    filing = typed(filings.filing_of("guangzhou-2023", data), score_system="4", text_problems="")
    filing = typed(filing, reason_system="")
    said = reports.composed(filing).passages["存在问题"][-1]
    assert said.endswith("扣1分，【待补充：“绩效管理制度建设”扣分的原因】。")


def test_equal_names_of_levels_become_one_cell(published: dict[str, Filing]) -> None:
    rows = reports.composed(published["guangzhou-2023"]).tables["绩效指标表"]
    assert [row["一级指标"] for row in rows] == ["产出指标", ABOVE, "效益指标", ABOVE]


def test_the_public_version_has_no_telephone_numbers(published: dict[str, Filing]) -> None:
    words = (
        "联系电话020-81234567转8、（020）81234567、020 8765 4321，"
        "手机13800138000、138 0013 8000、+8613800138000，"
        "热线400-800-1234，办公电话：81234567；合同号201380013800099，办件13800件，投资12345678元。"
    )
    filing = typed(published["guangzhou-2023"], text_work=words)
    assert reports.composed(filing).passages["年度工作任务"] == (words,)
    public = reports.composed(filing, public=True).passages["年度工作任务"]
    assert public == (
        "联系电话（略）、（略）、（略），手机（略）、（略）、（略），热线（略），办公电话：（略）；"
        "合同号201380013800099，办件13800件，投资12345678元。",
    )


# ---------------------------------------------------------------- report.yaml


def test_an_edition_without_a_report_says_so(tmp_path: Path) -> None:
    import small_rubric

    folder = tmp_path / "small"
    folder.mkdir()
    import yaml

    (folder / "rubric.yaml").write_text(yaml.safe_dump(small_rubric.EDITION, allow_unicode=True))
    rubric = load_rubric("small", rules=tmp_path)
    with pytest.raises(EditionNotFound, match="没有报告"):
        load_report(rubric, rules=tmp_path)


RUBRIC = """\
extends: _self-evaluation
id: mine
title: 甲
authority: 乙
year: 2024
version: '1'
source: 丙
"""
REPORT = """\
title: 报告
outline:
  - {heading: 概况, body: [概况]}
passages:
  概况:
    - '{{ unit.name }}'
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("unit.name }}", "unit.nane }}", 6, "没有“unit.nane”这个填报项，是否想写“unit.name”"),
        ("unit.name }}", "units.name }}", 6, "没有“units”这个名称，是否想写“unit”"),
        ("{{ unit.name }}", "{% if unit.name %}甲", 6, "没有成对"),
        ("{{ unit.name }}", "{{ unit.name", 6, "双花括号里的写法不对|没有成对"),
        ("body: [概况]", "body: [概说]", 3, "没有名为“概说”的段落或表格"),
        ("heading: 概况", "heding: 概况", 3, "不认识“heding”，是否想写“heading”"),
        ("title: 报告\n", "", 1, "缺少“title”"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, line: int, said: str, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "rubric.yaml").write_text(RUBRIC, encoding="utf-8")
    (folder / "report.yaml").write_text(REPORT.replace(old, new), encoding="utf-8")
    assert [one.file.name for one in lint_report("mine", tmp_path)] == ["report.yaml"]
    with pytest.raises(RuleFileError, match=said) as caught:
        load_report(load_rubric("mine", rules=tmp_path), rules=tmp_path)
    assert caught.value.file.name == "report.yaml"
    assert caught.value.line == line - (not new and line > 1)


@pytest.mark.parametrize(
    ("old", "new", "gravity", "said"),
    [
        ("{{ unit.name }}", "{{ unit }}", "错误", "这里不是一个数或一段文字"),
        ("{{ unit.name }}", "{{ unit.name }}全年完成12.5件", "提醒", "句子里直接写了数字12.5"),
    ],
)
def test_what_only_the_lint_finds_has_its_line_too(
    old: str, new: str, gravity: str, said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "rubric.yaml").write_text(RUBRIC, encoding="utf-8")
    (folder / "report.yaml").write_text(REPORT.replace(old, new), encoding="utf-8")
    (found,) = lint_report("mine", tmp_path)
    assert (found.file.name, found.line, found.gravity) == ("report.yaml", 6, gravity)
    assert said in found.message


@pytest.mark.parametrize("edition", EDITIONS)
def test_our_reports_have_no_complaints(edition: str) -> None:
    assert not list(lint_report(edition))


@pytest.mark.parametrize("text", ["{{ ''.__class__.__mro__ }}", "{{ blocks.output.rows }}", "{{ 1/0 }}"])
def test_a_sentence_that_cannot_be_said(text: str) -> None:
    speaker = Sentences({"blocks": {"output": [1]}})
    with pytest.raises(WrongSentence):
        speaker.say(text)
