"""The report as a Word file: its layout, its templates, and what of a template is refused."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

import filings
import reports
from jixiao.cli import main
from jixiao.filing.model import Filing
from jixiao.report.errors import BadTemplate
from jixiao.report.load import load_report
from jixiao.report.word import styles
from jixiao.report.word.numbering import chinese
from jixiao.report.word.score_chart import chart_of
from jixiao.report.word.tags import FIXED, checked_template, tags_of
from jixiao.report.word.template import template_bytes
from jixiao.rubric.load import data_folder, edition_folders, load_rubric, rule_folders
from jixiao.scoring.score import score
from jixiao.verbs import demo, report

EDITIONS = sorted(edition_folders(rule_folders()))
SOFFICE = shutil.which("soffice")


def right(edition: str) -> Filing:
    return filings.filing_of(edition, filings.right(edition))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "自评表.xlsx"
    demo("loudi-2023", path)
    return path


def template(change: Callable[[Any], object] | None = None, edition: str = "guangzhou-2023") -> bytes:
    """The template of an edition, changed as a user would in Word."""
    document = Document(data_folder("workbook_templates") / f"{edition}.docx")
    if change:
        change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_line(text: str) -> bytes:
    return template(lambda document: document.add_paragraph(text))


def refusal(data: bytes, edition: str = "guangzhou-2023") -> str:
    plan = load_report(load_rubric(edition))
    with pytest.raises(BadTemplate) as caught:
        checked_template(data, "我的模板.docx", plan)
    said = str(caught.value)
    assert said.startswith("报告模板“我的模板.docx”不能用：")
    return said.partition("：")[2]


# ---------------------------------------------------------------- our templates


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_committed_template_is_up_to_date(edition: str) -> None:
    rubric = load_rubric(edition)
    made = template_bytes(rubric, load_report(rubric))
    kept = (data_folder("workbook_templates") / f"{edition}.docx").read_bytes()
    assert parts(made) == parts(kept)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_layout_is_that_of_official_documents(edition: str) -> None:
    """GB/T 9704-2012: paper, margins, type, line spacing, page numbers; fonts stand in the styles."""
    document = Document(data_folder("workbook_templates") / f"{edition}.docx")
    page = document.sections[0]
    assert [round(one.mm) for one in (page.page_width, page.page_height)] == [210, 297]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    fonts = {"Title": ("方正小标宋简体", 22), "Heading 1": ("黑体", 16), "Heading 2": ("楷体_GB2312", 16),
             "Heading 3": ("仿宋_GB2312", 16), "Heading 4": ("仿宋_GB2312", 16),
             "正文段落": ("仿宋_GB2312", 16), "附件标签": ("黑体", 16), "Footer": ("宋体", 14)}  # fmt: skip
    for name, (font, size) in fonts.items():
        style = document.styles[name]
        assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == font
        assert style.font.size.pt == size and style.font.name == "Times New Roman"
        assert not [key for key in style.element.rPr.rFonts.attrib if "heme" in key]
    for name in ("Heading 1", "Heading 2", "Heading 3", "Heading 4"):
        assert document.styles[name].element.find(".//" + qn("w:outlineLvl")) is not None
    body = document.styles["正文段落"]
    assert body.element.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert 28 <= body.paragraph_format.line_spacing.pt <= 29
    assert document.settings.odd_and_even_pages_header_footer
    assert page.footer.paragraphs[0].alignment == 2 and page.even_page_footer.paragraphs[0].alignment == 0
    for section in document.sections[1:]:
        assert section.orientation == 1
    for table in document.tables:
        first = table.rows[0]._tr.trPr
        assert first.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_outline_is_numbered_without_gaps(edition: str) -> None:
    document = Document(io.BytesIO(reports.rendered(right(edition))))
    counts = [0, 0, 0, 0]
    for line in document.paragraphs:
        if not line.style.name.startswith("Heading"):
            continue
        level = int(line.style.name[-1]) - 1
        counts[level] += 1
        counts[level + 1 :] = [0] * (3 - level)
        number = counts[level]
        shown = (f"{chinese(number)}、", f"（{chinese(number)}）", f"{number}.", f"（{number}）")[level]
        assert line.text.startswith(shown), line.text
    assert counts[0] >= 4


def test_no_tag_is_left_and_no_table_is_torn() -> None:
    for edition in EDITIONS:
        document = reports.rendered(right(edition))
        said = "".join(reports.lines(document))
        assert not re.search(r"[{}\ufdd0\ufdd1]", said)
        for table in Document(io.BytesIO(document)).tables:
            grid = len(table._tbl.tblGrid.findall(qn("w:gridCol")))
            for row in table._tbl.tr_lst:
                assert sum(cell.grid_span for cell in row.tc_lst) == grid


def test_children_stand_in_the_order_that_word_wants() -> None:
    """Word calls a file damaged whose properties stand in another order than the schema's."""
    order = {
        "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind "
               "contextualSpacing jc textAlignment outlineLvl rPr sectPr",
        "tblPr": "tblStyle tblpPr tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
        "tcPr": "tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign",
        "rPr": "rStyle rFonts b bCs i iCs caps color spacing w kern position sz szCs highlight u lang",
        "tblCellMar": "top left bottom right", "tcBorders": "top left bottom right",
    }  # fmt: skip
    for edition in EDITIONS:
        found = parts(
            reports.rendered(right(edition), chart=chart_of(score(load_rubric(edition), right(edition))))
        )
        for name in ("word/document.xml", "word/styles.xml"):
            for element in etree.fromstring(found[name]).iter():
                kind = etree.QName(element).localname
                if kind in order:
                    children = [etree.QName(child).localname for child in element]
                    known = [child for child in children if child in order[kind].split()]
                    assert known == sorted(known, key=order[kind].split().index), (kind, children)


