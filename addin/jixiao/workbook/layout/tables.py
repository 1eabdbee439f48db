"""Tables over the records of the rubric, placed: one row per indicator, level, option or grade."""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao.rubric.model import Rubric
from jixiao.rubric.source import did_you_mean
from jixiao.workbook.form_parts import Header, Table, TableColumn
from jixiao.workbook.layout.inputs import score_check
from jixiao.workbook.layout.looks import FORMATS
from jixiao.workbook.layout.plan import Content, FormError, Pen
from jixiao.workbook.layout.records import Record, records


def place_header(pen: Pen, header: Header, cells: list[tuple[str, int]]) -> None:
    """Place a header row; each cell is its text and how many columns it covers."""
    column = 1
    for text, cols in cells:
        pen.put(pen.box(column, cols), Content(value=text or None, look=header.look))
        column += cols
    if header.name:
        pen.name(header.name, pen.box(1, column - 1))
    if header.filter:
        pen.page.filter = pen.box(1, column - 1, header.filter + 1)
    if header.repeat:
        pen.repeat()
    if header.freeze:
        pen.page.freeze = pen.row
    pen.next_row(header.height)


def place_table(pen: Pen, table: Table, rubric: Rubric) -> None:
    """Place a header row and a row per record."""
    if table.of == "ranks":
        _name_header(pen, table)
    place_header(pen, table.header, [(column.header, column.cols) for column in table.columns])
    rows = records(rubric, table)
    for number, record in enumerate(rows):
        column = 1
        for spec in table.columns:
            span = _span(spec, rows, number)
            if span:
                _place_part(pen, table, spec, record, column, span)
            column += spec.cols
        pen.next_row(table.height, soft=True, growing=table.growing)


def _name_header(pen: Pen, table: Table) -> None:
    """What ``@-`` means in the first row."""
    column = 1
    for spec in table.columns:
        if spec.ref:
            pen.name(f"header.{spec.ref}", pen.box(column), workbook=False)
        column += spec.cols


def _span(column: TableColumn, rows: list[Record], number: int) -> int:
    """How many rows the cell covers; 0 where a cell above covers this one."""
    key = rows[number].groups.get(column.show)
    if not column.merge or key is None:
        return 1
    if number and rows[number - 1].groups.get(column.show) == key:
        return 0
    return next(
        (later - number for later in range(number, len(rows)) if rows[later].groups.get(column.show) != key),
        len(rows) - number,
    )


def _words(spec: TableColumn, record: Record) -> str:
    """The column's text with parts of the record filled in."""

    def part(match: re.Match[str]) -> str:
        if match[1] not in record.parts:
            raise FormError(f"“{match[0]}”在这张表里没有{did_you_mean(match[1], record.parts)}")
        return str(record.parts[match[1]])

    return re.sub(r"\{([\w.]+)\}", part, spec.text)


def _formula(table: Table, spec: TableColumn, record: Record) -> str:
    if spec.summed and record.block:
        return spec.summed.replace("@", record.block)
    formula = spec.formula
    if table.of == "ranks":
        above = "{header.\\1}" if record.id == "1" else f"{{\\1.{int(record.id) - 1}}}"
        formula = re.sub(r"{([\w.]+)\.@-}", above, formula)
    return formula.replace("@", record.id)


def _place_part(pen: Pen, table: Table, spec: TableColumn, record: Record, column: int, span: int) -> None:
    look = spec.look or ("input" if spec.type else "computed" if spec.formula else table.look)
    value = _words(spec, record) if spec.text else record.parts.get(spec.show) if spec.show else None
    if spec.show and value is None:
        raise FormError(f"“{table.of}”没有“{spec.show}”{did_you_mean(spec.show, record.parts)}")
    check = None
    if spec.type == "score":
        check = score_check(record.weight)
    content = Content(
        value=value or None,
        formula=_formula(table, spec, record),
        blank=spec.blank or (str(value) if spec.formula and value is not None else ""),
        look=look,
        format=spec.format or FORMATS["longtext" if spec.type == "text" else spec.type],
        align=spec.align or ("center" if spec.type == "score" or isinstance(value, Decimal) else ""),
        check=check,
    )
    box = pen.put(pen.box(column, spec.cols, span), content).anchor()
    if spec.name:
        pen.name(f"{spec.name}.{record.id}", box)
    if spec.ref:
        pen.name(f"{spec.ref}.{record.id}", box, workbook=False)
