"""The blank workbook of an edition, built from its rubric and its form; the same bytes every time."""

from __future__ import annotations

import errno
import io
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml.etree import SerialisationError
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from jixiao.filing.model import Filing
from jixiao.rubric.load import data_folder, edition_folders, load_rubric, rule_folders
from jixiao.rubric.model import Rubric
from jixiao.workbook.bound import PREFIX
from jixiao.workbook.form import Form, Sheet, has_form, load_form
from jixiao.workbook.layout.charts import draw
from jixiao.workbook.layout.formulas import resolve
from jixiao.workbook.layout.looks import BODY, LOOKS
from jixiao.workbook.layout.plan import Box, Check, FormError, Pen, Placed, Plan, SheetPlan, stacked
from jixiao.workbook.layout.room import make_room
from jixiao.workbook.layout.rows import place_row
from jixiao.workbook.layout.settle import settled
from jixiao.workbook.list_looks import dress

STRUT = 1.35
"""Height of a row over the size of the type that fills it."""
FOOTER = "第 &P 页 共 &N 页"
WARNING_TITLE = "请核对"
PROMPT_TITLE = "填写说明"
_PAPER = {"A4": 9, "A3": 8}
_BORDERS = {"official": "000000"}
_SOFT = "A6A6A6"


def build_template(rubric: Rubric, form: Form, path: str | Path, *, room_for: Filing | None = None) -> None:
    """Write the blank workbook of an edition to ``path``, its rows high enough for a filing to come.

    Raises :class:`~jixiao.workbook.layout.plan.FormError` when the form asks for what the rubric has not.
    """
    Path(path).write_bytes(template_bytes(rubric, form, room_for=room_for))


def template_bytes(rubric: Rubric, form: Form, *, room_for: Filing | None = None) -> bytes:
    """The blank workbook of an edition as the bytes of an .xlsx file."""
    plan = lay_out(rubric, form)
    if room_for:
        make_room(plan, room_for)
    book = Workbook()
    book.remove(book.active)
    _set_standard_font(book)
    for page in plan.sheets:
        _write_sheet(book.create_sheet(page.sheet.name), page, plan)
    for page in plan.sheets:
        for chart, place in page.charts:
            draw(book, plan, chart, place)
    _write_names(book, plan, rubric)
    book.active = 0
    book.calculation.fullCalcOnLoad = True
    moment = datetime(rubric.year + 1, 1, 1)
    book.properties.creator = "jixiao"
    book.properties.title = form.title
    book.properties.created = moment
    buffer = io.BytesIO()
    try:
        book.save(buffer)
    except SerialisationError as error:  # sheets are put together in the folder for temporary files
        raise OSError(errno.ENOSPC, "", tempfile.gettempdir()) from error
    return settled(buffer.getvalue(), moment, plan.sheets)


def lay_out(rubric: Rubric, form: Form) -> Plan:
    """Where every cell of the form stands and what it is called."""
    plan = Plan()
    for sheet in form.sheets:
        pen = Pen(plan, sheet)
        for row in sheet.rows:
            place_row(pen, row, rubric, form)
        pen.finish()
    return plan


def _set_standard_font(book: Workbook) -> None:
    """宋体 11 as the standard font: the unit of column widths follows it."""
    book._fonts[0] = Font(name=BODY, size=11, charset=134, family=None)
    book._named_styles["Normal"].font = Font(name=BODY, size=11, charset=134)


def _write_names(book: Workbook, plan: Plan, rubric: Rubric) -> None:
    constants = {"edition": rubric.id, "version": rubric.version}
    for name, text in constants.items():
        book.defined_names[PREFIX + name] = DefinedName(PREFIX + name, attr_text=f'"{text}"')
    for name, box in plan.names.items():
        book.defined_names[PREFIX + name] = DefinedName(PREFIX + name, attr_text=box.reference())


# ---------------------------------------------------------------- one sheet


