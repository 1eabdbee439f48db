"""雷同: texts of different units that say nearly the same, group by group."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.batch.alike import Alike
from jixiao.batch.book.table import Column, Link, Value
from jixiao.batch.collected import Collected
from jixiao.batch.journal import Records
from jixiao.batch.result import Result

TITLE = "雷同"
COLUMNS = [
    Column("组号", 7, "count"),
    Column("栏目", 26, "words"),
    Column("单位", 32, "words"),
    Column("年度", 8),
    Column("与本组第一份相同", 11, "share"),
    Column("文字开头", 60, "words"),
    Column("文件", 44, "words"),
]


def rows(
    number: int, group: Alike, collected: Collected, records: Records, links: str
) -> Iterator[list[Value]]:
    for filing, share in zip(group.filings, group.shares, strict=True):
        one = collected.filings[filing]
        result = records[one.path]
        begins = ""
        if isinstance(result, Result):
            begins = next((text.begins for text in result.texts if text.field == group.field), "")
        yield [
            number,
            group.label,
            one.unit,
            one.year,
            Decimal(str(round(share, 2))),
            begins,
            Link(one.path, links + one.path),
        ]
