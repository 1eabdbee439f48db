"""Marks and the list of findings come and go without trace."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import GradientFill, PatternFill
from openpyxl.styles.colors import Color

from altered_forms import insert_rows
from jixiao.checking.finding import Finding, Severity
from jixiao.filing.model import Place
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.workbook.bound import position_of
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.file.fill_text import plain_color
from jixiao.workbook.layout.paper import text_height
from jixiao.workbook.ledger import SHEET, Ledger, Record
from jixiao.workbook.marking.finding_rows import HEADINGS, TALLEST
from jixiao.workbook.marking.marks import FIRST_LINE, clear_marks, write_marks
from jixiao.workbook.port import Cell, Edit, Position
from rich_workbook import read_parts

EDITION = "guangzhou-2023"
RUBRIC = load_rubric(EDITION)
FORM, LIST = "自评表", "校验结果"
SUMMARY_AT, HEADER_ROW = (2, 1), 3
SYSTEM_PYTHON = "/usr/bin/python3"
ERROR, WARNING, HINT, UNCHECKED = "#FEC7CF", "#FEEB9D", "#DCEBF8", "#E5DFED"
STOCK = "#FFC7CE"
"""What Excel offers for 差, and what marks were once made with."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The template as a user has it: filled in here and there, coloured, with notes of her own."""
    path = tmp_path / "自评表（终稿）.xlsx"
    book = openpyxl.load_workbook(data_folder("workbook_templates") / f"{EDITION}.xlsx")
    sheet = book[FORM]
    sheet["I13"], sheet["J13"] = 9.5, "跨年支付"
    sheet["I14"].fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.6))
    sheet["I15"].fill = GradientFill(stop=("FF0000", "00FF00"))
    sheet["I16"].fill = PatternFill("solid", fgColor="FFC7CE")
    sheet["I17"].comment = Comment("请科长看一下", "财务科")
    sheet["J30"].comment = Comment("【绩效自评】我自己写的", "财务科")
    book.save(path)
    return path


@pytest.fixture
def port(path: Path) -> FilePort:
    return FilePort.open(path)


def finding(*cells: str, severity: Severity = Severity.ERROR, code: str = "JX-203", **more: Any) -> Finding:
    places = tuple(Place(*cell.split("!")) if "!" in cell else Place(FORM, cell) for cell in cells)
    usual: dict[str, Any] = {"title": "不符", "message": "自评分与评分标准不符。", "remedy": "请核对。"}
    return Finding(code=code, severity=severity, places=places, **(usual | more))


SOME = (
    finding("I13", stated="9.5", expected="9.98", clause="第 3 项", points=Decimal("0.48")),
    finding("J13", "I13", severity=Severity.WARNING, code="JX-209"),
    finding("I14", "I15", "I16", "I17", severity=Severity.HINT, code="JX-401"),
    finding("B6", "基础数据!B7", severity=Severity.UNCHECKED, code="JX-104"),
    finding("基本信息!B7", code="JX-102", message="“联系电话”还没有填。", missing=True),
    finding(code="JX-501", severity=Severity.HINT, message="整张表的事。"),
)


def again(port: FilePort) -> FilePort:
    port.save()
    return FilePort.open(port.path)


def color(port: FilePort, cell: str, sheet: str = FORM) -> str | None:
    position = position_of(Place(sheet, cell))
    return plain_color(port.fills(sheet, [position])[position])


def note(port: FilePort, cell: str) -> str | None:
    return port.notes(FORM).get(position_of(Place(FORM, cell)))


def grid(port: FilePort) -> list[dict[str, Any]]:
    """The list below its header, by heading."""
    cells = port.cells(LIST)
    last = max(row for row, _ in cells)
    return [
        {name: cells.get((row, column), Cell()).raw for column, name in enumerate(HEADINGS, 1)}
        for row in range(HEADER_ROW + 1, last + 1)
    ]


def everything(port: FilePort) -> dict[str, Any]:
    """All that the user can see of every sheet, the software's own record left out."""
    seen: dict[str, Any] = {"names": dict(port.names()), "sheets": port.sheets()}
    for sheet in port.sheets():
        if sheet != SHEET:
            area = [(row, column) for row in range(1, 130) for column in range(1, 16)]
            seen[sheet] = (dict(port.cells(sheet)), dict(port.notes(sheet)), dict(port.fills(sheet, area)))
    return seen


