"""What a new form takes over from last year's: names, goals and indicators as drafts, 决算 as 上年决算.

Which field takes which is the edition's (``carries``); actual values and scores are never among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jixiao.filing.interchange import field_labels
from jixiao.filing.model import Entry, Filing, Row
from jixiao.rubric.model import Rubric

_NAME = "name"
"""The column without which a row is no draft of anything."""


class Drafts(NamedTuple):
    """The filing to begin with, and in words what last year's form did not give."""

    filing: Filing
    lacking: list[str]


def drafts(rubric: Rubric, last: Filing) -> Drafts:
    """The drafts for a form of ``rubric`` out of last year's filing, which may be of another edition."""
    labels = field_labels(rubric)
    values: dict[str, Entry] = {}
    lacking: list[str] = []
    for this, old in _fields(rubric):
        entry = last[old]
        if entry.error or entry.uncalculated:
            lacking.append(f"{labels[this]}（去年的公式没有结果）")
        elif entry.blank:
            lacking.append(labels[this])
        else:
            values[this] = _draft(entry)
    rows: dict[str, tuple[Row, ...]] = {}
    for block in rubric.blocks:
        columns = rubric.carries.blocks.get(block.id, {})
        old_rows = last.rows.get(block.id, ())
        rows[block.id] = tuple(
            Row({this: _draft(row[old]) for this, old in columns.items() if _says(row[old])})
            for row in old_rows
            if _NAME in columns and _says(row[columns[_NAME]])
        )
        if columns and not rows[block.id]:
            lacking.append(block.name)
    return Drafts(Filing(rubric.id, values, rows), lacking)


def _fields(rubric: Rubric) -> Iterator[tuple[str, str]]:
    """This year's field and last year's, one by one."""
    carries = rubric.carries
    yield from carries.fields.items()
    for name, field in rubric.fields.items():
        for this, old in carries.amounts.items():
            if this in field.amounts and old in field.amounts:
                yield f"{name}.{this}", f"{name}.{old}"


def _says(entry: Entry) -> bool:
    return not (entry.blank or entry.error or entry.uncalculated)


def _draft(entry: Entry) -> Entry:
    return Entry(entry.raw, percent=entry.percent)
