"""Putting changed cells into a worksheet's XML; rows, cells and elements not named stay byte for byte."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

import msgspec

from jixiao.workbook.file.sheet_xml import CellXml, RowXml, SheetXml
from jixiao.workbook.file.xml_spans import (
    Node,
    Splice,
    append_child,
    change_tag,
    open_tag_end,
    parse,
    set_attributes,
    splice,
    whole,
)
from jixiao.workbook.formula.references import LAST_COLUMN, LAST_ROW, Area, address, area_text, parse_area
from jixiao.workbook.port import Position


class Content(msgspec.Struct, frozen=True):
    """What stands in a cell: its type (``n`` is left unsaid) and the elements in it."""

    kind: str = "n"
    xml: bytes = b""


class CellChange(msgspec.Struct, frozen=True):
    """A new style, a new content or both; None keeps what is there."""

    style: int | None = None
    content: Content | None = None


def inside(row: int, column: int) -> bool:
    """Whether a sheet has such a cell."""
    return 1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN


def children(sheet: SheetXml, cell: CellXml) -> Node:
    """A cell with the elements in it."""
    return parse(sheet.data[cell.start : sheet.end(cell)])


def spell_out_places(sheet: SheetXml) -> bytes:
    """Give every row and cell the address that its order implies, so that others can be put between."""
    splices = []
    for row in sheet.rows:
        if not row.get("r"):
            splices.append(set_attributes(row, {"r": str(row.number)}))
        for cell in row.cells:
            if not cell.attributes.get("r"):
                end = open_tag_end(sheet.data, cell.start)
                tag = change_tag(sheet.data[cell.start : end], {"r": address(cell.row, cell.column)})
                splices.append(Splice(cell.start, end, tag))
    return splice(sheet.data, splices)


def changed_sheet(sheet: SheetXml, changes: Mapping[Position, CellChange]) -> bytes:
    """The worksheet with these cells changed; cells and rows that it lacks are put in, in order.

    ``sheet`` must be complete (see :func:`spell_out_places`).
    """
    splices: list[Splice] = []
    missing: dict[int, list[Position]] = {}
    for position in sorted(changes):
        cell = sheet.cells.get(position)
        if cell is None:
            missing.setdefault(position[0], []).append(position)
        else:
            splices.append(Splice(cell.start, sheet.end(cell), _changed_cell(sheet, cell, changes[position])))
    rows = {row.number: row for row in sheet.rows}
    new_rows: dict[int, bytes] = {}
    for number, positions in missing.items():
        new = {position: _new_cell(sheet, position, changes[position]) for position in positions}
        if number in rows:
            splices += _into_row(rows[number], new)
        else:
            new_rows[number] = new_row(sheet, number, {}, b"".join(new.values()))
    splices += rows_put_in(sheet, new_rows)
    if missing:
        splices += _dimension(sheet, [position for positions in missing.values() for position in positions])
    return splice(sheet.data, splices)


def new_row(sheet: SheetXml, number: int, attributes: Mapping[str, str], cells: bytes = b"") -> bytes:
    """A row that the sheet lacks, with what it shall hold."""
    name = sheet.prefix.encode() + b"row"
    tag = change_tag(b"<" + name + b"/>", {"r": str(number), **attributes})
    return tag[:-2] + b">" + cells + b"</" + name + b">" if cells else tag


def rows_put_in(sheet: SheetXml, new: Mapping[int, bytes]) -> list[Splice]:
    """Put whole rows between the sheet's own, in order."""
    numbers = [row.number for row in sheet.rows]
    splices = []
    behind = b""
    for number, xml in sorted(new.items()):
        index = bisect_left(numbers, number)
        if index < len(numbers):
            splices.append(Splice(sheet.rows[index].start, sheet.rows[index].start, xml))
        else:
            behind += xml
    return splices + (append_child(sheet.table, behind) if behind else [])


def _changed_cell(sheet: SheetXml, cell: CellXml, change: CellChange) -> bytes:
    end = open_tag_end(sheet.data, cell.start)
    tag = sheet.data[cell.start : end]
    attributes: dict[str, str | None] = {} if change.style is None else {"s": str(change.style)}
    if change.content is None:
        return change_tag(tag, attributes) + sheet.data[end : sheet.end(cell)]
    kind = change.content.kind
    attributes |= {"t": None if kind == "n" else kind, "vm": None}
    if b"<" + sheet.prefix.encode() + b"f" not in change.content.xml:
        attributes["cm"] = None
    return _closed(change_tag(tag, attributes), sheet.prefix, change.content.xml)


def _new_cell(sheet: SheetXml, position: Position, change: CellChange) -> bytes:
    style = sheet.style_at(*position) if change.style is None else change.style
    content = change.content or Content()
    attributes = {
        "r": address(*position),
        "s": str(style) if style else None,
        "t": None if content.kind == "n" else content.kind,
    }
    return _closed(change_tag(b"<" + sheet.prefix.encode() + b"c/>", attributes), sheet.prefix, content.xml)


def _closed(tag: bytes, prefix: str, xml: bytes) -> bytes:
    bare = tag[:-2].rstrip() if tag.endswith(b"/>") else tag[:-1]
    return bare + b"/>" if not xml else bare + b">" + xml + b"</" + prefix.encode() + b"c>"


def _into_row(row: RowXml, new: Mapping[Position, bytes]) -> list[Splice]:
    columns = [cell.column for cell in row.cells]
    behind = b""
    splices = []
    for (_, column), xml in new.items():
        index = bisect_left(columns, column)
        if index < len(columns):
            splices.append(Splice(row.cells[index].start, row.cells[index].start, xml))
        else:
            behind += xml
    changes: dict[str, str | None] = {}
    first, colon, last = row.get("spans").partition(":")
    if colon and whole(first) and whole(last):
        wanted = f"{min(whole(first), *(c for _, c in new))}:{max(whole(last), *(c for _, c in new))}"
        if wanted != row.get("spans"):
            changes["spans"] = wanted
    if behind:
        return splices + append_child(row, behind, changes)
    return [*splices, set_attributes(row, changes)] if changes else splices


def _dimension(sheet: SheetXml, new: list[Position]) -> list[Splice]:
    node = sheet.root.child("dimension")
    area = parse_area(node.get("ref")) if node is not None else None
    if node is None or area is None:
        return []
    rows = [area.top, area.bottom, *(row for row, _ in new)]
    columns = [area.left, area.right, *(column for _, column in new)]
    wider = area_text(Area(min(rows), min(columns), max(rows), max(columns)))
    return [] if wider == area_text(area) else [set_attributes(node, {"ref": wider})]