def bordered(cell: Any) -> bool:
    return bool(cell.border.left and cell.border.left.style)


def resolved(path: Path) -> dict[str, Any]:
    """The looks of all cells and rows as openpyxl sees them; a cell that holds and shows nothing is none."""
    looks: dict[str, Any] = {}
    for sheet in openpyxl.load_workbook(path):
        if sheet.title == SHEET:
            continue
        looks[sheet.title, "merges"] = sorted(map(str, sheet.merged_cells.ranges))
        looks[sheet.title, "filter"] = sheet.auto_filter.ref
        if sheet.title != LIST:
            looks[sheet.title, "rows"] = {
                row: (one.height, one.customHeight) for row, one in sheet.row_dimensions.items()
            }
        for line in sheet.iter_rows():
            for cell in line:
                drawn = cell.has_style and (cell.fill.fill_type or bordered(cell))
                if drawn or cell.value is not None:
                    looks[sheet.title, cell.coordinate] = [
                        repr(part)
                        for part in (
                            cell.value, cell.fill, cell.font, cell.border, cell.alignment,
                            cell.number_format, cell.protection, cell.hyperlink,
                        )
                    ]  # fmt: skip
    return looks


# ---- marks


def test_a_cell_gets_the_fill_of_its_gravest_finding_and_a_note_with_all(port: FilePort) -> None:
    assert write_marks(port, RUBRIC, SOME) == []
    port = again(port)
    cells = ("I13", "J13", "I14", "I15", "I17", "B6")
    assert [color(port, cell) for cell in cells] == [ERROR, WARNING, HINT, HINT, HINT, UNCHECKED]
    assert color(port, "B7", "基础数据") == UNCHECKED
    assert note(port, "I13") == (
        "【绩效自评 校验】\n[错误 JX-203] 不符：自评分与评分标准不符。依据：第 3 项。请核对。\n"
        "[警告 JX-209] 不符：自评分与评分标准不符。请核对。"
    )


def test_marking_changes_no_value_and_no_format_but_the_fill(path: Path, port: FilePort) -> None:
    before, cells = resolved(path), dict(port.cells(FORM))
    write_marks(port, RUBRIC, SOME)
    assert dict(again(port).cells(FORM)) == cells
    after = resolved(path)
    fill = 1
    for key, looks in before.items():
        if key[0] != LIST:
            changed = (
                {n for n, look in enumerate(looks) if look != after[key][n]} if key[1][-1].isdigit() else {}
            )
            assert set(changed) <= {fill}, key


def test_clearing_leaves_everything_as_it_was(path: Path, port: FilePort) -> None:
    before, looks = everything(port), resolved(path)
    write_marks(port, RUBRIC, SOME)
    port = again(port)
    assert everything(port) != before
    assert clear_marks(port) == 9
    port = again(port)
    assert everything(port) == before
    assert resolved(path) == looks
    assert openpyxl.load_workbook(path)[LIST].row_dimensions[2].height == 26
    assert not Ledger(port).records("mark") and not Ledger(port).records("summary")
    assert clear_marks(port) == 0


def test_checking_twice_is_checking_once(path: Path, port: FilePort) -> None:
    write_marks(port, RUBRIC, SOME)
    port = again(port)
    once = read_parts(path)
    write_marks(port, RUBRIC, SOME)
    again(port)
    assert read_parts(path) == once


def test_checking_after_clearing_gives_the_same_parts(path: Path, port: FilePort) -> None:
    write_marks(port, RUBRIC, SOME)
    port = again(port)
    once = read_parts(path)
    clear_marks(port)
    port = again(port)
    write_marks(port, RUBRIC, SOME)
    again(port)
    twice = read_parts(path)
    assert list(twice) == list(once)
    assert {name for name in once if once[name] != twice[name]} <= {"xl/styles.xml"}, "formats are only added"


def test_a_cell_no_longer_in_question_is_clean_again(port: FilePort) -> None:
    was = port.fills(FORM, [(13, 9), (13, 10)])
    write_marks(port, RUBRIC, [finding("I13"), finding("J13")])
    port = again(port)
    write_marks(port, RUBRIC, [finding("J13", severity=Severity.HINT, message="别的话。")])
    port = again(port)
    assert (color(port, "J13"), note(port, "I13")) == (HINT, None)
    assert port.fills(FORM, [(13, 9)])[13, 9] == was[13, 9]
    assert "别的话" in (note(port, "J13") or "")
    clear_marks(port)
    assert again(port).fills(FORM, list(was)) == was


