"""What 计算得分 will do with each score cell, decided before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from jixiao.filing.model import Entry, Place
from jixiao.filing.quantity import as_text
from jixiao.workbook.scores.cells import ScoreCell, option_lines, step_lines
from jixiao.workbook.scores.records import Kept
from jixiao.workbook.typed import Typed


class Difference(msgspec.Struct, frozen=True):
    """A score cell where the unit's word and the computed score meet (分)."""

    name: str
    place: Place
    declared: Decimal | None
    """None where the cell was empty or cannot be read as a score."""
    typed: str
    """What stood in the cell, as it reads: ``9.5分``."""
    computed: Decimal


class Plan(msgspec.Struct):
    """``kept`` is what the ledger will hold; a cell is written exactly if it is in ``scores``."""

    kept: dict[Place, Kept]
    scores: dict[Place, Decimal] = {}
    filled: list[Difference] = []
    replaced: list[Difference] = []
    differing: list[Difference] = []
    formulas: list[Difference] = []
    notes: list[str] = []


def plan_scores(
    cells: Iterable[ScoreCell], kept: Mapping[Place, Kept], *, overwrite: bool, when: str
) -> Plan:
    """Decide every cell; ``kept`` are the records of earlier runs."""
    plan = Plan(dict(kept))
    for cell in cells:
        mine = kept.get(cell.place)
        if mine and not mine.stands(cell.entry):
            mine = None  # the user changed the cell after us: what stands there now is the unit's word
        _decide(plan, cell, mine, overwrite, when)
    return plan


def _decide(plan: Plan, cell: ScoreCell, mine: Kept | None, overwrite: bool, when: str) -> None:
    computed, entry = cell.computed, cell.entry
    if computed is None:
        if mine and mine.filled:
            plan.notes.append(
                f"{cell.place}（{cell.name}）的 {mine.wrote} 分是以前计算得分时填入的，现在数据不全，"
                "不能再计算，请补全数据，或核对这个得分。"
            )
        return
    found = Difference(
        cell.name, cell.place, cell.score.declared, entry.error or as_text(entry.raw), computed
    )
    if entry.formula:
        plan.formulas.append(found)
        return
    if not entry.blank and computed in (cell.score.declared, mine.wrote if mine else None):
        return
    if entry.error:
        plan.differing.append(found)
        plan.notes.append(f"{cell.place}（{cell.name}）里是错误值 {entry.error}，没有改动，请清除后再计算。")
        return
    was = mine.was if mine else Typed.of(entry.raw)
    said_nothing = Entry(was.raw).blank
    if not said_nothing and not overwrite:
        plan.differing.append(found)
        return
    (plan.filled if said_nothing else plan.replaced).append(found)
    plan.scores[cell.place] = computed
    plan.kept[cell.place] = Kept(
        was=was, wrote=computed, name=cell.name, when=when, basis=str(cell.score.basis),
        options=option_lines(cell.score), steps=step_lines(cell.score),
    )  # fmt: skip
    if was.raw == computed:
        del plan.kept[cell.place]  # the unit's own word stands there again
