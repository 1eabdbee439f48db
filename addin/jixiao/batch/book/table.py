"""A sheet that is one table: title, a line of words, headings, rows; it goes on on further sheets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

ROWS = 1_048_576
"""Rows that a sheet has."""
_LINKS = 65_530
"""Links that Excel takes on one sheet."""
_LONGEST = 255
"""Characters of a text inside a formula."""
_CELL = 32_767
HEAD = 4
"""Rows above the first row of the table: title, words, two rows of headings."""

Look = Literal["text", "words", "points", "count", "share", "input", "input_points"]
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


Value = str | Decimal | int | Link | None


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
            "text": book.add_format({**line, "num_format": "@"}),
            "words": book.add_format({**line, "text_wrap": True, "num_format": "@"}),
            "input": book.add_format({**line, "text_wrap": True, "bg_color": "#FFF9DB"}),
        }
        for look, number in _NUMBERS.items():
            tint = {"bg_color": "#FFF9DB"} if look == "input_points" else {}
            self.cells[look] = book.add_format({**line, **tint, "num_format": number})  # type: ignore[index]
        self.link = book.add_format({**line, "font_color": "#0563C1", "underline": 1})


class Table:
    """One table on as many sheets as ``expected`` rows need; ``title`` names the sheets."""

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
        needed = max(-(-expected // self._room), 1)
        names = [title, *(f"{title}{number}" for number in range(2, needed + 1))]
        self.sheets: list[Worksheet] = [book.add_worksheet(name) for name in names]
        for sheet in self.sheets:
            self._head(sheet, title, words, freeze)
        self.count = 0
        self._links = 0

    def _head(self, sheet: Worksheet, title: str, words: str, freeze: int) -> None:
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
        sheet = self.sheets[number]
        if not row:
            self._links = 0
        self.count += 1
        for at, (value, column) in enumerate(zip(values, self._columns, strict=True)):
            self._write(sheet, row + HEAD, at, value, column.look)

    def _write(self, sheet: Worksheet, row: int, at: int, value: Value, look: Look) -> None:
        shape = self._looks.cells[look]
        if value is None or value == "":
            sheet.write_blank(row, at, None, shape)
        elif isinstance(value, Link):
            self._link(sheet, row, at, value, shape)
        elif isinstance(value, str):  # never write(): what a unit typed is a text, whatever it begins with
            sheet.write_string(row, at, value[:_CELL], shape)
        else:
            sheet.write_number(row, at, float(value), shape)

    def _link(self, sheet: Worksheet, row: int, at: int, link: Link, shape: Any) -> None:
        if link.sheet:
            place = "'{}'!{}".format(link.sheet.replace("'", "''"), link.cell or "A1")
            target, shown = (one.replace('"', '""') for one in (f"{link.file}#{place}", link.text))
            if "#" not in link.file and max(len(target), len(shown)) <= _LONGEST:
                formula = f'=HYPERLINK("{target}","{shown}")'
                sheet.write_formula(row, at, formula, self._looks.link, link.text)
                return
        elif self._links < _LINKS:
            self._links += 1
            if not sheet.write_url(row, at, f"external:{link.file}", self._looks.link, link.text):
                return
        sheet.write_string(row, at, link.text[:_CELL], shape)

    def close(self) -> None:
        """Finish: filters on the headings of every sheet."""
        for number, sheet in enumerate(self.sheets):
            filled = min(max(self.count - number * self._room, 0), self._room)
            if filled:
                sheet.autofilter(HEAD - 1, 0, HEAD - 1 + filled, len(self._columns) - 1)
