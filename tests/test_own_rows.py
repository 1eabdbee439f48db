"""Forms in which the unit sets its own indicators: blocks under one header, classes printed once."""

from __future__ import annotations

import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from altered_forms import insert_rows
from filings import filing_of, right
from jixiao.filing.interchange import read_filing_text
from jixiao.filing.model import Entry, Filing, Raw, Row
from jixiao.rubric.errors import RuleFileError
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.workbook.bound import Bindings
from jixiao.workbook.derived import refresh
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.filling import export, fill, form_for, in_place
from jixiao.workbook.form import FORM_FILE, load_form
from jixiao.workbook.layout.looks import LOOKS
from jixiao.workbook.layout.paper import text_height
from jixiao.workbook.layout.plan import FormError
from jixiao.workbook.layout.room import make_room
from jixiao.workbook.port import Edit
from jixiao.workbook.reading import read_filing
from jixiao.workbook.template import build_template, lay_out

EDITIONS = ["loudi-2023", "yueyang-2024", "mof-project"]
LOUDI = load_rubric("loudi-2023")
FORM, DATA, ANALYSIS = "自评表", "基础数据表", "得分分析"
SYSTEM_PYTHON = "/usr/bin/python3"


@pytest.fixture(scope="module")
def demo() -> Filing:
    file = data_folder("rubric_rules") / LOUDI.id / "demo.yaml"
    return read_filing_text(file.read_text(encoding="utf-8"), file.name, LOUDI)


@pytest.fixture(scope="module")
def made(demo: Filing, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("表") / "娄底.xlsx"
    return filled(demo, path)


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / made.name))


def filled(filing: Filing, path: Path) -> Path:
    """A new workbook with the filing in it."""
    form = form_for(load_form(filing.edition), load_rubric(filing.edition), filing)
    build_template(load_rubric(filing.edition), form, path, room_for=filing)
    port = FilePort.open(path)
    fill(port, load_rubric(filing.edition), filing)
    port.save()
    return path


def said(filing: Filing) -> tuple[dict[str, Raw], dict[str, list[dict[str, Raw]]]]:
    """What a filing says, without places."""
    rows = {
        id: [{column: one.raw for column, one in row.entries.items() if not one.blank} for row in listed]
        for id, listed in filing.rows.items()
    }
    return {field: one.raw for field, one in filing.values.items() if not one.blank}, rows


def row_of(path: Path, block: str, number: int) -> int:
    """The sheet's row in which a row of a block stands; from 0, backwards below."""
    place = read_filing(FilePort.open(path), LOUDI).rows[block][number].place
    assert place
    return int("".join(filter(str.isdigit, place.cell)))


def put(path: Path, block: str, row: int, **values: Raw) -> None:
    port = FilePort.open(path)
    for column, value in values.items():
        head = Bindings(port)[f"column.{block}.{column}"]
        assert head
        port.write(head.sheet, [Edit(row, head.area.left, value)])
    refresh(port, LOUDI)
    port.save()


def listed(path: Path, block: str, *columns: str) -> list[tuple[Raw, ...]]:
    rows = read_filing(FilePort.open(path), LOUDI).rows[block]
    return [tuple(row[column].raw for column in columns) for row in rows]


def analysed(path: Path) -> dict[str, Raw]:
    """Level -> its score on 得分分析."""
    sheet = openpyxl.load_workbook(path, data_only=True)[ANALYSIS]
    rows = [row for row in sheet.iter_rows(min_row=5, max_row=12, max_col=5, values_only=True) if row[0]]
    return {str(row[0]): row[4] for row in rows}


# ---------------------------------------------------------------- filled and read


