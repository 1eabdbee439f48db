"""Tables in plain text that have lost their lines: columns parted by blanks, or a cell on each line.

Such lines are no sentences: put together they would make numbers that nobody wrote. They are read
as a table where rows and columns can be told for certain; otherwise each piece stands by itself and
proves nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

import msgspec

from jixiao.audit.document import HEADING, Words
from jixiao.audit.grid import figure
from jixiao.audit.lexicon import lexicon

_APART = re.compile(r"[^\s](?:(?![ \u3000]{2}|\u3000|\t).)*")
"""Pieces that blanks part, two at least or one as wide as a character."""
_WORD = re.compile(r"\S+")
_SENTENCE = re.compile("[。；;！？]|[,，：:、]$|[,，](?!\\d)")
_NOTHING = re.compile(r"[-—–―/／]+")
_PAGE = re.compile(
    r"^(?:[-—–―\s]*\d{1,3}[-—–―\s]*|第\s*\d{1,3}\s*页(?:\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3})$"
)
_RULE = re.compile(r"[\s:|+=─━═┄│┃┼├┤┌┐└┘┬┴╪╞╡-]{3,}")
_BROKEN = re.compile(r"0\d|[.,]\d|\d[\d,.]*[.,]$")
"""What is left of a number that was broken: 11,815, and 00."""
_LONGEST_CELL = 24
"""Characters of a cell on a line of its own."""
_WIDEST = 12
"""So many columns at most, where each cell has a line of its own."""
_FIGURES_AT_LEAST = 3
_ROWS_AT_LEAST = 2
_BLANKS = 2
"""So many at least part two columns."""
_LOOSE = 5
"""So many lines on, the columns of a table go on, or it has ended."""

Row = tuple["Piece", ...]


class Piece(msgspec.Struct, frozen=True):
    """A cell: its text, the number of its line from 0, and where it begins there."""

    text: str
    line: int
    start: int = 0
    wide: int = 0
    """Where it begins if Chinese characters are two columns wide."""

    @property
    def number(self) -> bool:
        return is_figure(self.text)

    def span(self, wide: bool) -> tuple[int, int]:
        """From where to where it goes."""
        return (
            (self.wide, self.wide + _wide(self.text)) if wide else (self.start, self.start + len(self.text))
        )


class Printed(msgspec.Struct, frozen=True):
    """Rows of a table, and the lines from ``first`` to before ``end`` that they were printed on."""

    first: int
    end: int
    rows: tuple[Row, ...]


def is_page(line: str) -> bool:
    """Whether a line is a page number and nothing else."""
    return bool(_PAGE.match(line.strip()))


def is_rule(line: str) -> bool:
    """Whether a line only parts others: ------, ├──┼──┤."""
    return bool(_RULE.fullmatch(line.strip()))


@lru_cache(maxsize=4096)
def is_figure(text: str) -> bool:
    """A number by itself, or the stroke that stands for none."""
    return bool(_NOTHING.fullmatch(text) or figure(Words.of(text)))


def printed(lines: Sequence[str]) -> Iterator[Printed]:
    """The tables in lines of text that neither tabs nor strokes part into cells."""
    at = 0
    while at < len(lines):
        found = _in_columns(lines, at) or _down_the_page(lines, at)
        if found:
            yield found
        at = found.end if found else at + 1


def _wide(text: str) -> int:
    """How many columns a text takes where Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _other(line: str) -> bool:
    """Tabs and strokes part its cells, or a sign of Markdown heads it."""
    return "\t" in line or line.lstrip().startswith(("|", "│", "┃", "#"))


# ---------------------------------------------------------------- columns of blanks


def _pieces(line: str, number: int) -> Row:
    """What wide blanks part; 合　计 is one word."""
    if _other(line):
        return ()
    joined: list[Piece] = []
    for one in _found(_APART, line, number):
        if joined and len(one.text) == 1 == len(joined[-1].text) and "一" <= one.text <= "龥":
            joined[-1] = msgspec.structs.replace(joined[-1], text=joined[-1].text + one.text)
        else:
            joined.append(one)
    return tuple(joined) if len(joined) > 2 else _narrow(line, number) or tuple(joined)


def _found(cells: re.Pattern[str], line: str, number: int) -> tuple[Piece, ...]:
    return tuple(
        Piece(one[0].strip(), number, one.start(), _wide(line[: one.start()])) for one in cells.finditer(line)
    )


def _narrow(line: str, number: int) -> Row:
    """A name and its figures parted by single blanks."""
    found = _found(_WORD, line, number)
    name = next((at for at, one in enumerate(found[:2]) if not one.number), 2)
    figures = [one for one in found[name + 1 :] if one.number]
    if name == 2 or len(found[name].text) < 2 or len(figures) < 2 or _SENTENCE.search(line.strip()):
        return ()
    return found if len(figures) * 2 >= len(found) - name - 1 else ()


