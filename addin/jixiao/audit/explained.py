"""Whether a rate that a check could not confirm is right all the same: by other figures beside it.

A check may take a rate for that of the wrong two amounts. Where two others of the paragraph give exactly
what is stated, it was about them. The nearest pairs are tried first, and only so many that hardly one
wrong rate in twenty is excused by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, islice, pairwise

from jixiao.audit.mentions import Mention, mentions

_CHANCE = Decimal("0.05")
"""So many wrong rates may be excused by chance."""


def explained(rate: Mention, *tried: Mention) -> bool:
    """Whether two others than those ``tried`` give the rate, or the growth, within what is printed."""
    if not rate.value:
        return False
    many = int(_CHANCE * abs(rate.value) / (2 * rate.slack))
    return any(_gives(*pair, rate) for pair in islice(_pairs(rate, tried), many))


def _pairs(rate: Mention, tried: tuple[Mention, ...]) -> Iterator[tuple[Mention, Mention]]:
    """Amounts of one kind, the nearest first; not the part with its own rate right behind it."""
    every = mentions(rate.paragraph)
    has_own = {one.start for one, after in pairwise(every) if after.percent and after.start != rate.start}
    used = {one.start for one in tried}
    near = [one for one in every if not one.percent and one.value and not one.about]
    near.sort(key=lambda one: abs(one.start - rate.start))
    for earlier, later in sorted(combinations(range(len(near)), 2), key=lambda pair: pair[1]):
        for part, whole in ((near[earlier], near[later]), (near[later], near[earlier])):
            told = {part.start, whole.start} <= used
            if part.kind == whole.kind and part.start not in has_own and not told:
                yield part, whole


def _gives(part: Mention, whole: Mention, rate: Mention) -> bool:
    ratio = part.value / whole.value
    return min(abs(ratio - rate.value), abs(abs(ratio - 1) - rate.value)) <= rate.slack
