"""What a formula gives, for the plain formulas that forms are made of.

A form filled in a file has no stored values beside its formulas until Excel opens it. This works
them out from the cells, exactly where that is safe: whatever is not plainly understood (another
function, an array, arithmetic with text) is :class:`Unknown`, and so is all that depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Context, Decimal

from jixiao.filing.model import Raw
from jixiao.workbook.errors import UnstorableValue
from jixiao.workbook.file.values import DIGITS, check_storable
from jixiao.workbook.formula.functions import FUNCTIONS
from jixiao.workbook.formula.references import parse_area
from jixiao.workbook.formula.values import (
    COMPARISONS,
    Fault,
    Found,
    Part,
    Reach,
    Sheets,
    Unknown,
    joined,
    number,
    scalar,
    spanned,
)
from jixiao.workbook.port import Cell, Port, Position

DEEPEST = 40
"""Formulas that refer to formulas; a longer chain is left to Excel."""
LONGEST = 8192
"""Characters that Excel allows a formula."""
MOST_LOOKS = 2_000_000
"""Cells that are looked at for all formulas together; the official forms ask for some thousands."""


class Calculator:
    """Works out cells of a workbook, as they stand in the port now."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._titles = {title.lower(): title for title in port.sheets()}
        self._grids: dict[str, Mapping[Position, Cell]] = {}
        self._found: dict[tuple[str, Position], Found] = {}
        self._depth = 0
        self._looks = MOST_LOOKS

    def formulas(self, sheet: str) -> list[Position]:
        """The cells of a sheet that hold a formula."""
        return [position for position, cell in self._grid(sheet).items() if cell.formula]

    def at(self, sheet: str, position: Position) -> Raw:
        """The value of a cell, worked out if it is a formula. Raises Unknown and Fault."""
        self._look(1)
        cell = self._grid(sheet).get(position)
        found = self._come_to(sheet, position, cell) if cell else None
        if isinstance(found, Unknown | Fault):
            raise found
        return found

    def values(self, reach: Reach) -> Iterator[Found]:
        grid, area = self._grid(reach.sheet), reach.area
        rows, columns = range(area.top, area.bottom + 1), range(area.left, area.right + 1)
        small = len(rows) * len(columns) <= len(grid)
        self._look(len(rows) * len(columns) if small else len(grid))
        every = ((row, column) for row in rows for column in columns)
        for position in every if small else [each for each in grid if area.holds(*each)]:
            cell = grid.get(position)
            if cell:
                yield self._come_to(reach.sheet, position, cell)

    def _look(self, cells: int) -> None:
        """Raises Unknown where it is too much by now: Excel is quicker at it."""
        self._looks -= cells
        if self._looks < 0:
            raise Unknown("too many cells")

    def _come_to(self, sheet: str, position: Position, cell: Cell) -> Found:
        if not cell.formula:
            return Fault(cell.error) if cell.error else cell.raw
        key = (sheet, position)
        if key not in self._found:
            self._found[key] = Unknown("refers to itself")
            self._found[key] = self._worked_out(sheet, position, cell.formula)
        return self._found[key]

    def _worked_out(self, sheet: str, position: Position, formula: str) -> Found:
        if self._depth >= DEEPEST or len(formula) > LONGEST:
            return Unknown("too deep, or longer than Excel takes")
        self._depth += 1
        try:
            value = scalar(_Parser(formula, sheet, position, self).whole(), self)
            if isinstance(value, Decimal):
                value = value.normalize(Context(prec=DIGITS)) + 0
            check_storable(value, "")
        except (Unknown, Fault) as reason:
            return reason
        except (ArithmeticError, UnstorableValue):
            return Unknown("more than a cell holds")
        except RecursionError:
            return Unknown("brackets within brackets, or a sum of thousands")
        finally:
            self._depth -= 1
        return Decimal(0) if value is None else value

    def _grid(self, sheet: str) -> Mapping[Position, Cell]:
        title = self._titles.get(sheet.lower())
        if title is None:
            raise Unknown(sheet)
        if title not in self._grids:
            self._grids[title] = self._port.cells(title)
        return self._grids[title]