def _in_columns(lines: Sequence[str], at: int) -> Printed | None:
    rows: list[Row] = []
    end = at
    for number in range(at, len(lines)):
        line = lines[number]
        if not line.strip() or is_page(line) or is_rule(line):
            if not rows:
                return None
            continue
        row = _heads(lines, number) or _pieces(line, number)
        if len(row) < 2 and not (rows and _within(lines, number, line)) or not row:
            break
        if not rows and len(row) < 3 and not _heads(lines, number):
            return None  # a name and one figure: of a list, perhaps
        rows.append(row)
        end = number + 1
    while rows and len(rows[-1]) < 2:
        rows.pop()
        end = rows[-1][0].line + 1
    told = [row for row in rows if any(piece.number for piece in row[1:])]
    if len(told) < _ROWS_AT_LEAST or sum(piece.number for row in told for piece in row) < _FIGURES_AT_LEAST:
        return None
    return Printed(at, end, tuple(_aligned(rows) or _apart(rows)))


def _heads(lines: Sequence[str], number: int) -> Row:
    """The heads right above figures: as many words, parted by blanks, as the next row has pieces."""
    after = _pieces(lines[number + 1], number + 1) if number + 1 < len(lines) else ()
    words = () if _other(lines[number]) or len(after) < 2 else _found(_WORD, lines[number], number)
    heads = len(words) == len(after) and any(piece.number for piece in after[1:])
    return words if heads and not any(piece.number for piece in words) else ()


def _within(lines: Sequence[str], number: int, line: str) -> bool:
    """A single piece inside of a table: what is left of a long cell, a running header, 续表."""
    if _other(line) or _SENTENCE.search(line.strip()) or HEADING.match(Words.of(line).text):
        return False
    after = (at for at in range(number + 1, min(number + _LOOSE, len(lines))) if lines[at].strip())
    return len(line.strip()) <= _LONGEST_CELL and any(len(_pieces(lines[at], at)) > 2 for at in after)


def _apart(rows: Sequence[Row]) -> Iterator[Row]:
    """Every piece by itself."""
    return ((piece,) for row in rows for piece in row)


def _aligned(rows: Sequence[Row]) -> list[Row] | None:
    """The rows with a cell in each column; None where the columns cannot be told."""
    first = next(at for at, row in enumerate(rows) if any(piece.number for piece in row[1:]))
    told = [row for row in rows[first:] if any(piece.number for piece in row)]
    width = max(map(len, told))
    full = [row for row in told if len(row) == width]
    head = next((row for row in rows[:first] if len(row) == width), None)
    wide = bool(_columns([*full, head] if head else full, wide=True))
    columns = _columns([*full, head] if head else full, wide)
    head = (_stacked(rows[:first], columns, wide) if columns else None) or head
    if width < 2 or head is None or not columns and len(full) < len(told):
        return None
    if any(_BROKEN.match(piece.text) for row in told for piece in row):
        return None
    if any(_lost(row) or len(row) < width and _tight(row) for row in rows[first:]):
        return None
    made: list[Row] = [head]
    for row in rows[first:]:
        if len(row) == width or not any(piece.number for piece in row):
            made.append(row)
        elif (cells := _in_place(row, columns, wide)) is not None:
            made.append(cells)
        else:
            return None
    loose = [row for row in made if len(row) < width]
    return made if not loose or not _of_indicators(head) else None


def _lost(row: Row) -> bool:
    """A figure in a row of which nothing else stands in its column."""
    return len(row) == 1 and any(map(is_figure, row[0].text.split()))


def _tight(row: Row) -> bool:
    """Single blanks part its pieces: where they stand tells no column."""
    return any(right.start - left.start - len(left.text) < _BLANKS for left, right in pairwise(row))


def _stacked(rows: Sequence[Row], columns: Sequence[Span], wide: bool) -> Row | None:
    """Heads over several lines, each word above its column: 年初 above 预算数."""
    lines = [cells for row in rows if len(row) > 1 if (cells := _in_place(row, columns, wide)) is not None]
    if not lines or len(lines) < sum(len(row) > 1 for row in rows):
        return None
    heads = tuple(
        Piece("".join(piece.text for piece in column), column[0].line) for column in zip(*lines, strict=True)
    )
    return heads if all(piece.text for piece in heads[1:]) else None


def _of_indicators(head: Row) -> bool:
    """Their names are compared with others, so that no part of one may be lost."""
    return any("指标" in piece.text for piece in head)


Span = tuple[int, int]


