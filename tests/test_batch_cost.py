"""What a batch costs: time against openpyxl on the same files, memory per filing."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import msgspec
import openpyxl
import pytest

from jixiao.batch.collected import Collected, collect
from jixiao.batch.examine import Task, examined
from jixiao.batch.journal import Journal
from jixiao.batch.resubmitted import Former
from jixiao.batch.result import Result, decode, encode
from jixiao.batch.reviewed import Reviewed
from jixiao.batch.roster import Roster
from jixiao.batch.summary import Summary, write_summary
from jixiao.batch.words import batch_words
from many_filings import write_filings

TIMES = 8
"""Throughput on two workers, against openpyxl alone loading the files one by one."""
READ, WRITTEN = 12, 24
"""Reading and scoring, and all that follows, each for itself on one worker: today 20 to 25 and 40 to 65, so
that neither can grow to three times its cost in what the other leaves.
"""
SCALES = 0.85
"""What two workers do in a time, of what two programs do that know nothing of each other. A worker alone is
a twentieth slower than such a program, and any run takes half a second to begin: 2 000 files are done 1.7
times as quickly by two."""
BYTES = 2_000
"""Memory that one filing more may cost: 9 000 more take 18 MB, less than a fifth of the 100 MB of any run."""


@pytest.fixture(scope="module")
def filings(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_filings(tmp_path_factory.mktemp("cost"), 10)


def written(results: Iterable[Result], folder: Path) -> None:
    """All that is done after the filings are examined."""
    paths = []
    with Journal(folder / "汇总.进度", "", resume=False) as journal, Collected() as collected:
        for one in results:
            paths.append(one.path)
            journal.add(one.path, encode(one))
        collect(collected, journal, paths)
        write_summary(
            folder / "汇总.xlsx",
            Summary(
                folder=folder,
                records=journal,
                collected=collected,
                reviewed=Reviewed(()),
                roster=Roster(),
                former=Former(journal, [], folder),
                words=batch_words(),
                said="",
            ),
        )


def results_of(filings: list[Path]) -> list[Result]:
    tasks = [Task(str(file.parent), file.name) for file in filings]
    found = [decode(examined(task)) for task in tasks]
    assert all(isinstance(one, Result) for one in found)
    return found  # type: ignore[return-value]


def test_reading_scoring_and_writing_take_an_eighth_of_what_openpyxl_takes_to_load(
    filings: list[Path], tmp_path: Path
) -> None:
    """Processor time, so that other programs do no harm: of two workers, and one for what is done alone."""
    results = results_of(filings)

    def seconds(work: object) -> float:
        start = time.process_time()
        work()  # type: ignore[operator]
        return time.process_time() - start

    many = [msgspec.structs.replace(one, path=f"{n}/{one.path}") for n in range(10) for one in results]
    rounds = []
    for number in range(3):
        (tmp_path / f"{number}").mkdir()
        loaded = seconds(lambda: [openpyxl.load_workbook(file) for file in filings])
        read = seconds(lambda: results_of(filings))
        alone = seconds(lambda at=tmp_path / f"{number}": written(many, at)) / 10  # type: ignore[misc]
        rounds.append((loaded / (read / 2 + alone), loaded / read, loaded / alone))
    both, read, alone = map(statistics.median, zip(*rounds, strict=True))
    assert both >= TIMES and read >= READ and alone >= WRITTEN, rounds


_ONE_OF_TWO = """
import sys, time
from pathlib import Path
from jixiao.batch.examine import Task, examined
from jixiao.batch.workers import answers
files, jobs = [Path(line) for line in sys.stdin.read().split()], int(sys.argv[1])
tasks = [Task(str(file.parent), file.name) for file in files]
done = answers(examined, tasks, jobs=jobs, limit=60) if jobs else map(examined, tasks)
for _ in zip(range(len(files) // 10), done):
    pass
start = time.perf_counter()
for _ in done:
    pass
print(time.perf_counter() - start)
"""
"""Read and score; gives the seconds for nine tenths, from when all is warm."""


def test_two_workers_are_kept_as_busy_as_two_programs(filings: list[Path]) -> None:
    """Both in turn; of each the time when other programs disturbed it least."""

    def program(jobs: int, files: list[Path]) -> subprocess.Popen[str]:
        one = subprocess.Popen(
            [sys.executable, "-c", _ONE_OF_TWO, f"{jobs}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert one.stdin
        one.stdin.write("\n".join(map(str, files)))
        one.stdin.close()
        return one

    def seconds(*programs: subprocess.Popen[str]) -> float:
        return max(float(one.stdout.read()) for one in programs if one.stdout and not one.wait())

    half = filings * 20
    rounds = [
        (seconds(program(0, half), program(0, half)), seconds(program(2, half + half))) for _ in range(5)
    ]
    apart, workers = (min(column) for column in zip(*rounds, strict=True))
    assert apart / workers >= SCALES, rounds


def test_a_filing_more_costs_hardly_any_memory(filings: list[Path], tmp_path: Path) -> None:
    results = results_of(filings)

    def peak(count: int) -> int:
        folder = tmp_path / f"{count}"
        folder.mkdir()
        many = (
            msgspec.structs.replace(
                one, path=f"主管局{n % 9}/单位{n:06}-{at}.xlsx", unit=f"某某单位{n:06}-{at}"
            )
            for n in range(count // len(results))
            for at, one in enumerate(results)
        )
        tracemalloc.start()
        written(many, folder)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(100)  # what is loaded and remembered once
    few, more = peak(200), peak(800)
    assert (more - few) / 600 < BYTES, (few, more)
