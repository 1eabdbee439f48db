"""Stored values of formulas are what a spreadsheet calculates, or are not there at all."""

from __future__ import annotations

import datetime as dt
import shutil
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from altered_forms import insert_rows
from fuzz.formulas import by_libreoffice
from jixiao.filing.model import Raw
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.rubric.model import Rubric, walk
from jixiao.scoring.score import score
from jixiao.workbook.bound import Bindings
from jixiao.workbook.derived import refresh
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.formula import calculation
from jixiao.workbook.formula.calculation import DEEPEST, LONGEST, Calculator
from jixiao.workbook.formula.references import address
from jixiao.workbook.formula.values import Fault, Unknown
from jixiao.workbook.port import Cell, Edit
from jixiao.workbook.reading import edition_of, read_filing
from jixiao.workbook.scores.results import write_scores

TEMPLATES = sorted(data_folder("workbook_templates").glob("*.xlsx"))
BY_TYPE: dict[str, Raw] = {
    "money": Decimal("1234.56"), "area": Decimal("80.5"), "count": Decimal(7), "percent": Decimal("0.8731"),
    "year": Decimal(2023), "answer": "是", "date": dt.date(2023, 12, 31),
}  # fmt: skip
ROWS: list[tuple[Raw, ...]] = [
    ("≥80", "85", "", Decimal(4), Decimal(4)),
    ("≤4", "5", "", Decimal(3), Decimal("2.4")),
    ("100", "90", "反向", Decimal(3), None),
    ("12月", "11月", "", Decimal(2), Decimal(2)),
    ("≥80个", "85个", "", Decimal(2), Decimal("1.5")),
    ("95%", "96.5%", "正向", Decimal(1), "1分"),
    ("定性", "良好", "", Decimal(1), None),
]


