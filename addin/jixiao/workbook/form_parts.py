"""What the rows of a form are made of: cells, and what generates rows from the rubric."""

from __future__ import annotations

from typing import Literal

from jixiao.rubric.model import Model

Align = Literal["", "left", "center", "right"]
Show = Literal["label", "value", "amount", "unit", "help", "serves", "formula", "check", "none"]


class Choices(Model, frozen=True, kw_only=True):
    """What a drop-down offers: words of its own, or the classes or name of the block it is in."""

    words: list[str] = []
    of_block: Literal["", "classes", "name"] = ""


class Cell(Model, frozen=True, kw_only=True):
    """One cell, or ``cols`` × ``rows`` cells merged into one.

    It holds a ``text`` (``{rubric.title}`` and the like are filled in), the input of a
    ``field`` or the ``score`` or ``reason`` of an indicator, a ``formula`` (with a field: the
    form computes it), or a line of ``ticks``.
    """

    text: str = ""
    field: str = ""
    score: str = ""
    """The indicator whose score is typed here."""
    reason: str = ""
    """The indicator whose reason for points lost is typed here."""
    formula: str = ""
    ticks: str = ""
    """A box per grade, ticked by the total in the cell named here."""
    blank: str = ""
    """What the formula gives while the form is empty; a number is written as a number."""
    name: str = ""
    """The workbook knows the cell as ``jx.<name>``."""
    cols: int = 1
    rows: int = 1
    look: str = ""
    format: str = ""
    align: Align = ""
    indent: int = 0
    choices: list[str] = []
    link: str = ""
    """The sheet to which a click on the cell leads."""


class Header(Model, frozen=True, kw_only=True):
    """The header row of a generated table."""

    look: str = "head"
    height: float = 0
    repeat: bool = False
    freeze: bool = False
    name: str = ""
    filter: int = 0
    """Filter buttons on the header, for so many rows below it."""


class TableColumn(Model, frozen=True, kw_only=True):
    """A column of a table over records of the rubric; ``show`` names a part of the record."""

    header: str
    show: str = ""
    formula: str = ""
    text: str = ""
    """Words around parts of the record: ``{level1}（{level1.weight}分）``."""
    summed: str = ""
    """The formula for an indicator that has no score of its own; ``@`` is the block it sums up."""
    blank: str = ""
    type: Literal["", "score", "text"] = ""
    """What the unit types here; a score lies within 0 and the record's weight."""
    name: str = ""
    """The workbook knows the cell of each record as ``jx.<name>.<record id>``."""
    ref: str = ""
    """The same for formulas of this form only."""
    cols: int = 1
    merge: bool = False
    """Cells of one level that stand above one another become one cell."""
    look: str = ""
    format: str = ""
    align: Align = ""


class Table(Model, frozen=True, kw_only=True):
    """One row per record: indicator, level of depth ``level``, option, grade, or rank up to ``ranks``.

    In formulas of ranks ``@-`` is the row above; above the first stands the header.
    """

    of: Literal["indicators", "levels", "options", "grades", "ranks"]
    level: int = 1
    ranks: int = 0
    forms: Literal["all", "main", "apart"] = "all"
    """Indicators and levels of all forms of the edition, of the form that is scored, or of those apart."""
    header: Header = Header()
    columns: list[TableColumn]
    look: str = "text"
    height: float = 0
    growing: bool = False
    """``height`` is the least; the rows grow with what is written into them."""


class FieldColumn(Model, frozen=True, kw_only=True):
    """A column beside the fields: their label, input, unit, help, the indicators they serve."""

    show: Show
    amount: str = ""
    """With ``show: amount`` and ``show: check``: the column of amounts."""
    formula: str = ""
    header: str = ""
    cols: int = 1
    look: str = ""
    format: str = ""


class FieldItem(Model, frozen=True, kw_only=True):
    """A field (or row of amounts), or a line of the form's own with a label and a formula."""

    field: str = ""
    label: str = ""
    formula: str = ""
    format: str = ""
    help: str = ""
    check: str = ""
    """The formula beside the row (``show: check``); ``$`` is the id of the column of amounts."""
    name: str = ""
    height: float = 0
    indent: int = 0
    look: str = ""


class FieldRows(Model, frozen=True, kw_only=True):
    """A row per field."""

    layout: str
    """The columns: one of the form's ``layouts``."""
    header: Header | None = None
    items: list[str | FieldItem]
    height: float = 0
    growing: bool = False


class Lead(Model, frozen=True, kw_only=True):
    """A cell at the left of a block, merged over all its rows, or over all blocks under one header."""

    header: str = ""
    text: str
    with_header: bool = False
    """The cell begins in the header row."""
    cols: int = 1
    look: str = "text"


class BlockColumn(Model, frozen=True, kw_only=True):
    """A column of a block: one of the rubric's (``column``), or the form's own with a ``header``."""

    column: str = ""
    header: str | None = None
    """Its words where they are not the rubric's name of the column; ``{block.name}`` is filled in."""
    cols: int = 1
    merged: Literal["", "block", "group"] = ""
    """One cell over all rows of the block with its name, or over each group of rows with its class."""
    text: str = ""
    """With ``merged: block``: what is printed where it is more than the name (``{block.name}（…）``)."""
    printed: str = ""
    """What the form prints in the first row of the block, where the unit may type all the same."""
    formula: str = ""
    total: str = ""
    """What stands in the total row: a formula, or a text such as ``{rubric.total}``."""
    blank: str = ""
    """What that formula gives while the form is empty."""
    score: bool = False
    """Its cell in the total row holds the score."""
    choices: Choices = Choices()
    prompt: str = ""
    format: str = ""
    align: Align = ""
    look: str = ""
    head: str = ""
    """The look of its header cell."""


class Group(Model, frozen=True, kw_only=True):
    """Rows of one class that stand in the blank form, the class printed once."""

    of: str = ""
    rows: int = 1


class Total(Model, frozen=True, kw_only=True):
    """The total row below blocks that share a header."""

    text: str
    name: str = ""
    """The workbook knows the cell of the score as ``jx.<name>``."""
    height: float = 0


class BlockRows(Model, frozen=True, kw_only=True):
    """Blocks of the rubric, one below the other: header row, blank rows that grow, total row.

    Each has a header and a total of its own, or with ``one_header`` all stand below one header
    without a gap, and the total row (if any column has a ``total``) is that of all. Cells ``above``
    stand on a row of their own. The form's ``groups`` say which rows a block has at first; otherwise
    it has ``rows`` without a class. A block with a ``printed`` row has that row besides.
    """

    ids: list[str] = []
    """Empty: all blocks that are scored, as the rubric lists them."""
    rows: int = 8
    one_header: bool = False
    header_above: bool = False
    """The block has no header row: the row above, whatever it holds, is taken for it."""
    total: Total | None = None
    height: float = 0
    gap: float = 0
    above: list[str | Cell] = []
    header: Header = Header()
    lead: list[Lead] = []
    columns: list[BlockColumn]


class Series(Model, frozen=True, kw_only=True):
    """A series of a chart: a column of the form's tables."""

    title: str
    values: str
    color: str = ""


class Chart(Model, frozen=True, kw_only=True):
    """A bar chart; ``bar`` lies, ``column`` stands. Categories and values are columns (``lost.*``)."""

    title: str
    kind: Literal["bar", "column"] = "bar"
    cols: int
    categories: str
    series: list[Series]
    unit: str = ""
    overlap: int = 0
    gap: int = 60
