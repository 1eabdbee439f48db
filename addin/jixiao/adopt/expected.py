"""What the form of an edition looks like: the labels around every cell and column that has a name.

Derived from our own form of the edition, so that nothing is told twice: the label at the left of a
cell, the header above it, the columns of a block and the words by which its rows are known. Other
words for a label are the form's ``synonyms`` and the aliases of the rubric's columns.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

import msgspec

from jixiao.adopt.labels import THIS_YEAR, key, placed_in
from jixiao.rubric.load import load_rubric
from jixiao.rubric.model import Block, Column, Rubric, walk
from jixiao.workbook.form import Form, load_form
from jixiao.workbook.layout.plan import Box, Placed, Plan, SheetPlan
from jixiao.workbook.layout.records import fill_in
from jixiao.workbook.template import lay_out

ROLES = ("official", "input")
"""The sheets on which a unit fills in something."""
_SAID_BESIDE = {"note", "explain", "small", "link", "step", "plain"}
"""Looks of texts that explain the form and are no labels of it."""
_ONE_LINE = 40
"""A longer label is told by its beginning and comes after the shorter ones."""
ANSWERS = ("score", "reason")
"""What the form asks of every indicator."""
YEAR_FRAME = "年度"
"""What the form prints where the year is to be filled in."""
_COPIED = re.compile(r"\{([\w.]+)\}")


class Label(msgspec.Struct, frozen=True):
    """A label of the form, and the labels next to it, by which it is told from the same words elsewhere."""

    key: str
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


class Target(msgspec.Struct, frozen=True):
    """A cell that the form has a name, or several, for."""

    names: tuple[str, ...]
    sheet: str
    labels: tuple[Label, ...]
    """The labels of its row, the plainest first."""
    column: str = ""
    """The key of the header above it,"""
    header: frozenset[str] = frozenset()
    """and all keys of that header row."""
    row: int = 0
    """Its row on the form."""
    alone: bool = False
    """Its label stands right beside it and belongs to no other cell."""
    inline: bool = False
    """Label and value share a cell (填表人：张三)."""
    copies: frozenset[str] = frozenset()
    """Those of its names that another sheet of the form asks for, and this cell repeats."""
    screen: bool = False
    """It stands beside the printed form, where nobody but we looks for it."""


class Rows(msgspec.Struct, frozen=True):
    """A block of the unit's own indicators."""

    block: Block
    known: frozenset[str]
    """Keys that say that a row belongs to it: its name, what the form prints for it,"""
    classes: frozenset[str]
    """and its second-level classes."""
    columns: Mapping[str, frozenset[str]]
    """Column -> keys of its header."""
    screen: frozenset[str]
    """Columns beside the printed form."""


class Listed(msgspec.Struct, frozen=True):
    """A block of data without a header of its own, between two labelled rows."""

    block: Block
    above: str
    below: str
    known: frozenset[str]
    columns: Mapping[str, str]
    """Column -> key of the header above; empty for the column in which the labels stand."""


class Page(msgspec.Struct, frozen=True):
    """One sheet of the form."""

    name: str
    official: bool
    labels: frozenset[str]
    """All its labels (of the printed part, on an official sheet)."""
    targets: tuple[Target, ...]
    rows: tuple[Rows, ...]
    listed: tuple[Listed, ...]
    headers: Mapping[str, frozenset[frozenset[str]]]
    """Key of a header -> all labels of each header row of the page that has it."""


class Expected(msgspec.Struct, frozen=True):
    """The form of an edition."""

    rubric: Rubric
    pages: tuple[Page, ...]
    synonyms: Mapping[str, tuple[str, ...]]
    """Key as others write it -> keys as the form prints it."""
    labels: frozenset[str]
    """The labels of all official pages,"""
    all_labels: frozenset[str]
    """and those of all pages."""
    homes: Mapping[str, tuple[int, ...]]
    """Label -> the pages, by number, that have it."""

    def meanings(self, said: str) -> tuple[str, ...]:
        """The keys of the form that a key on a sheet may mean, itself first."""
        return (said, *self.synonyms.get(said, ()))


