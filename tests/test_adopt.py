"""Forms that we did not make are recognised by their labels, and read back to the same filing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import bureau_forms as forms
from jixiao.adopt.adopt import bind
from jixiao.adopt.labels import key
from jixiao.filing.model import Entry, Filing
from jixiao.rubric.load import load_rubric
from jixiao.workbook.form import load_form
from jixiao.workbook.reading import read_filing

EDITIONS = ("guangzhou-2023", "loudi-2023", "yueyang-2024", "mof-project")
OUR_WORDS = {
    _key: key(label)
    for edition in EDITIONS
    for label, others in load_form(edition).synonyms.items()
    if label.endswith("指标")
    for _key in map(key, others)
}
"""Second-level classes as others write them."""
SUFFIXES = (".xlsx", ".xls", ".docx")


def said(entry: Entry, *, label: bool = False) -> Any:
    """What a cell says, however its file writes it."""
    raw = entry.raw
    if isinstance(raw, str):
        text = "\n".join(line.strip() for line in raw.strip().split("\n"))
        if label:
            return OUR_WORDS.get(key(text), key(text))
        if not text:
            return None
        bare = text.removesuffix("%").replace(",", "")
        try:
            raw = Decimal(bare) / (100 if text.endswith("%") else 1)
        except ArithmeticError:
            return text
    if isinstance(raw, Decimal):
        return round(raw, 6).normalize()
    return raw or None


def differences(
    found: Filing, given: Filing, forms_fields: set[str], columns: set[str], sheets: set[str]
) -> list[str]:
    """What two filings of one edition say differently in the fields and columns that a form has."""
    wrong = []
    for field in sorted(forms_fields):
        one, other = said(found[field]), said(given[field])
        if one != other:
            wrong.append(f"{field}: {one!r} ≠ {other!r}")
    for block, rows in given.rows.items():
        if not any(row.place and row.place.sheet in sheets for row in rows):
            continue
        if block not in found.rows:
            if rows:
                wrong.append(f"{block}: 没有")
            continue
        mine = [
            row
            for row in found.rows[block]
            if any(not e.blank for i, e in row.entries.items() if i[:5] != "level")
        ]
        theirs = [
            row
            for row in rows
            if any(
                not e.blank
                for i, e in row.entries.items()
                if i[:5] != "level" and i in columns | {"previous", "budget"}
            )
        ]
        if len(mine) != len(theirs):
            wrong.append(f"{block}: {len(mine)} 行 ≠ {len(theirs)} 行")
        for number, (row, typed) in enumerate(zip(mine, theirs, strict=False), 1):
            for column in row.entries:
                if column in columns:
                    label = column.startswith("level")
                    one, other = said(row[column], label=label), said(typed[column], label=label)
                    if one != other:
                        wrong.append(f"{block} {number} {column}: {one!r} ≠ {other!r}")
    return wrong


def cases() -> list[Any]:
    made = []
    for edition in EDITIONS:
        ways = forms.WAYS + (() if edition == "guangzhou-2023" else forms.OF_ROWS)
        for number, way in enumerate(ways):
            suffixes = SUFFIXES if way is forms.as_printed else (SUFFIXES[number % 3],)
            made += [pytest.param(edition, way, one, id=f"{edition}-{way.__name__}{one}") for one in suffixes]
    return made


def test_there_are_many_kinds_of_forms() -> None:
    assert len(cases()) >= 40


@pytest.mark.parametrize(("edition", "way", "suffix"), cases())
def test_a_form_is_read_back_to_the_same_filing(edition: str, way: Any, suffix: str) -> None:
    papers, given = forms.papers(edition)
    official = {paper.name for paper in papers}
    changed = way(papers)
    path = forms.saved(changed, suffix)
    port, found = bind([path], "")
    rubric = load_rubric(edition)
    assert found.recognition.edition == edition
    filing = read_filing(port, rubric)
    fields = {
        field
        for field, place in given.homes.items()
        if place.sheet in official and not _beside(given, rubric, field)
    }
    columns = {column for paper in changed for column in paper.columns} | {
        "name",
        "previous",
        "budget",
        "actual",
    }
    doubtful = [one for one in found.recognition.bindings if one.doubt]
    wrong = differences(filing, given, fields, columns, official)
    assert not wrong, (wrong, found.recognition.unbound, doubtful)


def _beside(given: Filing, rubric: Any, field: str) -> bool:
    return field == "budget.basis"