def test_the_properties_say_where_it_comes_from(book: Path, tmp_path: Path) -> None:
    import hashlib
    from datetime import datetime

    made = report(book, when=datetime(2024, 3, 1, 9, 0))
    properties = Document(io.BytesIO(made.document)).core_properties
    assert properties.title == "2023年度中国国际贸易促进委员会娄底支会部门整体支出绩效自评报告"
    assert properties.author == "中国国际贸易促进委员会娄底支会"
    assert "loudi-2023" in properties.subject and "2023.1" in properties.subject
    assert properties.identifier == "sha256:" + hashlib.sha256(book.read_bytes()).hexdigest()


def test_the_attachments_are_the_forms_as_they_stand(book: Path) -> None:
    from datetime import datetime

    document = report(book, when=datetime(2024, 3, 1)).document
    rows = [[cell for cell in row if cell] for table in reports.tables(document) for row in table]
    said = ["|".join(dict.fromkeys(row)) for row in rows]
    for row in ("3、公务接待|1.50|4.50|1.55", "部门基本支出预算调整|302.07|201.00|284.77", "总分|100|98"):
        assert row in said
    assert any("284.77" in row and "100%" in row for row in said)
    labels = [line for line in reports.lines(document) if line in ("附件1", "附件2")]
    assert labels == ["附件1", "附件2"]


def test_a_row_higher_than_a_page_goes_on_overleaf(tmp_path: Path) -> None:
    import yaml

    data = filings.right("loudi-2023")
    data["rows"]["output"][0]["reason"] = "因" * 1000
    source, book, out = tmp_path / "填报.yaml", tmp_path / "表.xlsx", tmp_path / "报告.docx"
    filing = {"edition": "loudi-2023", "values": data["values"], "rows": data["rows"]}
    source.write_text(yaml.safe_dump(filing, allow_unicode=True), encoding="utf-8")
    assert main(["fill", "loudi-2023", str(source), str(book)]) == 0
    assert main(["report", str(book), "-o", str(out)]) == 0
    rows = [row for table in Document(out).tables[1:] for row in table.rows]
    long = [row for row in rows if any("因" * 1000 in cell.text for cell in row.cells)]
    assert len(long) == 1
    for row in rows:
        assert (row._tr.trPr.find(qn("w:cantSplit")) is None) == (row._tr is long[0]._tr)