def expected(edition: str, rules: str | None = None) -> Expected:
    """The form of an edition. Raises EditionNotFound, RuleFileError."""
    return expected_of(load_rubric(edition, rules=rules), load_form(edition, rules=rules))


def expected_of(rubric: Rubric, form: Form) -> Expected:
    plan = lay_out(rubric, form)
    synonyms: dict[str, set[str]] = defaultdict(set)
    for label, others in form.synonyms.items():
        for other in others:
            synonyms[_placed(other, rubric)].add(_placed(fill_in(label, rubric), rubric))
    synonyms[THIS_YEAR].add(YEAR_FRAME)
    for name, head in plan.names.items():
        kind, _, column = name.partition(".")
        if kind == "column" and (spec := _column(rubric, column)):
            printed = _placed(_text(_cell_at(plan, head)) or spec.name, rubric)
            for other in (spec.name, *spec.aliases):
                synonyms[_placed(other, rubric)].add(printed)
    pages = tuple(_page(sheet, plan, rubric, synonyms) for sheet in plan.sheets if sheet.sheet.role in ROLES)
    official = (page.labels for page in pages if page.official)
    return Expected(
        rubric,
        pages,
        {other: tuple(sorted(known - {other})) for other, known in synonyms.items()},
        frozenset().union(*official),
        (labels := frozenset().union(*(page.labels for page in pages))),
        {one: tuple(n for n, page in enumerate(pages) if one in page.labels) for one in labels},
    )


def _placed(text: str, rubric: Rubric) -> str:
    return placed_in(key(text), rubric.year)


def _column(rubric: Rubric, name: str) -> Column | None:
    """The column of a scored block that is called ``output.target``."""
    id, _, column = name.partition(".")
    block = next((one for one in rubric.blocks if one.id == id and one.row_rule), None)
    return next((one for one in block.columns if one.id == column), None) if block else None


def _cell_at(plan: Plan, box: Box) -> Placed | None:
    page = next(page for page in plan.sheets if page.sheet.name == box.sheet)
    here = (cell for cell in page.cells if (cell.box.row, cell.box.column) == (box.row, box.column))
    return next(here, None)


# ---------------------------------------------------------------- one sheet


class _Sheet:
    """The cells of a sheet of the form by position, and which of them are labels."""

    def __init__(self, page: SheetPlan, plan: Plan, rubric: Rubric) -> None:
        self.page, self.plan, self.rubric = page, plan, rubric
        self.width = page.sheet.print_cols or len(page.sheet.widths)
        self.at: dict[tuple[int, int], Placed] = {}
        for cell in page.cells:
            box = cell.box
            for row in range(box.row, box.last_row + 1):
                for column in range(box.column, box.last_column + 1):
                    self.at[row, column] = cell
        self.inputs = {
            (box.row, box.column)
            for name, box in plan.names.items()
            if box.sheet == page.sheet.name and not name.startswith(("block", "column."))
        }
        self.heads = {
            (box.row, box.column) for name, box in plan.names.items()
            if name.startswith("column.") and box.sheet == page.sheet.name
        }  # fmt: skip

    def label(self, row: int, column: int) -> str:
        """The key of the label that covers a cell; empty for none."""
        cell = self.at.get((row, column))
        if cell is None or not isinstance(cell.content.value, str) or cell.content.look in _SAID_BESIDE:
            return ""
        return _placed(cell.content.value, self.rubric)

    def wide(self, cell: Placed) -> bool:
        """A title or section over the whole width is no header of a column."""
        return cell.box.cols >= self.width > 2

    def left(self, box: Box) -> list[Placed]:
        """The label cells at the left, nearest first, up to the next cell that is filled in."""
        found: list[Placed] = []
        column = box.column - 1
        while column >= 1:
            cell = self.at.get((box.row, column))
            if cell is None:
                column -= 1
                continue
            if self.label(box.row, column):
                found.append(cell)
            elif found and (cell.box.row, cell.box.column) in self.inputs:
                break
            column = cell.box.column - 1
        return found

    def above(self, box: Box) -> Placed | None:
        """The header of the column."""
        for row in range(box.row - 1, 0, -1):
            cell = self.at.get((row, box.column))
            if cell is not None and self.label(row, box.column) and not self.wide(cell):
                return cell
        return None

    def header(self, cell: Placed) -> frozenset[str]:
        """All labels in the row of a header."""
        row = cell.box.row
        return frozenset(said for column in range(1, len(self.page.sheet.widths) + 1)
                         if (said := self.label(row, column)))  # fmt: skip

    def beside(self, cell: Placed, step: int) -> tuple[str, ...]:
        """The next two labels above (-1) or below (1) a label, in its column."""
        found: list[str] = []
        row = cell.box.row - 1 if step < 0 else cell.box.last_row + 1
        while 1 <= row <= max(self.page.heights, default=0) and len(found) < 2:
            if said := self.label(row, cell.box.column):
                if not found or found[-1] != said:
                    found.append(said)
            row += step
        return tuple(found)

    def as_label(self, cell: Placed) -> Label:
        said = self.label(cell.box.row, cell.box.column)
        return Label(said, self.beside(cell, -1), self.beside(cell, 1))


