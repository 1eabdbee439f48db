"""What does it cost to recognise a form that is not ours, against a plain read of the same file?

Prints ratios of medians: everything from the file to the names (open, read, tell the edition, recognise,
lay the names over it) ÷ python-calamine reading all sheets. The editions' own forms are laid out once,
as in a batch.

python tests/benchmarks/adopt.py [rounds]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from python_calamine import CalamineWorkbook

sys.path.insert(0, str(Path(__file__).parents[1]))

import bureau_forms as forms
from benchmarks.speed import ratio
from jixiao.verbs import opened


def read(path: Path) -> Callable[[], object]:
    def run() -> None:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)

    return run


def compare(edition: str, rounds: int, suffix: str = ".xlsx") -> str:
    path = forms.saved(forms.papers(edition)[0], suffix)
    return ratio(lambda: opened(path), read(path), rounds, time.process_time)


if __name__ == "__main__":
    for edition in ("guangzhou-2023", "loudi-2023", "yueyang-2024", "mof-project"):
        print(edition, compare(edition, int(sys.argv[1]) if len(sys.argv) > 1 else 40))
