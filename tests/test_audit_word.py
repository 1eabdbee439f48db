"""What a Word file prints and python-docx does not tell: numbers, boxes, headers, tracked changes."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from jixiao.audit.audit import audit
from jixiao.audit.opening import open_report
from jixiao.audit.remark import Remark
from jixiao.audit.word import with_comments
from jixiao.rubric.load import load_rubric
from test_audit_files import commented, words

WRONG = "总支出800.00万元，其中：基本支出500.00万元，占62.50%；项目支出300.00万元，占38.50%。"
RUBRIC = load_rubric("guangzhou-2023")
LEVELS = [
    ("chineseCountingThousand", "%1、"),
    ("chineseCounting", "（%2）"),
    ("decimal", "%1.%3"),
    ("bullet", "●"),
]


def lists() -> list[Any]:
    """List 90 with four levels, and list 91, the same begun at 4."""
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{"<w:isLgl/>" * (at == 2)}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, (kind, text) in enumerate(LEVELS)
    )
    start = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride>'
    return [
        parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>'),
        parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'),
        parse_xml(f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/>{start}</w:num>'),
    ]


def saved(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def numbered(*paragraphs: tuple[str, int, int]) -> bytes:
    """Paragraphs with their list and level; 0 for none."""
    document = Document()
    for one in lists():
        document.part.numbering_part.element.append(one)
    for text, list_id, level in paragraphs:
        made = document.add_paragraph(text)
        if list_id:
            made._p.get_or_add_pPr().append(
                parse_xml(
                    f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
                )
            )
    return saved(document)


def texts(data: bytes) -> list[str]:
    return [one.text for one in open_report(data, "报告.docx").paragraphs]


def audited(data: bytes) -> list[Remark]:
    return audit([open_report(data, "报告.docx")], RUBRIC)


def said(data: bytes) -> list[tuple[str, str]]:
    return [(one.finding.code, one.quote) for one in audited(data)]


def test_automatic_numbers_are_read_as_they_print() -> None:
    data = numbered(
        ("概况", 90, 0), ("职能", 90, 1), ("机构", 90, 1), ("科室", 90, 2), ("点", 90, 3), ("收支", 90, 0),
        ("收入", 90, 1), ("无。", 0, 0), ("评价", 91, 0), ("结论", 91, 0),
    )  # fmt: skip
    assert texts(data) == [
        "一、概况", "(一)职能", "(二)机构", "1.1科室", "点", "二、收支", "(一)收入", "无。",
        "四、评价", "五、结论",
    ]  # fmt: skip


def test_a_typed_number_goes_on_with_automatic_ones() -> None:
    right = numbered(("概况", 90, 0), ("无。", 0, 0), ("二、收支", 0, 0), ("无。", 0, 0))
    wrong = numbered(("概况", 90, 0), ("无。", 0, 0), ("三、收支", 0, 0), ("无。", 0, 0))
    assert said(right) == [] and said(wrong) == [("JX-717", "三、")]


def test_an_automatic_number_that_jumps_is_commented_at_its_heading() -> None:
    data = numbered(("概况", 90, 0), ("无。", 0, 0), ("评价", 91, 0), ("无。", 0, 0))
    found = audited(data)
    assert [(one.finding.code, one.quote) for one in found] == [("JX-717", "四、")]
    made = with_comments(data, found)
    assert [span for span, _ in commented(made)] == ["评价"] and words(made) == words(data)


BOX = (
    '<w:r {0}><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="wps"><w:drawing>{1}</w:drawing></mc:Choice>'
    "<mc:Fallback><w:pict>{1}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
INSIDE = "<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent>"


def test_a_text_box_is_read_once_and_commented_where_it_hangs() -> None:
    document = Document()
    document.add_paragraph("见右框。")._p.append(parse_xml(BOX.format(nsdecls("w"), INSIDE.format(WRONG))))
    data = saved(document)
    found = audited(data)
    assert ("JX-701", "38.50%") in said(data) and {one.finding.place for one in found} == {"文本框"}
    assert len([one for one in texts(data) if "800.00" in one]) == 1
    assert [span for span, _ in commented(with_comments(data, found))] == ["见右框。"] * len(found)


@pytest.mark.parametrize("story", ["header", "footer"])
def test_headers_and_footers_are_read(story: str) -> None:
    document = Document()
    document.add_paragraph("正文。")
    getattr(document.sections[0], story).paragraphs[0].text = "【待补充：单位名称】部门整体支出绩效自评报告"
    data = saved(document)
    found = audited(data)
    assert [one.finding.code for one in found] == ["JX-719"]
    assert found[0].finding.place == {"header": "页眉", "footer": "页脚"}[story]
    assert [span for span, _ in commented(with_comments(data, found))] == ["正文。"]


def test_tracked_changes_are_read_as_accepted() -> None:
    document = Document()
    made = document.add_paragraph(WRONG[: WRONG.index("38.50%")])._p
    made.append(parse_xml(
        f'<w:del {nsdecls("w")} w:id="1" w:author="a"><w:r><w:delText>38.50%</w:delText></w:r></w:del>'
    ))  # fmt: skip
    made.append(parse_xml(
        f'<w:ins {nsdecls("w")} w:id="2" w:author="a"><w:r><w:t>37.50%</w:t></w:r></w:ins>'
    ))  # fmt: skip
    table = document.add_table(rows=4, cols=2)
    rows = [("科目", "金额"), ("工资", "30"), ("办公", "12"), ("合计", "30")]
    for row, (name, amount) in zip(table.rows, rows, strict=True):
        row.cells[0].text, row.cells[1].text = name, amount
    assert [code for code, _ in said(saved(document))] == []
    deleted = table.rows[2]._tr.get_or_add_trPr()
    deleted.append(parse_xml(f'<w:del {nsdecls("w")} w:id="3" w:author="a"/>'))
    assert said(saved(document)) == []
    assert texts(saved(document))[0].endswith("占37.50%")
    assert deleted.find(qn("w:del")) is not None


def test_a_title_in_the_style_of_a_heading() -> None:
    """一、 is the first level below it, whatever its style; (一) without a style is below 一、."""
    document = Document()
    document.add_heading("2021年度部门整体支出绩效自评报告", level=1)
    for number, text in enumerate(["一、概况", "二、支出情况", "三、下一步打算"]):
        document.add_heading(text, level=2)
        for part in ("（一）人员", "（二）预算")[: 1 + number]:
            document.add_paragraph(part)
            document.add_paragraph("按要求编制。")
    assert said(saved(document)) == []
