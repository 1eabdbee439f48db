"""汇总.xlsx from the records: written beside, put in the place of the old one when it is whole."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

import msgspec
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from jixiao.batch.book import listed, overview
from jixiao.batch.book.table import ROWS, Looks, Table
from jixiao.batch.collected import Collected
from jixiao.batch.examine import SUMMARY_NAME
from jixiao.batch.journal import Records
from jixiao.batch.result import Result
from jixiao.batch.reviewed import LEFT_OVER, LEFT_OVER_COLUMNS, Reviewed
from jixiao.batch.words import Words
from jixiao.workbook.file.saving import replacing

_CREATED = datetime(2000, 1, 1)
"""The same filings give the same bytes, whenever the 汇总 is written."""
_GAP = "表里缺了内容，得分不完整"


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a 汇总 is made of."""

    folder: Path
    records: Records
    collected: Collected
    reviewed: Reviewed
    words: Words
    said: str
    """The line at the head of 总表."""


def write_summary(out: Path, summary: Summary, *, rows: int = ROWS) -> None:
    """Write the 汇总; a sheet has so many ``rows`` at most. Raises CannotWrite; then the old one stands."""
    with replacing(out) as temporary, tempfile.TemporaryDirectory() as folder:
        book = Workbook(str(temporary), {"constant_memory": True, "tmpdir": folder})
        book.set_properties({"title": "绩效自评汇总", "created": _CREATED})
        book.define_name(SUMMARY_NAME, f"={overview.TITLE}!$A$1")
        _fill(book, out, summary, rows)
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None


def _fill(book: Workbook, out: Path, summary: Summary, rows: int) -> None:
    looks, collected, words = Looks(book), summary.collected, summary.words
    opinions = summary.reviewed.matched(collected.filings)
    first = Table(
        book, looks, overview.TITLE, overview.columns(words),
        words=summary.said, expected=len(collected.filings), rows=rows, freeze=3,
    )  # fmt: skip
    findings = Table(
        book, looks, listed.FINDINGS, listed.FINDING_COLUMNS,
        words="每个单位的全部问题；点“位置”打开那份表。用筛选箭头按单位、级别、编号查看。",
        expected=collected.findings, rows=rows, freeze=1,
    )  # fmt: skip
    here = Path(os.path.relpath(summary.folder.resolve(), out.parent.resolve()))
    for number, (filing, opinion) in enumerate(zip(collected.filings, opinions, strict=True)):
        result = summary.records[filing.path]
        assert isinstance(result, Result)
        link = (here / filing.path).as_posix()
        first.add(
            overview.row(
                number + 1,
                result,
                words,
                department="",
                link=link,
                remark=_GAP if result.lost else "",
                own=opinion.own if opinion else {},
            )
        )
        for row in listed.finding_rows(result, words, link):
            findings.add(row)
    tables = [first, findings]
    failures = Table(
        book, looks, listed.FAILURES, listed.FAILURE_COLUMNS,
        words=f"没有读出来的文件：{len(collected.failures)} 个。它们不在总表里。",
        expected=len(collected.failures), rows=rows,
    )  # fmt: skip
    for failure in collected.failures:
        failures.add(listed.failure_row(failure, (here / failure.path).as_posix()))
    tables.append(failures)
    if left := summary.reviewed.left():
        over = Table(
            book, looks, LEFT_OVER, LEFT_OVER_COLUMNS,
            words="上次的汇总里有您的核定分或审核意见，这次没有这个单位的表；先放在这里，单位的表再出现时自动接上。",
            expected=len(left), rows=rows,
        )  # fmt: skip
        for one in left:
            over.add(one.row())
        tables.append(over)
    for table in tables:
        table.close()
