"""A form that is not ours, recognised and bound: against calamine reading the same file."""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.scoring import EDITIONS, read_by_calamine
from benchmarks.timing import Contest
from jixiao.verbs import opened


def contests(folder: Path) -> Iterator[Contest]:
    """The editions' own forms are laid out once, as in a batch."""
    if importlib.util.find_spec("bureau_forms") is None:
        print("这一版还不认外来的表，不测", file=sys.stderr)
        return
    import bureau_forms

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
