"""Notes (批注): read, added and taken away again without touching anybody else's.

A note lives in three places: its text in the comments part, its box in a VML drawing, and the sheet's
``legacyDrawing`` that points to the drawing. What adding creates, removing takes away, to the byte.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from jixiao.workbook.errors import NoteExists
from jixiao.workbook.file import note_shape
from jixiao.workbook.file.book_xml import STRICT, STRICT_OFFICE, TRANSITIONAL
from jixiao.workbook.file.package import Package
from jixiao.workbook.file.relations import (
    OFFICE,
    declare,
    declare_extension,
    drop_part,
    free_name,
    relate,
    related,
    relations,
)
from jixiao.workbook.file.sheet_xml import scan
from jixiao.workbook.file.values import check_storable, decode_text, encode_text
from jixiao.workbook.file.xml_spans import Node, Splice, append_child, element_text, set_attributes, splice
from jixiao.workbook.formula.references import address, parse_area
from jixiao.workbook.port import Position

AUTHOR = "绩效自评"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_BEFORE_DRAWING = {
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks",
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing",
}  # fmt: skip
"""What stands before ``legacyDrawing`` in a worksheet."""


def read_notes(package: Package, sheet: str) -> dict[Position, str]:
    """The texts of a sheet's notes; a thread of comments shows the text Excel keeps for older programs."""
    found = _threads(package, sheet)
    for part in related(package, sheet, "comments"):
        found |= {place: _text(node) for node in _comments(package, part) if (place := _place(node))}
    return found


def add_notes(package: Package, sheet: str, title: str, notes: Mapping[Position, str]) -> None:
    """Put notes on cells that have none. Raises NoteExists, before anything is changed."""
    if not notes:
        return
    there = read_notes(package, sheet)
    for position, text in notes.items():
        if position in there:
            raise NoteExists(
                f"{title}!{address(*position)} 已有批注，没有改动。请先保留或删除原有批注，再添加新的。"
            )
        check_storable(text, f"{title}!{address(*position)} 的批注")
    _add_boxes(package, sheet, notes)
    part = next(iter(related(package, sheet, "comments")), "") or _new_comments(package, sheet)
    root = package.tree(part)
    authors, comments = root.child("authors"), root.child("commentList")
    p = root.prefix
    splices: list[Splice] = []
    names = [node.text for node in authors.children] if authors is not None else []
    author = names.index(AUTHOR) if AUTHOR in names else len(names)
    if AUTHOR not in names:
        xml = f"<{p}author>{AUTHOR}</{p}author>".encode()
        if authors is not None:
            splices += append_child(authors, xml)
        else:
            splices.append(
                Splice(root.inner, root.inner, f"<{p}authors>".encode() + xml + f"</{p}authors>".encode())
            )
    new = b"".join(
        f'<{p}comment ref="{address(*position)}" authorId="{author}">'.encode()
        + f'<{p}text><{p}t xml:space="preserve">'.encode()
        + element_text(encode_text(text)) + f"</{p}t></{p}text></{p}comment>".encode()
        for position, text in sorted(notes.items())
    )  # fmt: skip
    if comments is not None:
        splices += append_child(comments, new)
    else:
        outer = f"{p}commentList".encode()
        splices += append_child(root, b"<" + outer + b">" + new + b"</" + outer + b">")
    package.put(part, splice(root.data, splices))


def remove_notes(package: Package, sheet: str, cells: Collection[Position]) -> None:
    """Take the notes off these cells, with their boxes; parts that then hold nothing go too.

    A thread of comments is the user's and stays.
    """
    wanted = set(cells) - _threads(package, sheet).keys()
    for part in related(package, sheet, "comments"):
        root = package.tree(part)
        gone = [node for node in _comments(package, part) if _place(node) in wanted]
        if not gone:
            continue
        if len(gone) == len(_comments(package, part)):
            drop_part(package, sheet, part)
        else:
            cuts = [Splice(node.start, node.end, b"") for node in gone]
            package.put(part, splice(root.data, cuts + _unused_author(root, gone)))
    for part in _drawings(package, sheet):
        old = package.get(part)
        new = note_shape.without_notes(old, wanted)
        if new == old:
            continue
        if note_shape.draws_nothing(new):
            _drop_drawing(package, sheet, part)
        else:
            package.put(part, new)