def _page(page: SheetPlan, plan: Plan, rubric: Rubric, synonyms: Mapping[str, set[str]]) -> Page:
    sheet = _Sheet(page, plan, rubric)
    official = page.sheet.role == "official"
    blocks = [block for block in rubric.blocks if plan.names.get(f"block.{block.id}", _NOWHERE).sheet
              == page.sheet.name]  # fmt: skip
    labels = {
        said
        for cell in page.cells
        if not official or cell.box.column <= sheet.width
        if cell.content.look not in {"title", "annex"}
        and (said := sheet.label(cell.box.row, cell.box.column))
    }
    inline = {_frame(cell, rubric) for cell in page.cells}
    targets = tuple(_targets(sheet, official))
    rows = tuple(_rows(block, sheet, synonyms) for block in blocks if block.row_rule)
    headers: dict[str, set[frozenset[str]]] = defaultdict(set)
    for target in targets:
        headers[target.column].add(target.header)
    for one in rows:
        line = frozenset().union(*one.columns.values())
        for column in line:
            headers[column].add(line)
    return Page(
        page.sheet.name,
        official,
        frozenset(labels | {one for one in inline if one}),
        targets,
        rows,
        tuple(_listed(block, sheet) for block in blocks if not block.row_rule),
        {column: frozenset(found) for column, found in headers.items()},
    )


_NOWHERE = Box("", 0, 0)


# ---------------------------------------------------------------- single cells


def _targets(sheet: _Sheet, official: bool) -> Iterator[Target]:
    homes: dict[tuple[int, int], list[str]] = defaultdict(list)
    copies: set[str] = set()
    for name, box in sheet.plan.names.items():
        if box.sheet == sheet.page.sheet.name and not name.startswith(("block", "column.")):
            homes[box.row, box.column].append(name)
    for cell in sheet.page.cells if official else ():
        if field := _copied(cell):
            home = sheet.plan.names.get(field)
            if field in sheet.rubric.asked and home and home.sheet != sheet.page.sheet.name:
                homes[cell.box.row, cell.box.column].append(field)
                copies.add(field)
                sheet.inputs.add((cell.box.row, cell.box.column))
    made = {
        place: msgspec.structs.replace(
            _target(tuple(names), sheet, place), copies=frozenset(copies & set(names))
        )
        for place, names in sorted(homes.items())
    }
    shared = Counter(one.key for target in made.values() for one in target.labels)
    indicators = {
        f"{kind}.{one.id}": key(one.name) for _, one in walk(sheet.rubric.levels) for kind in ANSWERS
    }
    for target in made.values():
        fewest = min((shared[one.key] for one in target.labels), default=0)
        name = indicators.get(target.names[0], "")
        labels = sorted(
            (one for one in target.labels if shared[one.key] == fewest),
            key=lambda one: (one.key != name, len(one.key) > _ONE_LINE),
        )
        alone = target.alone and fewest == 1 and labels[0] == target.labels[0]
        yield msgspec.structs.replace(target, labels=tuple(labels), alone=alone)