def test_a_note_of_the_users_is_never_touched(port: FilePort) -> None:
    write_marks(port, RUBRIC, [finding("I17", "J30")])
    port = again(port)
    assert (note(port, "I17"), note(port, "J30")) == ("请科长看一下", "【绩效自评】我自己写的")
    assert (color(port, "I17"), color(port, "J30")) == (ERROR, ERROR)
    assert clear_marks(port) == 2
    port = again(port)
    assert (note(port, "I17"), note(port, "J30")) == ("请科长看一下", "【绩效自评】我自己写的")
    assert color(port, "I17") == "#FFF9DB"


def test_a_fill_that_the_user_gave_a_marked_cell_since_is_hers(port: FilePort) -> None:
    write_marks(port, RUBRIC, [finding("I13", "I18")])
    port = again(port)
    port.paint(FORM, {(13, 9): "#00B0F0", (18, 9): ""})
    port = again(port)
    write_marks(port, RUBRIC, [finding("I13", "I18", severity=Severity.WARNING)])
    assert (color(port, "I13"), color(port, "I18")) == (WARNING, WARNING)
    port = again(port)
    assert clear_marks(port) == 2
    port = again(port)
    assert (color(port, "I13"), color(port, "I18")) == ("#00B0F0", "")
    assert clear_marks(port) == 0


def copied(port: FilePort, source: Position, target: tuple[str, Position]) -> None:
    """What copying a marked cell does to another: fill and note come along, no record does."""
    sheet, position = target
    port.paint(sheet, {position: port.fills(FORM, [source])[source]})
    port.add_notes(sheet, {position: port.notes(FORM)[source]})


def test_a_copied_mark_is_taken_away_too(port: FilePort) -> None:
    was = port.fills(FORM, [(14, 9), (18, 9), (19, 9)]) | port.fills("基础数据", [(30, 20)])
    write_marks(port, RUBRIC, [finding("I14", "I18")])
    copied(port, (18, 9), (FORM, (19, 9)))
    copied(port, (18, 9), ("基础数据", (30, 20)))
    port = again(port)
    assert clear_marks(port) == 4
    port = again(port)
    assert port.fills(FORM, [(14, 9), (18, 9), (19, 9)]) == {cell: was[cell] for cell in list(was)[:3]}
    assert not any(
        text.startswith(FIRST_LINE) for sheet in port.sheets() for text in port.notes(sheet).values()
    )


def test_a_copied_mark_without_any_record_loses_our_colour_and_no_other(port: FilePort) -> None:
    write_marks(port, RUBRIC, [finding("I18")])
    copied(port, (18, 9), (FORM, (19, 9)))
    copied(port, (18, 9), (FORM, (20, 9)))
    port.paint(FORM, {(20, 9): "#00B0F0"})
    Ledger(port).keep("mark", [])
    clear_marks(port)
    assert [color(port, cell) for cell in ("I18", "I19", "I20")] == ["", "", "#00B0F0"]
    assert color(port, "I16") == STOCK, "the user's own"


def test_of_a_merged_area_only_the_visible_cell_is_marked(port: FilePort) -> None:
    area = next(str(one) for one in openpyxl.load_workbook(port.path)[FORM].merged_cells.ranges)
    first, last = area.split(":")
    before = color(port, last)
    write_marks(port, RUBRIC, [finding(first, last), finding(last, code="JX-999")])
    assert (color(port, first), color(port, last)) == (ERROR, before)
    assert note(port, last) is None and "JX-999" not in (note(port, first) or "")


def test_places_that_are_no_cell_of_the_form_are_only_listed(port: FilePort) -> None:
    places = ("没有这张表!A1", f"{LIST}!A1", f"{SHEET}!A1")
    write_marks(port, RUBRIC, [finding(*places), finding(severity=Severity.HINT)])
    assert not Ledger(port).records("mark")
    assert grid(port)[1]["位置"] == "没有这张表!A1、 校验结果!A1、 _jixiao!A1"
    assert grid(port)[2]["位置"] == "整张表"


