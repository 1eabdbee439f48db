"""A batch that is broken off, disturbed or repeated ends as if nothing had happened."""

from __future__ import annotations

import hashlib
import os
import pty
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import hostile
import jixiao
from batch_work import misbehaved
from jixiao.batch.batch import Order, Outcome, batch
from jixiao.batch.errors import AlreadyRunning, NotASummary, NothingToDo
from jixiao.batch.examine import Task
from jixiao.batch.gather import stamp
from jixiao.batch.journal import Journal, Records, journal_beside
from jixiao.batch.result import Result
from jixiao.batch.workers import Lost, answers
from jixiao.cli import main
from jixiao.rubric.load import data_folder
from many_filings import write_filing, write_filings

FILES = 40


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("batch") / "报来的"
    write_filings(folder, FILES)
    return folder


@pytest.fixture
def filings(stock: Path, tmp_path: Path) -> Path:
    return shutil.copytree(stock, tmp_path / "报来的")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "汇总.xlsx"


@pytest.fixture(scope="module")
def undisturbed(stock: Path) -> str:
    out = stock.parent / "汇总.xlsx"
    run(stock, out)
    return digest(out)


def run(folder: Path, out: Path, **given: object) -> Outcome:
    return batch(Order(folder=folder, out=out, **{"jobs": 2, **given}))


def started(*words: object, **given: Any) -> subprocess.Popen[str]:
    """The program in a process of its own."""
    home = str(Path(jixiao.__file__).parents[1])
    command = [sys.executable, *map(str, words)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": home}, **given
    )


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def examined(out: Path) -> int:
    """Lines of the journal but the first: how often a file was examined."""
    return journal_beside(out).read_bytes().count(b"\n") - 1


def test_a_worker_that_hangs_or_dies_is_replaced_and_takes_no_other_file_along() -> None:
    tasks = [f"{n}" for n in range(40)] + ["hang", "die"] + [f"{n}" for n in range(40, 80)] + ["hang 2"]
    found = dict(answers(misbehaved, tasks, jobs=2, limit=1.5))
    assert found.pop("hang") is found.pop("hang 2") is Lost.TIME
    assert found.pop("die") is Lost.DIED
    assert found == {f"{n}": f"{n}".encode() for n in range(80)}


