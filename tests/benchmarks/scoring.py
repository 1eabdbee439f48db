"""A filing read, scored and checked: against openpyxl loading it, and calamine reading its values."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineWorkbook

from benchmarks.timing import Contest, Run
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.scoring.model import Basis
from jixiao.verbs import examine, filled
from jixiao.workbook.bound import position_of
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.port import Edit

EDITIONS = {"guangzhou-2023": "广州", "loudi-2023": "娄底"}
MOST = {"guangzhou-2023": 3.0, "loudi-2023": 5.0}
"""Of the time calamine takes; the forms of Loudi are half as long, and their checks are as many."""


def unscored(edition: str, folder: Path) -> Path:
    """The demo filing without the scores that can be computed, so that there is something to write."""
    port, rubric = filled(edition, data_folder("rubric_rules") / edition / "demo.yaml")
    computed = [one for one in examine(port, rubric).assessment.indicators if one.basis is Basis.COMPUTED]
    for place in [one.place for one in computed if one.place]:
        port.write(place.sheet, [Edit(*position_of(place))])
    book = folder / f"{edition}.xlsx"
    port.save_as(book)
    return book


def contests(folder: Path) -> Iterator[Contest]:
    for edition, name in EDITIONS.items():
        book, rubric, out = unscored(edition, folder), load_rubric(edition), folder / "out.xlsx"
        yield Contest(
            f"{name}：新开程序，计分并另存",
            "新开 Python，openpyxl 读入",
            lambda book=book, out=out: (
                out.unlink(missing_ok=True),
                process("-m", "jixiao", "score", str(book), "-o", str(out)),
            ),
            lambda book=book: process("-c", f"import openpyxl; openpyxl.load_workbook({str(book)!r})"),
            promised=1.25,
        )
        yield Contest(
            f"{name}：读、计分、校验",
            "calamine 读出各格的值",
            lambda book=book, rubric=rubric: examine(FilePort.open(book), rubric),
            read_by_calamine(book),
            promised=MOST[edition],
            rounds=100,
            clock=time.process_time,
        )


def process(*words: str) -> None:
    subprocess.run([sys.executable, *words], check=True, capture_output=True)


def read_by_calamine(book: Path) -> Run:
    """All values of all sheets, at their addresses."""

    def read() -> None:
        workbook = CalamineWorkbook.from_path(str(book))
        for sheet in workbook.sheet_names:
            workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)

    return read
