"""The audit of files: what is read and what is refused, comments in Word, the command line, the workbook."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from jixiao.audit.audit import audit
from jixiao.audit.errors import CannotReadReport
from jixiao.audit.opening import open_report
from jixiao.audit.reading import read_text
from jixiao.audit.word import with_comments
from jixiao.cli import main
from jixiao.rubric.load import edition_folders, load_rubric, rule_folders
from jixiao.verbs import audit as audit_files
from jixiao.verbs import demo, report

WRONG = "总支出800.00万元，其中：基本支出500.00万元，占62.50%；项目支出300.00万元，占38.50%。"
RUBRIC = load_rubric("guangzhou-2023")


def word_file(*runs: str, table: list[list[str]] | None = None) -> bytes:
    """A document with one paragraph of these runs, every second bold."""
    document = Document()
    document.add_heading("一、收支情况", level=1)
    paragraph = document.add_paragraph()
    for number, text in enumerate(runs):
        paragraph.add_run(text).bold = bool(number % 2)
    if table:
        made = document.add_table(rows=len(table), cols=len(table[0]))
        for row, texts in zip(made.rows, table, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_any_coding_of_chinese_windows(coding: str) -> None:
    found = audit([open_report(WRONG.encode(coding), "报告.txt")], RUBRIC)
    assert [one.quote for one in found if one.finding.code == "JX-701"] == ["38.50%"]


def test_a_word_file_is_read_as_its_text() -> None:
    found = audit([open_report(word_file(WRONG), "报告.docx")], RUBRIC)
    assert [(one.quote, one.finding.place) for one in found if one.finding.code == "JX-701"] == [
        ("38.50%", "正文第 2 段")
    ]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 400_000_000)
    return out.getvalue()


def with_entities() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "是空的"),
        (b" \n\t", "是空的"),
        (OLE, "另存为 .docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04 broken", "损坏"),
        (b"\xff\xff\xff\0\0\xfe", "编码"),
        (with_entities(), "不安全"),
        ("　\n".encode(), "没有文字"),
        ("字".encode() * 4_000_000, "10 MB"),
    ],
)
def test_other_files_are_refused_with_words(data: bytes, words: str) -> None:
    with pytest.raises(CannotReadReport, match=words):
        open_report(data, "报告")


def test_a_zip_bomb_and_a_workbook_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotReadReport, match="不正常"):
        open_report(bomb(), "报告.docx")
    book = tmp_path / "表.xlsx"
    demo("guangzhou-2023", book)
    with pytest.raises(CannotReadReport, match="不是 Word 文档"):
        open_report(book.read_bytes(), "表.xlsx")


def test_where_no_edition_can_be_told_the_report_is_held_to_its_own_figures(tmp_path: Path) -> None:
    report = tmp_path / "报告.txt"
    report.write_text(WRONG, encoding="utf-8")
    made = audit_files([report])
    assert not made.edition and "--edition" in made.said[0]
    assert [one[1:2] for one in map(str.split, made.said[1:])] == [
        [load_rubric(one).title] for one in sorted(edition_folders(rule_folders()))
    ]
    assert [one.finding.code for one in made.remarks] == ["JX-701", "JX-702"]


def test_an_unknown_citys_own_scheme_is_not_held_to_the_weights_of_a_known_edition(tmp_path: Path) -> None:
    """固定资产利用率 has 6 分 there."""
    report = tmp_path / "报告.txt"
    report.write_text(
        "某市水务局2022年度部门整体支出绩效自评报告\n一、自评结论\n自评得分 93 分，等级为“优”。\n"
        "二、得分情况\n三级指标\t分值\t得分\n结转结余率\t5\t4\n公用经费控制率\t3\t3\n"
        "资产盘点情况\t4\t3\n固定资产利用率\t6\t6\n",
        encoding="utf-8",
    )
    assert audit_files([report]).remarks == ()
    held = audit_files([report], edition="guangzhou-2023").remarks
    assert "JX-711" in {one.finding.code for one in held}


@pytest.mark.parametrize(
    ("written", "given"),
    [("guangzhou-2023", "loudi-2023"), ("loudi-2023", "guangzhou-2023"), ("mof-project", "guangzhou-2023")],
)
def test_a_report_of_another_edition_is_said_to_be_so_and_nothing_else(
    written: str, given: str, tmp_path: Path
) -> None:
    """Its own figures are still looked at."""
    import filings
    import reports
    from report_texts import text_of

    text = text_of(reports.rendered(filings.filing_of(written, filings.right(written))))
    file = tmp_path / "报告.txt"
    file.write_text(text, encoding="utf-8")
    assert [one.finding.code for one in audit_files([file], edition=written).remarks] == []
    (one,) = audit_files([file], edition=given).remarks
    assert one.finding.code == "JX-729" and given in one.finding.message and written in one.finding.message
    file.write_text(f"{text}\n{WRONG}", encoding="utf-8")
    codes = [one.finding.code for one in audit_files([file], edition=given).remarks]
    assert {"JX-729", "JX-701"} <= set(codes)


def test_a_report_on_a_project_is_of_no_edition_for_whole_units(tmp_path: Path) -> None:
    """One gentle remark; another city's edition is not offered where the report does not name the city."""
    text = (
        "2024年度农村公路建设项目绩效自评报告\n一、项目概况\n项目预算800.00万元。\n二、自评得分\n"
        "产出指标（分值50分），得分48分；效益指标（分值30分），得分29分；满意度指标（分值10分），得分9分。"
    )
    file = tmp_path / "报告.txt"
    file.write_text(text, encoding="utf-8")
    (one,) = audit_files([file], edition="guangzhou-2023").remarks
    assert one.finding.code == "JX-729" and str(one.finding.severity) == "提示"
    assert "mof-project" in one.finding.message
    assert audit_files([file], edition="mof-project").remarks == ()
    file.write_text(text.replace("农村公路建设项目", "县交通局部门整体支出"), encoding="utf-8")
    codes = [one.finding.code for one in audit_files([file], edition="mof-project").remarks]
    assert "JX-729" not in codes


