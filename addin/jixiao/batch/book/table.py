"""A sheet that is one table: title, a line of words, headings, rows; it goes on on further sheets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from math import ceil
from typing import Any, Literal, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

ROWS = 1_048_576
"""Rows that a sheet has."""
_LONGEST = 255
"""Characters of a text inside a formula."""
HEAD = 4
"""Rows above the first row of the table: title, words, two rows of headings."""

Look = Literal["text", "words", "points", "count", "share", "input", "input_points"]
_WRAPPED = {"words", "input"}
_LINE, _LOWEST, _HIGHEST = 14.5, 18.0, 409.0
"""Height in points of a line of a cell, and of rows."""
_NUMBERS = {"points": "0.00", "count": "0", "share": "0.0%", "input_points": "0.00"}


class Column(NamedTuple):
    heading: str
    width: float
    look: Look = "text"
    group: str = ""
    """What stands above the headings of neighbours."""


class Link(NamedTuple):
    """A text that leads to a file beside the 汇总 and, there, to a cell."""

    text: str
    file: str
    sheet: str = ""
    cell: str = ""


Value = str | Decimal | float | Link | None


class Sheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas are taken as they are: the names of files in them are no functions."""

    def _prepare_formula(self, formula: str, _: bool = False) -> str:
        return formula.removeprefix("=")


class Looks:
    """The formats of a book."""

    def __init__(self, book: Workbook) -> None:
        font = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
        line = {**font, "border": 1, "border_color": "#BFBFBF"}
        self.title = book.add_format({**font, "font_size": 16, "bold": True})
        self.words = book.add_format({**font, "font_color": "#595959"})
        self.heading = book.add_format(
            {**line, "bold": True, "bg_color": "#DDEBF7", "align": "center", "text_wrap": True}
        )
        self.cells: dict[Look, Any] = {
            "text": book.add_format({**line, "num_format": "@", "align": "center"}),
            "words": book.add_format({**line, "text_wrap": True, "num_format": "@"}),
            "input": book.add_format({**line, "text_wrap": True, "bg_color": "#FFF9DB"}),
        }
        for look, number in _NUMBERS.items():
            tint = {"bg_color": "#FFF9DB"} if look == "input_points" else {}
            tint |= {"align": "center"} if look == "count" else {}
            self.cells[look] = book.add_format({**line, **tint, "num_format": number})  # type: ignore[index]
        self.link = book.add_format({**line, "font_color": "#0563C1", "underline": 1, "text_wrap": True})


class Table:
    """One table on as many sheets as its rows need; ``title`` names them.

    Those for the ``expected`` rows stand side by side, further ones behind all other sheets.
    """

    def __init__(
        self,
        book: Workbook,
        looks: Looks,
        title: str,
        columns: Sequence[Column],
        *,
        words: str = "",
        expected: int = 0,
        rows: int = ROWS,
        freeze: int = 0,
    ) -> None:
        self._looks, self._columns, self._room = looks, columns, rows - HEAD
        self._book, self._title, self._words, self._freeze = book, title, words, freeze
        self.sheets: list[Sheet] = []
        for _ in range(max(-(-expected // self._room), 1)):
            self._begin()
        self.count = 0

    def _begin(self) -> None:
        number = len(self.sheets) + 1
        name = self._title if number == 1 else f"{self._title}{number}"
        self.sheets.append(self._book.add_worksheet(name, Sheet))
        self._head(self.sheets[-1], self._title, self._words, self._freeze)

    def _head(self, sheet: Sheet, title: str, words: str, freeze: int) -> None:
        looks, last = self._looks, len(self._columns) - 1
        sheet.set_landscape()
        sheet.set_paper(8 if sum(column.width for column in self._columns) > 150 else 9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        sheet.repeat_rows(HEAD - 2, HEAD - 1)
        sheet.freeze_panes(HEAD, freeze)
        for at, column in enumerate(self._columns):
            sheet.set_column(at, at, column.width)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, title, looks.title)
        sheet.write_string(1, 0, words, looks.words)
        grouped = any(column.group for column in self._columns)
        sheet.set_row(2, 20 if grouped else 2)
        at = 0
        while grouped and at <= last:
            group = self._columns[at].group
            end = at
            while end < last and group and self._columns[end + 1].group == group:
                end += 1
            if end > at:
                sheet.merge_range(2, at, 2, end, group, looks.heading)
            else:
                sheet.write_string(2, at, group, looks.heading)
            at = end + 1
        sheet.set_row(HEAD - 1, 32)
        for at, column in enumerate(self._columns):
            sheet.write_string(HEAD - 1, at, column.heading, looks.heading)

    def add(self, values: Sequence[Value]) -> None:
        """One row, a value for each column."""
        number, row = divmod(self.count, self._room)
        if number == len(self.sheets):
            self._begin()
        sheet = self.sheets[number]
        self.count += 1
        self._set_height(sheet, row + HEAD, values)
        for at, (value, column) in enumerate(zip(values, self._columns, strict=True)):
            self._write(sheet, row + HEAD, at, value, column.look)

    def _set_height(self, sheet: Sheet, row: int, values: Sequence[Value]) -> None:
        """High enough for all texts; not every program fits a row to its text by itself."""
        lines = max(
            _lines(value.text if isinstance(value, Link) else value, column.width)
            for value, column in zip(values, self._columns, strict=True)
            if column.look in _WRAPPED
        )
        sheet.set_row(row, min(max(_LOWEST, lines * _LINE + 4), _HIGHEST))
        sheet.row_info.pop(row - 2, None)  # on disk by now: what is kept of a row must not add up
        sheet.row_sizes.pop(row - 2, None)

    def _write(self, sheet: Sheet, row: int, at: int, value: Value, look: Look) -> None:
        shape = self._looks.cells[look]
        if value is None or value == "":
            sheet.write_blank(row, at, None, shape)
        elif isinstance(value, Link):
            self._link(sheet, row, at, value, shape)
        elif isinstance(value, str):  # never write(): what a unit typed is a text, whatever it begins with
            sheet.write_string(row, at, value, shape)
        else:
            sheet.write_number(row, at, float(value), shape)

    def _link(self, sheet: Sheet, row: int, at: int, link: Link, shape: Any) -> None:
        """A formula, because Excel takes no more than 65 530 links of the other kind on a sheet."""
        target = link.file
        if link.sheet:
            target += "#'{}'!{}".format(link.sheet.replace("'", "''"), link.cell or "A1")
        target, shown = (one.replace('"', '""') for one in (target, link.text))
        if "#" in link.file:  # which would begin the place inside the file
            sheet.write_url(row, at, f"external:{link.file}", self._looks.link, link.text)
        elif max(len(target), len(shown)) <= _LONGEST:
            formula = f'=HYPERLINK("{target}","{shown}")'
            sheet.write_formula(row, at, formula, self._looks.link, link.text)
        else:
            sheet.write_string(row, at, link.text, shape)

    def close(self) -> None:
        """Finish: filters on the headings of every sheet."""
        for number, sheet in enumerate(self.sheets):
            filled = min(max(self.count - number * self._room, 0), self._room)
            if filled:
                sheet.autofilter(HEAD - 1, 0, HEAD - 1 + filled, len(self._columns) - 1)


def _lines(value: Value, width: float) -> int:
    """Lines that a text takes in a column: a Chinese sign is two digits wide, as in GBK it is two bytes."""
    if not isinstance(value, str) or not value:
        return 1
    room = width * 0.92
    return sum(max(ceil(len(line.encode("gbk", "replace")) / room), 1) for line in value.split("\n"))