def test_the_published_filing_comes_out_unchanged(demo: Filing, path: Path) -> None:
    found = export(FilePort.open(path), LOUDI)
    assert said(found) == said(demo)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_blank_form_holds_no_filing(edition: str) -> None:
    port = FilePort.open(data_folder("workbook_templates") / f"{edition}.xlsx")
    found = export(port, load_rubric(edition))
    assert said(found) == ({}, {})


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_empty_form_lacks_nothing(edition: str) -> None:
    rubric = load_rubric(edition)
    found = read_filing(FilePort.open(data_folder("workbook_templates") / f"{edition}.xlsx"), rubric)
    assert found.gaps == ()
    assert set(rubric.asked) <= set(found.homes)
    form = load_form(edition)
    for block in rubric.blocks:
        assert len(found.rows[block.id]) == sum(group.rows for group in form.groups_of(block.id, 3))


def test_a_class_printed_once_holds_for_all_its_rows(path: Path) -> None:
    classes = [row[0] for row in listed(path, "output", "level2")]
    assert classes == ["数量指标"] * 4 + ["质量指标"] * 2 + ["时效指标"]
    assert {row[0] for row in listed(path, "output", "level1")} == {"产出指标"}
    sheet = openpyxl.load_workbook(path)[FORM]
    merged = [str(area) for area in sheet.merged_cells.ranges]
    first = row_of(path, "output", 0)
    assert {f"C{first}:C{first + 3}", f"C{first + 4}:C{first + 5}", f"B{first}:B{first + 6}"} <= {*merged}


def test_classes_of_the_blank_form_are_those_of_the_rubric() -> None:
    for edition in EDITIONS:
        form = load_form(edition)
        for block in load_rubric(edition).blocks:
            if block.row_rule:
                assert [group.of for group in form.groups[block.id]] == block.classes, edition


def test_more_rows_of_a_class_make_its_cell_longer(tmp_path: Path) -> None:
    rows = tuple(
        Row({"level2": Entry(words), "name": Entry(f"指标{n}"), "weight": Entry(Decimal(1))})
        for n, words in enumerate(["数量指标"] * 9 + ["自设类别"] * 2)
    )
    filing = Filing(LOUDI.id, {}, {"output": rows})
    path = filled(filing, tmp_path / "长.xlsx")
    said = [(row["level2"].raw, row["name"].raw) for row in rows]
    assert [one for one in listed(path, "output", "level2", "name") if one[1]] == said
    assert len(listed(path, "benefit", "level2")) == 5  # as in the blank form


def test_an_empty_row_between_filled_ones_keeps_its_place(tmp_path: Path) -> None:
    rows = (Row({"level2": Entry("数量指标"), "name": Entry("甲")}), Row({}), Row({"name": Entry("乙")}))
    path = filled(Filing(LOUDI.id, {}, {"output": rows}), tmp_path / "空行.xlsx")
    assert [row[0] for row in listed(path, "output", "name")][:3] == ["甲", None, "乙"]
    assert [row[0] for row in listed(path, "output", "level2")][:3] == ["数量指标", None, "数量指标"]


def test_what_is_filled_in_is_not_cut_short(demo: Filing) -> None:
    long = Entry("因年初目标编制偏低，实际完成值高出较多，下一年度将合理测算目标值。" * 3)
    rows = {"output": (Row({"level2": Entry("数量指标"), "name": Entry("甲"), "reason": long}),)}
    filing = Filing(LOUDI.id, {"form.goal": Entry("逐条写目标。\n" * 14)}, rows)
    plan = lay_out(LOUDI, form_for(load_form(LOUDI.id), LOUDI, filing))
    make_room(plan, filing)
    page = next(page for page in plan.sheets if page.sheet.name == FORM)
    spots = {plan.names["form.goal"]: filing["form.goal"], plan.refs["rows.output.reason"]: long}
    for cell in page.cells:
        for spot, entry in spots.items():
            if (cell.box.row, cell.box.column) == (spot.row, spot.column):
                widths = page.sheet.widths[cell.box.column - 1 : cell.box.last_column]
                size = LOOKS[cell.content.look].size or page.sheet.size
                assert page.heights[spot.row] >= text_height(str(entry.raw), widths, size)
    assert (
        page.growing[plan.refs["rows.output.reason"].row] < page.heights[plan.refs["rows.output.reason"].row]
    )


