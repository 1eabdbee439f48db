"""From a workbook to a filing: the defined names ``jx.…`` say where every field stands."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from jixiao.filing.model import Entry, Filing, Gap, Place, Row, carried_down
from jixiao.rubric.model import Block, Rubric, declared_cells, walk
from jixiao.workbook.bound import Bindings, Bound, place_at, position_of
from jixiao.workbook.errors import TooLarge
from jixiao.workbook.formula.references import Area
from jixiao.workbook.port import Cell, Port, Position

MOST_ROWS = 20_000
"""Rows of one block; no unit has so many indicators."""
_NUMBERED = re.compile(r"\s*\d+、(.+)", re.DOTALL)
_WITH_POINTS = re.compile(r"(.+?)\s*（[\d.]+分）", re.DOTALL)


def edition_of(port: Port) -> str:
    """The edition a workbook of ours was made for; empty for any other workbook."""
    text = port.names().get("jx.edition", "")
    return text.lstrip("=").strip('"')


def read_filing(port: Port, rubric: Rubric, *, printed: bool = False) -> Filing:
    """All that stands in the form. A field whose name or sheet is gone becomes a :class:`Gap`.

    A form that is not ours (``jx.adopted``) need not have every name: what it never had is not lost.
    There ``jx.noise`` are rows among the unit's own that are none of them (repeated headers, subtotals),
    ``jx.inline`` cells in which label and value stand together (填表人：张三).
    With ``printed`` the rows of a block include one that holds nothing but what the form prints.
    """
    bindings = Bindings(port)
    inline = {(one.sheet, one.position) for one in bindings.each("inline")}
    noise = {(one.sheet, row) for one in bindings.each("noise")
             for row in range(one.area.top, one.area.bottom + 1)}  # fmt: skip

    def gap(kind: str, name: str, *fields: str) -> Gap:
        return Gap(kind, f"jx.{name}", fields, never=bindings.adopted and not bindings.known(name))

    grids: dict[str, Mapping[Position, Cell]] = {}

    def grid(sheet: str) -> Mapping[Position, Cell]:
        if sheet not in grids:
            grids[sheet] = port.cells(sheet)
        return grids[sheet]

    values: dict[str, Entry] = {}
    homes: dict[str, Place] = {}
    bound: dict[str, Bound] = {}
    gaps: list[Gap] = []
    for field in form_fields(rubric):
        home = bindings[field]
        if home is None:
            gaps.append(gap("name", field, field))
            continue
        bound[field], homes[field] = home, home.place
        entry = _entry(grid(home.sheet).get(home.position), homes[field])
        values[field] = _after_label(entry) if (home.sheet, home.position) in inline else entry
    tables: dict[str, _Table] = {}
    for block in rubric.blocks:
        where = bindings[f"block.{block.id}"]
        if where is None:
            gaps.append(gap("block", f"block.{block.id}"))
            continue
        heads = {one.id: bindings[f"column.{block.id}.{one.id}"] for one in block.columns}
        gaps += [gap("column", f"column.{block.id}.{one}") for one, head in heads.items() if head is None]
        below = bindings[f"blocktotal.{block.id}"] or bindings[f"blockend.{block.id}"]
        columns = {one: head.area for one, head in heads.items() if head}
        tables[block.id] = _Table(where, columns, _header_row(columns.values()), below)
    rows: dict[str, tuple[Row, ...]] = {}
    for block in rubric.blocks:
        if block.id in tables:
            table = tables[block.id]
            found = _rows(table, list(tables.values()), grid(table.where.sheet), noise)
            tidied = [_in_our_words(row, block) for row in found if printed or not _only_printed(row, block)]
            rows[block.id] = carried_down(tidied, block.inherited)
    unread = tuple(_unread(rubric, bound, rows, grid))
    if not all(one.never for one in gaps):
        from jixiao.workbook.gone_sheets import with_sheets  # only then: a form takes time to lay out

        gaps = with_sheets(gaps, rubric, _names(rubric, tables), port.sheets())
    return Filing(rubric.id, values, rows, tuple(gaps), homes, unread)


def is_printed(row: Row, block: Block) -> bool:
    """The row in which the form prints the block's name with a number (3、本级专项资金)."""
    texts = [entry.raw for entry in row.entries.values() if isinstance(entry.raw, str)]
    known = {block.name, *block.aliases}
    return any(
        (match := _NUMBERED.fullmatch(text)) and _bare(match[1]) in map(_bare, known) for text in texts
    )


def _bare(text: str) -> str:
    """The name without the note behind it: 市级专项资金（一个专项一行）."""
    return text.partition("（")[0].strip()


def _only_printed(row: Row, block: Block) -> bool:
    return is_printed(row, block) and sum(not entry.blank for entry in row.entries.values()) == 1


def _in_our_words(row: Row, block: Block) -> Row:
    """The row with block and class in the rubric's words where it prints 产出指标（50分） or 数 量 指 标."""
    bare = {}
    for column in block.inherited:
        raw = row[column].raw
        said = _in_words(raw, block) if isinstance(raw, str) else raw
        if said != raw:
            bare[column] = msgspec.structs.replace(row[column], raw=said)
    return Row({**row.entries, **bare}, row.place) if bare else row


