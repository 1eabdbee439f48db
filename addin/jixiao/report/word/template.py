"""The Word template of an edition, built from its outline; the same bytes every time.

Headings, passages, tables and attachments stand in it as tags, so that users can restyle and
re-order it in Word.
"""

from __future__ import annotations

import io
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from jixiao.report.load import CHART, load_report
from jixiao.report.model import Part, Report, Table
from jixiao.report.word import styles
from jixiao.report.word.tags import HEADING, LINES
from jixiao.rubric.load import data_folder, edition_folders, load_rubric
from jixiao.rubric.model import Rubric
from jixiao.workbook.file.package import unpack_any

NUMBERS = ("章", "节", "目", "款")
GAP = 8
"""Points between a table and the text below it."""
TEXT_WIDTH = styles.PAGE[0] - styles.LEFT - styles.RIGHT
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def template_bytes(rubric: Rubric, report: Report) -> bytes:
    """The template of an edition's report as a .docx file."""
    document = Document()
    styles.set_styles(document)
    styles.set_page(document.sections[0])
    styles.set_page_numbers(document)
    if report.label:
        document.add_paragraph(report.label, style=styles.LABEL)
    document.add_paragraph("{{ 报告标题 }}", style="Title")
    for part in report.outline:
        _write_part(document, report, part, 0)
    for attachment in report.attachments:
        section = document.add_section(WD_SECTION.NEW_PAGE)
        styles.set_page(section, landscape=True)
        document.add_paragraph(attachment.label, style=styles.LABEL)
        document.add_paragraph(f"{{{{p {attachment.id} }}}}", style=styles.TABLE_SMALL)
    moment = datetime(rubric.year + 1, 1, 1)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = f"{rubric.title}报告模板", "jixiao", ""
    properties.created = properties.modified = moment
    properties.last_modified_by = ""
    buffer = io.BytesIO()
    document.save(buffer)
    return _settled(buffer.getvalue())


def _settled(data: bytes) -> bytes:
    """The same parts as the same bytes, whenever they were packed."""
    package = unpack_any(data, "template.docx")
    for info in package._infos.values():
        info.date_time = (1980, 1, 1, 0, 0, 0)
    return package.pack()


def _write_part(document: Any, report: Report, part: Part, level: int) -> None:
    document.add_paragraph(f"{{{{ {NUMBERS[level]} }}}}{part.heading}", style=styles.HEADINGS[level])
    for number, id in enumerate(part.body):
        after = part.body[number + 1] if number + 1 < len(part.body) else ""
        if id in report.tables:
            _write_table(document, id, report.tables[id])
        elif id in report.lists:
            _write_list(document, id, level + 1)
        elif id == CHART:
            for line in (f"{{%p if {CHART} %}}", f"{{{{p {CHART} }}}}", "{%p endif %}"):
                document.add_paragraph(line, style=styles.BODY)
        else:
            line = document.add_paragraph(f"{{{{ {id} }}}}", style=styles.BODY)
            if after in report.tables:  # the words above a table stay with it
                line.paragraph_format.keep_with_next = True
    for one in part.parts:
        _write_part(document, report, one, level + 1)


def _write_list(document: Any, id: str, level: int) -> None:
    document.add_paragraph(f"{{%p for 项 in {id} %}}", style=styles.BODY)
    document.add_paragraph(f"{{{{ {NUMBERS[level]} }}}}{{{{ 项.{HEADING} }}}}", style=styles.HEADINGS[level])
    document.add_paragraph(f"{{{{ 项.{LINES} }}}}", style=styles.BODY)
    document.add_paragraph("{%p endfor %}", style=styles.BODY)


def _write_table(document: Any, id: str, table: Table) -> None:
    """Header row, loop row, the row itself, end of the loop; without rows there is no table."""
    document.add_paragraph(f"{{%p if {id} %}}", style=styles.BODY)
    made = document.add_table(rows=4, cols=len(table.columns), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(column.width for column in table.columns)
    for number, column in enumerate(table.columns):
        width = Mm(TEXT_WIDTH * column.width / whole)
        made.columns[number].width = width
        for row in made.rows:
            row.cells[number].width = width
        _write_cell(made.cell(0, number), column.header or column.tag, styles.TABLE_HEAD, "center")
        _write_cell(made.cell(2, number), f"{{{{ 行.{column.tag} }}}}", styles.TABLE_TEXT, column.align)
    _write_cell(made.cell(1, 0), f"{{%tr for 行 in {id} %}}", styles.TABLE_TEXT, "left")
    _write_cell(made.cell(3, 0), "{%tr endfor %}", styles.TABLE_TEXT, "left")
    for row in made.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    made._tblPr.find(qn("w:tblLook")).addprevious(_cell_margins())
    document.add_paragraph(style=styles.TABLE_TEXT).paragraph_format.line_spacing = Pt(GAP)
    document.add_paragraph("{%p endif %}", style=styles.BODY)


def _cell_margins() -> Any:
    margins = OxmlElement("w:tblCellMar")
    for side, room in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80)):
        margins.append(OxmlElement(f"w:{side}", {qn("w:w"): str(room), qn("w:type"): "dxa"}))
    return margins


def _write_cell(cell: Any, text: str, style: str, align: str) -> None:
    line = cell.paragraphs[0]
    line.text, line.style, line.alignment = text, style, _ALIGN[align]
    properties = cell._tc.get_or_add_tcPr()
    properties.append(OxmlElement("w:vAlign", {qn("w:val"): "center"}))


def main(folder: str | None = None) -> None:
    """Write the templates of all our editions that have a report."""
    place = Path(folder) if folder else data_folder("workbook_templates")
    for edition in sorted(edition_folders([data_folder("rubric_rules")])):
        rubric = load_rubric(edition)
        (place / f"{edition}.docx").write_bytes(template_bytes(rubric, load_report(rubric)))


if __name__ == "__main__":
    main(*sys.argv[1:2])