@pytest.mark.parametrize(
    ("block", "given", "there"),
    [
        ("cost", ["经济成本指标"], ["经济成本指标", "社会成本指标", "生态环境成本指标"]),
        ("cost", ["生态环境成本指标"], ["经济成本指标", "社会成本指标", "生态环境成本指标"]),
        ("output", ["数量指标", "时效指标"], ["数量指标", "质量指标", "时效指标"]),
        ("output", ["时效指标", "数量指标"], ["时效指标", "数量指标", "质量指标"]),
        ("output", ["自设类别"], ["数量指标", "质量指标", "时效指标", "自设类别"]),
    ],
)
def test_classes_that_the_form_prints_stay_though_the_filing_has_none(
    block: str, given: list[str], there: list[str], tmp_path: Path
) -> None:
    rows = tuple(Row({"level2": Entry(one), "name": Entry(f"甲{one}")}) for one in given)
    path = filled(Filing(LOUDI.id, {}, {block: rows}), tmp_path / "缺类.xlsx")
    expected = [(one, f"甲{one}" if one in given else None) for one in there]
    assert listed(path, block, "level2", "name") == expected
    sheet = openpyxl.load_workbook(path)[FORM]
    first = row_of(path, block, 0)
    assert [sheet.cell(first + number, 3).value for number in range(len(there))] == there


def test_a_blank_form_takes_each_row_in_its_class() -> None:
    port = FilePort.open(data_folder("workbook_templates") / "loudi-2023.xlsx")
    rows = (
        Row({"level2": Entry("质量指标"), "name": Entry("甲")}),
        Row({"level2": Entry("时效指标"), "name": Entry("乙")}),
    )
    fill(port, LOUDI, Filing(LOUDI.id, {}, {"output": rows}))
    found = read_filing(port, LOUDI).rows["output"]
    assert [(n, row["level2"].raw, row["name"].raw) for n, row in enumerate(found) if row["name"].raw] == [
        (4, "质量指标", "甲"),
        (7, "时效指标", "乙"),
    ]


def test_long_texts_have_room_below_a_class_that_is_only_printed() -> None:
    long = Entry("因年初目标编制偏低，实际完成值高出较多，下一年度将合理测算目标值。" * 3)
    rows = (Row({"level2": Entry("社会成本指标"), "name": Entry("甲"), "reason": long}),)
    filing = Filing(LOUDI.id, {}, {"cost": rows})
    form = form_for(load_form(LOUDI.id), LOUDI, filing)
    plan, plain = lay_out(LOUDI, form), lay_out(LOUDI, form)
    make_room(plan, in_place(form, LOUDI, filing))
    raised = [
        row
        for page, before in zip(plan.sheets, plain.sheets, strict=True)
        for row in page.heights
        if page.heights[row] > before.heights[row]
    ]
    assert raised == [plan.refs["rows.cost.reason"].row + 1]


@pytest.mark.parametrize("percent", [True, False])
def test_a_percentage_stands_where_the_texts_beside_it_stand(percent: bool, tmp_path: Path) -> None:
    number = Entry(Decimal("0.98"), percent=percent)
    row = Row({"level2": Entry("质量指标"), "name": Entry("甲"), "target": Entry("≥95%"), "actual": number})
    path = filled(Filing(LOUDI.id, {}, {"output": (row,)}), tmp_path / "百分数.xlsx")
    found = next(row for row in read_filing(FilePort.open(path), LOUDI).rows["output"] if row["name"].raw)
    sheet = openpyxl.load_workbook(path)[FORM]
    target, actual = (sheet[found[column].place.cell] for column in ("target", "actual"))
    assert actual.alignment.horizontal == "center"
    for part in ("alignment", "font", "fill", "border"):
        assert repr(getattr(actual, part)) == repr(getattr(target, part))
    assert (actual.number_format, actual.value) == ("0.00%" if percent else "@", 0.98)


# ---------------------------------------------------------------- rows inserted and deleted