@pytest.fixture(params=TEMPLATES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    file = tmp_path / "自评表.xlsx"
    shutil.copy(request.param, file)
    return file


@pytest.fixture
def guangzhou(tmp_path: Path) -> Path:
    file = tmp_path / "自评表.xlsx"
    shutil.copy(data_folder("workbook_templates") / "guangzhou-2023.xlsx", file)
    return file


def put(port: FilePort, name: str, value: Raw, formula: str = "", *, down: int = 0) -> None:
    where = Bindings(port)[name]
    if where:
        port.write(where.sheet, [Edit(where.area.top + down, where.area.left, value, formula)])


def shown(port: FilePort, name: str) -> Cell:
    where = Bindings(port)[name]
    assert where
    return port.cells(where.sheet)[where.position]


def filled_in(port: FilePort, rubric: Rubric) -> None:
    """Something in every input, in both rows of scores some texts and gaps."""
    for name, field in rubric.asked.items():
        if not field.derived:
            put(port, name, BY_TYPE.get(field.type, field.choices[0] if field.choices else "文字"))
    for number, (_, indicator) in enumerate(walk(rubric.levels)):
        if number % 3:
            put(port, f"score.{indicator.id}", indicator.weight - Decimal("0.01"))
    for block in rubric.blocks:
        for number, row in enumerate(ROWS, 1):
            for column, value in zip(("target", "actual", "direction", "weight", "score"), row, strict=True):
                put(port, f"column.{block.id}.{column}", value, down=number)


def calculated(path: Path, folder: Path) -> FilePort:
    """The workbook as LibreOffice calculates it, none of our values at hand."""
    (folder / "bare").mkdir()
    return by_libreoffice([path], folder)[path.name]


def alike(ours: Raw, theirs: Raw) -> bool:
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        return abs(ours - theirs) <= abs(ours) * Decimal("1E-13")
    return (ours or "") == (theirs or "")


# ---------------------------------------------------------------- against a spreadsheet


@pytest.mark.live
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_stored_values_are_what_libreoffice_calculates(path: Path, tmp_path: Path) -> None:
    port = FilePort.open(path)
    rubric = load_rubric(edition_of(port))
    filled_in(port, rubric)
    filing = read_filing(port, rubric)
    write_scores(
        port, rubric, filing, score(rubric, filing), overwrite=False, when=dt.datetime(2026, 11, 21, 10, 3)
    )
    port.save()
    ours, theirs = FilePort.open(path), calculated(path, tmp_path)
    left = []
    for sheet in ours.sheets():
        fresh = theirs.cells(sheet)
        for position, cell in ours.cells(sheet).items():
            if cell.formula and cell.uncalculated:
                left.append((sheet, address(*position), cell.formula))
            elif cell.formula:
                there = fresh.get(position, Cell())
                assert alike(cell.raw, there.raw), (sheet, address(*position), cell, there)
    assert [formula for sheet, _, formula in left if not sheet.startswith("_")] == []


# ---------------------------------------------------------------- the form's own sums and copies


def test_the_form_shows_what_was_typed_without_a_calculator(guangzhou: Path) -> None:
    port = FilePort.open(guangzhou)
    rubric = load_rubric("guangzhou-2023")
    put(port, "unit.name", "某某局")
    put(port, "unit.year", Decimal(2023))
    put(port, "expenditure.total.adjusted", Decimal("603.17"))
    put(port, "score.output", Decimal("41.5"))
    put(port, "score.benefit", Decimal("43.505"))
    put(port, "column.output.weight", Decimal(6), down=1)
    put(port, "column.output.score", Decimal("5.5"), down=1)
    refresh(port, rubric)
    port.save()
    port = FilePort.open(guangzhou)
    values = {
        name: shown(port, name).raw
        for name in ("form.unit", "form.year", "form.budget_total", "form.budget_basic", "total")
    }
    assert values == {
        "form.unit": "某某局",
        "form.year": "(2023年度)",
        "form.budget_total": Decimal("603.17"),
        "form.budget_basic": "",
        "total": Decimal("85.01"),
    }
    assert str(shown(port, "grade").raw).split("；")[1].strip() == "☑良 80分≤得分<90分"
    assert str(shown(port, "grade").raw).count("☑") == 1
    assert shown(port, "blocktotal.output").raw == Decimal("5.5")
    where = Bindings(port)["blocktotal.output"]
    assert where
    assert port.cells(where.sheet)[where.area.top, where.area.left - 1].raw == 6


def test_without_any_score_the_total_is_empty_and_no_box_is_ticked(guangzhou: Path) -> None:
    port = FilePort.open(guangzhou)
    blank = shown(port, "grade").raw
    put(port, "score.output", Decimal(40))
    put(port, "score.output", None)
    refresh(port, load_rubric("guangzhou-2023"))
    port.save()
    port = FilePort.open(guangzhou)
    assert (shown(port, "total").raw, shown(port, "grade").raw) == ("", blank)
    assert not shown(port, "total").uncalculated


def test_rows_inserted_above_the_total_count(guangzhou: Path) -> None:
    insert_rows(guangzhou, "绩效目标完成情况", 15, 2)
    port = FilePort.open(guangzhou)
    put(port, "column.output.score", Decimal("5.5"), down=10)
    refresh(port, load_rubric("guangzhou-2023"))
    assert shown(port, "blocktotal.output").raw == Decimal("5.5")


def test_a_formula_the_user_changed_gets_its_own_value(guangzhou: Path) -> None:
    port = FilePort.open(guangzhou)
    put(port, "score.output", Decimal(40))
    put(port, "total", Decimal(0), "SUM(I11:I36)-1.5")
    refresh(port, load_rubric("guangzhou-2023"))
    assert (shown(port, "total").formula, shown(port, "total").raw) == ("SUM(I11:I36)-1.5", Decimal("38.5"))


def test_what_depends_on_a_formula_we_do_not_understand_is_left_to_excel(guangzhou: Path) -> None:
    port = FilePort.open(guangzhou)
    put(port, "score.benefit", Decimal(40), "VLOOKUP(1,A1:B2,2)+I11")
    put(port, "score.output", Decimal(40))
    refresh(port, load_rubric("guangzhou-2023"))
    port.save()
    port = FilePort.open(guangzhou)
    assert shown(port, "total").uncalculated and shown(port, "grade").uncalculated
    assert shown(port, "form.unit").raw == ""


def test_a_total_typed_over_by_the_user_stays(guangzhou: Path) -> None:
    port = FilePort.open(guangzhou)
    put(port, "total", Decimal(99))
    put(port, "score.output", Decimal(40))
    refresh(port, load_rubric("guangzhou-2023"))
    assert (shown(port, "total").formula, shown(port, "total").raw) == ("", Decimal(99))


def test_sheets_of_the_user_are_not_touched(guangzhou: Path) -> None:
    book = openpyxl.load_workbook(guangzhou)
    book.create_sheet("底稿")["A1"] = "=1+1"
    book.save(guangzhou)
    port = FilePort.open(guangzhou)
    refresh(port, load_rubric("guangzhou-2023"))
    assert port.cells("底稿")[1, 1].uncalculated


# ---------------------------------------------------------------- formula by formula

CELLS: dict[str, Raw] = {
    "A1": Decimal(2),
    "A2": "文字",
    "A4": Decimal("0.5"),
    "B1": dt.date(2023, 1, 1),
    "B2": "12月",
}


def worked_out(formula: str, path: Path) -> Raw:
    book = openpyxl.Workbook()
    book.active.title = "甲 表"
    for place, value in CELLS.items():
        book.active[place] = float(value) if isinstance(value, Decimal) else value
    book.active["C1"] = "#N/A"
    book.active["C1"].data_type = "e"
    book.active["D1"] = f"={formula}"
    book.active["D2"] = "=D1"
    book.save(path)
    return Calculator(FilePort.open(path)).at("甲 表", (2, 4))


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("1+2*3-4/8", Decimal("6.5")),
        ("-A1*-(1-3)", Decimal(-4)),
        ("50%*A1", Decimal(1)),
        ("1/3", Decimal("0.333333333333333")),
        ("ROUND(2.675,2)", Decimal("2.68")),
        ("ROUND(-0.125,2)", Decimal("-0.13")),
        ("A3", Decimal(0)),
        ("A3&\"a\"\"b\"&A1&'甲 表'!A4", 'a"b20.5'),
        ('IF(A3="",IF(A3=0,"都是","数"),"不")', "都是"),
        ('IF(A2>=90,"文字大于数","")', "文字大于数"),
        ('IF(1=1,"短",C1)', "短"),
        ('IF(B1="","空","日期")', "日期"),
        ('IFERROR(C1,"错")', "错"),
        ('IFERROR(1/A3,"错")', "错"),
        ("COUNT(A1:C4)", Decimal(3)),
        ("COUNT(A:A)+COUNT(A1,A4,5)", Decimal(5)),
        ("SUM(A1:A4,1)", Decimal("3.5")),
        ("MAX(A1:A4)-MIN(A1:A4)", Decimal("1.5")),
        ("SUM(A$1:INDEX(A:A,ROW()+3))", Decimal("2.5")),
        ('SUMIF(A1:A4,">1",A1:A4)', Decimal(2)),
        ('COUNTIF(B2,"*月*")+COUNTIF(B2,"1?月")', Decimal(2)),
        ('VALUE(SUBSTITUTE("≥95%","≥",""))', Decimal("0.95")),
        ('IFERROR(VALUE("80个"),"不是数")', "不是数"),
        ("AND(A1=2,OR(A4>1,A2<>\"文\"))", True),
    ],
)  # fmt: skip
def test_it_calculates_as_excel_does(formula: str, value: Raw, tmp_path: Path) -> None:
    assert worked_out(formula, tmp_path / "a.xlsx") == value


