"""On a form that is not ours 校验结果 and 得分分析 come when they are written and go without trace."""

from __future__ import annotations

import io
import shutil
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest

import calc_engine
from altered_forms import insert_rows, rename_sheet
from foreign_forms import adopted_form
from jixiao import cli
from jixiao.checking.finding import Severity
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.rubric.model import walk
from jixiao.verbs import report, write_marks, write_scores
from jixiao.workbook.bound import Bindings
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.live.live_port import LivePort
from jixiao.workbook.marking.findings_list import clear_list
from jixiao.workbook.marking.marks import clear_marks
from jixiao.workbook.marking.severity_colors import COLORS
from jixiao.workbook.own_list import open_list
from jixiao.workbook.port import Edit, Port
from jixiao.workbook.reading import read_filing
from jixiao.workbook.scores.results import undo_scores
from rich_workbook import read_parts

EDITIONS = ["guangzhou-2023", "loudi-2023"]
NOON = datetime(2026, 11, 21, 12)
LIST, ANALYSIS = "校验结果", "得分分析"


@pytest.fixture(scope="module", params=EDITIONS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return adopted_form(request.param, tmp_path_factory.mktemp("made") / "某局 自评表.xlsx")


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / made.name))


def rubric_of(path: Path) -> Any:
    return load_rubric(FilePort.open(path).names()["jx.edition"].strip('"'))


def change(path: Path, *does: Any) -> FilePort:
    """Do something to the workbook, saving and opening it in between."""
    for do in does:
        port = FilePort.open(path)
        do(port)
        port.save()
    return FilePort.open(path)


def check(port: Port) -> None:
    write_marks(port, load_rubric(port.names()["jx.edition"].strip('"')))


def score(port: Port, *, overwrite: bool = True) -> None:
    write_scores(port, load_rubric(port.names()["jx.edition"].strip('"')), overwrite=overwrite, when=NOON)


def undo(port: Port) -> None:
    undo_scores(port, load_rubric(port.names()["jx.edition"].strip('"')))


def seen(path: Path) -> dict[str, Any]:
    """Everything one can see: values, formulas, notes, fills, widths, names."""
    port = FilePort.open(path)
    found: dict[str, Any] = {"names": dict(port.names())}
    for sheet in port.sheets():
        cells = dict(port.cells(sheet))
        found[sheet] = cells, dict(port.notes(sheet)), port.fills(sheet, list(cells)), port.widths(sheet)
    return found


def parts_changed(path: Path, before: dict[str, bytes]) -> set[str]:
    after = read_parts(path)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_checked_and_cleared_the_workbook_is_what_it_was(path):
    before, parts = seen(path), read_parts(path)
    marked = change(path, check)
    assert {LIST, "_jixiao"} == set(marked.sheets()) - before.keys() and Bindings(marked)["findings"]
    change(path, clear_marks)
    assert seen(path) == before
    assert parts_changed(path, parts) == {"xl/styles.xml"}  # formats that nothing uses any more


def test_scored_and_undone_the_workbook_is_what_it_was(path):
    before = seen(path)
    assert ANALYSIS in change(path, score).sheets()
    change(path, undo)
    assert seen(path) == before


def test_checked_and_scored_in_turns_nothing_is_left(path):
    before = seen(path)
    change(path, check, score, check, score, undo, clear_marks)
    assert seen(path) == before
    change(path, score, check, clear_marks, undo)
    assert seen(path) == before


def test_rows_inserted_in_between_do_no_harm(path):
    twin = path.with_name("同样插入.xlsx")
    shutil.copy(path, twin)
    rows = Bindings(FilePort.open(path))["block.satisfaction"] or Bindings(FilePort.open(path))["total"]
    insert_rows(twin, rows.sheet, rows.area.top, 2)
    change(path, check, score)
    insert_rows(path, rows.sheet, rows.area.top, 2)
    insert_rows(path, LIST, 1, 1)
    change(path, check, clear_marks, undo)
    assert seen(path) == seen(twin)


def test_the_list_and_the_analysis_are_those_of_the_edition(path):
    port = change(path, check, score)
    rubric = rubric_of(path)
    findings = open_list(port, "findings", ["序号", "级别", "位置", "问题", "怎么改", "编号"])
    assert findings and len(findings.columns) == 6 and findings.last_row > findings.area.top + 3
    assert port.widths(LIST)[4] == 42
    analysis = open_list(port, "analysis", ["指标", "得分", "依据"])
    filing = read_filing(port, rubric)
    names = [indicator.name for _, indicator in walk(rubric.levels)]
    rows = range(analysis.area.top + 1, analysis.area.top + 1 + len(names))
    assert [analysis.raw(row, "指标") for row in rows] == names
    scores = [analysis.cell(row, "得分") for row in rows]
    assert all(cell.formula for cell in scores)
    assert sum(cell.raw for cell in scores if isinstance(cell.raw, Decimal)) == filing["total"].raw
    assert all(analysis.raw(row, "依据") for row in rows)