def test_a_row_inserted_within_a_class_is_of_that_class(path: Path) -> None:
    row = row_of(path, "output", 2)
    insert_rows(path, FORM, row, 1)
    put(path, "output", row, name="新增", weight=Decimal(5), score=Decimal(4))
    found = listed(path, "output", "level1", "level2", "name")
    assert found[2] == ("产出指标", "数量指标", "新增")
    assert len(found) == 8
    assert len(listed(path, "benefit", "name")) == 5


def test_a_row_inserted_between_two_blocks_belongs_to_the_upper_one(path: Path) -> None:
    before = analysed(path)
    row = row_of(path, "benefit", 0)
    insert_rows(path, FORM, row, 1)
    put(path, "output", row, name="新增", weight=Decimal(5), score=Decimal("3.5"))
    assert listed(path, "output", "level2", "name")[-1] == ("时效指标", "新增")
    assert len(listed(path, "benefit", "name")) == 5
    after = analysed(path)
    assert after["产出指标"] == pytest.approx(float(str(before["产出指标"])) + 3.5)
    assert after["效益指标"] == before["效益指标"]


def test_a_row_inserted_above_the_total_belongs_to_the_last_block(path: Path) -> None:
    before = analysed(path)
    row = row_of(path, "cost", -1) + 1
    insert_rows(path, FORM, row, 1)
    put(path, "cost", row, name="新增", weight=Decimal(5), score=Decimal("2.5"))
    assert listed(path, "cost", "level2", "name")[-1] == ("生态环境成本指标", "新增")
    assert analysed(path)["成本指标"] == pytest.approx(float(str(before["成本指标"])) + 2.5)


def test_a_row_inserted_right_below_the_header_belongs_to_the_first_block(path: Path) -> None:
    row = row_of(path, "output", 0)
    insert_rows(path, FORM, row, 1)
    put(path, "output", row, name="新增")
    assert [name for (name,) in listed(path, "output", "name")][:2] == ["新增", "经费保障人数"]


def test_funds_grow_at_their_end_and_the_difference_beside_them_follows(path: Path) -> None:
    end = row_of(path, "funds", -1) + 1
    insert_rows(path, DATA, end, 1)
    put(path, "funds", end, name="某专项", previous=Decimal(3), budget=Decimal(4), actual=Decimal(5))
    assert listed(path, "funds", "name", "actual")[-1] == ("某专项", Decimal(5))
    port = FilePort.open(path)
    project = Bindings(port)["control.project.actual"]
    assert project
    beside = port.cells(DATA)[project.area.top, 11]
    assert beside.raw == Decimal(-5)


def difference(path: Path, column: str) -> Raw:
    """What the form says beside 项目支出 in the column of amounts."""
    port = FilePort.open(path)
    refresh(port, LOUDI)
    project = Bindings(port)["control.project.actual"]
    assert project
    return port.cells(DATA)[project.area.top, {"previous": 9, "budget": 10, "actual": 11}[column]].raw


PRINTED = "　3、本级专项资金（一个专项一行）"


def test_amounts_in_the_printed_row_of_the_funds_are_read(path: Path, tmp_path: Path) -> None:
    blank = openpyxl.load_workbook(data_folder("workbook_templates") / "loudi-2023.xlsx")[DATA]
    row = next(cell.row for cell in blank["A"] if cell.value == PRINTED)
    assert blank.cell(row - 1, 1).value == "2、运行维护经费"
    assert row_of(path, "funds", 0) == row + 1  # while nothing is typed it is no row of the unit's
    put(path, "funds", row, previous=Decimal(3), budget=Decimal(4), actual=Decimal(5))
    assert listed(path, "funds", "name", "actual")[0] == (PRINTED, Decimal(5))
    assert difference(path, "actual") == Decimal(-5)
    found = export(FilePort.open(path), LOUDI)
    again = filled(found, tmp_path / "再填.xlsx")
    assert said(export(FilePort.open(again), LOUDI)) == said(found)
    sheet = openpyxl.load_workbook(again)[DATA]
    assert [sheet.cell(n, 1).value for n in (row, row + 1)] == [PRINTED, None]
    assert sheet.cell(row, 6).value == 5


