"""The files examined on a Dask cluster that stands ready, beyond one machine.

The workers need not see the folder: every file is read here and sent to them, a bounded number at a
time. A worker that is lost loses nothing: the scheduler gives its files to another. What the workers
have installed must be what is installed here, or the results were not those of a run on one machine.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import warnings
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

import jixiao
from jixiao.batch.errors import BatchError, ClusterFailed, LacksLibrary, NoCluster, OtherVersion
from jixiao.batch.examine import Task, examined
from jixiao.batch.gather import stamp
from jixiao.batch.workers import Lost
from jixiao.rubric.errors import RuleError
from jixiao.workbook.errors import WorkbookError
from jixiao.workbook.file.package import read_file

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as Sent

CONNECT = 10.0
"""Seconds in which the scheduler has to answer, and a worker to turn up."""
_MOST_FILES, _MOST_BYTES = 500, 64 << 20
"""What is under way at a time."""
_LOOK_UP = 0.5
"""Seconds after which a wait ends, so that Ctrl-C is heard on Windows too."""
_STUCK = 3
"""Times the limit of a file."""
_RESUME = "已经审完的都留着，弄好以后加 --resume 接着做。"


def answers(
    tasks: Iterable[Task], *, scheduler: str, limit: float, connect: float = CONNECT
) -> Generator[tuple[Task, bytes | Lost]]:
    """Every task with its answer, in the order in which they are done.

    A task may take ``limit`` seconds. A file on which workers die is tried again with nothing beside
    it, so that none is blamed for another. Raises LacksLibrary, NoCluster, OtherVersion, ClusterFailed,
    RulesBroken.
    """
    with _connected(scheduler, connect) as client:
        suspects = []
        for task, answer in _together(client, tasks, limit, connect):
            if answer is Lost.DIED:
                suspects.append(task)
            else:
                yield task, answer
        for task in suspects:
            yield from _together(client, [task], limit, connect)


def _together(
    client: Client, tasks: Iterable[Task], limit: float, connect: float
) -> Generator[tuple[Task, bytes | Lost]]:
    done: SimpleQueue[Sent] = SimpleQueue()
    running: dict[Sent, tuple[Task, int]] = {}
    size = 0

    def finished() -> tuple[Task, bytes | Lost]:
        nonlocal size
        future = _next(client, done, limit, connect)
        task, length = running.pop(future)
        size -= length
        return task, _answer(future)

    for task in tasks:
        data = _read(task)
        if data is None:
            yield task, examined(task)  # which says what is wrong with it
        elif hashlib.sha256(data).hexdigest() == task.known:
            yield task, b""
        else:
            future = client.submit(_examined, task, data, stamp(task.rules), limit, pure=False)
            running[future] = task, len(data)
            size += len(data)
            future.add_done_callback(done.put)
        while len(running) >= _MOST_FILES or size > _MOST_BYTES:
            yield finished()
    while running:
        yield finished()


def _next(client: Client, done: SimpleQueue[Sent], limit: float, connect: float) -> Sent:
    """What is done next. Nothing for so long that every worker ought to have given up: they are stuck."""
    for waited in count():
        try:
            return done.get(timeout=_LOOK_UP)
        except Empty:
            if waited * _LOOK_UP > _STUCK * limit + connect:
                break
        if waited * _LOOK_UP % connect < _LOOK_UP:
            _workers(client, connect)
    raise ClusterFailed(f"集群很久没有交回一个结果。请检查各台机器和工作进程，再运行一次。{_RESUME}")


def _answer(future: Sent) -> bytes | Lost:
    from distributed import KilledWorker

    try:
        answer: bytes | Lost | BatchError = future.result()
    except KilledWorker:
        return Lost.DIED
    except CancelledError as error:
        raise NoCluster(f"集群的调度程序中途没有了。请检查它是不是还开着，再运行一次。{_RESUME}") from error
    except Exception as error:
        raise _failed(error) from error
    if isinstance(answer, BatchError):
        raise answer
    return answer


def _failed(error: Exception) -> ClusterFailed:
    return ClusterFailed(
        f"集群的工作进程没有做成（{type(error).__name__}：{error}）。请检查每台机器上都装了同一版的"
        f" jixiao[cluster]，磁盘没有满，再运行一次。{_RESUME}"
    )


def _read(task: Task) -> bytes | None:
    try:
        return read_file(Path(task.folder, task.path))
    except (OSError, WorkbookError):
        return None


# ---------------------------------------------------------------- the cluster


@contextmanager
def _connected(scheduler: str, connect: float) -> Iterator[Client]:
    try:
        import distributed
    except ImportError as error:
        raise LacksLibrary(
            '用集群审核还要装一个程序库。请运行：python -m pip install "jixiao[cluster]"'
        ) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module="distributed")
    try:
        distributed.comm.get_address_host_port(scheduler)
        client = distributed.Client(scheduler, timeout=connect, set_as_default=False, name="jixiao")
    except (OSError, ValueError) as error:
        raise NoCluster(
            f"连不上集群的调度程序“{scheduler}”。请检查地址（像 tcp://10.0.0.1:8786）、调度程序"
            "（dask scheduler）是不是开着、防火墙让不让连。不用集群时，去掉 --scheduler。"
        ) from error
    try:
        _workers(client, connect)
        yield client
    finally:
        client.close()


def _workers(client: Client, connect: float) -> None:
    """Wait for a worker to be there. Raises NoCluster."""
    try:
        client.wait_for_workers(1, timeout=connect)
    except (OSError, TimeoutError) as error:
        raise NoCluster(
            f"等了 {connect:g} 秒，集群里没有一个能用的工作进程，或者调度程序没有了。请在各台机器上开工作进程"
            f"（dask worker 调度程序的地址），再运行一次。{_RESUME}"
        ) from error


# ---------------------------------------------------------------- in a worker


def _examined(task: Task, data: bytes, expected: str, limit: float) -> bytes | Lost | BatchError:
    """The record of a file that was sent, or why there can be none.

    Nothing is raised: an error could be too large to be sent. A worker cannot be made to stop; a file
    that takes too long is left to itself.
    """
    made: SimpleQueue[bytes | BatchError] = SimpleQueue()

    def make() -> None:
        try:
            made.put(_record(task, data, expected))
        except BatchError as error:
            made.put(error)
        except Exception as error:
            made.put(_failed(error))

    Thread(target=make, daemon=True).start()
    try:
        return made.get(timeout=limit)
    except Empty:
        return Lost.TIME


def _record(task: Task, data: bytes, expected: str) -> bytes:
    if _own_stamp(task.rules) != expected:
        raise OtherVersion(
            f"集群的工作进程上，jixiao（那里是 {jixiao.__version__} 版）或评分规则与这台机器上的不同，"
            "审出来的结果会不一样，所以没有做。请在每台机器上装同一版 jixiao、放同样的规则文件夹，"
            "重开工作进程，再运行。"
        )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, task.path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return examined(Task(folder, task.path, task.rules))


@lru_cache(maxsize=8)
def _own_stamp(rules: str | None) -> str:
    try:
        return stamp(rules)
    except RuleError:  # a folder of rules that is not there
        return ""