def _write_sheet(sheet: Worksheet, page: SheetPlan, plan: Plan) -> None:
    for number, width in enumerate(page.sheet.widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    _set_heights(sheet, page)
    border = _BORDERS.get(page.sheet.role, _SOFT)
    styles: dict[Any, dict[str, Any]] = {}
    for cell in page.cells:
        _write_cell(sheet, cell, plan, page.sheet, border, styles)
    dress(sheet, plan.names, border)
    _write_checks(sheet, page)
    _set_view(sheet, page)
    if page.sheet.role == "records":
        sheet.sheet_state = "veryHidden"
    else:
        _set_print(sheet, page)


def _set_heights(sheet: Worksheet, page: SheetPlan) -> None:
    """Row heights; an empty cell of large type holds a growing row open when it is fitted to its text."""
    beside = len(page.sheet.widths) + 1
    for row, height in page.heights.items():
        sheet.row_dimensions[row].height = height
        if row in page.growing:
            size = round(page.growing[row] / STRUT)
            sheet.cell(row, beside).font = Font(name=BODY, size=size, charset=134)
    if page.growing:
        sheet.column_dimensions[get_column_letter(beside)].width = 0.6


def _write_cell(
    sheet: Worksheet, cell: Placed, plan: Plan, spec: Sheet, border: str, styles: dict[Any, dict[str, Any]]
) -> None:
    box, content = cell.box, cell.content
    key = (content.look, content.format, content.align, content.indent)
    style = styles.get(key) or styles.setdefault(key, _style(cell, spec, border))
    for row in range(box.row, box.last_row + 1):
        for column in range(box.column, box.last_column + 1):
            target = sheet.cell(row, column)
            for part, value in style.items():
                setattr(target, part, value)
    anchor = sheet.cell(box.row, box.column)
    if content.formula:
        anchor.value = resolve(plan, cell)
    elif content.value is not None:
        anchor.value = content.value
        if isinstance(content.value, str):
            anchor.data_type = "s"
    if box.rows > 1 or box.cols > 1:
        sheet.merge_cells(box.address(absolute=False))
    if content.link:
        place = f"'{content.link}'!A1"
        anchor.hyperlink = Hyperlink(ref=anchor.coordinate, location=place, display=str(content.value or ""))


def _style(cell: Placed, spec: Sheet, border: str) -> dict[str, Any]:
    content = cell.content
    look = LOOKS[content.look]
    side = Side("thin", color=border)
    return {
        "font": Font(
            name=look.font, size=look.size or spec.size, bold=look.bold, color=look.color,
            underline="single" if look.underline else None, charset=134,
        ),
        "fill": PatternFill("solid", fgColor=look.fill) if look.fill else PatternFill(),
        "border": Border(left=side, right=side, top=side, bottom=side) if look.border else Border(),
        "alignment": Alignment(
            horizontal=content.align or look.horizontal, vertical=look.vertical, wrap_text=True,
            indent=content.indent,
        ),
        "protection": Protection(locked=look.locked),
        "number_format": content.format or "General",
    }  # fmt: skip


def _write_checks(sheet: Worksheet, page: SheetPlan) -> None:
    """One rule per kind of check, over all cells that share it. It warns and never blocks."""
    checked: dict[Check, list[Box]] = {}
    for cell in page.cells:
        if cell.content.check is not None:
            checked.setdefault(cell.content.check, []).append(cell.box.anchor())
    for check, cells in checked.items():
        rule = _rule(check)
        for area in stacked(cells):  # as areas they also cover rows inserted in between
            rule.add(area.address(absolute=False))
        sheet.add_data_validation(rule)


def _rule(check: Check) -> DataValidation:
    rule = DataValidation(allow_blank=True, errorStyle="warning")
    if check.kind == "list":
        if any("," in word for word in check.words) or len(",".join(check.words)) > 255:
            raise FormError(f"下拉选项“{'、'.join(check.words)}”太长，或含有半角逗号，做不成下拉列表。")
        rule.type, rule.formula1 = "list", '"' + ",".join(check.words) + '"'
    elif check.kind != "any":
        rule.type, rule.operator = check.kind, "between"
        rule.formula1, rule.formula2 = str(check.low), str(check.high)
    if check.kind != "any":
        rule.showErrorMessage, rule.errorTitle, rule.error = True, WARNING_TITLE, check.message
    if check.prompt:
        rule.showInputMessage, rule.promptTitle, rule.prompt = True, PROMPT_TITLE, check.prompt
    return rule


def _set_view(sheet: Worksheet, page: SheetPlan) -> None:
    view = sheet.sheet_view
    view.showGridLines = False
    view.zoomScale = view.zoomScaleNormal = page.sheet.zoom
    view.tabSelected = sheet.parent.index(sheet) == 0
    if page.sheet.tab:
        sheet.sheet_properties.tabColor = page.sheet.tab
    if page.freeze:
        sheet.freeze_panes = f"A{page.freeze + 1}"
    for selection in view.selection:
        home = f"A{page.freeze + 1}" if selection.pane else "A1"
        selection.activeCell = selection.sqref = home
    if page.filter:
        sheet.auto_filter.ref = page.filter.address(absolute=False)


def _set_print(sheet: Worksheet, page: SheetPlan) -> None:
    spec = page.sheet
    setup = sheet.page_setup
    setup.paperSize, setup.orientation = _PAPER[spec.paper], spec.orientation
    setup.fitToWidth, setup.fitToHeight = 1, 0
    setup.blackAndWhite = spec.plain_print
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    left, right, top, bottom = (value / 2.54 for value in spec.margins)
    margins = sheet.page_margins
    margins.left, margins.right, margins.top, margins.bottom = left, right, top, bottom
    margins.header = margins.footer = bottom / 2
    sheet.oddFooter.center.text = FOOTER
    if spec.print_cols:
        sheet.print_area = f"A1:{get_column_letter(spec.print_cols)}{max(page.heights)}"
    if page.repeat:
        sheet.print_title_rows = f"{page.repeat[0]}:{page.repeat[1]}"
    for row in page.breaks:
        sheet.row_breaks.append(Break(id=row))


def build_all(folder: Path) -> list[Path]:
    """Rebuild the committed template of every edition that has a form."""
    built = []
    for edition, rules in edition_folders(rule_folders()).items():
        if has_form(rules):
            path = folder / f"{edition}.xlsx"
            build_template(load_rubric(edition), load_form(edition), path)
            built.append(path)
    return built


if __name__ == "__main__":
    for path in build_all(data_folder("workbook_templates")):
        print(path)
