"""The file port loses nothing, reads what others read, and gives back every byte it was lent."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from jixiao.workbook import errors
from jixiao.workbook.file.book_xml import STRICT, STRICT_OFFICE, TRANSITIONAL
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.file.fill_text import fill_xml
from jixiao.workbook.file.number_formats import Shown, shown_by
from jixiao.workbook.file.package import Package, unpack
from jixiao.workbook.file.relations import OFFICE
from jixiao.workbook.file.shared_strings import read_strings
from jixiao.workbook.file.values import decode_number, decode_text, encode_text
from jixiao.workbook.file.xml_spans import check_well_formed
from jixiao.workbook.formula.references import moved
from jixiao.workbook.port import Cell, Edit, Look, Position
from rich_workbook import (
    by_excelize,
    by_openpyxl,
    finished_by_hand,
    read_parts,
    with_parts,
)

SHEET = "自评表"
VML_KNOWN = (
    b'<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
)
Maker = Callable[[Path], Path]


def by_hand(path: Path) -> Path:
    return finished_by_hand(by_openpyxl(path.with_name("base.xlsx")), path.with_suffix(".xlsm"))


@pytest.fixture(params=[by_openpyxl, by_excelize, by_hand], ids=["openpyxl", "excelize", "macros"])
def rich(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    maker: Maker = request.param
    return maker(tmp_path / "丰富.xlsx")


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return by_openpyxl(tmp_path / "表.xlsx")


def with_sheet(source: Path, xml: str, **parts: str) -> FilePort:
    """The workbook with its first sheet written anew."""
    target = source.with_name("改写.xlsx")
    new = {"xl/worksheets/sheet1.xml": xml.encode()} | {name: text.encode() for name, text in parts.items()}
    return FilePort.open(with_parts(source, target, new))


def sheet_xml(rows: str, before: str = "", after: str = "") -> str:
    return f'<worksheet xmlns="{TRANSITIONAL}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


# ---- nothing is lost


def test_a_changed_value_changes_only_its_sheet_and_the_workbook(rich: Path) -> None:
    before = read_parts(rich)
    port = FilePort.open(rich)
    port.write(SHEET, [Edit(2, 2, Decimal("7.5")), Edit(40, 2, "新的行")])
    port.save()
    after = read_parts(rich)
    assert list(after) == list(before)
    touched = {name for name in before if before[name] != after[name]}
    assert {"xl/worksheets/sheet1.xml"} <= touched <= {"xl/worksheets/sheet1.xml", "xl/workbook.xml"}
    assert FilePort.open(rich).cells(SHEET)[2, 2].raw == Decimal("7.5")


def test_everything_outside_the_changed_cells_keeps_its_bytes(rich: Path) -> None:
    def skeleton(data: bytes) -> bytes:
        return re.sub(rb"<row\b.*?</row>", b"", data, flags=re.DOTALL)

    before = read_parts(rich)["xl/worksheets/sheet1.xml"]
    port = FilePort.open(rich)
    port.write(SHEET, [Edit(2, 1, "改")])
    port.save()
    assert skeleton(read_parts(rich)["xl/worksheets/sheet1.xml"]) == skeleton(before)


def test_notes_added_and_removed_leave_every_byte_as_it_was(rich: Path) -> None:
    before = read_parts(rich)
    port = FilePort.open(rich)
    texts = {name: dict(port.notes(name)) for name in port.sheets()}
    for name in port.sheets():
        port.add_notes(name, {(5, 2): "得分应为 9.80 分\n" + "长" * 300, (30, 30): "_x000D_ <&>"})
    port.save()
    port = FilePort.open(rich)
    for name in port.sheets():
        assert dict(port.notes(name)) == texts[name] | {
            (5, 2): "得分应为 9.80 分\n" + "长" * 300,
            (30, 30): "_x000D_ <&>",
        }
        port.remove_notes(name, [(5, 2), (30, 30)])
    port.save()
    assert read_parts(rich) == before


@pytest.mark.parametrize("vml_known", [False, True])
def test_the_first_note_of_a_workbook_leaves_no_trace_either(tmp_path: Path, vml_known: bool) -> None:
    book = openpyxl.Workbook()
    book.active.append(["没有批注", 1])
    path = tmp_path / "无批注.xlsx"
    book.save(path)
    if vml_known:
        types = read_parts(path)["[Content_Types].xml"].replace(b"<Default", VML_KNOWN + b"<Default", 1)
        path = with_parts(path, tmp_path / "已知.xlsx", {"[Content_Types].xml": types})
    before = read_parts(path)
    port = FilePort.open(path)
    name = port.sheets()[0]
    port.add_notes(name, {(1, 1): "批注"})
    port.save()
    assert len(read_parts(path)) == len(before) + 3
    assert openpyxl.load_workbook(path)[name]["A1"].comment.text == "批注"
    port = FilePort.open(path)
    port.remove_notes(name, [(1, 1)])
    port.save()
    assert read_parts(path) == before


def test_a_fill_painted_and_painted_back_gives_the_first_format(rich: Path) -> None:
    port = FilePort.open(rich)
    places = sorted(port.cells(SHEET))
    before = port._package.get("xl/worksheets/sheet1.xml")
    fills = port.fills(SHEET, places)
    port.paint(SHEET, dict.fromkeys(places, "#FFC7CE"))
    assert set(port.fills(SHEET, places).values()) == {fill_xml("#FFC7CE")}
    port.save()
    port = FilePort.open(rich)
    port.paint(SHEET, fills)
    assert port.fills(SHEET, places) == fills
    assert re.sub(rb' s="0"', b"", port._package.get("xl/worksheets/sheet1.xml")) == re.sub(
        rb' s="0"', b"", before
    )


def test_painting_again_and_again_does_not_grow_the_styles(plain: Path) -> None:
    port = FilePort.open(plain)
    sizes = []
    for color in ("#FFC7CE", "", "#FFC7CE", "", "#ffc7ce"):
        port.paint(SHEET, {(2, 2): color, (3, 1): color})
        sizes.append(len(port._package.get("xl/styles.xml")))
    assert sizes[1:] == [sizes[1]] * 4


def test_a_theme_colour_survives_as_text(plain: Path) -> None:
    fill = FilePort.open(plain).fills(SHEET, [(2, 2)])[2, 2]
    assert 'theme="4"' in fill and 'tint="0.6"' in fill
    port = FilePort.open(plain)
    port.paint(SHEET, {(9, 1): fill})
    assert port.fills(SHEET, [(9, 1)])[9, 1] == fill


@pytest.mark.parametrize(
    "fill",
    [
        "红",
        "#FFF",
        "<b/>",
        "<patternFill><script/></patternFill>",
        '<patternFill x="1"/>',
        "<!DOCTYPE a><patternFill/>",
        "<patternFill>",
    ],
)
def test_what_is_no_fill_is_refused(plain: Path, fill: str) -> None:
    with pytest.raises(errors.BadFill, match="不是颜色"):
        FilePort.open(plain).paint(SHEET, {(1, 1): fill})


def test_everything_at_once_survives(rich: Path) -> None:
    before = read_parts(rich)
    exercise(FilePort.open(rich))
    after = read_parts(rich)
    assert before.keys() <= after.keys()
    for name in before:
        if not re.search(r"sheet\d|workbook\.xml|styles|Types|omment|vml|\.rels", name):
            assert after[name] == before[name], name
    for name, data in after.items():
        if name.endswith((".xml", ".rels")):
            check_well_formed(data)


def exercise(port: FilePort) -> None:
    port.write(
        SHEET, [Edit(2, 2, Decimal("7.5")), Edit(3, 3, "公式换成文字"), Edit(60, 1, dt.date(2024, 5, 1))]
    )
    port.paint(SHEET, {(2, 2): "#FFC7CE", (3, 1): "#FFEB9C"})
    port.add_notes(SHEET, {(5, 2): "批注"})
    port.add_sheet("校验结果")
    look = Look(fill="D9E1F2", bold=True)
    port.write("校验结果", [Edit(r, c, f"第{r}条", look=look) for r in range(1, 30) for c in range(1, 6)])
    port.add_sheet("存档", hidden=True)
    port.set_name("jx.新", "校验结果!$A$1", hidden=True)
    port.save()


# ---- others read the same


def normal(value: object) -> object:
    if isinstance(value, bool) or value is None or value == "":
        return value or None if value != 0 or value == "" else value
    if isinstance(value, int | float):
        return decode_number(repr(float(value)))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value


def test_openpyxl_reads_the_same_values(rich: Path) -> None:
    exercise(FilePort.open(rich))
    port = FilePort.open(rich)
    other = openpyxl.load_workbook(rich, data_only=True)
    formulas = openpyxl.load_workbook(rich)
    for name in port.sheets():
        if name not in other.sheetnames or not hasattr(other[name], "iter_rows"):
            continue
        cells = port.cells(name)
        for line in other[name].iter_rows():
            for theirs in line:
                mine = cells.get((theirs.row, theirs.column), Cell())
                formula = formulas[name].cell(theirs.row, theirs.column)
                assert bool(mine.formula) == (formula.data_type == "f"), theirs.coordinate
                if not isinstance(theirs.value, dt.time) and not mine.error:
                    assert normal(mine.raw) == normal(theirs.value), theirs.coordinate


def test_calamine_reads_the_same_values(rich: Path) -> None:
    exercise(FilePort.open(rich))
    port = FilePort.open(rich)
    other = CalamineWorkbook.from_path(str(rich))
    for name in ("校验结果", SHEET):
        rows = other.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for (row, column), mine in port.cells(name).items():
            if mine.formula or mine.error or not isinstance(mine.raw, str | Decimal):
                continue
            theirs = rows[row - 1][column - 1]
            if not isinstance(theirs, dt.date | dt.time | dt.timedelta):
                assert normal(theirs) == normal(mine.raw), (row, column)


@pytest.mark.live
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_result_without_loss(rich: Path, tmp_path: Path) -> None:
    exercise(FilePort.open(rich))
    ours = FilePort.open(rich)
    out = tmp_path / "lo"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            str(rich),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    theirs = FilePort.open(out / f"{rich.stem}.xlsx")
    assert theirs.sheets() == ours.sheets()
    assert dict(theirs.notes(SHEET)) == dict(ours.notes(SHEET))
    for name in (SHEET, "校验结果"):
        read = theirs.cells(name)
        for place, cell in ours.cells(name).items():
            if not isinstance(cell.raw, bool):  # LibreOffice writes TRUE as the formula TRUE()
                assert bool(read[place].formula) == bool(cell.formula), place
            if not cell.formula:
                assert normal(read[place].raw) == normal(cell.raw), place
            else:
                assert not read[place].uncalculated


# ---- reading


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<v>0.30000000000000004</v>", Cell(Decimal("0.3"))),
        ("<v>95.679999999999993</v>", Cell(Decimal("95.68"))),
        ("<v>1E3</v>", Cell(Decimal("1000"))),
        ("<v>-0</v>", Cell(Decimal("0"))),
        ("<v>100.00</v>", Cell(Decimal("100"))),
        ('@t="str"<v>a_x000D_b</v>', Cell("a\rb")),
        ('@t="b"<v>1</v>', Cell(True)),
        ('@t="e"<v>#DIV/0!</v>', Cell(error="#DIV/0!")),
        ('@t="e"<f>1/0</f><v>#DIV/0!</v>', Cell(formula="1/0", error="#DIV/0!")),
        ("<f>A1</f>", Cell(formula="A1", uncalculated=True)),
        ("<f>A1</f><v/>", Cell(formula="A1", uncalculated=True)),
        ('@t="str"<f>A1</f><v></v>', Cell("", "A1")),
        (
            '@t="inlineStr"<is><r><t>甲</t></r><r><t> 乙</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is>',
            Cell("甲 乙"),
        ),
        ('@t="inlineStr"<is><t><![CDATA[<a/>]]>&amp;<!-- c --></t></is>', Cell("<a/>&")),
        ('@t="d"<v>2024-05-01</v>', Cell(dt.date(2024, 5, 1))),
        ('@t="s"<v>99999</v>', None),
        ("", None),
    ],
)
def test_a_cell_is_read_as_excel_shows_it(plain: Path, cell: str, expected: Cell | None) -> None:
    attributes, inner = cell[1:].split("<", 1) if cell.startswith("@") else ("", cell.removeprefix("<"))
    port = with_sheet(
        plain, sheet_xml(f'<row r="5"><c r="C5" {attributes}>{"<" if inner else ""}{inner}</c></row>')
    )
    assert port.cells(SHEET).get((5, 3)) == expected


def test_dates_are_told_by_their_format(plain: Path) -> None:
    cells = FilePort.open(plain).cells(SHEET)
    assert cells[2, 4].raw == dt.date(2024, 12, 31)
    assert cells[3, 4].raw == dt.datetime(2024, 6, 1, 8, 30)
    assert cells[4, 4] == Cell(Decimal("0.9567"), percent=True)
    assert cells[6, 4] == Cell(Decimal("12"))
    assert isinstance(cells[8, 4].raw, Decimal)


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (14, None, Shown.DATE),
        (22, None, Shown.DATE_AND_TIME),
        (31, None, Shown.DATE),
        (57, None, Shown.DATE),
        (20, None, Shown.TIME),
        (33, None, Shown.TIME),
        (46, None, Shown.TIME),
        (10, None, Shown.PERCENT),
        (0, None, Shown.NUMBER),
        (49, None, Shown.NUMBER),
        (170, 'yyyy"年"m"月"d"日"', Shown.DATE),
        (170, '0"月"', Shown.NUMBER),
        (170, "[红色]0", Shown.NUMBER),
        (170, "[Red]0.00;[Blue]-0.00", Shown.NUMBER),
        (170, '0.00"d"', Shown.NUMBER),
        (170, "0.00E+00", Shown.NUMBER),
        (170, "General", Shown.NUMBER),
        (170, "G/通用格式", Shown.NUMBER),
        (170, "[$-804]yyyy-mm-dd", Shown.DATE),
        (170, "[h]:mm", Shown.TIME),
        (170, "mm:ss.0", Shown.TIME),
        (170, "[DBNum1]m月", Shown.DATE),
        (170, "yyyy/m/d h:mm;@", Shown.DATE_AND_TIME),
        (170, "0.0%", Shown.PERCENT),
        (170, '0"%"', Shown.NUMBER),
        (170, r"0.00\ %", Shown.PERCENT),
        (170, "上午/下午h:mm", Shown.TIME),
        (170, "aaaa", Shown.DATE),
        (170, "#,##0.00_);[Red](#,##0.00)", Shown.NUMBER),
        (170, '_ "¥"* #,##0.00_ ;', Shown.NUMBER),
        (170, 'e"年"', Shown.DATE),
        (14, "0.00", Shown.NUMBER),
    ],
)
def test_number_formats_are_understood(number: int, code: str | None, shown: Shown) -> None:
    assert shown_by(number, code) is shown


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        ("1", dt.date(1900, 1, 1)),
        ("59", dt.date(1900, 2, 28)),
        ("60", Decimal(60)),
        ("61", dt.date(1900, 3, 1)),
        ("0", Decimal(0)),
        ("-1", Decimal(-1)),
        ("2958465", dt.date(9999, 12, 31)),
        ("2958466", Decimal(2958466)),
        ("45292.5", dt.datetime(2024, 1, 1, 12)),
    ],
)
def test_days_count_as_in_excel(plain: Path, serial: str, day: object) -> None:
    style = FilePort.open(plain)._scan("xl/worksheets/sheet1.xml").style_at(2, 4)
    port = with_sheet(plain, sheet_xml(f'<row r="1"><c r="A1" s="{style}"><v>{serial}</v></c></row>'))
    assert port.cells(SHEET)[1, 1].raw == day


def test_days_may_count_from_1904(plain: Path) -> None:
    book = read_parts(plain)["xl/workbook.xml"]
    book = re.sub(rb"<workbookPr[^>]*/>", b"", book).replace(
        b"<sheets>", b'<workbookPr date1904="1"/><sheets>'
    )
    port = FilePort.open(with_parts(plain, plain.with_name("1904.xlsx"), {"xl/workbook.xml": book}))
    port.write(SHEET, [Edit(20, 1, dt.date(2024, 5, 1))])
    assert port.cells(SHEET)[20, 1].raw == dt.date(2024, 5, 1)
    assert b"<v>43951</v>" in port._package.get("xl/worksheets/sheet1.xml")


def test_shared_formulas_are_moved_to_each_cell(tmp_path: Path) -> None:
    cells = FilePort.open(by_excelize(tmp_path / "a.xlsx")).cells(SHEET)
    assert [cells[row, 3].formula for row in (1, 2, 8)] == ["B1+$A$20", "B2+$A$20", "B8+$A$20"]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A1+$A1+A$1+$A$1", "B3+$A3+B$1+$A$1"),
        ('"A1"&A1', '"A1"&B3'),
        ("'A1 表'!A1", "'A1 表'!B3"),
        ("SUM(A:A,1:1)", "SUM(B:B,3:3)"),
        ("LOG10(A1)", "LOG10(B3)"),
        ("表A1!A1", "表A1!B3"),
        ("项目[金额]", "项目[金额]"),
        ("[1]Sheet1!A1", "[1]Sheet1!B3"),
        ("jx.A1+A1", "jx.A1+B3"),
        ("XFD1", "#REF!"),
        ("A1:B2", "B3:C4"),
        ("1E5+A1", "1E5+B3"),
        ("A1%", "B3%"),
    ],
)
def test_references_are_moved_and_nothing_else(formula: str, expected: str) -> None:
    assert moved(formula, 2, 1) == expected


def test_cells_without_addresses_stand_in_order(plain: Path) -> None:
    rows = (
        "<row><c><v>1</v></c><c r='D1'><v>2</v></c><c><v>3</v></c></row>"
        "<row r='5'><c/><c><v>4</v></c></row><row><c><v>5</v></c></row>"
    )
    port = with_sheet(plain, sheet_xml(rows))
    values = {(1, 1): 1, (1, 4): 2, (1, 5): 3, (5, 2): 4, (6, 1): 5}
    assert {place: cell.raw for place, cell in port.cells(SHEET).items()} == values
    port.write(SHEET, [Edit(1, 2, Decimal(9)), Edit(3, 1, Decimal(8))])
    assert {place: cell.raw for place, cell in port.cells(SHEET).items()} == values | {(1, 2): 9, (3, 1): 8}


def test_prefixed_documents_are_read_and_written(plain: Path) -> None:
    xml = (
        f'<?xml version="1.0"?><x:worksheet xmlns:x="{TRANSITIONAL}"><x:dimension ref="A1:B2"/><x:sheetData>'
        '<x:row r="1" spans="1:2"><x:c r="A1" t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c>'
        '<x:c r="B1"><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    port = with_sheet(plain, xml)
    assert dict(port.cells(SHEET)) == {(1, 1): Cell("甲"), (1, 2): Cell(Decimal(2), "1+1")}
    port.write(SHEET, [Edit(1, 1, "乙"), Edit(1, 7, "丙"), Edit(4, 1, Decimal(1), formula="A1")])
    port.add_notes(SHEET, {(1, 1): "批"})
    assert port.cells(SHEET)[1, 7].raw == "丙"
    written = port._package.get("xl/worksheets/sheet1.xml")
    assert b'<x:dimension ref="A1:G4"/>' in written and b'spans="1:7"' in written
    assert not re.search(rb"<(?!/|\?|x:)", written)


@pytest.mark.parametrize(
    "rows",
    [
        "{row}{a}{b}</row>",
        '{row}<c r="Z9" t="str"></c>{a}<c r="AA1" s="1"/>{b}</row><row r="2"/><row r="3" ht="9"></row>',
        "\r\n{row}\r\n  {a}\n{b}\t</row>\r\n",
        '{row}<!-- <c r="C1"><v>9</v></c> -->{a}{b}</row>',
        '{row}<?x <c r="C1"><v>9</v></c> ?>{a}{b}</row>',
        '{row}<c r="A1" t="inlineStr"><is><t><![CDATA[<c r="C1">甲</c>]]></t></is></c>{b}</row>',
        '{row}<c r="A1" t="inlineStr"><is><t>&lt;c r="C1"&#62;&#x7532;&lt;/c></t></is></c>{b}</row>',
        "<row>{a}<c><f>&quot;&amp;lt;&quot;</f><v>2</v></c></row>",
        "<row r='1'><c t='inlineStr' r='A1'><is><t>{text}</t></is></c>{b}</row>",
    ],
)
def test_a_sheet_says_the_same_however_it_is_written(plain: Path, rows: str) -> None:
    text = "&lt;c r=&quot;C1&quot;&gt;甲&lt;/c&gt;"
    table = rows.format(
        row='<row r="1" spans="1:2" x14ac:dyDescent="0.2">',
        a=f'<c r="A1" s="0" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>',
        b='<c r="B1"><f>"&amp;lt;"</f><v>2</v></c>',
        text=text,
    )
    xml = sheet_xml(table).replace("<worksheet", '<worksheet xmlns:x14ac="x"', 1)
    port = with_sheet(plain, '<?xml version="1.0" encoding="UTF-8"?>\r\n' + xml)
    expected = {(1, 1): Cell('<c r="C1">甲</c>'), (1, 2): Cell(Decimal(2), '"&lt;"')}
    assert dict(port.cells(SHEET)) == expected


@pytest.mark.parametrize(
    "broken",
    [
        '<row r="1"><c r="A1"><v>1</v></row>',
        '<row r="1"><c r="A1"><v>1<v></c></row>',
        '<row r="1"><c r="A1"><v>&#0;</v></c></row>',
        '<row r="1"><c r="A1" r="A1"><v>1</v></c></row>',
    ],
)
def test_a_sheet_that_is_no_xml_is_damaged(plain: Path, broken: str) -> None:
    with pytest.raises(errors.Damaged):
        with_sheet(plain, sheet_xml(broken)).cells(SHEET)


@pytest.mark.parametrize(
    "item",
    [
        "<si><t>甲&lt;b> 乙</t></si>",
        '<si><t xml:space="preserve">甲&lt;b&gt; 乙</t><phoneticPr fontId="1" type="noConversion"/></si>',
        '<si><r><rPr><b/><rFont val="宋体"/></rPr><t>甲&lt;b></t></r><r><t> 乙</t></r></si>',
        '<si><t>甲&lt;b> 乙</t><rPh sb="0" eb="1"><t>jia</t></rPh><phoneticPr fontId="1"/></si>',
        "<si><t>&#30002;&#x3C;b> 乙</t></si>",
        "<si><t><![CDATA[甲<b> ]]>乙</t></si>",
        "\r\n <si>\n<t>甲&lt;b> 乙</t> </si>",
        "<!-- <si><t>丙</t></si> --><si><t>甲&lt;b> 乙</t></si>",
        "<x:si xmlns:x='{space}'><x:t>甲&lt;b> 乙</x:t></x:si>",
    ],
)
def test_a_shared_text_reads_the_same_however_it_is_written(item: str) -> None:
    items = "<si><t/></si>" + item.replace("{space}", TRANSITIONAL) + "<si><t>丁</t></si>"
    data = f'<?xml version="1.0"?>\r\n<sst xmlns="{TRANSITIONAL}" count="3">{items}</sst>'.encode()
    assert read_strings(data) == {"0": "", "1": "甲<b> 乙", "2": "丁"}


@pytest.mark.parametrize(
    "item",
    [
        "<si><t>1</si>",
        "<si><t>&#0;</t></si>",
        "<si><t>&#30002;&#55357;</t></si>",
        "<si><t>&#65534;</t></si>",
        "<si><t>1</t>",
    ],
)
def test_shared_texts_that_are_no_xml_are_damaged(item: str) -> None:
    with pytest.raises(ValueError):
        read_strings(f'<sst xmlns="{TRANSITIONAL}">{item}<si><t>2</t></si></sst>'.encode())


@pytest.mark.parametrize(
    "format",
    [
        '<xf numFmtId="9"/>',
        '<xf fontId="0" numFmtId="9"></xf>',
        "<xf numFmtId='9'/>",
        '<xf numFmtId = "9" />',
    ],
)
def test_a_percentage_is_seen_however_its_format_is_written(plain: Path, format: str) -> None:
    styles = (
        f'<styleSheet xmlns="{TRANSITIONAL}"><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs>'
        f'<cellXfs><xf numFmtId="0"/><xf fontId="0"/>{format}</cellXfs></styleSheet>'
    )
    row = "".join(f'<c r="{column}1" s="{style}"><v>0.5</v></c>' for style, column in enumerate("ABC"))
    port = with_sheet(plain, sheet_xml(f'<row r="1">{row}</row>'), **{"xl/styles.xml": styles})
    assert [cell.percent for cell in port.cells(SHEET).values()] == [False, False, True]
    plainly = {"xl/styles.xml": styles.replace('<xf fontId="0"/>', '<xf numFmtId="1"/>')}
    port = with_sheet(plain, sheet_xml(f'<row r="1">{row}</row>'), **plainly)
    assert [cell.percent for cell in port.cells(SHEET).values()] == [False, False, True]


def test_strict_documents_are_read_and_written(plain: Path) -> None:
    swaps = {TRANSITIONAL: STRICT, OFFICE[:-1]: STRICT_OFFICE}
    parts = read_parts(plain)
    for name in parts:
        if name.endswith((".xml", ".rels")):
            for old, new in swaps.items():
                parts[name] = parts[name].replace(old.encode(), new.encode())
    path = plain.with_name("strict.xlsx")
    with zipfile.ZipFile(path, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)
    port = FilePort.open(path)
    before = dict(port.cells(SHEET))
    assert before == dict(FilePort.open(plain).cells(SHEET))
    exercise(port)
    port = FilePort.open(path)
    assert port.notes(SHEET)[5, 2] == "批注" and port.cells("校验结果")[1, 1].raw == "第1条"


def test_a_sheet_in_utf16_is_read_and_written(plain: Path) -> None:
    xml = '<?xml version="1.0" encoding="UTF-16"?>' + sheet_xml(
        '<row r="1"><c r="A1" t="str"><v>甲</v></c></row>'
    )
    port = FilePort.open(
        with_parts(plain, plain.with_name("u.xlsx"), {"xl/worksheets/sheet1.xml": xml.encode("utf-16")})
    )
    assert port.cells(SHEET)[1, 1].raw == "甲"
    port.write(SHEET, [Edit(1, 2, "乙")])
    port.save()
    assert FilePort.open(port.path).cells(SHEET)[1, 2].raw == "乙"


# ---- writing


def test_a_formula_replaced_by_a_value_leaves_the_calculation_chain(tmp_path: Path) -> None:
    path = by_openpyxl(tmp_path / "a.xlsx")
    parts = read_parts(path)
    chain = f'<calcChain xmlns="{TRANSITIONAL}"><c r="C2" i="1"/></calcChain>'.encode()
    kind = (
        b'<Override PartName="/xl/calcChain.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/>'
    )
    link = (
        b'<Relationship Id="rIdC" Type="'
        + OFFICE.encode()
        + b'calcChain" Target="calcChain.xml"/></Relationships>'
    )
    chained = with_parts(
        path,
        tmp_path / "b.xlsx",
        {
            "xl/calcChain.xml": chain,
            "[Content_Types].xml": parts["[Content_Types].xml"].replace(b"</Types>", kind + b"</Types>"),
            "xl/_rels/workbook.xml.rels": parts["xl/_rels/workbook.xml.rels"].replace(
                b"</Relationships>", link
            ),
        },
    )
    port = FilePort.open(chained)
    port.write(SHEET, [Edit(2, 2, Decimal(1))])
    assert "xl/calcChain.xml" in port._package
    port.write(SHEET, [Edit(2, 3, Decimal(1))])
    assert "xl/calcChain.xml" not in port._package
    assert port._package.get("[Content_Types].xml") == parts["[Content_Types].xml"]
    assert port._package.get("xl/_rels/workbook.xml.rels") == parts["xl/_rels/workbook.xml.rels"]


def test_a_family_of_shared_formulas_survives_the_loss_of_its_first(tmp_path: Path) -> None:
    path = by_excelize(tmp_path / "a.xlsx")
    port = FilePort.open(path)
    port.write(SHEET, [Edit(1, 3, Decimal(1)), Edit(3, 3, "换"), Edit(2, 3, Decimal(26), refresh=True)])
    port.save()
    cells = FilePort.open(path).cells(SHEET)
    assert cells[1, 3] == Cell(Decimal(1)) and cells[3, 3] == Cell("换")
    assert cells[2, 3] == Cell(Decimal(26), "B2+$A$20")
    assert [cells[row, 3].formula for row in (4, 8)] == ["B4+$A$20", "B8+$A$20"]
    assert openpyxl.load_workbook(path)[SHEET]["C4"].value == "=B4+$A$20"


def test_only_dependent_formulas_lose_their_values(plain: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1*2</f><v>2</v></c>'
        '<c r="C1"><f>SUM(B1:B9)</f><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>5</v></c><c r="B2"><f>A2*2</f><v>10</v></c>'
        '<c r="C2"><f>INDIRECT("A1")</f><v>1</v></c></row>'
        '<row r="3"><c r="D3"><f>jx.总分</f><v>0</v></c></row>'
        '<row r="4"><c r="D4" t="str"><f>"常"&amp;"数"</f><v>常数</v></c></row>'
    )
    names = {"jx.总分": f"{SHEET}!$A$2"}

    def state(edits: list[Edit]) -> dict[Position, bool]:
        port = with_sheet(plain, sheet_xml(rows))
        for name, text in names.items():
            port.set_name(name, text)
        port.write(SHEET, edits)
        port.save()
        cells = FilePort.open(port.path).cells(SHEET)
        return {place: cell.uncalculated for place, cell in cells.items() if cell.formula}

    fresh = {(1, 2): False, (1, 3): False, (2, 2): False, (2, 3): False, (3, 4): False, (4, 4): False}
    unclear = {(2, 3): True}
    assert state([Edit(1, 1, Decimal(3))]) == fresh | unclear | {(1, 2): True, (1, 3): True}
    assert state([Edit(2, 1, Decimal(3))]) == fresh | unclear | {(2, 2): True, (1, 3): True, (3, 4): True}
    assert state([Edit(20, 1, "旁注")]) == fresh | unclear
    assert state([Edit(1, 1, Decimal(1))]) == fresh
    refreshed = [
        Edit(1, 1, Decimal(3)),
        Edit(1, 2, Decimal(6), refresh=True),
        Edit(1, 3, Decimal(16), refresh=True),
    ]
    assert state(refreshed) == fresh | unclear


def test_writing_what_stands_there_already_changes_nothing(plain: Path) -> None:
    port = FilePort.open(plain)
    edits = [Edit(*place, cell.raw) for place, cell in port.cells(SHEET).items() if not cell.formula]
    port.write(SHEET, edits)
    assert port._package.changed() == set()


def test_excel_calculates_when_it_opens_a_changed_file(tmp_path: Path) -> None:
    path = by_excelize(tmp_path / "a.xlsx")
    assert b"fullCalcOnLoad" not in read_parts(path)["xl/workbook.xml"]
    port = FilePort.open(path)
    port.paint(SHEET, {(2, 2): "#FFC7CE"})
    port.save()
    assert b"fullCalcOnLoad" not in read_parts(path)["xl/workbook.xml"]
    port.write(SHEET, [Edit(2, 2, Decimal(3))])
    port.save()
    assert b'fullCalcOnLoad="1"' in read_parts(path)["xl/workbook.xml"]


def test_a_table_heading_and_part_of_an_array_are_not_written(plain: Path) -> None:
    port = FilePort.open(plain)
    with pytest.raises(errors.TableHeader, match="清单!A1 是表格“项目清单”的标题"):
        port.write("清单", [Edit(1, 1, "改名")])
    port.write("清单", [Edit(2, 1, "可以")])
    array = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:A3">B1:B3</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c></row>'
    )
    port = with_sheet(plain, sheet_xml(array))
    assert port.cells(SHEET)[2, 1] == Cell(Decimal(2), "B1:B3")
    with pytest.raises(errors.PartOfArray, match="数组公式 A1:A3"):
        port.write(SHEET, [Edit(2, 1, Decimal(1))])


def test_new_cells_take_the_format_of_their_row_or_column(plain: Path) -> None:
    style = FilePort.open(plain)._scan("xl/worksheets/sheet1.xml").style_at(3, 2)
    xml = sheet_xml(
        f'<row r="2" s="{style}" customFormat="1"/>', f'<cols><col min="3" max="4" style="{style}"/></cols>'
    )
    port = with_sheet(plain, xml)
    yellow = FilePort.open(plain).fills(SHEET, [(3, 2)])[3, 2]
    port.write(SHEET, [Edit(2, 9, "行"), Edit(7, 4, "列"), Edit(7, 9, "无")])
    assert list(port.fills(SHEET, [(2, 9), (7, 4), (7, 9), (8, 3)]).values()) == [yellow, yellow, "", yellow]


@pytest.mark.parametrize("name", ["", " ", "a" * 32, "甲/乙", "[1]", "'a", "a:b", "自评表"])
def test_sheet_names_that_excel_refuses_are_refused(plain: Path, name: str) -> None:
    with pytest.raises(errors.BadSheetName):
        FilePort.open(plain).add_sheet(name)


def test_names_are_set_changed_and_removed(plain: Path) -> None:
    port = FilePort.open(plain)
    before = port._package.get("xl/workbook.xml")
    assert dict(port.names()) == {"jx.总分": "自评表!$B$12", "jx.藏": '"guangzhou"'}
    port.set_name("jx.新", "'第 二'!$A$1 & \"<\"", hidden=True)
    port.set_name("JX.新", "=自评表!$A$2")
    assert port.names()["jx.新"] == "自评表!$A$2"
    port.remove_names(["jx.新", "没有"])
    assert port._package.get("xl/workbook.xml") == before
    for bad in ("A1", "R1C1", "1a", "有 空格", "", "r"):
        with pytest.raises(errors.BadName):
            port.set_name(bad, "1")


def test_names_are_added_in_the_workbook_part_alone(plain: Path) -> None:
    before = read_parts(plain)
    port = FilePort.open(plain)
    port.add_names({"jx.新": "'第 二'!$A$1 & \"<\"", "jx.again": "自评表!$A$2"})
    port.save()
    after = read_parts(plain)
    assert {part for part in after if after[part] != before.get(part)} == {"xl/workbook.xml"}
    assert after.keys() == before.keys()
    assert FilePort.open(plain).names()["jx.新"] == "'第 二'!$A$1 & \"<\""
    kept = re.findall(rb"<definedName .*?</definedName>", before["xl/workbook.xml"])
    assert re.findall(rb"<definedName .*?</definedName>", after["xl/workbook.xml"])[: len(kept)] == kept


def test_an_added_sheet_leaves_no_trace_when_it_is_taken_away(plain: Path) -> None:
    before = read_parts(plain)
    port = FilePort.open(plain)
    port.add_sheet("新", widths=[10])
    port.save()
    port = FilePort.open(plain)
    port.remove_sheet("新")
    port.save()
    assert read_parts(plain) == before


def test_what_belongs_to_later_sheets_stays_with_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title in ("第一", "第二", "第三"):
        sheet = book.create_sheet(title)
        sheet.print_title_rows = "1:1"
    book.active = 3
    book.save(tmp_path / "表.xlsx")
    port = FilePort.open(tmp_path / "表.xlsx")
    port.remove_sheet("第二")
    port.save()
    after = openpyxl.load_workbook(tmp_path / "表.xlsx")
    assert after.sheetnames == ["Sheet", "第一", "第三"]
    assert after.active.title == "第三"
    assert [sheet.print_title_rows for sheet in after] == [None, "$1:$1", "$1:$1"]


def test_a_workbook_without_styles_gets_some(plain: Path) -> None:
    parts = read_parts(plain)
    relations = re.sub(rb"<Relationship [^>]*styles[^>]*/>", b"", parts["xl/_rels/workbook.xml.rels"])
    types = re.sub(rb"<Override [^>]*styles[^>]*/>", b"", parts["[Content_Types].xml"])
    path = plain.with_name("bare.xlsx")
    with zipfile.ZipFile(path, "w") as file:
        for name, data in (
            parts | {"xl/_rels/workbook.xml.rels": relations, "[Content_Types].xml": types}
        ).items():
            if name != "xl/styles.xml":
                file.writestr(name, data)
    port = FilePort.open(path)
    port.paint(SHEET, {(30, 1): "#FFC7CE"})
    port.write(SHEET, [Edit(31, 1, dt.date(2024, 1, 1)), Edit(32, 1, "x", look=Look(number_format="0.000"))])
    port.save()
    assert FilePort.open(path).cells(SHEET)[31, 1].raw == dt.date(2024, 1, 1)


def test_an_outlook_of_ours_looks_as_asked(plain: Path) -> None:
    port = FilePort.open(plain)
    look = Look(
        fill="FFC7CE",
        color="9C0006",
        bold=True,
        underline=True,
        horizontal="center",
        number_format='0.00"分"',
        size=12,
    )
    port.write("清单", [Edit(9, 1, Decimal(3), look=look)])
    port.save()
    cell = openpyxl.load_workbook(plain)["清单"]["A9"]
    assert (cell.font.b, cell.font.u, cell.font.sz, cell.font.color.rgb) == (True, "single", 12, "FF9C0006")
    assert (cell.fill.fgColor.rgb, cell.number_format) == ("FFFFC7CE", '0.00"分"')
    assert (cell.alignment.horizontal, cell.alignment.wrap_text, cell.border.top.style) == (
        "center",
        True,
        "thin",
    )


def test_text_that_looks_like_a_formula_is_marked_as_text(plain: Path) -> None:
    port = FilePort.open(plain)
    port.write(SHEET, [Edit(20, 1, "=1+1")])
    port.save()
    cell = openpyxl.load_workbook(plain)[SHEET]["A20"]
    assert cell.quotePrefix and cell.data_type == "s"


def test_notes_are_removed_from_drawings_that_are_not_quite_xml(tmp_path: Path) -> None:
    path = by_excelize(tmp_path / "a.xlsx")
    vml = read_parts(path)["xl/drawings/vmlDrawing1.vml"].replace(b"</font>", b"<br>2</font>")
    odd = with_parts(path, tmp_path / "b.xlsx", {"xl/drawings/vmlDrawing1.vml": vml})
    port = FilePort.open(odd)
    port.add_notes(SHEET, {(4, 1): "新"})
    port.remove_notes(SHEET, [(4, 1)])
    assert port._package.changed() == set()
    port.remove_notes(SHEET, [(2, 2)])
    left = port._package.get("xl/drawings/vmlDrawing1.vml")
    assert b"Button" in left and b'"Note"' not in left and not port.notes(SHEET)


def with_thread(path: Path) -> Path:
    """A workbook with a thread of comments on A3, as Excel 365 writes it."""
    parts = read_parts(path)
    thread = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="A3" dT="2024-05-01T08:00:00.00" personId="{1}" id="{2}">'
        "<text>请核对</text></threadedComment>"
        "</ThreadedComments>"
    )
    link = (
        '<Relationship Id="rIdT" '
        'Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
        'Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    )
    place = "xl/worksheets/_rels/sheet1.xml.rels"
    return with_parts(
        path,
        path.with_name("thread.xlsx"),
        {
            "xl/threadedComments/threadedComment1.xml": thread.encode(),
            place: parts[place].replace(b"</Relationships>", link.encode()),
        },
    )


def test_a_thread_of_comments_is_never_touched(plain: Path) -> None:
    port = FilePort.open(with_thread(plain))
    with pytest.raises(errors.NoteExists, match="自评表!A3 已有批注"):
        port.add_notes(SHEET, {(3, 1): "新"})
    port.add_notes(SHEET, {(4, 1): "新"})
    port.remove_notes(SHEET, [(3, 1), (4, 1)])
    assert port._package.changed() == set()


def test_a_signed_workbook_is_read_but_not_changed(plain: Path) -> None:
    port = FilePort.open(
        with_parts(plain, plain.with_name("签名.xlsx"), {"_xmlsignatures/sig1.xml": b"<a/>"})
    )
    port.save()
    port.write(SHEET, [Edit(2, 2, Decimal(3))])
    with pytest.raises(errors.Signed, match="数字签名"):
        port.save()


def test_asking_for_fills_changes_nothing(rich: Path) -> None:
    port = FilePort.open(rich)
    port.fills(SHEET, [(1, 1), (500, 500)])
    assert port._package.changed() == set()


@pytest.mark.parametrize(
    "xml",
    [
        "<worksheet/>",
        "<worksheet><sheetData>",
        "<worksheet>" + "<a>" * 5000 + "</a>" * 5000 + "</worksheet>",
        "<worksheet><sheetData><c r='A1'/></sheetData></worksheet>",
        "x",
        "",
    ],
)
def test_a_sheet_that_is_no_sheet_is_named_damaged(plain: Path, xml: str) -> None:
    port = with_sheet(plain, xml or " ")
    for act in (lambda: port.cells(SHEET), lambda: port.write(SHEET, [Edit(1, 1, "x")])):
        with pytest.raises(errors.Damaged, match="已损坏"):
            act()


def test_a_garbled_part_never_gives_an_error_that_is_not_ours(rich: Path) -> None:
    random = Random(2024)
    parts = read_parts(rich)
    names = [
        n
        for n in parts
        if re.search(r"sheet1\.xml|workbook|styles|omment|Types|vml|sharedStrings|_rels/\.rels|table", n)
    ]
    kept = 0
    for _ in range(400):
        name = random.choice(names)
        data = bytearray(parts[name])
        for _ in range(random.choice((1, 1, 3))):
            at = random.randrange(len(data))
            cut = random.choice((0, 1, 5, 40))
            data[at : at + cut] = random.choice(
                (b"", b"<", b'"', b"9999999999999", b"&x;", b"-1", b"<c/>", b"abc", b"A0")
            )
        try:
            port = FilePort(package_of(rich, parts | {name: bytes(data)}), rich, None)  # type: ignore[arg-type]
            for sheet in port.sheets():
                port.cells(sheet)
                port.notes(sheet)
            port.fills(SHEET, [(2, 2)])
            port.write(
                SHEET,
                [Edit(2, 2, Decimal(3)), Edit(50, 2, "x", look=Look()), Edit(51, 1, dt.date(2024, 1, 1))],
            )
            port.paint(SHEET, {(3, 3): "#FFC7CE"})
            port.add_notes(SHEET, {(9, 1): "批"})
            port.remove_notes(SHEET, [(9, 1)])
            port.add_sheet("新表")
            port.set_name("jx.x", "1")
            port._drop_outdated_values()
            kept += 1
        except errors.WorkbookError:
            pass
    assert kept > 50


def package_of(path: Path, parts: dict[str, bytes]) -> Package:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return unpack(buffer.getvalue(), path.name)


# ---- for every value and every place

_texts = st.text(
    st.characters(
        exclude_categories=("Cs",),
        exclude_characters=[*map(chr, range(9)), *"\x0b\x0c", *map(chr, range(14, 32)), "\ufffe", "\uffff"],
    ),
    min_size=1,
    max_size=60,
)
_tricky = st.sampled_from(
    [
        "=1+1",
        "+86",
        "-",
        "@x",
        "_x000D_",
        "_x005F_x0041_",
        "\r\n",
        " ",
        "\n",
        "]]>",
        "&amp;",
        "<!--",
        "😀",
        "\t",
    ]
)
_numbers = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.integers(-290, 290),
)
_days = st.dates(dt.date(1900, 3, 1))
_moments = st.datetimes(dt.datetime(1900, 3, 1)).map(
    lambda m: m.replace(microsecond=m.microsecond // 1000 * 1000)
)
_values = st.one_of(
    _texts,
    st.lists(st.one_of(_tricky, _texts), min_size=1).map("".join),
    _numbers,
    st.booleans(),
    _days,
    _moments,
)
_places = st.tuples(st.integers(2, 60), st.integers(1, 40))
_slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(st.dictionaries(_places, _values, min_size=1, max_size=12))
@_slow
def test_whatever_is_written_reads_back(
    tmp_path_factory: pytest.TempPathFactory, values: dict[Position, object]
) -> None:
    path = made_once(tmp_path_factory)
    port = FilePort(unpack(path.read_bytes(), path.name), path, None)  # type: ignore[arg-type]
    before = dict(port.cells(SHEET))
    port.write(SHEET, [Edit(*place, value) for place, value in values.items()])  # type: ignore[arg-type]
    port._drop_outdated_values()
    again = FilePort(unpack(port._package.pack(), path.name), path, None)  # type: ignore[arg-type]
    cells = again.cells(SHEET)
    for place, value in values.items():
        assert (type(cells[place].raw), cells[place].raw) == (type(value), value)
    for place, cell in before.items():
        if place not in values and not cell.formula:
            assert cells[place] == cell


@given(
    st.dictionaries(_places, _texts, max_size=8),
    st.dictionaries(_places, st.sampled_from(["#FFC7CE", "#00B050", ""]), max_size=12),
)
@_slow
def test_marks_leave_no_trace(
    tmp_path_factory: pytest.TempPathFactory, notes: dict[Position, str], fills: dict[Position, str]
) -> None:
    path = made_once(tmp_path_factory)
    port = FilePort(unpack(path.read_bytes(), path.name), path, None)  # type: ignore[arg-type]
    notes = {place: text for place, text in notes.items() if place not in port.notes(SHEET)}
    cells, old_notes, old = dict(port.cells(SHEET)), dict(port.notes(SHEET)), port.fills(SHEET, list(fills))
    parts = set(port._package.parts)
    port.paint(SHEET, fills)
    port.add_notes(SHEET, notes)
    port = FilePort(unpack(port._package.pack(), path.name), path, None)  # type: ignore[arg-type]
    assert dict(port.notes(SHEET)) == old_notes | notes
    port.paint(SHEET, old)
    port.remove_notes(SHEET, list(notes))
    assert port.fills(SHEET, list(fills)) == old
    assert dict(port.cells(SHEET)) == cells and dict(port.notes(SHEET)) == old_notes
    assert set(port._package.parts) == parts


@given(st.text(max_size=80))
def test_escapes_are_undone(text: str) -> None:
    assert decode_text(encode_text(text)) == text


_made: dict[str, Path] = {}


def made_once(factory: pytest.TempPathFactory) -> Path:
    if "book" not in _made:
        _made["book"] = by_openpyxl(factory.mktemp("once") / "一次.xlsx")
    return _made["book"]
