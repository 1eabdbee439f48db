"""Blocks of the unit's own rows, placed: header, blank rows, total.

Names tell where the rows of a block are: ``jx.block.<id>`` spans them (and a header and total of
its own), ``jx.column.<id>.<column>`` is the header cell of a column, ``jx.blocktotal.<id>`` or
``jx.blockend.<id>`` a cell in the line below the last row. Of blocks under one header only the
last has such a line: the others end where the next begins.
"""

from __future__ import annotations

from decimal import Decimal

from jixiao.rubric.model import Block, Column, Rubric
from jixiao.rubric.source import did_you_mean
from jixiao.workbook.form import Form
from jixiao.workbook.form_parts import BlockColumn, BlockRows, Group, Lead
from jixiao.workbook.layout.looks import ALIGNS, FORMATS
from jixiao.workbook.layout.plan import Box, Check, Content, FormError, Pen
from jixiao.workbook.layout.records import fill_in

Heads = dict[str, Box]
"""Header cells by column."""


def place_block(pen: Pen, rows: BlockRows, id: str, rubric: Rubric, form: Form) -> None:
    """Place a block with a header and a total of its own; without sums it has no total row."""
    block = _block(rubric, id)
    groups = form.groups_of(id, rows.rows)
    top = pen.box(1)
    heads = _heads_above(pen, rows, block) if rows.header_above else _place_header(pen, rows, [block], rubric)
    _place_leads(pen, rows, _count(groups), rubric, block)
    first = pen.row
    if any(column.printed for column in rows.columns):
        _place_blank(pen, rows, block, heads, rubric)
        pen.name(f"printed.{block.id}", pen.box(1), workbook=False)
        pen.next_row(rows.height, growing=True)
    _place_rows(pen, rows, block, heads, groups, rubric)
    _remember(pen, block, heads, first)
    width = _lead_width(rows) + sum(column.cols for column in rows.columns)
    if not any(column.total for column in rows.columns):
        pen.name(f"block.{block.id}", Box(top.sheet, top.row, 1, pen.row - top.row, width))
        pen.name(f"blockend.{block.id}", pen.box(1))
        return
    score = _place_total(pen, rows, block.total_name, heads, rubric)
    if score:
        pen.name(f"blocktotal.{block.id}", score)
    pen.name(f"block.{block.id}", Box(top.sheet, top.row, 1, pen.row - top.row + 1, width))
    pen.next_row(rows.header.height)


def place_blocks_under_one_header(pen: Pen, rows: BlockRows, rubric: Rubric, form: Form) -> None:
    """Place blocks one below the other, their classes printed once, and one total row for all."""
    ids = rows.ids or [block.id for block in rubric.blocks if block.row_rule]
    blocks = [_block(rubric, id) for id in ids]
    groups = {id: form.groups_of(id, rows.rows) for id in ids}
    top = pen.row
    heads = _place_header(pen, rows, blocks, rubric)
    _place_leads(pen, rows, sum(map(_count, groups.values())), rubric, None, top)
    for block in blocks:
        first = pen.row
        _place_rows(pen, rows, block, heads, groups[block.id], rubric)
        _remember(pen, block, heads, first)
        # it begins with the first column of single cells: a row is named by a cell that is not covered
        left = min(heads[_spec(block, one).id].column for one in rows.columns if not one.merged)
        right = max(heads[_spec(block, one).id].column for one in rows.columns)
        box = Box(pen.sheet.name, first, left, pen.row - first, right - left + 1)
        pen.name(f"block.{block.id}", box)
    pen.name(f"blockend.{blocks[-1].id}", pen.box(1))
    if rows.total:
        score = _place_total(pen, rows, rows.total.text, heads, rubric)
        if score and rows.total.name:
            pen.name(rows.total.name, score)
        pen.next_row(rows.total.height)


def _block(rubric: Rubric, id: str) -> Block:
    found = next((block for block in rubric.blocks if block.id == id), None)
    if found is None:
        raise FormError(f"没有名为“{id}”的区块{did_you_mean(id, [b.id for b in rubric.blocks])}")
    return found


def _spec(block: Block, column: BlockColumn) -> Column:
    """The rubric's column, or one that only the form has."""
    if not column.column:
        return Column(id=column.header or "", name=column.header or "")
    found = next((known for known in block.columns if known.id == column.column), None)
    if found is None:
        known = [known.id for known in block.columns]
        raise FormError(f"区块“{block.id}”没有名为“{column.column}”的列{did_you_mean(column.column, known)}")
    return found


def _count(groups: list[Group]) -> int:
    return sum(group.rows for group in groups)


def _lead_width(rows: BlockRows) -> int:
    return sum(lead.cols for lead in rows.lead)


def _remember(pen: Pen, block: Block, heads: Heads, first: int) -> None:
    """For formulas of the form: the cells of each column of the block."""
    for column in block.columns:
        if column.id in heads:
            head = heads[column.id]
            box = Box(head.sheet, first, head.column, pen.row - first)
            pen.name(f"rows.{block.id}.{column.id}", box, workbook=False)


# ---------------------------------------------------------------- header, leads, rows, total