# ---------------------------------------------------------------- comments


def words(data: bytes) -> list[str]:
    body = Document(io.BytesIO(data)).element.body
    return ["".join(text.text or "" for text in one.iter(qn("w:t"))) for one in body.iter(qn("w:p"))]


def formats(data: bytes) -> list[tuple[str, bool]]:
    """Every letter of the text with its format."""
    runs = [run for paragraph in Document(io.BytesIO(data)).paragraphs for run in paragraph.runs]
    return [(sign, bool(run.bold)) for run in runs for sign in run.text]


def commented(data: bytes) -> list[tuple[str, str]]:
    """The words that each comment spans, and its text."""
    document = Document(io.BytesIO(data))
    texts = {str(one.comment_id): one.text for one in document.comments}
    spans: dict[str, str] = {}
    open_now: set[str] = set()
    for element in document.element.body.iter():
        if element.tag == qn("w:commentRangeStart"):
            open_now.add(element.get(qn("w:id")))
        elif element.tag == qn("w:commentRangeEnd"):
            open_now.discard(element.get(qn("w:id")))
        elif element.tag == qn("w:t"):
            for one in open_now:
                spans[one] = spans.get(one, "") + (element.text or "")
    return [(spans.get(id, ""), text) for id, text in texts.items()]


@pytest.mark.parametrize(
    "runs",
    [
        (WRONG,),
        (WRONG[:20], WRONG[20:]),
        (WRONG[:-4], WRONG[-4:]),
        (WRONG[:-6], WRONG[-6:-3], WRONG[-3:]),
        tuple(WRONG),
    ],
)
def test_a_comment_spans_exactly_the_words_it_quotes(runs: tuple[str, ...]) -> None:
    data = word_file(*runs)
    found = audit([open_report(data, "报告.docx")], RUBRIC)
    made = with_comments(data, found)
    assert [span for span, _ in commented(made)] == [one.quote for one in found]
    assert all(one.finding.code in text for one, (_, text) in zip(found, commented(made), strict=True))
    assert words(made) == words(data) and formats(made) == formats(data)