def test_the_public_version_has_no_names_and_telephones(tmp_path: Path) -> None:
    data = filings.right("loudi-2023")
    source = tmp_path / "填报.yaml"
    import yaml

    private = {"unit.preparer": "欧阳小明", "unit.phone": "0738-8312345", "unit.head": "司马大红"}
    values = data["values"] | private
    source.write_text(
        yaml.safe_dump({"edition": "loudi-2023", "values": values}, allow_unicode=True), encoding="utf-8"
    )
    book = tmp_path / "表.xlsx"
    assert main(["fill", "loudi-2023", str(source), str(book)]) == 0
    for flags, expected in (([], True), (["--public"], False)):
        out = tmp_path / f"报告{len(flags)}.docx"
        assert main(["report", str(book), "-o", str(out), *flags]) == 0
        said = "".join(reports.lines(out.read_bytes()))
        assert [name in said for name in private.values()] == [expected] * 3
        assert "单位负责人签字" in said


# ---------------------------------------------------------------- hard content


def test_marks_line_breaks_and_long_words_come_out_right() -> None:
    data = filings.right("guangzhou-2023")
    name = "某某市某某区" * 6 + "统计局队"
    assert len(name) == 40
    words = "完成<目标>&说明；{{ 标签 }}{% if %}\n第二段“引号”'单引号'\t制表\n" + "长" * 1000
    data["values"] |= {"unit.name": name, "text.work": words, "form.goal": "a<b>&c"}
    data["rows"]["output"][0] |= {"actual": "甲<乙>&丙\n" + "字" * 1000, "target": "定性<一>"}
    document = reports.rendered(filings.filing_of("guangzhou-2023", data))
    lines = reports.lines(document)
    assert lines[:2] == ["附件2", f"2023年度{name}部门整体支出绩效自评报告"]
    assert "完成<目标>&说明；{{ 标签 }}{% if %}" in lines
    assert "第二段“引号”'单引号'制表" in lines and "长" * 1000 in lines
    assert any(line.endswith("a<b>&c") for line in lines)
    cells = [cell for table in reports.tables(document) for row in table for cell in row]
    assert "甲<乙>&丙\n" + "字" * 1000 in cells and "定性<一>" in cells


@pytest.mark.parametrize("count", [0, 1, 60])
def test_any_number_of_indicators(count: int) -> None:
    data = filings.right("guangzhou-2023")
    row = data["rows"]["output"][0]
    data["rows"]["output"] = []
    data["rows"]["benefit"] = []
    filing = filings.filing_of("guangzhou-2023", data)
    blank = filing.rows["output"]
    import msgspec

    more = filings.filing_of("guangzhou-2023", {**data, "rows": {"output": [row], "benefit": []}})
    rows = {"output": tuple(more.rows["output"][0] for _ in range(count)) or blank, "benefit": blank[:0]}
    document = reports.rendered(msgspec.structs.replace(filing, rows=rows))
    found = reports.tables(document)
    assert len(found) == (2 if count else 0)
    if count:
        assert len(found[1]) == count + 2
        assert {row[0] for row in found[1][1:-1]} == {row[0] for row in found[1][1:2]}
    else:
        assert any("【待补充：产出指标】" in line for line in reports.lines(document))


def test_a_short_table_stays_on_one_page_and_a_long_one_does_not() -> None:
    """All rows but the last keep with the next: fewer would make LibreOffice lose rows."""

    def kept(data: dict[str, Any]) -> list[set[bool]]:
        document = Document(io.BytesIO(reports.rendered(filings.filing_of("guangzhou-2023", data))))
        return [
            {line.paragraph_format.keep_with_next is True for cell in row.cells for line in cell.paragraphs}
            for row in document.tables[1].rows
        ]

    data = filings.right("guangzhou-2023")
    *rows, last = kept(data)
    assert all(row == {True} for row in rows) and last == {False}
    data["rows"]["output"][0]["actual"] = "字" * 1000
    assert all(row == {False} for row in kept(data))


