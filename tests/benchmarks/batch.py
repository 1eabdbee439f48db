"""A folder of filings, on one worker and on two, against openpyxl loading the files one by one. Not a test.

python tests/benchmarks/batch.py [rounds] [filings …]     3 rounds of 200 and 2000 filings

Wall-clock times of whole rounds in turn (one worker, two workers, threads, openpyxl), of which the
medians are compared; peak memory is that of the largest process of a whole run of the program.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl

import jixiao

HOME = Path(jixiao.__file__).parents[1]
SAMPLE = 20
"""Files that openpyxl loads for an estimate of all."""


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def gathered(folder: Path, jobs: int) -> None:
    """Read and score only."""
    from jixiao.batch.gather import found, gather
    from jixiao.batch.journal import Journal

    with tempfile.TemporaryDirectory() as place, Journal(Path(place, "进度"), "", resume=False) as journal:
        gather(journal, folder, found(folder, [], journal), jobs=jobs)


def in_threads(folder: Path) -> None:
    from jixiao.batch.examine import Task, examined

    tasks = [Task(str(folder), str(file.relative_to(folder))) for file in folder.rglob("*.xlsx")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(examined, tasks))


def loaded(files: list[Path]) -> None:
    for file in files:
        openpyxl.load_workbook(file)


def whole_run(folder: Path, jobs: int) -> float:
    """The verb as a user runs it; seconds."""
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "jixiao", "batch", str(folder), "-o", f"{place}/汇总.xlsx"]
        environment = {**os.environ, "PYTHONPATH": str(HOME)}
        return seconds(
            lambda: subprocess.run(
                [*command, "--jobs", str(jobs)], check=True, capture_output=True, env=environment
            )
        )


def peak(folder: Path) -> int:
    """MB of the largest process of a whole run, told by a process that does nothing but run it."""
    script = (
        "import resource, subprocess, sys, tempfile\n"
        "with tempfile.TemporaryDirectory() as place:\n"
        "    command = [sys.executable, '-m', 'jixiao', 'batch', sys.argv[1], '-o', place + '/汇总.xlsx']\n"
        "    subprocess.run(command, check=True, capture_output=True)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
    )
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    command = [sys.executable, "-c", script, str(folder)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)


def compare(count: int, rounds: int) -> None:
    from many_filings import write_filings

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = write_filings(folder, count)
        times: dict[str, list[float]] = {}
        for _ in range(rounds):
            for name, run in (
                ("读和计分，1 个进程", lambda: gathered(folder, 1)),
                ("读和计分，2 个进程", lambda: gathered(folder, 2)),
                ("读和计分，2 个线程", lambda: in_threads(folder)),
            ):
                times.setdefault(name, []).append(seconds(run))
            times.setdefault("jixiao batch，2 个进程", []).append(whole_run(folder, 2))
            sample = files[:: max(count // SAMPLE, 1)]
            times.setdefault("openpyxl 逐个打开（按抽样折算）", []).append(
                seconds(lambda sample=sample: loaded(sample)) * count / len(sample)  # type: ignore[misc]
            )
        print(f"{count} 份")
        for name, measured in times.items():
            print(f"  {name}：{statistics.median(measured):.1f} 秒")
        one, two, threads, whole, theirs = times.values()

        def ratio(upper: list[float], lower: list[float]) -> float:
            return statistics.median(a / b for a, b in zip(upper, lower, strict=True))

        print(
            f"  1 个进程 ÷ 2 个进程：{ratio(one, two):.2f}×；1 个进程 ÷ 2 个线程：{ratio(one, threads):.2f}×"
        )
        print(f"  openpyxl ÷ jixiao batch：{ratio(theirs, whole):.1f}×；最多用内存 {peak(folder)} MB")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    rounds, *counts = (int(one) for one in sys.argv[1:]) if len(sys.argv) > 1 else (3,)
    for count in counts or [200, 2000]:
        compare(count, rounds)
