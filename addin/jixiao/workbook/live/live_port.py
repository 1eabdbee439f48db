"""A workbook that is open in Excel, as a :class:`~jixiao.workbook.port.Port`.

Excel is asked once for a copy of the workbook as it stands, not yet saved changes included. All
reading, and all changing to begin with, is done on that copy by the port for files, which knows
every cell, format, note and name of it and refuses what a workbook cannot hold. :meth:`LivePort.save`
then puts the difference between the copy and what became of it into the open workbook: values and
formulas in blocks, looks by areas, notes one by one. So a verb that fails has changed nothing, what
already stands costs nothing, and a file and a live workbook cannot be treated differently.

Nothing is saved to disk; that is the user's to do.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from jixiao.filing.model import Raw
from jixiao.workbook.errors import BadFill, NotTaken, WorkbookError
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.formula.references import Area, address
from jixiao.workbook.live.blocks import rectangles
from jixiao.workbook.live.putting import (
    PARTS,
    Block,
    content,
    lines,
    put_heights,
    put_looks,
    put_notes,
    put_values,
    stands_alone,
)
from jixiao.workbook.live.shown_color import shown_color
from jixiao.workbook.port import Cell, Edit, Look, Position

if TYPE_CHECKING:
    import xlwings as xw

_BLACK = "000000"
_NEAR = 1.0
"""Points by which a row may be higher or lower than asked: Excel rounds to the dots of the screen."""


class LivePort:
    """An open workbook. Nothing in it changes before :meth:`save`."""

    def __init__(self, book: xw.Book) -> None:
        self.remarks: tuple[str, ...] = ()
        self._book = book
        self._laid: dict[str, str] = {}
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
        """Forget the changes that were not saved; names laid over the workbook stay."""
        self._copy = FilePort.open(self.path)
        self._copy.lay_names(self._laid)
        self._edited: dict[str, set[Position]] = defaultdict(set)
        self._looks: dict[str, dict[Position, Look]] = defaultdict(dict)
        self._formats: dict[str, dict[Position, str]] = defaultdict(dict)
        self._paints: dict[str, dict[Position, str]] = defaultdict(dict)
        self._heights: dict[str, dict[int, float]] = defaultdict(dict)
        self._names: dict[str, str] = {}
        self._dropped: set[str] = set()
        self._widths: dict[str, Sequence[float]] = {}
        self._merged: dict[str, list[Area]] = defaultdict(list)
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

    def merges(self, sheet: str) -> list[Area]:
        return self._copy.merges(sheet)

    def lay_names(self, names: Mapping[str, str]) -> None:
        self._laid |= names
        self._copy.lay_names(names)

    # ---------------------------------------------------------------- changing

    def write(self, sheet: str, edits: Sequence[Edit]) -> None:
        self._copy.write(sheet, edits)
        self._touched.add(sheet)
        for edit in edits:
            position = edit.row, edit.column
            if not edit.refresh:
                self._edited[sheet].add(position)
            if edit.look is not None:
                self._looks[sheet][position] = edit.look
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

    def add_names(self, names: Mapping[str, str]) -> None:
        self._copy.add_names(names)
        self._names |= names

    def remove_names(self, names: Collection[str]) -> None:
        self._copy.remove_names(names)
        self._dropped |= {name for name in names if name in self._before.names()}
        self._names = {name: refers_to for name, refers_to in self._names.items() if name not in names}

    def add_sheet(self, sheet: str, *, hidden: bool = False, widths: Sequence[float] = ()) -> None:
        self._copy.add_sheet(sheet, hidden=hidden, widths=widths)
        self._widths[sheet] = widths
        if hidden:
            self._hidden.add(sheet)

    def merge(self, sheet: str, areas: Sequence[Area]) -> None:
        self._copy.merge(sheet, areas)
        self._touched.add(sheet)
        self._merged[sheet] += areas

    def remove_sheet(self, sheet: str) -> None:
        self._copy.remove_sheet(sheet)

    # ---------------------------------------------------------------- into the open workbook

    def save(self) -> None:
        """Put the changes into the open workbook. Raises NotTaken where it does not take them.

        The port is of no further use: what the host makes of its formulas, another port reads.
        """
        if not self._copy.changed:
            return
        try:
            self._take_away()
            self._add_sheets()
            sheets = self._book.sheets
            for sheet in self._copy.sheets():
                if sheet in self._touched:
                    self._save_sheet(sheet, sheets)
            for name, refers_to in {**self._laid, **self._names}.items():
                self._book.names.add(name, f"={refers_to.removeprefix('=')}")
        except WorkbookError:
            raise
        except Exception as error:  # each host has its own kind
            raise NotTaken(
                f"“{self._book.name}”没有接受改动，可能只写了一部分。如果工作表有保护，请先撤销保护；"
                "如果正在编辑单元格，请按 Enter 结束编辑；然后再按一次同一个按钮。"
            ) from error

    def _take_away(self) -> None:
        for name in self._dropped:
            self._book.names[name].delete()
        for sheet in set(self._before.sheets()) - set(self._copy.sheets()):
            gone = self._book.sheets[sheet]
            gone.visible = True  # Excel deletes no sheet that is hidden from its menus
            gone.delete()

    def _add_sheets(self) -> None:
        new = [sheet for sheet in self._copy.sheets() if sheet not in self._before.sheets()]
        if not new:
            return
        sheets = self._book.sheets
        front = sheets.active
        for sheet in new:
            made = sheets.add(sheet, after=sheets[len(sheets) - 1])
            for column, width in enumerate(self._widths[sheet], 1):
                made.range((1, column)).column_width = width
            if sheet in self._hidden:
                made.visible = False
            self._before.add_sheet(sheet)
        front.activate()

    def _save_sheet(self, sheet: str, sheets: xw.main.Sheets) -> None:
        values, notes, heights = self._new_values(sheet), self._new_notes(sheet), self._new_heights(sheet)
        looks = self._new_looks(sheet)
        merged = self._merged[sheet]
        if not (values or notes or heights or merged or any(looks.values())):
            return
        live = sheets[sheet]
        put_looks(live, looks)
        put_values(live, values)
        put_heights(live, heights)
        put_notes(live, notes, self._before.notes(sheet))
        for top, left, bottom, right in merged:
            live.range((top, left), (bottom, right)).merge()

    def _new_looks(self, sheet: str) -> dict[str, dict[Position, Any]]:
        """By part of the look, the cells that are to look otherwise than they do."""
        wanted: dict[Position, dict[str, Any]] = {
            cell: {part: getattr(look, part) for part in PARTS} | {"color": look.color or _BLACK}
            for cell, look in self._looks[sheet].items()
        }
        for cell, code in self._formats[sheet].items():
            wanted.setdefault(cell, {})["number_format"] = code
        for cell, fill in self._paints[sheet].items():
            wanted.setdefault(cell, {})["fill"] = fill.lstrip("#").upper()
        if not wanted:
            return {}
        present = dict(self._before.looks(sheet, wanted))
        for cell, fill in self._before.fills(sheet, list(wanted)).items():
            present[cell] = replace(present[cell], fill=(self._color(fill) or fill).lstrip("#"))
        return {
            part: {
                cell: asked[part]
                for cell, asked in wanted.items()
                if part in asked and asked[part] != getattr(present[cell], part)
            }
            for part in PARTS
        }

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
