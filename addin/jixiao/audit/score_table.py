"""The official form of indicators with their scores, also where cells have slipped out of their columns.

A row is told by the name of its indicator, or where that is lost by its criteria; what stands in
it is trusted only where it stands in its column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from jixiao.audit.document import Document, Table, Words
from jixiao.audit.names import Names, normal
from jixiao.filing.quantity import tidy
from jixiao.rubric.model import Rubric, walk

_NUMBER = re.compile(r"\d+(?:\.\d+)?分?")
_NAME = ("三级指标", "指标名称", "评价指标")
_CRITERIA = ("评分标准", "评价标准", "评分规则")
_LONG = 15
"""Shorter texts may be part of anybody's criteria."""
_MOSTLY = 0.6
"""So much of a text must be an indicator's criteria for it to be its."""
_ROWS = 3
"""A table that names fewer indicators is no form."""


class ScoreRow(msgspec.Struct, frozen=True):
    """A row of the form: ``key`` is ``score.<id>``; ``slipped`` where cells are not in their columns."""

    key: str
    weight: Words | None
    score: Words | None
    slipped: bool


class ScoreTable(msgspec.Struct, frozen=True):
    document: str
    rows: tuple[ScoreRow, ...]
    slipped: tuple[Words, ...]
    """The first cell of each row that has slipped."""
    total: Words | None


def score_tables(document: Document, names: Names, rubric: Rubric) -> Iterator[ScoreTable]:
    """The tables of a document that list the rubric's indicators with their scores."""
    reader = _Reader(names, rubric)
    for table in document.tables:
        if (found := reader.read(table, document.name)) is not None:
            yield found


class _Reader:
    def __init__(self, names: Names, rubric: Rubric) -> None:
        self._names = names
        self._criteria = {
            f"score.{one.id}": _pairs(one.criteria)
            for _, one in walk(rubric.levels)
            if one.criteria and not one.summed
        }
        self._levels = {normal(name) for key, name in names.shown.items() if key.startswith("level.")}

    def read(self, table: Table, document: str) -> ScoreTable | None:
        header: Mapping[str, int] = {}
        rows: list[tuple[Sequence[Words], ScoreRow]] = []
        total: Words | None = None
        for row in table.rows:
            if found := _header(row):
                header = found
            elif header and any(cell.text for cell in row):
                first = next(cell.text for cell in row if cell.text)
                if first in ("总分", "合计", "总计", "自评总分"):
                    total = _last_number(row, 2)
                elif (made := self._row(row, header)) is not None:
                    rows.append((row, made))
        named = {made.key for _, made in rows if made.key}
        if len(named) < _ROWS or len(named) * 2 < len(rows):
            return None
        slipped = tuple(next(cell for cell in row if cell.text) for row, made in rows if made.slipped)
        return ScoreTable(document, tuple(self._sure(rows)), slipped, total)

    def _row(self, row: Sequence[Words], header: Mapping[str, int]) -> ScoreRow | None:
        at = header["name"]
        places = [place for place, cell in enumerate(row) if self._name(cell)]
        long = [place for place, cell in enumerate(row) if len(cell.text) >= _LONG]
        firsts = [place for place, cell in enumerate(row) if not place or row[place - 1] is not cell]
        numbers = [place for place in firsts if _NUMBER.fullmatch(row[place].text)]
        if not places and not long:
            return None
        if at in places or not places:
            place = at
        else:
            place = places[-1]
        key = self._name(row[place]) if places else ""
        weight = place + 1 if place + 1 in numbers else None
        scores = [one for one in numbers if one != weight and one > place]
        told = next((found for one in long if (found := self._told(row[one], one, header))), "")
        slipped = place != at or not key or (weight is None and "weight" in header)
        slipped = slipped or (bool(told) and told != key) or self._level_slipped(row, header)
        if not key and not told:
            return ScoreRow("", None, None, True) if scores else None
        return ScoreRow(
            key or f"?{told}",
            row[weight] if weight is not None else None,
            row[scores[-1]] if scores else None,
            slipped,
        )

    def _name(self, cell: Words) -> str:
        key = self._names.find(cell.text) if 2 < len(cell.text) < 30 else ""
        return key if key in self._criteria else ""

    def _told(self, cell: Words, place: int, header: Mapping[str, int]) -> str:
        """The indicator whose criteria this is most of."""
        if place < header.get("criteria", 0) - 1:
            return ""
        pairs = _pairs(cell.text)
        shares = {key: len(pairs & own) / len(pairs) for key, own in self._criteria.items() if pairs}
        best = max(shares, key=lambda key: shares[key], default="")
        others = max((share for key, share in shares.items() if key != best), default=0.0)
        return best if best and shares[best] >= _MOSTLY and shares[best] > others + 0.1 else ""

    def _level_slipped(self, row: Sequence[Words], header: Mapping[str, int]) -> bool:
        """A level's column holds something that is no level, or the one after it no weight."""
        for column, place in header.items():
            text = row[place].text if place < len(row) else ""
            if column in ("level1", "level2") and text and normal(text) not in self._levels:
                return True
            if column.startswith("weight") and text and not _NUMBER.fullmatch(text):
                return True
        return False

    def _sure(self, rows: Sequence[tuple[Sequence[Words], ScoreRow]]) -> Iterator[ScoreRow]:
        """Rows with a name; those told by their criteria only where no row has the name."""
        named = [made.key for _, made in rows]
        for _, made in rows:
            key = made.key.removeprefix("?")
            if key and named.count(made.key) == 1 and (made.key == key or key not in named):
                yield msgspec.structs.replace(made, key=key)


def _header(row: Sequence[Words]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        text = cell.text.partition("(")[0]
        if text in _NAME:
            found.setdefault("name", place)
        elif text == "一级指标":
            found.setdefault("level1", place)
        elif text == "二级指标":
            found.setdefault("level2", place)
        elif text in ("分值", "权重"):
            found.setdefault("weight" if "name" in found else f"weight{place}", place)
        elif text in _CRITERIA:
            found.setdefault("criteria", place)
        elif "得分" in text or "自评分" in text:
            found.setdefault("score", place)
    return found if {"name", "score"} <= found.keys() else {}


def _last_number(row: Sequence[Words], least: int) -> Words | None:
    """The last of at least so many numbers: the score of a total row stands after its weight."""
    found = [cell for cell in row if _NUMBER.fullmatch(cell.text)]
    return found[-1] if len(found) >= least else None


def _pairs(text: str) -> frozenset[str]:
    bare = re.sub(r"[^\w%≥≤<>]", "", tidy(text))
    return frozenset(bare[at : at + 2] for at in range(len(bare) - 1))
