"""Files of any kind as one workbook: .xlsx as it is, .xls and the tables of a .docx made into sheets."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from pathlib import Path

from jixiao.rubric.model import Rubric, declared_cells, walk
from jixiao.workbook.bound import Bindings
from jixiao.workbook.errors import NotAForm
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.file.package import read_file
from jixiao.workbook.port import Cell, Edit, Position

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD, _EXCEL = b"word/document.xml", b"xl/workbook.xml"
_NUMBER = re.compile(r"(-?(?:\d{1,3}(?:,\d{3})+|0|[1-9]\d{0,11})(?:\.(\d{1,6}))?)(%?)")
_NUMERIC = ("money", "count", "percent", "score", "area")


def open_any(paths: Sequence[Path]) -> tuple[FilePort, frozenset[str]]:
    """One workbook of an .xlsx, .xls or .docx, or of several, and which of its sheets we made.

    A first .xlsx stays as it is; what the other files hold is added to it. Raises CannotRead and NotAForm.
    """
    from jixiao.adopt.composed import add_workbook, as_bytes, new_book

    first, *rest = paths
    port: FilePort | None = None
    kind = _kind(first)
    if kind == "xlsx":
        port = FilePort.open(first)
    book = new_book()
    taken = port.sheets() if port else []
    for path in rest if port else paths:
        match _kind(path):
            case "xlsx":
                FilePort.open(path)
                add_workbook(book, path, taken)
            case "xls":
                from jixiao.adopt.xls import add_xls

                add_xls(book, read_file(path), path.name, taken)
            case "docx":
                from jixiao.adopt.docx_tables import add_docx

                add_docx(book, read_file(path), path.name, taken)
    if port is None:
        if not book.sheetnames:
            raise NotAForm(f"“{first.name}”里没有表格。")
        port = FilePort.made(as_bytes(book), first)
    elif book.sheetnames:
        port.add_sheets(as_bytes(book))
    return port, frozenset(book.sheetnames)


def _kind(path: Path) -> str:
    """By what is in a file, not by what it is called; what is none of these FilePort refuses."""
    data = read_file(path)
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") not in data:
        return "xls"
    return "docx" if data.startswith(b"PK") and _WORD in data and _EXCEL not in data else "xlsx"


def read_numbers(port: FilePort, rubric: Rubric, made: Collection[str]) -> None:
    """Numbers that a document has as text become numbers where the form asks for one.

    On sheets that we ``made`` only: a bureau's own cells stay as they are.
    """
    names = Bindings(port)
    fields = [field for field, spec in rubric.asked.items() if spec.type in _NUMERIC]
    fields += ["total", *declared_cells([one for _, one in walk(rubric.levels)])]
    cells = [(home.sheet, home.position) for field in fields if (home := names[field])]
    for block in rubric.blocks:
        where = names[f"block.{block.id}"]
        for column in block.columns:
            head = names[f"column.{block.id}.{column.id}"]
            if where and head and column.type in _NUMERIC:
                rows = range(where.area.top, where.area.bottom + 1)
                cells += [(head.sheet, (row, head.area.left)) for row in rows]
    edits: dict[str, list[Edit]] = {}
    for sheet, position in dict.fromkeys(cells):
        if sheet in made and (edit := _as_number(port.cells(sheet).get(position), position)):
            edits.setdefault(sheet, []).append(edit)
    for sheet, batch in edits.items():
        port.write(sheet, batch)


def _as_number(cell: Cell | None, position: Position) -> Edit | None:
    match = _NUMBER.fullmatch(cell.raw.strip()) if cell is not None and isinstance(cell.raw, str) else None
    if match is None:
        return None
    number, places = Decimal(match[1].replace(",", "")), len(match[2] or "")
    decimals = f".{'0' * places}" if places else ""
    if match[3]:
        return Edit(*position, number / 100, number_format=f"0{decimals}%")
    whole = "#,##0" if "," in match[1] else "0"
    return Edit(*position, number, number_format=whole + decimals if whole + decimals != "0" else "General")