@pytest.mark.live
@pytest.mark.skipif(not SOFFICE, reason="没有装 LibreOffice（soffice）")
def test_libreoffice_opens_it_and_sees_every_page(tmp_path: Path) -> None:
    data = filings.right("guangzhou-2023")
    data["rows"]["output"][0]["actual"] = "字" * 1000
    path = tmp_path / "报告.docx"
    filing = filings.filing_of("guangzhou-2023", data)
    path.write_bytes(reports.rendered(filing, chart=chart_of(score(load_rubric(filing.edition), filing))))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [str(SOFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, path],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "报告.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    assert text.count("\f") >= 6
    assert re.sub(r"\s", "", text).count("字") >= 1000
    assert re.findall(r"—\s*(\d+)\s*—", text)[:3] == ["1", "2", "3"]


# ---------------------------------------------------------------- templates of users


def test_a_template_may_be_restyled_and_reordered() -> None:
    def change(document: Any) -> None:
        headings = [one for one in document.paragraphs if one.style.name == "Heading 1"]
        last = headings[-1]._p
        moved = [last, *(one for one in last.itersiblings() if one.tag == qn("w:p"))]
        for one in reversed(moved):
            headings[0]._p.addprevious(one) if one is last else None
        document.styles["正文段落"].font.name = "Arial"

    lines = reports.lines(reports.rendered(right("guangzhou-2023"), template(change)))
    assert "一、下一步改进措施" in lines and "二、部门基本情况" in lines


def test_a_passage_that_says_nothing_leaves_no_trace() -> None:
    def change(document: Any) -> None:
        for line in ("{%p if 产出偏差 %}", "有偏差：{{ 产出偏差 }}", "{%p endif %}", "甲{{ 产出偏差 }}乙"):
            document.add_paragraph(line)

    data = filings.right("guangzhou-2023")
    for row in data["rows"]["output"]:
        row.pop("reason", None)
    lines = reports.lines(reports.rendered(filings.filing_of("guangzhou-2023", data), template(change)))
    assert "甲乙" in lines and not [line for line in lines if line.startswith("有偏差")]
    document = Document(io.BytesIO(reports.rendered(filings.filing_of("guangzhou-2023", data))))
    assert all(one.text for one in document.paragraphs if one.style.name == styles.BODY)


def test_only_what_a_template_uses_is_asked_for() -> None:
    """What the unit did not fill in and no tag asks for is no gap."""
    rubric, plan = reports.edition("guangzhou-2023")
    document = Document()
    document.add_paragraph("{{ 报告标题 }}")
    document.add_paragraph("{{ 自评结论 }}")
    buffer = io.BytesIO()
    document.save(buffer)
    assert checked_template(buffer.getvalue(), "短.docx", plan).tags == {"报告标题", "自评结论"}
    assert len(reports.lines(reports.rendered(right("guangzhou-2023"), buffer.getvalue()))) <= 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ 部门职智 }}", "没有“部门职智”这个标签，是否想写“部门职能”"),
        ("{% for 行 in 产出指标 %}{% endfor %}", "没有“产出指标”这个标签，是否想写“产出指标表”"),
        ("{% for 行 in 产出指标表 %}{{ 行.年度目标直 }}{% endfor %}", "是否想写“年度目标值”"),
        ("{% for 行 in 产出指标表 %}{{ 行 }}{% endfor %}", "“行”后面要写明取哪一栏"),
        ("{% for 行 in 产出指标表 %}{{ 行.得分 }}", "没有成对"),
        ("{% if 得分图 %}甲", "没有成对"),
        ("{% endfor %}", "没有成对"),
        ("{{ 产出指标表 }}", "有许多行"),
        ("{{ 部门职能.标题 }}", "点号只用在 for 里起的名字后面"),
        ("{% for 段 in 部门职能 %}{{ 段 }}{% endfor %}", "是一段文字，不能用 for"),
        ("{{ 部门职能", "双花括号里的写法不对|没有成对"),
        ("部门职能 }}", "花括号没有成对"),
        ("{{ 部门职能|upper }}", "不能写算式、函数"),
        ("{{ 1 + 1 }}", "不能写算式、函数"),
        ("{{ ''.__class__.__mro__ }}", "点号只用在 for 里起的名字后面"),
        ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "不能写算式、函数"),
        ("{% set 甲 = 部门职能 %}", "不能写算式、函数"),
        ("{% include '/etc/passwd' %}", "不能写算式、函数"),
        ("{% for 甲 in 产出指标表 %}{% for 乙 in 产出指标表 %}{% endfor %}{% endfor %}", "不能再套循环"),
        ("{% for 甲 in range(100000) %}x{% endfor %}", "循环要写成"),
        ("{% macro 甲() %}{% endmacro %}", "不能写算式、函数"),
        ("{% if 得分图 %}" * 30 + "{% endif %}" * 30, "if 套得太深"),
        ("{% if " + "not " * 3000 + "得分图 %}{% endif %}", "if 套得太深|不能"),
        ("｛｛ 部门职能 ｝｝", "要用两个半角花括号"),
        ("{ 部门职能 }", "要用两个半角花括号"),
        ("{{ 得分图 }}", "要写成 {{p 得分图 }}，单独占一段"),
        ("前文{{p 得分图 }}后文", "要单独占一段"),
        ("{{p 部门职能 }}", "不带 p"),
        ("{{r 部门职能 }}", "不带 r"),
        ("甲{%p if 得分图 %}乙", "要单独占一段"),
        ("{%tr for 行 in 产出指标表 %}", "要单独占表格的一行|要单独占一段|没有成对"),
    ],
)  # fmt: skip
def test_a_wrong_tag_is_named_before_anything_is_rendered(text: str, said: str) -> None:
    assert re.search(said, refusal(with_line(text)))


