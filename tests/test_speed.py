"""What is promised about speed, as a ratio to what one would use otherwise, measured in the same run."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from benchmarks import adopt, reports, scoring
from benchmarks.timing import measure

TRIES = 3
"""A machine that other programs keep busy may be late once; a promise that is broken is broken always."""


@pytest.mark.parametrize("family", [scoring, reports, adopt], ids=["scoring", "reports", "adopt"])
def test_the_promised_ratios_hold(family: ModuleType, tmp_path: Path) -> None:
    for contest in family.contests(tmp_path):
        assert contest.promised
        ratios: list[float] = []
        while not ratios or (ratios[-1] > contest.promised and len(ratios) < TRIES):
            ratios.append(measure(contest).least)
        assert ratios[-1] <= contest.promised, f"{contest.what} / {contest.anchor}: {ratios}"
