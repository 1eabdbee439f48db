"""What the reviewer wrote into the 汇总 that stands there: it goes into the new one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from jixiao.batch.book.overview import ABOUT, APPROVED, EDITION, FILE, OPINION, TITLE, UNIT, YEAR
from jixiao.batch.book.table import HEAD, Column, Value
from jixiao.batch.errors import NotASummary
from jixiao.batch.result import Brief, same

LEFT_OVER = "没有对上的审核意见"
LEFT_OVER_COLUMNS = [
    Column(UNIT, 30, "words"),
    Column(ABOUT, 24, "words"),
    Column(YEAR, 8),
    Column(EDITION, 34, "words"),
    Column(FILE, 40, "words"),
    Column(APPROVED, 9, "input_points"),
    Column(OPINION, 60, "input"),
]
_OWN = (APPROVED, OPINION)
_KEPT = (UNIT, YEAR, EDITION, FILE, *_OWN)
"""Columns that the sheets have to have; that of the project only where there is one."""


class Opinion(msgspec.Struct, frozen=True):
    """The reviewer's words on one filing, by the headings of their columns."""

    unit: str
    about: str
    year: str
    edition: str
    path: str
    own: Mapping[str, Value]

    def row(self) -> list[Value]:
        return [
            self.unit,
            self.about,
            self.year,
            self.edition,
            self.path,
            *(self.own.get(one) for one in _OWN),
        ]


class Reviewed:
    """The opinions of the old 汇总, each to be given to one filing of the new one."""

    def __init__(self, opinions: Sequence[Opinion]) -> None:
        self._left = dict(enumerate(opinions))

    def matched(self, filings: Sequence[Brief]) -> list[Opinion | None]:
        """For each filing the opinion on it: on its very file first, then on its unit and year; each
        opinion once. What was written on another unit never comes to it, whatever its file is called.
        """
        found: list[Opinion | None] = [None] * len(filings)
        for alike in (_wholly, _unit):
            waiting: dict[object, list[int]] = {}
            for number, one in self._left.items():
                waiting.setdefault(alike(one), []).append(number)
            for at, filing in enumerate(filings):
                if found[at] is None and (numbers := waiting.get(alike(_place(filing)))):
                    found[at] = self._left.pop(numbers.pop(0))
        return found

    def left(self) -> list[Opinion]:
        """Opinions on filings that are gone."""
        return list(self._left.values())


def _place(filing: Brief) -> Opinion:
    return Opinion(filing.unit, filing.about, filing.year, filing.title, filing.path, {})


def _wholly(one: Opinion) -> object:
    return _unit(one), one.path


def _unit(one: Opinion) -> object:
    """A form without a unit's name is known by its file."""
    return same(one.unit) or one.path, same(one.about), one.year, one.edition


def read_reviewed(summary: Path) -> Reviewed:
    """The opinions in a 汇总; none where there is no file. Raises NotASummary."""
    if not summary.exists():
        return Reviewed(())
    import openpyxl

    strange = NotASummary(
        f"“{summary.name}”已经存在，不是本软件写的汇总表（或者打不开），没有改动它。请用 -o 换一个文件名。"
    )
    try:
        book = openpyxl.load_workbook(summary, read_only=True, data_only=True)
    except Exception as error:  # whatever is wrong with it: it is not ours to replace
        raise strange from error
    try:
        if TITLE not in book.sheetnames:
            raise strange
        opinions = list(_opinions(book[TITLE]))
        if LEFT_OVER in book.sheetnames:
            opinions += _opinions(book[LEFT_OVER])
    except KeyError as error:
        raise NotASummary(
            f"“{summary.name}”的“{TITLE}”里找不到“{error.args[0]}”一栏，您写的审核意见读不出来，"
            "没有改动它。请恢复栏目的名称，或用 -o 换一个文件名。"
        ) from error
    finally:
        book.close()
    return Reviewed(opinions)


def _opinions(sheet: Any) -> Iterator[Opinion]:
    """Columns are found by their headings; raises KeyError with one that is gone."""
    rows = sheet.iter_rows(min_row=HEAD, values_only=True)
    headings = next(rows, ())
    at = {heading: number for number, heading in enumerate(headings) if heading}
    places = {heading: at[heading] for heading in _KEPT}
    if ABOUT in at:
        places[ABOUT] = at[ABOUT]
    for row in rows:
        cells = {heading: row[number] if number < len(row) else None for heading, number in places.items()}
        own = {heading: value for heading in _OWN if (value := _value(cells[heading])) not in (None, "")}
        if own:
            unit, about, year, edition, path = (
                str(cells.get(one) or "") for one in (UNIT, ABOUT, YEAR, EDITION, FILE)
            )
            yield Opinion(unit, about, year, edition, path, own)


def _value(raw: Any) -> Value:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None if raw is None else str(raw)
    return Decimal(str(raw))
