"""A form of the bureau's own, told by tags that the user types into its cells once.

``{{部门名称}}``, or ``{{jx.unit.name}}``, says what is filled in where it stands. A block of rows has a
tag per column in its first row (``{{产出指标·年度指标值}}``) and ``{{产出指标·末行}}`` somewhere in its
last one; blocks that follow one another without a gap share the header above the first. Once the names
are given the tags are taken out, and their cells are empty.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from jixiao.filing.interchange import field_labels
from jixiao.filing.model import Place
from jixiao.rubric.model import Rubric
from jixiao.rubric.source import did_you_mean
from jixiao.workbook.bound import PREFIX, place_at, position_of
from jixiao.workbook.errors import BadTags
from jixiao.workbook.layout.plan import Box
from jixiao.workbook.port import Edit, Port
from jixiao.workbook.reading import form_fields

_TAG = re.compile(r"[{｛]{2}(.*?)[}｝]{2}", re.DOTALL)
_DOT = "·"
_DOTS = str.maketrans(dict.fromkeys("・•∙．‧", _DOT))
LAST, LAST_WORD = "last", "末行"
_NAME = "name"
"""The column without which a row says nothing."""


class Tag(NamedTuple):
    """A tag that may be typed: in Chinese, and as the id that the rules have for it."""

    words: str
    id: str

    @property
    def text(self) -> str:
        return f"{{{{{self.words}}}}}"


class Tagged(msgspec.Struct, frozen=True):
    """What the tags of a workbook say: names without ``jx.``, and the cells in which the tags stand."""

    boxes: Mapping[str, Box]
    cells: tuple[Place, ...]


def tags(rubric: Rubric) -> list[Tag]:
    """All tags of an edition, in the order of the form."""
    labels = field_labels(rubric)
    single = [Tag("".join(labels[field].split()), field) for field in form_fields(rubric)]
    blocks = [tag for block in rubric.blocks for tag in _of_block(block.name.partition("（")[0], block.id, {
        **{column.id: column.name for column in block.columns}, LAST: LAST_WORD
    })]  # fmt: skip
    return [*single, *blocks]


def tagged(port: Port, rubric: Rubric) -> Tagged | None:
    """What the tags say; None where there is none. Raises BadTags, which names every cell in question."""
    found: dict[str, list[Place]] = {}
    wrong: list[str] = []
    known = {form: tag.id for tag in tags(rubric) for form in (tag.words, tag.id)}
    for place, text in _typed(port):
        said = _TAG.findall(text)
        if len(said) != 1 or _TAG.sub("", text).strip():
            wrong.append(f"{place} 里除了标签还有别的内容：“{text.strip()}”。一个标签单独占一格。")
            continue
        word = "".join(said[0].split()).translate(_DOTS).removeprefix(PREFIX)
        if word in known:
            found.setdefault(known[word], []).append(place)
        else:
            wrong.append(f"{place} 的标签“{text.strip()}”不认识{did_you_mean(word, known)}")
    words = {tag.id: tag.text for tag in tags(rubric)}
    for id, places in found.items():
        if len(places) > 1:
            wrong.append(f"{words[id]} 写了 {len(places)} 次（{'、'.join(map(str, places))}），只能写一处。")
    homes = {id: places[0] for id, places in found.items()}
    boxes = {id: _box([homes[id]]) for id in form_fields(rubric) if id in homes}
    tables = list(_tables(rubric, homes, words, wrong))
    for table in tables:
        boxes |= _boxes(table, tables)
    wrong += _overlapping(rubric, tables)
    if wrong:
        raise BadTags(
            "标签有写得不对的，没有改动文件：\n" + "\n".join(wrong)
            + f"\n有哪些标签，运行 jixiao rules show {rubric.id} --tags 可以看到。"
        )  # fmt: skip
    return Tagged(boxes, tuple(homes.values())) if homes else None


def has_tags(port: Port) -> bool:
    """Whether somebody has typed a tag into the workbook."""
    return any(True for _ in _typed(port))


def take_out(port: Port, found: Tagged) -> None:
    """Empty the cells in which the tags stand."""
    sheets: dict[str, list[Edit]] = {}
    for place in found.cells:
        sheets.setdefault(place.sheet, []).append(Edit(*position_of(place)))
    for sheet, edits in sheets.items():
        port.write(sheet, edits)


def _of_block(name: str, id: str, columns: Mapping[str, str]) -> Iterator[Tag]:
    for column, said in columns.items():
        yield Tag("".join(f"{name}{_DOT}{said}".split()), f"{id}.{column}")


def _typed(port: Port) -> Iterator[tuple[Place, str]]:
    """The cells in which something looks like a tag."""
    for sheet in port.sheets():
        typed = {
            position: cell.raw
            for position, cell in port.cells(sheet).items()
            if isinstance(cell.raw, str) and not cell.formula and _TAG.search(cell.raw)
        }
        yield from ((place_at(sheet, *position), text) for position, text in sorted(typed.items()))


# ---------------------------------------------------------------- blocks


class _Table(NamedTuple):
    """A block as its tags have it."""

    id: str
    columns: Mapping[str, Place]
    rows: Box


def _tables(
    rubric: Rubric, homes: Mapping[str, Place], words: Mapping[str, str], wrong: list[str]
) -> Iterator[_Table]:
    for block in rubric.blocks:
        columns = {
            one.id: homes[f"{block.id}.{one.id}"] for one in block.columns if f"{block.id}.{one.id}" in homes
        }
        last = homes.get(f"{block.id}.{LAST}")
        if not columns and last is None:
            continue
        lacking = [one for one in (_NAME, LAST) if f"{block.id}.{one}" not in homes]
        if lacking:
            where = "、".join(map(str, columns.values())) or str(last)
            absent = "、".join(words[f"{block.id}.{one}"] for one in lacking)
            wrong.append(f"“{block.name}”（{where}）还少标签 {absent}。")
            continue
        assert last is not None
        first = columns[_NAME]
        astray = [place for place in columns.values() if _row(place) != _row(first)]
        if astray:
            wrong.append(
                f"“{block.name}”各列的标签要写在同一行（第一行指标）："
                f"{'、'.join(map(str, astray))} 与 {first} 不在一行。"
            )
        elif last.sheet != first.sheet or position_of(last)[0] < position_of(first)[0]:
            wrong.append(f"{last} 的 {words[f'{block.id}.{LAST}']} 要写在 {first} 所在的表，不能在它上面。")
        elif position_of(first)[0] == 1:
            wrong.append(f"{first} 上面没有表头，“{block.name}”的第一行指标不能是工作表的第一行。")
        else:
            rows = _box(
                [*columns.values(), place_at(last.sheet, position_of(last)[0], position_of(first)[1])]
            )
            yield _Table(block.id, columns, rows)


def _overlapping(rubric: Rubric, tables: list[_Table]) -> Iterator[str]:
    """Blocks that share rows: the last row of the upper one is written too far below."""
    names = {block.id: block.name for block in rubric.blocks}
    ordered = sorted(tables, key=lambda one: (one.rows.sheet, one.rows.row))
    for upper, lower in itertools.pairwise(ordered):
        if upper.rows.sheet == lower.rows.sheet and lower.rows.row <= upper.rows.last_row:
            said = (f"“{names[one.id]}”第 {one.rows.row}－{one.rows.last_row} 行" for one in (upper, lower))
            yield f"{'和'.join(said)}重叠（{upper.rows.sheet}），请核对末行写在哪里。"


def _row(place: Place) -> tuple[str, int]:
    return place.sheet, position_of(place)[0]


def _boxes(table: _Table, tables: list[_Table]) -> dict[str, Box]:
    """The names of a block; the row above the first of blocks without a gap is the header of all."""
    rows, head = table.rows, table.rows.row - 1
    while above := next((one for one in tables if _ends(one.rows, rows.sheet, head)), None):
        head = above.rows.row - 1
    end = Box(rows.sheet, rows.last_row + 1, rows.column)
    columns = {
        f"column.{table.id}.{column}": Box(rows.sheet, head, position_of(place)[1])
        for column, place in table.columns.items()
    }
    return {f"block.{table.id}": rows, f"blockend.{table.id}": end, **columns}


def _ends(rows: Box, sheet: str, row: int) -> bool:
    return (rows.sheet, rows.last_row) == (sheet, row)


def _box(places: list[Place]) -> Box:
    """The rectangle around cells of one sheet."""
    rows, columns = zip(*map(position_of, places), strict=True)
    top, left = min(rows), min(columns)
    return Box(places[0].sheet, top, left, max(rows) - top + 1, max(columns) - left + 1)