def test_what_somebody_typed_into_the_record_does_no_harm(port: FilePort) -> None:
    write_marks(port, RUBRIC, [finding("I18")])
    kept = Ledger(port).records("mark")
    Ledger(port).keep("mark", [*kept, Record("mark", Place(FORM, "I19"), "随便写的")])
    assert clear_marks(again(port)) == 1


def test_characters_that_no_note_can_hold_are_shown_as_boxes(port: FilePort) -> None:
    write_marks(port, RUBRIC, [finding("I18", message="填的是“甲\x0b乙”。", stated="甲\x0b乙")])
    port = again(port)
    assert "甲□乙" in (note(port, "I18") or "")
    assert grid(port)[1]["原填"] == "甲□乙"


def test_a_note_too_long_points_to_the_list(port: FilePort) -> None:
    write_marks(port, RUBRIC, [finding("I18", message=f"第 {n} 条。" + "长" * 900) for n in range(60)])
    text = note(again(port), "I18") or ""
    assert len(text) < 32_767 and text.endswith("其余见“校验结果”。")
    assert grid(port)[0]["序号"] == "问题（60 项）"


def with_rows_inserted(port: FilePort, below: int, count: int, **colors: str) -> FilePort:
    """What inserting rows does: each new cell looks like the one above it, and nothing but that.

    ``colors`` are those that the cells of the row must have by then, by column.
    """
    port.save()
    insert_rows(port.path, FORM, below + 1, count)
    port = FilePort.open(port.path)
    assert {column: color(port, f"{column}{below}") for column in colors} == colors
    above = port.fills(FORM, [(below, column) for column in range(1, 11)])
    new = range(below + 1, below + 1 + count)
    port.paint(FORM, {(row, column): fill for (_, column), fill in above.items() for row in new})
    return again(port)


def row_fills(port: FilePort, row: int) -> Mapping[int, str]:
    return {column: fill for (_, column), fill in port.fills(FORM, [(row, n) for n in range(1, 11)]).items()}


MARKED = (
    finding("I13", "I14", "J30"),
    finding("J14", severity=Severity.WARNING),
    finding("H14", severity=Severity.HINT),
    finding("G14", severity=Severity.UNCHECKED),
)


def test_rows_inserted_below_a_mark_are_clean_after_clearing(port: FilePort) -> None:
    was, user = row_fills(port, 14), row_fills(port, 16)
    write_marks(port, RUBRIC, MARKED)
    port = with_rows_inserted(port, 14, 2, I=ERROR, J=WARNING, H=HINT, G=UNCHECKED)
    assert [color(port, f"{column}16") for column in "IJHG"] == [ERROR, WARNING, HINT, UNCHECKED]
    assert clear_marks(port) == 6 + 2 * 4
    port = again(port)
    assert [row_fills(port, row) for row in (14, 15, 16)] == [was] * 3
    assert row_fills(port, 18) == user and color(port, "I18") == STOCK
    assert clear_marks(port) == 0
    assert not port.changed


def test_rows_inserted_below_a_mark_are_clean_at_the_next_check(port: FilePort) -> None:
    was = row_fills(port, 14)
    write_marks(port, RUBRIC, MARKED)
    port = with_rows_inserted(port, 14, 2, I=ERROR)
    write_marks(port, RUBRIC, [*MARKED, finding("I16", severity=Severity.HINT)])
    port = again(port)
    assert row_fills(port, 15) == was
    assert [color(port, cell) for cell in ("I14", "J14", "I16")] == [ERROR, WARNING, HINT]
    once = read_parts(port.path)
    write_marks(port, RUBRIC, [*MARKED, finding("I16", severity=Severity.HINT)])
    assert read_parts(again(port).path) == once
    clear_marks(port)
    port = again(port)
    assert [row_fills(port, row) for row in (14, 15, 16)] == [was] * 3


def test_an_inserted_row_with_the_note_and_one_with_a_note_of_the_users(port: FilePort) -> None:
    was = row_fills(port, 14)
    write_marks(port, RUBRIC, MARKED)
    port = with_rows_inserted(port, 14, 2, I=ERROR)
    port.add_notes(FORM, {(15, 9): port.notes(FORM)[14, 9], (16, 9): "新加的一行"})
    port = again(port)
    clear_marks(port)
    port = again(port)
    assert [row_fills(port, row) for row in (14, 15, 16)] == [was] * 3
    assert (note(port, "I15"), note(port, "I16")) == (None, "新加的一行")


