"""The blank workbook of an edition: complete, alive without macros, and fit to print."""

from __future__ import annotations

import datetime as dt
import os
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
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from jixiao.rubric.errors import RuleFileError
from jixiao.rubric.load import data_folder, edition_folders, load_rubric, rule_folders
from jixiao.rubric.model import Indicator, Rubric, walk
from jixiao.workbook.form import FORM_FILE, Form, Sheet, has_form, load_form
from jixiao.workbook.form import Row as FormRow
from jixiao.workbook.form_parts import BlockRows
from jixiao.workbook.layout.paper import text_height
from jixiao.workbook.layout.plan import FormError
from jixiao.workbook.layout.records import records
from jixiao.workbook.layout.settle import settled
from jixiao.workbook.template import build_template, lay_out, template_bytes

EDITIONS = sorted(id for id, folder in edition_folders(rule_folders()).items() if has_form(folder))
CLASSIC = {
    "SUM", "SUMIF", "COUNT", "COUNTIF", "IF", "IFERROR", "AND", "OR", "VALUE", "SUBSTITUTE", "ROUND",
    "MIN", "MAX", "TEXT", "INDEX", "ROW", "LARGE", "MATCH",
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


def rows_of(sheet: Sheet, form: Form) -> list[FormRow]:
    """The rows of a sheet, the parts that it refers to written out."""
    return [inner for row in sheet.rows for inner in (form.parts[row.part] if row.part else [row])]


def blocks_of(form: Form, rubric: Rubric) -> dict[str, BlockRows]:
    """The block's id -> how the form lays it out."""
    scored = [block.id for block in rubric.blocks if block.row_rule]
    found = [row.block for sheet in form.sheets for row in rows_of(sheet, form) if row.block]
    return {id: rows for rows in found for id in rows.ids or scored}


def printed_tables(form: Form, rubric: Rubric) -> list[tuple[Sheet, list[Indicator]]]:
    """The tables of indicators on official sheets, and the indicators that each prints."""
    indicators = {one.id: one for _, one in walk(rubric.levels)}
    return [
        (sheet, [indicators[record.id] for record in records(rubric, row.table)])
        for sheet in form.sheets
        for row in rows_of(sheet, form)
        if sheet.role == "official" and row.table and row.table.of == "indicators"
    ]


def declared(rubric: Rubric) -> list[Indicator]:
    """The indicators that have a score of their own on the form."""
    return [indicator for _, indicator in walk(rubric.levels) if not indicator.summed]


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


def expected_names(rubric: Rubric, form: Form) -> set[str]:
    names = {"edition", "version", "total", "grade", "findings", "summary", "analysis", "replaced"}
    names |= set(rubric.asked)
    names |= {f"score.{indicator.id}" for indicator in declared(rubric)}
    names |= {f"reason.{indicator.id}" for indicator in declared(rubric) if indicator.reasoned}
    for block in rubric.blocks:
        spec = blocks_of(form, rubric)[block.id]
        names |= {f"block.{block.id}"}
        names |= {f"column.{block.id}.{column.id}" for column in block.columns}
        if not spec.one_header:
            own_total = any(column.total for column in spec.columns)
            names |= {f"blocktotal.{block.id}" if own_total else f"blockend.{block.id}"}
    last = [id for id, spec in blocks_of(form, rubric).items() if spec.one_header][-1:]
    names |= {f"blockend.{id}" for id in last}
    return {f"jx.{name}" for name in names}


def test_every_field_indicator_and_block_has_its_name_and_nothing_else_has(
    book: Workbook, rubric: Rubric, form: Form
) -> None:
    assert set(book.defined_names) == expected_names(rubric, form)


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
    for id, spec in blocks_of(form, rubric).items():
        if spec.one_header:
            continue
        first, last = span(book, id)
        count = sum(group.rows for group in form.groups_of(id, spec.rows))
        total = any(column.total for column in spec.columns)
        printed = any(column.printed for column in spec.columns)
        assert last - first + spec.header_above == count + total + printed
        below = named(book, f"blocktotal.{id}").row if total else named(book, f"blockend.{id}").row - 1
        assert below == last
        assert heads(book, rubric, id) == {first - spec.header_above}


def test_blocks_under_one_header_follow_one_another(book: Workbook, rubric: Rubric, form: Form) -> None:
    ids = [id for id, spec in blocks_of(form, rubric).items() if spec.one_header]
    above = 0
    for number, id in enumerate(ids):
        first, last = span(book, id)
        assert last - first + 1 == sum(group.rows for group in form.groups[id])
        (head,) = heads(book, rubric, id)
        assert first == (above + 1 if number else head + 1)
        above = last
    if ids:
        assert named(book, f"blockend.{ids[-1]}").row == named(book, "total").row == above + 1


def span(book: Workbook, block: str) -> tuple[int, int]:
    first, last = re.findall(r"\$(\d+)", book.defined_names[f"jx.block.{block}"].attr_text)
    return int(first), int(last)


def heads(book: Workbook, rubric: Rubric, id: str) -> set[int]:
    """The rows of the block's header cells."""
    block = next(block for block in rubric.blocks if block.id == id)
    return {named(book, f"column.{id}.{column.id}").row for column in block.columns}


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


def test_a_sum_reaches_from_the_header_to_the_row_above_the_total(
    book: Workbook, rubric: Rubric, form: Form
) -> None:
    for id, spec in blocks_of(form, rubric).items():
        if not any(column.score for column in spec.columns):
            continue
        total = named(book, "total" if spec.one_header else f"blocktotal.{id}")
        head = named(book, f"column.{id}.score")
        assert f"SUM({head.column_letter}${head.row}:INDEX(" in total.value
        assert "ROW()-1)" in total.value


def test_scores_are_values_and_derived_fields_are_formulas(book: Workbook, rubric: Rubric) -> None:
    assert all(named(book, f"score.{indicator.id}").value is None for indicator in declared(rubric))
    derived = {id for id, field in rubric.asked.items() if field.derived}
    assert {id for id in rubric.asked if named(book, id).data_type == "f"} == derived


# ---------------------------------------------------------------- the official form


def test_a_table_of_indicators_prints_every_one_verbatim(book: Workbook, rubric: Rubric, form: Form) -> None:
    paths = {indicator.id: path for path, indicator in walk(rubric.levels)}
    for spec, indicators in printed_tables(form, rubric):
        sheet = book[spec.name]
        printed = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
        for indicator in indicators:
            row = named(book, f"score.{indicator.id}").row
            texts = [str(sheet.cell(row, column).value) for column in range(1, sheet.max_column + 1)]
            assert indicator.criteria in texts
            assert not indicator.explanation or indicator.explanation in texts
            assert any(indicator.name in text for text in texts)
            assert any(re.search(rf"\b{indicator.weight}\b|（{indicator.weight}分）", text) for text in texts)
            assert paths[indicator.id][-1] in printed


def test_indicators_stand_in_printed_order_without_gaps(book: Workbook, rubric: Rubric, form: Form) -> None:
    for _, indicators in printed_tables(form, rubric):
        rows = [named(book, f"score.{indicator.id}").row for indicator in indicators]
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


def test_no_two_cells_lie_over_one_another(rubric: Rubric, form: Form) -> None:
    for page in lay_out(rubric, form).sheets:
        taken: dict[tuple[int, int], object] = {}
        for cell in page.cells:
            box = cell.box
            for row in range(box.row, box.last_row + 1):
                for column in range(box.column, box.last_column + 1):
                    assert taken.setdefault((row, column), cell) is cell, (page.sheet.name, row, column)


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


def test_the_header_of_an_official_table_repeats_on_every_page(
    book: Workbook, rubric: Rubric, form: Form
) -> None:
    above = {
        sheet.name: named(book, f"score.{given[0].id}").row - 1
        for sheet, given in printed_tables(form, rubric)
    }
    for id, spec in blocks_of(form, rubric).items():
        if spec.one_header:
            head = named(book, f"column.{id}.name")
            above[head.parent.title] = head.row
    assert above
    for sheet, row in above.items():
        assert book[sheet].print_title_rows == f"${row}:${row}"


def test_what_is_for_the_software_is_not_printed(book: Workbook, form: Form) -> None:
    for spec in form.sheets:
        area = book[spec.name].print_area
        if not spec.print_cols:
            assert not area
            continue
        assert spec.print_cols < len(spec.widths)
        last = get_column_letter(spec.print_cols)
        assert re.fullmatch(rf".*\$A\$1:\${last}\${book[spec.name].max_row}", area)


def test_print_on_one_page_width_stays_readable(form: Form) -> None:
    """Effective size of the letters: at least 7 points."""
    sides = {"A4": (21.0, 29.7), "A3": (29.7, 42.0)}
    for sheet in form.sheets:
        if sheet.role != "records":
            paper = sides[sheet.paper][sheet.orientation == "landscape"]
            room = (paper - sheet.margins[0] - sheet.margins[1]) / 2.54 * 96
            printed = sheet.widths[: sheet.print_cols or None]
            need = sum(width * 8 + 5 for width in printed)
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
def test_a_filled_form_adds_up_without_macros(tmp_path: Path) -> None:
    rubric = load_rubric("guangzhou-2023")
    path = data_folder("workbook_templates") / f"{rubric.id}.xlsx"
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
def test_a_mistake_in_a_form_is_named(rows: list[Any], words: list[str]) -> None:
    rubric, form = load_rubric("guangzhou-2023"), load_form("guangzhou-2023")
    with pytest.raises(FormError) as raised:
        template_bytes(rubric, broken(form, rows=rows))
    assert "form.yaml" in str(raised.value)
    assert all(word in str(raised.value) for word in words)


@pytest.mark.parametrize("broken_edition", ["guangzhou-2023", "_hunan"])
def test_an_unknown_key_is_reported_with_its_line(broken_edition: str, tmp_path: Path) -> None:
    for edition in ("guangzhou-2023", "loudi-2023", "_hunan"):
        shutil.copytree(data_folder("rubric_rules") / edition, tmp_path / edition)
    file = tmp_path / broken_edition / FORM_FILE
    lines = file.read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if "widths:" in line)
    lines[number] = lines[number].replace("widths", "widhts")
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(RuleFileError) as raised:
        load_form("loudi-2023" if broken_edition == "_hunan" else broken_edition, rules=tmp_path)
    assert f"{broken_edition}{os.sep}{FORM_FILE}:{number + 1}" in str(raised.value)
    assert "是否想写“widths”" in str(raised.value)


def test_a_formula_that_got_lost_on_the_way_is_noticed(rubric: Rubric, form: Form) -> None:
    plan = lay_out(rubric, form)
    raw = template_bytes(rubric, form)
    with pytest.raises(AssertionError):
        settled(raw, dt.datetime(2024, 1, 1), plan.sheets)
