"""Many files at a time, each in a process that can be stopped: one that hangs or dies takes none along.

Processes, not threads: reading and scoring is work of Python itself, of which threads do one at a time
(measured: two threads are no quicker than one, two processes nearly twice as quick).
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, TimeoutError, wait
from enum import Enum
from itertools import islice
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

_Task = TypeVar("_Task")
_AHEAD = 16
"""Tasks handed out per worker beyond the one at hand, so that none has to wait for us."""
_LOOK_UP = 0.5
"""Seconds after which a wait ends, so that Ctrl-C is heard on Windows too."""
_RENEWED = 5_000
"""Files after which a worker is replaced by a fresh one."""


class Lost(Enum):
    """Why a task has no answer."""

    TIME = "time"
    DIED = "died"


def answers(
    work: Callable[[_Task], bytes], tasks: Iterable[_Task], *, jobs: int, limit: float
) -> Generator[tuple[_Task, bytes | Lost]]:
    """Every task with its answer, in the order in which they are done.

    A task may take ``limit`` seconds. What ``work`` raises is raised; all workers are stopped then.
    """
    left = iter(tasks)
    pool = ProcessPool(jobs, _RENEWED, _begin, context=multiprocessing.get_context("spawn"))
    running: dict[Future[bytes], _Task] = {}
    try:
        while True:
            for task in islice(left, jobs * (_AHEAD + 1) - len(running)):
                running[pool.schedule(work, [task], timeout=limit)] = task
            if not running:
                break
            for done in wait(running, _LOOK_UP, FIRST_COMPLETED).done:
                yield running.pop(done), _answer(done)
        pool.close()  # type: ignore[no-untyped-call]
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _answer(done: Future[bytes]) -> bytes | Lost:
    try:
        return done.result()
    except TimeoutError:
        return Lost.TIME
    except ProcessExpired:
        return Lost.DIED


def _begin() -> None:
    """A worker leaves Ctrl-C to the program that it works for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def usual_jobs() -> int:
    """As many as there are processors that we may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
