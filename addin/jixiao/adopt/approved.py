"""The 绩效目标申报表 read by the words of its header; which words these are is the edition's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from jixiao.adopt.grids import Grid
from jixiao.adopt.labels import key, label_words
from jixiao.filing.approved import ApprovedGoals, ApprovedRow
from jixiao.filing.model import Entry
from jixiao.filing.quantity import Kind, as_text, read_entry
from jixiao.rubric.model import Approved, Rubric
from jixiao.workbook.errors import NotAForm
from jixiao.workbook.formula.references import address

_NAME: Final = "name"
_TARGET: Final = "target"
_WEIGHT, _SIGN, _UNIT = "weight", "sign", "unit"


def read_approved(grids: Sequence[Grid], label: str, rubric: Rubric) -> ApprovedGoals:
    """The indicators and the goal of an approved table in the file called ``label``.

    Raises NotAForm where no table with indicators and their targets is found.
    """
    rule = rubric.checks.approved
    if rule is None:
        raise NotAForm(f"评分版本“{rubric.id}”没有写申报表的表头（checks 的 approved），不能比较。")
    rows = tuple(row for grid in grids for row in _rows(grid, rule, rubric))
    if not rows:
        heads = "、".join((*rule.columns[_NAME][:2], *rule.columns[_TARGET][:2]))
        raise NotAForm(
            f"“{label}”里没有找到绩效目标申报表：要有一张表，表头写着指标和指标值（例如 {heads}）。"
            "请核对文件；表头另有写法的，改成这样再试。"
        )
    goals = [found for grid in grids for found in _goals(grid, rule)]
    goal, place = max(goals, key=lambda one: len(one[0]), default=("", ""))
    return ApprovedGoals(rows, goal, place)


def _rows(grid: Grid, rule: Approved, rubric: Rubric) -> Iterator[ApprovedRow]:
    columns: Mapping[str, int] = {}
    blocks = {word: block.id for block in rubric.blocks if block.row_rule
              for word in map(key, (block.name, *block.aliases, *block.classes))}  # fmt: skip
    ends = {key(word) for word in (*label_words().totals, *label_words().notes)}
    for row in range(1, grid.bottom + 1):
        if found := _header(grid, row, rule):
            columns = found
            continue
        if not columns or grid.area(row, columns[_NAME]).top != row:
            continue
        said = [key(grid.text_at(row, column)) for column in range(1, grid.right + 1)]
        if next((one for one in said if one), "") in ends:
            columns = {}
            continue
        name = grid.text_at(row, columns[_NAME]).strip()
        if key(name):
            before = said[: columns[_NAME] - 1]
            yield ApprovedRow(
                name="".join(name.split()),
                place=_place(grid, row, columns[_TARGET]),
                block=next((blocks[one] for one in reversed(before) if one in blocks), ""),
                target=_target(grid, row, columns),
                weight=_entry(grid, row, columns.get(_WEIGHT)),
            )


def _header(grid: Grid, row: int, rule: Approved) -> dict[str, int]:
    """The columns of a row that heads a table of indicators; empty for any other row."""
    heads: dict[str, int] = {}
    for column in range(1, grid.right + 1):
        area = grid.area(row, column)
        if column == area.left and row in (area.top, area.bottom):
            heads.setdefault(key(grid.text_at(row, column)), column)
    found = {
        column: next((heads[key(word)] for word in words if key(word) in heads), 0)  # the plainest word first
        for column, words in rule.columns.items()
    }
    return {column: at for column, at in found.items() if at} if found[_NAME] and found[_TARGET] else {}


def _target(grid: Grid, row: int, columns: Mapping[str, int]) -> Entry:
    """The target; sign and unit may stand in columns of their own (≥ | 80 | 个)."""
    target = _entry(grid, row, columns[_TARGET])
    sign, unit = (as_text(_entry(grid, row, columns.get(part)).raw) for part in (_SIGN, _UNIT))
    if target.blank or not (sign or unit):
        return target
    whole = Entry(f"{sign}{as_text(target.raw)}{unit}")
    return whole if read_entry(whole).kind in (Kind.NUMBER, Kind.DATE) else target


def _entry(grid: Grid, row: int, column: int | None) -> Entry:
    cell = grid.at(row, column) if column else None
    return Entry(cell.raw, percent=cell.percent, error=cell.error) if cell else Entry()


def _goals(grid: Grid, rule: Approved) -> Iterator[tuple[str, str]]:
    """What stands beside, or below, the words for the goal: the longer of the two."""
    labels = {key(word) for word in rule.goal_labels}
    for text in grid.texts:
        if text.key not in labels:
            continue
        top, left, bottom, right = text.area
        beside = _texts(grid, range(top, bottom + 1), range(right + 1, grid.right + 1))
        below = _texts(grid, range(bottom + 1, bottom + 2), range(left, right + 1))
        found = max(beside, below, key=lambda one: sum(map(len, one.values())))
        if found:
            row, column = next(iter(found))
            yield "\n".join(found.values()), _place(grid, row, column)


def _texts(grid: Grid, rows: range, columns: range) -> dict[tuple[int, int], str]:
    """The texts that begin in these rows and columns."""
    found: dict[tuple[int, int], str] = {}
    for row in rows:
        for column in columns:
            area = grid.area(row, column)
            text = grid.text_at(row, column).strip()
            if text and (area.top, area.left) == (row, column):
                found[row, column] = text
    return found


def _place(grid: Grid, row: int, column: int) -> str:
    return f"{grid.name}!{address(row, column)}"
