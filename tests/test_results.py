"""计算得分 fills what is empty and replaces only what it may; 撤销计算 gives the unit its own word back."""

from __future__ import annotations

import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from altered_forms import insert_rows, rename_sheet
from jixiao.filing.model import Place, Raw
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.rubric.model import walk
from jixiao.scoring.score import score
from jixiao.workbook.bound import Bindings
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.ledger import SHEET, Ledger
from jixiao.workbook.own_list import open_list
from jixiao.workbook.port import Cell, Edit, Port
from jixiao.workbook.reading import read_filing
from jixiao.workbook.scores.analysis_table import OURS
from jixiao.workbook.scores.outcome import Undone, Written
from jixiao.workbook.scores.records import KIND
from jixiao.workbook.scores.replaced_list import HEADINGS
from jixiao.workbook.scores.results import undo_scores, write_scores
from jixiao.workbook.typed import Typed
from rich_workbook import read_parts

RUBRIC = load_rubric("guangzhou-2023")
MORNING = dt.datetime(2026, 11, 21, 10, 3)
LATER = dt.datetime(2026, 11, 22, 16, 45)
RATE = "score.execution_rate"
INPUTS: dict[str, Raw] = {
    "unit.name": "某某局",
    "unit.year": Decimal(2023),
    "expenditure.general.adjusted": Decimal("603.17"),
    "expenditure.general.actual": Decimal("602.05"),  # 99.81%，10 分得 9.98
    "expenditure.three_public.adjusted": Decimal(10),
    "expenditure.three_public.actual": Decimal(9),  # 不超，得满分
}
ROW = {"name": "培训人次", "target": "≥80", "actual": "70", "weight": Decimal(10)}  # 87.5%，8.75 分


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "2023年自评表（终稿）.xlsx"
    shutil.copy(data_folder("workbook_templates") / "guangzhou-2023.xlsx", file)
    fill(file, INPUTS)
    fill_row(file, "benefit", 1, ROW)
    return file


def fill(path: Path, values: dict[str, Raw], *, formula: str = "") -> None:
    port = FilePort.open(path)
    for name, value in values.items():
        where = Bindings(port)[name]
        assert where, name
        port.write(where.sheet, [Edit(*where.position, value, formula)])
    port.save()


def fill_row(path: Path, block: str, number: int, values: dict[str, Raw]) -> None:
    port = FilePort.open(path)
    for column, value in values.items():
        head = Bindings(port)[f"column.{block}.{column}"]
        assert head
        port.write(head.sheet, [Edit(head.area.top + number, head.area.left, value)])
    port.save()


def computed(path: Path, *, overwrite: bool = False, when: dt.datetime = MORNING) -> Written:
    port = FilePort.open(path)
    filing = read_filing(port, RUBRIC)
    written = write_scores(port, RUBRIC, filing, score(RUBRIC, filing), overwrite=overwrite, when=when)
    port.save()
    return written


def undone(path: Path) -> Undone:
    port = FilePort.open(path)
    result = undo_scores(port, RUBRIC)
    port.save()
    return result


def cell(path: Path, name: str) -> Cell:
    port = FilePort.open(path)
    where = Bindings(port)[name]
    assert where
    return port.cells(where.sheet).get(where.position, Cell())


def row_score(path: Path, block: str, number: int) -> Raw:
    port = FilePort.open(path)
    head = Bindings(port)[f"column.{block}.score"]
    assert head
    return port.cells(head.sheet).get((head.area.top + number, head.area.left), Cell()).raw


def content(path: Path) -> dict[str, dict[tuple[int, int], tuple[Raw, str]]]:
    """All values and formulas of the sheets that the user sees; what formulas show follows from them."""
    port = FilePort.open(path)
    return {
        sheet: {
            position: (None if one.formula else one.raw, one.formula)
            for position, one in port.cells(sheet).items()
            if one.formula or one.error or one.raw not in (None, "")
        }
        for sheet in port.sheets()
        if sheet != SHEET
    }


def replaced_rows(port: Port) -> list[dict[str, Raw]]:
    own = open_list(port, "replaced", HEADINGS)
    assert own
    rows = range(own.area.top + 1, own.last_row + 1)
    lines = [{heading: own.raw(row, heading) for heading in HEADINGS} for row in rows]
    return [line for line in lines if any(value is not None for value in line.values())]