def test_the_lines_of_the_lists_are_drawn_and_leave_no_lines_behind(path):
    port = change(path, check, score)
    own = open_list(port, "findings", ["序号", "级别", "位置", "问题"])
    rows = range(own.area.top + 1, own.last_row + 1)
    looks = port.looks(own.sheet, [(row, column) for row in rows for column in own.columns.values()])
    for row in rows:
        number, severity, link, text = (looks[row, column] for column in own.columns.values())
        if not own.raw(row, "级别"):  # the heading of a section
            assert number.bold and number.fill == text.fill != "" and not text.wrap
        else:
            assert severity.fill == COLORS[own.raw(row, "级别")] and severity.horizontal == "center"
            assert link.underline and text.wrap and text.border and not text.fill
    replaced = open_list(port, "replaced", ["序号", "位置", "改为"])
    if replaced.last_row > replaced.area.top:
        cells = [(replaced.area.top + 1, column) for column in replaced.columns.values()]
        _, link, wrote = port.looks(replaced.sheet, cells).values()
        assert link.underline and wrote.border and wrote.horizontal == "center"
    port = change(path, clear_list)
    assert not any(look.border or look.fill for look in port.looks(own.sheet, looks).values())


def test_the_lines_of_our_own_forms_are_texts_and_nothing_else(tmp_path):
    path = Path(shutil.copy(data_folder("workbook_templates") / "loudi-2023.xlsx", tmp_path))
    before = FilePort.open(path).looks(LIST, [(row, 2) for row in range(5, 20)])
    port = change(path, check)
    assert Severity(port.cells(LIST)[6, 2].raw)
    assert port.looks(LIST, before) == before


def test_what_the_user_wrote_on_an_added_sheet_keeps_it(path):
    change(path, check, lambda port: port.write(LIST, [Edit(4, 14, "科长：已改")]), clear_marks)
    port = FilePort.open(path)
    assert port.cells(LIST)[4, 14].raw == "科长：已改"
    assert open_list(port, "findings", ["问题"]).last_row == 4  # the list itself is empty
    change(path, check, lambda port: port.write(LIST, [Edit(4, 14)]), clear_marks)
    assert LIST not in FilePort.open(path).sheets()


def test_a_note_on_an_added_sheet_keeps_it(path):
    change(path, check, lambda port: port.add_notes(LIST, {(3, 1): "看这里"}), clear_marks)
    assert FilePort.open(path).notes(LIST) == {(3, 1): "看这里"}


def test_a_formula_that_speaks_of_an_added_sheet_keeps_it(path):
    sheet = FilePort.open(path).sheets()[0]
    change(path, check, lambda port: port.write(sheet, [Edit(90, 1, formula=f"{LIST}!A2")]), clear_marks)
    assert LIST in FilePort.open(path).sheets()


def test_a_sheet_of_the_users_of_that_name_is_left_alone(path):
    change(path, lambda port: (port.add_sheet(LIST), port.write(LIST, [Edit(1, 1, "上级的意见")])))
    before = seen(path)
    port = change(path, check)
    assert f"{LIST}（2）" in port.sheets()
    assert dict(port.cells(LIST)) == before[LIST][0]
    change(path, clear_marks)
    assert seen(path) == before


def test_a_sheet_that_the_user_deleted_is_given_again(path):
    change(path, check, lambda port: port.remove_sheet(LIST), check)
    port = FilePort.open(path)
    assert Bindings(port)["findings"] and LIST in port.sheets()


def test_a_form_of_ours_that_has_lost_its_sheet_is_not_given_another(path):
    change(path, lambda port: port.remove_names(["jx.adopted"]))
    assert LIST not in change(path, check).sheets()


def test_the_report_prints_the_sheets_on_which_the_fields_stand(tmp_path):
    path = adopted_form("loudi-2023", tmp_path / "某局 自评表.xlsx")
    rename_sheet(path, "基础数据表", "附表2 数据")
    document = docx.Document(io.BytesIO(report(path, when=NOON).document))
    printed = [{cell.text for row in table.rows for cell in row.cells} for table in document.tables]
    assert any({"编制数", "经费控制情况（万元）"} <= words for words in printed)
    assert any({"年度指标值", "经费保障人数"} <= words for words in printed)


def test_a_form_without_our_names_is_marked_and_cleared_like_any_other(path):
    change(path, lambda port: port.remove_names([name for name in port.names() if name.startswith("jx.")]))
    before = seen(path)
    assert cli.main(["check", str(path), "--in-place"]) in (0, 1)
    assert LIST in FilePort.open(path).sheets()
    assert cli.main(["score", str(path), "--in-place"]) == 0
    assert cli.main(["clear", str(path)]) == cli.main(["undo", str(path)]) == 0
    after = seen(path)
    assert after.pop("names") and not before.pop("names")  # the names that bind it stay
    assert after == before


@pytest.mark.live
@pytest.mark.skipif(bool(calc_engine.LACKING), reason=calc_engine.LACKING)
def test_in_a_living_workbook_they_come_and_go_as_in_a_file(path):
    app = calc_engine.app()
    book = app.books.open(path)

    def press(do: Any) -> None:
        with LivePort(book) as port:
            do(port)
            port.save()

    with LivePort(book) as port:
        before = port.sheets(), dict(port.names())
    try:
        press(check)
        press(score)
        with LivePort(book) as port:
            assert {LIST, ANALYSIS} <= set(port.sheets())
            assert open_list(port, "findings", ["问题"]).last_row > 5
        press(clear_marks)
        press(undo)
        with LivePort(book) as port:
            assert (port.sheets(), dict(port.names())) == before
    finally:
        book.close()
