"""What scoring found out: every score with its arithmetic, its cells and its clause."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

import msgspec

from jixiao.filing.model import Place


class Basis(StrEnum):
    """What a score rests on."""

    COMPUTED = "已计算"
    UNVERIFIED = "未核"
    MISSING = "未填"


class Step(msgspec.Struct, frozen=True):
    """One line of a trace, as an accountant would write it, with the cells it rests on."""

    text: str
    places: tuple[Place, ...] = ()


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """The score of an indicator or of a row (分).

    ``score`` is what counts: computed, or (未核) the declared score held within 0..weight;
    ``None`` only when 未填. ``low`` and ``high`` bound what the unit may declare where the
    rubric leaves the judgement to it. ``ratio`` is exact.
    """

    weight: Decimal
    score: Decimal | None
    declared: Decimal | None
    basis: Basis
    ratio: Decimal | None = None
    steps: tuple[Step, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    lacking: tuple[str, ...] = ()
    """Ids of the fields (or columns) without which the score cannot be computed."""
    hint: str = ""
    """Not empty: what of this a reviewer may want to look at, although it is computed."""
    excluded: Decimal = Decimal(0)
    """Part of the weight that takes no part, because rows are not applicable."""
    why: str = ""
    """Not empty: why nothing can be computed, although nothing is lacking."""
    exact: Fraction | None = None
    """The score before rounding, where the edition adds up exact scores; what is added up."""

    @property
    def judged(self) -> bool:
        """The rubric leaves this score to the unit, within bounds."""
        return self.high is not None

    @property
    def added(self) -> Fraction:
        """What sums are made of; 0 where there is no score."""
        return self.exact if self.exact is not None else Fraction(self.score or 0)

    @property
    def lost(self) -> Decimal:
        """Points lost against what could be earned (0 where there is no score)."""
        return self.weight - self.excluded - self.score if self.score is not None else Decimal(0)


class RowScore(Score, frozen=True, kw_only=True):
    """The score of a row the unit set itself."""

    block: str
    indicator: str = ""
    """Id of the indicator that adds up the row."""
    number: int
    """Position in its block, from 1."""
    name: str
    place: Place | None = None
    target: str = ""
    actual: str = ""
    """Target and actual as they read on the form."""
    direction: str = ""
    qualitative: bool = False
    tier: str = ""
    not_applicable: bool = False
    """Its target is ``/``: it takes no part in the sum."""

    @property
    def subject(self) -> str:
        """What findings call it: block and number."""
        return f"{self.block}.{self.number}"


class IndicatorScore(Score, frozen=True, kw_only=True):
    id: str
    name: str
    path: tuple[str, ...]
    clause: str
    options: tuple[tuple[str, str], ...] = ()
    """Readings used: name of the option, choice."""
    place: Place | None = None
    """The cell of the declared score."""
    not_applicable: str = ""
    """Not empty: scored as not applicable, and why."""
    apart: bool = False
    """On a form of its own: no part of the total."""
    unverified: Decimal = Decimal(0)
    """The part of the score that nobody has verified; of an indicator of rows, that of its rows."""
    summed: bool = False
    """Its declared score is the sum of its rows' and has no cell of its own."""
    substitute: tuple[str, str] = ("", "")
    """Not empty: the stand-in that was used for the official way, and why."""

    @property
    def subject(self) -> str:
        """What findings call it: its id."""
        return self.id


class LevelScore(msgspec.Struct, frozen=True):
    path: tuple[str, ...]
    weight: Decimal
    score: Decimal
    apart: bool = False
    """A form of its own: no part of the total."""
    total_field: str = ""
    """Of a level apart: the field with the total that the unit typed,"""
    declared: Decimal | None = None
    """which is this,"""
    declared_sum: Decimal = Decimal(0)
    """and the sum of what it typed item by item; a missing one counts 0."""


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    """The whole filing, scored. Totals are sums of rounded scores (分); levels apart are no part of them."""

    edition: str
    unit: str
    year: str
    indicators: tuple[IndicatorScore, ...]
    rows: tuple[RowScore, ...]
    levels: tuple[LevelScore, ...]
    total: Decimal
    total_steps: tuple[str, ...] = ()
    """What became of the sum: reckoned without rows that are not applicable, held at a cap."""
    declared_total: Decimal | None
    declared_sum: Decimal
    """What the declared scores come to, a missing one counting 0; as ``total`` comes from the scores."""
    declared_steps: tuple[str, ...] = ()
    unverified: Decimal
    missing: Decimal
    """Weight of the indicators that are 未填."""
    grade: str

    def rows_of(self, indicator: str) -> list[RowScore]:
        """The rows that an indicator adds up; none for one that is scored in itself."""
        return [row for row in self.rows if row.indicator == indicator]
