"""How fast is a report audited, against python-docx alone reading its words? Not a test.

python tests/benchmarks/audit.py [rounds]
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from docx import Document
from speed import ratio

from jixiao.audit.audit import audit
from jixiao.audit.opening import open_report
from jixiao.verbs import demo, report

FILLER = 150
"""Paragraphs of running text that make the report about fifteen pages long."""


def measured(edition: str, rounds: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "自评表.xlsx"
        rubric = demo(edition, book).rubric
        document = Document(io.BytesIO(report(book, when=datetime(2024, 3, 1)).document))
    for number in range(FILLER):
        document.add_paragraph(
            f"全年组织培训 {number + 2} 场，惠及企业 {number * 3 + 5} 家，得到服务对象好评。" * 2
        )
    out = io.BytesIO()
    document.save(out)
    data = out.getvalue()

    def ours() -> None:
        audit([open_report(data, "报告.docx")], rubric)

    def theirs() -> None:
        read = Document(io.BytesIO(data))
        "".join(paragraph.text for paragraph in read.paragraphs)
        "".join(cell.text for table in read.tables for row in table.rows for cell in row.cells)

    ours(), theirs()
    return ratio(ours, theirs, rounds, time.process_time)


if __name__ == "__main__":
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    for edition in ("guangzhou-2023", "loudi-2023"):
        print(f"{edition} 报告：核对 : 只用 python-docx 读 = {measured(edition, rounds)}")
