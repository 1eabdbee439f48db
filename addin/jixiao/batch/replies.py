"""The letters of a batch, each written by a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from jixiao.batch.collected import Collected
from jixiao.batch.journal import Records
from jixiao.batch.reply import ReplyTask, file_name, replied
from jixiao.batch.resubmitted import Former
from jixiao.batch.result import Result
from jixiao.batch.words import Words
from jixiao.batch.workers import answers

_LIMIT = 60.0
"""Seconds that one letter may take."""


def write_replies(
    folder: Path,
    records: Records,
    collected: Collected,
    former: Former,
    words: Words,
    *,
    jobs: int,
    rules: str | None = None,
    done: Callable[[], object] = lambda: None,
) -> int:
    """Write a letter to every unit whose filing has errors (of one filed twice, the later filing).

    Returns how many were written. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def tasks() -> Iterator[ReplyTask]:
        replaced, used = former.replaced(), set[str]()
        for filing in collected.filings:
            if not filing.errors or filing.path in replaced:
                continue
            result = records[filing.path]
            assert isinstance(result, Result)
            name = _unused(file_name(result, words.reply), used)
            yield ReplyTask(result, former.comparison(result), str(folder / name), rules)

    written = 0
    with closing(answers(replied, tasks(), jobs=jobs, limit=_LIMIT)) as answered:
        for task, answer in answered:
            if not isinstance(answer, bytes):
                raise OSError(0, "", task.file)
            written += 1
            done()
    return written


def _unused(name: str, used: set[str]) -> str:
    """The name, with a number where another unit has it already."""
    stem, dot, suffix = name.rpartition(".")
    number, found = 1, name
    while found.lower() in used:
        number += 1
        found = f"{stem} {number}{dot}{suffix}"
    used.add(found.lower())
    return found
