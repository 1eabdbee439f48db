"""A form that is not ours, recognised and bound: against calamine reading the same file."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import bureau_forms
from benchmarks.scoring import EDITIONS as SCORED
from benchmarks.scoring import read_by_calamine
from benchmarks.timing import Contest
from jixiao.verbs import opened

EDITIONS = SCORED | {"yueyang-2024": "岳阳", "mof-project": "项目"}


def contests(folder: Path) -> Iterator[Contest]:
    """The editions' own forms are laid out once, as in a batch."""
    for edition, name in EDITIONS.items():
        form = bureau_forms.saved(bureau_forms.papers(edition)[0], ".xlsx")
        yield Contest(
            f"{name}：认出外来的表",
            "calamine 读出各格的值",
            partial(opened, form),
            read_by_calamine(form),
            promised=10.0,
            rounds=20,
            clock=time.process_time,
        )
