"""Rows of a form, placed: cells as listed, or what a generator makes of the rubric."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from jixiao.rubric.model import Rubric, walk
from jixiao.rubric.source import did_you_mean
from jixiao.workbook.form import Form, Row
from jixiao.workbook.form_parts import Cell
from jixiao.workbook.layout.blocks import place_block, place_blocks_under_one_header
from jixiao.workbook.layout.fields import place_fields
from jixiao.workbook.layout.formulas import tick_line
from jixiao.workbook.layout.inputs import asked, input_cell, score_check
from jixiao.workbook.layout.looks import FORMATS
from jixiao.workbook.layout.plan import Content, FormError, Pen
from jixiao.workbook.layout.records import fill_in
from jixiao.workbook.layout.tables import place_table


def place_row(pen: Pen, row: Row, rubric: Rubric, form: Form) -> None:
    """Place one row of the form, or all rows that it generates."""
    if row.break_before:
        pen.page.breaks.append(pen.row - 1)
    if row.table:
        place_table(pen, row.table, rubric)
    elif row.fields:
        place_fields(pen, row.fields, rubric, form)
    elif row.part:
        for inner in _part(row.part, form):
            place_row(pen, inner, rubric, form)
    elif row.block and row.block.one_header:
        if row.block.above:
            _place_cells(pen, Row(cells=row.block.above), rubric)
        place_blocks_under_one_header(pen, row.block, rubric, form)
    elif row.block:
        for number, id in enumerate(row.block.ids):
            if number and row.block.gap:
                pen.next_row(row.block.gap)
            if row.block.above:
                _place_cells(pen, Row(cells=row.block.above), rubric)
            place_block(pen, row.block, id, rubric, form)
    elif row.charts:
        pen.chart_rows(row.charts, row.height)
    else:
        _place_cells(pen, row, rubric)


def _part(name: str, form: Form) -> list[Row]:
    rows = form.parts.get(name)
    if rows is None:
        raise FormError(f"没有名为“{name}”的部分（parts）{did_you_mean(name, form.parts)}")
    inner = next((row.part for row in rows if row.part), "")
    if inner:
        raise FormError(f"部分“{name}”里又引用了部分“{inner}”，请直接写出它的各行。")
    return rows


def _place_cells(pen: Pen, row: Row, rubric: Rubric) -> None:
    column = first = pen.free_column(1)
    for given in row.cells:
        cell = Cell(text=given) if isinstance(given, str) else given
        column = pen.free_column(column)
        box = pen.put(pen.box(column, cell.cols, cell.rows), _content(cell, row.look, rubric))
        for name in _names(cell):
            pen.name(name, box.anchor())
        column += cell.cols
    if row.name:
        pen.name(row.name, pen.box(first, column - first))
    if row.filter:
        pen.page.filter = pen.box(first, column - first, row.filter + 1)
    if row.repeat:
        pen.repeat()
    if row.freeze:
        pen.page.freeze = pen.row
    pen.next_row(row.height, growing=row.growing)


def _names(cell: Cell) -> list[str]:
    score, reason = f"score.{cell.score}", f"reason.{cell.reason}"
    names = [cell.field, score if cell.score else "", reason if cell.reason else "", cell.name]
    return [name for name in names if name]


def _content(cell: Cell, row_look: str, rubric: Rubric) -> Content:
    look = cell.look or row_look
    if cell.ticks:
        ticks, blank = tick_line(rubric.grades, cell.ticks)
        return Content(formula=ticks, blank=blank, look=look or "text", align=cell.align)
    if cell.field:
        field = asked(rubric, cell.field)
        made = input_cell(field, look=cell.look, formula=cell.formula, align=cell.align, format=cell.format)
        return msgspec.structs.replace(made, blank=cell.blank)
    if cell.score:
        return _score_cell(cell, rubric)
    if cell.reason:
        return Content(look=look or "input", align=cell.align, format=FORMATS["longtext"])
    if cell.formula:
        return Content(
            formula=cell.formula, blank=fill_in(cell.blank, rubric), look=look or "computed",
            format=cell.format, align=cell.align,
        )  # fmt: skip
    text = fill_in(cell.text, rubric)
    empty = "none" if not text and not look else look or "text"
    number = text != cell.text and text.replace(".", "", 1).isdigit()
    return Content(
        value=Decimal(text) if number else text or None, look=empty, format=cell.format, align=cell.align,
        indent=cell.indent, link=cell.link,
    )  # fmt: skip


def _score_cell(cell: Cell, rubric: Rubric) -> Content:
    weights = {indicator.id: indicator.weight for _, indicator in walk(rubric.levels)}
    if cell.score not in weights:
        raise FormError(f"没有名为“{cell.score}”的指标{did_you_mean(cell.score, weights)}")
    check = score_check(weights[cell.score])
    return Content(look=cell.look or "input", align=cell.align or "center", check=check)
