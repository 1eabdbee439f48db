"""The little boxes that show notes: shapes in a VML drawing, which Excel writes as not quite XML.

VML is therefore read and changed as text: shapes are put in before its end and cut out whole. Prefixes
are whatever the writing program chose (openpyxl calls them ``ns0``).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator

from jixiao.workbook.file.sheet_xml import SheetXml
from jixiao.workbook.file.xml_spans import Splice, splice, whole
from jixiao.workbook.port import Position

SHAPE_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    b'<o:idmap v:ext="edit" data="%d"/></o:shapelayout></xml>'
)
_NAMESPACES = {
    b"v": b"urn:schemas-microsoft-com:vml",
    b"o": b"urn:schemas-microsoft-com:office:office",
    b"x": b"urn:schemas-microsoft-com:office:excel",
}
_TAG_REST = rb"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_SHAPE_TAG = re.compile(rb"<(/?)(?:\w+:)?shape\b" + _TAG_REST + rb">")
_NOTE = re.compile(rb"""<(?:\w+:)?ClientData\b[^>]*ObjectType\s*=\s*["']Note["']""")
_AT = re.compile(rb"<(?:\w+:)?(Row|Column)>\s*(\d{1,9})\s*</")
_DRAWN = re.compile(rb"<(?:\w+:)?(?:shape|group|rect|oval|line|roundrect|polyline|curve|arc|image)\b")
_ROOT = re.compile(rb"<(?:\w+:)?xml\b" + _TAG_REST + rb">")
_IDENTITY = re.compile(rb"_x0000_s(\d{1,9})\b")
_IDENTITY_BLOCKS = re.compile(rb"""<(?:\w+:)?idmap\b[^>]*\bdata\s*=\s*["']([\d,\s]*)["']""")
_END = re.compile(rb"</xml\s*>\s*$")

_BOX_WIDTH = 260
_LINE_HEIGHT = 17
_MOST_HEIGHT = 480
_CHARACTER = 7
"""Pixels of a Latin letter; a Chinese character takes two."""


def new_drawing(block: int) -> bytes:
    """A drawing without shapes; the ids of its shapes will start at 1024 times its block."""
    return _DRAWING % block


def blocks(drawing: bytes) -> list[int]:
    """The blocks of ids that a drawing has taken."""
    return [int(n) for found in _IDENTITY_BLOCKS.findall(drawing) for n in re.findall(rb"\d{1,9}", found)]


def with_notes(drawing: bytes, notes: list[tuple[Position, bytes]]) -> bytes:
    """The drawing with shapes for notes; each comes with its anchor from :func:`anchor`."""
    end = _END.search(drawing)
    at = end.start() if end else len(drawing)
    first = max([*map(int, _IDENTITY.findall(drawing)), 1024 * max(blocks(drawing), default=1)])
    root = _ROOT.search(drawing)
    bound = root.group() if root else b""
    unbound = b"".join(
        b' xmlns:%s="%s"' % (prefix, name)
        for prefix, name in _NAMESPACES.items()
        if b"xmlns:%s=" % prefix not in bound
    )
    kind = b"" if b"_x0000_t202" in drawing else SHAPE_TYPE
    if unbound:
        kind = kind.replace(b"<v:shapetype", b"<v:shapetype" + unbound)
    shapes = [
        b'<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
        b'fillcolor="#ffffe1" o:insetmode="auto"%s><v:fill color2="#ffffe1"/>'
        b'<v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
        b'<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        b'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
        b"<x:Anchor>%s</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column>"
        b"</x:ClientData></v:shape>" % (number, unbound, place, row - 1, column - 1)
        for number, ((row, column), place) in enumerate(notes, first + 1)
    ]
    return drawing[:at] + kind + b"".join(shapes) + drawing[at:]


def without_notes(drawing: bytes, cells: set[Position]) -> bytes:
    """The drawing without the shapes of these cells' notes."""
    cuts = [
        Splice(start, end, b"") for start, end in _shapes(drawing) if _cell_of(drawing[start:end]) in cells
    ]
    kept = splice(drawing, cuts)
    if SHAPE_TYPE in kept and b'"#_x0000_t202"' not in kept:
        kept = kept.replace(SHAPE_TYPE, b"")
    return kept


def draws_nothing(drawing: bytes) -> bool:
    """Whether no shape of any kind is left."""
    return _DRAWN.search(drawing) is None


def _shapes(drawing: bytes) -> Iterator[tuple[int, int]]:
    """Where shapes start and end; they are never nested."""
    start = -1
    for tag in _SHAPE_TAG.finditer(drawing):
        if tag.group(1):
            if start >= 0:
                yield start, tag.end()
            start = -1
        else:
            start = -1 if tag.group().endswith(b"/>") else tag.start()


def _cell_of(shape: bytes) -> Position | None:
    if not _NOTE.search(shape):
        return None
    at = {name: int(number) + 1 for name, number in _AT.findall(shape)}
    return (at[b"Row"], at[b"Column"]) if len(at) == 2 else None


def anchor(sheet: SheetXml, position: Position, text: str) -> bytes:
    """Where the box stands: right of its cell, tall enough for the text, in the sheet's columns and rows."""
    letters = _BOX_WIDTH // _CHARACTER
    lines = sum(max(1, math.ceil(_width(line) / letters)) for line in text.split("\n"))
    height = min(_MOST_HEIGHT, (lines + 1) * _LINE_HEIGHT)
    row, column = position
    top, top_offset = max(row - 2, 0), 4
    left, left_offset = column, 12
    right, right_offset = _walk(_column_width(sheet), left, left_offset + _BOX_WIDTH)
    bottom, bottom_offset = _walk(_row_height(sheet), top, top_offset + height)
    numbers = (left, left_offset, top, top_offset, right, right_offset, bottom, bottom_offset)
    return ", ".join(map(str, numbers)).encode()


def _walk(sizes: tuple[dict[int, int], int], start: int, distance: int) -> tuple[int, int]:
    """The column or row (from 0) that so many pixels from ``start`` lie in, and how far into it."""
    own, usual = sizes
    at = start
    while distance >= own.get(at + 1, usual):
        distance -= own.get(at + 1, usual)
        at += 1
    return at, distance


def _column_width(sheet: SheetXml) -> tuple[dict[int, int], int]:
    holder = sheet.root.child("cols")
    usual = sheet.root.child("sheetFormatPr")
    default = _pixels(usual.get("defaultColWidth") if usual else "", 64 / _CHARACTER, _CHARACTER)
    own: dict[int, int] = {}
    for node in holder.children if holder else []:
        width = (
            0
            if node.get("hidden") in ("1", "true")
            else _pixels(node.get("width"), 64 / _CHARACTER, _CHARACTER)
        )
        first, last = whole(node.get("min")), whole(node.get("max"))
        own |= dict.fromkeys(range(first, min(last, first + 200) + 1), width)
    return own, max(default, 8)


def _row_height(sheet: SheetXml) -> tuple[dict[int, int], int]:
    usual = sheet.root.child("sheetFormatPr")
    default = _pixels(usual.get("defaultRowHeight") if usual else "", 15, 4 / 3)
    own = {row.number: _pixels(row.get("ht"), 15, 4 / 3) for row in sheet.rows if row.get("ht")}
    own |= {row.number: 0 for row in sheet.rows if row.get("hidden") in ("1", "true")}
    return own, max(default, 8)


def _pixels(text: str, default: float, scale: float) -> int:
    try:
        return round(float(text or default) * scale)
    except ValueError:
        return round(default * scale)


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)
