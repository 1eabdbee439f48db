"""A folder examined, file by file, into the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import jixiao
from jixiao.batch.errors import NothingToDo
from jixiao.batch.examine import Task
from jixiao.batch.files import relative, workbooks
from jixiao.batch.journal import Journal
from jixiao.batch.result import Failure, encode
from jixiao.batch.workers import Lost
from jixiao.rubric.load import rule_folders
from jixiao.troubles import file_trouble

LIMIT = 60.0
"""Seconds that one file may take; a usual one takes some thousandths."""
Answering = Callable[[Iterable[Task]], Generator[tuple[Task, bytes | Lost]]]
"""Has files examined by workers: every task with its answer, in the order in which they are done."""
_LOST = {
    Lost.TIME: "读了 {limit:g} 秒还没有读完，已放弃。请打开看看是不是有大量空行、公式或图片，另存一份再交。",
    Lost.DIED: "读到它时程序被系统终止，多半是内容太多、内存不够。请删去多余的内容，另存一份再交。",
}


def stamp(rules: str | None) -> str:
    """What the results depend on besides the files: the program and every rule file."""
    seen = hashlib.sha256(jixiao.__version__.encode())
    for folder in rule_folders(rules):
        for file in sorted(folder.rglob("*.yaml")):
            seen.update(relative(file, folder).encode() + b"\0" + file.read_bytes())
    return seen.hexdigest()


def found(folder: Path, besides: Sequence[Path], journal: Journal) -> list[str]:
    """The workbooks to examine, in order; what cannot be looked into is kept as a failure.

    Raises NothingToDo.
    """
    if not folder.is_dir():
        raise NothingToDo(f"没有找到文件夹“{folder}”。请检查名称和位置。")
    left_out = {one.resolve() for one in besides}
    closed: list[str] = []

    def unreadable(error: OSError) -> None:
        path = relative(Path(error.filename), folder)
        journal.add(path, encode(Failure(path=path, reason=file_trouble(error))))
        closed.append(path)

    files = [relative(one, folder) for one in workbooks(folder, unreadable) if one.resolve() not in left_out]
    if not files and not closed:
        raise NothingToDo(f"文件夹“{folder}”里没有自评表（.xlsx 或 .xls）。请检查选的是不是这个文件夹。")
    return sorted([*files, *closed], key=in_order)


def in_order(path: str) -> tuple[str, ...]:
    """Files of one folder stand together."""
    return tuple(path.split("/"))


def gather(
    journal: Journal,
    folder: Path,
    paths: Sequence[str],
    answers: Answering,
    *,
    rules: str | None = None,
    limit: float = LIMIT,
    done: Callable[[], object] = lambda: None,
) -> None:
    """Examine the files into the journal; ``done`` is called for each. Raises RulesBroken and what keeps
    the workers from working.

    A file whose record still holds is only looked at. Whenever this is broken off, the journal is whole.
    """
    home = str(folder.resolve())
    rules = rules and str(Path(rules).resolve())

    def tasks() -> Iterator[Task]:
        for path in paths:
            yield Task(home, path, rules, journal.known(path))

    try:
        with closing(answers(tasks())) as answered:
            for task, answer in answered:
                if isinstance(answer, Lost):
                    reason = _LOST[answer].format(limit=limit)
                    journal.add(task.path, encode(Failure(path=task.path, reason=reason)))
                elif answer:
                    journal.add(task.path, answer)
                done()
    finally:
        journal.flush()
