"""What every port must do, whatever stands behind it: a file, or a live spreadsheet program.

A further port joins by adding a factory to ``FACTORIES``: given the path of a workbook, it gives the
port; ``again`` saves and opens the workbook anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.dimensions import RowDimension

import calc_engine
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.formula.references import Area
from jixiao.workbook.live.live_port import LivePort
from jixiao.workbook.port import Cell, Edit, Look, Port


def _live(path: Path) -> Port:
    """The workbook in LibreOffice; what was changed there is saved to the file and opened anew."""
    import xlwings

    app = calc_engine.app()
    for book in app.books:
        if Path(book.fullname) == path:
            book.save()
        book.close()
    book: xlwings.Book = app.books.open(path)
    return LivePort(book)


FACTORIES: dict[str, Callable[[Path], Port]] = {"file": FilePort.open, "live": _live}
LIVE = [pytest.mark.live, pytest.mark.skipif(bool(calc_engine.LACKING), reason=calc_engine.LACKING)]
PORTS = [pytest.param(name, marks=LIVE if name == "live" else []) for name in FACTORIES]


class Desk:
    """A workbook on the desk of one test."""

    def __init__(self, path: Path, kind: str) -> None:
        self.path = path
        self.live = kind == "live"
        self._factory = FACTORIES[kind]
        self.port = self._factory(path)

    def again(self) -> Port:
        self.port.save()
        self.port = self._factory(self.path)
        return self.port

    def fits(self, line: RowDimension) -> bool:
        """Whether a row has no height of its own. LibreOffice writes down which it has for its text."""
        if self.live:
            return not line.height or line.height < 16
        return not (line.height or line.customHeight)


@pytest.fixture(params=PORTS)
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "自评表"
    sheet["A1"], sheet["B1"], sheet["C1"] = "部门", 12.5, "=B1*2"
    sheet["A2"], sheet["B2"] = dt.date(2024, 12, 31), 0.5
    sheet["B2"].number_format = "0.00%"
    sheet["D4"] = "底色"
    sheet["D4"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["A6"].comment = Comment("用户的批注", "用户")
    sheet.merge_cells("A8:B9")
    sheet.row_dimensions[2].height = 33
    sheet.column_dimensions["B"].width = 20.5
    sheet.column_dimensions["D"].hidden = True
    book.create_sheet("第二张")
    book.create_sheet("隐藏").sheet_state = "hidden"
    book.defined_names["jx.部门"] = DefinedName("jx.部门", attr_text="自评表!$A$1")
    path = tmp_path / "2024年 自评表（终稿）.xlsx"
    book.save(path)
    return Desk(path, request.param)


def test_sheets_are_named_in_order_hidden_ones_too(desk: Desk) -> None:
    assert desk.port.sheets() == ["自评表", "第二张", "隐藏"]


def test_names_tell_what_they_refer_to(desk: Desk) -> None:
    assert desk.port.names()["jx.部门"] == "自评表!$A$1"


def test_cells_hold_typed_values(desk: Desk) -> None:
    cells = desk.port.cells("自评表")
    assert cells[1, 1] == Cell("部门")
    assert cells[1, 2] == Cell(Decimal("12.5"))
    assert cells[1, 3].formula == "B1*2"
    assert cells[2, 1].raw == dt.date(2024, 12, 31)
    assert cells[2, 2] == Cell(Decimal("0.5"), percent=True)
    assert (5, 5) not in cells


@pytest.mark.parametrize(
    "value",
    [
        "文字",
        "=1+1",
        "+86",
        "-1",
        "@x",
        "'引号",
        " 前后空格 ",
        "第一行\n第二行",
        "_x000D_",
        "<&>\"'",
        "😀",
        "007",
        "12月",
        "TRUE",
        Decimal("0"),
        Decimal("-1.25"),
        Decimal("99.98"),
        Decimal("123456789012345"),
        Decimal("0.000001"),
        True,
        False,
        dt.date(2024, 2, 29),
        dt.date(1900, 3, 1),
        dt.datetime(2024, 1, 2, 3, 4, 5),
    ],
)
def test_a_written_value_reads_back_as_itself(desk: Desk, value: object) -> None:
    desk.port.write("自评表", [Edit(5, 3, value), Edit(20, 30, value)])  # type: ignore[arg-type]
    cells = desk.again().cells("自评表")
    formula = ""
    if desk.live and isinstance(value, bool):  # LibreOffice saves a truth value as a formula
        value, formula = Decimal(value), f"{value}()".upper()
    for position in ((5, 3), (20, 30)):
        assert (type(cells[position].raw), cells[position].raw) == (type(value), value)
        assert cells[position].formula == formula


def test_writing_changes_only_the_cells_it_names(desk: Desk) -> None:
    before = dict(desk.port.cells("自评表"))
    desk.port.write("自评表", [Edit(5, 5, "新")])
    after = dict(desk.again().cells("自评表"))
    assert after == before | {(5, 5): Cell("新")}


def test_an_empty_value_clears_the_cell(desk: Desk) -> None:
    desk.port.write("自评表", [Edit(1, 1), Edit(2, 2, ""), Edit(50, 50)])
    cells = desk.again().cells("自评表")
    assert (1, 1) not in cells
    assert (2, 2) not in cells
    assert (50, 50) not in cells


def test_a_written_formula_keeps_formula_and_value(desk: Desk) -> None:
    desk.port.write(
        "自评表", [Edit(3, 1, Decimal("13"), formula="B1+B2"), Edit(3, 2, "a<b", formula='"a<"&"b"')]
    )
    cells = desk.again().cells("自评表")
    # a living sheet may show a formula as it shows what the formula refers to, here a percentage
    assert cells[3, 1] == Cell(Decimal("13"), "B1+B2", percent=desk.live)
    assert cells[3, 2] == Cell("a<b", '"a<"&"b"')


def test_refreshing_renews_the_value_and_keeps_the_formula(desk: Desk) -> None:
    desk.port.write("自评表", [Edit(1, 2, Decimal("3")), Edit(1, 3, Decimal("6"), refresh=True)])
    cells = desk.again().cells("自评表")
    assert cells[1, 3] == Cell(Decimal("6"), "B1*2")


def test_a_look_does_not_change_the_value(desk: Desk) -> None:
    look = Look(fill="FFC7CE", bold=True, number_format="0.00", horizontal="right")
    desk.port.write("第二张", [Edit(1, 1, Decimal("1.5"), look=look), Edit(1, 2, look=look)])
    port = desk.again()
    assert dict(port.cells("第二张")) == {(1, 1): Cell(Decimal("1.5"))}
    assert all(port.fills("第二张", [(1, 1), (1, 2)]).values())


def test_a_number_format_does_not_change_the_value(desk: Desk) -> None:
    desk.port.write("第二张", [Edit(1, 1, Decimal("1.5"), number_format="0.00")])
    port = desk.again()
    assert dict(port.cells("第二张")) == {(1, 1): Cell(Decimal("1.5"))}
    assert openpyxl.load_workbook(desk.path)["第二张"]["A1"].number_format == "0.00"


def test_fills_painted_and_painted_back_are_the_same(desk: Desk) -> None:
    places = [(1, 1), (4, 4), (30, 7)]
    before = desk.port.fills("自评表", places)
    assert [bool(before[p]) for p in places] == [False, True, False]
    desk.port.paint("自评表", dict.fromkeys(places, "#FFC7CE"))
    port = desk.again()
    painted = port.fills("自评表", places)
    assert len(set(painted.values())) == 1 and painted[1, 1] != before[1, 1]
    port.paint("自评表", before)
    assert desk.again().fills("自评表", places) == before


def test_cells_of_a_colour_are_found_empty_ones_too(desk: Desk) -> None:
    assert desk.port.filled("自评表", ["#FFFF00", "#FEC7CF"]) == [(4, 4)]
    desk.port.paint("自评表", {(1, 1): "#FEC7CF", (30, 7): "#fec7cf", (31, 7): "#FFC7CE"})
    port = desk.again()
    assert sorted(port.filled("自评表", ["#FEC7CF"])) == [(1, 1), (30, 7)]
    assert port.filled("第二张", ["#FEC7CF"]) == []
    assert port.filled("自评表", ["#123456"]) == []


def test_a_note_is_added_and_taken_away_again(desk: Desk) -> None:
    before = dict(desk.port.notes("自评表"))
    desk.port.add_notes("自评表", {(1, 2): "应为 10 分\n见第 3 条 <&>", (4, 4): "再看"})
    desk.port.add_notes("第二张", {(2, 2): "空表上的批注"})
    port = desk.again()
    assert dict(port.notes("自评表")) == before | {(1, 2): "应为 10 分\n见第 3 条 <&>", (4, 4): "再看"}
    assert dict(port.notes("第二张")) == {(2, 2): "空表上的批注"}
    port.remove_notes("自评表", [(1, 2), (4, 4), (9, 9)])
    port.remove_notes("第二张", [(2, 2)])
    port = desk.again()
    assert dict(port.notes("自评表")) == before == {(6, 1): "用户的批注"}
    assert not port.notes("第二张")


def test_a_note_of_the_user_is_never_touched(desk: Desk) -> None:
    with pytest.raises(Exception, match="已有批注"):
        desk.port.add_notes("自评表", {(1, 1): "新的", (6, 1): "盖掉"})
    assert dict(desk.port.notes("自评表")) == {(6, 1): "用户的批注"}


def test_sheets_are_added_at_the_end(desk: Desk) -> None:
    desk.port.add_sheet("校验结果")
    desk.port.add_sheet("jx存档", hidden=True)
    desk.port.write("jx存档", [Edit(1, 1, "存")])
    port = desk.again()
    assert port.sheets() == ["自评表", "第二张", "隐藏", "校验结果", "jx存档"]
    assert dict(port.cells("jx存档")) == {(1, 1): Cell("存")}
    assert not port.cells("校验结果")


def test_names_are_added_and_those_that_are_there_stay(desk: Desk) -> None:
    new = {"jx.budget.total.initial": "自评表!$B$1", "jx.block.output": "'第 三张'!$A$1:$D$9", "jx.a": '"1"'}
    desk.port.add_sheet("第 三张")
    desk.port.add_names(new)
    assert dict(desk.again().names()) == {"jx.部门": "自评表!$A$1"} | new


def test_a_name_that_is_there_already_is_never_changed(desk: Desk) -> None:
    with pytest.raises(Exception, match="已有名称“JX.部门”"):
        desk.port.add_names({"jx.新": "自评表!$A$1", "JX.部门": "自评表!$B$1"})
    with pytest.raises(Exception, match="“1 a”不能用作名称"):
        desk.port.add_names({"jx.新": "自评表!$A$1", "1 a": "自评表!$B$1"})
    assert dict(desk.again().names()) == {"jx.部门": "自评表!$A$1"}


def test_names_are_taken_away_again(desk: Desk) -> None:
    desk.port.add_names({"jx.新": "自评表!$A$1"})
    port = desk.again()
    port.remove_names(["jx.新", "没有"])
    assert dict(desk.again().names()) == {"jx.部门": "自评表!$A$1"}


def test_a_sheet_is_added_with_its_columns_and_merged_cells(desk: Desk) -> None:
    desk.port.add_sheet("校验 结果", widths=[6, 30, 12.5])
    desk.port.write(
        "校验 结果", [Edit(1, 1, "标题"), *(Edit(2, column, look=Look()) for column in (1, 2, 3))]
    )
    desk.port.merge("校验 结果", [Area(1, 1, 1, 3), Area(2, 2, 3, 3)])
    port = desk.again()
    assert [port.widths("校验 结果")[column] for column in (1, 2, 3)] == pytest.approx([6, 30, 12.5], abs=0.3)
    assert set(port.covered("校验 结果", [(1, 1), (1, 3), (2, 2), (2, 3), (3, 3)])) == {
        (1, 3),
        (2, 3),
        (3, 3),
    }
    assert dict(port.cells("校验 结果")) == {(1, 1): Cell("标题")}


def test_nothing_is_hidden_by_merging(desk: Desk) -> None:
    with pytest.raises(Exception, match="B1 里有内容"):
        desk.port.merge("自评表", [Area(20, 1, 20, 2), Area(1, 1, 1, 2)])
    with pytest.raises(Exception, match="A8:B9 已经合并"):
        desk.port.merge("自评表", [Area(9, 2, 10, 3)])
    desk.port.merge("自评表", [Area(20, 1, 20, 2)])
    assert set(desk.again().covered("自评表", [(8, 2), (20, 2)])) == {(8, 2), (20, 2)}


def test_a_sheet_that_was_added_is_taken_away_again(desk: Desk) -> None:
    cells = dict(desk.port.cells("自评表"))
    desk.port.add_sheet("校验结果", widths=[10, 20])
    desk.port.write("校验结果", [Edit(1, 1, "问题")])
    desk.port.add_sheet("jx存档", hidden=True)
    desk.port.write("jx存档", [Edit(1, 1, formula="自评表!B1")])
    port = desk.again()
    port.remove_sheet("校验结果")
    port.remove_sheet("jx存档")
    port = desk.again()
    assert port.sheets() == ["自评表", "第二张", "隐藏"]
    assert dict(port.cells("自评表")) == cells
    assert dict(port.names()) == {"jx.部门": "自评表!$A$1"}


def test_a_sheet_with_notes_is_not_taken_away(desk: Desk) -> None:
    with pytest.raises(Exception, match="“自评表”里有批注"):
        desk.port.remove_sheet("自评表")
    assert "自评表" in desk.again().sheets()


def test_nothing_is_written_under_a_merged_area(desk: Desk) -> None:
    with pytest.raises(Exception, match="合并单元格 A8:B9"):
        desk.port.write("自评表", [Edit(1, 1, "先"), Edit(9, 2, "盖住")])
    assert desk.port.cells("自评表")[1, 1].raw == "部门"
    desk.port.write("自评表", [Edit(8, 1, "左上角")])
    assert desk.again().cells("自评表")[8, 1].raw == "左上角"


def test_cells_under_a_merged_area_are_told(desk: Desk) -> None:
    asked = [(1, 1), (8, 1), (8, 2), (9, 1), (9, 2), (10, 1)]
    assert set(desk.port.covered("自评表", asked)) == {(8, 2), (9, 1), (9, 2)}


def test_columns_with_a_width_of_their_own_are_told(desk: Desk) -> None:
    widths = desk.port.widths("自评表")
    assert (widths[2], widths[4]) == (20.5, 0)
    assert 7 not in widths
    assert not desk.port.widths("第二张")


def test_row_heights_are_given_changed_and_taken_away(desk: Desk) -> None:
    cells = dict(desk.port.cells("自评表"))
    desk.port.set_heights("自评表", {1: 40.5, 2: 50, 12: 60, 500: 20})
    desk.again()
    lines = openpyxl.load_workbook(desk.path)["自评表"].row_dimensions
    assert [lines[row].height for row in (1, 2, 3, 12, 500)] == [40.5, 50, None, 60, 20]
    assert all(lines[row].customHeight for row in (1, 2, 12, 500))
    desk.port.set_heights("自评表", {1: 0, 2: 0, 9: 0, 12: 0, 500: 0, 501: 0})
    port = desk.again()
    lines = openpyxl.load_workbook(desk.path)["自评表"].row_dimensions
    assert all(desk.fits(lines[row]) for row in (1, 2, 3, 9, 12, 500, 501))
    assert dict(port.cells("自评表")) == cells


@pytest.mark.parametrize("heights", [{0: 10}, {1: -1}, {1: 409.6}, {1: float("nan")}, {1_048_577: 10}])
def test_a_height_that_no_row_can_have_is_refused(desk: Desk, heights: dict[int, float]) -> None:
    with pytest.raises(Exception, match="自评表.*行"):
        desk.port.set_heights("自评表", {3: 30} | heights)
    desk.again()
    assert openpyxl.load_workbook(desk.path)["自评表"].row_dimensions[3].height is None


@pytest.mark.parametrize(
    "value",
    [
        "字" * 32_768,
        "\x07",
        "\ud800",
        Decimal("1234567890123456"),
        Decimal("1E+308"),
        Decimal("NaN"),
        dt.date(1900, 2, 28),
    ],
)
def test_what_a_cell_cannot_hold_is_refused_before_anything_changes(desk: Desk, value: object) -> None:
    with pytest.raises(Exception, match=r"^自评表!B1 "):
        desk.port.write("自评表", [Edit(1, 1, "先"), Edit(1, 2, value)])  # type: ignore[arg-type]
    assert desk.port.cells("自评表")[1, 1].raw == "部门"


def test_an_unknown_sheet_is_named(desk: Desk) -> None:
    with pytest.raises(Exception, match="没有名为“没有”的工作表"):
        desk.port.cells("没有")