_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"]|"")*")
      | (?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?
        (?P<area>\$?[A-Z]{1,3}\$?[0-9]+(?::\$?[A-Z]{1,3}\$?[0-9]+)?|\$?[A-Z]{1,3}:\$?[A-Z]{1,3})(?![\w.(!])
      | (?P<call>[A-Z]+)\(
      | (?P<number>[0-9]+(?:\.[0-9]+)?)(?![\w.])
      | (?P<sign><>|<=|>=|[-+*/&=<>(),:%]))\s*""",
    re.VERBOSE | re.IGNORECASE,
)


class _Parser:
    """Reads one formula into parts; Excel's precedence, without ``^``, arrays and names."""

    def __init__(self, formula: str, sheet: str, position: Position, sheets: Sheets) -> None:
        self._sheet = sheet
        self._position = position
        self._sheets = sheets
        self._tokens: list[tuple[str, str, str]] = []
        at = 0
        while at < len(formula):
            token = _TOKEN.match(formula, at)
            if token is None or token.lastgroup is None:
                raise Unknown(formula[at:])
            kind = token.lastgroup
            self._tokens.append(
                (kind, token[kind].upper() if kind == "call" else token[kind], token["sheet"])
            )
            at = token.end()
        self._next = 0

    def whole(self) -> Part:
        part = self._comparison()
        if self._next < len(self._tokens):
            raise Unknown("more follows")
        return part

    def _sign(self, *signs: str) -> str:
        """The next token, if it is one of these signs."""
        if self._next < len(self._tokens):
            kind, token, _ = self._tokens[self._next]
            if kind == "sign" and token in signs:
                self._next += 1
                return token
        return ""

    def _value(self, part: Part) -> Raw:
        return scalar(part, self._sheets)

    def _comparison(self) -> Part:
        return self._chain(self._joined, *COMPARISONS)

    def _joined(self) -> Part:
        return self._chain(self._sum, "&")

    def _sum(self) -> Part:
        return self._chain(self._product, "+", "-")

    def _product(self) -> Part:
        return self._chain(self._signed, "*", "/")

    def _chain(self, operand: Callable[[], Part], *signs: str) -> Part:
        """Operands of one rank, joined from left to right."""
        left = operand()
        while sign := self._sign(*signs):
            left = self._both(sign, left, operand())
        return left

    def _signed(self) -> Part:
        sign = self._sign("+", "-")
        if sign == "-":
            negated = self._signed()
            return lambda: -number(self._value(negated))
        if sign:
            return self._signed()
        part = self._range()
        while self._sign("%"):
            part = self._both("/", part, lambda: Decimal(100))
        return part

    def _both(self, sign: str, left: Part, right: Part) -> Part:
        return lambda: joined(sign, self._value(left), self._value(right))

    def _range(self) -> Part:
        first = self._atom()
        if not self._sign(":"):
            return first
        last = self._atom()
        return lambda: spanned(first(), last())

    def _atom(self) -> Part:
        if self._next >= len(self._tokens):
            raise Unknown("unfinished")
        kind, token, sheet = self._tokens[self._next]
        self._next += 1
        if kind == "text":
            return lambda: token[1:-1].replace('""', '"')
        if kind == "number":
            return lambda: Decimal(token)
        if kind == "area":
            area = parse_area(token)
            title = sheet.strip("'").replace("''", "'") if sheet else self._sheet
            if area is not None:
                return lambda: Reach(title, area)
        if kind == "call":
            return self._call(token)
        if token == "(":
            part = self._comparison()
            if self._sign(")"):
                return part
        raise Unknown(token)

    def _call(self, name: str) -> Part:
        parts: list[Part] = []
        if not self._sign(")"):
            parts.append(self._comparison())
            while self._sign(","):
                parts.append(self._comparison())
            if not self._sign(")"):
                raise Unknown(name)
        if name == "ROW" and not parts:
            return lambda: Decimal(self._position[0])
        function = FUNCTIONS.get(name)
        if function is None:
            raise Unknown(name)
        return lambda: function(parts, self._sheets)