def test_a_fund_is_filled_in_below_the_printed_row(tmp_path: Path) -> None:
    rows = tuple(Row({"name": Entry(f"专项{n}"), "actual": Entry(Decimal(n))}) for n in range(1, 6))
    filing = Filing(LOUDI.id, {}, {"funds": rows})
    path = filled(filing, tmp_path / "专项.xlsx")
    assert said(export(FilePort.open(path), LOUDI)) == said(filing)
    first = row_of(path, "funds", 0)
    sheet = openpyxl.load_workbook(path)[DATA]
    assert [sheet.cell(first - 1 + n, 1).value for n in range(3)] == [PRINTED, "专项1", "专项2"]


def test_a_row_inserted_above_the_printed_row_of_the_funds_is_read(path: Path) -> None:
    printed = row_of(path, "funds", 0) - 1
    insert_rows(path, DATA, printed, 1)
    put(path, "funds", printed, name="某项目", previous=Decimal(1), budget=Decimal(2), actual=Decimal(7))
    assert listed(path, "funds", "name", "actual")[0] == ("某项目", Decimal(7))
    assert difference(path, "actual") == Decimal(-7)
    assert read_filing(FilePort.open(path), LOUDI).unread == ()


def test_amounts_in_a_row_of_the_units_own_are_not_lost_silently(path: Path) -> None:
    office = Bindings(FilePort.open(path))["control.utilities.actual"]
    assert office
    row = office.area.top
    assert read_filing(FilePort.open(path), LOUDI).unread == ()
    insert_rows(path, DATA, row, 1)
    port = FilePort.open(path)
    typed = {1: "物业管理费", 2: Decimal("1.5"), 4: Decimal(0), 6: Decimal("2.25")}
    port.write(DATA, [Edit(row, column, value) for column, value in typed.items()])
    assert [str(place) for place in read_filing(port, LOUDI).unread] == [f"{DATA}!B{row}", f"{DATA}!F{row}"]


@pytest.mark.parametrize("edition", ["guangzhou-2023", *EDITIONS])
def test_of_a_form_as_it_is_nothing_is_left_unread(edition: str, tmp_path: Path) -> None:
    rubric = load_rubric(edition)
    filing = filing_of(edition, right(edition))
    found = read_filing(FilePort.open(filled(filing, tmp_path / "填好.xlsx")), rubric)
    assert found.unread == ()
    assert said(found)[0].items() >= said(filing)[0].items()


@pytest.mark.live
@pytest.mark.skipif(
    subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode != 0
    or shutil.which("soffice") is None,
    reason="LibreOffice is not installed",
)
def test_rows_deleted_and_inserted_in_a_spreadsheet_lose_nothing(path: Path, tmp_path: Path) -> None:
    """The first row of a block is deleted, a row is inserted above the next block and above the total."""
    benefit, satisfaction = row_of(path, "benefit", 0), row_of(path, "satisfaction", 0)
    total = row_of(path, "cost", -1) + 1
    names = [name for (name,) in listed(path, "benefit", "name")]
    change = (
        f"sheet = doc.Sheets.getByName({FORM!r})\n"
        f"sheet.Rows.insertByIndex({total - 1}, 1)\n"
        f"sheet.getCellRangeByName('D{total}').String = '甲'\n"
        f"sheet.getCellRangeByName('H{total}').Value = 0.5\n"
        f"sheet.Rows.insertByIndex({satisfaction - 1}, 1)\n"
        f"sheet.getCellRangeByName('D{satisfaction}').String = '乙'\n"
        f"sheet.getCellRangeByName('H{satisfaction}').Value = 0.25\n"
        f"sheet.Rows.removeByIndex({benefit - 1}, 1)\n"
        "doc.calculateAll()\n"
    )
    before = analysed(path)
    target = tmp_path / "LibreOffice.xlsx"
    script = Path(__file__).with_name("in_libreoffice.py")
    command = [SYSTEM_PYTHON, script, path, target, tmp_path / "lo", change]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert [name for (name,) in listed(target, "output", "name")] == [
        name for (name,) in listed(path, "output", "name")
    ]
    assert [name for (name,) in listed(target, "benefit", "name")] == [*names[1:], "乙"]
    assert [name for (name,) in listed(target, "cost", "name")][-1] == "甲"
    after = analysed(target)
    assert after["效益指标"] == pytest.approx(float(str(before["效益指标"])) + 0.25)
    assert after["成本指标"] == pytest.approx(float(str(before["成本指标"])) + 0.5)
    assert after["产出指标"] == before["产出指标"]


