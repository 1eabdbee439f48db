"""The same indicator in several tables, and in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher

from jixiao.audit.document import Document
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.mentions import mentions
from jixiao.audit.outline import outline
from jixiao.audit.remark import Remarks
from jixiao.audit.tables import IndicatorRow, IndicatorTable

_SHORT = 3
"""Shorter names may be of many things: 满意度."""
_RATE = re.compile(r"(\d+(?:\.\d+)?)[%％]")
ALIKE = 0.75
"""Names that are so alike, beside the same target, are one indicator."""


def check_consistency(tables: Sequence[IndicatorTable], remarks: Mapping[str, Remarks]) -> None:
    """What the tables of all documents say of the same indicators."""
    for number, later in enumerate(tables):
        for earlier in tables[:number]:
            others = {row.name for table in tables if table is not earlier for row in table.rows}
            for row in (one for one in later.rows if one.name != "/"):
                _check_row(row, earlier, others, remarks[later.document])


def check_named(
    document: Document, tables: Sequence[IndicatorTable], words: Lexicon, remarks: Remarks
) -> None:
    """服务点覆盖率 92%, where the tables say that it reached 91.67%: a rate under the very name of a row."""
    told: dict[str, set[str]] = {}
    for row in (row for table in tables for row in table.rows if row.text("actual")):
        told.setdefault(row.name, set()).update((row.text("target"), row.text("actual")))
    named = {
        name: values for name, values in told.items() if len(name) > _SHORT and name.endswith(("率", "度"))
    }
    for section in outline(document).walk() if named else ():
        head = section.head.text if section.head else ""
        if any(word in head for word in words.words.plans):
            continue
        for one in (one for paragraph in section.own for one in mentions(paragraph)):
            values = named.get(re.sub("(?:为|是|达到?)$", "", one.words), set())
            rates = [found for value in values for found in _RATE.findall(value)]
            plain = [Decimal(rate) for rate in rates]
            if not one.percent or one.about or not plain or not all(map(_RATE.search, values - {""})):
                continue
            if not any(abs(one.value * 100 - rate) <= one.slack * 100 + _half(rate) for rate in plain):
                row = next(row for table in tables for row in table.rows if row.name in one.words)
                cell = row.cells.get("actual") or row.cells["name"]
                remarks.add(
                    "JX-707", one, stated=one.quote, expected=row.text("actual") or row.text("target"),
                    name=row.name, other=cell.place(), also=[one.place, cell.place()],
                )  # fmt: skip


def _half(rate: Decimal) -> Decimal:
    exponent = rate.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent) / 2


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
