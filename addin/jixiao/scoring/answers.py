"""A rule's view of the filing: fields read as their types ask, and what was lacking or unreadable."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from jixiao.filing.model import Filing, Place
from jixiao.filing.quantity import Reading, plain, read_field
from jixiao.rubric.model import Condition, Rubric
from jixiao.scoring.readings import Readings


def year_of(rubric: Rubric, filing: Filing) -> int:
    """The year a filing is for: the edition's, or for rules that hold every year the unit's own."""
    stated = read_field(filing["unit.year"], "year").value
    return int(stated) if rubric.every_year and isinstance(stated, Decimal) else rubric.year


class Answers:
    """Reads fields and keeps account of them, for one indicator."""

    def __init__(self, readings: Readings) -> None:
        self.rubric, self.filing = readings.rubric, readings.filing
        self._readings = readings
        self.lacking: list[str] = []
        self.places: list[Place] = []

    def reading(self, field: str) -> Reading:
        place = self.filing.place(field)
        if place is not None and place not in self.places:
            self.places.append(place)
        return self._readings[field]

    def number(self, field: str) -> Decimal | None:
        """The number in ``field`` in its own unit; None (and lacking) when blank or unreadable."""
        value = self.reading(field).value
        if isinstance(value, Decimal):
            return value
        self._lacks(field)
        return None

    def word(self, field: str) -> str | None:
        """The answer in ``field``; None (and lacking) when blank or unreadable."""
        value = self.reading(field).value
        if isinstance(value, str):
            return value
        self._lacks(field)
        return None

    def sum(self, fields: Iterable[str]) -> Decimal | None:
        numbers = [self.number(field) for field in fields]
        given = [number for number in numbers if number is not None]
        return sum(given, Decimal(0)) if len(given) == len(numbers) else None

    def first(self, conditions: Iterable[Condition]) -> Condition | None:
        """The first condition that is met; one whose fields are blank is not."""
        return next((condition for condition in conditions if self._met(condition)), None)

    def label(self, field: str) -> str:
        return self.rubric.asked[field].label

    def _met(self, condition: Condition) -> bool:
        values = [self.reading(field).value for field in condition.of]
        if len(values) == 1 and isinstance(values[0], str):
            return values[0] == condition.equals
        numbers = [value for value in values if isinstance(value, Decimal)]
        if len(numbers) != len(values):
            return False
        return plain(sum(numbers, Decimal(0))) == condition.equals

    def _lacks(self, field: str) -> None:
        if field not in self.lacking:
            self.lacking.append(field)
