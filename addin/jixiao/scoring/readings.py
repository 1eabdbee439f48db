"""Every field of a filing as its type asks, read once for all who ask."""

from __future__ import annotations

from decimal import Decimal

from jixiao.filing.model import Entry, Filing
from jixiao.filing.quantity import Reading, read_field
from jixiao.rubric.model import Rubric, column_sums


class Readings(dict[str, Reading]):
    """Scoring and checking look at the same fields, and must see the same in them.

    A key is a field that the form asks for, a score, a reason, the total or the grade, or what a
    column of data rows adds up to.
    """

    def __init__(self, rubric: Rubric, filing: Filing) -> None:
        super().__init__()
        self.rubric, self.filing = rubric, filing
        self.sums = column_sums(rubric)

    def __missing__(self, field: str) -> Reading:
        reading = self[field] = self._read(field)
        return reading

    def cells(self, field: str) -> list[Entry]:
        """What stands in the column that ``field`` is the sum of."""
        block, column = self.sums[field]
        return [row[column.id] for row in self.filing.rows.get(block.id, ())]

    def number(self, field: str) -> Decimal | None:
        """The number in a field, in the field's unit (scores: 分)."""
        value = self[field].value
        return value if isinstance(value, Decimal) else None

    def _believed(self, reading: Reading) -> Reading:
        """A percentage that can hardly be meant is not scored as if it were right."""
        value, limit = reading.value, self.rubric.checks.unlikely_percent
        if not isinstance(value, Decimal) or limit is None or 0 <= value <= limit:
            return reading
        return Reading(why="大得不合情理" if value > 0 else "小于 0", unlikely=value)

    def _read(self, field: str) -> Reading:
        if field in self.sums:
            return self._sum(field)
        entry, spec = self.filing[field], self.rubric.asked.get(field)
        if spec is not None:
            reading = read_field(
                entry, spec.type, unit=spec.unit, choices=spec.choices, yes_or_no=spec.yes_or_no
            )
            return self._believed(reading) if spec.type == "percent" else reading
        return read_field(entry, "text" if field.startswith(("reason.", "grade")) else "score")

    def _sum(self, field: str) -> Reading:
        """Blank cells of a column count 0, but a column without any number has no sum."""
        _, column = self.sums[field]
        given = [read_field(entry, column.type) for entry in self.cells(field) if not entry.blank]
        unread = next((reading for reading in given if reading.why), None)
        numbers = [reading.value for reading in given if isinstance(reading.value, Decimal)]
        return unread or Reading(sum(numbers, Decimal(0)) if numbers else None)
