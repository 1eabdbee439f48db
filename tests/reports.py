"""Reports for tests: composed from a filing, and rendered with the template of its edition."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from jixiao.filing.model import Filing
from jixiao.report.content import Content, compose
from jixiao.report.load import load_report
from jixiao.report.model import Report
from jixiao.report.word.render import Drawn, Stamp, render
from jixiao.report.word.tags import checked_template
from jixiao.rubric.load import load_rubric
from jixiao.rubric.model import Rubric
from jixiao.scoring.score import score
from jixiao.verbs import report_template

STAMP = Stamp("版本", "1", "0" * 64, datetime(2024, 3, 1))


def composed(filing: Filing, *, public: bool = False) -> Content:
    rubric = load_rubric(filing.edition)
    return compose(load_report(rubric), rubric, filing, score(rubric, filing), public=public)


def rendered(filing: Filing, template: bytes | None = None, **drawn: Any) -> bytes:
    """The report of a filing as a .docx, without its attachments."""
    rubric = load_rubric(filing.edition)
    plan = load_report(rubric)
    checked = checked_template(template or report_template(rubric), "模板.docx", plan)
    content = compose(plan, rubric, filing, score(rubric, filing), tags=checked.tags)
    return render(checked, plan, content, Drawn(**drawn), STAMP)


def edition(id: str) -> tuple[Rubric, Report]:
    rubric = load_rubric(id)
    return rubric, load_report(rubric)


def lines(document: bytes) -> list[str]:
    """The paragraphs of a .docx in order, those in tables too."""
    body = Document(io.BytesIO(document)).element.body
    return ["".join(text.text or "" for text in one.iter(qn("w:t"))) for one in body.iter(qn("w:p"))]


def tables(document: bytes) -> list[list[list[str]]]:
    """The texts of all tables, row by row; a cell joined with others says its text in each of them."""
    return [
        [[cell.text for cell in row.cells] for row in table.rows]
        for table in Document(io.BytesIO(document)).tables
    ]
