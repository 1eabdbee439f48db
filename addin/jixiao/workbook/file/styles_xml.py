"""Cell formats (``styles.xml``): what a format shows, and the same format with another fill.

Formats are only ever added at the end, so no index in any sheet changes its meaning; a format that
exists already is used again, so painting a cell and painting it back gives its first format.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from xml.etree.ElementTree import Element

from jixiao.workbook.file.fill_text import NO_FILL, fill_xml, plain_color, text_of_fill
from jixiao.workbook.file.number_formats import BUILT_IN_CODES, Shown, shown_by
from jixiao.workbook.file.package import Package
from jixiao.workbook.file.xml_spans import (
    Node,
    Splice,
    append_child,
    attribute_text,
    change_tag,
    parse,
    splice,
    tree_of,
    whole,
)

_SECTIONS = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
_FIRST_CUSTOM = 164
_PLAIN = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
_FORMAT = re.compile(rb'<xf [^<>]*?\bnumFmtId="(\d{1,9})"')
_BARE_TAG = re.compile(r"<(/?)(?=\w)")

EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    b'<fills count="2"><fill><patternFill patternType="none"/></fill>'
    b'<fill><patternFill patternType="gray125"/></fill></fills>'
    b'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    b"</styleSheet>"
)
"""The styles of a workbook that has none."""


def shown_by_style(data: bytes) -> list[Shown]:
    """Of each cell format, how it shows numbers."""
    codes = {node.get("numFmtId", ""): node.get("formatCode") for node in _records(data, "numFmts")}
    plain = _section(data, "cellXfs")
    identities = [one.decode() for one in _FORMAT.findall(plain)]
    if not identities or len(identities) != plain.count(b"<xf"):
        identities = [node.get("numFmtId", "0") for node in _records(data, "cellXfs")]
    known = {one: shown_by(whole(one), codes.get(one)) for one in set(identities)}
    return [known[one] for one in identities]


def _records(data: bytes, section: str) -> list[Element]:
    alone = _section(data, section)
    holders = [tree_of(alone)] if alone else tree_of(data).iterfind(f"{{*}}{section}")
    return [node for holder in holders for node in holder]


def _section(data: bytes, name: str) -> bytes:
    """The XML of one section, where it is plainly written: quicker to read than all; else empty."""
    opening, closing = f"<{name}".encode(), f"</{name}>".encode()
    if data.count(opening) != 1 or data.count(closing) != 1 or b"<!" in data:
        return b""
    return data[data.find(opening) : data.find(closing) + len(closing)]


class Styles:
    """The formats of a workbook; additions are gathered and written by :meth:`flush`."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        self._root = package.tree(part)
        self._items = {section: [n.xml for n in _nodes(self._root, section)] for section in _SECTIONS}
        self._counts = {section: len(items) for section, items in self._items.items()}
        self._fill_texts = [text_of_fill(xml) for xml in self._items["fills"]]
        self._formats: dict[tuple[object, ...], int] = {}
        for index, node in enumerate(_nodes(self._root, "cellXfs")):
            self._formats.setdefault(self._key(node), index)

    def fill(self, style: int) -> str:
        """The fill of a format, as :meth:`with_fill` takes it."""
        index = whole(parse(self._format(style)).get("fillId"))
        return self._fill_texts[index] if index < len(self._fill_texts) else ""

    def filled(self, colors: Collection[str]) -> set[int]:
        """The formats whose fill is plainly one of these colours."""
        fills = {index for index, text in enumerate(self._fill_texts) if text and plain_color(text) in colors}
        if not fills:
            return set()
        formats = enumerate(self._items["cellXfs"])
        return {style for style, xml in formats if whole(parse(xml).get("fillId")) in fills}

    def with_fill(self, style: int, fill: str) -> int:
        """The same format with another fill; raises BadFill."""
        text = fill_xml(fill)
        applied = {"fillId": str(self._fill_index(text)), "applyFill": "1" if text else None}
        return self._format_with(style, applied)

    def with_date(self, style: int, *, time: bool) -> int:
        """The same format showing a date, and a time of day as well."""
        return self._format_with(style, {"numFmtId": "22" if time else "14", "applyNumberFormat": "1"})

    def without_date(self, style: int) -> int:
        """The same format showing a plain number."""
        return self._format_with(style, {"numFmtId": "0"})

    def with_number_format(self, style: int, code: str) -> int:
        """The same format showing numbers by another code."""
        number = str(self._number_format(code))
        return self._format_with(style, {"numFmtId": number, "applyNumberFormat": "1"})

    def as_text(self, style: int) -> int:
        """The same format with Excel's mark that what was typed is text."""
        return self._format_with(style, {"quotePrefix": "1"})

    def number_format(self, style: int) -> str:
        """The code by which a format shows numbers; ``""`` for one that is built into Excel and rare."""
        number = whole(parse(self._format(style)).get("numFmtId"))
        codes = {known: code for code, known in BUILT_IN_CODES.items()}
        codes |= {
            whole(one.get("numFmtId")): one.get("formatCode") for one in map(parse, self._items["numFmts"])
        }
        return codes.get(number, "")

    def flush(self) -> None:
        """Put what was added into the part."""
        splices: list[Splice] = []
        for section, items in self._items.items():
            new = b"".join(items[self._counts[section] :])
            holder = self._root.child(section)
            if new and holder is not None:
                splices += append_child(holder, new, {"count": str(len(items))})
            elif new:
                earlier = _SECTIONS[: _SECTIONS.index(section)]
                before = [node.end for node in self._root.children if node.local in earlier]
                name = f"{self._root.prefix}{section}".encode()
                xml = b'<%s count="%d">%s</%s>' % (name, len(items), new, name)
                at = max(before, default=self._root.inner)
                splices.append(Splice(at, at, xml))
            self._counts[section] = len(items)
        if splices:
            self._package.put(self._part, splice(self._root.data, splices))
            self._root = self._package.tree(self._part)

    def _format(self, style: int) -> bytes:
        formats = self._items["cellXfs"]
        return formats[style] if style < len(formats) else self._prefixed(_PLAIN)

    def _format_with(self, style: int, changes: dict[str, str | None]) -> int:
        old = self._format(style)
        inner = parse(old).inner
        return self._add_format(change_tag(old[:inner], changes) + old[inner:])

    def _add_format(self, xml: bytes) -> int:
        key = self._key(parse(xml))
        if key not in self._formats:
            self._items["cellXfs"].append(xml)
            self._formats[key] = len(self._items["cellXfs"]) - 1
        return self._formats[key]

    def _key(self, node: Node) -> tuple[object, ...]:
        """Equal for formats that look alike: fills by what they draw, flags of what we change left out."""
        index = whole(node.get("fillId"))
        fill = self._fill_texts[index] if index < len(self._fill_texts) else ""
        left_out = ("fillId", "applyFill", "applyNumberFormat")
        kept = {k: v for k, v in node.attributes.items() if k not in left_out and v not in ("0", "false")}
        return fill, *_shape(node, kept)

    def _fill_index(self, text: str) -> int:
        if text not in self._fill_texts:
            self._items["fills"].append(self._prefixed(f"<fill>{text or NO_FILL}</fill>"))
            self._fill_texts.append(text)
        return self._fill_texts.index(text)

    def _number_format(self, code: str) -> int:
        if code in BUILT_IN_CODES:
            return BUILT_IN_CODES[code]
        used = {
            node.get("formatCode"): whole(node.get("numFmtId")) for node in map(parse, self._items["numFmts"])
        }
        if code not in used:
            used[code] = max([_FIRST_CUSTOM - 1, *used.values()]) + 1
            text = attribute_text(code).decode()
            self._items["numFmts"].append(
                self._prefixed(f'<numFmt numFmtId="{used[code]}" formatCode="{text}"/>')
            )
        return used[code]

    def _prefixed(self, xml: str) -> bytes:
        return _BARE_TAG.sub(rf"<\1{self._root.prefix}", xml).encode()


def _nodes(root: Node, section: str) -> list[Node]:
    holder = root.child(section)
    return [node for node in holder.children if node.local != "AlternateContent"] if holder else []


def _shape(node: Node, attributes: dict[str, str] | None = None) -> tuple[object, ...]:
    """What an element says, however it is written."""
    said = node.attributes if attributes is None else attributes
    return node.local, tuple(sorted(said.items())), tuple(_shape(child) for child in node.children)
