"""整改对照: of filings handed in once more, every finding that was put right, remains or is new."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.batch.book.table import Column, Link, Value
from jixiao.batch.resubmitted import Comparison, State
from jixiao.batch.result import Result

TITLE = "整改对照"
COLUMNS = [
    Column("单位", 28, "words"),
    Column("年度", 8),
    Column("情况", 9),
    Column("级别", 7),
    Column("编号", 8),
    Column("位置", 20, "words"),
    Column("问题", 22, "words"),
    Column("说明", 60, "words"),
    Column("上次得分", 9, "points"),
    Column("这次得分", 9, "points"),
    Column("上次的文件", 32, "words"),
    Column("这次的文件", 32, "words"),
]


def rows(now: Result, compared: Comparison, link: str) -> Iterator[list[Value]]:
    before = compared.before
    for state, one in compared.findings:
        place: Value = one.place
        if one.sheet and state is not State.FIXED:
            place = Link(one.place, link, one.sheet, one.cell)
        yield [
            now.unit, now.year, state.value, one.severity.value, one.code, place, one.title, one.message,
            before.total, now.total, before.path, Link(now.path, link),
        ]  # fmt: skip
