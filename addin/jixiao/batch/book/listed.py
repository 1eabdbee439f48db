"""问题清单, 识别说明 and 失败清单: all findings, what was doubtful in forms that are not ours, and every
file that could not be read.
"""

from __future__ import annotations

from collections.abc import Iterator

from jixiao.batch.book.table import Column, Link, Value
from jixiao.batch.result import Failure, Result
from jixiao.batch.words import Words

FINDINGS, FAILURES, RECOGNISED = "问题清单", "失败清单", "识别说明"

FINDING_COLUMNS = [
    Column("单位", 26, "words"),
    Column("年度", 7),
    Column("级别", 7),
    Column("类别", 9),
    Column("编号", 8),
    Column("位置", 20, "words"),
    Column("问题", 20, "words"),
    Column("说明", 56, "words"),
    Column("依据", 34, "words"),
    Column("怎么改", 40, "words"),
    Column("涉及分值", 9, "points"),
    Column("文件", 30, "words"),
]
RECOGNISED_COLUMNS = [Column("单位", 26, "words"), Column("说明", 90, "words"), Column("文件", 44, "words")]
FAILURE_COLUMNS = [Column("文件", 50, "words"), Column("为什么没有读出来，怎么办", 100, "words")]


def finding_rows(one: Result, words: Words, link: str) -> Iterator[list[Value]]:
    for finding in one.findings:
        place = Link(finding.place, link, finding.sheet, finding.cell) if finding.sheet else finding.place
        yield [
            one.unit,
            one.year,
            str(finding.severity),
            words.family(finding.code),
            finding.code,
            place,
            finding.title,
            finding.message,
            finding.clause,
            finding.remedy,
            finding.points,
            one.path,
        ]


def recognised_rows(one: Result, link: str) -> Iterator[list[Value]]:
    for said in one.recognised:
        yield [one.unit, said, Link(one.path, link)]


def failure_row(one: Failure, link: str) -> list[Value]:
    return [Link(one.path, link), one.reason]
