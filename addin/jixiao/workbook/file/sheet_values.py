"""What the cells of a worksheet hold: text, number, date, formula, error.

Reading alone needs no places in the bytes, so it goes by faster ways than the scan; tests hold them
against each other.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from xml.etree import ElementTree

from jixiao.filing.model import Raw
from jixiao.workbook.file.number_formats import Shown
from jixiao.workbook.file.plain_xml import NotPlain, inside, plain_text
from jixiao.workbook.file.sheet_xml import CellXml, Grid, column_in, row_number
from jixiao.workbook.file.values import day_of, decode_number, decode_text
from jixiao.workbook.file.xml_spans import tree_of
from jixiao.workbook.formula.references import Area, column_number, parse_area
from jixiao.workbook.port import Cell, Position

_OVER_SEVERAL = ("shared", "array", "dataTable")
"""Kinds of formulas that other cells may share."""
_TOKEN = re.compile(
    r'<c r="([A-Z]{1,3}+)([1-9]\d{0,6}+)"(?: s="(\d{1,9}+)")?(?: t="([A-Za-z]++)")?(?:/>|></c>|>'
    r'(?:<f((?: [\w:]++="[^"]*+")*+)(?:/>|>([^<]*+)</f>))?'
    r"(?:<v>([^<]*+)</v>|(<v ?/>))?"
    r'(?:<is><t(?: xml:space="preserve")?>([^<]*+)</t></is>)?</c>)'
    r'|(?:</row>)?<row r="([1-9]\d{0,6}+)"[^<>]*>|</row>|\s+|(.)',
    re.ASCII | re.DOTALL,
)
"""A cell, the tag of a row (its number the last group but one), blanks, or (the last) anything else."""
_LAST_OF_EMPTY = 4
"""The groups up to here say where a cell stands and how it looks; the others what it holds."""
_ROW = 10
_ATTRIBUTE = re.compile(r' ([\w:]+)="([^"]*)"', re.ASCII)


_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?\bref="([^"]+)"')


def merged_areas(data: bytes) -> list[Area]:
    """The merged areas of a sheet."""
    found = (parse_area(reference.decode()) for reference in _MERGED.findall(data))
    return [area for area in found if area]


Written = tuple[int, int, str, str, str | None, dict[str, str], str | None, str | None]
"""Row, column, style and type of a cell; its formula and the formula's attributes; value; inline text.