def test_a_file_that_takes_too_long_is_told_and_tried_again_next_time(
    filings: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(work: object, tasks: Iterable[Task], **given: object) -> Iterator[tuple[Task, Lost]]:
        for number, task in enumerate(tasks):
            yield task, Lost.DIED if number else Lost.TIME

    with monkeypatch.context() as patch:
        patch.setattr("jixiao.batch.batch.answers", slow)
        assert run(filings, out).failed == FILES
    told = [row[1] for row in openpyxl.load_workbook(out)["失败清单"].iter_rows(min_row=5, values_only=True)]
    assert "60 秒" in told[0] and "内存" in told[1]
    assert run(filings, out, resume=True).failed == 0


def test_a_file_that_takes_longer_than_it_may_is_given_up(tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "报来的"
    folder.mkdir()
    (folder / "很长.xlsx").write_bytes(hostile.million_rows_elsewhere())
    found = run(folder, out, limit=0.05)
    assert (found.read, found.failed) == (0, 1)
    (told,) = openpyxl.load_workbook(out)["失败清单"].iter_rows(min_row=5, max_col=2, values_only=True)
    assert "0.05 秒" in told[1] and "放弃" in told[1]
    assert run(folder, out, resume=True).read == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows 的 Ctrl-C 发不到单个程序")
def test_ctrl_c_leaves_a_usable_part_and_resume_ends_as_if_undisturbed(
    stock: Path, filings: Path, out: Path, undisturbed: str
) -> None:
    copies = [shutil.copytree(stock, filings / f"再来{n}") for n in range(12)]
    running = started("-m", "jixiao", "batch", filings, "-o", out, "--jobs", 1, stderr=subprocess.PIPE)
    journal = journal_beside(out)
    while not journal.exists() or journal.read_bytes().count(b"\n") < 10:
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    said, troubles = running.communicate(timeout=120)
    assert running.returncode == 2 and "--resume" in said and not troubles
    rows = openpyxl.load_workbook(out)["总表"].max_row - 4
    assert 9 <= rows < FILES * 13 and rows == examined(out)
    for copy in copies:
        shutil.rmtree(copy)
    assert run(filings, out, resume=True).read == FILES
    assert digest(out) == undisturbed


def test_resume_examines_only_what_has_changed(filings: Path, out: Path) -> None:
    run(filings, out)
    write_filing(filings / "第1主管局" / "单位00000.xlsx", "改了名的单位", edition="guangzhou-2023")
    os.utime(filings / "第2主管局" / "单位00001.xlsx", (1, 1))
    assert run(filings, out, resume=True).read == FILES
    assert examined(out) == FILES + 1
    assert "改了名的单位" in {row[2] for row in openpyxl.load_workbook(out)["总表"].values}


def test_records_made_by_other_rules_do_not_hold(
    filings: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(filings, out)
    rules = tmp_path / "规则"
    shutil.copytree(data_folder("rubric_rules") / "loudi-2023", rules / "我们的")
    told = run(filings, out, resume=True, rules=str(rules))
    assert told.outdated and examined(out) == FILES
    assert stamp(None) != stamp(str(rules))


@pytest.mark.parametrize("cut", [1, 40, 700])
def test_a_torn_last_line_costs_one_file(filings: Path, out: Path, undisturbed: str, cut: int) -> None:
    run(filings, out)
    journal = journal_beside(out)
    journal.write_bytes(journal.read_bytes()[:-cut])
    run(filings, out, resume=True)
    assert examined(out) == FILES
    assert digest(out) == undisturbed
    with Records.open(journal) as records:
        assert all(isinstance(records[path], Result) for path in records.paths())


def test_a_journal_of_something_else_is_begun_anew(filings: Path, out: Path, undisturbed: str) -> None:
    journal_beside(out).write_bytes(b"\x00\xff" * 1000)
    run(filings, out, resume=True)
    assert digest(out) == undisturbed


def test_two_runs_on_one_summary_do_not_mix(filings: Path, out: Path) -> None:
    with Journal(journal_beside(out), "", resume=False), pytest.raises(AlreadyRunning, match="等它做完"):
        run(filings, out)
    assert run(filings, out).read == FILES


def test_a_file_that_is_no_summary_is_not_written_over(filings: Path, out: Path) -> None:
    for mine in (b"mine", (filings / "第1主管局" / "单位00000.xlsx").read_bytes()):
        out.write_bytes(mine)
        with pytest.raises(NotASummary, match="没有改动"):
            run(filings, out)
        assert out.read_bytes() == mine and not journal_beside(out).exists()


def test_a_summary_among_the_filings_is_not_taken_for_one(filings: Path) -> None:
    folder = filings
    run(folder, folder / "汇总.xlsx")
    again = run(folder, folder / "第二次汇总.xlsx")
    assert (again.read, again.failed) == (FILES, 0)
    again = run(folder, folder / "汇总.xlsx")
    assert (again.read, again.failed) == (FILES, 0)
    assert (folder / "汇总.修改前.xlsx").exists()


def test_an_empty_folder_and_none_at_all_are_said(tmp_path: Path, out: Path) -> None:
    (tmp_path / "空").mkdir()
    for folder, words in ((tmp_path / "空", "没有自评表"), (tmp_path / "没有", "没有找到文件夹")):
        with pytest.raises(NothingToDo, match=words):
            run(folder, out)


def test_wrong_rules_stop_the_run_and_are_not_blamed_on_the_files(
    filings: Path, out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "规则"
    shutil.copytree(data_folder("rubric_rules") / "guangzhou-2023", rules / "guangzhou-2023")
    shutil.copytree(data_folder("rubric_rules") / "_self-evaluation", rules / "_self-evaluation")
    broken = rules / "guangzhou-2023" / "rubric.yaml"
    broken.write_text(broken.read_text(encoding="utf-8").replace("weight:", "wieght:", 1), encoding="utf-8")
    assert main(["batch", str(filings), "-o", str(out), "--rules", str(rules), "--jobs", "1"]) == 2
    said = capsys.readouterr().err
    assert "rubric.yaml" in said and "wieght" in said and not out.exists()


def test_the_screen_shows_how_fast_it_goes_and_how_long_it_will_take(filings: Path, out: Path) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    running = started("-m", "jixiao", "batch", filings, "-o", out, stderr=theirs)
    said, _ = running.communicate(timeout=120)
    os.close(theirs)
    shown = b""
    while part := _read(ours):
        shown += part
    bar = shown.decode()
    assert f"{FILES}/{FILES} 份" in bar and "每秒" in bar and "还要 00:0" in bar
    assert running.returncode == 0 and f"读出 {FILES} 份" in said


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so at the end
        return b""


@pytest.mark.parametrize("library", ["pandas", "xlsxwriter", "tqdm", "pebble"])
def test_a_missing_library_is_told_with_the_command_that_installs_it(
    library: str, filings: Path, out: Path
) -> None:
    script = (
        f"import sys; sys.modules[{library!r}] = None\n"
        "from jixiao.cli import main\n"
        f"sys.exit(main(['batch', {str(filings)!r}, '-o', {str(out)!r}]))"
    )
    running = started("-c", script, stderr=subprocess.PIPE)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 2 and 'pip install "jixiao[batch]"' in said, said