def test_the_colour_alone_is_taken_away_where_no_record_tells(port: FilePort) -> None:
    port.paint(FORM, {(18, 9): ERROR, (19, 9): STOCK, (20, 9): ERROR.lower()})
    port.paint("基础数据", {(300, 20): WARNING})
    port = again(port)
    assert clear_marks(port) == 3
    port = again(port)
    assert [color(port, cell) for cell in ("I18", "I19", "I20", "I16")] == ["", STOCK, "", STOCK]
    assert color(port, "T300", "基础数据") == ""


def test_a_mark_painted_over_with_another_of_our_colours_is_still_a_mark(port: FilePort) -> None:
    was = port.fills(FORM, [(14, 9)])
    write_marks(port, RUBRIC, [finding("I14"), finding("I18", severity=Severity.HINT)])
    port.paint(FORM, {(14, 9): HINT})
    port = again(port)
    clear_marks(port)
    assert again(port).fills(FORM, [(14, 9)]) == was


def test_marks_in_the_former_colours_are_cleared_by_their_records(port: FilePort) -> None:
    was = port.fills(FORM, [(13, 9), (14, 9), (15, 9)])
    write_marks(port, RUBRIC, [finding("I13", "I14")])
    records = Ledger(port).records("mark")
    Ledger(port).keep(
        "mark", [msgspec.structs.replace(one, data=one.data.replace(ERROR, STOCK)) for one in records]
    )
    port.paint(FORM, {(13, 9): STOCK, (14, 9): STOCK, (15, 9): STOCK})
    port = again(port)
    assert clear_marks(port) == 2
    port = again(port)
    assert port.fills(FORM, [(13, 9), (14, 9)]) == {cell: was[cell] for cell in ((13, 9), (14, 9))}
    assert (color(port, "I15"), color(port, "I16")) == (STOCK, STOCK), "no mark: no record, no note of ours"