def analysis_line(port: Port, name: str) -> dict[str, Raw]:
    own = open_list(port, "analysis", ("指标", *OURS))
    assert own
    rows = range(own.area.top + 1, own.last_row + 1)
    row = next(row for row in rows if own.raw(row, "指标") == name)
    return {heading: own.raw(row, heading) for heading in OURS}


NAMES = {indicator.id: indicator.name for _, indicator in walk(RUBRIC.levels)}


# ---------------------------------------------------------------- filling


def test_empty_cells_get_what_was_computed_and_nothing_else(path: Path) -> None:
    fill(path, {"score.system": Decimal(5)})
    written = computed(path)
    assert cell(path, RATE).raw == Decimal("9.98")
    assert cell(path, "score.three_public").raw == Decimal(2)
    assert row_score(path, "benefit", 1) == Decimal("8.75")
    assert cell(path, "score.benefit").raw == Decimal("8.75")
    assert cell(path, "score.system").raw == Decimal(5), "未核的照单位填的留着"
    assert cell(path, "score.stocktake").raw is None, "未填的留空"
    assert {one.place.cell for one in written.filled} >= {"I13", "I12", "I36"}
    assert (written.replaced, written.differing, written.formulas, written.notes) == ((), (), (), ())


def test_a_declared_score_that_differs_is_listed_and_stays(path: Path) -> None:
    fill(path, {RATE: Decimal("9.5")})
    written = computed(path)
    assert cell(path, RATE).raw == Decimal("9.5")
    (one,) = written.differing
    assert (one.name, one.place, one.declared, one.computed) == (
        NAMES["execution_rate"],
        Place("自评表", "I13"),
        Decimal("9.5"),
        Decimal("9.98"),
    )
    assert f"自评表!I13（{one.name}）：自评 9.5，计算 9.98" in written.lines()


def test_a_declared_score_that_agrees_is_left_as_it_was_typed(path: Path) -> None:
    fill(path, {RATE: "９.98 分"})
    written = computed(path, overwrite=True)
    assert cell(path, RATE).raw == "９.98 分"
    assert (written.replaced, written.differing) == ((), ())


def test_told_to_overwrite_it_replaces_and_says_what_stood_there(path: Path) -> None:
    fill(path, {RATE: "9.5分"})
    written = computed(path, overwrite=True)
    assert cell(path, RATE).raw == Decimal("9.98")
    assert [one.typed for one in written.replaced] == ["9.5分"]
    port = FilePort.open(path)
    (line,) = replaced_rows(port)
    assert line | {"口径": "", "说明": ""} == {
        "序号": Decimal(1),
        "位置": "自评表!I13",
        "指标": NAMES["execution_rate"],
        "原自评分": "9.5分",
        "改为": Decimal("9.98"),
        "差额": Decimal("0.48"),
        "口径": "",
        "依据": "已计算",
        "时间": "2026-11-21 10:03",
        "说明": "",
    }
    assert "602.05÷603.17＝99.81%" in str(line["说明"])
    own = open_list(port, "replaced", HEADINGS)
    assert own
    link = own.cell(own.area.top + 1, "位置").formula
    assert link == 'HYPERLINK("#\'自评表\'!I13","自评表!I13")'


@pytest.mark.parametrize("typed", ["待定", "10.5分左右", dt.date(2023, 9, 5), True])
def test_what_cannot_be_read_as_a_score_is_replaced_only_when_told(path: Path, typed: Raw) -> None:
    fill(path, {RATE: typed})
    assert [one.declared for one in computed(path).differing] == [None]
    assert cell(path, RATE).raw == typed
    computed(path, overwrite=True)
    assert cell(path, RATE).raw == Decimal("9.98")
    undone(path)
    assert cell(path, RATE).raw == typed


def test_blanks_typed_into_a_cell_count_as_nothing_and_come_back(path: Path) -> None:
    fill(path, {RATE: "　 "})
    assert len(computed(path).differing) == 0
    assert cell(path, RATE).raw == Decimal("9.98")
    undone(path)
    assert cell(path, RATE).raw == "　 "


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_formula_of_the_user_is_kept_and_reported(path: Path, overwrite: bool) -> None:
    fill(path, {RATE: Decimal(9)}, formula="基础数据!D20/基础数据!C20*10-0.98")
    written = computed(path, overwrite=overwrite)
    assert cell(path, RATE).formula == "基础数据!D20/基础数据!C20*10-0.98"
    assert [one.place.cell for one in written.formulas] == ["I13"]
    assert all(one.place.cell != "I13" for one in (*written.filled, *written.replaced, *written.differing))
    undone(path)
    assert cell(path, RATE).formula == "基础数据!D20/基础数据!C20*10-0.98"


