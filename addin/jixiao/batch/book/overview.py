"""总表: one row per filing, with two columns of the reviewer's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from jixiao.batch.book.table import Column, Link
from jixiao.batch.book.table import Value as Value
from jixiao.batch.result import Result
from jixiao.batch.words import Words
from jixiao.checking.finding import Severity

TITLE = "总表"
APPROVED, OPINION = "核定分", "审核意见"
UNIT, YEAR, EDITION, FILE = "单位", "年度", "评分版本", "文件"
COUNTED = (Severity.ERROR, Severity.WARNING)


def columns(words: Words) -> list[Column]:
    counts = [
        Column(heading, 7, "count", str(severity))
        for severity in COUNTED
        for heading in ("合计", *words.families.values())
    ]
    return [
        Column("序号", 6, "count"),
        Column("主管部门", 18, "words"),
        Column(UNIT, 30, "words"),
        Column(YEAR, 7),
        Column(EDITION, 34, "words"),
        Column("自评得分", 9, "points"),
        Column("计算得分", 9, "points"),
        Column("差异", 8, "points"),
        Column("未核分", 8, "points"),
        Column("等级", 6),
        *counts,
        Column(FILE, 36, "words"),
        Column("备注", 26, "words"),
        Column(APPROVED, 9, "input_points"),
        Column(OPINION, 40, "input"),
    ]


def row(
    number: int,
    one: Result,
    words: Words,
    *,
    department: str,
    link: str,
    remark: str,
    own: Mapping[str, Value],
) -> list[Value]:
    """``link``: where the file stands, seen from the 汇总; ``own``: what the reviewer wrote."""
    tally: Counter[tuple[Severity, str]] = Counter()
    for finding in one.findings:
        tally[finding.severity, words.family(finding.code)] += 1
    counts: list[Value] = []
    for severity in COUNTED:
        counts.append(sum(n for (of, _), n in tally.items() if of == severity))
        counts += [tally[severity, family] or None for family in words.families.values()]
    return [
        number,
        department,
        one.unit,
        one.year,
        one.title,
        one.declared,
        one.total,
        None if one.declared is None else one.declared - one.total,
        one.unverified,
        one.grade,
        *counts,
        Link(one.path, link),
        remark,
        own.get(APPROVED),
        own.get(OPINION),
    ]
