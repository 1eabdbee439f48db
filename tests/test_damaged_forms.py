"""What the command line does with forms that something happened to: refuse in one sentence, or go on."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import filings
from altered_forms import insert_rows, rename_sheet
from jixiao.cli import main
from jixiao.filing.model import Filing, Raw, Row
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.workbook.bound import Bindings
from jixiao.workbook.derived import refresh
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.filling import fill
from jixiao.workbook.port import Edit
from rich_workbook import read_parts, with_parts

EDITION = "guangzhou-2023"
NAME = "2023年 自评表（终稿）.xlsx"
FORM, ROWS, DATA = "自评表", "绩效目标完成情况", "基础数据"
DERIVED = ("form.unit", "form.year", "form.budget_total", "form.budget_basic", "form.budget_project", "total",
           "grade")  # fmt: skip
"""Left to the formulas of the form."""
COPYING = [["score", "-o", "新.xlsx"], ["check", "-o", "新.xlsx"], ["export", "新.yaml"]]
READING = [["score"], ["check"], *COPYING]
IN_PLACE = [["score", "--in-place"], ["check", "--in-place"], ["clear"], ["undo"]]


@cache
def right_form() -> bytes:
    """A form where nothing is wrong: its check finds nothing."""
    rubric = load_rubric(EDITION)
    given = filings.filing_of(EDITION, filings.right(EDITION))
    values = {id: one for id, one in given.values.items() if not one.blank and id not in DERIVED}
    rows = {
        block: tuple(Row({id: one for id, one in row.entries.items() if not one.blank}) for row in listed)
        for block, listed in given.rows.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        shutil.copy(data_folder("workbook_templates") / f"{EDITION}.xlsx", path)
        port = FilePort.open(path)
        fill(port, rubric, Filing(EDITION, values, rows))
        port.save()
        return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / NAME
    file.write_bytes(right_form())
    return file


class Said:
    """What a run of the command line gave: exit code, output, messages."""

    def __init__(self, capsys: pytest.CaptureFixture[str], path: Path, verb: list[str]) -> None:
        capsys.readouterr()
        self.code = main([verb[0], str(path), *verb[1:]])
        self.out, err = capsys.readouterr()
        self.err = err.replace("正在处理，请稍候……\n", "")  # on a busy machine

    @property
    def speaks_plainly(self) -> bool:
        text = self.out + self.err
        keys = re.search(r"\b(?:unit|form|text|score|reason|expenditure|income|jx\.column)\.[a-z]", text)
        return not keys and "程序出错" not in text and "Traceback" not in text and "Error" not in text


def findings(capsys: pytest.CaptureFixture[str], path: Path) -> tuple[int, dict[str, Any], list[str]]:
    """Exit code, the JSON, and of each finding severity, code, place (with what it follows from)."""
    said = Said(capsys, path, ["check", "--json"])
    assert said.speaks_plainly and not said.err, said.err
    data = json.loads(said.out)
    return said.code, data, [line(one) for one in data["findings"]]


def line(finding: dict[str, str]) -> str:
    cause = f" < {finding['caused_by']}" if finding["caused_by"] else ""
    return f"{finding['severity']} {finding['code']} {finding['place']}{cause}"


def refused(capsys: pytest.CaptureFixture[str], path: Path, verb: list[str], words: str) -> None:
    before = {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    said = Said(capsys, path, verb)
    assert (said.code, said.out) == (2, ""), verb
    assert re.search(words, said.err) and said.speaks_plainly and len(said.err.splitlines()) == 1, said.err
    assert {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()} == before


def works(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    """Every verb gets through; those that only read leave the file byte for byte alone."""
    original = path.read_bytes()
    for verb in READING:
        said = Said(capsys, path, verb)
        assert said.code in (0, 1) and said.speaks_plainly, (verb, said.err)
        assert path.read_bytes() == original, verb
        for file in path.parent.glob("新.*"):
            file.unlink()
    for verb in IN_PLACE:
        said = Said(capsys, path, verb)
        assert said.code in (0, 1) and said.speaks_plainly, (verb, said.err)


# ---------------------------------------------------------------- changing a form


def without_backups(path: Path) -> None:
    for backup in path.parent.glob("*.修改前*"):
        backup.unlink()


def changed(path: Path, change: Callable[[FilePort], object]) -> None:
    port = FilePort.open(path)
    change(port)
    refresh(port, load_rubric(EDITION))
    port.save()
    without_backups(path)


def typed(path: Path, values: dict[str, Raw], formula: str = "") -> None:
    def write(port: FilePort) -> None:
        for name, value in values.items():
            where = Bindings(port)[name]
            assert where, name
            port.write(where.sheet, [Edit(*where.position, value, formula)])

    changed(path, write)


def by_openpyxl(path: Path, change: Callable[[Any], object]) -> None:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    changed(path, lambda port: None)


def errors(path: Path, cells: dict[tuple[str, str], str]) -> None:
    def write(book: Any) -> None:
        for (sheet, cell), error in cells.items():
            book[sheet][cell] = error
            book[sheet][cell].data_type = "e"

    by_openpyxl(path, write)


# ---------------------------------------------------------------- not a form of ours, or no workbook


def test_a_form_where_nothing_is_wrong_passes_every_verb(path, capsys):
    assert findings(capsys, path)[::2] == (0, [])
    works(capsys, path)


def no_form(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "部门整体支出绩效自评表"
    book.save(path)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def encrypted(path: Path) -> None:
    """An OLE file with the stream names of an encrypted workbook."""
    streams = b"".join(name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptionInfo"))
    path.write_bytes(OLE + streams + bytes(2048))


def old_format(path: Path) -> None:
    path.write_bytes(OLE + "Workbook".encode("utf-16-le") + bytes(2048))


DAMAGES: list[tuple[str, Callable[[Path], object], str]] = [
    ("另一种工作簿", no_form, "不是本软件的自评表"),
    ("版本名称没有了", lambda path: changed_names(path, "jx.edition"), "不是本软件的自评表"),
    ("版本名称写错", lambda path: edition(path, '"guangzhou-2032"'), "guangzhou-2032.*--rules"),
    ("截断的文件", lambda path: path.write_bytes(path.read_bytes()[:-3000]), "损坏|不完整|读不"),
    ("中间坏了一段", lambda path: garbled(path), "损坏|不完整|读不"),
    ("乱码", lambda path: path.write_bytes(bytes(range(256)) * 40), "不是"),
    ("空文件", lambda path: path.write_bytes(b""), "空|不是"),
    ("有打开密码", encrypted, "密码"),
    ("老格式 .xls", old_format, r"另存为.*xlsx"),
]  # fmt: skip


def changed_names(path: Path, *names: str) -> None:
    changed(path, lambda port: [port.remove_names(names)])


def edition(path: Path, text: str) -> None:
    port = FilePort.open(path)
    port.set_name("jx.edition", text, hidden=True)
    port.save()
    without_backups(path)


def garbled(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[9000:9400] = bytes(400)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("what, damage, words", DAMAGES, ids=[one[0] for one in DAMAGES])
def test_every_verb_refuses_what_it_cannot_read_in_one_sentence_and_touches_nothing(
    what, damage, words, path, capsys
):
    damage(path)
    for verb in READING + IN_PLACE:
        refused(capsys, path, verb, words)


def test_a_real_old_workbook_by_its_name_is_refused(path, capsys):
    old = path.rename(path.with_suffix(".xls"))
    old_format(old)
    for verb in READING + IN_PLACE:
        refused(capsys, old, verb, "xlsx")


# ---------------------------------------------------------------- not to be written


def wrong(path: Path) -> None:
    """Something to mark and something to score, so that every verb has something to write."""
    typed(path, {"procurement.complaints": Decimal(1), "score.stocktake": None})


def locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.with_name(f"~${path.name}").write_bytes(b"\x04user")


def read_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run as root, who may write everything."""
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda one, mode: Path(one) != path and allowed(one, mode))


