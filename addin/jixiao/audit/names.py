"""The names of indicators and levels, as reports write them."""

from __future__ import annotations

import re
from decimal import Decimal
from difflib import SequenceMatcher

from jixiao.rubric.model import Level, Rubric, walk

ALIKE = 0.8
"""A name that is so much like one of the rubric's, and like no other, is meant to be it."""
_MARKS = re.compile(r"[“”\"'‘’()《》·,，、.:：;；\s]")
_AFTER = re.compile(r"(?:(?:自评|评分|得分|完成|分析|评价|情况|方面)*)$")


class Names:
    """Finds out which indicator or level a name is of: ``score.<id>``, ``level.<name>``."""

    def __init__(self, rubric: Rubric) -> None:
        self.weights: dict[str, Decimal] = {}
        self.shown: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        for _, one in walk(rubric.levels):
            self._add(one.name, f"score.{one.id}", one.weight)
        self.sections = [f"level.{level.name}" for level in rubric.levels if not level.apart]
        for level in _levels(rubric.levels):
            self._add(level.name, f"level.{level.name}", level.weight)
        self.sections = [self._keys[normal(one.removeprefix("level."))] for one in self.sections]

    def _add(self, name: str, key: str, weight: Decimal) -> None:
        if normal(name) not in self._keys:
            self._keys[normal(name)] = key
            self.weights[key], self.shown[key] = weight, name

    def find(self, text: str) -> str:
        """The key of a name, exactly or nearly as the rubric writes it; empty for another text."""
        name = normal(text)
        return self._keys.get(name) or self._keys.get(_AFTER.sub("", name)) or self._nearly(name)

    def _nearly(self, name: str) -> str:
        if not 3 < len(name) <= max(map(len, self._keys)) + 2:
            return ""
        likely = {key: _alike(name, known) for known, key in self._keys.items()}
        best = max(likely, key=lambda key: likely[key])
        others = max((alike for key, alike in likely.items() if key != best), default=0.0)
        return best if likely[best] >= ALIKE > others else ""


def normal(text: str) -> str:
    """A name without quotation marks, brackets and blanks."""
    return _MARKS.sub("", text)


def _alike(one: str, other: str) -> float:
    if abs(len(one) - len(other)) > 3 or not set(one) & set(other):
        return 0.0
    return SequenceMatcher(None, one, other).ratio()


def _levels(levels: list[Level]) -> list[Level]:
    return [one for level in levels for one in (level, *_levels(level.levels))]