None for what it does not have.
"""
_NO_MASTER: dict[str, str] = {}
_AS_NUMBER = {"", "n"}


def read_values(
    data: bytes, strings: Callable[[], Mapping[str, str]], shown: Sequence[Shown], *, from_1904: bool
) -> dict[Position, Cell]:
    """Every cell that holds a value, a formula or an error; ``shown`` tells how each style shows numbers.

    Raises ValueError (also for a cell that is there twice: nobody can tell which holds) and DoctypeError.
    """
    try:
        return _cells(_plain(data), strings, shown, from_1904)
    except NotPlain:
        return _cells(_any(data), strings, shown, from_1904)


def _cells(
    found: Iterator[Written],
    strings: Callable[[], Mapping[str, str]],
    shown: Sequence[Shown],
    from_1904: bool,
) -> dict[Position, Cell]:
    cells: dict[Position, Cell] = {}
    shared: dict[Position, CellXml] = {}
    texts: Mapping[str, str] | None = None
    displays = {str(number): display for number, display in enumerate(shown)}
    number, percent = Shown.NUMBER, Shown.PERCENT
    for row, column, style, kind, formula, master, value, inline in found:
        if (row, column) in cells:
            raise ValueError("a cell that is there twice")
        display = displays.get(style, number)
        raw: Raw = None
        error = ""
        if kind == "inlineStr":
            raw = decode_text(inline) if inline is not None else None
        elif kind == "s":
            texts = strings() if texts is None else texts
            raw = texts.get(value.strip()) if value else None
        elif kind in _AS_NUMBER:
            raw = _number(value, display, from_1904)
        elif kind == "str":
            raw = decode_text(value) if value is not None else None
        elif kind == "b":
            raw = _is_true(value.strip()) if value else None
        elif kind == "e":
            error = value or ""
        elif kind == "d":
            raw = _iso_day(value or "")
        if not formula and not master:
            if raw is not None or error:
                cells[row, column] = Cell(raw, "", error, display is percent, False)
            continue
        if master.get("t") in _OVER_SEVERAL:
            shared[row, column] = cell = CellXml(row, column, {}, 0)
            cell.formula, cell.master = formula, master
        absent = not value and (value is None or kind != "str") and inline is None
        cells[row, column] = Cell(raw, formula or "", error, display is percent, absent)
    return _with_shared(cells, shared) if shared else cells


def _plain(data: bytes) -> Iterator[Written]:
    """The cells of a sheet that is plainly written, as Excel and WPS do; raises :class:`NotPlain`.

    Between the tags of the table nothing may stand but plainly written rows and cells. What stands
    around the table is looked at by the scan, before anything is written.
    """
    table = inside(data, "<sheetData>", "</sheetData>", last="</worksheet>")
    row = 0
    here = ""
    for found in _TOKEN.finditer(table):
        last = found.lastindex or 0
        if last == _ROW:
            here = found[_ROW]
            row = row_number(here)
            continue
        if last <= _LAST_OF_EMPTY:
            continue
        letters, digits, style, kind, master, formula, value, no_value, inline, _, other = found.groups()
        if other or digits != here:
            raise NotPlain
        yield (
            row,
            column_number(letters),
            style or "",
            kind or "",
            None if master is None else formula and plain_text(formula) or "",
            {name: plain_text(one) for name, one in _ATTRIBUTE.findall(master)} if master else _NO_MASTER,
            "" if no_value else value and plain_text(value),
            inline and plain_text(inline),
        )


def _any(data: bytes) -> Iterator[Written]:
    """The cells of any sheet."""
    root = tree_of(data)
    space = root.tag[: root.tag.find("}") + 1]
    row_tag, cell_tag, value_tag, formula_tag = (f"{space}{name}" for name in ("row", "c", "v", "f"))
    table = root.find(f"{space}sheetData")
    if table is None:
        raise ValueError("no cell table")
    row = 0
    for line in table:
        if line.tag != row_tag:
            raise ValueError("not a row")
        stated = line.get("r")
        row = row_number(stated) if stated else row + 1
        column = 0
        for element in line:
            if element.tag != cell_tag:
                continue
            reference = element.get("r")
            column = column_in(reference, row) if reference else column + 1
            value = inline = formula = None
            master: dict[str, str] = {}
            for part in element:
                if part.tag == value_tag:
                    value = part.text or ""
                elif part.tag == formula_tag:
                    formula, master = part.text or "", part.attrib
                else:
                    inline = _inline(part, space)
            yield row, column, element.get("s", ""), element.get("t", ""), formula, master, value, inline


_MOST_TRIALS = 10_000_000
"""Cells times array formulas; arrays do not overlap, so that a form that people made has far fewer."""


def _with_shared(cells: dict[Position, Cell], shared: dict[Position, CellXml]) -> dict[Position, Cell]:
    """The cells with the formulas that several of them have in common."""
    grid = Grid(shared, list(shared.values()))
    if len(grid.arrays) * len(cells) > _MOST_TRIALS:
        raise ValueError("thousands of array formulas, one over the other")
    inside = {(row, column) for area, _ in grid.arrays for row, column in cells if area.holds(row, column)}
    for position in shared.keys() | inside:
        formula, cell = grid.formula_at(*position), cells[position]
        uncalculated = bool(formula) and cell.raw is None and not cell.error
        cells[position] = Cell(cell.raw, formula, cell.error, cell.percent, uncalculated)
    return cells


def _inline(part: ElementTree.Element, space: str) -> str | None:
    """The text of ``<is>`` without phonetic guides; None where it has none."""
    texts = [text.text or "" for text in part.findall(f"{space}t")]
    texts += [text.text or "" for run in part.findall(f"{space}r") for text in run.findall(f"{space}t")]
    return "".join(texts) if texts else None


def _is_true(text: str) -> bool:
    """As spreadsheet programs do: any number but zero is true."""
    return text == "true" or (text.isdecimal() and int(text) != 0)


def _number(text: str | None, display: Shown, from_1904: bool) -> Raw:
    if not text:
        return None
    number = decode_number(text.strip())
    if number is None:
        return decode_text(text)
    if display in (Shown.DATE, Shown.DATE_AND_TIME):
        day = day_of(number, from_1904=from_1904)
        if display is Shown.DATE_AND_TIME and day is not None and not isinstance(day, dt.datetime):
            return dt.datetime(day.year, day.month, day.day)
        return number if day is None else day
    return number


def _iso_day(text: str) -> Raw:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text or None
    return moment.date() if "T" not in text else moment.replace(tzinfo=None)
