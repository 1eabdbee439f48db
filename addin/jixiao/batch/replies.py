"""The letters of a batch, each written by a worker."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from jixiao.batch.collected import Collected
from jixiao.batch.journal import Records
from jixiao.batch.reply import ReplyTask, file_name, replied
from jixiao.batch.resubmitted import Former
from jixiao.batch.result import Brief, Result
from jixiao.batch.words import Words
from jixiao.batch.workers import answers

_LIMIT = 60.0
"""Seconds that one letter may take."""


def addressees(collected: Collected, former: Former) -> list[Brief]:
    """Filings that go back: those with errors; of one handed in more than once, the last."""
    replaced = former.replaced()
    return [one for one in collected.filings if one.errors and one.path not in replaced]


def write_replies(
    folder: Path,
    to: Sequence[Brief],
    records: Records,
    former: Former,
    words: Words,
    *,
    jobs: int,
    rules: str | None = None,
    done: Callable[[], object] = lambda: None,
) -> None:
    """Write a letter to each; ``done`` is called for each. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)

    def tasks() -> Iterator[ReplyTask]:
        used = set[str]()
        for filing in to:
            result = records[filing.path]
            assert isinstance(result, Result)
            name = _unused(file_name(result, words.reply), used)
            yield ReplyTask(result, former.comparison(result), str(folder / name), rules)

    with closing(answers(replied, tasks(), jobs=jobs, limit=_LIMIT)) as answered:
        for task, answer in answered:
            if not isinstance(answer, bytes):
                raise TimeoutError(errno.ETIMEDOUT, "", task.file)
            done()


def _unused(name: str, used: set[str]) -> str:
    """The name, with a number where another unit has it already."""
    stem, dot, suffix = name.rpartition(".")
    number, found = 1, name
    while found.lower() in used:
        number += 1
        found = f"{stem} {number}{dot}{suffix}"
    used.add(found.lower())
    return found