def in_libreoffice(port: FilePort, folder: Path, change: str) -> FilePort:
    """The workbook after a change to its form, made and saved by LibreOffice."""
    port.save()
    target = folder / "LibreOffice.xlsx"
    script = Path(__file__).with_name("in_libreoffice.py")
    change = f"sheet = doc.Sheets.getByName({FORM!r})\n{change}"
    subprocess.run(
        [SYSTEM_PYTHON, script, port.path, target, folder / "lo", change],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return FilePort.open(target)


needs_libreoffice = pytest.mark.skipif(
    subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode != 0
    or shutil.which("soffice") is None,
    reason="LibreOffice is not installed",
)


@pytest.mark.live
@needs_libreoffice
def test_marks_move_with_rows_inserted_by_another_program(port: FilePort, tmp_path: Path) -> None:
    """Rows are inserted, one is copied with its mark, one deleted; the program writes fills its own way."""
    cells = [(row, 9) for row in range(13, 31)]
    was = {cell: plain_color(fill) for cell, fill in port.fills(FORM, cells).items()}
    write_marks(port, RUBRIC, [finding("I13", "I18", "I19", "J20")])
    change = (
        "sheet.Rows.removeByIndex(18, 1)\n"
        "sheet.Rows.insertByIndex(14, 2)\n"
        "sheet.copyRange(sheet.getCellRangeByName('I15').CellAddress,"
        " sheet.getCellRangeByName('I20').RangeAddress)\n"
    )
    port = in_libreoffice(port, tmp_path, change)
    assert [color(port, cell) for cell in ("I13", "I15", "I20", "J21")] == [ERROR] * 4
    assert clear_marks(port) == 4
    port = again(port)
    assert not any(text.startswith(FIRST_LINE) for text in port.notes(FORM).values())
    assert [color(port, cell) for cell in ("I13", "I15", "I20", "J21")] == [was[13, 9]] * 4


@pytest.mark.live
@needs_libreoffice
def test_rows_inserted_below_a_mark_by_another_program_are_clean_after_clearing(
    port: FilePort, tmp_path: Path
) -> None:
    cells = [f"{column}{row}" for column in "GHIJ" for row in (13, 18)]
    was = {cell: color(port, cell) for cell in cells}
    write_marks(port, RUBRIC, [finding(*cells[:4]), finding(*cells[4:], severity=Severity.HINT)])
    port = in_libreoffice(
        port, tmp_path, "sheet.Rows.insertByIndex(18, 3)\nsheet.Rows.insertByIndex(13, 2)\n"
    )
    assert [color(port, cell) for cell in ("G14", "H15", "I14", "J23")] == [ERROR, ERROR, HINT, HINT]
    clear_marks(port)
    port = again(port)
    for column in "GHIJ":
        assert {color(port, f"{column}{row}") for row in (13, 14, 15)} == {was[f"{column}13"]}
        assert {color(port, f"{column}{row}") for row in (20, 21, 22, 23)} == {was[f"{column}18"]}
    assert color(port, "I18") == STOCK
    assert clear_marks(port) == 0


# ---- the list


def test_the_list_opens_with_what_is_missing_and_tells_everything(port: FilePort) -> None:
    write_marks(port, RUBRIC, SOME)
    port = again(port)
    rows = grid(port)
    assert [row["序号"] for row in rows] == [
        "还差什么（1 项，填好才能上报）", Decimal(1), "其他问题（5 项）", *map(Decimal, range(2, 7)),
    ]  # fmt: skip
    assert rows[1] == {
        "序号": Decimal(1), "级别": "错误", "位置": "基本信息!B7", "问题": "“联系电话”还没有填。",
        "原填": None, "应为": None, "依据条款": None, "怎么改": "请核对。", "涉及分值": None,
        "编号": "JX-102",
    }  # fmt: skip
    assert rows[3] == {
        "序号": Decimal(2), "级别": "错误", "位置": "自评表!I13", "问题": "自评分与评分标准不符。",
        "原填": "9.5", "应为": "9.98", "依据条款": "第 3 项", "怎么改": "请核对。",
        "涉及分值": Decimal("0.48"), "编号": "JX-203",
    }  # fmt: skip
    summary = port.cells(LIST)[SUMMARY_AT].raw
    assert summary == (
        "错误 2 · 警告 1 · 提示 2 · 未检查 1　　还差 1 项，填好才能上报。"
        "　　评分规则：广州市部门整体支出绩效自评表（2023年度） 2023.1 版"
    )


@pytest.mark.parametrize(
    ("found", "verdict", "first"),
    [
        ((), "没有缺项，没有错误。", "没有发现问题。"),
        ((finding("I13"),), "没有缺项，请改正错误后再上报。", "问题（1 项）"),
        ((finding("I13", severity=Severity.WARNING),), "没有缺项，没有错误。", "问题（1 项）"),
        ((finding("I13", missing=True),), "还差 1 项，填好才能上报。", "还差什么（1 项，填好才能上报）"),
    ],
)
def test_the_summary_says_how_things_stand(
    port: FilePort, found: tuple[Finding, ...], verdict: str, first: str
) -> None:
    write_marks(port, RUBRIC, found)
    assert verdict in str(port.cells(LIST)[SUMMARY_AT].raw)
    assert grid(port)[0]["序号"] == first
    assert len(grid(port)) == len(found) + 1


def test_a_link_leads_to_the_first_place_and_shows_all(port: FilePort) -> None:
    port.add_sheet('甲\'s "表"')
    found = [finding("I13", "J13", "基础数据!B7", "基础数据!B9"), finding('甲\'s "表"!C3')]
    write_marks(port, RUBRIC, found)
    cells = again(port).cells(LIST)
    text = "自评表!I13、 J13、 基础数据!B7、 B9"
    assert cells[5, 3] == Cell(text, f'HYPERLINK("#\'自评表\'!I13","{text}")')
    assert cells[6, 3].formula == 'HYPERLINK("#\'甲\'\'s ""表""\'!C3","甲\'s ""表""!C3")'
    assert cells[6, 3].raw == '甲\'s "表"!C3'


def test_no_list_of_places_is_cut_and_no_link_is_too_long(port: FilePort) -> None:
    places = [f"基础数据!{letter}{row}" for row in range(1, 80) for letter in "BCDE"]
    write_marks(port, RUBRIC, [finding(*places, severity=Severity.UNCHECKED, code="JX-104")])
    rows = grid(again(port))[1:]
    told = [cell.removeprefix("基础数据!") for row in rows for cell in row["位置"].split("、 ")]
    assert [f"基础数据!{cell}" for cell in told] == places
    assert all(len(row["位置"]) <= 255 for row in rows)
    assert {(row["序号"], row["级别"], row["编号"]) for row in rows} == {(Decimal(1), "未检查", "JX-104")}
    assert [row["问题"] for row in rows][1:] == ["（接上行）"] * (len(rows) - 1)


def test_no_text_is_cut_however_long(path: Path, port: FilePort) -> None:
    long = "".join(f"第{n}句，说明来由和算法。" for n in range(400))
    write_marks(port, RUBRIC, [finding("I13", message=long, expected="=" * 700)])
    port = again(port)
    rows = grid(port)[1:]
    assert "".join(row["问题"].removeprefix("（接上行）") for row in rows) == long
    assert "".join(row["应为"] or "" for row in rows) == "=" * 700
    lines, widths = openpyxl.load_workbook(path)[LIST].row_dimensions, port.widths(LIST)
    for number, row in enumerate(rows, HEADER_ROW + 2):
        needs = [
            text_height(str(text), [widths[column]], 10.5)
            for column, text in enumerate(row.values(), 1)
            if text is not None
        ]
        assert max(needs) <= lines[number].height <= TALLEST + 20 < 409


def test_a_finding_stands_below_its_cause(port: FilePort) -> None:
    found = [
        finding("I13", code="JX-1", subject="a", message="因一"),
        finding("I14", code="JX-1", subject="b", message="因二"),
        finding("I15", code="JX-2", subject="c", caused_by="JX-1", cause="a", message="果一"),
        finding("I16", code="JX-3", subject="d", caused_by="JX-2", cause="c", message="果之果"),
        finding("I17", code="JX-2", subject="e", caused_by="JX-1", cause="b", message="果二"),
        finding("I18", code="JX-4", caused_by="JX-9", cause="x", message="因不在"),
        finding("I19", code="JX-5", caused_by="JX-1", message="只说编号"),
    ]
    write_marks(port, RUBRIC, found)
    told = [row["问题"] for row in grid(port)[1:]]
    assert told == ["因一", "↳ 果一", "↳ 果之果", "↳ 只说编号", "因二", "↳ 果二", "因不在"]


def test_what_is_missing_stays_among_the_missing_and_a_circle_loses_nothing(port: FilePort) -> None:
    found = [
        finding("I13", code="JX-1", message="因"),
        finding("I14", code="JX-2", caused_by="JX-1", message="缺", missing=True),
        finding("I15", code="JX-3", caused_by="JX-2", message="随缺"),
        finding("I16", code="JX-4", caused_by="JX-5", message="圈一"),
        finding("I17", code="JX-5", caused_by="JX-4", message="圈二"),
        finding("I18", code="JX-6", caused_by="JX-6", message="自因"),
    ]
    write_marks(port, RUBRIC, found)
    told = [(row["序号"] if row["级别"] is None else row["问题"]) for row in grid(port)]
    assert told == [
        "还差什么（1 项，填好才能上报）", "缺", "↳ 随缺", "其他问题（4 项）", "因", "圈一", "↳ 圈二", "自因",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "'甲"])
