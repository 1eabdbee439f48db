"""The unit's own rows on a sheet: header, rows by block, what stands between them and is no row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from jixiao.adopt.expected import Listed, Rows
from jixiao.adopt.grids import Text
from jixiao.adopt.labels import key, label_words
from jixiao.adopt.regions import Region
from jixiao.workbook.layout.plan import Box

COLUMNS_AT_LEAST = 3
"""A row with fewer headers is no header."""
TELLING = {"target", "actual"}
"""One of these is among the headers of every table of indicators."""
LEVELS = ("level1", "level2")

Offer = tuple[str, Box, str, str]
"""Name, cells, evidence, doubt."""


class BoundRows(NamedTuple):
    found: list[Offer]
    noise: list[Box]
    rows: set[int]
    """All rows that are headers or rows of indicators."""


class _Header(NamedTuple):
    top: int
    bottom: int
    columns: Mapping[str, Text]

    def same(self, other: _Header) -> bool:
        return {id: text.area.left for id, text in self.columns.items()} == {
            id: text.area.left for id, text in other.columns.items()
        }


class _Run:
    """The rows of a block below one header."""

    def __init__(self, rows: Rows, header: _Header, first: int) -> None:
        self.rows, self.header = rows, header
        self.first = self.last = first


def bind_rows(region: Region) -> BoundRows:
    """The blocks that are scored, as far as the region holds them."""
    headers = _headers(region)
    if not headers:
        return BoundRows([], [], set())
    walk = _Walk(region, headers)
    walk.go()
    found: list[Offer] = []
    starts: dict[int, int] = {}
    for run in walk.runs:
        starts.setdefault(id(run.header), run.first - 1)
    for run in walk.runs:
        found += _offers(run, starts[id(run.header)], region)
    return BoundRows(found, walk.noise, walk.seen)


# ---------------------------------------------------------------- headers


def _headers(region: Region) -> list[_Header]:
    columns = _columns(region)
    lines: dict[int, dict[str, Text]] = {}
    for id, keys in columns.items():
        for text in (text for one in keys for text in region.said(one)):
            lines.setdefault(text.area.top, {}).setdefault(id, text)
    found: list[_Header] = []
    for row in sorted(lines):
        here = lines[row]
        below = lines.get(row + 1, {})
        if found and row <= found[-1].bottom:
            continue
        both = {**here, **{id: text for id, text in below.items() if id not in here}}
        more = set(both) - set(here)
        two = more and not set(here) & set(below) and len(both) >= COLUMNS_AT_LEAST
        told = both if two else here
        if len(told) >= COLUMNS_AT_LEAST and TELLING & set(told):
            areas = [text.area for text in told.values()]
            # one heading merged further down than the others covers rows of the unit
            bottom = max(min(one.bottom for one in areas), max(one.top for one in areas))
            found.append(_Header(row, bottom, _named(told, region)))
    return found


def _columns(region: Region) -> dict[str, set[str]]:
    columns: dict[str, set[str]] = {}
    for rows in region.page.rows:
        for id, keys in rows.columns.items():
            columns.setdefault(id, set()).update(keys)
    return columns


def _named(columns: dict[str, Text], region: Region) -> dict[str, Text]:
    """The columns in the order in which they stand."""
    return dict(sorted(columns.items(), key=lambda one: one[1].area.left))


# ---------------------------------------------------------------- rows


class _Walk:
    """Goes down the rows below the headers and tells to which block each belongs."""

    def __init__(self, region: Region, headers: Sequence[_Header]) -> None:
        self.region = region
        self.headers = {header.top: header for header in headers}
        self.runs: list[_Run] = []
        self.noise: list[Box] = []
        self.seen: set[int] = set()
        self._header: _Header | None = None
        self._run: _Run | None = None
        self._left = 1
        """The first column of the unit's own words; labels stand at its left."""
        self._live = 0
        """The last row in which something stands, or that a merged label covers."""

    def go(self) -> None:
        row = min(self.headers)
        while row <= self.region.bottom:
            header = self.headers.get(row)
            if header is not None:
                self._meet(header)
                row = header.bottom + 1
                continue
            if self._header is not None:
                self._look(row)
            row += 1
        self._close(self._live)

    def _meet(self, header: _Header) -> None:
        self.seen |= set(range(header.top, header.bottom + 1))
        if self._header is not None and self._run is not None and header.same(self._header):
            for row in range(header.top, header.bottom + 1):
                self._skip(row)
            return
        self._close(self._live)
        self._header, self._live = header, header.bottom
        columns = header.columns
        first = columns.get("name") or columns.get("target") or columns.get("actual")
        self._left = first.area.left if first else 1

    def _look(self, row: int) -> None:
        ending = self._ending(row)
        if ending == "total":
            self._close(row - 1)
            self._header = None
            return
        if ending:
            self._close(self._live)
            self._header = None
            return
        if self._subtotal(row):
            self.seen.add(row)
            self._skip(row)
            return
        block = self._block(row)
        if block is not None and (self._run is None or self._run.rows is not block):
            self._close(row - 1)
            assert self._header is not None
            section = self._is_section(row)
            self._run = _Run(block, self._header, row + 1 if section else row)
        elif block is None and self._stranger(row):
            self._close(row - 1)
        if self._alive(row):
            self._live = row
        if self._run is not None:
            self.seen.add(row)

    def _skip(self, row: int) -> None:
        """A row that is none of the unit's own; it matters only among its rows."""
        self.noise.append(Box(self.region.grid.name, row, 1, 1, max(self.region.grid.right, 1)))

    def _close(self, last: int) -> None:
        run = self._run
        if run is not None:
            run.last = max(last, run.first)
            while run.last > run.first and any(box.row == run.last for box in self.noise):
                run.last -= 1
            self.runs.append(run)
        self._run = None

    # ------------------------------------------------------------ what a row says

    def _labels(self, row: int) -> list[Text]:
        """The texts at the left that cover a row, merged ones too."""
        assert self._header is not None
        return [
            text
            for text in _covering(self.region, row)
            if text.area.left < self._left and text.area.top > self._header.bottom - self._lead(text)
        ]

    def _lead(self, text: Text) -> int:
        """A lead (绩效指标) may begin in the header row."""
        return 1 if text.area.bottom > text.area.top else 0

    def _block(self, row: int) -> Rows | None:
        of_class = None
        for text in self._labels(row):
            keys = self.region.keys(text)
            for rows in self.region.page.rows:
                if not rows.known.isdisjoint(keys):
                    return rows
                if not rows.classes.isdisjoint(keys):
                    of_class = of_class or rows
        for text in self._labels(row):
            if len(told := self._containing(text)) == 1:
                return told[0]
        return of_class

    def _containing(self, text: Text) -> list[Rows]:
        """The blocks whose name stands among other words: 一、产出指标情况."""
        if any(text.key in rows.classes for rows in self.region.page.rows):
            return []
        return [
            rows
            for rows in self.region.page.rows
            if any(len(one) > 2 and one in text.key for one in rows.known)
        ]

    def _is_section(self, row: int) -> bool:
        """The block's name stands over the whole width, above its rows."""
        return any(
            text.area.top == text.area.bottom == row and text.area.right > self._left
            for text in self._labels(row)
        )

    def _stranger(self, row: int) -> bool:
        """A first level that no block is known by: what follows is none of ours."""
        assert self._header is not None
        level = self._header.columns.get("level1")
        if level is None:
            return False
        own = [one for one in _covering(self.region, row) if one.area.left == level.area.left]
        return any(one.area.top == row for one in own)

    def _ending(self, row: int) -> str:
        first = next((one for one in _covering(self.region, row) if one.area.top == row), None)
        if first is None or first.area.left > self._left:
            return ""
        if first.key in _keys("totals"):
            return "total"
        if key(first.text.replace("：", ":").partition(":")[0]) in _keys("notes"):
            return "note"
        words = {*self.region.keys(first), *self.region.begins(first)} & self.region.page.labels
        if not words:
            return ""
        words -= self.region.line(self._header.top if self._header else 0)
        own = (rows.known | rows.classes for rows in self.region.page.rows)
        return "note" if words.difference(*own) else ""

    def _subtotal(self, row: int) -> bool:
        return any(
            text.key in _keys("subtotals") or any(text.key == key(rows.block.total_name)
                                                  for rows in self.region.page.rows)
            for text in _covering(self.region, row)
            if text.area.top == row and text.area.left <= self._left
        )  # fmt: skip

    def _alive(self, row: int) -> bool:
        grid = self.region.grid
        assert self._header is not None
        lefts = [text.area.left for text in self._header.columns.values()]
        for column in range(min(lefts), max(lefts) + 1):
            cell = grid.at(row, column)
            if cell is not None and (cell.raw not in (None, "") or cell.formula):
                return True
        return False


