"""All scores of a workbook by the oracle, and where the program says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from oracle import guangzhou, self_evaluation
from oracle.form import Form
from oracle.rows import COLUMNS, Scored, carried, empty, held, rounded, score_row
from oracle.texts import Unknown, bare, points

GRADES = ((90, "优"), (80, "良"), (60, "中"))
YEARS = {"guangzhou-2023": 2023, "loudi-2023": 2023, "yueyang-2024": 2024}


@dataclass
class Reckoned:
    """Scores by indicator, and by block and number of the row."""

    indicators: dict[str, Scored] = field(default_factory=dict)
    rows: dict[tuple[str, int], Scored] = field(default_factory=dict)
    counted: list[str] = field(default_factory=list)
    """Indicators that make up the total."""

    @property
    def total(self) -> Decimal:
        return sum((self.indicators[one].score or Decimal(0) for one in self.counted), Decimal(0))


def reckon(form: Form) -> Reckoned:
    """Every score of a form."""
    found = Reckoned()
    if form.edition == "guangzhou-2023":
        blocks = ("output", "benefit")
        for block in blocks:
            scored = _rows(form, found, block, blocks, 20)
            own = points(form[f"score.{block}"])
            if guangzhou.no_goals(form):
                scored = Scored(Decimal(0), True)
            elif scored.score is None:
                scored = Scored(held(own, Decimal(0), Decimal(20)), False)
            found.indicators[block] = scored
        for one, rule in guangzhou.RULES.items():
            found.indicators[one] = _ruled(form, one, rule, Decimal(guangzhou.WEIGHTS[one]))
        found.counted = list(guangzhou.WEIGHTS)
        return found
    blocks_of = self_evaluation.BLOCKS[form.edition]
    found.indicators["execution"] = _ruled(form, "execution", self_evaluation.execution, Decimal(10))
    for block, weight in blocks_of.items():
        found.indicators[block] = _rows(form, found, block, tuple(blocks_of), weight)
    found.counted = list(found.indicators)
    if form.edition == "yueyang-2024":
        for one, (rule, weight) in self_evaluation.APART.items():
            found.indicators[one] = _ruled(form, one, rule, Decimal(weight))
    return found


def _ruled(form: Form, indicator: str, rule: Any, weight: Decimal) -> Scored:
    try:
        return Scored(rounded(rule(form)), True)
    except Unknown:
        return Scored(held(points(form[f"score.{indicator}"]), Decimal(0), weight), False)


def _rows(form: Form, found: Reckoned, block: str, blocks: tuple[str, ...], weight: int) -> Scored:
    hunan = form.edition != "guangzhou-2023"
    words = self_evaluation.INVERSE if hunan else guangzhou.INVERSE
    if (form.edition, block) == ("loudi-2023", "cost"):
        words = self_evaluation.COST
    listed = form.rows(blocks, block, COLUMNS)
    for number, row in enumerate(carried(listed) if hunan else listed, 1):
        if not empty(row):
            found.rows[block, number] = score_row(row, _year(form), hunan=hunan, inverse_words=words)
    mine = [scored for (of, _), scored in found.rows.items() if of == block]
    if all(scored.score is None for scored in mine):
        return Scored(None, False)
    total = sum((scored.score or Decimal(0) for scored in mine), Decimal(0))
    return Scored(
        min(max(total, Decimal(0)), Decimal(weight)), all(scored.known for scored in mine if scored.counts)
    )


def _year(form: Form) -> int:
    if form.edition in YEARS:
        return YEARS[form.edition]
    value = form["unit.year"].value
    text = bare(str(value if isinstance(value, str) or value is None else f"{value:g}")).strip("()")
    text = text.removesuffix("年度").removesuffix("年")
    return int(text) if text.isdigit() and len(text) == 4 and text[:2] in ("19", "20") else 2024


def disagreements(assessment: Any, form: Form) -> Iterator[str]:
    """Every score that the program accepted and the oracle does not arrive at."""
    ours = reckon(form)
    trusted = set()
    for row in assessment.rows:
        mine = ours.rows.pop((row.block, row.number), None)
        if mine is None:
            yield f"{row.block} {row.number}: no such row"
        elif not row.not_applicable:
            yield from _differing(f"{row.block} {row.number}", row, mine)
            if mine.known and row.basis.value != "已计算":
                trusted.add(row.block)
    yield from (f"{block} {number}: not read" for block, number in ours.rows)
    for one in assessment.indicators:
        mine = ours.indicators[one.id]
        if one.id in trusted and one.basis.value != "已计算":  # its sum is of what it trusts
            added = sum(row.score or Decimal(0) for row in assessment.rows if row.block == one.id)
            mine = Scored(min(max(added, Decimal(0)), one.weight), False)
        yield from _differing(one.id, one, mine)
    counted = [one.score or Decimal(0) for one in assessment.indicators if one.id in ours.counted]
    if assessment.total != sum(counted):
        yield f"total: {assessment.total}, its scores come to {sum(counted)}"
    grade = next((name for least, name in GRADES if assessment.total >= least), "差")
    if assessment.grade != grade:
        yield f"grade: {assessment.grade} for {assessment.total}"


def _differing(what: str, said: Any, mine: Scored) -> Iterator[str]:
    """A computed score must be ours; one on trust must be the declared one; nothing is nothing."""
    if said.basis.value == "已计算":
        if not mine.known or mine.score != said.score:
            yield f"{what}: computed {said.score}, here {mine.score if mine.known else '?'}"
    elif mine.known:
        return  # it knows less than we do, and says so
    elif said.score != mine.score:
        yield f"{what}: {said.basis.value} {said.score}, here {mine.score}"
