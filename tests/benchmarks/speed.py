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
from jixiao.verbs import examine, filled
from jixiao.workbook.file.file_port import FilePort

EDITION = "guangzhou-2023"
DEMO = Path(__file__).parents[2] / "rubric_rules" / EDITION / "demo.yaml"


def unscored(folder: Path) -> Path:
    """The demo filing without its scores, so that there is something to write."""
    port, rubric = filled(EDITION, DEMO)
    from jixiao.workbook.bound import Bindings
    from jixiao.workbook.port import Edit

    bindings = Bindings(port)
    for indicator in ("output", "benefit", "execution_rate"):
        home = bindings[f"score.{indicator}"]
        assert home is not None
        port.write(home.sheet, [Edit(*home.position)])
    port.save_as(folder / "自评表.xlsx")
    return folder / "自评表.xlsx"


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def ratio(ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> str:
    """Pairs in turn, so that a machine that slows down slows both."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(rounds)]
    found = statistics.median(one / other for one, other in pairs)
    ms = [
        Decimal(statistics.median(column) * 1000).quantize(Decimal("0.1"))
        for column in zip(*pairs, strict=True)
    ]
    return f"{found:.2f}×（{ms[0]} ms : {ms[1]} ms）"


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        book = unscored(Path(name))
        out = Path(name) / "out.xlsx"

        def process(*words: str) -> Callable[[], object]:
            return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)

        def cold() -> None:
            out.unlink(missing_ok=True)
            process("-m", "jixiao", "score", str(book), "-o", str(out))()

        load = f"import openpyxl; openpyxl.load_workbook({str(book)!r})"
        print("冷启动 jixiao score -o ÷ openpyxl.load_workbook：", ratio(cold, process("-c", load), rounds))

        rubric = load_rubric(EDITION)

        def calamine() -> None:
            workbook = CalamineWorkbook.from_path(str(book))
            for sheet in workbook.sheet_names:
                workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)

        def warm() -> None:
            examine(FilePort.open(book), rubric)

        for run in (calamine, warm):
            run()
        print("热 读→计分→校验 ÷ calamine 读：", ratio(warm, calamine, rounds * 10))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