def test_comments_on_a_whole_report_leave_it_as_it_was(tmp_path: Path) -> None:
    book = tmp_path / "表.xlsx"
    demo("loudi-2023", book)
    data = report(book, when=datetime(2024, 3, 1)).document
    document = open_report(data, "报告")
    found = audit([document], load_rubric("loudi-2023"))
    made = with_comments(data, found)
    assert words(made) == words(data) and len(commented(made)) == len(found) > 10
    again = audit([open_report(made, "报告")], load_rubric("loudi-2023"))
    said = [[(one.finding.code, one.quote) for one in remarks] for remarks in (found, again)]
    assert said[0] == said[1]
    parts = {one.filename for one in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    assert parts <= {one.filename for one in zipfile.ZipFile(io.BytesIO(made)).infolist()}


# ---------------------------------------------------------------- the workbook


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("调整预算603.17万元", "调整预算603.71万元"),
        ("自评总分99.98分", "自评总分98.98分"),
        ("绩效结果应用分值3分,自评得分3分", "绩效结果应用分值3分,自评得分2分"),
        ("\t95%\t100%", "\t95%\t98%"),
    ],
)
def test_a_figure_that_is_not_the_workbooks(tmp_path: Path, old: str, new: str) -> None:
    from report_texts import text_of

    book = tmp_path / "表.xlsx"
    filing = demo("guangzhou-2023", book).filing
    text = text_of(report(book, when=datetime(2024, 3, 1)).document)
    assert audit([read_text(text, "报告")], RUBRIC, filing=filing) == []
    assert old in text
    found = audit([read_text(text.replace(old, new), "报告")], RUBRIC, filing=filing)
    codes = {one.finding.code for one in found if one.quote in new}
    assert codes & {"JX-725", "JX-709"}, "a total that is no sum is called wrong once"


# ---------------------------------------------------------------- the command line


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder with a report, the same with one figure wrong, and its workbook."""
    book = tmp_path / "自评表（终稿）.xlsx"
    demo("guangzhou-2023", book)
    data = report(book, when=datetime(2024, 3, 1)).document
    (tmp_path / "报告.docx").write_bytes(data)
    document = Document(io.BytesIO(data))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("占4.64%", "占6.44%")
    document.save(str(tmp_path / "报告 错.docx"))
    return tmp_path


def test_a_report_without_fault(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", str(made / "报告.docx"), "--workbook", str(made / "自评表（终稿）.xlsx")]) == 0
    assert "错误 0 · 警告 0 · 提示 0 · 未检查 0" in capsys.readouterr().out


def test_a_wrong_report_as_json_and_with_comments(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = made / "核对.docx"
    assert main(["audit", str(made / "报告 错.docx"), "--json", "-o", str(out)]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["edition"] == "guangzhou-2023" and said["summary"]["错误"] == len(said["findings"]) == 2
    wrong, total = said["findings"]
    assert (wrong["code"], wrong["quote"], wrong["expected"]) == ("JX-701", "6.44%", "4.64%")
    assert (total["code"], total["stated"], total["expected"]) == ("JX-702", "101.8%", "100%")
    assert re.fullmatch(r"正文第 \d+ 段", wrong["place"])
    assert [span for span, _ in commented(out.read_bytes())] == [one["quote"] for one in said["findings"]]


def test_comments_go_beside_the_report_where_there_is_something_to_say(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("报告 错-核对.docx", "报告 错-核对（1）.docx"):
        assert main(["audit", str(made / "报告 错.docx"), "--comments"]) == 1
        assert name in capsys.readouterr().err and len(commented((made / name).read_bytes())) == 2
    assert main(["audit", str(made / "报告.docx"), "--comments"]) == 0
    (made / "字.txt").write_text(WRONG, encoding="utf-8")
    main(["audit", str(made / "字.txt"), "--comments", "--edition", "guangzhou-2023"])
    assert "错误" in capsys.readouterr().out
    assert len(list(made.glob("*-核对*"))) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["没有.docx"], "找不到文件"),
        (["."], "文件夹"),
        (["报告.docx", "报告 错.docx", "-o", "新.docx"], "只能给一个 .docx"),
        (["字.txt", "-o", "新.docx"], "只能给一个 .docx"),
        (["报告.docx", "-o", "报告.docx"], "已经存在"),
        (["报告.docx", "--edition", "没有"], "没有"),
        (["报告.docx", "--edition", "guangzhou-2023", "--workbook", "自评表（终稿）.xlsx"], "只能写一个"),
    ],
)
def test_what_cannot_be_done_is_said(
    made: Path,
    arguments: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (made / "字.txt").write_text(WRONG, encoding="utf-8")
    monkeypatch.chdir(made)
    assert main(["audit", *arguments]) == 2
    said = capsys.readouterr()
    assert words in said.err and not said.out
