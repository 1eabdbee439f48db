"""A workbook as openpyxl sees it: what stands in the cells that our names point to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.utils.escape import unescape

from oracle.plain_book import Cells, PlainBook
from oracle.texts import Said

Span = tuple[str, int, int, int, int]
"""Sheet, top, left, bottom, right."""
_AREA = re.compile(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")


class Form:
    """One workbook of an edition; ``by_openpyxl`` tells who read it.

    ``laid`` are names that were told from the labels of a form that has none itself.
    """

    def __init__(self, data: bytes, laid: Mapping[str, str] | None = None) -> None:
        self._sheets: dict[str, dict[tuple[int, int], Said]] = {}
        self._read: Callable[[str], Cells]
        try:
            book = openpyxl.load_workbook(BytesIO(data), data_only=True, read_only=True)
            own = {name: each.attr_text or "" for name, each in book.defined_names.items()}
            self.names = {**(laid or {}), **own}
            self.titles = set(book.sheetnames)
            if self.titles != set(PlainBook(data).sheets):
                raise ValueError("it leaves out sheets whose parts are named in capitals")
            self._read = lambda title: by_openpyxl(book[title])
            for span in filter(None, map(self.where, [name[3:] for name in self.names])):
                self.cell(*span[:3])
            self.by_openpyxl = True
        except Exception:  # it is choosier than spreadsheet programs are
            plain = PlainBook(data)
            self._sheets.clear()
            self.names = {**(laid or {}), **plain.names}
            self.titles, self._read = set(plain.sheets), plain.cells
            self.by_openpyxl = False
        self.edition = self.names.get("jx.edition", "").lstrip("=").strip('"')

    def where(self, name: str) -> Span | None:
        """The area that ``jx.<name>`` names, if its sheet is there."""
        found = _AREA.fullmatch(self.names.get(f"jx.{name}", ""))
        if not found:
            return None
        sheet = (found[1] or found[2]).replace("''", "'")
        left, top = column_index_from_string(found[3]), int(found[4])
        right = column_index_from_string(found[5]) if found[5] else left
        bottom = int(found[6]) if found[6] else top
        span = (sheet, min(top, bottom), min(left, right), max(top, bottom), max(left, right))
        return span if sheet in self.titles else None

    def __getitem__(self, name: str) -> Said:
        span = self.where(name)
        return self.cell(span[0], span[1], span[2]) if span else Said()

    def cell(self, sheet: str, row: int, column: int) -> Said:
        if sheet not in self._sheets:
            self._sheets[sheet] = {
                place: _said(value, shown, error)
                for place, (value, shown, error) in self._read(sheet).items()
            }
        return self._sheets[sheet].get((row, column), Said())

    def last(self, sheet: str) -> int:
        """The last row that holds anything."""
        self.cell(sheet, 1, 1)
        return max((row for row, _ in self._sheets[sheet]), default=0)

    def rows(self, blocks: tuple[str, ...], block: str, columns: tuple[str, ...]) -> list[dict[str, Said]]:
        """The rows of a block from below the header to above the total, empty ones too.

        Of several blocks below one header each ends where the next begins.
        """
        span = self.where(f"block.{block}")
        heads = {column: self.where(f"column.{block}.{column}") for column in columns}
        if span is None or not any(heads.values()):
            return []
        sheet, top, _, bottom, _ = span
        header = _commonest([head[1] for head in heads.values() if head])
        beside = []
        for other in blocks:
            there = self.where(f"block.{other}")
            theirs = [head[1] for column in columns if (head := self.where(f"column.{other}.{column}"))]
            if there and there[0] == sheet and theirs and _commonest(theirs) == header:
                beside.append(there[1])
        first = header + 1 if top == min(beside) else top
        below = self.where(f"blocktotal.{block}") or self.where(f"blockend.{block}")
        ends = [other for other in beside if other > top] + ([below[1]] if below else [])
        end = min((row for row in ends if row > top), default=bottom + 1)
        return [
            {column: self.cell(sheet, row, head[2]) if head else Said() for column, head in heads.items()}
            for row in range(first, min(end, self.last(sheet) + 1))
        ]


def _commonest(rows: list[int]) -> int:
    return sorted(rows, key=lambda row: (rows.count(row), -row))[-1]


def _said(value: Any, shown: str, error: bool) -> Said:
    if isinstance(value, str):
        value = unescape(value)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    bare = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", shown or "")
    return Said(value, number and "%" in bare, error and bool(value))


def by_openpyxl(page: Any) -> Cells:
    page.reset_dimensions()
    return {
        (one.row, one.column): (one.value, one.number_format, one.data_type == "e")
        for line in page.iter_rows()
        for one in line
        if one.value is not None
    }
