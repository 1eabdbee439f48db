"""A workbook in a file, as a :class:`~jixiao.workbook.port.Port`.

Reading and writing work on the parts of the file itself; a part that no edit concerns is never
touched. Sheets are looked at when they are asked for.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from jixiao.workbook.errors import NoSuchSheet, SheetInUse, Signed, TooLarge, WrongSuffix
from jixiao.workbook.file import notes_xml, saving
from jixiao.workbook.file.book_xml import Book
from jixiao.workbook.file.cell_writing import Writer
from jixiao.workbook.file.merging import check_merges, with_merges
from jixiao.workbook.file.number_formats import Shown
from jixiao.workbook.file.package import MEBIBYTE, Package, unpack
from jixiao.workbook.file.relations import content_type, drop_part, related, relations
from jixiao.workbook.file.row_heights import check_heights, given_heights, with_heights
from jixiao.workbook.file.shared_strings import read_strings
from jixiao.workbook.file.sheet_edit import CellChange, changed_sheet, spell_out_places
from jixiao.workbook.file.sheet_values import merged_areas, read_values
from jixiao.workbook.file.sheet_xml import SheetXml, scan
from jixiao.workbook.file.stale import Dependents, Spot, may_hold_formulas, without_values
from jixiao.workbook.file.styles_xml import Styles, shown_by_style
from jixiao.workbook.file.transplant import add_sheets
from jixiao.workbook.formula.references import Area, parse_area
from jixiao.workbook.port import Cell, Edit, Look, Position

LARGEST_SHEET = 16 * MEBIBYTE
"""XML of a sheet of the form, some 100,000 filled rows; sheets that nobody reads may be larger."""
_SUFFIXES = {
    "macroenabled.template": ".xltm",
    "macroenabled.main": ".xlsm",
    "template.main": ".xltx",
    "sheet.main": ".xlsx",
}


class FilePort:
    """An opened workbook file. Nothing on disk changes before :meth:`save` or :meth:`save_as`."""

    def __init__(self, package: Package, path: Path, snapshot: saving.Snapshot) -> None:
        self._package = package
        self._path = path
        self._snapshot = snapshot
        self._book = Book(package)
        self._styles: Styles | None = None
        self._values: dict[str, tuple[bytes, dict[Position, Cell]]] = {}
        self._laid: dict[str, str] = {}
        self._foreign = False
        self.remarks: tuple[str, ...] = ()
        self._valued: set[Spot] = set()
        self._renewed: set[Spot] = set()

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> FilePort:
        """Open an .xlsx or .xlsm. Raises a CannotRead that says what is wrong and what to do."""
        place = Path(path)
        data, snapshot = saving.read_with_snapshot(place)
        return cls(unpack(data, place.name), place, snapshot)

    @classmethod
    def made(cls, data: bytes, source: Path) -> FilePort:
        """An .xlsx made of a file of another format: only :meth:`save_as` can write it."""
        port = cls(unpack(data, source.name), source, saving.Snapshot(0, 0, ""))
        port._foreign = True
        return port

    @property
    def path(self) -> Path:
        """The file that :meth:`save` writes."""
        return self._path

    @property
    def changed(self) -> bool:
        """Whether there is anything to save."""
        return bool(self._package.changed())

    def sheets(self) -> list[str]:
        """Names of the sheets, hidden ones and chart sheets too, in order."""
        return [sheet.name for sheet in self._book.sheets()]

    def names(self) -> Mapping[str, str]:
        """Defined names of the whole workbook, hidden ones too: name -> what it refers to, without ``=``."""
        return {**self._laid, **self._book.names()}

    def lay_names(self, names: Mapping[str, str]) -> None:
        """Have names that the file has not; they are added to it together with the first other change."""
        self._laid |= names

    def add_names(self, names: Mapping[str, str]) -> None:
        """Define names of the whole workbook. Raises NameExists or BadName; then nothing has changed."""
        self._book.add_names(names)

    def set_name(self, name: str, refers_to: str, *, hidden: bool = False) -> None:
        """Define a name of the whole workbook, or change what it refers to. Raises BadName."""
        self._book.set_name(name, refers_to, hidden=hidden)

    def remove_names(self, names: Collection[str]) -> None:
        """Remove names of the whole workbook; one that does not exist is no error."""
        for name in names:
            self._book.remove_name(name)

    def cells(self, sheet: str) -> Mapping[Position, Cell]:
        """All cells of a sheet that hold something; a chart sheet has none. Raises NoSuchSheet, TooLarge."""
        part = self._part(sheet)
        return self._read(part) if part else {}

    def notes(self, sheet: str) -> Mapping[Position, str]:
        """Texts of the notes on a sheet."""
        part = self._part(sheet)
        return notes_xml.read_notes(self._package, part) if part else {}

    def write(self, sheet: str, edits: Sequence[Edit]) -> None:
        """Change cells in one batch; raises a BadRequest before anything is changed.

        An empty text empties the cell, as in Excel. A cell to be refreshed that has no formula (any
        more) keeps what the user put there. Stored values of formulas that depend on a changed cell
        are taken away when the workbook is saved (see :mod:`jixiao.workbook.file.stale`).
        """
        part = self._cell_part(sheet)
        scanned = self._complete(part)
        styles = self._formats()
        writer = Writer(
            scanned, sheet, self._read(part), styles, self._shown(), from_1904=self._book.from_1904
        )
        plan = writer.plan(edits, self._headings(part))
        if not plan.changes and not plan.renewed:
            return
        styles.flush()
        self._package.put(part, changed_sheet(scanned, plan.changes))
        if plan.formulas_moved:
            self._book.forget_calculation_order()
        self._valued |= {(sheet.lower(), *position) for position in plan.valued}
        self._renewed |= {(sheet.lower(), *position) for position in plan.renewed}

    def fills(self, sheet: str, cells: Sequence[Position]) -> Mapping[Position, str]:
        """The fill of each cell: ``""`` or the XML that draws it, for :meth:`paint`."""
        scanned = self._scan(self._cell_part(sheet))
        if not self._book.find("styles"):
            return dict.fromkeys(cells, "")
        styles = self._formats()
        fill = cache(styles.fill)
        return {position: fill(scanned.style_at(*position)) for position in cells}

    def filled(self, sheet: str, colors: Collection[str]) -> list[Position]:
        """The cells in the file whose fill is plainly one of these colours."""
        part = self._part(sheet)
        if not part or not self._book.find("styles"):
            return []
        styles = self._formats().filled(colors)
        if not styles:
            return []
        return [position for position, cell in self._scan(part).cells.items() if cell.style in styles]

    def theme(self) -> bytes:
        """The XML of the workbook's theme; empty if it has none."""
        part = self._book.find("theme")
        return self._package.utf8(part) if part else b""

    def looks(self, sheet: str, cells: Iterable[Position]) -> Mapping[Position, Look]:
        """How the cells look."""
        scanned = self._scan(self._cell_part(sheet))
        look = cache(self._formats().look)
        return {position: look(scanned.style_at(*position)) for position in cells}

    def paint(self, sheet: str, fills: Mapping[Position, str]) -> None:
        """Give cells a fill: ``#RRGGBB``, ``""`` or a text from :meth:`fills`. Raises BadFill."""
        part = self._cell_part(sheet)
        scanned = self._complete(part)
        styles = self._formats()
        changes = {}
        with_fill = cache(styles.with_fill)
        for position, fill in fills.items():
            old = scanned.style_at(*position)
            new = with_fill(old, fill)
            if new != old:
                changes[position] = CellChange(style=new)
        styles.flush()
        if changes:
            self._package.put(part, changed_sheet(scanned, changes))

    def covered(self, sheet: str, cells: Sequence[Position]) -> Collection[Position]:
        """Those of the cells that a merged area hides: its cells but for the top left one."""
        merges = self._scan(self._cell_part(sheet)).merges()
        return {
            (row, column)
            for row, column in cells
            if any(area.holds(row, column) and (row, column) != (area.top, area.left) for area in merges)
        }

    def merges(self, sheet: str) -> list[Area]:
        """The merged areas of a sheet."""
        part = self._part(sheet)
        return self._package.derived(part, merged_areas) if part else []

    def widths(self, sheet: str) -> Mapping[int, float]:
        """Widths of the columns that have one of their own; 0 for a hidden column."""
        return self._scan(self._cell_part(sheet)).widths()

    def heights(self, sheet: str) -> Mapping[int, float]:
        """Heights, in points, of the rows that were given one."""
        return given_heights(self._scan(self._cell_part(sheet)))

    def set_heights(self, sheet: str, heights: Mapping[int, float]) -> None:
        """Give rows a height in points; 0 lets a row fit itself to its text again. Raises BadRequest."""
        part = self._cell_part(sheet)
        check_heights(heights, sheet)
        changed = with_heights(self._complete(part), heights)
        if changed != self._package.get(part):
            self._package.put(part, changed)

    def add_notes(self, sheet: str, notes: Mapping[Position, str]) -> None:
        """Put notes on cells that have none; raises NoteExists and changes nothing if one has."""
        notes_xml.add_notes(self._package, self._cell_part(sheet), sheet, notes)

    def remove_notes(self, sheet: str, cells: Sequence[Position]) -> None:
        """Take the notes off these cells; a cell without a note is no error."""
        notes_xml.remove_notes(self._package, self._cell_part(sheet), cells)

    def add_sheet(self, sheet: str, *, hidden: bool = False, widths: Sequence[float] = ()) -> None:
        """Add an empty sheet at the end, its columns as wide as said. Raises BadSheetName."""
        self._book.add_sheet(sheet, hidden=hidden, widths=widths)

    def merge(self, sheet: str, areas: Sequence[Area]) -> None:
        """Merge each area into one cell. Raises CoveredCell where something stands under it."""
        part = self._cell_part(sheet)
        scanned = self._complete(part)
        check_merges(scanned, sheet, self._read(part), areas)
        self._package.put(part, with_merges(scanned, areas))

    def remove_sheet(self, sheet: str) -> None:
        """Take a sheet away. Raises SheetInUse if a drawing, a table or a note hangs on it."""
        part = self._cell_part(sheet)
        hanging = relations(self._package, part)
        if any(one.kind != "printerSettings" for one in hanging):
            raise SheetInUse(f"工作表“{sheet}”里有批注、图形或表格，没有删除。不需要的，请自己删除。")
        for one in hanging:
            drop_part(self._package, part, one.part)
        self._book.remove_sheet(sheet)
        drop_part(self._package, self._book.part, part)
        self._book.forget_calculation_order()
        self._valued = {spot for spot in self._valued if spot[0] != sheet.lower()}
        self._renewed = {spot for spot in self._renewed if spot[0] != sheet.lower()}

    def add_sheets(self, data: bytes) -> None:
        """Add all sheets of an .xlsx that we made at the end. Raises BadSheetName."""
        source = unpack(data, self._package.label)
        add_sheets(source, self._package, self._book, self._formats())

    def save(self) -> None:
        """Write the file in place, atomically and with backups (see :mod:`jixiao.workbook.file.saving`).

        Without a change nothing is written. Raises a CannotWrite; then the file is as it was.
        """
        self._drop_outdated_values()
        if self._package.changed():
            if self._foreign:
                raise WrongSuffix(
                    f"“{self._path.name}”不是 .xlsx，不能写回，没有改动。请写到新文件（-o 新文件.xlsx），"
                    "或者先用 jixiao adopt 转成 .xlsx。"
                )
            self._settle_names()
            self._write_to(self._path, self._snapshot)

    def save_as(self, path: str | os.PathLike[str]) -> None:
        """Write to another file, backing up what stands there; the port goes on with that file.

        The file it was read from is not touched. Raises a CannotWrite.
        """
        target = Path(path)
        if target.exists() and target.resolve() == self._path.resolve():
            self.save()
            return
        kind = content_type(self._package, self._book.part).lower()
        wanted = next((suffix for words, suffix in _SUFFIXES.items() if words in kind), ".xlsx")
        if target.suffix.lower() != wanted:
            raise WrongSuffix(
                f"这个工作簿只能保存为 {wanted} 文件，“{target.name}”没有保存；扩展名不符时 Excel "
                "会拒绝打开。"
            )
        self._drop_outdated_values()
        self._settle_names()
        self._write_to(target, None)

    def _write_to(self, target: Path, known: saving.Snapshot | None) -> None:
        if any(name.lower().startswith("_xmlsignatures/") for name in self._package.parts):
            raise Signed(
                f"“{self._package.label}”带有数字签名，修改会使签名失效，没有保存。"
                "请在 Excel 里删除签名（或使用没有签名的副本）后再试。"
            )
        self._snapshot = saving.save(self._package, target, known)
        self._path = target
        self._foreign = False
        self._package.settle()

    def _settle_names(self) -> None:
        """Give the file the names that were laid over it."""
        self._book.add_names(self._laid)
        self._laid = {}

    def _drop_outdated_values(self) -> None:
        if not self._valued and not self._renewed:
            return
        with_cells = [sheet for sheet in self._book.sheets() if sheet.part]
        scans = {
            sheet.name: self._scan(sheet.part)
            for sheet in with_cells
            if may_hold_formulas(self._package.utf8(sheet.part))
        }
        dependents = Dependents(scans, [sheet.name for sheet in with_cells], self._book.all_names())
        outdated = dependents.of(self._valued) - self._renewed
        for name, sheet in scans.items():
            mine = {(row, column) for title, row, column in outdated if title == name.lower()}
            changes = without_values(sheet, mine)
            if changes:
                self._package.put(self._part(name), changed_sheet(sheet, changes))
        if dependents.formulas:
            self._book.calculate_on_load()
        self._valued.clear()
        self._renewed.clear()

    def _part(self, sheet: str) -> str:
        for each in self._book.sheets():
            if each.name.lower() == sheet.lower():
                return each.part
        raise NoSuchSheet(
            f"“{self._package.label}”里没有名为“{sheet}”的工作表。现有工作表：{'、'.join(self.sheets())}。"
        )

    def _cell_part(self, sheet: str) -> str:
        part = self._part(sheet)
        if not part:
            raise NoSuchSheet(f"“{sheet}”是图表工作表，没有单元格，不能写入。请选择普通工作表。")
        return part

    def _scan(self, part: str) -> SheetXml:
        return self._package.derived(part, scan)

    def _complete(self, part: str) -> SheetXml:
        scanned = self._scan(part)
        if scanned.complete:
            return scanned
        self._package.put(part, spell_out_places(scanned))
        return self._scan(part)

    def _read(self, part: str) -> dict[Position, Cell]:
        data, kept = self._package.utf8(part), self._values.get(part)
        if kept is not None and kept[0] is data:
            return kept[1]
        if len(data) > LARGEST_SHEET:
            title = next(sheet.name for sheet in self._book.sheets() if sheet.part == part)
            raise TooLarge(
                f"“{title}”这张表大得不正常（展开后 {len(data) // MEBIBYTE} MB），没有读取。"
                "请在 Excel 里删去表格以外的行和列，另存后再试。"
            )
        shown, from_1904 = self._shown(), self._book.from_1904
        cells = self._package.guarded(
            part, lambda: read_values(data, self._strings, shown, from_1904=from_1904)
        )
        self._values[part] = (data, cells)
        return cells

    def _strings(self) -> dict[str, str]:
        part = self._book.find("sharedStrings")
        return self._package.derived(part, read_strings) if part else {}

    def _formats(self) -> Styles:
        if self._styles is None:
            part = self._book.styles()
            self._styles = self._package.guarded(part, lambda: Styles(self._package, part))
        return self._styles

    def _shown(self) -> list[Shown]:
        part = self._book.find("styles")
        return self._package.derived(part, shown_by_style) if part else []

    def _headings(self, part: str) -> list[tuple[Area, str]]:
        """The heading rows of the sheet's Excel tables."""
        found = []
        for table in related(self._package, part, "table"):
            root = self._package.tree(table)
            area = parse_area(root.get("ref"))
            if area and root.get("headerRowCount", "1") != "0":
                found.append((Area(area.top, area.left, area.top, area.right), root.get("displayName")))
        return found