@pytest.mark.parametrize(
    "formula",
    [
        "A2+1", "B1+1", "B1&1", "SUM(A1:B1)", "A1:A4", "2^3", "NOW()", "名称", "[1]表!A1", "没有!A1", "{1,2}",
        "D2", 'VALUE("12月")', 'VALUE("1,234")', 'COUNTIF(B2,12)', 'COUNTIF(A1:A4,"<>1")', "SUM(A1 A2)",
        'IF(A1,1)', "INDEX(A1:B2,1,2)", "IFERROR(NOW(),1)", '"a"<"b"', "SUM(A1", "1 2", "TRUE", "ROUND(1,-2)",
        "ROUND(" + "9" * 30 + ",2)", "*".join(["9" * 300] * 2), "&".join(['"' + "长" * 20000 + '"'] * 2),
    ],
)  # fmt: skip
def test_what_is_not_plain_is_unknown(formula: str, tmp_path: Path) -> None:
    with pytest.raises(Unknown):
        worked_out(formula, tmp_path / "a.xlsx")


@pytest.mark.parametrize("formula", ["1/A3", "C1+1", "SUM(C1:C2)", 'VALUE("无")'])
def test_an_error_stays_an_error(formula: str, tmp_path: Path) -> None:
    with pytest.raises(Fault):
        worked_out(formula, tmp_path / "a.xlsx")


