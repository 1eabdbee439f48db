"""Formulas as text: the references in them, moved for a shared formula, and who depends on whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

_TOKEN = re.compile(
    r"""(?P<text>"[^"]*")
      | (?P<sheet>'(?:[^']|'')+'!|[^\W\d][\w.]*(?::[^\W\d][\w.]*)?!)
      | (?P<area>\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?(?![\w.(!])
          |\$?[A-Z]{1,3}:\$?[A-Z]{1,3}(?![\w.(!])
          |\$?\d{1,7}:\$?\d{1,7}(?![\w.(!]))
      | (?P<structured>\[)
      | (?P<call>[^\W\d][\w.]*\()
      | (?P<word>[^\W\d\\][\w.\\?]*|\\[\w.\\?]*)
      | (?P<number>\d+(?:\.\d*)?(?:E[+-]?\d+)?)
      | (?P<other>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CORNER = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d{1,7})", re.IGNORECASE)
_HALF = re.compile(r"(\$?)([A-Z]{1,3}|\d{1,7})", re.IGNORECASE)


class Area(NamedTuple):
    """A block of cells, corners included, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    @property
    def single(self) -> bool:
        return (self.top, self.left) == (self.bottom, self.right)


@lru_cache(maxsize=LAST_COLUMN)
def column_number(letters: str) -> int:
    """``A`` is 1, ``AA`` is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


@lru_cache(maxsize=LAST_COLUMN)
def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=16_384)
def address(row: int, column: int) -> str:
    return f"{column_letters(column)}{row}"


def area_text(area: Area) -> str:
    first = address(area.top, area.left)
    return first if area.single else f"{first}:{address(area.bottom, area.right)}"


@lru_cache(maxsize=4096)
def parse_area(text: str) -> Area | None:
    """``A1``, ``$A$1:B2``, ``A:C`` or ``3:5``; None for anything else."""
    corners = []
    for part in text.replace("$", "").split(":"):
        found = _CORNER.fullmatch(part)
        if found:
            row, column = int(found.group(4)), column_number(found.group(2))
            corners.append((row, column, row, column))
        elif ":" in text and part.isascii() and part.isdigit():
            corners.append((int(part), 1, int(part), LAST_COLUMN))
        elif ":" in text and part.isascii() and part.isalpha() and len(part) <= 3:
            corners.append((1, column_number(part), LAST_ROW, column_number(part)))
        else:
            return None
    tops, lefts, bottoms, rights = zip(*corners, strict=True)
    if len(corners) > 2 or min(tops) < 1 or max(bottoms) > LAST_ROW or max(rights) > LAST_COLUMN:
        return None
    return Area(min(tops), min(lefts), max(bottoms), max(rights))


def moved(formula: str, rows: int, columns: int) -> str:
    """The formula as it reads so many rows below and columns to the right; ``$`` stays put."""
    return "".join(
        _moved_area(token, rows, columns) if kind == "area" else token for kind, token in _tokens(formula)
    )


def _moved_area(area: str, rows: int, columns: int) -> str:
    parts = []
    for part in area.split(":"):
        corner = _CORNER.fullmatch(part)
        if corner:
            column = _moved_half(corner.group(1), corner.group(2), columns)
            row = _moved_half(corner.group(3), corner.group(4), rows)
            parts.append(column + row if column and row else "")
        else:
            half = _HALF.fullmatch(part)
            by = rows if half and half.group(2).isdigit() else columns
            parts.append(_moved_half(half.group(1), half.group(2), by) if half else part)
    return ":".join(parts) if all(parts) else "#REF!"


def _moved_half(fixed: str, half: str, by: int) -> str:
    if fixed:
        return fixed + half
    if half.isdigit():
        row = int(half) + by
        return str(row) if 1 <= row <= LAST_ROW else ""
    column = column_number(half) + by
    return column_letters(column) if 1 <= column <= LAST_COLUMN else ""


class Reference(NamedTuple):
    """What a formula refers to: an area, a name, or (neither set) something unclear."""

    sheet: str
    area: Area | None
    name: str = ""


_UNCLEAR_CALLS = {"INDIRECT(", "OFFSET(", "NOW(", "TODAY(", "RAND(", "RANDBETWEEN(", "CELL(", "INFO("}


@lru_cache(maxsize=16_384)
def references(formula: str) -> tuple[Reference, ...]:
    """All that a formula refers to; ``sheet`` is empty for its own sheet."""
    return tuple(_references(formula))


def _references(formula: str) -> Iterator[Reference]:
    sheet = ""
    for kind, token in _tokens(formula):
        if kind == "sheet":
            sheet = token[:-1]
            if sheet.startswith("'"):
                sheet = sheet[1:-1].replace("''", "'")
            if ":" in sheet or "[" in sheet:
                yield Reference("", None)
            continue
        if kind == "area":
            yield Reference(sheet, parse_area(token))
        elif kind == "word" and token.upper() not in ("TRUE", "FALSE"):
            yield Reference(sheet, None, token)
        elif kind == "structured" or (kind == "call" and token.upper() in _UNCLEAR_CALLS):
            yield Reference("", None)
        sheet = ""


def _tokens(formula: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each token; what stands in brackets (tables, other files) is one token."""
    at = 0
    while at < len(formula):
        found = _TOKEN.match(formula, at)
        assert found is not None and found.lastgroup is not None
        kind, token, at = found.lastgroup, found.group(), found.end()
        if kind == "structured":
            start, depth = found.start(), 1
            while at < len(formula) and depth:
                depth += {"[": 1, "]": -1}.get(formula[at], 0)
                at += 2 if formula[at] == "'" else 1
            token = formula[start:at]
        yield kind, token