def _threads(package: Package, sheet: str) -> dict[Position, str]:
    """The cells that hold a thread of comments."""
    trees = [package.tree(part) for part in related(package, sheet, "threadedComment")]
    return {place: "" for tree in trees for node in tree.children if (place := _place(node))}


def _comments(package: Package, part: str) -> list[Node]:
    holder = package.tree(part).child("commentList")
    return holder.all("comment") if holder is not None else []


def _place(node: Node) -> Position | None:
    area = parse_area(node.get("ref")) if "ref" in node.attributes else None
    return (area.top, area.left) if area else None


def _text(comment: Node) -> str:
    return decode_text("".join(_said(node) for node in comment.children if node.local == "text"))


def _said(node: Node) -> str:
    if node.local in ("rPh", "rPr"):
        return ""
    return node.text if node.local == "t" else "".join(_said(child) for child in node.children)


def _unused_author(root: Node, gone: list[Node]) -> list[Splice]:
    """Our name leaves the list of authors with our last note, if no other author's number would change."""
    authors, comments = root.child("authors"), root.child("commentList")
    if authors is None or comments is None or not authors.children or authors.children[-1].text != AUTHOR:
        return []
    last = authors.children[-1]
    number = str(len(authors.children) - 1)
    used = any(node.get("authorId") == number for node in comments.children if node not in gone)
    ours = any(node.get("authorId") == number for node in gone)
    return [Splice(last.start, last.end, b"")] if ours and not used else []


def _new_comments(package: Package, sheet: str) -> str:
    part = free_name(package, "xl/comments{}.xml")
    namespace = STRICT if _is_strict(package, sheet) else TRANSITIONAL
    package.put(
        part,
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<comments xmlns="' + namespace.encode()
        + b'"><authors></authors><commentList></commentList></comments>',
    )  # fmt: skip
    declare(package, part, _COMMENTS_TYPE)
    relate(package, sheet, "comments", part)
    return part


def _drawings(package: Package, sheet: str) -> list[str]:
    """The VML drawing that the sheet's ``legacyDrawing`` names (headers have one of their own)."""
    pointer = _root(package, sheet).child("legacyDrawing")
    if pointer is None:
        return []
    wanted = pointer.local_attribute("id")
    return [r.part for r in relations(package, sheet) if r.id == wanted and r.part in package]


def _add_boxes(package: Package, sheet: str, notes: Mapping[Position, str]) -> None:
    drawing = next(iter(_drawings(package, sheet)), "") or _new_drawing(package, sheet)
    seen = package.derived(sheet, scan)
    boxes = [(position, note_shape.anchor(seen, position, text)) for position, text in sorted(notes.items())]
    package.put(drawing, note_shape.with_notes(package.get(drawing), boxes))


def _new_drawing(package: Package, sheet: str) -> str:
    taken = [
        n
        for name, data in package.parts.items()
        if name.lower().endswith(".vml")
        for n in note_shape.blocks(data)
    ]
    part = free_name(package, "xl/drawings/vmlDrawing{}.vml")
    package.put(part, note_shape.new_drawing(max(taken, default=0) + 1))
    declare_extension(package, "vml", _VML_TYPE)
    relation = relate(package, sheet, "vmlDrawing", part)
    root = _root(package, sheet)
    old = root.child("legacyDrawing")
    if old is not None:
        name = next((n for n in old.attributes if n.endswith(":id")), "r:id")
        package.put(sheet, splice(root.data, [set_attributes(old, {name: relation})]))
        return part
    office = STRICT_OFFICE if _is_strict(package, sheet) else OFFICE.rstrip("/")
    xml = f'<{root.prefix}legacyDrawing xmlns:r="{office}" r:id="{relation}"/>'.encode()
    at = max((node.end for node in root.children if node.local in _BEFORE_DRAWING), default=root.inner)
    package.put(sheet, splice(root.data, [Splice(at, at, xml)]))
    return part


def _drop_drawing(package: Package, sheet: str, part: str) -> None:
    drop_part(package, sheet, part)
    root = _root(package, sheet)
    pointer = root.child("legacyDrawing")
    if pointer is not None:
        package.put(sheet, splice(root.data, [Splice(pointer.start, pointer.end, b"")]))


def _root(package: Package, sheet: str) -> Node:
    return package.derived(sheet, scan).root


def _is_strict(package: Package, sheet: str) -> bool:
    return STRICT.encode() in package.get(sheet)[:2000]