def test_no_text_becomes_a_formula(port: FilePort, text: str) -> None:
    told = finding("I13", message=text, stated=text, expected=text, clause=text, remedy=text)
    write_marks(port, RUBRIC, [told])
    cells = again(port).cells(LIST)
    assert [(cells[5, column].raw, cells[5, column].formula) for column in range(4, 9)] == [(text, "")] * 5


def test_points_of_any_length_are_numbers(port: FilePort) -> None:
    write_marks(port, RUBRIC, [finding("I13", points=Decimal(1) / 3), finding("I14", points=Decimal(0))])
    assert [row["涉及分值"] for row in grid(again(port))[1:]] == [Decimal("0.333333333333333"), 0]


def test_a_shorter_list_leaves_nothing_of_the_longer(path: Path, port: FilePort) -> None:
    write_marks(port, RUBRIC, [finding(f"I{row}", message="长" * 300) for row in range(10, 36)])
    port = again(port)
    write_marks(port, RUBRIC, [finding("I13")])
    again(port)
    sheet = openpyxl.load_workbook(path)[LIST]
    assert [row for row, line in sheet.row_dimensions.items() if line.height and row > 5] == []
    for line in sheet.iter_rows(min_row=6):
        for cell in line:
            assert (cell.value, cell.fill.fill_type, bordered(cell)) == (None, None, False)


