"""Rows of a form, placed: cells as listed, or what a generator makes of the rubric."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from jixiao.rubric.model import Rubric
from jixiao.workbook.form import Cell, Form, Row
from jixiao.workbook.layout.blocks import place_block
from jixiao.workbook.layout.fields import place_fields
from jixiao.workbook.layout.formulas import tick_line
from jixiao.workbook.layout.inputs import asked, input_cell
from jixiao.workbook.layout.plan import Content, Pen
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
    elif row.block:
        for number, id in enumerate(row.block.ids):
            if number and row.block.gap:
                pen.next_row(row.block.gap)
            if row.block.above:
                _place_cells(pen, Row(cells=row.block.above), rubric)
            place_block(pen, row.block, id, rubric)
    elif row.charts:
        pen.chart_rows(row.charts, row.height)
    else:
        _place_cells(pen, row, rubric)


def _place_cells(pen: Pen, row: Row, rubric: Rubric) -> None:
    column = first = pen.free_column(1)
    for given in row.cells:
        cell = Cell(text=given) if isinstance(given, str) else given
        column = pen.free_column(column)
        box = pen.put(pen.box(column, cell.cols, cell.rows), _content(cell, row.look, rubric))
        if cell.field:
            pen.name(cell.field, box.anchor())
        if cell.name:
            pen.name(cell.name, box.anchor())
        column += cell.cols
    if row.name:
        pen.name(row.name, pen.box(first, column - first))
    if row.filter:
        pen.page.filter = pen.box(first, column - first, row.filter + 1)
    if row.repeat:
        pen.repeat()
    if row.freeze:
        pen.page.freeze = pen.row
    pen.next_row(row.height)


def _content(cell: Cell, row_look: str, rubric: Rubric) -> Content:
    look = cell.look or row_look
    if cell.ticks:
        ticks, blank = tick_line(rubric.grades, cell.ticks)
        return Content(formula=ticks, blank=blank, look=look or "text", align=cell.align)
    if cell.field:
        field = asked(rubric, cell.field)
        made = input_cell(field, look=cell.look, formula=cell.formula, align=cell.align, format=cell.format)
        return msgspec.structs.replace(made, blank=cell.blank)
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
