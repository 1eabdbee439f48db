"""Where every cell of a workbook to be built stands: boxes on sheets, and the pen that places them."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Literal

import msgspec

from jixiao.rubric.errors import RuleError
from jixiao.rubric.source import did_you_mean
from jixiao.workbook.form import Sheet
from jixiao.workbook.form_parts import Align, Chart
from jixiao.workbook.formula.references import column_letters
from jixiao.workbook.layout.looks import LOOKS
from jixiao.workbook.layout.paper import text_height

HIGHEST = 409.0
"""Excel's limit of a row's height in points."""
CHART_ROW = 20.0
"""Height in points of the empty rows that lie under a chart."""


class FormError(RuleError):
    """The form description asks for something that the rubric or the form does not have."""

    def __init__(self, message: str) -> None:
        super().__init__(f"规则文件错误：表格说明（form.yaml）：{message}")


class Box(msgspec.Struct, frozen=True):
    """A rectangle of cells on a sheet; rows and columns count from 1."""

    sheet: str
    row: int
    column: int
    rows: int = 1
    cols: int = 1

    @property
    def last_row(self) -> int:
        return self.row + self.rows - 1

    @property
    def last_column(self) -> int:
        return self.column + self.cols - 1

    def address(self, *, absolute: bool = True) -> str:
        """``$B$3`` or ``$B$3:$D$9``; without ``absolute`` as it moves when copied (``B3``)."""
        mark = "$" if absolute else ""
        first = f"{mark}{column_letters(self.column)}{mark}{self.row}"
        if self.rows == self.cols == 1:
            return first
        return f"{first}:{mark}{column_letters(self.last_column)}{mark}{self.last_row}"

    def reference(self) -> str:
        """``自评表!$B$3``; the sheet is quoted where a formula needs it."""
        plain = self.sheet.isalnum() and not self.sheet[0].isdigit()
        quoted = self.sheet if plain else "'" + self.sheet.replace("'", "''") + "'"
        return f"{quoted}!{self.address()}"

    def anchor(self) -> Box:
        """The upper left cell alone: of merged cells it is the one that holds the value."""
        return Box(self.sheet, self.row, self.column)


def stacked(cells: list[Box]) -> list[Box]:
    """The cells, those directly below one another taken together."""
    areas: list[Box] = []
    for cell in sorted(cells, key=lambda cell: (cell.column, cell.row)):
        last = areas[-1] if areas else None
        if last and (last.column, last.last_row + 1) == (cell.column, cell.row):
            areas[-1] = Box(last.sheet, last.row, last.column, last.rows + 1)
        else:
            areas.append(cell)
    return areas


class Check(msgspec.Struct, frozen=True):
    """What Excel warns about (never blocks) when something else is typed."""

    kind: Literal["list", "whole", "decimal", "any"]
    words: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    message: str = ""
    prompt: str = ""


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a cell holds and how it looks."""

    value: str | Decimal | None = None
    formula: str = ""
    blank: str = ""
    look: str = "text"
    format: str = ""
    align: Align = ""
    indent: int = 0
    check: Check | None = None
    link: str = ""


class Placed(msgspec.Struct, frozen=True):
    """A cell where it stands."""

    box: Box
    content: Content
    row_cells: dict[str, Box] = {}
    """What ``{row.…}`` and ``{rows.…}`` mean in the formula."""


class SheetPlan(msgspec.Struct):
    """All that one sheet will hold."""

    sheet: Sheet
    cells: list[Placed] = []
    heights: dict[int, float] = {}
    soft: set[int] = set()
    """Rows that the spreadsheet may fit to their text when it is edited."""
    growing: dict[int, float] = {}
    """Soft rows, and the height below which they do not shrink."""
    repeat: tuple[int, int] | None = None
    freeze: int = 0
    breaks: list[int] = []
    filter: Box | None = None
    charts: list[tuple[Chart, Box]] = []


class Plan(msgspec.Struct):
    """The whole workbook: its sheets, its defined names (without ``jx.``), references of formulas."""

    sheets: list[SheetPlan] = []
    names: dict[str, Box] = {}
    refs: dict[str, Box] = {}

    def box(self, key: str) -> Box:
        """The cell called ``key``, or with ``x.*`` the column of all cells called ``x.…``."""
        if key.endswith(".*"):
            return self._column(key[:-1])
        found = self.refs.get(key) or self.names.get(key)
        if found is None:
            known = [*self.names, *self.refs]
            raise FormError(f"公式里的“{{{key}}}”没有对应的单元格{did_you_mean(key, known)}")
        return found

    def _column(self, prefix: str) -> Box:
        boxes = [box for key, box in {**self.names, **self.refs}.items() if key.startswith(prefix)]
        if not boxes:
            raise FormError(f"公式里的“{{{prefix}*}}”没有对应的单元格。")
        top = min(boxes, key=lambda box: box.row)
        rows = max(box.last_row for box in boxes) - top.row + 1
        if len({(box.sheet, box.column) for box in boxes}) != 1 or sum(box.rows for box in boxes) != rows:
            raise FormError(f"公式里的“{{{prefix}*}}”不是同一列里连续的单元格。")
        return Box(top.sheet, top.row, top.column, rows)


