"""Every field of a filing as its type asks, read once for all who ask."""

from __future__ import annotations

from decimal import Decimal

from jixiao.filing.model import Filing
from jixiao.filing.quantity import Reading, read_field
from jixiao.rubric.model import Rubric


class Readings:
    """Scoring and checking look at the same fields, and must see the same in them."""

    def __init__(self, rubric: Rubric, filing: Filing) -> None:
        self.rubric, self.filing = rubric, filing
        self._known: dict[str, Reading] = {}

    def __getitem__(self, field: str) -> Reading:
        """A field that the form asks for, or a score, a reason, the total or the grade."""
        known = self._known.get(field)
        if known is None:
            known = self._known[field] = self._read(field)
        return known

    def number(self, field: str) -> Decimal | None:
        """The number in a field, in the field's unit (scores: 分)."""
        value = self[field].value
        return value if isinstance(value, Decimal) else None

    def _believed(self, reading: Reading) -> Reading:
        """A percentage that can hardly be meant is not scored as if it were right."""
        value, limit = reading.value, self.rubric.checks.unlikely_percent
        if not isinstance(value, Decimal) or limit is None or 0 <= value <= limit:
            return reading
        return Reading(why="大得不合情理" if value > 0 else "小于 0", text=reading.text, unlikely=value)

    def _read(self, field: str) -> Reading:
        entry, spec = self.filing[field], self.rubric.asked.get(field)
        if spec is not None:
            reading = read_field(
                entry, spec.type, unit=spec.unit, choices=spec.choices, yes_or_no=spec.yes_or_no
            )
            return self._believed(reading) if spec.type == "percent" else reading
        return read_field(entry, "text" if field.startswith(("reason.", "grade")) else "score")
