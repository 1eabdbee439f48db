"""The blank workbook of an edition: complete, alive without macros, and fit to print."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from jixiao.rubric.errors import RuleFileError
from jixiao.rubric.load import data_folder, find_edition, load_rubric, rule_folders
from jixiao.rubric.model import Rubric, walk
from jixiao.workbook.form import FORM_FILE, Form, Sheet, load_form
from jixiao.workbook.layout.paper import text_height
from jixiao.workbook.layout.plan import FormError
from jixiao.workbook.layout.settle import settled
from jixiao.workbook.template import build_template, lay_out, template_bytes

EDITIONS = [path.parent.name for path in sorted(data_folder("rubric_rules").glob(f"*/{FORM_FILE}"))]
CLASSIC = {
    "SUM", "SUMIF", "COUNT", "COUNTIF", "IF", "IFERROR", "AND", "OR", "VALUE", "SUBSTITUTE", "ROUND",
    "MIN", "MAX", "TEXT", "INDEX", "ROW",
}  # fmt: skip
"""Functions that every Excel since 2007 and WPS know."""
SOFFICE = shutil.which("soffice")


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def rubric(edition: str) -> Rubric:
    return load_rubric(edition)


@pytest.fixture(scope="module")
def form(edition: str) -> Form:
    return load_form(edition)


@pytest.fixture(scope="module")
def path(rubric: Rubric, form: Form, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / f"{rubric.id}.xlsx"
    build_template(rubric, form, file)
    return file


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def parts(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as package:
        return {name: package.read(name) for name in package.namelist()}


def formulas(book: Workbook) -> dict[str, str]:
    return {
        f"{sheet.title}!{cell.coordinate}": cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def named(book: Workbook, name: str) -> Any:
    """The (first) cell that a defined name refers to."""
    sheet, _, address = book.defined_names[f"jx.{name}"].attr_text.rpartition("!")
    return book[sheet.strip("'")][address.replace("$", "").split(":")[0]]


def sheet_of(form: Form, role: str) -> Sheet:
    return next(sheet for sheet in form.sheets if sheet.role == role)


# ---------------------------------------------------------------- built from the rules, and only from them


def test_the_committed_template_is_what_the_rules_build(edition: str, path: Path) -> None:
    committed = data_folder("workbook_templates") / f"{edition}.xlsx"
    fresh, kept = parts(path), parts(committed)
    changed = sorted(name for name in fresh.keys() | kept.keys() if fresh.get(name) != kept.get(name))
    assert changed == [], "rebuild it with: python -m jixiao.workbook.template"


def test_two_builds_give_the_same_bytes(rubric: Rubric, form: Form) -> None:
    assert template_bytes(rubric, form) == template_bytes(rubric, form)


def test_python_knows_no_official_wording(rubric: Rubric) -> None:
    package = data_folder("addin") / "jixiao" / "workbook"
    source = "".join(
        file.read_text(encoding="utf-8")
        for file in [package / "form.py", package / "template.py", *(package / "layout").glob("*.py")]
    )
    wording = [indicator.name for _, indicator in walk(rubric.levels)]
    wording += [column.name for block in rubric.blocks for column in block.columns if len(column.name) > 2]
    wording += [field.label for field in rubric.fields.values() if len(field.label) > 2]
    assert [words for words in wording if words in source] == []


# ---------------------------------------------------------------- names


def expected_names(rubric: Rubric) -> set[str]:
    names = {"edition", "version", "total", "grade", "findings", "summary", "analysis", "replaced"}
    names |= set(rubric.asked)
    for _, indicator in walk(rubric.levels):
        names |= {f"score.{indicator.id}", f"reason.{indicator.id}"}
    for block in rubric.blocks:
        names |= {f"block.{block.id}", f"blocktotal.{block.id}"}
        names |= {f"column.{block.id}.{column.id}" for column in block.columns}
    return {f"jx.{name}" for name in names}


def test_every_field_indicator_and_block_has_its_name_and_nothing_else_has(
    book: Workbook, rubric: Rubric
) -> None:
    assert set(book.defined_names) == expected_names(rubric)


def test_edition_and_version_are_constants(book: Workbook, rubric: Rubric) -> None:
    constants = [book.defined_names[name].attr_text for name in ("jx.edition", "jx.version")]
    assert constants == [f'"{rubric.id}"', f'"{rubric.version}"']


def test_no_two_fields_share_a_cell(book: Workbook, rubric: Rubric) -> None:
    places = [book.defined_names[f"jx.{field}"].attr_text for field in rubric.asked]
    assert len(set(places)) == len(places)
    assert all(":" not in place for place in places)


def test_a_merged_field_is_named_by_its_anchor(book: Workbook, rubric: Rubric) -> None:
    for field in rubric.asked:
        assert type(named(book, field)).__name__ == "Cell", field


def test_a_block_spans_header_to_total(book: Workbook, rubric: Rubric, form: Form) -> None:
    rows = {id: row.block for sheet in form.sheets for row in sheet.rows if row.block for id in row.block.ids}
    for block in rubric.blocks:
        text = book.defined_names[f"jx.block.{block.id}"].attr_text
        first, last = (int(row) for row in re.findall(r"\$(\d+)", text))
        spec = rows[block.id]
        assert spec is not None
        assert last - first == spec.rows + 1
        assert named(book, f"blocktotal.{block.id}").row == last
        assert {named(book, f"column.{block.id}.{column.id}").row for column in block.columns} == {first}


# ---------------------------------------------------------------- formulas


def test_formulas_are_classic(book: Workbook) -> None:
    used = {call for formula in formulas(book).values() for call in re.findall(r"([A-Z][A-Z.]*)\(", formula)}
    assert used - CLASSIC == set()


def test_every_formula_has_a_stored_value(path: Path, book: Workbook) -> None:
    sheets = "".join(
        data.decode() for name, data in parts(path).items() if name.startswith("xl/worksheets/sheet")
    )
    stored = re.findall(r"</f><v>([^<]*)</v>", sheets)
    assert len(stored) == len(formulas(book))
    assert not any("#" in value for value in stored)


def test_a_sum_reaches_from_the_header_to_the_row_above_the_total(book: Workbook, rubric: Rubric) -> None:
    for block in rubric.blocks:
        total = named(book, f"blocktotal.{block.id}")
        head = named(book, f"column.{block.id}.score")
        assert f"SUM({head.column_letter}${head.row}:INDEX(" in total.value
        assert "ROW()-1)" in total.value


def test_scores_are_values_and_derived_fields_are_formulas(book: Workbook, rubric: Rubric) -> None:
    assert all(named(book, f"score.{indicator.id}").value is None for _, indicator in walk(rubric.levels))
    derived = {id for id, field in rubric.asked.items() if field.derived}
    assert {id for id in rubric.asked if named(book, id).data_type == "f"} == derived


# ---------------------------------------------------------------- the official form


def test_the_official_form_prints_every_indicator_verbatim(
    book: Workbook, rubric: Rubric, form: Form
) -> None:
    sheet = book[sheet_of(form, "official").name]
    printed = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    for path_, indicator in walk(rubric.levels):
        row = named(book, f"score.{indicator.id}").row
        texts = [sheet.cell(row, column).value for column in range(1, sheet.max_column + 1)]
        assert indicator.name in texts
        assert indicator.weight in [Decimal(str(text)) for text in texts if isinstance(text, int | float)]
        assert indicator.criteria in texts
        assert not indicator.explanation or indicator.explanation in texts
        assert all(level in printed for level in path_)


def test_indicators_stand_in_printed_order_without_gaps(book: Workbook, rubric: Rubric) -> None:
    rows = [named(book, f"score.{indicator.id}").row for _, indicator in walk(rubric.levels)]
    assert rows == list(range(rows[0], rows[0] + len(rows)))


def test_rows_are_high_enough_for_their_text(rubric: Rubric, form: Form) -> None:
    for page in lay_out(rubric, form).sheets:
        for cell in page.cells:
            text, box = cell.content.value, cell.box
            if isinstance(text, str) and page.sheet.role == "official":
                widths = page.sheet.widths[box.column - 1 : box.last_column]
                height = sum(page.heights[row] for row in range(box.row, box.last_row + 1))
                assert height >= text_height(text, widths, page.sheet.size) - 0.5, text


# ---------------------------------------------------------------- looks, print


def test_input_cells_look_different_from_computed_ones(book: Workbook, rubric: Rubric) -> None:
    looks: dict[bool, set[str]] = {True: set(), False: set()}
    for id, field in rubric.asked.items():
        cell = named(book, id)
        assert cell.protection.locked == field.derived, id
        if field.type != "year" or not field.derived:
            looks[field.derived].add(cell.fill.fgColor.rgb)
    assert not looks[True] & looks[False]


def test_validation_warns_and_never_blocks(book: Workbook) -> None:
    rules = [rule for sheet in book for rule in sheet.data_validations.dataValidation]
    assert rules
    assert {rule.errorStyle for rule in rules} == {"warning"}
    assert all(rule.error for rule in rules if rule.type)


def test_every_visible_sheet_is_set_up_for_print(book: Workbook, form: Form) -> None:
    for spec in form.sheets:
        sheet = book[spec.name]
        if spec.role == "records":
            assert sheet.sheet_state == "veryHidden"
            continue
        setup = sheet.page_setup
        assert (setup.fitToWidth, setup.fitToHeight, setup.orientation) == (1, 0, spec.orientation)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_options.horizontalCentered
        assert "&P" in sheet.oddFooter.center.text
        assert sheet.sheet_properties.tabColor is not None
        assert not sheet.sheet_view.showGridLines


def test_the_header_of_the_official_table_repeats_on_every_page(
    book: Workbook, rubric: Rubric, form: Form
) -> None:
    first = next(indicator for _, indicator in walk(rubric.levels))
    row = named(book, f"score.{first.id}").row - 1
    assert book[sheet_of(form, "official").name].print_title_rows == f"${row}:${row}"


def test_print_on_one_page_width_stays_readable(form: Form) -> None:
    """Effective size of the letters: at least 7 points."""
    sides = {"A4": (21.0, 29.7), "A3": (29.7, 42.0)}
    for sheet in form.sheets:
        if sheet.role != "records":
            paper = sides[sheet.paper][sheet.orientation == "landscape"]
            room = (paper - sheet.margins[0] - sheet.margins[1]) / 2.54 * 96
            need = sum(width * 8 + 5 for width in sheet.widths)
            assert sheet.size * min(1.0, room / need) >= 7, sheet.name


def test_it_opens_on_the_first_sheet(book: Workbook) -> None:
    assert book.active is book.worksheets[0]
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [book.worksheets[0].title]


# ---------------------------------------------------------------- calculated by a spreadsheet program


def calculated(file: Path, folder: Path) -> Workbook:
    profile = (folder / "profile").as_uri()
    command = [
        str(SOFFICE), f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx",
        "--outdir", str(folder / "calculated"), str(file),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return openpyxl.load_workbook(folder / "calculated" / file.name, data_only=True)


@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
def test_stored_values_are_what_a_spreadsheet_calculates(path: Path, book: Workbook, tmp_path: Path) -> None:
    stored, fresh = openpyxl.load_workbook(path, data_only=True), calculated(path, tmp_path)
    for place in formulas(book):
        sheet, _, address = place.partition("!")
        assert (stored[sheet][address].value or "") == (fresh[sheet][address].value or ""), place


@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice")
def test_a_filled_form_adds_up_without_macros(
    book: Workbook, path: Path, rubric: Rubric, tmp_path: Path
) -> None:
    filled = openpyxl.load_workbook(path)
    for _, indicator in walk(rubric.levels):
        named(filled, f"score.{indicator.id}").value = float(indicator.weight)
    for block in rubric.blocks:
        head = {column.id: named(filled, f"column.{block.id}.{column.id}") for column in block.columns}
        rows = [
            ("80", "85", "", 4, 4),
            ("≤4", "5", "", 3, 2.4),
            ("100", "90", "反向", 3, 3),
            ("12月", "11月", "", 2, 2),
        ]
        for number, row in enumerate(rows, 1):
            for column, value in zip(("target", "actual", "direction", "weight", "score"), row, strict=True):
                cell = head[column]
                cell.parent.cell(cell.row + number, cell.column).value = value or None
    file = tmp_path / "filled.xlsx"
    filled.save(file)
    result = calculated(file, tmp_path)
    assert Decimal(str(named(result, "total").value)) == rubric.total
    grade = str(named(result, "grade").value)
    assert grade.count("☑") == 1
    assert grade.startswith(f"☑{rubric.grades[0].name}")
    for block in rubric.blocks:
        head_rate = named(result, f"column.{block.id}.rate")
        rates = [head_rate.parent.cell(head_rate.row + row, head_rate.column).value for row in range(1, 6)]
        assert rates[0] == pytest.approx(1.0625)
        assert rates[1] == pytest.approx(0.8)
        assert rates[2] == pytest.approx(100 / 90)
        assert [rate or "" for rate in rates[3:]] == ["", ""]
        assert named(result, f"blocktotal.{block.id}").value == pytest.approx(11.4)


# ---------------------------------------------------------------- forms with mistakes


def broken(form: Form, **change: Any) -> Form:
    """The form with its first sheet replaced by one made of ``rows``."""
    sheet = msgspec.convert(
        {"name": "错", "role": "input", "widths": [10, 10], **change}, Sheet, strict=False
    )
    return msgspec.structs.replace(form, sheets=[sheet])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"cells": [{"field": "unit.nmae"}]}], ["unit.nmae", "是否想写“unit.name”"]),
        ([{"cells": [{"field": "unit.name"}]}, {"cells": [{"field": "unit.name"}]}], ["unit.name", "两次"]),
        (
            [{"cells": [{"field": "unit.name"}]}, {"cells": [{"formula": "={unit.nmae}"}]}],
            ["{unit.nmae}", "unit.name"],
        ),
        ([{"cells": ["一", "二", "三"]}], ["widths"]),
        ([{"cells": [{"text": "一", "look": "haed"}]}], ["haed", "是否想写“head”"]),
        ([{"cells": ["{rubric.titel}"]}], ["{rubric.titel}"]),
        ([{"fields": {"layout": "singel", "items": []}}], ["singel", "是否想写“single”"]),
        ([{"block": {"ids": ["nothing"], "columns": []}}], ["nothing", "区块"]),
    ],
)
def test_a_mistake_in_a_form_is_named(rubric: Rubric, form: Form, rows: list[Any], words: list[str]) -> None:
    with pytest.raises(FormError) as raised:
        template_bytes(rubric, broken(form, rows=rows))
    assert "form.yaml" in str(raised.value)
    assert all(word in str(raised.value) for word in words)


def test_an_unknown_key_is_reported_with_its_line(edition: str, tmp_path: Path) -> None:
    shutil.copytree(find_edition(edition, rule_folders()), tmp_path / edition)
    file = tmp_path / edition / FORM_FILE
    lines = file.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if "widths:" in line)
    lines[number] = lines[number].replace("widths", "widhts")
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(RuleFileError) as raised:
        load_form(edition, rules=tmp_path)
    assert f"{FORM_FILE}:{number + 1}" in str(raised.value)
    assert "是否想写“widths”" in str(raised.value)


def test_a_formula_that_got_lost_on_the_way_is_noticed(rubric: Rubric, form: Form) -> None:
    plan = lay_out(rubric, form)
    raw = template_bytes(rubric, form)
    with pytest.raises(AssertionError):
        settled(raw, dt.datetime(2024, 1, 1), plan.sheets)