def _in_words(text: str, block: Block) -> str:
    points = _WITH_POINTS.fullmatch(text)
    said = "".join((points[1] if points else text).split())
    if said == block.name or said in block.aliases:
        return block.name
    return said if said in block.classes else text


def _unread(
    rubric: Rubric,
    homes: Mapping[str, Bound],
    rows: Mapping[str, Sequence[Row]],
    grid: Callable[[str], Mapping[Position, Cell]],
) -> Iterator[Place]:
    """Numbers typed between the first and the last row of a sheet's amounts, in no row that is read."""
    read: dict[str, set[int]] = defaultdict(set)
    tables: dict[str, list[Position]] = defaultdict(list)
    for field, home in homes.items():
        read[home.sheet].add(home.area.top)
        if field not in rubric.fields and field in rubric.asked:
            tables[home.sheet].append(home.position)
    for row in (row for listed in rows.values() for row in listed):
        if row.place:
            read[row.place.sheet].add(position_of(row.place)[0])
    for sheet, amounts in tables.items():
        (top, bottom), (left, right) = ((min(line), max(line)) for line in zip(*amounts, strict=True))
        between = set(range(top + 1, bottom)) - read[sheet]
        own = [
            (line, column)
            for (line, column), cell in grid(sheet).items()
            if line in between and left <= column <= right
            and isinstance(cell.raw, Decimal) and cell.raw and not cell.formula
        ]  # fmt: skip
        yield from (place_at(sheet, *position) for position in sorted(own))


def form_fields(rubric: Rubric) -> list[str]:
    """Ids of everything that has one cell of its own on the form."""
    indicators = (indicator for _, indicator in walk(rubric.levels))
    return [*rubric.asked, *declared_cells(indicators), "total", "grade"]


def _names(rubric: Rubric, tables: Collection[str]) -> set[str]:
    """All names by which the form is read; the columns of a block only while it is there."""
    names = {f"jx.{field}" for field in form_fields(rubric)}
    names |= {f"jx.block.{block.id}" for block in rubric.blocks}
    return names | {
        f"jx.column.{block.id}.{one.id}"
        for block in rubric.blocks
        if block.id in tables
        for one in block.columns
    }


class _Table(NamedTuple):
    """Where a block stands: its rows (with header and total of its own), its header cells, the line below."""

    where: Bound
    heads: Mapping[str, Area]
    head: int | None
    """The row of the header; blocks below one header have the same."""
    below: Bound | None


def _header_row(heads: Collection[Area]) -> int | None:
    """The row in which most of the header cells stand: one that was moved does not lead elsewhere."""
    rows = Counter(area.top for area in heads)
    return min(rows, key=lambda row: (-rows[row], row)) if rows else None


def _rows(
    table: _Table, tables: Sequence[_Table], grid: Mapping[Position, Cell], noise: Collection[tuple[str, int]]
) -> tuple[Row, ...]:
    """The rows from the header, or the block's first row, down to the next block, or the line below.

    Empty ones too. A row inserted between two blocks under one header belongs to the upper one.
    Raises TooLarge.
    """
    sheet, area = table.where
    tops = [
        other.where.area.top
        for other in tables
        if other.where.sheet == sheet and other.head == table.head is not None
    ]
    first = table.head + 1 if table.head is not None and area.top == min(tops) else area.top
    ends = [top for top in tops if top > area.top]
    if table.below and table.below.area.top > area.top:
        ends.append(table.below.area.top)
    end = min(ends, default=area.bottom + 1)
    if end - first > MOST_ROWS:  # the line below is gone, and the block runs on over the empty sheet
        end = min(end, max((row for row, _ in grid), default=0) + 1)
    if end - first > MOST_ROWS:
        raise TooLarge(
            f"“{sheet}”里第 {first} 行起的一块指标有 {end - first} 行，多得不正常，没有读取。"
            "请在 Excel 里删去表格以外的内容，或者用备份恢复合计行，再试一次。"
        )
    found = []
    for row in range(first, end):
        if (sheet, row) in noise:
            continue
        entries = {
            column: _entry(grid.get((row, head.left)), place_at(sheet, row, head.left))
            for column, head in table.heads.items()
        }
        found.append(Row(entries, place_at(sheet, row, area.left)))
    return tuple(found)


def _after_label(entry: Entry) -> Entry:
    """What stands behind the label in its own cell."""
    from jixiao.adopt.labels import label_and_rest  # only forms that are not ours have such cells

    if not isinstance(entry.raw, str):
        return entry
    return msgspec.structs.replace(entry, raw=label_and_rest(entry.raw)[1] or None)


def _entry(cell: Cell | None, place: Place) -> Entry:
    if cell is None:
        return Entry(place=place)
    return Entry(cell.raw, place, cell.percent, cell.formula, cell.error, cell.uncalculated)