@cache
def _keys(kind: str) -> frozenset[str]:
    return frozenset(key(one) for one in getattr(label_words(), kind))


def _covering(region: Region, row: int) -> list[Text]:
    """The texts that cover a row, from left to right."""
    lines: dict[int, list[Text]] = region.__dict__.setdefault("_covering", {})
    if not lines:
        for text in region.texts:
            for line in range(text.area.top, text.area.bottom + 1):
                lines.setdefault(line, []).append(text)
        for found in lines.values():
            found.sort(key=lambda one: one.area.left)
        lines.setdefault(0, [])
    return lines.get(row, [])


# ---------------------------------------------------------------- names


def _offers(run: _Run, head: int, region: Region) -> Iterator[Offer]:
    """The names of a block. What stands above the first row counts as its header, whatever it is."""
    id, columns, sheet = run.rows.block.id, run.header.columns, region.grid.name
    own = {one: text for one, text in columns.items() if one in run.rows.columns}
    plain = [text.area.left for one, text in own.items() if one not in LEVELS]
    left, right = min(plain), max(plain)
    box = Box(sheet, run.first, left, run.last - run.first + 1, right - left + 1)
    words = "、".join(f"“{''.join(text.text.split())}”" for text in own.values())
    yield f"block.{id}", box, f"表头{words}，第 {run.first}－{run.last} 行", ""
    yield f"blockend.{id}", Box(sheet, run.last + 1, left), "区块下面的一行", ""
    for column, text in own.items():
        evidence = f"表头“{''.join(text.text.split())}”"
        yield f"column.{id}.{column}", Box(sheet, max(head, 1), text.area.left), evidence, ""