def _columns(rows: Sequence[Row], wide: bool) -> list[Span]:
    """From where to where each column goes; empty where one runs into the next."""
    spans = [[piece.span(wide) for piece in column] for column in zip(*rows, strict=True)]
    found = [(min(start for start, _ in one), max(end for _, end in one)) for one in spans]
    return found if all(left[1] <= right[0] for left, right in pairwise(found)) else []


def _in_place(row: Row, columns: Sequence[Span], wide: bool) -> Row | None:
    """A row with an empty piece wherever nothing stands in a column."""
    cells = [Piece("", row[0].line) for _ in columns]
    for piece in row:
        start, end = piece.span(wide)
        over = [at for at, (left, right) in enumerate(columns) if start < right and left < end]
        if len(over) != 1 or cells[over[0]].text:
            return None
        cells[over[0]] = piece
    return tuple(cells)


# ---------------------------------------------------------------- a cell on each line


def _down_the_page(lines: Sequence[str], at: int) -> Printed | None:
    """Rows whose cells stand below each other: words and figures come back in the same order."""
    run = list(_cells(lines, at))
    figures = [number for number, piece in enumerate(run) if piece.number]
    if len(figures) < _FIGURES_AT_LEAST:
        return None
    first = max(figures[0] - 1, 0)
    by_themselves = [(piece,) for piece in run[first : figures[-1] + 1]]
    rows = _periodic(run) or _periodic(_pages(run, lines)) or by_themselves
    return Printed(rows[0][0].line, rows[-1][-1].line + 1, tuple(rows))


def _cells(lines: Sequence[str], at: int) -> Iterator[Piece]:
    """The short lines from here on, of one table."""
    figures = False
    for number in range(at, len(lines)):
        text = lines[number].strip()
        if not text or is_rule(text) or is_page(text) and not text.isdigit():
            continue
        bare = Words.of(text).text
        columns = len(_pieces(lines[number], number)) > 2
        if _other(lines[number]) or columns or len(bare) > _LONGEST_CELL or _SENTENCE.search(text):
            return
        if HEADING.match(bare) and not _before_figure(lines, number) or figures and lexicon().caption(bare):
            return
        figures = figures or is_figure(text)
        yield Piece(text, number)


def _before_figure(lines: Sequence[str], number: int) -> bool:
    """1.公务接待费 above its figure is a name in a table; 二、绩效 above words is a heading."""
    after = next((line.strip() for line in lines[number + 1 :] if line.strip()), "")
    return is_figure(after)


def _pages(run: Sequence[Piece], lines: Sequence[str]) -> list[Piece]:
    """The run without the numbers of pages, which stand alone between blank lines."""
    return [one for one in run if not (is_page(one.text) and _alone(lines, one.line))]


def _alone(lines: Sequence[str], number: int) -> bool:
    around = (lines[at] for at in (number - 1, number + 1) if 0 <= at < len(lines))
    return not any(line.strip() for line in around)


def _periodic(run: Sequence[Piece]) -> list[Row] | None:
    """The heads, and rows of as many cells each; a total at the end may have fewer.

    The heads are known to be all of them where nothing but a caption stands before them.
    """
    figures = [number for number, piece in enumerate(run) if piece.number]
    for width in range(2, _WIDEST + 1) if figures else ():
        for words in range(width):
            first = figures[0] - words
            head, pattern = run[max(first - width, 0) : first], run[first : first + width]
            caption = run[first - width - 1].text if first > width else ""
            if first < width or len(pattern) < width or any(piece.number for piece in head):
                continue
            if not words and (pattern[0].text != "1" or all(piece.number for piece in pattern)):
                continue  # only a number of the row stands before its name
            if caption and not lexicon().caption(caption):
                continue
            end = first
            while _alike(run[end : end + width], pattern):
                end += width
            last = run[end : figures[-1] + 1]
            if len(last) == 1 and is_page(last[0].text):
                last = []
            whole = not last or len(last) < width and _is_total(last)
            if (end - first) // width >= _ROWS_AT_LEAST and whole:
                rows = [tuple(run[start : start + width]) for start in range(first - width, end, width)]
                return [*rows, tuple(last)] if last else rows
    return None


def _alike(row: Sequence[Piece], pattern: Sequence[Piece]) -> bool:
    """Figures stand where figures stand; a stroke may stand for either."""
    return len(row) == len(pattern) and all(
        one.number == other.number or _NOTHING.fullmatch(one.text)
        for one, other in zip(row, pattern, strict=True)
    )


def _is_total(row: Sequence[Piece]) -> bool:
    return bool(lexicon().total(Words.of(row[0].text).text)) and all(piece.number for piece in row[1:])
