"""Tables of indicators in a report: which column is which is told by the header, not by its position.

The words of the headers are the edition's names of columns with their aliases; a name column that
the header leaves out is the one before the targets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from jixiao.audit.document import Document, Table, Words
from jixiao.rubric.model import Block

NAMED = ("name", "target", "actual", "rate", "weight", "score", "level1", "level2", "reason")
_POINTS = re.compile(r"-?\d+(?:\.\d+)?分?|[-—/]+")


class IndicatorRow(msgspec.Struct, frozen=True):
    """A row of a table of indicators: column -> what stands there; ``level1`` and ``level2`` carried down."""

    cells: Mapping[str, Words]
    level1: str
    level2: str

    def text(self, column: str) -> str:
        return self.cells[column].text if column in self.cells else ""

    @property
    def name(self) -> str:
        return self.text("name")


class IndicatorTable(msgspec.Struct, frozen=True):
    document: str
    rows: tuple[IndicatorRow, ...]
    totals: tuple[tuple[Words, ...], ...]
    """Rows that begin with 合计, 总分, 综合得分."""
    columns: frozenset[str]
    shifted: tuple[Words, ...]
    """A cell of each row that does not fit the header."""


def indicator_tables(document: Document, blocks: Sequence[Block]) -> list[IndicatorTable]:
    """The tables of a document that list indicators with their targets."""
    names = _names(blocks)
    return [made for table in document.tables for made in _read(document.name, table, names)]


def _names(blocks: Sequence[Block]) -> dict[str, str]:
    """Header word -> column."""
    known = {"指标完成率": "rate", "完成率": "rate", "指标名称": "name"}
    for block in blocks:
        for column in block.columns:
            if block.row_rule and column.id in NAMED:
                known |= dict.fromkeys([column.name, *column.aliases], column.id)
    return {_bare(word): column for word, column in known.items()}


def _bare(text: str) -> str:
    return text.partition("(")[0].replace("：", "").replace(":", "")


def _read(document: str, table: Table, names: Mapping[str, str]) -> Iterator[IndicatorTable]:
    header: dict[str, int] | None = None
    rows: list[IndicatorRow] = []
    totals: list[tuple[Words, ...]] = []
    shifted: list[Words] = []
    width, level1, level2 = 0, "", ""
    for row in table.rows:
        found = _header(row, names)
        if found:
            if rows or totals or shifted:
                yield IndicatorTable(
                    document, tuple(rows), tuple(totals), frozenset(header or ()), tuple(shifted)
                )
                rows, totals, shifted = [], [], []
            header, width, level1, level2 = found, len(row), "", ""
            continue
        if header is None or not any(cell.text for cell in row):
            continue
        first = next(cell.text for cell in row if cell.text)
        if any(word in first for word in ("合计", "总分", "综合得分", "总计", "小计")):
            totals.append(row)
            continue
        if len(row) != width or _out_of_columns(row, header):
            shifted.append(next(cell for cell in row if cell.text))
            level1 = level2 = ""  # it may have been the first of another class
            continue
        cells = {column: row[place] for column, place in header.items() if place < len(row)}
        before = [cell.text for cell in row[: header["name"]]]
        ones = [text for text in before if text]
        if ones:
            level2 = before[-1] or level2
            level1 = before[-2] if len(before) > 1 and before[-2] else level1
        if cells["name"].text:
            rows.append(IndicatorRow(cells, level1, level2))
    if header is not None and (rows or totals or shifted):
        yield IndicatorTable(document, tuple(rows), tuple(totals), frozenset(header), tuple(shifted))


def _out_of_columns(row: Sequence[Words], header: Mapping[str, int]) -> bool:
    """Its cells have slipped: words where points belong, points where the reason does, or no score."""
    told = {column: row[place].text for column, place in header.items()}
    points = [told[column] for column in ("weight", "score") if column in told]
    return (
        any(text and not _POINTS.fullmatch(text) for text in points)
        or bool(_POINTS.fullmatch(told.get("reason", "")) and told["reason"].strip("-—/"))
        or bool(points and points[0].strip("-—/0.分") and not points[-1].strip("-—/"))
    )


def _header(row: Sequence[Words], names: Mapping[str, str]) -> dict[str, int] | None:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        column = names.get(_bare(cell.text))
        if column and column not in found:
            found[column] = place
    if "target" not in found or not ({"actual", "name"} & found.keys()):
        return None
    if "name" not in found:
        free = [place for place in range(found["target"]) if place not in found.values()]
        if not free:
            return None
        found["name"] = free[-1]
    return found