def _copied(cell: Placed) -> str:
    """The one field that a formula of the form repeats; empty where it reckons."""
    found = set(_COPIED.findall(cell.content.formula))
    return (
        found.pop()
        if len(found) == 1 and ("&" in cell.content.formula or "IF(" in cell.content.formula)
        else ""
    )


def _target(names: tuple[str, ...], sheet: _Sheet, place: tuple[int, int]) -> Target:
    cell = sheet.at[place]
    screen = place[1] > sheet.width
    if frame := _frame(cell, sheet.rubric):
        return Target(names, sheet.page.sheet.name, (Label(frame),), inline=True, screen=screen)
    left = sheet.left(cell.box)
    labels = [sheet.as_label(one) for one in left]
    header = sheet.above(cell.box)
    nearest = bool(left) and left[0].box.last_column == cell.box.column - 1
    return Target(
        names,
        sheet.page.sheet.name,
        tuple(labels),
        sheet.label(header.box.row, header.box.column) if header else "",
        sheet.header(header) if header else frozenset(),
        cell.box.row,
        nearest,
        screen=screen,
    )


def _frame(cell: Placed, rubric: Rubric) -> str:
    """The key of the words that stand in the cell before it is filled in: 填表人：, (    年度)."""
    blank = cell.content.blank.strip()
    framed = blank.endswith(("：", ":")) or blank.strip("（）() ") == YEAR_FRAME
    return _placed(blank, rubric) if cell.content.formula and framed else ""


# ---------------------------------------------------------------- blocks


def _rows(block: Block, sheet: _Sheet, synonyms: Mapping[str, set[str]]) -> Rows:
    columns: dict[str, frozenset[str]] = {}
    screen = set()
    for column in block.columns:
        head = sheet.plan.names.get(f"column.{block.id}.{column.id}")
        if head is None:
            continue
        printed = sheet.label(head.row, head.column)
        keys = {printed, *(_placed(one, sheet.rubric) for one in (column.name, *column.aliases))}
        columns[column.id] = frozenset(_with_synonyms(keys, synonyms))
        if head.column > sheet.width:
            screen.add(column.id)
    known = {_placed(one, sheet.rubric) for one in (block.name, *block.aliases)}
    home = sheet.plan.names[f"block.{block.id}"]
    for column_number in range(1, home.column + 1):
        for row in range(home.row, home.last_row + 1):
            if block.name in (text := _text(sheet.at.get((row, column_number)))):
                known.add(_placed(text, sheet.rubric))
    classes = {_placed(one, sheet.rubric) for one in block.classes}
    return Rows(
        block,
        frozenset(_with_synonyms(known - classes, synonyms)),
        frozenset(_with_synonyms(classes, synonyms)),
        columns,
        frozenset(screen),
    )


def _with_synonyms(keys: set[str], synonyms: Mapping[str, set[str]]) -> set[str]:
    return (keys | {other for other, known in synonyms.items() if known & keys}) - {""}


def _text(cell: Placed | None) -> str:
    return cell.content.value if cell is not None and isinstance(cell.content.value, str) else ""


def _listed(block: Block, sheet: _Sheet) -> Listed:
    home = sheet.plan.names[f"block.{block.id}"]
    heads = {column.id: sheet.plan.names.get(f"column.{block.id}.{column.id}") for column in block.columns}
    columns: dict[str, str] = {}
    for id, head in heads.items():
        if head is None:
            continue
        header = sheet.above(Box(head.sheet, head.row + 1, head.column))
        labelled = header is not None and header.box.row < head.row
        columns[id] = sheet.label(header.box.row, header.box.column) if header and labelled else ""
    names = {_placed(one, sheet.rubric) for one in (block.name, *block.aliases)}
    return Listed(
        block,
        sheet.label(home.row - 1, home.column),
        sheet.label(home.last_row + 1, home.column),
        frozenset(names),
        columns,
    )
