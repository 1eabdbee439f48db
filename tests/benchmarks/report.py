"""How fast is a report rendered, against docxtpl alone on the same template and context? Not a test.

python tests/benchmarks/report.py [rounds]
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from docxtpl import DocxTemplate
from speed import ratio

from jixiao.report.content import compose
from jixiao.report.load import load_report
from jixiao.report.word.render import Drawn, Stamp, context_of, render
from jixiao.report.word.tags import checked_template
from jixiao.verbs import demo, report_template


def measured(edition: str, rounds: int) -> str:
    with tempfile.TemporaryDirectory() as folder:
        work = demo(edition, Path(folder) / "自评表.xlsx")
    plan, template = load_report(work.rubric), report_template(work.rubric)
    content = compose(plan, work.rubric, work.filing, work.assessment)
    stamp = Stamp(edition, work.rubric.version, "0" * 64, datetime(2024, 3, 1))

    def ours() -> None:
        render(checked_template(template, "模板.docx", plan), plan, content, Drawn(), stamp)

    def theirs() -> None:
        document = DocxTemplate(io.BytesIO(template))
        document.render(context_of(plan, content), autoescape=True)
        document.save(io.BytesIO())

    ours(), theirs()
    return ratio(ours, theirs, rounds, time.process_time)


if __name__ == "__main__":
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    for edition in ("guangzhou-2023", "loudi-2023"):
        print(f"{edition} 报告：查标签并填好 : 只用 docxtpl 填 = {measured(edition, rounds)}")