def _place_header(pen: Pen, rows: BlockRows, blocks: list[Block], rubric: Rubric) -> Heads:
    """The header row; returns the header cell of every column."""
    heads = {}
    at = 1
    for lead in rows.lead:
        if not lead.with_header:
            pen.put(pen.box(at, lead.cols), Content(value=lead.header or None, look=rows.header.look))
        at += lead.cols
    for column in rows.columns:
        spec = _spec(blocks[0], column)
        text = spec.name if column.header is None else fill_in(column.header, rubric, blocks[0])
        content = Content(value=text or None, look=column.head or rows.header.look)
        heads[spec.id] = pen.put(pen.box(at, column.cols), content).anchor()
        for block in blocks if column.column else ():
            pen.name(f"column.{block.id}.{_spec(block, column).id}", heads[spec.id])
        at += column.cols
    if rows.header.repeat:
        pen.repeat()
    pen.next_row(rows.header.height)
    return heads


def _heads_above(pen: Pen, rows: BlockRows, block: Block) -> Heads:
    """The cells of the row above stand for the header, so that a row inserted below it is the block's."""
    if rows.lead or pen.row == 1:
        raise FormError(f"区块“{block.id}”写了 header_above，上面要有一行，也不能有 lead。")
    heads = {}
    at = 1
    for column in rows.columns:
        spec = _spec(block, column)
        heads[spec.id] = Box(pen.sheet.name, pen.row - 1, at)
        if column.column:
            pen.name(f"column.{block.id}.{spec.id}", heads[spec.id])
        at += column.cols
    return heads


def _place_leads(
    pen: Pen, rows: BlockRows, count: int, rubric: Rubric, block: Block | None, top: int = 0
) -> None:
    """Cells at the left, over so many rows; with ``top`` they may begin in the header row."""
    at = 1
    for lead in rows.lead:
        box = pen.box(at, lead.cols, count)
        if lead.with_header and top:
            box = Box(box.sheet, top, at, pen.row - top + count, lead.cols)
        pen.put(box, _lead(lead, rubric, block))
        at += lead.cols


def _lead(lead: Lead, rubric: Rubric, block: Block | None) -> Content:
    return Content(value=fill_in(lead.text, rubric, block), look=lead.look, align="center")


def _place_rows(
    pen: Pen, rows: BlockRows, block: Block, heads: Heads, groups: list[Group], rubric: Rubric
) -> None:
    """The blank rows, group by group; words printed once stand in one cell over their rows."""
    merged = [column for column in rows.columns if column.merged]
    for number, group in enumerate(groups):
        for column in merged:
            if column.merged == "group":
                _place_words(pen, column, block, heads, group)
            elif number == 0:
                text = fill_in(column.text, rubric, block) or block.name
                whole = Group(of=text, rows=_count(groups))
                _place_words(pen, column, block, heads, whole)
        for _ in range(group.rows):
            _place_blank(pen, rows, block, heads)
            pen.next_row(rows.height, growing=True)


def _place_words(pen: Pen, column: BlockColumn, block: Block, heads: Heads, group: Group) -> None:
    box = pen.box(heads[_spec(block, column).id].column, column.cols, group.rows)
    pen.put(box, Content(value=group.of or None, look=column.look or "center", align=column.align))


def _place_blank(
    pen: Pen, rows: BlockRows, block: Block, heads: Heads, printed: Rubric | None = None
) -> None:
    """One row to be filled in; with the rubric it is the one in which the form prints something."""
    here = {id: Box(head.sheet, pen.row, head.column) for id, head in heads.items()}
    for column in rows.columns:
        spec = _spec(block, column)
        if column.merged:
            continue
        content = Content(
            value=fill_in(column.printed, printed, block) or None if printed else None,
            formula=column.formula,
            look=column.look or _look(column, bool(printed)),
            format=column.format or FORMATS.get(spec.type, "General"),
            align=column.align or ALIGNS.get(spec.type, ""),
            check=None if column.formula else _check(block, column, spec),
        )
        pen.put(pen.box(heads[spec.id].column, column.cols), content, here)


def _look(column: BlockColumn, printed: bool) -> str:
    return "computed" if column.formula else "label" if printed and column.printed else "input"


def _check(block: Block, column: BlockColumn, spec: Column) -> Check | None:
    words = tuple(column.choices.words or spec.choices)
    if column.choices.of_block:
        words = tuple(block.classes) if column.choices.of_block == "classes" else (block.name,)
    if words:
        return Check("list", words=words, message=f"请填：{'、'.join(words)}。", prompt=column.prompt)
    if spec.type == "score":
        return Check(
            "decimal", low=Decimal(0), high=block.weight, prompt=column.prompt,
            message=f"请填 0 到 {block.weight} 之间的数。",
        )  # fmt: skip
    return Check("any", prompt=column.prompt) if column.prompt else None


def _place_total(pen: Pen, rows: BlockRows, text: str, heads: Heads, rubric: Rubric) -> Box | None:
    """The total row: its name up to the first sum, then the sums. Returns the cell of the score."""
    score = None
    labelled = False
    at = 1 + _lead_width(rows)
    for column in rows.columns:
        if column.total:
            if not labelled:
                pen.put(pen.box(1, at - 1), Content(value=text, look="total"))
                labelled = True
            box = pen.put(pen.box(at, column.cols), _total(column, rubric), heads)
            score = box.anchor() if column.score else score
        elif labelled and at <= (pen.sheet.print_cols or at):
            pen.put(pen.box(at, column.cols), Content(look="total"))
        at += column.cols
    return score


def _total(column: BlockColumn, rubric: Rubric) -> Content:
    if not column.total.startswith("="):
        text = fill_in(column.total, rubric)
        number = text != column.total and text.replace(".", "", 1).isdigit()
        return Content(value=Decimal(text) if number else text, look="total", format=column.format)
    format = column.format or "General"
    return Content(formula=column.total, blank=column.blank, look="total", format=format)