def test_a_block_cannot_stand_in_a_table_or_a_footer() -> None:
    def cell(document: Any) -> None:
        document.add_table(rows=1, cols=1).cell(0, 0).paragraphs[0].text = "{{p 得分图 }}"

    def footer(document: Any) -> None:
        document.sections[0].footer.paragraphs[0].text = "{{p 得分图 }}"

    for change in (cell, footer):
        assert "不能放在表格、页眉页脚里" in refusal(template(change))


def test_a_template_without_tags_is_refused() -> None:
    buffer = io.BytesIO()
    Document().save(buffer)
    assert "里面没有标签" in refusal(buffer.getvalue())


def test_a_section_that_ends_with_a_tag_stays(book: Path, tmp_path: Path) -> None:
    """Some programs put the break of a section into the paragraph before it: that of the tag."""
    from datetime import datetime

    def change(document: Any) -> None:
        body = document.element.body
        for paragraph in list(body.iter(qn("w:p"))):
            section = paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
            before = paragraph.getprevious()
            if section is not None and before is not None and before.tag == qn("w:p"):
                before.get_or_add_pPr().append(section)
                body.remove(paragraph)

    mine = tmp_path / "模板.docx"
    mine.write_bytes(template(change, "loudi-2023"))
    made = report(book, when=datetime(2024, 3, 1), template=mine)
    assert len(Document(io.BytesIO(made.document)).sections) == 3


def test_many_headings_and_odd_letters_are_no_accident() -> None:
    assert [chinese(one) for one in (1, 10, 11, 20, 99, 100)] == ["一", "十", "十一", "二十", "九十九", "100"]
    data = filings.right("guangzhou-2023")
    data["rows"]["output"][0]["name"] = "\ue000造字\ufdd0"
    found = reports.tables(reports.rendered(filings.filing_of("guangzhou-2023", data)))
    assert any("\ue000造字" in cell for row in found[0] for cell in row)


def test_a_wrong_tag_is_found_wherever_it_stands() -> None:
    def footer(document: Any) -> None:
        document.sections[0].footer.paragraphs[0].add_run("{{ 页脚 }}")

    def title(document: Any) -> None:
        document.core_properties.title = "{{ 题目 }}"

    assert "没有“页脚”" in refusal(template(footer))
    assert "没有“题目”" in refusal(template(title))