class Pen:
    """Places cells on one sheet, row by row from the top."""

    def __init__(self, plan: Plan, sheet: Sheet) -> None:
        self.plan = plan
        self.page = SheetPlan(sheet=sheet)
        plan.sheets.append(self.page)
        self.row = 1
        self._needs: dict[int, float] = {}
        self._tall: list[tuple[Box, float]] = []
        self._taken: set[tuple[int, int]] = set()

    @property
    def sheet(self) -> Sheet:
        return self.page.sheet

    def box(self, column: int, cols: int = 1, rows: int = 1) -> Box:
        return Box(self.sheet.name, self.row, column, rows, cols)

    def free_column(self, column: int) -> int:
        """The first column from ``column`` on that no merged cell from above covers."""
        while (self.row, column) in self._taken:
            column += 1
        return column

    def put(self, box: Box, content: Content, row_cells: dict[str, Box] | None = None) -> Box:
        """Place a cell; a text makes its row as high as the text needs."""
        if box.last_column > len(self.sheet.widths):
            raise FormError(f"“{self.sheet.name}”第 {box.row} 行的单元格超出了 widths 写明的列数。")
        if content.look not in LOOKS:
            raise FormError(f"没有名为“{content.look}”的样式{did_you_mean(content.look, LOOKS)}")
        self.page.cells.append(Placed(box, content, row_cells or {}))
        for row in range(box.row, box.last_row + 1):
            self._taken.update((row, column) for column in range(box.column, box.last_column + 1))
        if isinstance(content.value, str) and not content.formula:
            self._measure(box, content)
        return box

    def _measure(self, box: Box, content: Content) -> None:
        look = LOOKS[content.look]
        widths = self.sheet.widths[box.column - 1 : box.last_column]
        need = text_height(str(content.value), widths, look.size or self.sheet.size, indent=content.indent)
        if box.rows > 1:
            self._tall.append((box, need))
        else:
            self._needs[box.row] = max(self._needs.get(box.row, 0), need)

    def name(self, name: str, box: Box, *, workbook: bool = True) -> None:
        """Call a box ``name``; in the workbook too, or for formulas of the form only."""
        known = self.plan.names if workbook else self.plan.refs
        if name in known:
            raise FormError(f"“{name}”在表格里出现了两次，请只留一处。")
        known[name] = box

    def next_row(self, height: float = 0, *, soft: bool = False, growing: bool = False) -> None:
        """Finish the row; ``height`` is the least it gets."""
        if soft:
            self.page.soft.add(self.row)
        least = max(height, self.sheet.size * 1.75)
        self.page.heights[self.row] = max(least, self._needs.get(self.row, 0))
        if growing:
            self.page.growing[self.row] = self.page.heights[self.row]
        self.row += 1

    def repeat(self) -> None:
        """The present row is printed at the top of every page."""
        first = self.page.repeat[0] if self.page.repeat else self.row
        self.page.repeat = (first, self.row)

    def chart_rows(self, charts: list[Chart], height: float) -> None:
        """Charts side by side, over empty rows of their own."""
        count = math.ceil(height / CHART_ROW)
        column = 1
        for chart in charts:
            self.page.charts.append((chart, self.box(column, chart.cols, count)))
            column += chart.cols
        for _ in range(count):
            self.next_row(CHART_ROW)

    def finish(self) -> None:
        """Give rows under a tall merged text what they lack; heights stay within Excel's limit."""
        for box, need in self._tall:
            rows = range(box.row, box.last_row + 1)
            lack = need - sum(self.page.heights.get(row, self.sheet.size * 1.75) for row in rows)
            for row in rows if lack > 0 else ():
                self.page.heights[row] = self.page.heights.get(row, self.sheet.size * 1.75) + lack / box.rows
        self.page.heights = {
            row: min(math.ceil(height * 4) / 4, HIGHEST) for row, height in self.page.heights.items()
        }
        for row in self.page.growing:
            self.page.growing[row] = self.page.heights[row]
