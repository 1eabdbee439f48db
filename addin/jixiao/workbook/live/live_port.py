"""A workbook that is open in Excel, as a :class:`~jixiao.workbook.port.Port`.

Excel is asked once for a copy of the workbook as it stands, not yet saved changes included. All
reading, and all changing to begin with, is done on that copy by the port for files, which knows
every cell, format, note and name of it and refuses what a workbook cannot hold. :meth:`LivePort.save`
then puts the difference between the copy and what became of it into the open workbook: values and
formulas in blocks, fills by areas, notes one by one. So a verb that fails has changed nothing, what
already stands costs nothing, and a file and a live workbook cannot be treated differently.

Nothing is saved to disk; that is the user's to do.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jixiao.filing.model import Raw
from jixiao.workbook.errors import BadFill, NotTaken, WorkbookError
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.formula.references import Area, address
from jixiao.workbook.live.blocks import rectangles
from jixiao.workbook.live.putting import (
    Block,
    content,
    lines,
    put_fills,
    put_formats,
    put_heights,
    put_notes,
    put_values,
    stands_alone,
)
from jixiao.workbook.live.shown_color import shown_color
from jixiao.workbook.port import Cell, Edit, Position

if TYPE_CHECKING:
    import xlwings as xw

_NEAR = 1.0
"""Points by which a row may be higher or lower than asked: Excel rounds to the dots of the screen."""


class LivePort:
    """An open workbook. Nothing in it changes before :meth:`save`."""

    def __init__(self, book: xw.Book) -> None:
        self._book = book
        self._folder = tempfile.TemporaryDirectory(prefix="jixiao-", ignore_cleanup_errors=True)
        name = book.name
        self.path = Path(self._folder.name) / (name if Path(name).suffix else f"{name}.xlsx")
        """The copy; its name is that of the workbook."""
        self._take()

    def __enter__(self) -> LivePort:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def _take(self) -> None:
        self.path.unlink(missing_ok=True)
        try:
            self._book.api.SaveCopyAs(str(self.path))
        except Exception as error:  # each host has its own kind
            raise NotTaken(
                f"没有读到“{self._book.name}”。如果正在编辑单元格，请先按 Enter 结束编辑；"
                "如果工作簿在“受保护的视图”里，请先点“启用编辑”。然后再试一次。"
            ) from error
        self._before = FilePort.open(self.path)
        self._theme = self._before.theme()
        self.reset()

    def reset(self) -> None:
        """Forget the changes that were not saved."""
        self._copy = FilePort.open(self.path)
        self._edited: dict[str, set[Position]] = defaultdict(set)
        self._formats: dict[str, dict[Position, str]] = defaultdict(dict)
        self._paints: dict[str, dict[Position, str]] = defaultdict(dict)
        self._heights: dict[str, dict[int, float]] = defaultdict(dict)
        self._touched: set[str] = set()
        self._hidden: set[str] = set()

    # ---------------------------------------------------------------- reading

    def sheets(self) -> list[str]:
        return self._copy.sheets()

    def names(self) -> Mapping[str, str]:
        return self._copy.names()

    def cells(self, sheet: str) -> Mapping[Position, Cell]:
        return self._copy.cells(sheet)

    def notes(self, sheet: str) -> Mapping[Position, str]:
        return self._copy.notes(sheet)

    def fills(self, sheet: str, cells: Sequence[Position]) -> Mapping[Position, str]:
        """The colour that each cell shows, that of a theme too; of a pattern the XML that draws it."""
        found = self._copy.fills(sheet, cells)
        return {cell: fill if (color := self._color(fill)) is None else color for cell, fill in found.items()}

    def filled(self, sheet: str, colors: Collection[str]) -> list[Position]:
        """The cells whose fill is plainly one of these colours; a merged area counts as its first cell."""
        found = self._copy.filled(sheet, colors)
        covered = set(self._copy.covered(sheet, found))
        return [cell for cell in found if cell not in covered]

    def covered(self, sheet: str, cells: Sequence[Position]) -> Collection[Position]:
        return self._copy.covered(sheet, cells)

    def widths(self, sheet: str) -> Mapping[int, float]:
        return self._copy.widths(sheet)

    # ---------------------------------------------------------------- changing

    def write(self, sheet: str, edits: Sequence[Edit]) -> None:
        self._copy.write(sheet, edits)
        self._touched.add(sheet)
        for edit in edits:
            position = edit.row, edit.column
            if not edit.refresh:
                self._edited[sheet].add(position)
            if edit.number_format:
                self._formats[sheet][position] = edit.number_format

    def paint(self, sheet: str, fills: Mapping[Position, str]) -> None:
        """Give cells a fill. A pattern, which nothing here could put back, is left; the note tells enough."""
        present = self._copy.fills(sheet, list(fills))
        asked = {cell: self._color(fill) for cell, fill in fills.items()}
        plain = {}
        for cell, color in asked.items():
            if self._color(present[cell]) is None:
                continue
            if color is None:
                raise BadFill(
                    f"{sheet}!{address(*cell)} 原来的底色是图案，工作簿打开着的时候恢复不了，没有改动。"
                    "请保存并关闭工作簿，运行 jixiao clear 清除标记。"
                )
            plain[cell] = color
        self._copy.paint(sheet, plain)
        self._touched.add(sheet)
        self._paints[sheet] |= plain

    def _color(self, fill: str) -> str | None:
        return shown_color(fill, self._theme)

    def set_heights(self, sheet: str, heights: Mapping[int, float]) -> None:
        self._copy.set_heights(sheet, heights)
        self._touched.add(sheet)
        self._heights[sheet] |= heights

    def add_notes(self, sheet: str, notes: Mapping[Position, str]) -> None:
        self._copy.add_notes(sheet, notes)
        self._touched.add(sheet)

    def remove_notes(self, sheet: str, cells: Sequence[Position]) -> None:
        self._copy.remove_notes(sheet, cells)
        self._touched.add(sheet)

    def add_sheet(self, sheet: str, *, hidden: bool = False) -> None:
        self._copy.add_sheet(sheet, hidden=hidden)
        if hidden:
            self._hidden.add(sheet)

    # ---------------------------------------------------------------- into the open workbook

    def save(self) -> None:
        """Put the changes into the open workbook. Raises NotTaken where it does not take them.

        The port is of no further use: what the host makes of its formulas, another port reads.
        """
        if not self._copy.changed:
            return
        try:
            self._add_sheets()
            sheets = self._book.sheets
            for sheet in self._copy.sheets():
                if sheet in self._touched:
                    self._save_sheet(sheet, sheets)
        except WorkbookError:
            raise
        except Exception as error:  # each host has its own kind
            raise NotTaken(
                f"“{self._book.name}”没有接受改动，可能只写了一部分。如果工作表有保护，请先撤销保护；"
                "如果正在编辑单元格，请按 Enter 结束编辑；然后再按一次同一个按钮。"
            ) from error

    def _add_sheets(self) -> None:
        new = [sheet for sheet in self._copy.sheets() if sheet not in self._before.sheets()]
        if not new:
            return
        sheets = self._book.sheets
        front = sheets.active
        for sheet in new:
            made = sheets.add(sheet, after=sheets[len(sheets) - 1])
            if sheet in self._hidden:
                made.visible = False
            self._before.add_sheet(sheet)
        front.activate()

    def _save_sheet(self, sheet: str, sheets: xw.main.Sheets) -> None:
        values, notes, heights = self._new_values(sheet), self._new_notes(sheet), self._new_heights(sheet)
        fills, formats = self._new_fills(sheet), self._new_formats(sheet)
        if not (values or notes or heights or fills or formats):
            return
        live = sheets[sheet]
        put_fills(live, fills)
        put_formats(live, formats)
        put_values(live, values)
        put_heights(live, heights)
        put_notes(live, notes, self._before.notes(sheet))

    def _new_fills(self, sheet: str) -> dict[Position, str]:
        """The cells that are to have another fill than they have."""
        asked = self._paints[sheet]
        present = self._before.fills(sheet, list(asked))
        return {cell: fill for cell, fill in asked.items() if fill != self._color(present[cell])}

    def _new_formats(self, sheet: str) -> dict[Position, str]:
        """The cells that are to show numbers otherwise than they do."""
        asked = self._formats[sheet]
        present = self._before.number_formats(sheet, asked)
        return {cell: code for cell, code in asked.items() if code != present[cell]}

    def _new_values(self, sheet: str) -> list[Block]:
        """The cells that hold something else than before; a formula's value is for the host to find.

        Cells that were written as they already were join in where that makes one block of two.
        """
        if not self._edited[sheet]:
            return []
        old, new = self._before.cells(sheet), self._copy.cells(sheet)
        contents: dict[Position, Any] = {}
        changed: set[Position] = set()
        for position in self._edited[sheet]:
            was, now = old.get(position, Cell()), new.get(position, Cell())
            if (was.formula, _typed(was)) != (now.formula, _typed(now)):
                changed.add(position)
            contents[position] = content(now)
        alone = {cell for cell, content in contents.items() if stands_alone(content)}
        areas = [*rectangles(contents.keys() - alone), *(Area(*cell, *cell) for cell in sorted(alone))]
        return [
            Block(area, [[contents[cell] for cell in line] for line in lines(area)])
            for area in areas
            if any(cell in changed for line in lines(area) for cell in line)
        ]

    def _new_notes(self, sheet: str) -> dict[Position, str]:
        """The notes that differ; empty for one that goes."""
        old, new = self._before.notes(sheet), self._copy.notes(sheet)
        cells = [cell for cell in sorted(old.keys() | new.keys()) if old.get(cell) != new.get(cell)]
        return {cell: new.get(cell, "") for cell in cells}

    def _new_heights(self, sheet: str) -> dict[int, float]:
        asked = self._heights[sheet]
        old = self._before.heights(sheet) if asked else {}
        return {row: height for row, height in asked.items() if abs(old.get(row, 0) - height) > _NEAR}


def _typed(cell: Cell) -> tuple[type, Raw]:
    """The value with its type (True is not 1); of a formula nothing."""
    return (str, "") if cell.formula else (type(cell.raw), cell.raw)
