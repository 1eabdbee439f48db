"""Scores under names of the unit's own: what its score tables and its text say of the same name.

Keys are ``own.<name>``; the total of a table of a hundred points is the ``total`` of the report, if
no other table says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from jixiao.audit.checks.figures import ZERO
from jixiao.audit.checks.score_lists import score_lists
from jixiao.audit.claims import Claim, of_mention
from jixiao.audit.document import Document, Words
from jixiao.audit.grid import Grid, Line
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.names import normal

_FULL = Decimal(100)
_WEIGHTS = ("分值", "权重", "满分", "标准分")


def own_claims(
    documents: Sequence[Document], figures: Mapping[str, Sequence[Grid]], lexicon: Lexicon
) -> list[Claim]:
    """What tables of scores say, and after it what lists of scores in the text say of the same names."""
    tables = [
        claim for name, found in figures.items() for grid in found for claim in _of_grid(grid, name, lexicon)
    ]
    values: dict[str, set[Decimal]] = {}
    for claim in tables:
        values.setdefault(claim.field, set()).add(claim.value)
    known = [claim for claim in tables if len(values[claim.field]) == 1]
    fields = {claim.field for claim in known}
    texts: list[Claim] = []
    for document in documents:
        for paragraph in document.paragraphs:
            for one in score_lists(paragraph, lexicon):
                texts += [of_mention(_key(item.name), item.score, document.name) for item in one.items]
                if one.whole is not None:
                    texts.append(of_mention("total", one.whole, document.name))
    most = _weights((grid for found in figures.values() for grid in found), lexicon)
    told = [one for one in texts if one.field in fields and one.value <= most.get(one.field, one.value)]
    return [*known, *told]


def _weights(found: Iterable[Grid], lexicon: Lexicon) -> dict[str, Decimal]:
    """The weights of the names: 患者满意度 93.16 分 is no score of the four points that it may get."""
    told: dict[str, Decimal] = {}
    for grid in found:
        columns = score_columns(grid, lexicon)
        for place in columns.weights if columns is not None else ():
            for name, group in groups([line for line in grid.lines if not line.kind], place - 1):
                if weight := group[0].figures.get(place):
                    told[_key(name.text)] = max(weight.value, told.get(_key(name.text), ZERO))
    return told


def _key(name: str) -> str:
    return f"own.{re.sub('(?:指标|情况|方面|部分|类)+$', '', normal(name))}"


class ScoreColumns(msgspec.Struct, frozen=True):
    """Where a table has its weights, from the first level to the last, and its only scores."""

    weights: tuple[int, ...]
    score: int


def score_columns(grid: Grid, lexicon: Lexicon) -> ScoreColumns | None:
    """The columns of a table of scores; None for any other table, and where cells are missing."""
    points = [place for place, head in enumerate(grid.heads) if lexicon.kind(head) == "points"]
    weights = [place for place in points if any(form in grid.heads[place] for form in _WEIGHTS)]
    scores = [place for place in points if place not in weights and "扣" not in grid.heads[place]]
    if not weights or len(scores) != 1 or not grid.sound:
        return None
    if len({one.unit == "%" for one in grid.column(weights[-1])}) > 1:
        return None  # the heads have slipped over results
    return ScoreColumns(tuple(weights), scores[0])


def _of_grid(grid: Grid, document: str, lexicon: Lexicon) -> Iterator[Claim]:
    columns = score_columns(grid, lexicon)
    if columns is None:
        return
    score = columns.score
    for line in grid.lines:
        if line.kind == "total" and score in line.figures and _hundred(line, columns.weights):
            yield _claim("total", line.figures[score].value, line.figures[score].cell, document)
    rows = [line for line in grid.lines if not line.kind]
    for place in columns.weights:
        for name, group in groups(rows, place - 1):
            cells = [line.figures[score] for line in group if score in line.figures]
            if len(cells) == len(group):
                value = sum((one.value for one in cells), ZERO)
                yield _claim(_key(name.text), value, cells[0].cell if len(cells) == 1 else name, document)


def _hundred(total: Line, weights: Sequence[int]) -> bool:
    told = [total.figures[place].value for place in weights if place in total.figures]
    return bool(told) and all(value == _FULL for value in told)


def groups(rows: Sequence[Line], place: int) -> Iterator[tuple[Words, list[Line]]]:
    """Rows below a name, up to the next one."""
    group: list[Line] = []
    name: Words | None = None
    for line in rows:
        cell = line.cells[place] if place >= 0 else None
        if cell is not None and cell.text and (name is None or cell.text != name.text):
            if name is not None:
                yield name, group
            name, group = cell, []
        group.append(line)
    if name is not None:
        yield name, group


def _claim(field: str, value: Decimal, cell: Words, document: str) -> Claim:
    return Claim(field, value, ZERO, document, cell, 0, len(cell.text))
