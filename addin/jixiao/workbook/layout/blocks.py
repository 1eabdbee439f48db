"""A block of the unit's own rows, placed: header, blank rows, total."""

from __future__ import annotations

from decimal import Decimal

from jixiao.rubric.model import Block, Column, Rubric
from jixiao.rubric.source import did_you_mean
from jixiao.workbook.form import BlockColumn, BlockRows
from jixiao.workbook.layout.looks import ALIGNS, FORMATS
from jixiao.workbook.layout.plan import Box, Check, Content, FormError, Pen
from jixiao.workbook.layout.records import fill_in


def place_block(pen: Pen, rows: BlockRows, id: str, rubric: Rubric) -> None:
    """Place a block of the rubric and name it, its columns and its total."""
    block = next((block for block in rubric.blocks if block.id == id), None)
    if block is None:
        raise FormError(f"没有名为“{id}”的区块{did_you_mean(id, [b.id for b in rubric.blocks])}")
    top = pen.box(1)
    heads = _place_header(pen, rows, block)
    _place_leads(pen, rows, block, rubric)
    for _ in range(rows.rows):
        _place_blank(pen, rows, block, heads)
        pen.next_row(rows.height, growing=True)
    _place_total(pen, rows, block, heads)
    width = sum(lead.cols for lead in rows.lead) + sum(column.cols for column in rows.columns)
    pen.name(f"block.{block.id}", Box(top.sheet, top.row, 1, pen.row - top.row + 1, width))
    pen.next_row(rows.header.height)


def _spec(block: Block, column: BlockColumn) -> Column:
    """The rubric's column, or one that only the form has."""
    if not column.column:
        return Column(id=column.header, name=column.header)
    found = next((known for known in block.columns if known.id == column.column), None)
    if found is None:
        known = [known.id for known in block.columns]
        raise FormError(f"区块“{block.id}”没有名为“{column.column}”的列{did_you_mean(column.column, known)}")
    return found


def _place_header(pen: Pen, rows: BlockRows, block: Block) -> dict[str, Box]:
    """The header row; returns the header cell of every column."""
    heads = {}
    at = 1
    for lead in rows.lead:
        pen.put(pen.box(at, lead.cols), Content(value=lead.header or None, look=rows.header.look))
        at += lead.cols
    for column in rows.columns:
        spec = _spec(block, column)
        box = pen.put(
            pen.box(at, column.cols), Content(value=column.header or spec.name, look=rows.header.look)
        )
        heads[spec.id] = box.anchor()
        if column.column:
            pen.name(f"column.{block.id}.{spec.id}", box.anchor())
        at += column.cols
    if rows.header.repeat:
        pen.repeat()
    pen.next_row(rows.header.height)
    return heads


def _place_leads(pen: Pen, rows: BlockRows, block: Block, rubric: Rubric) -> None:
    at = 1
    for lead in rows.lead:
        text = fill_in(lead.text, rubric, block)
        pen.put(pen.box(at, lead.cols, rows.rows), Content(value=text, look=lead.look, align="center"))
        at += lead.cols


def _place_blank(pen: Pen, rows: BlockRows, block: Block, heads: dict[str, Box]) -> None:
    here = {id: Box(head.sheet, pen.row, head.column) for id, head in heads.items()}
    for column in rows.columns:
        spec = _spec(block, column)
        content = Content(
            formula=column.formula,
            look="computed" if column.formula else "input",
            format=column.format or FORMATS.get(spec.type, "General"),
            align=column.align or ALIGNS.get(spec.type, ""),
            check=None if column.formula else _check(block, column, spec),
        )
        pen.put(pen.box(heads[spec.id].column, column.cols), content, here)


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


def _place_total(pen: Pen, rows: BlockRows, block: Block, heads: dict[str, Box]) -> None:
    """The total row: its name up to the first computed cell, then the sums."""
    labelled = False
    start = 1
    for column in rows.columns:
        spec = _spec(block, column)
        at = heads[spec.id].column
        if column.total:
            if not labelled:
                pen.put(pen.box(start, at - start), Content(value=block.total_name, look="total"))
                labelled = True
            content = Content(
                formula=column.total, blank=column.blank, look="total",
                format=column.format or FORMATS.get(spec.type, "General"),
            )  # fmt: skip
            box = pen.put(pen.box(at, column.cols), content, heads)
            if column.score:
                pen.name(f"blocktotal.{block.id}", box.anchor())
        elif labelled:
            pen.put(pen.box(at, column.cols), Content(look="total"))
