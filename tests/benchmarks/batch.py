"""Folders of filings, with one and two workers: against openpyxl loading the same files one by one."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import openpyxl
import psutil

from benchmarks.timing import Contest
from many_filings import write_filings

FEW, MANY, MOST = 200, 2_000, 10_000
FASTER = 8
"""Times the throughput of openpyxl, promised for two workers; to start takes a second, few files or many."""
SCALES = 1.7
"""Times the throughput of one worker, promised for two."""
_READ_AND_SCORED = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from jixiao.batch.examine import Task, examined
from jixiao.batch.files import relative, workbooks
from jixiao.batch.workers import answers
folder, jobs, kind = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
tasks = [Task(str(folder), relative(file, folder)) for file in workbooks(folder, print)]
many = ThreadPoolExecutor(jobs).map(examined, tasks) if kind == "threads" else answers(
    examined, tasks, jobs=jobs, limit=60)
for _ in many:
    pass
"""
"""Without the 汇总; in a program of its own, which workers need not import again."""


def contests(folder: Path) -> Iterator[Contest]:
    """Two hundred filings."""
    yield from against_openpyxl(folder, FEW)


def large(folder: Path) -> Iterator[Contest]:
    """Two thousand filings; then the memory that ten thousand take, beside a thousand."""
    yield from against_openpyxl(folder, MANY)
    one, two, threads = (
        partial(program, "-c", _READ_AND_SCORED, folder / f"{MANY}", jobs, kind)
        for jobs, kind in ((1, "processes"), (2, "processes"), (2, "threads"))
    )
    yield Contest(f"{MANY} 份：读、计分，2 个进程", "1 个进程", two, one, promised=1 / SCALES, rounds=3)
    yield Contest(f"{MANY} 份：读、计分，2 个进程", "2 个线程", two, threads, rounds=3)
    fewer, more = Batch(folder, MOST // 10, 2), Batch(folder, MOST, 2)
    yield Contest(
        f"{MOST} 份：2 个进程",
        f"{MOST // 10} 份",
        more,
        fewer,
        rounds=1,
        remark=lambda: (
            f"内存峰值 {more.peak:.0f} MB，是后者 {fewer.peak:.0f} MB 的 {more.peak / fewer.peak:.2f} 倍"
        ),
    )


def against_openpyxl(folder: Path, count: int) -> Iterator[Contest]:
    for jobs in (1, 2):
        ours = Batch(folder, count, jobs)
        yield Contest(
            f"{count} 份：批量审核，{jobs} 个进程",
            "openpyxl 逐份读入",
            ours,
            partial(loaded, ours.files),
            promised=1 / FASTER if jobs == 2 and count >= MANY else 0,
            rounds=1,
            remark=partial("内存峰值 {0.peak:.0f} MB".format, ours),
        )


class Batch:
    """The whole verb, 汇总 and all, in a program of its own."""

    def __init__(self, folder: Path, count: int, jobs: int) -> None:
        self._folder, self._jobs = folder / f"{count}", jobs
        self.files = sorted(self._folder.rglob("*.xlsx")) or write_filings(self._folder, count)
        self.peak = 0.0
        """The most that the program and its workers had in memory at a time, in MB."""

    def __call__(self) -> None:
        out = self._folder.with_suffix(".xlsx")
        self.peak = program("-m", "jixiao", "batch", self._folder, "-o", out, "--jobs", self._jobs)


def program(*words: object) -> float:
    """Run Python; gives the most that it and its children had in memory at a time, in MB.

    What several have in common is counted once (PSS), where the system tells.
    """
    running = subprocess.Popen(
        [sys.executable, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    peak = 0
    while running.poll() is None:
        peak = max(peak, taken(running.pid))
        time.sleep(0.1)
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, running.args)
    return peak / 1e6


def taken(pid: int) -> int:
    total = 0
    try:
        top = psutil.Process(pid)
        for process in [top, *top.children(recursive=True)]:
            memory = process.memory_full_info()
            total += getattr(memory, "pss", memory.uss)
    except psutil.NoSuchProcess:
        pass  # it ends just now
    return total


def loaded(files: list[Path]) -> None:
    for file in files:
        openpyxl.load_workbook(file)
