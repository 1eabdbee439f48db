"""The score cells of the form beside what was computed for them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from jixiao.filing.model import Entry, Filing, Place
from jixiao.scoring.model import Assessment, Basis, IndicatorScore, Score


class ScoreCell(msgspec.Struct, frozen=True, kw_only=True):
    """A score cell of an indicator or of a row the unit set itself."""

    name: str
    place: Place
    entry: Entry
    score: Score

    @property
    def computed(self) -> Decimal | None:
        """The score to put in: computed, or where nothing is declared the sum of its rows; else None."""
        known = self.score.basis is Basis.COMPUTED or self.score.declared is None
        return self.score.score if known else None


def option_lines(score: Score) -> str:
    """The readings used, a line each; a row has none of its own."""
    options = score.options if isinstance(score, IndicatorScore) else ()
    return "\n".join(f"{name}：{choice}" for name, choice in options)


def step_lines(score: Score) -> str:
    return "\n".join(step.text for step in score.steps)


def score_cells(filing: Filing, assessment: Assessment) -> Iterator[ScoreCell]:
    """The score cells that the form still has: of the indicators, then of the rows."""
    for indicator in assessment.indicators:
        entry = filing[f"score.{indicator.id}"]
        if entry.place:
            yield ScoreCell(name=indicator.name, place=entry.place, entry=entry, score=indicator)
    for row in assessment.rows:
        # not RowScore.place: without a score column that is the first cell of the row
        entry = filing.rows[row.block][row.number - 1]["score"]
        if entry.place:
            yield ScoreCell(name=row.name, place=entry.place, entry=entry, score=row)
    total = filing["total"]
    if total.place and not total.formula and not total.blank:  # typed over the form's own sum
        computed, declared = assessment.total, assessment.declared_total
        score = Score(weight=computed, score=computed, declared=declared, basis=Basis.COMPUTED)
        yield ScoreCell(name="总分", place=total.place, entry=total, score=score)
