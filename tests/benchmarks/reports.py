"""A report rendered, against docxtpl alone on the same template; audited, against python-docx reading it."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from docx import Document
from docxtpl import DocxTemplate

from benchmarks.scoring import EDITIONS
from benchmarks.timing import Contest, Run
from jixiao.audit.audit import audit
from jixiao.audit.opening import open_report
from jixiao.report.content import compose
from jixiao.report.load import load_report
from jixiao.report.word.render import Drawn, Stamp, context_of, render
from jixiao.report.word.tags import checked_template
from jixiao.rubric.load import load_rubric
from jixiao.verbs import Work, demo, report, report_template

FILLER = 150
"""Paragraphs of running text that make the report about fifteen pages long."""


def contests(folder: Path) -> Iterator[Contest]:
    for edition, name in EDITIONS.items():
        book = folder / f"{edition}-report.xlsx"
        work = demo(edition, book)
        yield Contest(
            f"{name}：查标签并生成报告",
            "docxtpl 填同一个模板",
            *rendering(work),
            promised=2.0,
            clock=time.process_time,
        )
        document, rubric = long_report(book), load_rubric(edition)
        yield Contest(
            f"{name}：核对 15 页的报告",
            "python-docx 读出文字",
            lambda document=document, rubric=rubric: audit([open_report(document, "报告.docx")], rubric),
            lambda document=document: words_of(document),
            promised=10.0,
            clock=time.process_time,
        )


def rendering(work: Work) -> tuple[Run, Run]:
    plan, template = load_report(work.rubric), report_template(work.rubric)
    content = compose(plan, work.rubric, work.filing, work.assessment)
    stamp = Stamp(work.rubric.id, work.rubric.version, "0" * 64, datetime(2024, 3, 1))

    def ours() -> None:
        render(checked_template(template, "模板.docx", plan), plan, content, Drawn(), stamp)

    def theirs() -> None:
        document = DocxTemplate(io.BytesIO(template))
        document.render(context_of(plan, content), autoescape=True)
        document.save(io.BytesIO())

    return ours, theirs


def long_report(book: Path) -> bytes:
    document = Document(io.BytesIO(report(book, when=datetime(2024, 3, 1)).document))
    for number in range(FILLER):
        document.add_paragraph(
            f"全年组织培训 {number + 2} 场，惠及企业 {number * 3 + 5} 家，得到服务对象好评。" * 2
        )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def words_of(document: bytes) -> str:
    read = Document(io.BytesIO(document))
    cells = (cell.text for table in read.tables for row in table.rows for cell in row.cells)
    return "".join([*(paragraph.text for paragraph in read.paragraphs), *cells])