def read_only_folder(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_only(path.parent, monkeypatch)


@pytest.mark.parametrize(
    "forbid, words",
    [(locked, "正在.*打开.*关闭"), (read_only, "只读文件"), (read_only_folder, "没有权限.*文件夹")],
)
def test_what_may_not_be_written_is_read_and_otherwise_refused(forbid, words, path, capsys, monkeypatch):
    wrong(path)
    assert main(["score", str(path), "--in-place", "--overwrite"]) == 0
    assert main(["check", str(path), "--in-place"]) == 0
    typed(path, {"procurement.complaints": Decimal(2)})
    forbid(path, monkeypatch)
    original = path.read_bytes()
    assert Said(capsys, path, ["score"]).code == 0
    assert Said(capsys, path, ["check"]).code == 1
    assert path.read_bytes() == original
    for verb in IN_PLACE:
        refused(capsys, path, verb, words)


def test_a_copy_is_not_written_into_a_folder_that_may_not_be_written(path, capsys, monkeypatch):
    wrong(path)
    read_only_folder(path, monkeypatch)
    for verb in (["score", "-o", "新.xlsx"], ["check", "-o", "新.xlsx"]):
        refused(capsys, path, verb, "没有权限.*文件夹")
    for verb in (["score", "-o", "没有/新.xlsx"], ["check", "-o", "没有/新.xlsx"]):
        refused(capsys, path, verb, "文件夹")


# ---------------------------------------------------------------- parts of the form are gone


def without_data(book: Any) -> None:
    del book[DATA]


def refer_to_nothing(path: Path) -> None:
    """What Excel makes of the names of a sheet that is deleted."""
    book = read_parts(path)["xl/workbook.xml"].decode()
    book = re.sub(rf"(<definedName [^>]*>)'?{DATA}'?!", r"\1#REF!", book)
    with_parts(path.rename(path.with_name("旧.xlsx")), path, {"xl/workbook.xml": book.encode()})
    path.with_name("旧.xlsx").unlink()


@pytest.mark.parametrize("by_excel", [True, False])
def test_a_deleted_sheet_is_one_error_that_names_the_sheet(by_excel, path, capsys):
    by_openpyxl(path, without_data)
    if by_excel:
        refer_to_nothing(path)
    code, data, listed = findings(capsys, path)
    assert (code, data["total"], data["declared_total"]) == (1, "98.50", "98.5")
    assert [line.split()[:2] for line in listed] == [
        ["错误", "JX-101"], ["提示", "JX-215"], ["未检查", "JX-104"]
    ]  # fmt: skip
    assert listed[0] == "错误 JX-101 整张表" and listed[1].endswith("< JX-101")
    gone = data["findings"][0]["message"]
    assert "在表里找不到：工作表“基础数据”。" in gone
    assert "缺了 1 处内容" in Said(capsys, path, ["score"]).out
    works(capsys, path)


def test_a_sheet_that_is_there_without_its_names_is_told_as_that(path, capsys):
    def remade(book: Any) -> None:
        without_data(book)
        book.create_sheet(DATA)

    by_openpyxl(path, remade)
    refer_to_nothing(path)
    gone = findings(capsys, path)[1]["findings"][0]["message"]
    assert "在表里找不到：工作表“基础数据”里的填报格（有这张表，但认不出来）。" in gone


@pytest.mark.parametrize(
    "names, label, follow",
    [
        (["jx.unit.name"], "部门名称", []),
        (["jx.economic.wages"], "工资福利支出", ["JX-406"]),
        (["jx.score.system"], "绩效管理制度建设的自评分", []),
        (["jx.total", "jx.grade"], "总分、评价等级", []),
        (["jx.block.benefit"], "效益指标整个区块", ["JX-215"]),
        (["jx.column.benefit.target"], "效益指标的“年度目标值”一列", ["JX-215"]),
        (["jx.column.benefit.weight"], "效益指标的“分值”一列", ["JX-215"]),
        (["jx.column.benefit.score"], "效益指标的“单项自评得分”一列", ["JX-215"]),
        (["jx.column.output.name", "jx.column.output.reason"], "“三级指标”一列、产出指标的“偏差原因", []),
    ],
)
def test_a_name_that_is_gone_is_one_error_and_no_avalanche(names, label, follow, path, capsys):
    changed_names(path, *names)
    code, data, _ = findings(capsys, path)
    assert [one["code"] for one in data["findings"]] == ["JX-101", *follow]
    assert (code, label in data["findings"][0]["message"]) == (1, True)
    works(capsys, path)


def test_without_its_own_sheets_a_form_is_scored_and_marked_and_that_is_said(path, capsys):
    by_openpyxl(path, lambda book: [book.remove(book[name]) for name in ("校验结果", "得分分析")])
    wrong(path)
    said = Said(capsys, path, ["check", "--in-place"])
    assert (said.code, "没有找到“校验结果”" in said.out) == (1, True)
    said = Said(capsys, path, ["score", "--in-place"])
    assert (said.code, "没有找到“得分分析”" in said.out) == (0, True)
    port = FilePort.open(path)
    score, count = Bindings(port)["score.stocktake"], Bindings(port)["score.procurement_conduct"]
    assert port.cells(score.sheet)[score.position].raw == 1
    assert count.position in port.notes(count.sheet)
    works(capsys, path)


# ---------------------------------------------------------------- the form is whole, and changed


def hidden(path: Path) -> None:
    def hide(book: Any) -> None:
        book[DATA].sheet_state = "hidden"
        book[ROWS].row_dimensions[9].hidden = True
        book[ROWS].column_dimensions["K"].hidden = True
        book[FORM].protection.sheet = True
        book[FORM].protection.password = "1234"

    by_openpyxl(path, hide)


CHANGES: dict[str, Callable[[Path], object]] = {
    "工作表改名": lambda path: rename_sheet(path, DATA, "数据 '23"),
    "上方插行": lambda path: insert_rows(path, DATA, 5, 3),
    "区块中间插行": lambda path: insert_rows(path, ROWS, 9, 2),
    "区块第一行上面插行": lambda path: insert_rows(path, ROWS, 7, 1),
    "合计行上面插行": lambda path: insert_rows(path, ROWS, 15, 1),
    "隐藏和保护": hidden,
    "全角和带单位": lambda path: typed(
        path, {"economic.wages": "５００ 万元", "economic.goods": "３４０．００", "rate.m06": "１０１％"}),
    "输入格里写公式": lambda path: typed(path, {"economic.wages": Decimal(500)}, "400+100"),
    "是否填成真假": lambda path: typed(path, {"disclosure.budget": True, "unit.secret": False}),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_harmless_changes_change_nothing_in_the_result(change, path, capsys):
    change(path)
    code, data, listed = findings(capsys, path)
    assert (code, data["total"], data["declared_total"], listed) == (0, "98.50", "98.5", [])
    assert len(data["rows"]) == 5
    works(capsys, path)


FAULTS: list[tuple[str, Callable[[Path], object], list[str]]] = [
    ("写成汉字的数", lambda path: typed(path, {"economic.wages": "五百"}),
     ["错误 JX-103 基础数据!B27", "未检查 JX-406 基础数据!B27"]),
    ("数字格里是日期", lambda path: typed(path, {"procurement.complaints": dt.date(2023, 5, 1)}),
     ["错误 JX-103 基础数据!B100", "提示 JX-215 自评表!I25"]),
    ("数字格里是真假", lambda path: typed(path, {"economic.capital": True}),
     ["错误 JX-103 基础数据!B30", "未检查 JX-406 基础数据!B30"]),
    ("错误值", lambda path: errors(path, {(DATA, "B30"): "#DIV/0!", (ROWS, "E8"): "#REF!"}),
     ["错误 JX-103 基础数据!B30", "错误 JX-103 绩效目标完成情况!E8",
      "未检查 JX-304 绩效目标完成情况!E8、绩效目标完成情况!F8 < JX-103", "提示 JX-215 绩效目标完成情况!I8",
      "未检查 JX-406 基础数据!B30"]),
    ("年度写成汉字，自评表跟着错", lambda path: typed(path, {"unit.year": "二〇二三"}),
     ["错误 JX-103 基本信息!B5", "错误 JX-103 自评表!A3 < JX-103"]),
    ("没有算过的公式", lambda path: typed(path, {"economic.wages": None}, "VLOOKUP(1,A1:B2,2)"),
     ["未检查 JX-104 基础数据!B27", "未检查 JX-406 基础数据!B27"]),
    ("分值是没有算过的公式",
     lambda path: by_openpyxl(path, lambda book: book[ROWS].__setitem__("H7", "=NOW()")),
     ["提示 JX-215 绩效目标完成情况!I7", "未检查 JX-104 绩效目标完成情况!H7"]),
    ("被合并盖住的格子", lambda path: by_openpyxl(path, lambda book: book[DATA].merge_cells("A27:B27")),
     ["警告 JX-401 基础数据!D17、基础数据!B27:B31"]),
    ("总分手填", lambda path: typed(path, {"total": Decimal(97)}), ["错误 JX-211 自评表!I37"]),
    ("自评表的单位名称手填", lambda path: typed(path, {"form.unit": "另一个单位"}),
     ["错误 JX-404 基本信息!B4、自评表!B5"]),
]  # fmt: skip


@pytest.mark.parametrize("what, change, expected", FAULTS, ids=[one[0] for one in FAULTS])
def test_a_fault_is_found_at_its_cell_and_nothing_else_is(what, change, expected, path, capsys):
    change(path)
    code, _, listed = findings(capsys, path)
    assert listed == expected
    assert code == any(line.startswith("错误") for line in expected)
    works(capsys, path)


def test_formulas_that_were_never_calculated_are_said_once_with_all_their_cells(path, capsys):
    book = openpyxl.load_workbook(path)  # openpyxl keeps no values of formulas
    book.save(path)
    code, data, listed = findings(capsys, path)
    assert (code, len(listed)) == (0, 1)
    assert "JX-104" in listed[0] and "自评表!I37" in listed[0] and "自评表!C38" in listed[0]
    assert "总分、评价等级" in data["findings"][0]["message"]
    works(capsys, path)


def test_three_thousand_rows_are_no_trouble(path, capsys):
    insert_rows(path, ROWS, 10, 2990)

    def many(port: FilePort) -> None:
        columns = {id: Bindings(port)[f"column.output.{id}"].area.left for id in ("name", "target", "actual")}
        columns["weight"] = Bindings(port)["column.output.weight"].area.left
        port.write(
            ROWS,
            [
                Edit(row, column, Decimal(0) if id == "weight" else "95%" if id != "name" else f"指标{row}")
                for row in range(10, 3000)
                for id, column in columns.items()
            ],
        )

    changed(path, many)
    code, data, listed = findings(capsys, path)
    assert (len(data["rows"]), data["total"]) == (2995, "98.50")
    assert [line.split()[:2] for line in listed] == [["错误", "JX-201"]]
    assert code == 1
