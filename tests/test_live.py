"""Every button of the ribbon, pressed on real forms that stand open in LibreOffice."""

from __future__ import annotations

import io
import shutil
import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest

import bureau_forms
import calc_engine
from calc_engine import COUNT
from jixiao.checking.finding import summary
from jixiao.cli import main
from jixiao.excel import click as clicking
from jixiao.excel import ribbon
from jixiao.excel.buttons import all_buttons
from jixiao.rubric.load import data_folder, edition_folders, load_rubric, rule_folders
from jixiao.rubric.model import walk
from jixiao.scoring.model import Basis
from jixiao.verbs import audit, examine, filled, opened, put_scores, rubric_of, write_marks
from jixiao.workbook.bound import Bindings, position_of
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.file.fill_text import plain_color
from jixiao.workbook.ledger import SHEET as LEDGER
from jixiao.workbook.live.live_port import LivePort
from jixiao.workbook.marking.marks import clear_marks, marked_cells
from jixiao.workbook.port import Cell, Edit, Port
from jixiao.workbook.reading import edition_of, read_filing
from jixiao.workbook.scores.results import undo_scores

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(bool(calc_engine.LACKING), reason=calc_engine.LACKING),
]
EDITIONS = ["guangzhou-2023", "loudi-2023", "yueyang-2024", "mof-project"]
FIXED, PER_MARK = 40, 5
"""Calls that a click may cost: always, the list included, and for each cell whose mark changes."""


class Desk:
    """A form that stands open in the spreadsheet program, and an untouched copy in a file."""

    def __init__(self, edition: str, folder: Path) -> None:
        self.path = folder / "2024年自评表（终稿）.xlsx"
        self.twin = folder / "twin.xlsx"
        demo = next(folder_ for id, folder_ in edition_folders(rule_folders(None)).items() if id == edition)
        if (demo / "demo.yaml").exists():
            filled(edition, demo / "demo.yaml")[0].save_as(self.path)
        else:
            shutil.copy(data_folder("workbook_templates") / f"{edition}.xlsx", self.path)
        shutil.copy(self.path, self.twin)
        self.app = calc_engine.app()
        self.book = self.app.books.open(self.path)
        self.book.set_mock_caller()

    @property
    def program(self):
        return self.app.impl

    def press(self, button: str, *answers: str, menu: tuple[str, ...] = ()) -> str:
        """Press a button (or an item of its menu), answer what it asks; gives what its dialogs said."""
        self.program.alerts.clear()
        self.program.answers[:] = answers
        getattr(ribbon, button)(*menu)
        assert not self.program.answers, "not asked"
        return "\n".join(self.program.alerts)

    def calls(self, button: str, *answers: str) -> int:
        COUNT.calls.clear()
        self.press(button, *answers)
        return len(COUNT.calls)

    def port(self) -> LivePort:
        return LivePort(self.book)

    def home(self, name: str):
        """The living cell that a field is bound to."""
        place = Bindings(FilePort.open(self.twin))[name].place
        return self.book.sheets[place.sheet].range(place.cell)

    def computed(self):
        """The living cell of a score that the rubric computes."""
        with self.port() as port:
            work = examine(port, rubric_of(port, ""))
        found = [one for one in work.assessment.indicators if one.basis is Basis.COMPUTED and not one.summed]
        return self.home(f"score.{found[0].id}")

    def close(self) -> None:
        for book in self.app.books:
            book.close()


@pytest.fixture
def desk(request, tmp_path):
    folder = tmp_path / "财政 局"
    folder.mkdir()
    made = Desk(getattr(request, "param", "guangzhou-2023"), folder)
    yield made
    made.close()


every_edition = pytest.mark.parametrize("desk", EDITIONS, indirect=True)


