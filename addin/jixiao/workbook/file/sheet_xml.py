"""One worksheet's XML: which cells it has, where each stands in the bytes, and what each holds."""

from __future__ import annotations

import re
from collections.abc import Callable

from jixiao.workbook.file.values import decode_number
from jixiao.workbook.file.xml_spans import Node, Tree, element_end, whole
from jixiao.workbook.formula.references import (
    LAST_COLUMN,
    LAST_ROW,
    Area,
    column_number,
    moved,
    parse_area,
)
from jixiao.workbook.port import Position

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9]\d{0,6})", re.ASCII)


def row_number(text: str) -> int:
    """The number that a row says it has. Raises ValueError where there can be no such row."""
    number = whole(text)
    if not 0 < number <= LAST_ROW:
        raise ValueError(f"no row {text}")
    return number


def column_in(reference: str, row: int) -> int:
    """The column of a cell that stands in ``row``.

    Raises ValueError where it says that it stands elsewhere: programs would differ about its place.
    """
    found = _REFERENCE.fullmatch(reference)
    column = column_number(found[1]) if found else 0
    if not found or int(found[2]) != row or column > LAST_COLUMN:
        raise ValueError(f"no cell {reference} in row {row}")
    return column


class CellXml:
    """A cell as written: the type and style in its attributes, its texts, its place in the bytes."""

    __slots__ = ("attributes", "column", "formula", "inline", "last", "master", "row", "start", "value")

    def __init__(self, row: int, column: int, attributes: dict[str, str], start: int) -> None:
        self.row = row
        self.column = column
        self.attributes = attributes
        self.start = start
        self.last: tuple[int, bool] = (start, True)
        """Where the scanner saw its end, and whether nothing stands in it (see :meth:`SheetXml.end`)."""
        self.value: str | None = None
        """Text of ``<v>``; None where there is no ``<v>``."""
        self.inline: str | None = None
        self.formula: str | None = None
        """Text of the cell's own ``<f>``; empty for a child of a shared formula."""
        self.master: dict[str, str] = {}
        """Attributes of ``<f>``."""

    @property
    def style(self) -> int:
        return whole(self.attributes.get("s", ""))


class RowXml(Node):
    """A row; its cells are not nodes."""

    __slots__ = ("cells", "number")

    def __init__(self, data: bytes, name: str, attributes: dict[str, str], start: int, number: int) -> None:
        super().__init__(data, name, attributes, start)
        self.number = number
        self.cells: list[CellXml] = []


class Grid:
    """The cells of a worksheet that say something, and the formulas that several of them share."""

    def __init__(self, cells: dict[Position, CellXml], formulas: list[CellXml]) -> None:
        self.cells = cells
        self.shared: dict[str, CellXml] = {}
        """The cell that holds a shared formula's text, by its ``si``."""
        self.arrays: list[tuple[Area, CellXml]] = []
        """Array formulas and data tables over several cells."""
        for cell in formulas:
            kind = cell.master.get("t")
            if kind == "shared" and cell.formula:
                self.shared.setdefault(cell.master.get("si", ""), cell)
            elif kind in ("array", "dataTable"):
                area = parse_area(cell.master.get("ref", ""))
                self.arrays += [(area, cell)] if area and not area.single else []

    def array_at(self, row: int, column: int) -> tuple[Area, CellXml] | None:
        """The array formula or data table that a cell belongs to."""
        return next((found for found in self.arrays if found[0].holds(row, column)), None)

    def formula_at(self, row: int, column: int) -> str:
        """The formula that makes a cell's value, without ``=``; empty for a plain value."""
        cell = self.cells.get((row, column))
        if cell is not None and cell.formula is not None:
            if cell.formula:
                return cell.formula
            if cell.master.get("t") == "dataTable":
                return f"TABLE({cell.master.get('r1', '')},{cell.master.get('r2', '')})"
            first = self.shared.get(cell.master.get("si", ""))
            if first is None:
                return "#REF!"
            return moved(first.formula or "", row - first.row, column - first.column)
        array = self.array_at(row, column) if self.arrays else None
        return self.formula_at(array[1].row, array[1].column) if array and array[1] is not cell else ""


