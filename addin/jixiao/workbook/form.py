"""The workbook of an edition as data: sheets, rows and cells, read from ``form.yaml``.

A sheet is a grid of columns with widths and a list of rows from top to bottom. A row either
lists its cells or generates rows from the rubric: ``table`` (indicators, levels, options,
grades), ``fields`` (what the unit is asked for), ``block`` (the unit's own rows), ``charts``.

In formulas ``{…}`` names a cell: a field (``{unit.year}``), an indicator's cell
(``{score.output}``), or what a row of the form calls itself; ``{score.*}`` is a whole column.
Inside a table or a list of fields ``@`` is the id of the row's record; in a row of amounts
``$`` is the id of the column; in a block ``{row.target}`` is the same row's cell and
``{rows.weight}`` all cells above the total. ``{sum.funds.actual}`` and ``{count.funds.actual}``
add up and count a column of a block from anywhere, rows inserted at its end included.

An edition's form is laid over the forms of those it extends: sheets by name, ``parts``,
``groups`` and ``layouts`` by key, everything else as a whole. A row ``part: <key>`` stands for the
rows of that part, so that an edition changes a part without repeating the sheet; ``{words.<key>}``
in any text is one of the form's ``words``, so that an edition changes a word without repeating a part.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

import msgspec

from jixiao.rubric.errors import RuleFileError
from jixiao.rubric.load import Source, find_edition, overlay, read_source, rule_folders
from jixiao.rubric.model import Model
from jixiao.rubric.source import did_you_mean, line_of, read_yaml
from jixiao.workbook import form_parts
from jixiao.workbook.form_parts import BlockRows, Cell, Chart, FieldColumn, FieldRows, Group, Table

FORM_FILE = "form.yaml"


class Row(Model, frozen=True, kw_only=True):
    """One row of cells, or the rows that one generator makes, or the rows of a part of the form."""

    cells: list[str | Cell] = []
    table: Table | None = None
    fields: FieldRows | None = None
    block: BlockRows | None = None
    charts: list[Chart] = []
    part: str = ""
    look: str = ""
    """The look of the row's cells that name none."""
    height: float = 0
    growing: bool = False
    """``height`` is the least; the row grows with what is written into it."""
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
    print_cols: int = 0
    """Only so many columns are printed; those to the right are for the screen. 0: all."""
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
    groups: dict[str, list[Group]] = {}
    """Block -> the rows that it has in the blank form, by class."""
    words: dict[str, str] = {}
    """Words that editions print differently: ``{words.<key>}`` in a text of the form."""
    parts: dict[str, list[Row]] = {}
    """Rows that sheets share, or that an edition exchanges."""
    synonyms: dict[str, list[str]] = {}
    """Label that the form prints -> other words for it, on forms that we did not make."""
    order: list[str] = []
    """The sheets that the workbook has, from left to right; empty: all, as they are written."""
    sheets: list[Sheet]

    def groups_of(self, block: str, rows: int) -> list[Group]:
        """The groups of a block; so many rows without a class where the form has none for it."""
        return self.groups.get(block) or [Group(rows=rows)]


def load_form(edition: str, *, rules: str | Path | None = None) -> Form:
    """The form of an edition, laid over those of the editions it extends.

    Raises :class:`EditionNotFound` and :class:`RuleFileError`.
    """
    folders = rule_folders(rules)
    folder = find_edition(edition, folders)
    source = Source(data={}, files={}, folder=folder)
    for place in [folder, *read_source(folder, folders).parents]:
        if (file := place / FORM_FILE).exists():
            source.data = overlay(_read(file), source.data)
            source.layers.append({"form": file})
    if not source.data:
        raise RuleFileError(folder / FORM_FILE, 0, "这个版本没有表格说明，请补上。")
    source.data["form"] = _with_words(source, source.data["form"])
    try:
        form = msgspec.convert(source.data["form"], Form, strict=False)
    except msgspec.ValidationError as error:
        raise _explained(source, _with_key(str(error), source.data["form"])) from error
    return _in_order(source, form)


def has_form(folder: Path) -> bool:
    """Whether an edition has a form, of its own or of an edition that it extends."""
    folders = rule_folders(folder.parent)
    return any((place / FORM_FILE).exists() for place in [folder, *read_source(folder, folders).parents])


def _read(file: Path) -> dict[str, Any]:
    data = read_yaml(file)
    extra = next((key for key in data if key != "form"), None)
    if extra is not None or not isinstance(data.get("form"), dict):
        line = line_of(file, [extra] if extra else [], {})
        raise RuleFileError(file, line, "表格说明只有一个总的“form”，所有内容都写在它下面。")
    return {"form": data["form"]}


_WORDS = re.compile(r"\{words\.([\w.]+)\}")


def _with_words(source: Source, form: dict[str, Any]) -> dict[str, Any]:
    """The form with ``{words.…}`` filled in; what the words themselves hold is left for later."""
    words = form.get("words")
    known = words if isinstance(words, dict) else {}

    def filled(value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return {key: filled(one, f'{path}["{key}"]') for key, one in value.items()}
        if isinstance(value, list):
            return [filled(one, f"{path}[{number}]") for number, one in enumerate(value)]
        for key in _WORDS.findall(value) if isinstance(value, str) else ():
            if not isinstance(known.get(key), str):
                raise source.error(path, f"没有名为“{key}”的用语（words）{did_you_mean(key, known)}")
        return _WORDS.sub(lambda match: known[match[1]], value) if isinstance(value, str) else value

    rest = {key: filled(value, f"$.form.{key}") for key, value in form.items() if key != "words"}
    return {**rest, "words": words} if "words" in form else rest


def _in_order(source: Source, form: Form) -> Form:
    if not form.order:
        return form
    sheets = {sheet.name: sheet for sheet in form.sheets}
    for number, name in enumerate(form.order):
        if name not in sheets:
            message = f"没有名为“{name}”的工作表{did_you_mean(name, sheets)}"
            raise source.error(f"$.form.order[{number}]", message)
    return msgspec.structs.replace(form, sheets=[sheets[name] for name in form.order])


def _with_key(error: str, form: dict[str, Any]) -> str:
    """``error`` with the key that it leaves out: ``$.parts[...]`` is which part?"""
    left_out = re.search(r"\$\.(\w+)\[\.\.\.\]", error)
    kind = left_out[1] if left_out else ""
    for key, value in form.get(kind, {}).items():
        try:
            msgspec.convert({**form, kind: {key: value}}, Form, strict=False)
        except msgspec.ValidationError as again:
            if str(again) == error:
                return error.replace("[...]", f'["{key}"]', 1)
    return error


def _explained(source: Source, error: str) -> RuleFileError:
    what, _, path = error.rpartition(" - at `")
    what = what or error
    where = "$.form" + path.rstrip("`").removeprefix("$")
    if "unknown field `" in what:
        word = what.rpartition("unknown field `")[2].rstrip("`")
        return source.error(f"{where}.{word}", f"不认识“{word}”{did_you_mean(word, _known_keys())}")
    if "missing required field" in what:
        return source.error(where, f"缺少“{what.rpartition('field `')[2].rstrip('`')}”，请补上。")
    return source.error(where, f"这里的写法不能用（{what}）。")


def _known_keys() -> set[str]:
    kinds: list[Any] = [Row, Sheet, Form, *vars(form_parts).values()]
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Model)]
    return {field for kind in models for field in kind.__struct_fields__}
