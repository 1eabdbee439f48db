"""Numbers and words as the report prints them: the same number is the same text everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from jixiao.filing.model import Place
from jixiao.filing.quantity import Kind, as_text, plain, read_text
from jixiao.scoring.arithmetic import percent, rounded

MONEY_PLACES = 2


class Figure:
    """Something printed: its text, its value, and where it comes from.

    ``source`` is the id of a field or of a score (``score.output``, ``rows.output.1.target``), or
    the arithmetic over such ids. A figure without a value prints what is still to be filled in.
    """

    __slots__ = ("text", "value", "source", "label", "unit", "place", "absent")

    def __init__(
        self,
        text: str,
        value: Decimal | str | dt.date | None,
        source: str,
        *,
        label: str = "",
        unit: str = "",
        place: Place | None = None,
    ) -> None:
        self.value, self.source, self.label, self.unit, self.place = value, source, label, unit, place
        self.absent = value is None or value == ""
        self.text = f"【待补充：{label}】" if self.absent else text

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return not self.absent and self.value != 0

    def saying(self, text: str) -> Figure:
        """The same, printed in other words."""
        return Figure(text, self.value, self.source, label=self.label, unit=self.unit, place=self.place)

    @property
    def none(self) -> bool:
        """The unit wrote 无: there is none."""
        return isinstance(self.value, str) and read_text(self.value.rstrip("。")).kind is Kind.NONE

    @property
    def number(self) -> Decimal | None:
        return self.value if isinstance(self.value, Decimal) else None


def shown(value: Decimal | str | dt.date | None, kind: str, unit: str = "") -> str:
    """A field's value for reading: money with two decimals and its unit, ratios as percentages."""
    if isinstance(value, Decimal):
        if kind == "percent":
            return percent(value)
        if kind == "money":
            return f"{rounded(value, MONEY_PLACES) if value else 0}{unit}"
        return plain(value) + unit
    if isinstance(value, dt.date):
        return f"{value.year}年{value.month}月{value.day}日"
    return as_text(value)


def shares_of(parts: Sequence[Decimal], whole: Decimal) -> list[Decimal]:
    """Parts in percent of ``whole`` at two places; where they make up the whole, they add up to 100.

    What rounding leaves over goes to the shares that were cut most (largest remainder), so that no
    share is more than one last place away from the exact one.
    """
    exact = [part * 100 / whole for part in parts]
    near = [rounded(one, MONEY_PLACES) for one in exact]
    step = Decimal(1).scaleb(-MONEY_PLACES)
    left = 100 - sum(near) if sum(parts) == whole else Decimal(0)
    while left:
        move = step if left > 0 else -step
        best = max(range(len(near)), key=lambda one: (exact[one] - near[one]) * move)
        near[best] += move
        left -= move
    return near
