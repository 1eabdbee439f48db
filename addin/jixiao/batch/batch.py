"""The verb: a folder of filings in, a 汇总 out."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import msgspec
from tqdm import tqdm

from jixiao.batch.collected import Collected, collect
from jixiao.batch.examine import examined
from jixiao.batch.gather import LIMIT, Answering, found, gather, stamp
from jixiao.batch.journal import Journal, journal_beside
from jixiao.batch.reviewed import read_reviewed
from jixiao.batch.summary import Summary, write_summary
from jixiao.batch.words import batch_words
from jixiao.batch.workers import answers, usual_jobs
from jixiao.workbook.file.saving import refuse_unless_writable

_BAR = "{percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} 份，每秒 {rate_noinv:.1f} 份，还要 {remaining}"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for."""

    folder: Path
    out: Path
    jobs: int = 0
    """Workers; 0: as many as there are processors."""
    scheduler: str = ""
    """The address of a Dask cluster, whose workers do it instead."""
    resume: bool = False
    rules: str | None = None
    limit: float = LIMIT
    """Seconds per file."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: files, those read, those that could not be, and whether it was broken off."""

    files: int
    read: int
    failed: int
    stopped: bool
    outdated: bool
    """Asked to go on, but program or rules have changed: everything was examined anew."""

    def lines(self) -> list[str]:
        """For the screen."""
        lines = [f"共 {self.files} 个文件，读出 {self.read} 份，没有读出 {self.failed} 个。"]
        if self.outdated:
            lines.insert(0, "评分规则或软件和上次不同，没有接着上次的，全部重新审核了。")
        if self.failed:
            lines.append("没有读出的文件和原因，见“失败清单”。")
        if self.stopped:
            left = self.files - self.read - self.failed
            lines.append(f"中途停止，还有 {left} 个文件没有审核；加上 --resume 再运行一次，从这里接着做。")
        return lines


def batch(order: Order) -> Outcome:
    """Examine all filings of a folder and write the 汇总.

    Ctrl-C ends the examining; what is done is written. Raises BatchError, WorkbookError, RuleError.
    """
    words = batch_words(order.rules)
    refuse_unless_writable(order.out, None)
    reviewed = read_reviewed(order.out)
    stopped = False
    with Journal(journal_beside(order.out), stamp(order.rules), resume=order.resume) as journal:
        paths = found(order.folder, [order.out], journal)
        with tqdm(total=len(paths), file=sys.stderr, disable=None, bar_format=_BAR) as bar:
            try:
                gather(
                    journal, order.folder, paths, _answering(order),
                    rules=order.rules, limit=order.limit, done=bar.update,
                )  # fmt: skip
            except KeyboardInterrupt:
                stopped = True
        with Collected() as collected:
            collect(collected, journal, paths)
            outcome = Outcome(
                files=len(paths),
                read=len(collected.filings),
                failed=len(collected.failures),
                stopped=stopped,
                outdated=journal.outdated,
            )
            summary = Summary(
                folder=order.folder, records=journal, collected=collected, reviewed=reviewed, words=words,
                said="".join(outcome.lines()),
            )  # fmt: skip
            write_summary(order.out, summary)
    return outcome


def _answering(order: Order) -> Answering:
    if not order.scheduler:
        return partial(answers, examined, jobs=order.jobs or usual_jobs(), limit=order.limit)
    from jixiao.batch import cluster

    return partial(cluster.answers, scheduler=order.scheduler, limit=order.limit)
