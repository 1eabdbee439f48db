"""The verbs on reports: written from the workbook, and audited."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from jixiao.cli.arguments import Verbs, verb, workbook
from jixiao.cli.exits import DONE, FOUND, BadInput
from jixiao.cli.output import fresh, print_json
from jixiao.troubles import whole


def arguments(verbs: Verbs) -> None:
    """What may be written behind each verb."""
    report = verb(verbs, "report", _report, "生成自评报告（Word 文档）")
    workbook(report)
    report.add_argument("-o", dest="out", metavar="报告.docx", type=Path, help="不写的，放在自评表旁边")
    report.add_argument("--template", metavar="模板.docx", type=Path, help="在 Word 里改过的报告模板")
    report.add_argument("--charts", action="store_true", help="报告里加得分图")
    report.add_argument("--public", action="store_true", help="公开版：不印电话和签名")
    audit = verb(
        verbs, "audit", _audit, "核对写好的自评报告：金额、占比、增减、得分、前后一致；同一单位的几个文件一起"
    )
    audit.add_argument(
        "reports", metavar="报告.docx", type=Path, nargs="+", help="Word（.docx）或文字（.txt）"
    )
    audit.add_argument("--edition", metavar="版本", default="", help="报告里看不出评分版本时指明")
    audit.add_argument("--workbook", metavar="自评表.xlsx", type=Path, help="与这份自评表逐数核对")
    copies = audit.add_mutually_exclusive_group()
    copies.add_argument(
        "-o", dest="out", metavar="新报告.docx", type=Path, help="把问题作为批注写进另一份 Word 文档"
    )
    copies.add_argument(
        "--comments", action="store_true", help="同 -o，放在报告旁边；没有问题的不写，.txt 的只显示"
    )
    audit.add_argument("--json", action="store_true", help="按 JSON 输出")


def _report(given: argparse.Namespace) -> None:
    from jixiao.checking.finding import summary
    from jixiao.printed import finding_lines
    from jixiao.verbs import report, report_beside

    out = fresh(given.out, ".docx") if given.out else report_beside(given.workbook, public=given.public)
    made = report(
        given.workbook,
        when=datetime.now(),
        rules=given.rules,
        template=given.template,
        charts=given.charts,
        public=given.public,
    )
    with whole(out):
        out.write_bytes(made.document)
    lines = [f"已生成报告：{out}"]
    if made.lacking:
        lines += [f"有 {len(made.lacking)} 处待补充，报告里印成【待补充】："]
        lines += finding_lines(made.lacking)[1:]
    lines += ["", f"报告用的是表里的得分。自评表的校验结果：{summary(made.work.findings)}"]
    if made.work.findings:
        lines.append("详细内容请运行 jixiao check。")
    print("\n".join(lines))


def _audit(given: argparse.Namespace) -> int:
    from jixiao.checking.finding import Severity
    from jixiao.printed import audit_as_json, finding_lines
    from jixiao.verbs import audit, commented_beside

    word = len(given.reports) == 1 and given.reports[0].suffix.lower() == ".docx"
    if given.out and not word:
        raise BadInput("-o 把批注写进 Word 文档，只能给一个 .docx 报告；别的请去掉 -o。")
    out = fresh(given.out, ".docx") if given.out else None
    if given.edition and given.workbook:
        raise BadInput("--edition 和 --workbook 只能写一个：自评表里已经写明了评分版本。")
    made = audit(
        given.reports,
        edition=given.edition,
        workbook=given.workbook,
        rules=given.rules,
        commented=word and bool(out or given.comments),
    )
    findings = [one.finding for one in made.remarks]
    if given.json:
        print_json(audit_as_json(made.edition, made.remarks))
    else:
        print("\n".join([*made.said, "", *finding_lines(findings)]))
    if made.commented and (findings or out):
        out = out or commented_beside(given.reports[0])
        with whole(out):
            out.write_bytes(made.commented)
        print(f"已写入批注 {len(findings)} 条：{out}", file=sys.stderr)
    return FOUND if any(one.severity is Severity.ERROR for one in findings) else DONE
