"""How fast is it, against openpyxl and calamine on the same file? Prints ratios of medians; not a test.

python tests/benchmarks/speed.py [rounds]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineWorkbook

from jixiao.rubric.load import load_rubric
from jixiao.scoring.model import Basis
from jixiao.verbs import examine, filled
from jixiao.workbook.bound import position_of
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.port import Edit

RULES = Path(__file__).parents[2] / "rubric_rules"
EDITIONS = ("guangzhou-2023", "loudi-2023")


def unscored(edition: str, folder: Path) -> Path:
    """The demo filing without the scores that can be computed, so that there is something to write."""
    port, rubric = filled(edition, RULES / edition / "demo.yaml")
    computed = [one for one in examine(port, rubric).assessment.indicators if one.basis is Basis.COMPUTED]
    for place in [one.place for one in computed if one.place]:
        port.write(place.sheet, [Edit(*position_of(place))])
    port.save_as(folder / "自评表.xlsx")
    return folder / "自评表.xlsx"


def seconds(run: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    run()
    return clock() - start


def ratio(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int, clock: Callable[[], float]
) -> str:
    """Pairs in turn, so that a machine that slows down slows both.

    ``clock`` counts what passes on the wall, or (within this process) the time that the processor
    worked for us: other programs may take it away in between.
    """
    pairs = [(seconds(ours, clock), seconds(theirs, clock)) for _ in range(rounds)]
    found = statistics.median(one / other for one, other in pairs)
    ms = [
        Decimal(statistics.median(column) * 1000).quantize(Decimal("0.1"))
        for column in zip(*pairs, strict=True)
    ]
    return f"{found:.2f}×（{ms[0]} ms : {ms[1]} ms）"


def compare(edition: str, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        book = unscored(edition, Path(name))
        out = Path(name) / "out.xlsx"

        def process(*words: str) -> Callable[[], object]:
            return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)

        def cold() -> None:
            out.unlink(missing_ok=True)
            process("-m", "jixiao", "score", str(book), "-o", str(out))()

        load = f"import openpyxl; openpyxl.load_workbook({str(book)!r})"
        print(edition)
        print(
            "  冷启动 jixiao score -o ÷ openpyxl.load_workbook：",
            ratio(cold, process("-c", load), rounds, time.perf_counter),
        )

        rubric = load_rubric(edition)

        def calamine() -> None:
            workbook = CalamineWorkbook.from_path(str(book))
            for sheet in workbook.sheet_names:
                workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)

        def warm() -> None:
            examine(FilePort.open(book), rubric)

        for run in (calamine, warm):
            run()
        print("  热 读→计分→校验 ÷ calamine 读：", ratio(warm, calamine, rounds * 10, time.process_time))


if __name__ == "__main__":
    for edition in EDITIONS:
        compare(edition, int(sys.argv[1]) if len(sys.argv) > 1 else 9)
