"""The same indicator in several tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from jixiao.audit.remark import Remarks
from jixiao.audit.tables import IndicatorRow, IndicatorTable

ALIKE = 0.75
"""Names that are so alike, beside the same target, are one indicator."""


def check_consistency(tables: Sequence[IndicatorTable], remarks: Mapping[str, Remarks]) -> None:
    """What the tables of all documents say of the same indicators."""
    for number, later in enumerate(tables):
        for earlier in tables[:number]:
            others = {row.name for table in tables if table is not earlier for row in table.rows}
            for row in (one for one in later.rows if one.name != "/"):
                _check_row(row, earlier, others, remarks[later.document])


def _check_row(row: IndicatorRow, earlier: IndicatorTable, others: set[str], remarks: Remarks) -> None:
    same = next((one for one in earlier.rows if one.name == row.name), None)
    about = row.cells["name"]
    if same is None:
        likely = _likely(row, earlier, others)
        if likely is not None:
            remarks.add("JX-713", (about, 0, len(about.text)), stated=row.name, expected=likely.name,
                        other=likely.cells["name"].place())  # fmt: skip
        return
    if _class(row) and _class(same) and _class(row) != _class(same):
        remarks.add(
            "JX-714", (about, 0, len(about.text)), stated=row.level2, expected=same.level2,
            name=row.name, other=same.cells["name"].place(),
        )  # fmt: skip
    for column, code in (("target", "JX-715"), ("actual", "JX-715")):
        ours, theirs = row.text(column), same.text(column)
        if ours and theirs and _value(ours) != _value(theirs):
            cell = row.cells[column]
            remarks.add(code, (cell, 0, len(cell.text)), stated=ours, expected=theirs, name=row.name,
                        other=same.cells["name"].place())  # fmt: skip


def _likely(row: IndicatorRow, earlier: IndicatorTable, others: set[str]) -> IndicatorRow | None:
    """A row of another name that must be the same indicator: alike in name, alike in target.

    Not one that has its own row elsewhere (``others``).
    """
    for one in earlier.rows:
        if one.name in others or not one.name or one.name == "/" or abs(len(one.name) - len(row.name)) > 2:
            continue
        alike = SequenceMatcher(None, one.name, row.name).ratio()
        digits = re.sub(r"\D", "", one.name) == re.sub(r"\D", "", row.name)
        if ALIKE <= alike < 1 and digits and row.text("target") == one.text("target"):
            return one
    return None


def _class(row: IndicatorRow) -> str:
    return row.level2.removesuffix("指标")


def _value(text: str) -> str:
    return re.sub(r"[\s,，。；;]", "", text)
