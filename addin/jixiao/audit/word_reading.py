"""Reading a report from Word: as it prints when all tracked changes are accepted.

Automatic numbers print although they are no text; text boxes, headers, footers and notes are read
after the body.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from docx import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from jixiao.audit.document import Document, Paragraph, Segment, Table, Words, paragraph
from jixiao.audit.numbering import Numbering
from jixiao.audit.word import boxes, in_box, pieces

_STORIES = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
_PAGE = re.compile(r"[-—–\s\d/第页共]*")


def read_docx(data: bytes, name: str) -> Document:
    """A document from Word: paragraphs by number, tables by table and row; deleted text is not read."""
    word = WordDocument(io.BytesIO(data))
    reader = _Reader(word)
    return Document(name, (*reader.body(), *reader.apart()))


class _Reader:
    def __init__(self, word: Any) -> None:
        self._word = word
        self._body = word.element.body
        self._sources = {element: number for number, element in enumerate(self._body.iter(qn("w:p")))}
        self._headings = _heading_styles(word)
        self._numbering = Numbering(word)

    def body(self) -> Iterator[Paragraph | Table]:
        paragraphs = tables = 0
        for element in _blocks_of(self._body):
            if element.tag == qn("w:p"):
                paragraphs += 1
                one = self._segments(element, f"正文第 {paragraphs} 段")
                if any(segment.text.strip() for segment in one if not segment.apart):
                    style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
                    level = self._headings.get(style.get(qn("w:val")), 0) if style is not None else 0
                    yield paragraph(one, level)
            else:
                tables += 1
                yield Table(tuple(self._rows(element, tables)))

    def _rows(self, table: Any, number: int) -> Iterator[tuple[Words, ...]]:
        kept = (row for row in table.findall(qn("w:tr")) if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None)
        for count, row in enumerate(kept, 1):
            cells = ((one, self._cell(one, f"表 {number} 第 {count} 行")) for one in row.findall(qn("w:tc")))
            yield tuple(words for one, words in cells for _ in range(_width(one)))

    def _cell(self, element: Any, place: str) -> Words:
        own = (one for one in element.iter(qn("w:p")) if not in_box(one))
        lines = [segment for one in own for segment in self._segments(one, place)]
        return Words([one for one in lines if one.text.strip()] or [Segment("", place)])

    def _segments(self, element: Any, place: str) -> list[Segment]:
        """The automatic number of a paragraph, and its text."""
        source = self._sources[element]
        text = "".join(piece.text for piece in pieces(element))
        number = self._numbering.of(element) if text.strip() else ""
        before = [Segment(number, place, source, True)] if number else []
        return [*before, Segment(text, place, source)]

    def apart(self) -> Iterator[Paragraph]:
        """What stands outside the running text. A comment on it stands at the paragraph it hangs on."""
        for host in self._body.iter(qn("w:p")):
            for box in boxes(host):
                yield from self._story(box, "文本框", self._sources[host])
        for relation in self._word.part.rels.values():
            place = _STORIES.get(relation.reltype.rpartition("/")[2])
            if place and not relation.is_external:
                yield from self._story(parse_xml(relation.target_part.blob), place, 0)

    def _story(self, root: Any, place: str, source: int) -> Iterator[Paragraph]:
        for element in root.iter(qn("w:p")):
            text = "".join(piece.text for piece in pieces(element))
            if not _PAGE.fullmatch(text):
                yield Paragraph(Words([Segment(text, place, source, True)]))


def _heading_styles(word: Any) -> dict[str, int]:
    """Ids of the styles that are headings, and their levels."""
    found = {}
    for style in word.styles:
        match = re.fullmatch(r"(?:heading|标题) ?([1-4])", (style.name or "").lower())
        if match:
            found[style.style_id] = int(match[1])
    return found


def _width(cell: Any) -> int:
    """How many columns a cell is wide; it then stands in each of them."""
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return int(span.get(qn("w:val"), "1")) if span is not None else 1


def _blocks_of(body: Any) -> Iterator[Any]:
    """Paragraphs and tables of the body in order, content controls opened."""
    for element in body:
        kind = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if kind in ("p", "tbl"):
            yield element
        elif kind in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
            yield from _blocks_of(element)
