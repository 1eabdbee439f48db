"""One mutated workbook through the program: an answer in time, in our words, and right.

By itself the long run: ``python tests/fuzz/runs.py 10000``.
"""

from __future__ import annotations

import contextlib
import io
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).parents[2]
    sys.path[:0] = [str(here / "addin"), str(here / "tests")]

from fuzz.mutations import mutated
from jixiao.cli import main
from jixiao.rubric.load import load_rubric
from jixiao.rubric.model import Rubric
from jixiao.scoring.model import Basis
from jixiao.troubles import expected
from jixiao.verbs import examine, opened
from oracle.form import Form
from oracle.reckoning import disagreements

LONGEST = 20.0
"""Seconds of work (not of waiting: machines for tests are busy) that one workbook may take with all verbs."""
EVERY = 12
"""Of so many workbooks one goes through all verbs of the command line."""
VERBS = (
    ["score", "--json"], ["check"], ["score", "--in-place", "--overwrite"], ["check", "--in-place"],
    ["clear"],
    ["undo"], ["export", "out.yaml"], ["report", "-o", "out.docx", "--charts"],
)  # fmt: skip


class Hang(BaseException):
    """It took too long."""


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise :class:`Hang` in whatever is still at work after so long."""

    def stop(*_: object) -> None:
        raise Hang

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@cache
def _rubric(edition: str, *, rules: str | None = None) -> Rubric:
    return load_rubric(edition, rules=rules)


def trial(number: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """What became of workbook ``number``, and every promise it broke."""
    data, what = mutated(number)
    path = folder / "自评表.xlsx"
    path.write_bytes(data)
    counted: Counter[str] = Counter()
    broken: list[str] = []
    try:
        with within(LONGEST):
            _scored(path, data, counted, broken)
            if number % EVERY == 0:
                _all_verbs(path, data, counted, broken)
    except Hang:
        broken.append("hang\n" + traceback.format_exc(limit=-6))
    return counted, [f"{what}\n  {one}" for one in broken]


def _scored(path: Path, data: bytes, counted: Counter[str], broken: list[str]) -> None:
    try:
        port, rubric = opened(path, load=_rubric)
        work = examine(port, rubric)
    except expected() as error:
        counted["refused"] += 1
        if not _chinese(str(error)):
            broken.append(f"no sentence of ours: {error}")
        return
    except Exception:
        broken.append("traceback\n" + traceback.format_exc(limit=-4))
        return
    counted["accepted"] += 1
    counted["scores"] += sum(one.basis is Basis.COMPUTED for one in work.assessment.indicators)
    counted["rows"] += sum(one.basis is Basis.COMPUTED for one in work.assessment.rows)
    try:
        form = Form(data, port.names())
        counted["recognised by labels"] += "jx.adopted" in port.names()
        found = list(disagreements(work.assessment, form))
    except Exception as error:
        broken.append(f"accepted, and nobody else can read it: {type(error).__name__} {error}")
        return
    counted["read by openpyxl"] += form.by_openpyxl
    broken += [f"wrong score: {one}" for one in found]


def _all_verbs(path: Path, data: bytes, counted: Counter[str], broken: list[str]) -> None:
    counted["all verbs"] += 1
    for verb, *options in VERBS:
        options = [str(path.parent / one) if one.startswith("out.") else one for one in options]
        before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([verb, str(path), *options])
        said = err.getvalue()
        if "程序出错" in said or "Traceback" in said:
            log = Path(said.rsplit("：", 1)[1].strip())
            broken.append(f"{verb}: traceback\n{log.read_text(encoding='utf-8')[-1500:]}")
        after = {file.name: file.read_bytes() for file in path.parent.iterdir()}
        if code == 2 and after != before:
            broken.append(f"{verb}: refused, and something changed: {after.keys() ^ before.keys()}")
        if code == 2 and not _chinese(said):
            broken.append(f"{verb}: no sentence of ours: {said}")
        if strays := [name for name in after if name.endswith(".tmp")]:
            broken.append(f"{verb}: left {strays}")
        first = next((file for file in path.parent.iterdir() if ".修改前" in file.name), None)
        if first and first.read_bytes() != data:
            broken.append(f"{verb}: the first backup is not the file as it was")
        if not first and path.read_bytes() != data:
            broken.append(f"{verb}: changed without a backup")


def _chinese(text: str) -> bool:
    text = text.strip()
    return bool(text) and "\u4e00" <= text[0] <= "\u9fff" or text.startswith(("“", "《"))


def run(numbers: range, *, least: int = 0, most: float = 1e9) -> tuple[Counter[str], list[str]]:
    """Trials one after the other, for at most so many seconds of work, but ``least`` of them in any case."""
    counted: Counter[str] = Counter()
    broken: list[str] = []
    start = time.process_time()
    with tempfile.TemporaryDirectory() as logs:
        for number in numbers:
            with tempfile.TemporaryDirectory(dir=logs) as folder:
                one, found = trial(number, Path(folder))
            counted += one
            counted["workbooks"] += 1
            broken += found
            if counted["workbooks"] >= least and time.process_time() - start > most:
                break
    return counted, broken


if __name__ == "__main__":
    first, last = (0, int(sys.argv[1])) if len(sys.argv) == 2 else (int(sys.argv[1]), int(sys.argv[2]))
    began = time.monotonic()
    totals, breaches = run(range(first, last))
    print(*breaches, sep="\n")
    for name, total in totals.most_common():
        print(f"{total:8} {name}")
    print(f"{time.monotonic() - began:8.0f} s; {len(breaches)} broken promises")
    sys.exit(bool(breaches))
