"""Columns of a table that are reckoned from others in the same row: rates, shares, differences, sums.

Which columns a rate is made of is told by the rows: it is the quotient that most of them are. With
one row or two there is no such proof, and the heads must tell (决算 over 预算). A figure is wrong
only where no way that the table knows makes it right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import permutations

import msgspec

from jixiao.audit.checks.figures import ZERO
from jixiao.audit.grid import Figure, Grid, Line, adds_up
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.remark import Remarks
from jixiao.filing.quantity import plain
from jixiao.scoring.arithmetic import rounded

_ALIKE_AT_LEAST = 2
"""So many rows must show how a figure is meant."""
_FULL = Decimal(100)


class Way(msgspec.Struct, frozen=True):
    """One way to reckon a column: ``told`` by the heads, or only by the rows. Places of its columns."""

    kind: str
    columns: tuple[int, ...]
    told: bool


def check_across(grid: Grid, lexicon: Lexicon, remarks: Remarks) -> None:
    """Every column of one table that is reckoned from others."""
    reader = _Reader(grid, lexicon)
    for place, head in enumerate(grid.heads):
        kind = lexicon.kind(head)
        if kind in ("growth", "ratio", "difference", "sum"):
            reader.check(place, kind, remarks)


class _Reader:
    def __init__(self, grid: Grid, lexicon: Lexicon) -> None:
        self._grid, self._lexicon = grid, lexicon
        kinds = [lexicon.kind(head) for head in grid.heads]
        self._plain = [
            place
            for place, kind in enumerate(kinds)
            if kind not in ("growth", "ratio")
            and grid.column(place)
            and (lexicon.goal(grid.heads[place]) or all(one.unit != "%" for one in grid.column(place)))
        ]
        self._kinds = kinds
        self._bases = [lexicon.basis(head) for head in grid.heads]
        totals = [line for line in grid.lines if line.kind == "total"]
        self._total = totals[0] if len(totals) == 1 else None

    def check(self, place: int, kind: str, remarks: Remarks) -> None:
        rows = [line for line in self._grid.lines if place in line.figures]
        if kind == "sum":  # 执行率 of several units does not add up
            rows = [line for line in rows if adds_up(line.label, self._lexicon)]
        ways = list(self._ways(place, kind))
        right = {way: [line for line in rows if self._right(way, line, place)] for way in ways}
        usable = {way: [line for line in rows if self._result(way, line) is not None] for way in ways}
        best = max(ways, key=lambda way: (len(right[way]), way.told), default=None)
        if best is None:
            return
        proven = len(right[best]) >= _ALIKE_AT_LEAST and len(right[best]) * 2 > len(usable[best])
        told = [way for way in ways if way.told and usable[way] and (way.kind != "sum" or right[way])]
        if proven:
            # In a small table two rows may agree by chance with several ways: any of them will do.
            known = [way for way in ways if len(right[way]) * 2 >= len(right[best]) or way.told]
        elif told and len(rows) <= _ALIKE_AT_LEAST:
            known, best = told, max(told, key=lambda way: (len(right[way]), len(usable[way])))
        else:
            return
        for line in usable[best]:
            if not any(self._right(way, line, place) for way in known):
                self._remark(best, line, place, remarks)

    # ------------------------------------------------------------ the ways

    def _ways(self, place: int, kind: str) -> Iterator[Way]:
        amounts = [one for one in self._plain if one != place and self._kinds[one] != "points"]
        two = [one for one in amounts if self._kinds[one] != "difference"]
        pairs = list(permutations(amounts, 2))
        if kind == "ratio":
            points = [one for one in self._plain if self._kinds[one] == "points"]
            for above, below in pairs:
                yield Way("quotient", (above, below), self._spent(place, above, below))
            for above, below in permutations(
                points if self._lexicon.scored(self._grid.heads[place]) else (), 2
            ):
                yield Way("quotient", (above, below), False)
            share = self._is_share(place)
            if self._total is not None:
                for one in amounts:
                    yield Way("share", (one,), share and len(two) == 1)
        elif kind == "growth":
            for now, base in pairs:
                yield Way("growth", (now, base), len(two) == 2)
        elif kind == "difference":
            for now, base in pairs:
                yield Way("difference", (now, base), len(two) == 2)
        elif kind == "sum":
            yield from self._sums(place)

    def _spent(self, place: int, above: int, below: int) -> bool:
        """执行率 of columns that say 决算 and 预算, 完成率 of 实际 and 目标 (or the other way round)."""
        head = self._grid.heads[place]
        if any(form in head for form in self._lexicon.words.rates["执行率"]):
            return self._bases[above] == "actual" and self._bases[below] in ("adjusted", "initial")
        said = {self._lexicon.goal(self._grid.heads[one]) for one in (above, below)}
        return self._lexicon.completed(head) and said == {"target", "reached"}

    def _is_share(self, place: int) -> bool:
        return any(word in self._grid.heads[place] for word in self._lexicon.words.share)

    def _sums(self, place: int) -> Iterator[Way]:
        """A column 合计 of those beside it, up to the next such column."""
        whole = [one for one in self._plain if self._kinds[one] == "sum"]
        others = [one for one in self._plain if one not in whole and self._kinds[one] != "difference"]
        right = [one for one in others if one > place and not any(place < other < one for other in whole)]
        left = [one for one in others if one < place and not any(one < other < place for other in whole)]
        above = self._grid.heads[place].rpartition("·")[0]
        group = [one for one in others if above and self._grid.heads[one].rpartition("·")[0] == above]
        seen: set[tuple[int, ...]] = set()
        for parts in (group, right, left, others):
            if len(parts) > 1 and tuple(parts) not in seen:
                seen.add(tuple(parts))
                yield Way("sum", tuple(parts), parts == others)

    # ------------------------------------------------------------ reckoning

    def _terms(self, way: Way, line: Line) -> list[Figure] | None:
        figures = [line.figures.get(place) for place in way.columns]
        if way.kind == "sum":
            told = [one for one in figures if one]
            return told if len(told) > 1 else None
        if way.kind == "share":
            assert self._total is not None
            figures.append(self._total.figures.get(way.columns[0]))
        return [one for one in figures if one] if all(figures) else None

    def _scale(self, place: int) -> Decimal:
        """What one printed unit of a column is worth beside other columns."""
        found = re.search(r"[(](?:单位:?)?(亿元|万元|元)[)]", self._grid.heads[place])
        return {"元": Decimal("0.0001"), "亿元": Decimal(10000)}.get(found[1] if found else "", Decimal(1))

    def _sized(self, way: Way, line: Line) -> list[tuple[Decimal, Decimal]] | None:
        terms = self._terms(way, line)
        if terms is None:
            return None
        if len({one.unit for one in terms if one.unit}) > 1:
            return None
        if way.kind == "share":
            return [(one.value, one.slack) for one in terms]
        places = [place for place in way.columns if place in line.figures]
        sizes = [(self._scale(place), self._kinds[place] != "points") for place in places]
        return [
            (one.value * scale, one.slack * scale * rounds)
            for one, (scale, rounds) in zip(terms, sizes, strict=True)
        ]

    def _result(self, way: Way, line: Line) -> tuple[Decimal, Decimal] | None:
        """The value, and by how much the rounding of its terms may move it; a rate in percent."""
        sized = self._sized(way, line)
        if sized is None:
            return None
        if way.kind == "sum":
            return sum((one for one, _ in sized), ZERO), sum((slack for _, slack in sized), ZERO)
        (one, carried), (other, moved) = sized
        if way.kind == "difference":
            return one - other, carried + moved
        if not other:
            return None
        room = (carried + abs(one / other) * moved) / abs(other) * 100
        ratio = one / other * 100
        return (ratio - 100 if way.kind == "growth" else ratio), room

    def _right(self, way: Way, line: Line, place: int) -> bool:
        result = self._result(way, line)
        if result is None:
            return False
        exact, room = result
        said = line.figures[place]
        if way.kind in ("sum", "difference"):
            scale = self._scale(place)
            gap = abs(said.value * scale - exact)
            flipped = abs(-said.value * scale - exact) if way.kind == "difference" else gap
            return min(gap, flipped) <= room + said.slack * scale
        forms = [exact, -exact] if way.kind == "growth" else [exact]
        if way.kind == "quotient" and exact > _FULL == said.value:
            return True  # capped
        if any(abs(form - said.value) <= room + said.slack for form in forms):
            return True
        return not said.unit and any(
            abs(form / 100 - said.value) <= room / 100 + said.slack for form in forms if said.places > 1
        )

    # ------------------------------------------------------------ what is said

    def _remark(self, way: Way, line: Line, place: int, remarks: Remarks) -> None:
        result, terms = self._result(way, line), self._terms(way, line)
        assert result is not None and terms is not None
        said = line.figures[place]
        about = (said.cell, 0, len(said.text))
        if way.kind == "sum":
            remarks.add(
                "JX-705", about, stated=said.text, expected=plain(result[0]),
                whole=f"{line.label}{self._grid.heads[place]}", parts="＋".join(one.text for one in terms),
            )  # fmt: skip
        elif way.kind == "difference":
            exact = result[0] / self._scale(place)
            remarks.add("JX-703", about, stated=said.text, expected=plain(exact), now=terms[0].text,
                        base=terms[1].text)  # fmt: skip
        else:
            above = f"({terms[0].text}-{terms[1].text})" if way.kind == "growth" else terms[0].text
            remarks.add(
                "JX-706", about, stated=said.text, above=above, below=terms[1].text,
                expected=f"{plain(rounded(result[0], max(said.places, 2)))}%",
            )  # fmt: skip
