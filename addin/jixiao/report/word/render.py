"""From what the report says to a .docx: a checked template, filled in by docxtpl in a sandbox."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from docx.oxml.ns import qn
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from jixiao.report.content import ABOVE, LEFT, NOTHING, Content
from jixiao.report.load import CHART
from jixiao.report.model import Report
from jixiao.report.word import styles
from jixiao.report.word.form_table import form_table
from jixiao.report.word.numbering import numbering
from jixiao.report.word.score_chart import Chart, add_chart
from jixiao.report.word.tags import HEADING, LINES, Checked
from jixiao.workbook.printed_sheet import PrintedSheet

SHORT_ROWS, SHORT_TEXT = 8, 600
"""Rows and characters of a table that fits into half a page."""
PARAGRAPH = "\a"
"""docxtpl begins a new paragraph of the same look here."""


class Stamp(msgspec.Struct, frozen=True):
    """Where a report comes from, kept in the document's properties."""

    edition: str
    version: str
    digest: str
    """SHA-256 of the workbook."""
    when: datetime


class Drawn(msgspec.Struct, frozen=True):
    """What cannot be said in words: the sheets that the report carries with it (by tag), the score chart."""

    sheets: Mapping[str, PrintedSheet] = {}
    chart: Chart | None = None


def render(checked: Checked, report: Report, content: Content, drawn: Drawn, stamp: Stamp) -> bytes:
    """The report as a .docx."""
    template = checked.template
    context = context_of(report, content) | _blocks(template.docx, report, drawn)
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    template.render(context, environment, autoescape=True)
    _drop_empty(template.docx.element.body)
    _join_cells(template.docx.element.body)
    _stamp(template.docx.core_properties, content, stamp)
    buffer = io.BytesIO()
    template.docx.save(buffer)
    return buffer.getvalue()


def context_of(report: Report, content: Content) -> dict[str, Any]:
    """Every tag with what stands for it; sheets and chart are empty."""
    lists = {
        id: [{HEADING: one.heading, LINES: _lines(one.lines)} for one in items]
        for id, items in content.lists.items()
    }
    return {
        "报告标题": content.title,
        "单位名称": content.unit,
        CHART: "",
        **numbering(),
        **{id: _lines(lines) for id, lines in content.passages.items()},
        **{id: [dict(row) for row in rows] for id, rows in content.tables.items()},
        **lists,
        **{one.id: _absent(one.label) for one in report.attachments},
    }


class _Nothing:
    """A passage that says nothing: false in a condition, a mark where it is printed."""

    def __bool__(self) -> bool:
        return False

    def __html__(self) -> str:
        return NOTHING


def _lines(lines: Sequence[str]) -> str | _Nothing:
    return PARAGRAPH.join(lines) or _Nothing()


def _absent(label: str) -> Markup:
    return Markup(f"<w:p><w:r><w:t>【待补充：{label}】</w:t></w:r></w:p>")


def _blocks(document: Any, report: Report, drawn: Drawn) -> dict[str, Markup]:
    found = {}
    if drawn.sheets:
        known = {style.name: style.style_id for style in document.styles}
        style = known.get(styles.TABLE_SMALL) or known.get("Normal", "Normal")
        width = styles.PAGE[1] - 2 * styles.SIDE
        labels = {one.id: one.label for one in report.attachments}
        for id, sheet in drawn.sheets.items():
            found[id] = Markup(form_table(sheet, style, width=width, label=labels[id]))
    if drawn.chart:
        found[CHART] = Markup(add_chart(document, drawn.chart))
    return found


def _drop_empty(body: Any) -> None:
    """Paragraphs of passages that say nothing go; in other words the passage just leaves no trace."""
    for text in list(body.iter(qn("w:t"))):
        if NOTHING not in (text.text or ""):
            continue
        text.text = (text.text or "").replace(NOTHING, "")
        paragraph = next(text.iterancestors(qn("w:p")))
        said = "".join(one.text or "" for one in paragraph.iter(qn("w:t")))
        last = paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None
        if not said and not last and paragraph.getparent().tag == qn("w:body"):
            paragraph.getparent().remove(paragraph)


def _join_cells(body: Any) -> None:
    """Cells marked as one with the cell above or to the left are merged with it."""
    for table in body.iter(qn("w:tbl")):
        rows = [row.findall(qn("w:tc")) for row in table.findall(qn("w:tr"))]
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                said = "".join(text.text or "" for text in cell.iter(qn("w:t")))
                if said == ABOVE and number:
                    _merge(rows[number - 1][column], "restart", only_new=True)
                    _merge(cell, "continue")
            for column in range(len(row) - 1, 0, -1):
                if "".join(text.text or "" for text in row[column].iter(qn("w:t"))) == LEFT:
                    _span(row[column - 1], row[column])
        _keep_whole(table)


def _keep_whole(table: Any) -> None:
    """A short table stays on one page: all rows but the last keep with the next one."""
    *rows, last = table.findall(qn("w:tr"))
    texts = [text.text or "" for text in table.iter(qn("w:t"))]
    if len(rows) < SHORT_ROWS and sum(map(len, texts)) < SHORT_TEXT:
        for row in rows:
            for paragraph in row.iter(qn("w:p")):
                paragraph.get_or_add_pPr().get_or_add_keepNext()


def _merge(cell: Any, kind: str, *, only_new: bool = False) -> None:
    properties = cell.get_or_add_tcPr()
    if only_new and properties.find(qn("w:vMerge")) is not None:
        return
    properties._add_vMerge().set(qn("w:val"), kind)
    if kind == "continue":
        for text in cell.iter(qn("w:t")):
            text.text = ""


def _span(cell: Any, joined: Any) -> None:
    cell.grid_span += joined.grid_span
    if cell.width is not None and joined.width is not None:
        cell.width = cell.width + joined.width
    joined.getparent().remove(joined)


def _stamp(properties: Any, content: Content, stamp: Stamp) -> None:
    properties.title, properties.author = content.title.replace("\n", "")[:255], content.unit[:255]
    properties.last_modified_by = ""
    properties.subject = f"评分规则 {stamp.edition}，版本 {stamp.version}"
    properties.comments = f"由自评表生成，自评表文件校验码（SHA-256）：{stamp.digest}"
    properties.identifier = f"sha256:{stamp.digest}"
    properties.keywords = stamp.edition
    properties.created = properties.modified = stamp.when
    properties.revision = 1
