"""A table as figures: what each column and each line is about, and which numbers stand there.

A table of a report may hold several one below the other, each with its own header; a row of words
only begins the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

import msgspec

from jixiao.audit.document import HEADING, Document, Paragraph, Table, Words
from jixiao.audit.lexicon import Lexicon

_FIGURE = re.compile(
    r"[≥≤≧≦<>]?(?P<number>-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)(?P<unit>%|(?!年|月|日|号|时)[一-龥]{1,4})?"
    r"(?:[(][一-龥]{1,4}[)])?"
)
_REACHED = re.compile(r"^\((?:自评)?得([\d.]+分)\)$")
"""（得 96 分）below a score is 96 分."""
_OF_WHICH = re.compile(r"^(?:其中|包括|#|[-—–])")
_ROUNDED = re.compile("[万亿千]元")
_HEADER_AT_LEAST = 2
"""So many words of heads in a row without a number, below other rows, begin another table."""
_ALIKE_AT_LEAST = 2
"""So many other rows must agree on what stands in a column."""
_CAPTION_BEFORE = 2
"""So many paragraphs before a table may say what it lists."""


class Figure(msgspec.Struct, frozen=True):
    """A number as printed in a cell; ``places`` are its decimals."""

    cell: Words
    value: Decimal
    places: int
    unit: str

    slack: Decimal
    """Half a unit of the last printed place; nothing for what is counted and not measured."""

    @property
    def text(self) -> str:
        return self.cell.text


class Line(msgspec.Struct, frozen=True):
    """A row of figures. ``kind`` is ``total`` (合计), ``subtotal`` (小计), ``part`` (其中) or empty."""

    label: str
    cells: tuple[Words, ...]
    figures: Mapping[int, Figure]
    kind: str
    level: int
    """1 for 一、, 2 for (一), 3 for 1., 4 for (1); 0 without a number."""


class Grid(msgspec.Struct, frozen=True):
    """``heads`` are the words above each column; ``caption`` the words before the table."""

    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    caption: str
    sound: bool
    """All rows of figures are as wide as the header: no cell is missing."""

    def column(self, place: int) -> list[Figure]:
        return [line.figures[place] for line in self.lines if place in line.figures]


def grids(document: Document, lexicon: Lexicon) -> Iterator[Grid]:
    """The tables of a document that hold figures."""
    before: list[str] = []
    for block in document.blocks:
        if isinstance(block, Paragraph):
            before = [*before, block.text][-_CAPTION_BEFORE:]
        else:
            yield from _of_table(block, "".join(before), lexicon)


def _of_table(table: Table, caption: str, lexicon: Lexicon) -> Iterator[Grid]:
    headers: list[Sequence[Words]] = []
    rows: list[Sequence[Words]] = []
    for row in table.rows:
        words = {cell.text for cell in row if cell.text}
        if any(figure(cell) for cell in row):
            rows.append(row)
        elif len(words) == 1:
            caption += next(iter(words))  # 单位：万元
        elif rows and sum(lexicon.heads(word) for word in words) >= _HEADER_AT_LEAST:
            if [cell.text for cell in row] != [cell.text for cell in headers[-1] if headers]:
                yield from _made(headers, rows, caption, lexicon)
                headers, rows = [row], []
        elif not rows:
            headers.append(row)
    yield from _made(headers, rows, caption, lexicon)


def _made(
    headers: Sequence[Sequence[Words]], rows: Sequence[Sequence[Words]], caption: str, lexicon: Lexicon
) -> Iterator[Grid]:
    width = max(map(len, [*headers, *rows]), default=0)
    heads = tuple(_heads([row for row in headers if len(row) == width], width))
    if _headless(heads, rows):
        return
    ordinal = {place for place in range(width) if _ordinal(heads[place], place, rows, lexicon)}
    kept = [row for row in rows if not _numbering(row)]
    read = {number: _line(row, ordinal, lexicon) for number, row in enumerate(kept) if len(row) == width}
    whole = list(read.values())
    told = (read.get(number) or _short(row, whole, heads, lexicon) for number, row in enumerate(kept))
    lines = [line for line in told if line is not None and not _slipped(line, whole, heads, lexicon)]
    sums = [line for line in lines if line.kind in ("total", "subtotal")]
    if len(sums) == 1 and sums[0] is lines[-1]:
        lines[-1] = msgspec.structs.replace(sums[0], kind="total")
    if lines:
        exact = (_counted(line, heads, lines, caption, lexicon) for line in lines)
        yield Grid(heads, tuple(exact), caption, len(lines) == len(kept))


def _headless(heads: Sequence[str], rows: Sequence[Sequence[Words]]) -> bool:
    """The heads end before the figures do: they have moved up, and each stands over another's column."""
    return any(heads) and not heads[-1] and any(len(row) == len(heads) and figure(row[-1]) for row in rows)


def _heads(headers: Sequence[Sequence[Words]], width: int) -> Iterator[str]:
    """The words above each column; what stands above several columns belongs to each of them."""
    for place in range(width):
        said = []
        for number, row in enumerate(headers):
            cell = row[place].text
            if not cell and number + 1 < len(headers) and headers[number + 1][place].text:
                cell = next((one.text for one in reversed(row[:place]) if one.text), "")
            if cell and cell not in said:
                said.append(cell)
        yield "·".join(said)


def _ordinal(head: str, place: int, rows: Sequence[Sequence[Words]], lexicon: Lexicon) -> bool:
    if head in lexicon.words.tables.numbers:
        return True
    told = [int(row[place].text) for row in rows if place < len(row) and row[place].text.isdigit()]
    return not place and len(told) > 2 and told[0] == 1 and all(b == a + 1 for a, b in pairwise(told))