def test_a_long_chain_is_left_to_excel_and_does_not_exhaust_the_stack(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in range(2, 500):
        book.active[f"A{row}"] = f"=A{row - 1}+1"
    book.save(tmp_path / "a.xlsx")
    port = FilePort.open(tmp_path / "a.xlsx")
    assert Calculator(port).at("Sheet", (DEEPEST + 1, 1)) == DEEPEST
    for row in (DEEPEST + 2, 499):
        with pytest.raises(Unknown, match="too deep"):
            Calculator(port).at("Sheet", (row, 1))


def test_brackets_within_brackets_are_left_to_excel_and_do_not_exhaust_the_stack(tmp_path: Path) -> None:
    assert worked_out("(" * 20 + "1" + ")" * 20, tmp_path / "a.xlsx") == 1
    with pytest.raises(Unknown, match="brackets"):
        worked_out("(" * 4000 + "1" + ")" * 4000, tmp_path / "a.xlsx")


def test_a_formula_longer_than_excel_takes_is_left_to_it(tmp_path: Path) -> None:
    text = "长" * (LONGEST - len('""'))
    assert worked_out(f'"{text}"', tmp_path / "a.xlsx") == text
    with pytest.raises(Unknown, match="longer than Excel takes"):
        worked_out(f'"{text}长"', tmp_path / "a.xlsx")


def test_formulas_that_look_at_too_many_cells_are_left_to_excel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = openpyxl.Workbook()
    for row in range(1, 11):
        book.active[f"A{row}"] = row
        book.active[f"B{row}"] = "=SUM(A$1:A$10)"
    book.save(tmp_path / "a.xlsx")
    monkeypatch.setattr(calculation, "MOST_LOOKS", 60)
    calculator = Calculator(FilePort.open(tmp_path / "a.xlsx"))
    assert [calculator.at("Sheet", (row, 2)) for row in range(1, 6)] == [55] * 5
    with pytest.raises(Unknown, match="too many cells"):
        calculator.at("Sheet", (6, 2))


LOSSES = {"output": "18", "benefit": "20", "execution_rate": "9", "appraisal": "2", "three_public": "0"}


@pytest.mark.parametrize(
    "scores, expected",
    [
        (LOSSES, [(1, "2"), (26, "2"), (3, "1"), (4, "1")]),  # what loses alike stands in the form's order
        ({"output": "20"}, []),
        ({"three_public": "1.99"}, [(26, "0.01")]),
    ],
)
def test_the_worst_losses_stand_in_order_each_indicator_once(scores, expected, guangzhou):
    port = FilePort.open(guangzhou)
    for indicator, points in scores.items():
        put(port, f"score.{indicator}", Decimal(points))
    refresh(port, load_rubric("guangzhou-2023"))
    grid = port.cells("得分分析")
    (top,) = (row for (row, column), cell in grid.items() if column == 1 and cell.raw == "失分最多的指标")
    lines = [[grid[row, column].raw for column in (1, 2, 6)] for row in range(top + 2, top + 10)]
    names = dict(enumerate((one.name for _, one in walk(load_rubric("guangzhou-2023").levels)), 1))
    listed = [[Decimal(number), names[number], Decimal(lost)] for number, lost in expected]
    assert lines == listed + [["", "", ""]] * (8 - len(listed))
