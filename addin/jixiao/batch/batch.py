"""The verb: a folder of filings in, a 汇总 out."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from pathlib import Path

import msgspec

from jixiao.batch.bar import Bar
from jixiao.batch.collected import Collected, collect
from jixiao.batch.examine import examined
from jixiao.batch.gather import LIMIT, Answering, found, gather, stamp
from jixiao.batch.journal import PREVIOUS, Journal, Records, journal_beside
from jixiao.batch.replies import addressees, write_replies
from jixiao.batch.resubmitted import Former, repeated
from jixiao.batch.reviewed import read_reviewed
from jixiao.batch.roster import Roster, read_roster
from jixiao.batch.summary import Summary, write_summary
from jixiao.batch.words import batch_words
from jixiao.batch.workers import answers, usual_jobs
from jixiao.workbook.file.saving import refuse_unless_writable


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for."""

    folder: Path
    out: Path
    jobs: int = 0
    """Workers; 0: as many as there are processors."""
    scheduler: str = ""
    """The address of a Dask cluster, whose workers do it instead."""
    resume: bool = False
    roster: Path | None = None
    """The list of units that have to hand in."""
    previous: Path | None = None
    """The 汇总 of the run before; its journal stands beside it."""
    replies: Path | None = None
    """The folder for letters to the units whose filings have errors."""
    rules: str | None = None
    limit: float = LIMIT
    """Seconds per file."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: files, those read, those that could not be, and whether it was broken off."""

    files: int
    read: int
    failed: int
    stopped: bool
    replies: int = 0
    """Letters written."""
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
        if self.replies:
            lines.append(f"写了 {self.replies} 份退回意见，请审核人改定、签字。")
        return lines


def batch(order: Order) -> Outcome:
    """Examine all filings of a folder and write the 汇总.

    Ctrl-C ends the examining; what is done is written. Raises BatchError, WorkbookError, RuleError.
    """
    words, jobs = batch_words(order.rules), order.jobs or usual_jobs()
    refuse_unless_writable(order.out, None)
    reviewed = read_reviewed(order.out)
    roster = read_roster(order.roster, words) if order.roster else Roster()
    stopped = False
    with (
        Journal(journal_beside(order.out), stamp(order.rules), resume=order.resume) as journal,
        _previous(order) as previous,
        Collected() as collected,
    ):
        besides = [one for one in (order.out, order.roster, order.previous) if one]
        paths = found(order.folder, besides, journal)
        with Bar("审核", len(paths)) as bar:
            try:
                gather(
                    journal, order.folder, paths, _answering(order, jobs),
                    rules=order.rules, limit=order.limit, done=bar.update,
                )  # fmt: skip
            except KeyboardInterrupt:
                stopped = True
        collect(collected, journal, paths)
        former = Former(journal, repeated(collected.filings), order.folder)
        if previous:
            former.add(previous)
        outcome = Outcome(
            files=len(paths) - collected.not_filed,
            read=len(collected.filings),
            failed=len(collected.failures),
            stopped=stopped,
            outdated=journal.outdated,
        )
        summary = Summary(
            folder=order.folder, records=journal, collected=collected, reviewed=reviewed, roster=roster,
            former=former, words=words, said="".join(outcome.lines()),
        )  # fmt: skip
        write_summary(order.out, summary)
        if order.replies and not stopped:
            to = addressees(collected, former)
            with Bar("退回意见", len(to)) as bar:
                write_replies(
                    order.replies, to, journal, former, words,
                    jobs=jobs, rules=order.rules, done=bar.update,
                )  # fmt: skip
            outcome = msgspec.structs.replace(outcome, replies=len(to))
    return outcome


def _previous(order: Order) -> Records | nullcontext[None]:
    """The results to compare with; for the very 汇总 that is written anew, what was kept of it."""
    if order.previous is None:
        return nullcontext()
    if order.previous.resolve() == order.out.resolve():
        return Records.open(order.out.with_suffix(PREVIOUS))
    return Records.open(journal_beside(order.previous))


def _answering(order: Order, jobs: int) -> Answering:
    if not order.scheduler:
        return partial(answers, examined, jobs=jobs, limit=order.limit)
    from jixiao.batch import cluster

    return partial(cluster.answers, scheduler=order.scheduler, limit=order.limit)