def test_an_error_value_is_left_and_told(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["自评表"]["I13"] = "#N/A"
    book["自评表"]["I13"].data_type = "e"
    book.save(path)
    written = computed(path, overwrite=True)
    assert cell(path, RATE).error == "#N/A"
    assert any("自评表!I13" in note and "#N/A" in note for note in written.notes)


def test_a_cell_merged_away_is_left_and_told(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["自评表"].merge_cells("H13:I13")
    book.save(path)
    written = computed(path)
    assert any("自评表!I13" in note and "合并" in note for note in written.notes)
    assert cell(path, "score.three_public").raw == Decimal(2)


def test_a_cell_shown_as_percentage_is_told(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book["自评表"]["I13"].number_format = "0%"
    book.save(path)
    assert any("自评表!I13 是百分比格式" in note for note in computed(path).notes)
    assert computed(path).filled == ()


def test_a_score_out_of_the_bounds_of_judgement_differs(path: Path) -> None:
    row: dict[str, Raw] = {
        "name": "群众获得感",
        "target": "定性",
        "weight": Decimal(10),
        "score": Decimal(12),
    }
    fill_row(path, "output", 1, row)
    assert [(one.declared, one.computed) for one in computed(path).differing] == [(12, 10)]


def test_without_its_score_column_a_block_is_not_written_into(path: Path) -> None:
    port = FilePort.open(path)
    port.remove_names(["jx.column.benefit.score"])
    port.save()
    before = content(path)["绩效目标完成情况"]
    computed(path, overwrite=True)
    assert content(path)["绩效目标完成情况"] == before


# ---------------------------------------------------------------- again and again


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_second_run_leaves_every_byte(path: Path, overwrite: bool) -> None:
    fill(path, {RATE: "9.5分", "score.system": Decimal(5)})
    computed(path, overwrite=overwrite)
    once = read_parts(path)
    computed(path, overwrite=overwrite, when=LATER)
    assert read_parts(path) == once


def test_a_score_of_ours_follows_the_inputs(path: Path) -> None:
    computed(path)
    fill(path, {"expenditure.general.actual": Decimal("500")})
    written = computed(path, when=LATER)
    assert cell(path, RATE).raw == Decimal("8.29")
    assert [one.place.cell for one in written.filled] == ["I13"]
    undone(path)
    assert cell(path, RATE).raw is None


def test_a_score_of_ours_that_has_lost_its_inputs_is_told(path: Path) -> None:
    computed(path)
    fill(path, {"expenditure.general.actual": None})
    assert any("自评表!I13" in note and "9.98" in note for note in computed(path).notes)


def test_a_replaced_score_is_replaced_again_only_when_told_and_the_first_word_is_kept(path: Path) -> None:
    fill(path, {RATE: "9.5分"})
    computed(path, overwrite=True)
    fill(path, {"expenditure.general.actual": Decimal("500")})
    assert [one.computed for one in computed(path).differing] == [Decimal("8.29")]
    computed(path, overwrite=True, when=LATER)
    (line,) = replaced_rows(FilePort.open(path))
    assert (line["原自评分"], line["改为"], line["时间"]) == ("9.5分", Decimal("8.29"), "2026-11-22 16:45")
    undone(path)
    assert cell(path, RATE).raw == "9.5分"


def test_when_the_computed_score_becomes_the_units_own_the_list_forgets_it(path: Path) -> None:
    fill(path, {RATE: Decimal("8.29")})
    computed(path, overwrite=True)
    fill(path, {"expenditure.general.actual": Decimal("500")})
    computed(path, overwrite=True)
    assert cell(path, RATE).raw == Decimal("8.29")
    assert replaced_rows(FilePort.open(path)) == []


def test_what_the_user_typed_after_us_is_the_units_word_from_then_on(path: Path) -> None:
    fill(path, {RATE: Decimal("9.5")})
    computed(path, overwrite=True)
    fill(path, {RATE: Decimal(7)})
    computed(path, overwrite=True)
    assert cell(path, RATE).raw == Decimal("9.98")
    undone(path)
    assert cell(path, RATE).raw == Decimal(7)


def test_words_below_the_list_are_never_written_over(path: Path) -> None:
    port = FilePort.open(path)
    port.write("得分分析", [Edit(71, 1, "我的备注"), Edit(73, 3, "另一条")])
    port.save()
    fill(path, {RATE: Decimal(9), "score.three_public": Decimal(1)})
    computed(path, overwrite=True)
    cells = FilePort.open(path).cells("得分分析")
    assert (cells[71, 1].raw, cells[73, 3].raw) == ("我的备注", "另一条")
    assert (cells[72, 2].raw, cells[74, 2].raw) == ("自评表!I13", "自评表!I36")
    undone(path)
    assert [line["指标"] for line in replaced_rows(FilePort.open(path))] == [None, "另一条"]


# ---------------------------------------------------------------- undoing


def test_undo_gives_back_all_values_and_formulas(path: Path) -> None:
    fill(path, {RATE: "9.5分", "score.three_public": Decimal(1), "score.system": Decimal(5)})
    before = content(path)
    computed(path)
    computed(path, overwrite=True)
    fill(path, {"expenditure.general.actual": Decimal("500")})
    computed(path, overwrite=True)
    fill(path, {"expenditure.general.actual": Decimal("602.05")})
    result = undone(path)
    assert content(path) == before
    assert result.kept == () and len(result.restored) >= 4
    assert Ledger(FilePort.open(path)).records(KIND) == []


def test_undo_leaves_what_the_user_changed_since_and_says_so(path: Path) -> None:
    fill(path, {RATE: "9.5分"})
    computed(path, overwrite=True)
    fill(path, {RATE: Decimal(8), "score.three_public": None})
    result = undone(path)
    assert cell(path, RATE).raw == Decimal(8)
    assert [one.typed for one in result.kept] == ["9.5分"]
    assert any("自评表!I13" in line and "“8”" in line and "“9.5分”" in line for line in result.lines())
    assert cell(path, "score.three_public").raw is None
    assert undone(path).idle


def test_undo_without_any_run_changes_nothing_and_says_so(path: Path) -> None:
    before = read_parts(path)
    result = undone(path)
    assert read_parts(path) == before
    assert result.idle and result.lines() == ["没有可以撤销的计算，表格没有改动。"]


def test_undo_clears_the_analysis_even_where_no_score_was_written(path: Path) -> None:
    fill(path, {RATE: Decimal(9), "score.three_public": Decimal(2), "score.benefit": Decimal("8.75")})
    fill_row(path, "benefit", 1, {"score": Decimal("8.75")})
    before = content(path)
    assert computed(path).filled == ()
    assert analysis_line(FilePort.open(path), NAMES["execution_rate"])["计算得分"] == Decimal("9.98")
    undone(path)
    assert content(path) == before


@pytest.mark.parametrize(
    "raw",
    [None, "", "9.5分", "=9", Decimal("9.50"), True, dt.date(2023, 9, 5), dt.datetime(2023, 9, 5, 8, 30)],
)
def test_a_record_restores_exactly_what_was_typed(raw: Raw) -> None:
    back = Typed.of(raw).raw
    assert (type(back), back) == (type(raw), raw)


# ---------------------------------------------------------------- 得分分析


def test_the_analysis_shows_score_basis_readings_and_arithmetic_of_every_indicator(path: Path) -> None:
    fill(path, {"score.system": Decimal(5)})
    computed(path)
    port = FilePort.open(path)
    line = analysis_line(port, NAMES["execution_rate"])
    assert (line["计算得分"], line["依据"]) == (Decimal("9.98"), "已计算")
    assert "602.05÷603.17＝99.81%" in str(line["算式"]) and "\n" in str(line["算式"])
    line = analysis_line(port, NAMES["system"])
    assert (line["计算得分"], line["依据"], line["算式"]) == (None, "未核", None)
    assert analysis_line(port, NAMES["stocktake"])["依据"] == "未填"
    with_options = next(one for one in score(RUBRIC, read_filing(port, RUBRIC)).indicators if one.options)
    name, choice = with_options.options[0]
    assert f"{name}：{choice}" in str(analysis_line(port, with_options.name)["口径"])


def test_the_arithmetic_names_clause_cells_and_every_row(path: Path) -> None:
    fill_row(path, "benefit", 2, {"name": "培训场次", "target": "≥5", "weight": Decimal(10)})
    computed(path)
    port = FilePort.open(path)
    lines = str(analysis_line(port, NAMES["execution_rate"])["算式"]).splitlines()
    assert lines[-2].startswith("依据：自评表第 3 项")
    assert lines[-1] == "数据：基础数据!B38:B49、基础数据!C20、基础数据!D20"
    lines = str(analysis_line(port, NAMES["benefit"])["算式"]).splitlines()
    assert lines[-4].startswith("依据：自评表第 2 项")
    assert lines[-3].endswith("绩效目标完成情况!E19、绩效目标完成情况!F19")
    assert lines[-2].startswith("培训人次：70÷80＝87.5%") and lines[-2].endswith("，得 8.75 分")
    assert lines[-1] == "培训场次：算不出来：实际值没有填写，没有得分"


def test_more_rows_than_a_cell_can_tell_are_cut_short(path: Path) -> None:
    for number in (1, 2, 3):
        fill_row(path, "benefit", number, {"name": "培训" * 8000})
    computed(path)
    line = analysis_line(FilePort.open(path), NAMES["benefit"])
    assert str(line["算式"]).endswith("……（其余的用 jixiao score 看）")


def test_rows_are_high_enough_for_their_texts(path: Path) -> None:
    computed(path)
    sheet = openpyxl.load_workbook(path)["得分分析"]
    for row in range(41, 67):
        lines = max(str(sheet.cell(row, column).value or "").count("\n") + 1 for column in range(7, 11))
        assert sheet.row_dimensions[row].height >= max(24, lines * 10.5 * 1.2), row


def test_a_deleted_analysis_is_told_and_scores_are_written_all_the_same(path: Path) -> None:
    port = FilePort.open(path)
    port.remove_names(["jx.analysis", "jx.replaced"])
    port.save()
    fill(path, {RATE: Decimal(9)})
    written = computed(path, overwrite=True)
    assert cell(path, RATE).raw == Decimal("9.98")
    assert len(written.notes) == 2 and all("得分分析" in note for note in written.notes)
    undone(path)
    assert cell(path, RATE).raw == Decimal(9)


def test_a_deleted_row_or_column_of_the_analysis_is_told(path: Path) -> None:
    port = FilePort.open(path)
    port.write("得分分析", [Edit(40, 9, "备注"), *(Edit(43, column) for column in range(1, 11))])
    port.save()
    notes = computed(path).notes
    assert any("“口径”" in note for note in notes)
    assert any(NAMES["execution_rate"] in note for note in notes)
    assert FilePort.open(path).cells("得分分析").get((44, 9)) is None


def test_a_deleted_row_of_the_analysis_is_not_mistaken_for_one_of_the_list_below(path: Path) -> None:
    port = FilePort.open(path)
    port.write("得分分析", [Edit(43, column) for column in range(1, 11)])
    port.save()
    fill(path, {RATE: Decimal(9)})
    computed(path, overwrite=True)
    listed = replaced_rows(FilePort.open(path))
    assert any(NAMES["execution_rate"] in note for note in computed(path, overwrite=True).notes)
    assert replaced_rows(FilePort.open(path)) == listed


# ---------------------------------------------------------------- forms that users changed


def test_rows_inserted_above_move_nothing_out_of_place(path: Path) -> None:
    fill(path, {RATE: "9.5分"})
    insert_rows(path, "自评表", 10, 3)
    insert_rows(path, "得分分析", 41, 2)
    insert_rows(path, "绩效目标完成情况", 1, 1)
    before = content(path)
    computed(path, overwrite=True)
    insert_rows(path, "自评表", 2, 4)
    insert_rows(path, "得分分析", 3, 1)
    computed(path, overwrite=True, when=LATER)
    port = FilePort.open(path)
    (line,) = replaced_rows(port)
    assert (line["位置"], line["时间"]) == ("自评表!I20", "2026-11-21 10:03")
    assert analysis_line(port, NAMES["execution_rate"])["计算得分"] == Decimal("9.98")
    undone(path)
    assert cell(path, RATE).raw == "9.5分"
    assert content(path)["绩效目标完成情况"] == before["绩效目标完成情况"]


def test_sheets_renamed_by_the_user_are_found(path: Path) -> None:
    fill(path, {RATE: "9.5分"})
    computed(path, overwrite=True)
    rename_sheet(path, "自评表", "附件3 整体支出")
    rename_sheet(path, "得分分析", "分析'23")
    computed(path, overwrite=True)
    port = FilePort.open(path)
    assert [line["位置"] for line in replaced_rows(port)] == ["附件3 整体支出!I13"]
    assert len(undone(path).restored) >= 3
    assert cell(path, RATE).raw == "9.5分"