def repacked(change: Callable[[dict[str, bytes]], None]) -> bytes:
    found = parts(template())
    change(found)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in found.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_hostile_files_are_refused() -> None:
    def bomb(found: dict[str, bytes]) -> None:
        found["word/document.xml"] = found["word/document.xml"] + b" " * (70 << 20)

    def entity(found: dict[str, bytes]) -> None:
        found["word/document.xml"] = found["word/document.xml"].replace(
            b"<w:document", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document', 1
        )

    def remote(found: dict[str, bytes]) -> None:
        found["word/_rels/document.xml.rels"] = found["word/_rels/document.xml.rels"].replace(
            b"</Relationships>",
            b'<Relationship Id="rX" TargetMode="External" Target="http://example.com/a.dotm" Type="http://schemas.'
            b'openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>',
        )

    def macros(found: dict[str, bytes]) -> None:
        found["word/vbaProject.bin"] = b"x"

    assert "大得不正常" in refusal(repacked(bomb))
    assert "请用 Word 打开它" in refusal(repacked(entity))
    assert "引用了文件以外的内容" in refusal(repacked(remote))
    assert "有宏" in refusal(repacked(macros))
    assert "不是 Word 文档" in refusal(b"")
    assert "不是 Word 文档" in refusal(b"not a zip at all")
    assert "不是 Word 文档" in refusal((data_folder("workbook_templates") / "loudi-2023.xlsx").read_bytes())


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_tag_is_documented(edition: str) -> None:
    page = (data_folder("workbook_templates") / "README.md").read_text(encoding="utf-8")
    part = page.partition(f"### {edition}")[2].partition("\n### ")[0]
    common = page.partition("## 各版本的标签")[2].partition("\n### ")[0]
    plan = load_report(load_rubric(edition))
    for tag, has in tags_of(plan).items():
        assert f"`{tag}`" in (common if tag in FIXED else part), tag
        assert all(f"`{one}`" in part for one in has)


# ---------------------------------------------------------------- the command


def test_a_report_beside_the_workbook_never_replaces_another(
    book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "表.xlsx"
    shutil.copy(book, mine)
    before = mine.read_bytes()
    assert main(["report", str(mine)]) == 0
    assert "处待补充" in capsys.readouterr().out
    assert main(["report", str(mine), "--public", "--charts"]) == 0
    (tmp_path / "表-自评报告.docx").write_text("改过的")
    assert main(["report", str(mine)]) == 0
    assert {one.name for one in tmp_path.glob("*.docx")} == {
        "表-自评报告.docx", "表-自评报告（公开版）.docx", "表-自评报告（1）.docx",
    }  # fmt: skip
    assert (tmp_path / "表-自评报告.docx").read_text() == "改过的"
    assert mine.read_bytes() == before
    assert main(["report", str(mine), "-o", str(tmp_path / "表-自评报告.docx")]) == 2
    assert "已经存在" in capsys.readouterr().err
    assert main(["report", str(mine), "-o", str(tmp_path / "报告.doc")]) == 2
    assert main(["report", str(mine), "--template", str(tmp_path / "没有.docx")]) == 2
    assert "找不到文件" in capsys.readouterr().err


def test_a_template_of_ones_own_is_made_and_used(book: Path, tmp_path: Path) -> None:
    mine = tmp_path / "模板.docx"
    assert main(["new", "loudi-2023", str(mine)]) == 0
    document = Document(mine)
    document.add_paragraph("（本报告由办公室编制）", style=styles.BODY)
    document.save(mine)
    out = tmp_path / "报告.docx"
    assert main(["report", str(book), "-o", str(out), "--template", str(mine)]) == 0
    assert "（本报告由办公室编制）" in reports.lines(out.read_bytes())


def test_the_chart_stands_in_the_file_itself(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "报告.docx"
    assert main(["report", str(book), "-o", str(out), "--charts"]) == 0
    found = parts(out.read_bytes())
    chart = next(data for name, data in found.items() if "charts/" in name).decode()
    for text in ("产出指标", "成本指标", ">40<", ">9<"):
        assert text in chart
    assert (
        b"charts" in found["word/_rels/document.xml.rels"]
        and b"drawingml.chart" in found["[Content_Types].xml"]
    )
