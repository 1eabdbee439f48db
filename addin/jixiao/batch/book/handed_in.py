"""重复与缺报: who handed in twice, who has not, and who is not on the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from jixiao.batch.book.table import Column, Link, Value
from jixiao.batch.result import Brief, same
from jixiao.batch.roster import Roster

TITLE = "重复与缺报"
COLUMNS = [
    Column("情况", 10),
    Column("单位", 34, "words"),
    Column("年度", 8),
    Column("主管部门", 24, "words"),
    Column("文件", 44, "words"),
    Column("说明", 60, "words"),
]
_MOST = 200_000
"""Pairs of names that are compared to find those misspelt."""


def rows(
    filings: Sequence[Brief], groups: Sequence[Sequence[Brief]], roster: Roster, links: str
) -> Iterator[list[Value]]:
    """``links``: the folder as seen from the 汇总, with a ``/`` at its end if it is another."""

    def told(kind: str, one: Brief, said: str) -> list[Value]:
        department = roster.department(one.unit, one.path)
        return [kind, one.unit, one.year, department, Link(one.path, links + one.path), said]

    for group in groups:
        many = f"同一单位、同一年度的表有 {len(group)} 份；重报的看“整改对照”，多报的请删去一份。"
        yield from (told("重复", one, many) for one in group)
    for one in filings:
        if not one.unit:
            yield told("没有单位", one, "表里没有填单位名称，对不上名单。")
    if not roster.units:
        return
    filed = {same(one.unit) for one in filings}
    missing = {name: listed for name, listed in roster.units.items() if name not in filed}
    strangers = [one for one in filings if one.unit and same(one.unit) not in roster.units]
    for listed in missing.values():
        yield [
            "缺报",
            listed.unit,
            "",
            listed.department,
            "",
            "名单里有，没有收到它的表（也看看“失败清单”）。",
        ]
    guess = len(missing) * len(strangers) <= _MOST
    for one in strangers:
        near = get_close_matches(same(one.unit), missing, 1) if guess else []
        said = (
            f"名单里没有这个单位；缺报的“{missing[near[0]].unit}”与它名称相近。"
            if near
            else "名单里没有这个单位。"
        )
        yield told("名单外", one, said)
