"""计算得分 and 撤销计算: computed scores put into the form, and the unit's own word put back.

The declared score is the unit's own word. Empty cells are filled; a score that the unit declared is
replaced only when told to, and a formula never. The ledger keeps what stood in every cell we wrote
into and what we wrote, so that 撤销计算 restores the one only where the other still stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from jixiao.filing.model import Entry, Filing, Place, Raw
from jixiao.filing.quantity import as_text
from jixiao.rubric.model import Rubric, walk
from jixiao.scoring.model import Assessment
from jixiao.workbook.added_sheets import give_sheet, take_sheet
from jixiao.workbook.bound import position_of
from jixiao.workbook.derived import refresh
from jixiao.workbook.ledger import Ledger
from jixiao.workbook.port import Cell, Edit, Port, Position
from jixiao.workbook.scores import records as score_records
from jixiao.workbook.scores.analysis_table import clear_analysis, write_analysis
from jixiao.workbook.scores.cells import ScoreCell, score_cells
from jixiao.workbook.scores.outcome import Undone, Written
from jixiao.workbook.scores.plan import Difference, plan_scores
from jixiao.workbook.scores.rates import undo_rates, write_rates
from jixiao.workbook.scores.replaced_list import write_replaced


def write_scores(
    port: Port, rubric: Rubric, filing: Filing, assessment: Assessment, *, overwrite: bool, when: datetime
) -> Written:
    """Put the computed scores (已计算 only) into the form and write 得分分析.

    ``filing`` must be what the port reads now. Nothing lasts before the port is saved.
    """
    ledger = Ledger(port)
    cells, hidden = _visible(port, score_cells(filing, assessment))
    plan = plan_scores(cells, score_records.load(ledger), overwrite=overwrite, when=f"{when:%Y-%m-%d %H:%M}")
    score_records.save(ledger, plan.kept)  # first: in a live workbook nothing may be written unrecorded
    _write(port, plan.scores)
    rates = write_rates(port, filing, assessment)
    notes = [*hidden, *plan.notes, *_shown_as_percentages(port, plan.scores)]
    give_sheet(port, rubric, "analysis")
    notes += write_analysis(port, rubric, assessment)
    notes += write_replaced(port, plan.kept)
    refresh(port, rubric)
    return Written(
        filled=tuple(plan.filled),
        replaced=tuple(plan.replaced),
        differing=tuple(plan.differing),
        formulas=tuple(plan.formulas),
        notes=tuple(notes),
        rates=rates,
    )


def undo_scores(port: Port, rubric: Rubric) -> Undone:
    """Put back what stood in every score cell that still holds what we wrote; clear what we listed."""
    kept = score_records.load(Ledger(port))
    cleared = clear_analysis(port, [indicator.name for _, indicator in walk(rubric.levels)])
    rates = undo_rates(port)
    if not cleared and not kept and not rates:
        return Undone(idle=True)
    grids = {sheet: port.cells(sheet) for sheet in {place.sheet for place in kept}}
    back: dict[Place, Raw] = {}
    restored: list[Difference] = []
    left: list[Difference] = []
    notes: list[str] = []
    for place, one in kept.items():
        cell = grids[place.sheet].get(position_of(place), Cell())
        present = Entry(cell.raw, place, formula=cell.formula, error=cell.error)
        found = Difference(one.name, place, one.declared, as_text(one.was.raw), one.wrote)
        if one.stands(present):
            back[place] = one.was.raw
            restored.append(found)
        elif not one.is_back(present):
            left.append(found)
            notes.append(_changed_since(found, present))
    _write(port, back)
    if kept:
        write_replaced(port, {})
        score_records.save(Ledger(port), {})
    take_sheet(port, "analysis")
    refresh(port, rubric)
    return Undone(restored=tuple(restored), kept=tuple(left), notes=tuple(notes), rates=rates)


def _visible(port: Port, cells: Iterable[ScoreCell]) -> tuple[list[ScoreCell], list[str]]:
    """The cells that can be written into, and in words those that the user merged away."""
    every = list(cells)
    hidden: set[Place] = set()
    for sheet, places in _by_sheet(cell.place for cell in every).items():
        covered = port.covered(sheet, list(places))
        hidden |= {place for position, place in places.items() if position in covered}
    notes = [
        f"{cell.place}（{cell.name}）被合并单元格盖住，得分没有填入，请取消合并后再计算。"
        for cell in every
        if cell.place in hidden
    ]
    return [cell for cell in every if cell.place not in hidden], notes


def _by_sheet(places: Iterable[Place]) -> dict[str, dict[Position, Place]]:
    found: dict[str, dict[Position, Place]] = {}
    for place in places:
        found.setdefault(place.sheet, {})[position_of(place)] = place
    return found


def _write(port: Port, values: Mapping[Place, Raw]) -> None:
    for sheet, places in _by_sheet(values).items():
        port.write(sheet, [Edit(*position, values[place]) for position, place in places.items()])


def _shown_as_percentages(port: Port, written: Iterable[Place]) -> list[str]:
    """Cells that were once typed in as percentages show 9.98 as 998%: the user must be told."""
    notes = []
    for sheet, places in _by_sheet(written).items():
        grid = port.cells(sheet)
        notes += [
            f"{place} 是百分比格式，得分会显示成百分数，请把单元格格式改成“常规”。"
            for position, place in places.items()
            if grid[position].percent
        ]
    return notes


def _changed_since(found: Difference, present: Entry) -> str:
    now = f"={present.formula}" if present.formula else present.error or as_text(present.raw) or "空"
    return (
        f"{found.place}（{found.name}）在计算之后又改成了“{now}”，没有动它；"
        f"计算之前是“{found.typed or '空'}”，计算时填的是 {found.computed}。"
    )
