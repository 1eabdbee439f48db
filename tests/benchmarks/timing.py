"""Two ways to do a thing, timed against each other in one run.

They are run in turn, so that a machine that slows down slows both; what counts is the median of the
pairs' ratios, never a time by itself.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

Run = Callable[[], object]


class Contest(NamedTuple):
    """What we do, and what anybody would do without us."""

    what: str
    anchor: str
    ours: Run
    theirs: Run
    promised: float = 0.0
    """The largest ratio of our time to theirs that we promise; 0 where it is only of interest."""
    rounds: int = 9
    clock: Callable[[], float] = time.perf_counter
    """What passes on the wall; ``time.process_time`` for what happens in this process alone: the time the
    processor worked for us, whatever other programs do."""
    remark: Callable[[], str] = str
    """What else is to be said once it ran, the memory it took for instance."""


class Measured(NamedTuple):
    """Seconds and ``ratio`` are medians; ``least`` is the ratio of the shortest times."""

    ratio: float
    ours: float
    theirs: float
    least: float
    """What the machine gives when nobody disturbs it, as far as there was such a moment."""


def measure(contest: Contest, *, effort: int = 1) -> Measured:
    """The contest, with ``effort`` times its rounds; each side runs once before, if it is run often."""
    rounds = contest.rounds * effort
    gc.collect()
    if rounds > 1:
        contest.ours(), contest.theirs()
    pairs = [
        (seconds(contest.ours, contest.clock), seconds(contest.theirs, contest.clock)) for _ in range(rounds)
    ]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    least, least_theirs = (min(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    return Measured(ratio, ours, theirs, least / least_theirs)


def seconds(run: Run, clock: Callable[[], float]) -> float:
    start = clock()
    run()
    return clock() - start
