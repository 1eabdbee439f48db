"""The official forms inside a report as a filing, so that the form's own checks look at them.

Rows are told by their labels, columns by their headers; what is not told is left out. Only what
stands in the report is compared: nothing is missing from a form that a report need not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from jixiao.audit.document import Document, Table, Words
from jixiao.audit.tables import IndicatorTable
from jixiao.filing.model import Entry, Filing, Place, Row
from jixiao.rubric.model import Block, Rubric

_NUMBERED = re.compile(
    r"^(?:\d{1,2}[、.]|\(\d\)|[一二三四五六七八九][、.])|^(?:其中|包括)[:：]?|[:：]$|\((?:万元|元|人|㎡|分)\)"
)


def filing_of(documents: Sequence[Document], tables: Sequence[IndicatorTable], rubric: Rubric) -> Filing:
    """What the tables of the documents say of the edition's form."""
    values: dict[str, Entry] = {}
    for document in documents:
        for plain in document.tables:
            for field, cell in _fields(plain, rubric):
                values.setdefault(field, _entry(cell))
    rows: dict[str, list[Row]] = {}
    for table in tables:
        for block, row in _rows(table, rubric):
            rows.setdefault(block.id, []).append(row)
        for total in table.totals:
            if "总分" in next(cell.text for cell in total if cell.text) and (score := _number(total)):
                values.setdefault("total", _entry(score))
    homes = {field: entry.place for field, entry in values.items() if entry.place}
    return Filing(rubric.id, values, {id: tuple(found) for id, found in rows.items()}, homes=homes)


# ---------------------------------------------------------------- the unit's indicators


def _rows(table: IndicatorTable, rubric: Rubric) -> Iterator[tuple[Block, Row]]:
    if not {"target", "actual", "weight", "score"} <= table.columns:
        return
    for row in table.rows:
        block = _block(row.level1, row.level2, rubric)
        if block is not None:
            entries = {column: _entry(cell) for column, cell in row.cells.items()}
            entries |= {"level1": Entry(row.level1), "level2": Entry(row.level2)}
            known = {column.id for column in block.columns}
            place = row.cells["name"].place()
            yield block, Row({id: one for id, one in entries.items() if id in known}, Place(place))


def _block(level1: str, level2: str, rubric: Rubric) -> Block | None:
    scored = [block for block in rubric.blocks if block.row_rule]
    for block in scored:
        if block.name.removesuffix("指标") in level1.partition("(")[0]:
            return block
    return next((block for block in scored if level2 in block.classes), None)


# ---------------------------------------------------------------- amounts


def _fields(table: Table, rubric: Rubric) -> Iterator[tuple[str, Words]]:
    """Cells that stand in the row of a field's label and, for amounts, below the column's header."""
    labels = _labels(rubric)
    header: dict[int, str] = {}
    for row in table.rows:
        columns = _columns(row, rubric)
        if columns:
            header = columns
            continue
        for place, cell in enumerate(row):
            ids = labels.get(bare(cell.text), [])
            for id in ids:
                if any(field.startswith(f"{id}.") for field in rubric.asked):
                    for column, amount in header.items():
                        if f"{id}.{amount}" in rubric.asked and column < len(row) and column > place:
                            yield f"{id}.{amount}", row[column]
                elif place + 1 < len(row) and row[place + 1].text:
                    yield id, row[place + 1]


def _labels(rubric: Rubric) -> dict[str, list[str]]:
    """Label as a form prints it -> ids of fields, rows of amounts by their common id."""
    found: dict[str, list[str]] = {}
    for id, field in rubric.fields.items():
        if field.type in ("money", "count", "area", "percent"):
            for label in (
                field.label,
                field.label.rpartition("·")[2],
                field.label.removeprefix("基础数据表的"),
            ):
                found.setdefault(bare(label), []).append(id)
    return {label: list(dict.fromkeys(ids)) for label, ids in found.items()}


def _columns(row: Sequence[Words], rubric: Rubric) -> dict[int, str]:
    """Place of each column of amounts, where a row is such a header."""
    names: Mapping[str, str] = {
        **{bare(label): id for id, label in rubric.amount_columns.items()},
        f"{rubric.year - 1}年决算数": "previous",
        f"{rubric.year}年预算数": "budget",
        f"{rubric.year}年决算数": "actual",
        "全年执行数": "actual",
    }
    found = {place: names[bare(cell.text)] for place, cell in enumerate(row) if bare(cell.text) in names}
    return found if len(found) >= 2 else {}


def bare(text: str) -> str:
    """A label without number, 其中, unit and colon."""
    before = ""
    while before != text:
        before, text = text, _NUMBERED.sub("", text)
    return text.replace("“", "").replace("”", "")


def _entry(cell: Words) -> Entry:
    raw = "\n".join(segment.text.strip() for segment in cell.segments if segment.text.strip())
    return Entry(raw or None, Place(cell.place()))


def _number(row: Sequence[Words]) -> Words | None:
    """The last number of a total row: the score stands after the weight."""
    found = [cell for cell in row if re.fullmatch(r"\d+(?:\.\d+)?", cell.text)]
    return found[-1] if found else None
