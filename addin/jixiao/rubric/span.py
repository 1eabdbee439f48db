"""Stretches of numbers between two bounds, and how finance staff write them: ``60%（含）至 80%（不含）``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

import msgspec

from jixiao.rubric.model import CaseScale, Interval, Tier

INFINITY = Decimal("Infinity")


def number(value: Decimal) -> str:
    """A number without exponent or trailing zeros."""
    return f"{value.normalize():f}"


def ratio(value: Decimal) -> str:
    """A ratio as a percentage, all its places kept: 0.6 is 60%."""
    return f"{number(value * 100)}%"


class Span(msgspec.Struct, frozen=True):
    """The numbers from ``low`` to ``high``; ``closed`` ends are part of it."""

    low: Decimal = -INFINITY
    high: Decimal = INFINITY
    low_closed: bool = False
    high_closed: bool = False

    def holds(self, value: Decimal) -> bool:
        above = value > self.low or (self.low_closed and value == self.low)
        return above and (value < self.high or (self.high_closed and value == self.high))

    def covers(self, piece: Span) -> bool:
        """Whether it holds a whole ``piece`` that it does not cut."""
        if piece.low == piece.high:
            return self.holds(piece.low)
        return self.low <= piece.low and self.high >= piece.high

    def text(self, show: Callable[[Decimal], str] = ratio) -> str:
        if self.low == self.high:
            return show(self.low)
        if self.high == INFINITY:
            return f"{show(self.low)} {'及' if self.low_closed else ''}以上"
        if self.low == -INFINITY:
            return f"{show(self.high)} {'及' if self.high_closed else ''}以下"
        ends = ("（含）" if closed else "（不含）" for closed in (self.low_closed, self.high_closed))
        return f"{show(self.low)}{next(ends)}至 {show(self.high)}{next(ends)}"


def span_of(band: Interval | Tier | CaseScale) -> Span:
    """What a band of a rule covers."""
    at_least = None if isinstance(band, CaseScale) else band.at_least
    over = None if isinstance(band, Tier) else band.over
    under = band.under if isinstance(band, Interval) else None
    low = max((bound for bound in (at_least, over) if bound is not None), default=-INFINITY)
    high = min((bound for bound in (band.at_most, under) if bound is not None), default=INFINITY)
    if isinstance(band, Tier):
        return Span(low, high, True, band.at_most_included)
    return Span(low, high, at_least is not None and over != low, band.at_most == high and under != high)


def shared(spans: list[Span], within: Span) -> Iterator[tuple[Span, int]]:
    """Every stretch of ``within`` that is in no span (0) or in more than one, with that number."""
    ends = [end for span in [*spans, within] for end in (span.low, span.high) if end.is_finite()]
    points = sorted({end for end in ends if within.low <= end <= within.high})
    pieces = [Span(-INFINITY, points[0] if points else INFINITY)]
    for place, point in enumerate(points):
        after = points[place + 1] if place + 1 < len(points) else INFINITY
        pieces += [Span(point, point, True, True), Span(point, after)]
    counted = ((piece, sum(span.covers(piece) for span in spans)) for piece in pieces if within.covers(piece))
    yield from _joined((piece, count) for piece, count in counted if count != 1)


def _joined(pieces: Iterable[tuple[Span, int]]) -> Iterator[tuple[Span, int]]:
    last: tuple[Span, int] | None = None
    for piece, count in pieces:
        touching = last is not None and last[0].high == piece.low and last[0].high_closed != piece.low_closed
        if last is not None and touching and last[1] == count:
            last = Span(last[0].low, piece.high, last[0].low_closed, piece.high_closed), count
            continue
        if last is not None:
            yield last
        last = piece, count
    if last is not None:
        yield last