# ---------------------------------------------------------------- the official sheets


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_row_offers_its_choices(edition: str) -> None:
    book = openpyxl.load_workbook(data_folder("workbook_templates") / f"{edition}.xlsx")
    sheet = book[FORM]
    rules = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    rubric = load_rubric(edition)
    port = FilePort.open(data_folder("workbook_templates") / f"{edition}.xlsx")
    found = read_filing(port, rubric)
    for block in rubric.blocks:
        for column in block.columns:
            for row in found.rows[block.id] if column.choices else ():
                place = row[column.id].place
                assert place
                offered = [rule.formula1 for rule in rules if place.cell in rule.sqref]
                assert offered == ['"' + ",".join(column.choices) + '"']


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_columns_of_the_official_table_are_printed_and_no_others(edition: str) -> None:
    form, rubric = load_form(edition), load_rubric(edition)
    spec = next(sheet for sheet in form.sheets if sheet.name == FORM)
    sheet = openpyxl.load_workbook(data_folder("workbook_templates") / f"{edition}.xlsx")[FORM]
    bindings = Bindings(FilePort.open(data_folder("workbook_templates") / f"{edition}.xlsx"))
    for block in rubric.blocks:
        for column in block.columns if block.row_rule else ():
            head = bindings[f"column.{block.id}.{column.id}"]
            assert head
            assert (head.area.left > spec.print_cols) == (column.id in ("direction", "tier", "basis"))
    assert sheet.page_setup.orientation == "portrait"


def texts_of(edition: str, sheet: str) -> list[str]:
    found = openpyxl.load_workbook(data_folder("workbook_templates") / f"{edition}.xlsx")[sheet]
    return [str(cell.value) for row in found.iter_rows() for cell in row if cell.value is not None]


def test_the_forms_print_the_words_of_their_originals() -> None:
    yueyang, loudi = texts_of("yueyang-2024", FORM), texts_of("loudi-2023", FORM)
    points = ["产出指标（50分）", "效益指标（30分）", "满意度指标（10分）"]
    assert [one for text in yueyang if "指标（" in (one := text.replace("\n", ""))] == points
    assert {"产出指标", "效益指标", "满意度指标", "成本指标"} <= set(loudi)
    assert "其中：一般公共预算：" in yueyang and "一般公共预算：" in loudi
    assert "其他资金：" in loudi and "　　　其他资金：" in yueyang
    assert "财政供养人员情况（人）" in texts_of("yueyang-2024", DATA)
    assert "财政供养人员情况" in texts_of("loudi-2023", DATA)


def test_a_level_printed_with_its_points_is_read_as_its_name(tmp_path: Path) -> None:
    row = Row({"level1": Entry("产出指标"), "level2": Entry("数量指标"), "name": Entry("甲")})
    path = filled(Filing("yueyang-2024", {}, {"output": (row,)}), tmp_path / "岳阳.xlsx")
    sheet = openpyxl.load_workbook(path)[FORM]
    assert "产出指标\n（50分）" in [cell.value for cell in sheet["B"]]
    found = read_filing(FilePort.open(path), load_rubric("yueyang-2024")).rows["output"]
    assert [one["level1"].raw for one in found if one["name"].raw] == ["产出指标"]