# ---------------------------------------------------------------- rows of data


def bind_listed(region: Region) -> Iterator[Offer]:
    """Blocks of data that have no header of their own: the rows between two labels."""
    for listed in region.page.listed:
        yield from _listed(listed, region)


def _listed(listed: Listed, region: Region) -> Iterator[Offer]:
    above, below = region.said(listed.above), region.said(listed.below)
    own = [text for one in listed.known for text in region.said(one)]
    if len(below) != 1 or (len(above) != 1 and not own):
        return
    end = below[0].area.top
    start = above[0].area.bottom + 1 if len(above) == 1 else min(text.area.top for text in own)
    label = above[0] if len(above) == 1 else own[0]
    columns: dict[str, int] = {}
    for id, head in listed.columns.items():
        heads = [one for one in region.said(head) if one.area.bottom < start] if head else [label]
        if heads:
            columns[id] = max(heads, key=lambda one: one.area.bottom).area.left
    if start >= end or len(columns) < 2:
        return
    id, sheet = listed.block.id, region.grid.name
    left, right = min(columns.values()), max(columns.values())
    evidence = f"“{label.text.strip()}”和“{below[0].text.strip()}”之间的行"
    yield f"block.{id}", Box(sheet, start, left, end - start, right - left + 1), evidence, ""
    yield f"blockend.{id}", Box(sheet, end, left), "区块下面的一行", ""
    for column, at in columns.items():
        yield f"column.{id}.{column}", Box(sheet, start - 1, at), evidence, ""
