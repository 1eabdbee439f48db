"""Reading a report from plain text, typed, or taken out of a PDF or a picture."""

from __future__ import annotations

import re

from jixiao.audit.document import (
    HEADING,
    Document,
    Paragraph,
    Segment,
    Table,
    Words,
    heading_level,
    is_part,
    paragraph,
)
from jixiao.audit.printed import Printed, is_page, is_rule, printed

_MARKDOWN = re.compile(
    r"^\s*(#{1,6})\s*|\*\*|</?(?:b|i|u|strong|em|br|sup|sub)\s*/?>|^\s*(?:[-*]{3,}|```.*)\s*$"
)
_STROKES = str.maketrans("│┃", "||")
_ENDS = "。！？!?"


def read_text(text: str, name: str) -> Document:
    """A document from lines; paragraphs that were broken over lines and pages are put together again."""
    reader = _Lines()
    lines = text.splitlines()
    tables = {one.first: one for one in printed(lines)}
    inside = {number for one in tables.values() for number in range(one.first, one.end)}
    for number, line in enumerate(lines):
        if number in tables:
            reader.rows(tables[number])
        elif number not in inside:
            reader.take(line, _place(number))
    reader.end()
    return Document(name, tuple(reader.blocks))


def _place(line: int) -> str:
    return f"第 {line + 1} 行"


class _Lines:
    """Puts lines together to paragraphs, and lines with tabs or strokes to tables.

    Tables come out of other programs in two ways: a row on a line, its cells parted by tabs; or a
    cell on a line of its own after a tab, lines without a tab going on with it, rows parted by
    empty lines.
    """

    def __init__(self) -> None:
        self.blocks: list[Paragraph | Table] = []
        self._open: list[Segment] = []
        self._rows: list[tuple[Words, ...]] = []
        self._cells: list[list[Segment]] = []

    def take(self, line: str, place: str) -> None:
        marked = bool(re.match(r"\s*#", line))
        bare = _MARKDOWN.sub("", _MARKDOWN.sub("", line))  # **## 标题**
        stripped = bare.strip()
        if bare.startswith("\t") and bare.count("\t") == 1:
            self._end_paragraph()
            self._cells.append([Segment(stripped, place)])
        elif self._cells and stripped and "\t" not in bare:
            self._cells[-1].append(Segment(bare, place))
        elif not stripped and "\t" not in bare:
            self._end_row()
        elif (cells := _cells(bare)) is not None:
            self._end_paragraph()
            self._end_row()
            if not is_rule(bare):
                self._rows.append(tuple(Words([Segment(cell, place)]) for cell in cells))
        elif not is_page(stripped) and not is_rule(stripped):
            self._text(Segment(bare, place), stripped, marked)

    def rows(self, table: Printed) -> None:
        """The rows of a table that has lost its lines; they may go on with those before."""
        self._end_paragraph()
        self._end_row()
        self._rows += [
            tuple(Words([Segment(piece.text, _place(piece.line))]) for piece in row) for row in table.rows
        ]

    def _text(self, segment: Segment, stripped: str, marked: bool) -> None:
        self._end_table()
        if marked or _begins(stripped, self._open):
            self._end_paragraph()
        self._open.append(segment)
        tidied = Words([segment]).text
        if marked or heading_level(tidied) or is_part(tidied) or stripped[-1:] in _ENDS:
            self._end_paragraph()

    def end(self) -> None:
        self._end_paragraph()
        self._end_table()

    def _end_paragraph(self) -> None:
        if self._open:
            self.blocks.append(paragraph(self._open))
            self._open = []

    def _end_row(self) -> None:
        if self._cells:
            self._rows.append(tuple(Words(cell) for cell in self._cells))
            self._cells = []

    def _end_table(self) -> None:
        self._end_row()
        if self._rows:
            self.blocks.append(Table(tuple(self._rows)))
            self._rows = []


def _begins(line: str, before: list[Segment]) -> bool:
    """Whether a line begins a paragraph of its own, and does not go on with the one before it."""
    if not before:
        return True
    tidied = Words([Segment(line, "")]).text
    return bool(HEADING.match(tidied)) or is_part(tidied) or line.startswith(("附件", "附:", "附："))


def _cells(line: str) -> list[str] | None:
    """The cells of a line of a table: parted by tabs, or by upright strokes; None for other lines."""
    if "\t" in line:
        return [cell.strip() for cell in line.rstrip("\r\n").split("\t")]
    line = line.translate(_STROKES)
    if line.count("|") >= 2 and line.strip().startswith("|"):
        return [cell.strip() for cell in line.strip().strip("|").split("|")]
    return None
