"""The workbook of an edition as data: sheets, rows and cells, read from ``form.yaml``.

A sheet is a grid of columns with widths and a list of rows from top to bottom. A row either
lists its cells or generates rows from the rubric: ``table`` (indicators, levels, options,
grades), ``fields`` (what the unit is asked for), ``block`` (the unit's own rows), ``charts``.

In formulas ``{…}`` names a cell: a field (``{unit.year}``), an indicator's cell
(``{score.output}``), or what a row of the form calls itself; ``{score.*}`` is a whole column.
Inside a table or a list of fields ``@`` is the id of the row's record; in a row of amounts
``$`` is the id of the column; in a block ``{row.target}`` is the same row's cell and
``{rows.weight}`` all cells above the total.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

from jixiao.rubric.errors import RuleFileError
from jixiao.rubric.load import find_edition, read_source, rule_folders
from jixiao.rubric.model import Model
from jixiao.rubric.source import did_you_mean, line_of, read_yaml, steps_of

FORM_FILE = "form.yaml"

Align = Literal["", "left", "center", "right"]
Show = Literal["label", "value", "amount", "unit", "help", "serves", "formula"]


class Choices(Model, frozen=True, kw_only=True):
    """What a drop-down offers: words of its own, or the classes or name of the block it is in."""

    words: list[str] = []
    of_block: Literal["", "classes", "name"] = ""


class Cell(Model, frozen=True, kw_only=True):
    """One cell, or ``cols`` × ``rows`` cells merged into one.

    It holds a ``text`` (``{rubric.title}`` and the like are filled in), the input of a
    ``field``, a ``formula`` (with a field: the form computes it), or a line of ``ticks``.
    """

    text: str = ""
    field: str = ""
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
    """One row per record: indicator, level of depth ``level``, option, or grade."""

    of: Literal["indicators", "levels", "options", "grades"]
    level: int = 1
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
    """With ``show: amount``: the column of amounts."""
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
    """A cell at the left of a block, merged over all its rows."""

    header: str = ""
    text: str
    cols: int = 1
    look: str = "text"


class BlockColumn(Model, frozen=True, kw_only=True):
    """A column of a block: one of the rubric's (``column``), or the form's own with a ``header``."""

    column: str = ""
    header: str = ""
    cols: int = 1
    formula: str = ""
    total: str = ""
    """The formula in the total row; ``score: true`` marks the cell that holds the block's score."""
    blank: str = ""
    """What that formula gives while the form is empty."""
    score: bool = False
    choices: Choices = Choices()
    prompt: str = ""
    format: str = ""
    align: Align = ""


class BlockRows(Model, frozen=True, kw_only=True):
    """Blocks of the rubric, one below the other: header row, blank rows that grow, total row.

    The block's name spans header to total; cells ``above`` stand on a row of their own.
    """

    ids: list[str]
    rows: int = 8
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


class Row(Model, frozen=True, kw_only=True):
    """One row of cells, or the rows that one generator makes."""

    cells: list[str | Cell] = []
    table: Table | None = None
    fields: FieldRows | None = None
    block: BlockRows | None = None
    charts: list[Chart] = []
    look: str = ""
    """The look of the row's cells that name none."""
    height: float = 0
    name: str = ""
    repeat: bool = False
    freeze: bool = False
    break_before: bool = False
    filter: int = 0


class Sheet(Model, frozen=True, kw_only=True):
    """A sheet: paper, columns, rows."""

    name: str
    role: Literal["guide", "input", "official", "findings", "analysis", "records"]
    widths: list[float] = []
    rows: list[Row] = []
    paper: Literal["A4", "A3"] = "A4"
    orientation: Literal["portrait", "landscape"] = "portrait"
    size: float = 10.5
    """Font size where a look names none."""
    zoom: int = 100
    tab: str = ""
    plain_print: bool = False
    """Printed in black on white: fills stay on the screen."""
    margins: tuple[float, float, float, float] = (1.2, 1.2, 1.5, 1.6)
    """Left, right, top, bottom in cm."""


class Form(Model, frozen=True, kw_only=True):
    """All sheets of an edition's workbook."""

    title: str
    serves: str = "第 {numbers} 项"
    """How the indicators that a field serves are named."""
    layouts: dict[str, list[FieldColumn]] = {}
    """Columns that lists of fields share."""
    sheets: list[Sheet]


def load_form(edition: str, *, rules: str | Path | None = None) -> Form:
    """The form of an edition, or of the edition it extends.

    Raises :class:`EditionNotFound` and :class:`RuleFileError`.
    """
    folders = rule_folders(rules)
    folder = find_edition(edition, folders)
    candidates = [folder, *read_source(folder, folders).parents]
    file = next((path / FORM_FILE for path in candidates if (path / FORM_FILE).exists()), folder / FORM_FILE)
    data = read_yaml(file)
    try:
        return msgspec.convert(data.get("form"), Form, strict=False)
    except msgspec.ValidationError as error:
        raise _explained(file, str(error)) from error


def _explained(file: Path, error: str) -> RuleFileError:
    what, _, path = error.rpartition(" - at `")
    what = what or error
    word = what.rpartition("unknown field `")[2].rstrip("`") if "unknown field" in what else ""
    line = line_of(file, ["form", *steps_of(path.rstrip("`")), *([word] if word else [])], {})
    if word:
        return RuleFileError(file, line, f"不认识“{word}”{did_you_mean(word, _known_keys())}")
    if "missing required field" in what:
        return RuleFileError(file, line, f"缺少“{what.rpartition('field `')[2].rstrip('`')}”，请补上。")
    return RuleFileError(file, line, f"这里的写法不能用（{what}）。")


def _known_keys() -> set[str]:
    kinds: list[Any] = [k for k in globals().values() if isinstance(k, type) and issubclass(k, Model)]
    return {field for kind in kinds for field in kind.__struct_fields__}
