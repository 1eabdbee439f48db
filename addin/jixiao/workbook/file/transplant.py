"""Sheets of a workbook that we made, added to another one: values, looks, merges, widths.

The source is written by openpyxl, so its XML is plain; texts are taken out of its shared strings and
stand in the cells themselves, and looks are added to the formats of the target.
"""

from __future__ import annotations

import re

from jixiao.workbook.file.book_xml import Book
from jixiao.workbook.file.package import Package
from jixiao.workbook.file.shared_strings import read_strings
from jixiao.workbook.file.styles_xml import Styles
from jixiao.workbook.file.xml_spans import element_text

_CELL = re.compile(rb'<c r="([A-Z]+\d+)"((?: s="\d+")?)(?: t="(\w+)")?\s*(?:/>|>(.*?)</c>)', re.DOTALL)
_STYLE = re.compile(rb' s="(\d+)"')
_SHARED = re.compile(rb"<v>(\d+)</v>")


def add_sheets(source: Package, package: Package, book: Book, styles: Styles) -> None:
    """Add all sheets of ``source``. Raises BadSheetName before anything is added."""
    other = Book(source)
    theirs = Styles(source, other.styles())
    part = other.find("sharedStrings")
    texts = source.derived(part, read_strings) if part else {}
    known: dict[bytes, bytes] = {}

    def style(match: re.Match[bytes]) -> bytes:
        if match[1] not in known:
            known[match[1]] = str(styles.taken_from(theirs, int(match[1]))).encode()
        return b' s="' + known[match[1]] + b'"'

    def cell(match: re.Match[bytes]) -> bytes:
        place, look, kind, inner = match[1], _STYLE.sub(style, match[2]), match[3], match[4] or b""
        start = b'<c r="' + place + b'"' + look
        if kind == b"s" and (shared := _SHARED.search(inner)):
            text = element_text(texts[shared[1].decode()])
            return start + b' t="inlineStr"><is><t xml:space="preserve">' + text + b"</t></is></c>"
        return start + (b' t="' + kind + b'"' if kind else b"") + b">" + inner + b"</c>"

    made = {}
    for sheet in other.sheets():
        book.add_sheet(sheet.name, hidden=False)
        made[sheet.name] = _CELL.sub(cell, source.utf8(sheet.part))
    styles.flush()
    for sheet in book.sheets():
        if sheet.name in made:
            package.put(sheet.part, made[sheet.name].replace(b' tabSelected="1"', b""))