class SheetXml(Grid):
    """The scan of a worksheet: a tree of everything outside the cell table, and the rows and cells."""

    def __init__(
        self,
        root: Node,
        rows: list[RowXml],
        cells: dict[Position, CellXml],
        formulas: list[CellXml],
        complete: bool,
    ) -> None:
        super().__init__(cells, formulas)
        self.root = root
        self.data = root.data
        self.rows = rows
        table = root.child("sheetData")
        if table is None:
            raise ValueError("no cell table")
        self.table = table
        self.complete = complete
        """Every row and cell says where it stands; else their order does."""
        self._lines = {row.number: row for row in rows}

    @property
    def prefix(self) -> str:
        return self.root.prefix

    def end(self, cell: CellXml) -> int:
        """Where a cell ends in the bytes."""
        return element_end(self.data, cell.start, *cell.last)[1]

    def merges(self) -> list[Area]:
        """The merged areas."""
        holder = self.root.child("mergeCells")
        areas = [parse_area(node.get("ref")) for node in holder.children] if holder else []
        return [area for area in areas if area]

    def widths(self) -> dict[int, float]:
        """The widths that columns were given; 0 for a hidden column."""
        holder = self.root.child("cols")
        widths: dict[int, float] = {}
        for node in holder.children if holder else []:
            hidden = node.get("hidden") in ("1", "true")
            width = decode_number(node.get("width"))
            if width is not None or hidden:
                columns = range(whole(node.get("min")), min(whole(node.get("max")), LAST_COLUMN) + 1)
                widths |= dict.fromkeys(columns, 0.0 if hidden else float(width or 0))
        return widths

    def style_at(self, row: int, column: int) -> int:
        """The style of a cell, or the one it would inherit from its row or column."""
        cell = self.cells.get((row, column))
        if cell is not None:
            return cell.style
        line = self._lines.get(row)
        if line is not None and line.get("customFormat") in ("1", "true"):
            return whole(line.get("s"))
        columns = self.root.child("cols")
        for node in columns.children if columns else []:
            if whole(node.get("min")) <= column <= whole(node.get("max")):
                return whole(node.get("style"))
        return 0


class _Around(Tree):
    """The tree outside the cell table; ``inside`` takes over while expat tells of the table."""

    def __init__(self, data: bytes, inside: Callable[[str], None]) -> None:
        super().__init__(data)
        self._inside = inside

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        super().opened(name, attributes)
        if len(self.path) == 3 and name == f"{self.path[1].prefix}sheetData":
            self._inside(self.path[1].prefix)


def scan(data: bytes) -> SheetXml:
    """Scan a worksheet's XML (UTF-8)."""
    rows: list[RowXml] = []
    cells: dict[Position, CellXml] = {}
    formulas: list[CellXml] = []
    texts: list[str] = []
    complete = True
    opened_last = ""
    at_row = at_column = 0
    phonetic = False
    cell = CellXml(0, 0, {}, 0)
    sheet_data = row_name = cell_name = value_name = formula_name = text_name = phonetic_name = ""

    def inside(p: str) -> None:
        nonlocal sheet_data, row_name, cell_name, value_name, formula_name, text_name, phonetic_name
        sheet_data, row_name, cell_name, value_name = f"{p}sheetData", f"{p}row", f"{p}c", f"{p}v"
        formula_name, text_name, phonetic_name = f"{p}f", f"{p}t", f"{p}rPh"
        parser.StartElementHandler, parser.EndElementHandler = table_opened, table_closed
        parser.CharacterDataHandler = texts.append

    def table_opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal cell, opened_last, at_row, at_column, complete, phonetic
        opened_last = name
        if name == cell_name:
            reference = attributes.get("r")
            if reference:
                at_column = column_in(reference, at_row)
            else:
                at_column += 1
                complete = False
            cell = CellXml(at_row, at_column, attributes, parser.CurrentByteIndex)
            rows[-1].cells.append(cell)
            cells[at_row, at_column] = cell
        elif name == row_name:
            number = attributes.get("r")
            complete = complete and bool(number)
            at_row = row_number(number) if number else at_row + 1
            at_column = 0
            rows.append(RowXml(data, name, attributes, parser.CurrentByteIndex, at_row))
        elif name == formula_name:
            cell.master = attributes
            texts.clear()
        elif name == phonetic_name:
            phonetic = True
        else:
            texts.clear()

    def table_closed(name: str) -> None:
        nonlocal phonetic
        if name == cell_name:
            cell.last = (parser.CurrentByteIndex, opened_last == cell_name)
        elif name == value_name:
            cell.value = "".join(texts)
        elif name == formula_name:
            cell.formula = "".join(texts)
            formulas.append(cell)
        elif name == text_name:
            if not phonetic:
                cell.inline = (cell.inline or "") + "".join(texts)
        elif name == phonetic_name:
            phonetic = False
        elif name == row_name:
            row = rows[-1]
            row.close, row.end = element_end(
                data, row.start, parser.CurrentByteIndex, opened_last == row_name
            )
        elif name == sheet_data:
            tree.listen()
            tree.path[-1].children = list(rows)
            tree.closed(name)

    tree = _Around(data, inside)
    parser = tree.parser
    root = tree.root()
    return SheetXml(root, rows, cells, formulas, complete)