def test_a_list_longer_than_the_filter_is_written_whole(port: FilePort) -> None:
    write_marks(port, RUBRIC, [finding(f"基础数据!B{row}") for row in range(1, 1201)])
    assert len(grid(again(port))) == 1201


def test_what_the_user_wrote_beside_and_below_the_list_stays(port: FilePort) -> None:
    write_marks(port, RUBRIC, [finding("I13")])
    mine = [Edit(5, 11, "已改"), Edit(7, 1, "张三已看过"), Edit(7, 4, "周五前改完")]
    port.write(LIST, mine)
    port = again(port)
    write_marks(port, RUBRIC, [finding(f"I{row}") for row in range(13, 20)])
    cells = again(port).cells(LIST)
    assert [cells[edit.row, edit.column].raw for edit in mine] == ["已改", "张三已看过", "周五前改完"]
    assert [cells[row, 1].raw for row in (6, 8, 11)] == [Decimal(2), Decimal(3), Decimal(6)]
    clear_marks(port)
    cells = again(port).cells(LIST)
    assert {(row, column) for row, column in cells if row > HEADER_ROW} == {(5, 11), (7, 1), (7, 4)}


def test_moved_and_hidden_columns_are_respected(path: Path, port: FilePort) -> None:
    port.write(LIST, [Edit(3, 4, "依据条款"), Edit(3, 7, "问题")])
    port.save()
    book = openpyxl.load_workbook(path)
    book[LIST].column_dimensions["D"].hidden = True
    book.save(path)
    port = FilePort.open(path)
    write_marks(port, RUBRIC, [finding("I13", clause="条" * 500)])
    cells = again(port).cells(LIST)
    assert (cells[5, 4].raw, cells[5, 7].raw) == ("条" * 500, "自评分与评分标准不符。")
    height = openpyxl.load_workbook(path)[LIST].row_dimensions[5].height
    assert height is not None and height < 100, "a column that nobody sees needs no room"


def test_a_heading_that_is_gone_is_told(port: FilePort) -> None:
    port.write(LIST, [Edit(3, 6, "我的备注"), Edit(3, 9)])
    said = write_marks(port, RUBRIC, [finding("I13", expected="10")])
    assert said == ["“校验结果”的表头里找不到：应为、涉及分值，没有写入这几列。"]
    assert (5, 6) not in port.cells(LIST)


def without(path: Path, *, sheet: str = "", names: Iterable[str] = ()) -> FilePort:
    book = openpyxl.load_workbook(path)
    if sheet:
        del book[sheet]
    for name in names:
        del book.defined_names[name]
    book.save(path)
    return FilePort.open(path)


def test_without_the_sheet_the_marks_are_made_all_the_same(path: Path, port: FilePort) -> None:
    before = everything(without(path, sheet=LIST))
    port = FilePort.open(path)
    said = write_marks(port, RUBRIC, SOME)
    assert len(said) == 1 and "清单没有写入" in said[0]
    assert LIST not in port.sheets() and color(port, "I13") == ERROR
    port = again(port)
    assert clear_marks(port) == 9
    assert everything(again(port)) == before


def test_without_the_summary_the_list_is_written(path: Path) -> None:
    port = without(path, names=["jx.summary"])
    first = port.cells(LIST)[SUMMARY_AT].raw
    said = write_marks(port, RUBRIC, SOME)
    assert len(said) == 1 and "小结没有写入" in said[0]
    assert len(grid(port)) == len(SOME) + 2
    clear_marks(port)
    assert port.cells(LIST)[SUMMARY_AT].raw == first


def test_a_list_that_cannot_be_written_is_told_and_the_marks_stand(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book[LIST].merge_cells("C4:E6")
    book.save(path)
    port = FilePort.open(path)
    said = write_marks(port, RUBRIC, SOME)
    assert len(said) == 1 and "校验结果" in said[0] and "合并单元格" in said[0]
    assert color(port, "I13") == ERROR


def test_a_long_summary_gets_room_and_gives_it_back(path: Path, port: FilePort) -> None:
    long = msgspec.structs.replace(RUBRIC, title="很长的规则名称" * 40)
    write_marks(port, long, SOME)
    again(port)
    assert openpyxl.load_workbook(path)[LIST].row_dimensions[2].height > 50
    clear_marks(port)
    again(port)
    assert openpyxl.load_workbook(path)[LIST].row_dimensions[2].height == 26