def _numbering(row: Sequence[Words]) -> bool:
    """1 2 3 4 below the heads: numbers of the columns."""
    told = [cell.text for cell in row if cell.text.isdigit()]
    return (
        len(told) > 2
        and [int(one) for one in told] == list(range(1, len(told) + 1))
        and len({cell.text for cell in row if cell.text}) <= len(told) + 1
    )


def _line(row: Sequence[Words], ordinal: set[int], lexicon: Lexicon) -> Line:
    names: list[str] = []
    figures: dict[int, Figure] = {}
    for place, cell in enumerate(row):
        joined = place > 0 and row[place - 1] is cell
        found = figure(cell) if place not in ordinal and not joined else None
        if found:
            figures[place] = found
        elif not figures:
            names.append("" if joined or (place in ordinal and cell.text.isdigit()) else cell.text)
    words = [name for name in names if name]
    label = words[-1] if words else ""
    kind = next((one for one in map(lexicon.total, words) if one), "")
    if not kind and _OF_WHICH.match(label):
        kind = "part"
    return Line(label, tuple(row), figures, kind, _level(label))


def _short(
    row: Sequence[Words], lines: Sequence[Line], heads: Sequence[str], lexicon: Lexicon
) -> Line | None:
    """A total whose words are joined to one cell: it has as many figures as there are columns of them."""
    total = _line(row, set(), lexicon)
    told = list(total.figures.values())
    places = sorted({place for line in lines for place in line.figures})
    amounts = [place for place in places if adds_up(heads[place], lexicon)]
    for columns in (amounts, places):
        if total.kind and len(columns) == len(told):
            made = msgspec.structs.replace(total, figures=dict(zip(columns, told, strict=True)))
            above = all(_greatest(lines, place) <= made.figures[place].value for place in amounts)
            if above and not _slipped(made, lines, heads, lexicon):
                return made
    return None


def _greatest(lines: Sequence[Line], place: int) -> Decimal:
    return max((line.figures[place].value for line in lines if place in line.figures), default=Decimal(0))


def _slipped(line: Line, lines: Sequence[Line], heads: Sequence[str], lexicon: Lexicon) -> bool:
    """Its figures are not in their columns: a rate among amounts, or nothing in the last column."""
    others = [one for one in lines if one is not line]
    for place in {place for one in others for place in one.figures}:
        theirs = [one.figures[place] for one in others if place in one.figures]
        rates = {one.unit == "%" for one in theirs}
        own = line.figures.get(place)
        if own and len(theirs) >= _ALIKE_AT_LEAST and rates == {own.unit != "%"}:
            return True
    if _beside_the_columns(line, others) or _unscored(line, heads, lexicon):
        return True
    last = max((place for one in others for place in one.figures), default=-1)
    full = [one for one in others if last < len(one.cells) and one.cells[last].text]
    if len(full) < max(_ALIKE_AT_LEAST, len(others)) or last >= len(line.cells) or line.cells[last].text:
        return False
    amounts = [place for place in line.figures if adds_up(heads[place], lexicon)]
    small = any(line.figures[place].value < _greatest(others, place) for place in amounts)
    return not line.kind or small or adds_up(heads[last], lexicon)


def _beside_the_columns(line: Line, others: Sequence[Line]) -> bool:
    """A bare number in the last column, which the other rows keep for notes."""
    last = len(line.cells) - 1
    own = line.figures.get(last)
    notes = [one.cells[last].text for one in others if last < len(one.cells) and last not in one.figures]
    kept = len(notes) == len(others) >= _ALIKE_AT_LEAST and any(notes)
    return kept and own is not None and not own.unit


def _unscored(line: Line, heads: Sequence[str], lexicon: Lexicon) -> bool:
    """Points in all columns of points but the last: the row's score has moved up."""
    points = [at for at, head in enumerate(heads) if lexicon.kind(head) == "points" and "扣" not in head]
    if len(points) < 2 or points[-1] >= len(line.cells):
        return False
    told = any(place in line.figures for place in points[:-1])
    return told and not line.cells[points[-1]].text


def adds_up(head: str, lexicon: Lexicon) -> bool:
    """Whether figures below this head may be added up."""
    single = lexicon.goal(head) or re.search(lexicon.words.tables.single, head)
    return lexicon.kind(head) not in ("growth", "ratio") and not single


def _counted(line: Line, heads: Sequence[str], lines: Sequence[Line], caption: str, lexicon: Lexicon) -> Line:
    """Targets and results are exact, and whole numbers where nothing says that they are amounts."""
    money = re.compile(lexicon.words.tables.money)
    amounts = any(money.search(one.label) for one in lines) or _ROUNDED.search(caption)
    exact = {
        place: msgspec.structs.replace(one, slack=Decimal(0))
        for place, one in line.figures.items()
        if lexicon.goal(heads[place])
        or not one.places
        and one.unit != "%"
        and not money.search(one.unit or heads[place])
        and (one.unit or not amounts)
    }
    return msgspec.structs.replace(line, figures={**line.figures, **exact})


def _level(label: str) -> int:
    found = HEADING.match(label)
    levels = ("first", "second", "third", "fourth")
    return next((number for number, name in enumerate(levels, 1) if found and found[name]), 0)


def figure(cell: Words) -> Figure | None:
    """The number that a cell holds, and nothing else."""
    found = _FIGURE.fullmatch(_REACHED.sub(r"\1", cell.text))
    if not found:
        return None
    number = found["number"].replace(",", "")
    places = len(number.partition(".")[2])
    return Figure(cell, Decimal(number), places, found["unit"] or "", Decimal("0.5").scaleb(-places))