def shown(port: Port) -> dict[str, dict]:
    """What one sees: by sheet the values, the notes, the cells of one colour."""
    seen = {}
    for sheet in port.sheets():
        if sheet != LEDGER:
            cells = {at: _seen(cell) for at, cell in port.cells(sheet).items()}
            seen[sheet] = {at: said for at, said in cells.items() if said[0] not in (None, "", "")}
            seen[f"{sheet} 批注"] = dict(port.notes(sheet))
    return seen


def _seen(cell: Cell) -> tuple:
    return cell.error or cell.raw, bool(cell.formula)


def marked(port: Port) -> dict:
    fills = {}
    for place in marked_cells(port):
        fills[place] = plain_color(port.fills(place.sheet, [position_of(place)])[position_of(place)])
    return fills


@every_edition
def test_the_buttons_do_to_the_living_form_what_the_verbs_do_to_a_file(desk):
    file = FilePort.open(desk.twin)
    rubric = rubric_of(file, desk.twin.name)
    with desk.port() as live:
        assert shown(live) == shown(file)

    put_scores(file, rubric, overwrite=True, when=datetime.now())
    assert "填入得分" in desk.press("score", *(["yes"] if differing(desk, rubric) else []))
    with desk.port() as live:
        assert shown(live) == shown(file)

    work = write_marks(file, rubric)
    assert desk.press("check").startswith("错误 ")
    with desk.port() as live:
        assert shown(live) == shown(file)
        assert marked(live) == marked(file) and marked(live)
        assert examine(live, rubric).findings == work.findings

    clear_marks(file)
    assert "已清除" in desk.press("clear")
    with desk.port() as live:
        assert shown(live) == shown(file)
        assert not marked_cells(live)

    undo_scores(file, rubric)
    assert "恢复" in desk.press("undo")
    with desk.port() as live:
        assert shown(live) == shown(file) == shown(FilePort.open(desk.twin))


def differing(desk: Desk, rubric) -> bool:
    port = FilePort.open(desk.twin)
    return bool(put_scores(port, rubric, overwrite=False, when=datetime.now()).differing)


