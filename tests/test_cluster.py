"""The same work on a Dask cluster: a real scheduler and two workers, each a process of its own."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jixiao.batch import cluster
from jixiao.batch.batch import Order, Outcome, batch
from jixiao.batch.errors import ClusterFailed, LacksLibrary, NoCluster, OtherVersion
from jixiao.batch.journal import Records, journal_beside
from jixiao.batch.result import Failure
from many_filings import write_filings

FILES = 122
"""Two of them are none."""
PACKAGE = Path(cluster.__file__).parents[2]


class Cluster:
    """A scheduler and its workers on this machine."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._log = (folder / "cluster.log").open("wb")
        self._running: list[subprocess.Popen[bytes]] = []
        told = folder / "scheduler.json"
        words = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told)]
        self.scheduler = self._start("scheduler", *words, **environment)
        while not told.exists():
            time.sleep(0.05)
        self.address = told.read_text().partition('"address": "')[2].partition('"')[0]
        self.workers: list[subprocess.Popen[bytes]] = []

    def _start(self, what: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", what, *words, "--no-dashboard"]
        process = subprocess.Popen(
            command, stdout=self._log, stderr=self._log, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(PACKAGE), **environment},
        )  # fmt: skip
        self._running.append(process)
        return process

    def worker(self, *words: str, nanny: bool = False, **environment: str) -> None:
        """A worker; a nanny would start it again when it dies."""
        kind = "--nanny" if nanny else "--no-nanny"
        words = (self.address, "--nthreads", "1", "--host", "127.0.0.1", kind, *words)
        self.workers.append(self._start("worker", *words, **environment))

    def stop(self) -> None:
        for process in self._running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._log.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Cluster]:
    with Cluster(tmp_path) as made:
        made.worker(), made.worker()
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("各单位 报来的")
    write_filings(home, FILES - 2)
    (home / "空.xlsx").write_bytes(b"")
    (home / "不是.xlsx").write_bytes(b"PK" + bytes(90))
    return home


def run(folder: Path, out: Path, **given: object) -> Outcome:
    out.parent.mkdir(exist_ok=True)
    return batch(Order(folder=folder, out=out, **{"jobs": 2, **given}))


def digest(out: Path) -> str:
    return hashlib.sha256(out.read_bytes()).hexdigest()


def recorded(out: Path) -> list[str]:
    """Every line of the journal but the first."""
    return sorted(journal_beside(out).read_text("utf-8").splitlines()[1:])


def when_recorded(out: Path, files: int, act: Callable[[], object]) -> threading.Thread:
    """Do something once so many files are in the journal."""

    def wait() -> None:
        journal = journal_beside(out)
        while not journal.exists() or journal.read_bytes().count(b"\n") <= files:
            time.sleep(0.005)
        act()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def test_a_worker_killed_in_mid_run_loses_nothing_and_doubles_nothing(
    two: Cluster, folder: Path, tmp_path: Path
) -> None:
    here, there = tmp_path / "本机" / "汇总.xlsx", tmp_path / "集群" / "汇总.xlsx"
    run(folder, here)
    left = []

    def kill() -> None:
        two.workers[0].kill()
        left.append(FILES - len(recorded(there)))

    killing = when_recorded(there, 20, kill)
    found = run(folder, there, scheduler=two.address)
    killing.join()
    assert left[0] > 0
    assert (found.files, found.read, found.failed) == (FILES, FILES - 2, 2)
    assert recorded(there) == recorded(here)
    assert digest(there) == digest(here)


def test_ctrl_c_leaves_a_summary_and_resume_goes_on(two: Cluster, folder: Path, tmp_path: Path) -> None:
    here, there = tmp_path / "本机" / "汇总.xlsx", tmp_path / "集群" / "汇总.xlsx"
    run(folder, here)
    there.parent.mkdir()
    command = [sys.executable, "-m", "jixiao", "batch", folder, "-o", there, "--scheduler", two.address]
    program = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(PACKAGE)}, stdout=subprocess.PIPE, text=True
    )
    when_recorded(there, 20, lambda: program.send_signal(signal.SIGINT)).join()
    said, _ = program.communicate()
    assert "中途停止" in said and "--resume" in said and there.exists()
    assert 20 <= len(recorded(there)) < FILES
    assert not run(folder, there, scheduler=two.address, resume=True).stopped
    assert set(recorded(there)) == set(recorded(here))
    assert digest(there) == digest(here)


def test_a_scheduler_that_is_gone_is_told_and_what_is_done_stays(
    two: Cluster, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "集群" / "汇总.xlsx"
    when_recorded(out, 20, two.scheduler.kill)
    with pytest.raises((NoCluster, ClusterFailed), match="--resume"):
        run(folder, out, scheduler=two.address)
    assert 20 <= len(recorded(out)) < FILES
    assert run(folder, out, resume=True).read == FILES - 2
    assert len(set(recorded(out))) == FILES


def test_a_file_that_workers_die_of_or_never_end_is_told_and_no_other(tmp_path: Path, folder: Path) -> None:
    """Whatever was at work beside it is examined again."""
    hostile = tmp_path / "hostile.py"
    hostile.write_text(
        "import os, time\n"
        "from jixiao.batch import cluster\n"
        "from jixiao.batch.examine import examined as real\n"
        "def examined(task):\n"
        "    if '00007' in task.path: os._exit(1)\n"
        "    if '00011' in task.path: time.sleep(1e6)\n"
        "    return real(task)\n"
        "cluster.examined = examined\n"
    )
    with Cluster(tmp_path, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0") as made:
        made.worker("--preload", str(hostile), nanny=True)
        made.worker("--preload", str(hostile), nanny=True)
        out = tmp_path / "集群" / "汇总.xlsx"
        found = run(folder, out, scheduler=made.address, limit=3.0)
        assert (found.read, found.failed) == (FILES - 4, 4)
        with Records.open(journal_beside(out)) as records:
            failures = {
                path: one.reason for path in records.paths() if isinstance(one := records[path], Failure)
            }
        assert "被系统终止" in failures["第3主管局/单位00007.xlsx"]
        assert "3 秒还没有读完" in failures["第2主管局/单位00011.xlsx"]


def test_a_worker_with_other_rules_is_told(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "batch.yaml").write_text("top_findings: 3")
    with Cluster(tmp_path) as made:
        made.worker(JIXIAO_RULES=str(tmp_path / "rules"))
        with pytest.raises(OtherVersion, match="同样的规则"):
            run(folder, tmp_path / "集群" / "汇总.xlsx", scheduler=made.address)


def asked(scheduler: str) -> None:
    list(cluster.answers([], scheduler=scheduler, limit=1, connect=1))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "127.0.0.1", "http://127.0.0.1:8786", "主机"])
def test_a_scheduler_that_does_not_answer_is_told(address: str) -> None:
    with pytest.raises(NoCluster, match=f"连不上集群的调度程序“{address}”"):
        asked(address)


def test_a_cluster_without_workers_is_told(tmp_path: Path) -> None:
    with Cluster(tmp_path) as made:
        with pytest.raises(NoCluster, match="没有一个能用的工作进程"):
            asked(made.address)


def test_without_the_library_the_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(LacksLibrary, match=r'pip install "jixiao\[cluster\]"'):
        asked("tcp://127.0.0.1:1")
