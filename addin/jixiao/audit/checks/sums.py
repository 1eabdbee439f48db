"""Rows of a table that sum up others: 合计, 小计, and rows that are the sum of those below them.

How a table adds up is told by its words only in part. Every way in which its rows may make up a
total is tried: a total is wrong where none of them makes it right, and either the same rows add
up in other columns, or the table is a plain list that can be read in one way only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.audit.checks.figures import ZERO
from jixiao.audit.grid import Figure, Grid, Line, adds_up, figure
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.remark import Remarks
from jixiao.filing.quantity import plain

Parts = tuple[Line, ...]
_PARENT_COLUMNS = 2
"""A row without a word for it is a sum where it is one in so many other columns."""
_TOTALS = ("total", "subtotal")
_FULL_MARK = re.compile(r"\d分")
"""In the head of a column of scores: 得分（10 分）."""


def check_sums(grid: Grid, lexicon: Lexicon, remarks: Remarks) -> None:
    """Every total, subtotal and row with parts of one table."""
    if not grid.sound:
        return
    columns = additive(grid, lexicon)
    for number, line in enumerate(grid.lines):
        own = [place for place in columns if place in line.figures]
        if line.kind in _TOTALS:
            _check_total(grid, number, own, lexicon, remarks)
        elif not line.kind:
            _check_parent(grid, number, own, lexicon, remarks)
    _check_identities(grid, columns, lexicon, remarks)


def additive(grid: Grid, lexicon: Lexicon) -> list[int]:
    """The columns whose figures may add up."""
    return [
        place
        for place, head in enumerate(grid.heads)
        if adds_up(head, lexicon)
        and len(grid.column(place)) > 1
        and not any(one.unit == "%" for one in grid.column(place))
    ]


def _check_total(grid: Grid, number: int, columns: Sequence[int], lexicon: Lexicon, remarks: Remarks) -> None:
    total = grid.lines[number]
    readings = list(_readings(grid.lines, number, columns))
    fits = {
        place: [parts for parts in readings if _adds_up(parts, total, place, grid, lexicon)]
        for place in columns
    }
    wrong = [place for place in columns if not fits[place] and _several(readings, place)]
    known = [parts for place in columns for parts in fits[place] if _sum(parts, place)]
    for place in wrong:
        added = lexicon.kind(grid.heads[place]) == "points" and not _one_mark(grid, total, place, lexicon)
        if _like_an_average(grid, total, place) and not added:
            continue
        usable = [parts for parts in readings if sum(place in line.figures for line in parts) > 1]
        if known and len(wrong) <= len(columns) - len(wrong):
            shown = [parts for parts in usable if parts in known]
            if shown:
                _remark(shown[0], total, place, grid, lexicon, remarks)
        elif len(wrong) == 1 and not known and usable:
            proven = _proven(grid, number, place, lexicon)
            if proven or _plain_list(grid, lexicon):
                _remark(proven or usable[0], total, place, grid, lexicon, remarks)


def _proven(grid: Grid, number: int, place: int, lexicon: Lexicon) -> Parts:
    """The parts of a total that the other subtotals show: each of them is the sum of the rows above it."""
    others = [
        at
        for at, line in enumerate(grid.lines)
        if line.kind == "subtotal" and at != number and place in line.figures
    ]
    stretches = {at: _stretch(grid.lines, at) for at in (*others, number)}
    right = all(_adds_up(stretches[at], grid.lines[at], place, grid, lexicon) for at in others)
    if not others or not right or any(len(stretches[at]) < 2 for at in others):
        return ()
    if grid.lines[number].kind == "subtotal":
        return stretches[number] if len(stretches[number]) > 1 else ()
    loose = stretches[number]
    return (*(grid.lines[at] for at in others), *loose) if len(others) > 1 else ()


def _stretch(lines: Sequence[Line], number: int) -> Parts:
    return tuple(line for line in _back_to(lines[:number], _TOTALS) if not line.kind)


def _one_mark(grid: Grid, total: Line, place: int, lexicon: Lexicon) -> bool:
    """Every row and the total by the same mark: 得分（10 分）, or a column 满分 of nothing but 10."""
    points = [at for at, head in enumerate(grid.heads) if lexicon.kind(head) == "points"]
    lines = [total, *(line for line in grid.lines if line.kind not in _TOTALS)]
    marks = [{line.figures[at].value if at in line.figures else None for line in lines} for at in points]
    alike = any(len(mark) == 1 and None not in mark for mark in marks)
    return len(lines) > 2 and alike or bool(_FULL_MARK.search(grid.heads[place]))


def _like_an_average(grid: Grid, total: Line, place: int) -> bool:
    """No more than the greatest of the figures: something that does not add up at all."""
    rows = [line for line in grid.lines if line.kind not in _TOTALS]
    others = [line.figures[place].value for line in rows if place in line.figures]
    return total.figures[place].value <= max(others, default=ZERO)


def _several(readings: Sequence[Parts], place: int) -> bool:
    return any(sum(place in line.figures for line in parts) > 1 for parts in readings)


def _plain_list(grid: Grid, lexicon: Lexicon) -> bool:
    """One total, and rows that are all alike: there is one way to add them up."""
    kinds = [line.kind for line in grid.lines]
    rows = [line for line in grid.lines if not line.kind]
    if kinds.count("total") != 1 or set(kinds) - {"total", ""} or len({line.level for line in rows}) > 1:
        return False
    names = [line.cells[0].text for line in rows if line.cells[0].text]
    partial = re.search(lexicon.words.tables.partial, grid.caption + "".join(grid.heads))
    return not partial and len(set(names)) == len(names)


# ---------------------------------------------------------------- which rows make up a total


def _readings(lines: Sequence[Line], number: int, columns: Sequence[int]) -> Iterator[Parts]:
    """The sets of rows that may be the parts of a total, the likeliest first."""
    seen: set[tuple[int, ...]] = set()
    above, below = list(lines[:number]), list(lines[number + 1 :])
    stretch = _back_to(above, _TOTALS), _up_to(below, _TOTALS)
    if lines[number].kind == "subtotal":
        sides = [stretch[0], stretch[1], above, below]
    else:
        sides = [_back_to(above, ("total",)), _up_to(below, ("total",)), *stretch, above, below]
    for side in sides:
        for parts in _sets(side, columns):
            key = tuple(map(id, parts))
            if len(parts) > 1 and key not in seen:
                seen.add(key)
                yield parts


def _sets(side: Sequence[Line], columns: Sequence[int]) -> Iterator[Parts]:
    rows = [line for line in side if not line.kind]
    levels = sorted({line.level for line in rows if line.level})
    subtotals = [line for line in side if line.kind in _TOTALS]
    loose = list(side[side.index(subtotals[-1]) + 1 :]) if subtotals else []
    tops = [line for line in side if line.kind == "subtotal"]
    yield tuple(rows)
    yield tuple(tops)
    yield (*tops, *(line for line in loose if not line.kind))
    for level in levels:
        yield tuple(line for line in rows if line.level == level)
        yield tuple(line for line in rows if line.level in (0, level))
    yield tuple(line for line in rows if not line.level)
    yield tuple(line for line in rows if line.cells[0].text)
    yield tuple(_uncovered(rows, columns))
    yield tuple(line for line in side if line.kind in ("", "part"))
    yield tuple(line for line in side if line.kind == "part")


def _back_to(lines: Sequence[Line], kinds: tuple[str, ...]) -> list[Line]:
    last = max((number for number, line in enumerate(lines) if line.kind in kinds), default=-1)
    return list(lines[last + 1 :])


def _up_to(lines: Sequence[Line], kinds: tuple[str, ...]) -> list[Line]:
    first = next((number for number, line in enumerate(lines) if line.kind in kinds), len(lines))
    return list(lines[:first])


def _uncovered(rows: Sequence[Line], columns: Sequence[int]) -> Iterator[Line]:
    """The rows that are part of no row above them."""
    number = 0
    while number < len(rows):
        yield rows[number]
        covered = next(
            (
                end
                for end in range(number + 2, len(rows))
                if any(
                    _sum(rows[number + 1 : end + 1], place) == rows[number].figures[place].value != 0
                    for place in columns
                    if place in rows[number].figures
                )
            ),
            number,
        )
        number = covered + 1


def _sum(parts: Sequence[Line], place: int) -> Decimal:
    return sum((line.figures[place].value for line in parts if place in line.figures), ZERO)


def _adds_up(parts: Parts, total: Line, place: int, grid: Grid, lexicon: Lexicon) -> bool:
    terms = [line.figures[place] for line in parts if place in line.figures]
    return abs(_sum(parts, place) - total.figures[place].value) <= _room(
        [*terms, total.figures[place]], grid.heads[place], lexicon
    )


def _room(terms: Sequence[Figure], head: str, lexicon: Lexicon) -> Decimal:
    """What rounding may move a sum by; points are not rounded."""
    if lexicon.kind(head) == "points":
        return ZERO
    return sum((one.slack for one in terms), ZERO)


# ---------------------------------------------------------------- rows that are sums without a word for it


def _check_parent(
    grid: Grid, number: int, columns: Sequence[int], lexicon: Lexicon, remarks: Remarks
) -> None:
    """A row that is the sum of the rows below it in several columns, and in one it is not."""
    line, below = grid.lines[number], _up_to(grid.lines[number + 1 :], _TOTALS)
    if len(columns) <= _PARENT_COLUMNS:
        return
    for end in range(2, len(below) + 1):
        parts = tuple(below[:end])
        usable = [place for place in columns if sum(place in one.figures for one in parts) > 1]
        wrong = [place for place in usable if not _adds_up(parts, line, place, grid, lexicon)]
        proofs = {_sum(parts, place) for place in usable if place not in wrong} - {ZERO}
        if len(wrong) == 1 and len(proofs) >= _PARENT_COLUMNS:
            _remark(parts, line, wrong[0], grid, lexicon, remarks)
            return


def _check_identities(grid: Grid, columns: Sequence[int], lexicon: Lexicon, remarks: Remarks) -> None:
    """Rows that are known to make up another: 基本支出 is 人员经费 and 公用经费."""
    named: dict[str, list[Line]] = {}
    for line in grid.lines:
        subject = lexicon.subject(line.label)
        if subject and not lexicon.without_known(re.sub(r"^[^一-龥“]+", "", line.label)):
            named.setdefault(subject, []).append(line)
    for identity in lexicon.words.identities:
        found = [named.get(name, []) for name in (identity.whole, *identity.parts)]
        if any(len(lines) != 1 for lines in found):
            continue
        whole, parts = found[0][0], tuple(lines[0] for lines in found[1:])
        between = abs(grid.lines.index(parts[-1]) - grid.lines.index(whole)) + 1
        if between > len(parts) + 1 and identity.whole != "基本支出":
            continue
        usable = [
            place
            for place in columns
            if all(place in line.figures for line in (whole, *parts)) and whole.figures[place].value
        ]
        wrong = [place for place in usable if not _adds_up(parts, whole, place, grid, lexicon)]
        for place in wrong if len(wrong) < max(len(usable), 2) else ():
            _remark(parts, whole, place, grid, lexicon, remarks)


def _name(total: Line, place: int) -> str:
    """The words beside a figure: 收入总计 and 支出总计 may stand in one row."""
    words = (
        cell.text
        for cell in reversed(total.cells[:place])
        if re.search(r"\w", cell.text) and not figure(cell)
    )
    return next(words, total.label)


def _remark(parts: Parts, total: Line, place: int, grid: Grid, lexicon: Lexicon, remarks: Remarks) -> None:
    cell = total.figures[place].cell
    terms = [line.figures[place].text for line in parts if place in line.figures]
    expected = plain(_sum(parts, place))
    if lexicon.kind(grid.heads[place]) == "points":
        remarks.add(
            "JX-709", (cell, 0, len(cell.text)), stated=cell.text, expected=expected, sum="＋".join(terms)
        )
        return
    remarks.add(
        "JX-705", (cell, 0, len(cell.text)), stated=cell.text, expected=expected, whole=_name(total, place),
        parts="＋".join(terms),
    )  # fmt: skip