class Costs:
    """What each press of a button cost, and what it may cost: for each mark that it changed a little more."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._marks: dict = {}
        self.told: list[tuple[str, int, int]] = []

    def press(self, button: str, *answers: str) -> int:
        """Gives how many marks changed."""
        cost = self._desk.calls(button, *answers)
        with self._desk.port() as port:
            marks = {place: (fill, note_on(port, place)) for place, fill in marked(port).items()}
        places = marks.keys() | self._marks.keys()
        changed = sum(marks.get(place) != self._marks.get(place) for place in places)
        self._marks = marks
        self.told.append((button, cost, FIXED + PER_MARK * changed))
        return changed

    @property
    def too_many(self) -> list[tuple[str, int, int]]:
        return [one for one in self.told if one[1] > one[2]]


def note_on(port: Port, place) -> str:
    return port.notes(place.sheet).get(position_of(place), "")


@every_edition
def test_a_click_costs_few_calls_and_only_changed_marks_cost_more(desk):
    costs = Costs(desk)
    assert costs.press("check")
    for button in ("check", "explain", "next_mark", "report", "help", "selftest"):
        assert not costs.press(button)
    assert costs.told[1][1] <= FIXED / 2, "nothing has changed"
    home = declared(desk)
    was = home.raw_value
    for worse in (1, 99_999):
        home.value = worse
        assert costs.press("check"), "the cell is in question"
    home.raw_value = was
    assert costs.press("check"), "one finding fewer"
    home.value = 1
    costs.press("score", *(["yes"] if asked(desk) else []))
    costs.press("undo")
    home.raw_value = was
    costs.press("score", *(["no"] if asked(desk) else []))
    costs.press("check")
    costs.press("submission", "yes")
    assert costs.press("clear")
    assert not costs.press("clear")
    assert not costs.too_many, costs.told


def declared(desk: Desk):
    """The living cell of a score that no formula of the form adds up."""
    with desk.port() as port:
        homes = [Bindings(port)[name.removeprefix("jx.")] for name in port.names() if name[:9] == "jx.score."]
        place = next(
            home.place for home in homes if not port.cells(home.sheet).get(home.position, Cell()).formula
        )
    return desk.book.sheets[place.sheet].range(place.cell)


def asked(desk: Desk) -> str:
    """What 计算得分 would ask."""
    with desk.port() as port:
        written = put_scores(port, rubric_of(port, ""), overwrite=False, when=datetime.now())
    return desk.press("score", "cancel") if written.differing else ""


def test_the_calls_do_not_grow_with_the_rows(desk):
    """Two hundred rows more in a block: each click costs what it may cost with few."""
    with desk.port() as port:
        block = Bindings(port)["block.output"]
    desk.book.sheets[block.sheet].impl._own.Rows.insertByIndex(block.area.bottom, 200)
    costs = Costs(desk)
    assert costs.press("check")
    assert costs.press("check") == 0
    home = declared(desk)
    home.value = 99_999
    assert 0 < costs.press("check") < 5
    costs.press("score", *(["yes"] if asked(desk) else []))
    costs.press("undo")
    costs.press("clear")
    assert not costs.too_many, costs.told


def test_selection_and_sheet_in_front_stay_and_the_screen_rests(desk):
    sheet = desk.book.sheets["基本信息"]
    sheet.activate()
    sheet.range("B5").select()
    desk.program.screen.clear()
    desk.program.statuses.clear()
    desk.press("check")
    assert desk.book.sheets.active.name == "基本信息"
    assert desk.app.selection.impl._at[:2] == (5, 2)
    assert desk.program.screen == [False, True]
    assert desk.program.statuses[0].startswith("绩效自评：校验并标出") and desk.program.statuses[-1] is False


def test_declared_scores_are_replaced_only_when_the_user_says_so(desk):
    home = desk.computed()
    home.value = 1
    assert "自评 1，计算" in desk.press("score", "cancel")
    assert number(home) == 1
    assert "没有改动 1 处" not in desk.press("score", "no")
    assert number(home) == 1
    said = desk.press("score", "yes")
    assert "替换自评分 1 处" in said and number(home) != 1
    assert "恢复 1 处" in desk.press("undo")
    assert number(home) == 1


def number(home) -> float:
    return home.raw_value[0][0]


def test_marks_are_visited_one_after_the_other_and_round(desk):
    assert "没有标出的格子" in desk.press("next_mark")
    desk.press("check")
    with desk.port() as port:
        places = marked_cells(port)
    desk.book.sheets[places[0].sheet].activate()
    desk.book.sheets[places[0].sheet].range(places[0].cell).select()

    def here():
        chosen = desk.app.selection
        return chosen.sheet.name, (chosen.row, chosen.column)

    for place in [*places[1:], places[0]]:
        assert desk.press("next_mark") == ""
        assert here() == (place.sheet, position_of(place))
    desk.press("previous_mark")
    assert here() == (places[-1].sheet, position_of(places[-1]))


def test_marks_go_without_trace_though_rows_were_inserted_in_between(desk):
    desk.press("score")
    with desk.port() as port:
        before = shown(port)["自评表"]
    home = desk.home("score.three_public")
    home.add_note("单位自己的批注")
    home.value = 1
    desk.press("check")
    with desk.port() as port:
        place = (home.row, home.column)
        assert place in {position_of(one) for one in marked_cells(port) if one.sheet == "自评表"}
        assert port.notes("自评表")[place] == "单位自己的批注"
    desk.book.sheets["自评表"].impl._own.Rows.insertByIndex(2, 2)
    desk.press("clear")
    with desk.port() as port:
        assert not marked_cells(port)
        assert dict(port.notes("自评表")) == {(place[0] + 2, place[1]): "单位自己的批注"}
        after = shown(port)["自评表"]
    moved = {(row + 2 if row > 2 else row, column): said for (row, column), said in before.items()}
    totals = {at for at, (_, formula) in moved.items() if formula}
    assert {
        at: said for at, said in after.items() if at not in totals and at != (place[0] + 2, place[1])
    } == {at: said for at, said in moved.items() if at not in totals and at != (place[0] + 2, place[1])}


def test_the_basis_of_a_score_is_explained(desk):
    home = desk.computed()
    home.sheet.activate()
    home.select()
    said = desk.press("explain")
    assert "（已计算）" in said and "依据：" in said and "用到的格子：" in said
    home.sheet.range("A1").select()
    assert "这一行没有得分" in desk.press("explain")


def test_a_row_of_the_units_own_is_explained_with_its_arithmetic(desk):
    with desk.port() as port:
        work = examine(port, rubric_of(port, ""))
    row = next(one for one in work.assessment.rows if one.place and one.ratio is not None)
    sheet = desk.book.sheets[row.place.sheet]
    sheet.activate()
    sheet.range(row.place.cell).select()
    said = desk.press("explain")
    assert " ".join(row.name.split()) in said and f"{row.target} → {row.actual}" in said


def test_the_report_is_written_beside_the_workbook_and_opened(desk, monkeypatch):
    opened = []
    monkeypatch.setattr(clicking, "_open", opened.append)
    for name in ("2024年自评表（终稿）-自评报告.docx", "2024年自评表（终稿）-自评报告（1）.docx"):
        assert name in desk.press("report")
        assert opened.pop().name == name
        assert (desk.path.parent / name).read_bytes().startswith(b"PK")


@every_edition
def test_what_is_handed_in_holds_values_and_no_marks(desk, capsys):
    desk.press("check")
    said = (
        desk.press("submission", "yes") if "错误 0" not in desk.press("check") else desk.press("submission")
    )
    out = desk.path.with_name("2024年自评表（终稿）-报送版.xlsx")
    assert str(out) in said and out.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    assert [book.name for book in desk.app.books] == [desk.path.name]
    with desk.port() as live:
        assert marked_cells(live)
        before = {sheet: seen for sheet, seen in shown(live).items() if not sheet.endswith("批注")}
    clean = FilePort.open(out)
    assert not {"填报说明", "校验结果", "得分分析", LEDGER} & set(clean.sheets())
    assert not marked_cells(clean)
    for sheet in clean.sheets():
        assert not [at for at, cell in clean.cells(sheet).items() if cell.formula]
        values = {at: cell.raw for at, cell in clean.cells(sheet).items() if cell.raw not in (None, "")}
        assert values == {at: said for at, (said, _) in before[sheet].items()}
    assert main(["check", str(out)]) in (0, 1)
    assert "jx." not in capsys.readouterr().err


def test_nothing_is_handed_in_with_errors_when_the_user_does_not_want_to(desk):
    assert "没有做报送版" in desk.press("submission", "no")
    assert not list(desk.path.parent.glob("*报送版*"))


def test_a_new_form_is_made_of_the_edition_that_is_chosen(desk):
    said = desk.press("new_form", menu=("loudi-2023",))
    out = desk.path.with_name("loudi-2023-自评表.xlsx")
    assert str(out) in said and out.exists()
    assert out.name in [book.name for book in desk.app.books]
    assert "没有名为“loudi-2022”的评分版本" in desk.press("new_form", menu=("loudi-2022",))


def test_a_finished_report_is_audited_against_the_form_in_front(desk, monkeypatch):
    opened = []
    monkeypatch.setattr(clicking, "_open", opened.append)
    desk.press("report")
    report = opened.pop()
    before = report.read_bytes()
    desk.program.chosen = str(report)
    home = desk.computed()
    home.value = 1  # what the report, written before, no longer says
    said = desk.press("audit")
    assert desk.program.asked == ("自评报告 (*.docx;*.txt),*.docx;*.txt", 1, "选择写好的自评报告")
    out = report.with_name(f"{report.stem}-核对.docx")
    assert f"问题已写成批注：{out}" in said and f"并与“{desk.path.name}”逐数核对" in said
    assert opened == [out] and report.read_bytes() == before
    wrong = audit([report], workbook=saved(desk), commented=True)
    comments = [one.text for one in docx.Document(out).comments]
    assert comments == [one.text for one in docx.Document(io.BytesIO(wrong.commented)).comments] != []
    assert said.count("\n    ") >= len(wrong.remarks)
    desk.press("audit")
    assert opened[1].name == f"{report.stem}-核对（1）.docx"


def saved(desk: Desk) -> Path:
    """The form as it stands now, as a file."""
    copy = desk.path.with_name("copy.xlsx")
    desk.book.api.SaveCopyAs(str(copy))
    return copy


def test_a_text_is_audited_too_and_no_choice_does_nothing(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(clicking, "_open", lambda document: pytest.fail("nothing was written"))
    desk.program.chosen = False
    assert desk.press("audit") == "没有选报告，什么都没有做。"
    report = tmp_path / "财政 局（终稿）.txt"
    report.write_text("一、基本情况\n2023年支出100万元，其中基本支出40万元，占50%。", encoding="utf-8")
    desk.program.chosen = str(report)
    said = desk.press("audit")
    assert "与“2024年自评表（终稿）.xlsx”逐数核对" in said and "应为 40.00%" in said
    assert [file.name for file in tmp_path.glob("*.*")] == [report.name]


def test_without_a_form_a_report_is_audited_by_itself(desk, tmp_path):
    other, report = tmp_path / "别的.xlsx", tmp_path / "报告.txt"
    openpyxl.Workbook().save(other)
    book = desk.app.books.open(other)
    book.set_mock_caller()
    report.write_text("今天天气很好。", encoding="utf-8")
    desk.program.chosen = str(report)
    assert "请先打开这个单位的自评表" in desk.press("audit")
    form = tmp_path / "自评表.txt"
    names = "、".join(one.name for _, one in walk(load_rubric("guangzhou-2023").levels))
    form.write_text(f"广州市 2023年 {names}。", encoding="utf-8")
    desk.program.chosen = str(form)
    assert "没有与自评表核对" in desk.press("audit")


def test_the_selftest_finds_all_in_order(desk):
    assert desk.press("selftest").startswith("自检：全部正常。")


def test_help_names_every_button(desk):
    said = desk.press("help")
    assert all(f"{one.label}：{one.tip}" in said for one in all_buttons())


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize("button", ["score", "undo", "explain", "check", "clear", "report", "submission"])
def test_a_workbook_that_is_none_of_ours_is_told_so(desk, tmp_path, button):
    other = tmp_path / "别的.xlsx"
    openpyxl.Workbook().save(other)
    desk.app.books.open(other).set_mock_caller()
    said = desk.press(button)
    assert "不是本软件的自评表" in said and len(desk.program.alerts) == 1


@pytest.mark.parametrize("edition", ["loudi-2023", "guangzhou-2023"])
def test_a_form_that_is_not_ours_is_recognised_and_works_as_ours(desk, tmp_path, edition):
    form = bureau_forms.saved(bureau_forms.papers(edition)[0], ".xlsx")
    in_file = examine(*opened(form))
    book = desk.app.books.open(form)
    book.set_mock_caller()
    cells = LivePort(book).cells(book.sheets[0].name)
    desk.press("explain")
    with LivePort(book) as port:
        assert not [name for name in port.names() if name.startswith("jx.")]
    said = desk.press("check")
    assert summary(in_file.findings) in said
    with LivePort(book) as port:
        assert set(in_file.filing.homes) == set(read_filing(port, in_file.rubric).homes)
        assert edition_of(port) == edition and marked_cells(port)
    desk.press("clear")
    with LivePort(book) as port:
        assert not marked_cells(port) and port.cells(book.sheets[0].name) == cells
    assert str(in_file.assessment.total) in desk.press("score", "no")
    desk.press("undo")
    assert "已生成报告" in desk.press("report")
    assert "已生成报送版" in desk.press("submission", "yes")
    with LivePort(book) as port:
        assert port.cells(book.sheets[0].name) == cells
    handed_in = next(form.parent.glob("*-报送版.xlsx"))
    assert edition_of(FilePort.open(handed_in)) == edition


def test_what_was_doubtful_in_a_form_that_is_not_ours_is_told(desk):
    papers, _ = bureau_forms.papers("loudi-2023")
    for one in papers:
        one.reword(lambda text: "政府采购总金额" if text == "政府采购金额" else text)
    desk.app.books.open(bureau_forms.saved(papers, ".xlsx")).set_mock_caller()
    assert "政府采购总金额" in desk.press("check")


def test_a_protected_sheet_is_told_in_one_dialog_and_logged(desk, logged):
    desk.book.sheets["自评表"].impl._own.protect("x")
    desk.book.sheets["校验结果"].impl._own.protect("x")
    said = desk.press("check")
    assert "撤销保护" in said and len(desk.program.alerts) == 1
    assert "NotTaken" in logged()
    assert desk.program.status_bar is False and desk.program.screen_updating is True


def test_a_fault_of_ours_is_told_in_one_dialog_and_logged(desk, monkeypatch, logged):
    monkeypatch.setattr("jixiao.verbs.rubric_of", lambda *_, **__: 1 / 0)
    said = desk.press("check")
    assert "程序出错了" in said and "Traceback" not in said and len(desk.program.alerts) == 1
    assert "ZeroDivisionError" in logged()


def test_where_nothing_can_be_written_the_user_is_told_all_the_same(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "没有"))
    said = desk.press("check")
    assert "请检查文件名和位置" in said and len(desk.program.alerts) == 1


def test_without_a_workbook_the_user_is_told_to_open_one(desk, monkeypatch, logged):
    monkeypatch.delattr("xlwings.Book._mock_caller")
    assert desk.press("check") == "没有打开的工作簿。请先打开自评表，再按这个按钮。"
    assert "Book.caller" in logged()


def test_a_long_text_is_shown_page_by_page_and_can_be_left(desk):
    click = clicking.Click(desk.book)
    text = "\n".join(f"第 {number} 条" for number in range(100))
    desk.program.alerts.clear()
    assert click.ask(text, "yes_no") == "yes"
    assert "\n".join(desk.program.alerts) == text and len(desk.program.alerts) == 4
    desk.program.answers[:] = ["ok", "cancel"]
    assert click.ask(text, "yes_no") == "cancel"


@pytest.fixture
def logged(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return lambda: "".join(file.read_text("utf-8") for file in tmp_path.glob("jixiao-*.log"))


# ---------------------------------------------------------------- how fast


def test_cell_by_cell_would_be_ten_times_slower(desk):
    """Two hundred rows of eight cells, read, written and coloured: at once, or one by one."""
    sheet = desk.book.sheets["基本信息"]
    places = [(row, column) for row in range(100, 300) for column in range(1, 9)]

    def one_by_one():
        for place in places:
            cell = sheet.range(place)
            cell.value = float(place[0] + (cell.value or 0))
            cell.color = "#FEC7CF"

    def at_once():
        with desk.port() as port:
            cells = port.cells("基本信息")
            new = [Edit(*at, Decimal(at[1]) + (cells[at].raw if at in cells else 0)) for at in places]
            port.write("基本信息", new)
            port.paint("基本信息", dict.fromkeys(places, "#FEC7CF"))
            port.save()

    rounds = [(seconds(at_once), seconds(one_by_one)) for _ in range(3)]  # both feel a busy machine
    assert sorted(slow / quick for quick, slow in rounds)[1] > 10, rounds
    assert asked_for(one_by_one) > 100 * asked_for(at_once)


def asked_for(run) -> int:
    """How many calls of the program it takes."""
    COUNT.calls.clear()
    run()
    return len(COUNT.calls)


def seconds(run) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start
