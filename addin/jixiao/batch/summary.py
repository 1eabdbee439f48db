"""汇总.xlsx from the records: written beside, put in the place of the old one when it is whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from jixiao.batch.alike import alike
from jixiao.batch.book import (
    analysis,
    charts,
    departments,
    handed_in,
    listed,
    overview,
    put_right,
    similar,
)
from jixiao.batch.book.table import ROWS, Column, Looks, Table, Value
from jixiao.batch.collected import Collected
from jixiao.batch.examine import SUMMARY_NAME
from jixiao.batch.journal import Records
from jixiao.batch.resubmitted import Comparison, Former, repeated
from jixiao.batch.result import Result
from jixiao.batch.reviewed import LEFT_OVER, LEFT_OVER_COLUMNS, Reviewed
from jixiao.batch.roster import Roster
from jixiao.batch.words import Words
from jixiao.workbook.file.saving import replacing

_CREATED = datetime(2000, 1, 1)
"""The same filings give the same bytes, whenever the 汇总 is written."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a 汇总 is made of."""

    folder: Path
    records: Records
    collected: Collected
    reviewed: Reviewed
    roster: Roster
    former: Former
    words: Words
    said: str
    """The line at the head of 总表."""


def write_summary(out: Path, summary: Summary, *, rows: int = ROWS) -> None:
    """Write the 汇总; a sheet has so many ``rows`` at most. Raises CannotWrite; then the old one stands."""
    with replacing(out) as temporary, tempfile.TemporaryDirectory() as folder:
        book = Workbook(str(temporary), {"constant_memory": True, "tmpdir": folder})
        book.set_properties({"title": "绩效自评汇总", "created": _CREATED})
        book.define_name(SUMMARY_NAME, f"={overview.TITLE}!$A$1")
        here = Path(os.path.relpath(summary.folder.resolve(), out.parent.resolve())).as_posix()
        _Sheets(book, summary, "" if here == "." else f"{here}/", rows).write()
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from None


class _Sheets:
    """The sheets in the order in which they stand. ``links`` leads from the 汇总 to the filings."""

    def __init__(self, book: Workbook, summary: Summary, links: str, rows: int) -> None:
        self._book, self._links, self._rows = book, links, rows
        self._of, self._looks = summary, Looks(book)

    def write(self) -> None:
        of, collected = self._of, self._of.collected
        frame = departments.frame(collected.filings, of.roster)
        grades = departments.grades_of(frame)
        again = repeated(collected.filings)
        shown = overview.Overview(
            of.words, projects=any(one.about for one in collected.filings), compared=bool(of.former)
        )
        filings, findings = len(collected.filings), collected.findings
        first = self._table(overview.TITLE, shown.columns(), of.said, filings, freeze=3)
        charts.write(self._book, self._looks, collected, frame, grades, of.words)
        self._whole(
            departments.TITLE,
            departments.columns(grades),
            "按名单的“主管部门”一栏归并；没有名单或没有写的，按文件夹归并。",
            departments.rows(frame, of.roster, grades),
        )
        self._whole(
            analysis.TITLE,
            analysis.COLUMNS,
            "每个指标得分的分布；失分多的，多半是共同的薄弱环节。未填的不计入平均。",
            analysis.rows(collected),
        )
        second = self._table(
            listed.FINDINGS,
            listed.FINDING_COLUMNS,
            "每个单位的全部问题；点“位置”打开那份表。用筛选箭头按单位、级别、编号查看。",
            findings,
            freeze=1,
        )
        recognised = None
        if collected.recognised:
            said = "这些表不是本软件做的，是按标签认的；拿不准的逐条列在这里，请打开原表核对。"
            recognised = self._table(
                listed.RECOGNISED, listed.RECOGNISED_COLUMNS, said, collected.recognised, freeze=1
            )
        third = None
        if of.former:
            said = "重报的表与上一份逐条比较（错误和警告）。"
            third = self._table(put_right.TITLE, put_right.COLUMNS, said, findings, freeze=1)
        self._each(shown, first, second, recognised, third, {one.path for group in again for one in group})
        self._whole(
            handed_in.TITLE,
            handed_in.COLUMNS,
            "同一单位、同一年度有几份的；对照名单，缺报的、名单外的。"
            + ("" if of.roster.units else "没有给名单（--roster 名单.xlsx），没有核对缺报。"),
            handed_in.rows(collected.filings, again, of.roster, self._links),
        )
        self._whole(
            similar.TITLE,
            similar.COLUMNS,
            "不同单位同一栏的文字，去掉单位名称、数字和标点后大半相同的；是不是照抄，请看原文。",
            (
                row
                for number, group in enumerate(alike(collected, of.words.similar), 1)
                for row in similar.rows(number, group, collected, of.records, self._links)
            ),
        )
        self._whole(
            listed.FAILURES,
            listed.FAILURE_COLUMNS,
            f"没有读出来的文件：{len(collected.failures)} 个。它们不在总表里。",
            (listed.failure_row(one, self._links + one.path) for one in collected.failures),
        )
        if left := of.reviewed.left():
            self._whole(
                LEFT_OVER,
                LEFT_OVER_COLUMNS,
                "上次的汇总里有您的核定分或审核意见，这次没有这个单位的表；先放在这里，它的表再出现时自动接上。",
                (one.row() for one in left),
            )

    def _each(
        self,
        shown: overview.Overview,
        first: Table,
        findings: Table,
        recognised: Table | None,
        fixed: Table | None,
        again: set[str],
    ) -> None:
        """The sheets that go through the records, all at one time."""
        of = self._of
        opinions = of.reviewed.matched(of.collected.filings)
        for number, (filing, opinion) in enumerate(zip(of.collected.filings, opinions, strict=True), 1):
            result = of.records[filing.path]
            assert isinstance(result, Result)
            link = self._links + filing.path
            compared: Comparison | None = of.former.comparison(result)
            first.add(
                shown.row(
                    number,
                    result,
                    department=of.roster.department(filing.unit, filing.path),
                    link=link,
                    again=filing.path in again,
                    compared=compared,
                    own=opinion.own if opinion else {},
                )
            )
            for row in listed.finding_rows(result, of.words, link):
                findings.add(row)
            if recognised:
                for row in listed.recognised_rows(result, link):
                    recognised.add(row)
            if fixed and compared:
                for row in put_right.rows(result, compared, link):
                    fixed.add(row)
        for table in (first, findings, recognised, fixed):
            if table:
                table.close()

    def _table(
        self, title: str, columns: list[Column], words: str, expected: int, *, freeze: int = 0
    ) -> Table:
        return Table(
            self._book, self._looks, title, columns,
            words=words, expected=expected, rows=self._rows, freeze=freeze,
        )  # fmt: skip

    def _whole(self, title: str, columns: list[Column], words: str, rows: Iterable[list[Value]]) -> None:
        """A sheet that is written at once; it goes on on further sheets as they are needed."""
        table = self._table(title, columns, words, 0)
        for row in rows:
            table.add(row)
        table.close()