def test_the_evidence_printed_on_the_assessment_form_is_the_originals() -> None:
    sheet = openpyxl.load_workbook(data_folder("workbook_templates") / "yueyang-2024.xlsx")["考核评分表"]
    head = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "所需佐证材料")
    printed = [sheet.cell(head.row + number, head.column).value for number in range(1, 9)]
    assert [bool(text) for text in printed] == [True, True, True, False, False, False, False, False]


def test_the_years_in_words_are_those_of_the_edition() -> None:
    for edition, years in (("loudi-2023", (2022, 2023)), ("yueyang-2024", (2023, 2024))):
        sheet = openpyxl.load_workbook(data_folder("workbook_templates") / f"{edition}.xlsx")[DATA]
        texts = {str(cell.value) for row in sheet.iter_rows() for cell in row}
        assert {f"{years[0]}年决算数", f"{years[1]}年预算数", f"{years[1]}年决算数"} <= texts


# ---------------------------------------------------------------- forms laid over forms


def edition_with(folder: Path, form: str) -> str:
    """An edition that extends Loudi's and changes its form."""
    made = folder / "mine"
    made.mkdir()
    source = data_folder("rubric_rules") / "loudi-2023" / "rubric.yaml"
    text = source.read_text(encoding="utf-8").replace("extends: _hunan", "extends: loudi-2023")
    (made / "rubric.yaml").write_text(text.replace("id: loudi-2023", "id: mine"), encoding="utf-8")
    (made / FORM_FILE).write_text(form, encoding="utf-8")
    return made.name


def test_an_edition_changes_a_part_and_keeps_the_rest(tmp_path: Path) -> None:
    text = "form:\n  parts:\n    assessment.notes:\n      - cells: [{text: 另一个说明, cols: 9}]\n"
    mine, below = load_form(edition_with(tmp_path, text), rules=tmp_path), load_form("loudi-2023")
    assert [sheet.name for sheet in mine.sheets] == [sheet.name for sheet in below.sheets]
    assert {key for key in mine.parts if mine.parts[key] != below.parts[key]} == {"assessment.notes"}
    assert mine.groups == below.groups


def test_an_edition_may_have_fewer_sheets_in_another_order(tmp_path: Path) -> None:
    text = "form:\n  order: [自评表, 基本信息, 基础数据表, 得分分析, 校验结果, _jixiao]\n"
    form = load_form(edition_with(tmp_path, text), rules=tmp_path)
    assert [sheet.name for sheet in form.sheets][:3] == ["自评表", "基本信息", "基础数据表"]
    assert len(form.sheets) == 6


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("form:\n  order: [自评表,\n    基本信思]\n", 3, "是否想写“基本信息”"),
        ("form:\n  parts:\n    guide.steps:\n      - cels: [一]\n", 4, "是否想写“cells”"),
        (
            "form:\n  parts:\n    data.note:\n      - cells: [{text: '{words.stff}'}]\n",
            4,
            "没有名为“stff”的用语（words），是否想写“staff”",
        ),
        ("fomr:\n  title: 错\n", 1, "只有一个总的“form”"),
    ],
)
def test_a_mistake_is_found_in_the_file_that_makes_it(
    text: str, line: int, words: str, tmp_path: Path
) -> None:
    edition = edition_with(tmp_path, text)
    with pytest.raises(RuleFileError) as raised:
        load_form(edition, rules=tmp_path)
    assert f"{FORM_FILE}:{line}" in str(raised.value)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("- part: assessment.haed", "是否想写“assessment.head”"),
        ("- cells: [{score: exection}]", "是否想写“execution”"),
    ],
)
def test_a_part_that_does_not_fit_is_named(part: str, words: str, tmp_path: Path) -> None:
    sheet = f"  sheets:\n    - name: 自评表\n      rows:\n        {part}\n"
    edition = edition_with(tmp_path, "form:\n" + sheet)
    with pytest.raises(FormError, match=words):
        lay_out(LOUDI, load_form(edition, rules=tmp_path))
