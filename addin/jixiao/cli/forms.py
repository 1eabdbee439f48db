"""The verbs on the workbook: new, filled, adopted, scored, checked."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

from jixiao.cli.arguments import Verbs, outputs, verb, workbook
from jixiao.cli.exits import DONE, FOUND, BadInput
from jixiao.cli.output import as_json_text, fresh, print_json, save, say, tell
from jixiao.rubric.load import edition_folders, load_rubric, rule_folders
from jixiao.troubles import whole


def arguments(verbs: Verbs) -> None:
    """What may be written behind each verb."""
    demo = verb(verbs, "demo", _demo, "用一份公开的自评表演示：新建、填入、计分、校验")
    demo.add_argument("--edition", metavar="版本", default="guangzhou-2023")
    demo.add_argument("-o", dest="out", metavar="文件夹", type=Path, default=Path("绩效自评演示"))
    verb(verbs, "editions", _editions, "列出评分版本")
    new = verb(verbs, "new", _new, "新建一份空白自评表；文件名以 .docx 结尾的，是报告模板")
    new.add_argument("edition", metavar="版本")
    new.add_argument("out", metavar="新文件.xlsx", type=Path)
    new.add_argument(
        "--from", dest="last", metavar="去年的表.xlsx", type=Path, help="带上去年的名称、目标、指标"
    )
    fill = verb(verbs, "fill", _fill, "把 YAML 或 JSON 的填报内容填进一份新表")
    fill.add_argument("edition", metavar="版本")
    fill.add_argument("filing", metavar="填报内容.yaml", type=Path)
    fill.add_argument("out", metavar="新文件.xlsx", type=Path)
    adopt = verb(verbs, "adopt", _adopt, "认出别处发来的自评表（不是本软件做的），绑定以后和自己的表一样用")
    adopt.add_argument(
        "forms", metavar="表.xlsx", type=Path, nargs="+", help="一张表分在几个文件里的，一起写"
    )
    adopt.add_argument("out", metavar="新文件.xlsx", type=Path)
    adopt.add_argument("--edition", metavar="版本", default="", help="表里看不出评分版本时指明")
    adopt.add_argument("--json", action="store_true", help="按 JSON 输出")
    export = verb(verbs, "export", _export, "把表里填的内容写成 YAML 或 JSON")
    workbook(export)
    export.add_argument("out", metavar="填报内容.yaml", type=Path)
    score = verb(verbs, "score", _score, "计算得分：填入空着的得分，列出与自评分的差异")
    workbook(score)
    outputs(score)
    score.add_argument("--overwrite", action="store_true", help="把不同的自评分换成计算得分（可撤销）")
    workbook(verb(verbs, "undo", _undo, "撤销计算：恢复计算以前的得分"))
    check = verb(verbs, "check", _check, "校验：列出问题，写回时在表里标出")
    workbook(check)
    outputs(check)
    check.add_argument(
        "--approved",
        metavar="申报表.xlsx",
        type=Path,
        help="与批复的绩效目标申报表比较",
    )
    workbook(verb(verbs, "clear", _clear, "清除校验标记"))


def _demo(given: argparse.Namespace) -> None:
    from jixiao.printed import as_json
    from jixiao.report.load import has_report
    from jixiao.verbs import demo, report, report_beside

    book = given.out / f"{given.edition}-自评表.xlsx"
    work = demo(given.edition, book, given.rules)
    written = [f"自评表：{book}"]
    if has_report(given.edition, rules=given.rules):
        document = report_beside(book)
        made = report(book, when=datetime.now(), rules=given.rules)
        with whole(document):
            document.write_bytes(made.document)
        written.append(f"自评报告：{document}")
    data = book.with_suffix(".json")
    with whole(data):
        data.write_text(as_json_text(as_json(work.rubric, work.assessment, work.findings)), encoding="utf-8")
    say(work, scores=True)
    print("", *written, f"结果（JSON）：{data}", sep="\n")


def _editions(given: argparse.Namespace) -> None:
    for edition in sorted(edition_folders(rule_folders(given.rules))):
        print(f"{edition}\t{load_rubric(edition, rules=given.rules).title}")


def _new(given: argparse.Namespace) -> None:
    from jixiao.verbs import new_form, report_template

    rubric = load_rubric(given.edition, rules=given.rules)
    out = fresh(given.out, ".xlsx", ".docx")
    if given.last:
        _begin(given, out)
        return
    with whole(out):
        if out.suffix.lower() == ".docx":
            out.write_bytes(report_template(rubric, given.rules))
        else:
            new_form(rubric, out, given.rules)
    print(f"已新建：{out}")


def _begin(given: argparse.Namespace, out: Path) -> None:
    from jixiao.verbs import begun

    if out.suffix.lower() == ".docx":
        raise BadInput("--from 用来新建自评表，新文件的名称要以 .xlsx 结尾。")
    made = begun(given.edition, given.last, out, given.rules)
    print(
        f"已新建：{out}\n从“{given.last.name}”带来 {made.carried} 处，都标出了，列在“校验结果”，请逐格核对。"
    )
    print("核对好了，运行 jixiao clear 清除标记。实际完成值、得分和本年的数没有带，请照今年的填。")
    if made.lacking:
        print("去年的表里没有填、没有带来的：", *made.lacking, sep="\n  ")


def _fill(given: argparse.Namespace) -> None:
    from jixiao.verbs import filled

    out = fresh(given.out, ".xlsx")
    port, _ = filled(given.edition, given.filing, given.rules)
    port.save_as(out)
    print(f"已填入：{out}")


def _adopt(given: argparse.Namespace) -> None:
    from jixiao.adopt.told import as_json, table
    from jixiao.verbs import adopt

    out = fresh(given.out, ".xlsx", ".xlsm")
    found = adopt(given.forms, given.edition, out, given.rules)
    if given.json:
        print_json(as_json(found.recognition, found.expected))
    else:
        print("\n".join(table(found.recognition, found.expected)))
    if any(form.suffix.lower() not in (".xlsx", ".xlsm") for form in given.forms):
        kept = "照原表转成 .xlsx，公式成了数值"
    elif len(given.forms) > 1:
        kept = "第一个文件原样，别的文件里的表附在后面，公式成了数值"
    else:
        kept = "只加了名称，原来的内容没有改动"
    tags = f"；{found.tags} 个标签已经去掉" if found.tags else ""
    print(f"已绑定：{out}（{kept}{tags}）", file=sys.stderr)


def _export(given: argparse.Namespace) -> None:
    from jixiao.filing.interchange import filing_text
    from jixiao.verbs import opened
    from jixiao.workbook.filling import export
    from jixiao.workbook.form import load_form

    port, rubric = opened(given.workbook, given.rules)
    out = fresh(given.out, ".yaml", ".yml", ".json")
    filing = export(port, rubric, load_form(rubric.id, rules=given.rules))
    with whole(out):
        out.write_text(filing_text(filing, as_json=out.suffix.lower() == ".json"), encoding="utf-8")
    print(f"已导出：{out}")
    if filing.lost:
        print(
            f"注意：表里缺了 {filing.lost} 处内容（工作表、行列或名称被删掉了），导出的不完整；"
            "缺了什么，运行 jixiao check 可以看到。",
            file=sys.stderr,
        )


def _score(given: argparse.Namespace) -> None:
    from jixiao.verbs import examine, opened, write_scores

    writes = bool(given.out or given.in_place)
    if given.overwrite and not writes:
        raise BadInput("--overwrite 要写回文件才有用，请加 -o 新文件.xlsx 或 --in-place。")
    port, rubric = opened(given.workbook, given.rules)
    if writes:
        work = write_scores(port, rubric, overwrite=given.overwrite, when=datetime.now())
        save(port, given)
    else:
        work = examine(port, rubric)
    tell(work, given, scores=True, findings=False)


def _undo(given: argparse.Namespace) -> None:
    from jixiao.verbs import opened
    from jixiao.workbook.scores.results import undo_scores

    port, rubric = opened(given.workbook, given.rules)
    undone = undo_scores(port, rubric)
    port.save()
    print("\n".join(undone.lines()))


def _check(given: argparse.Namespace) -> int:
    from jixiao.checking.finding import Severity
    from jixiao.verbs import approved_goals, examine, opened, write_marks

    port, rubric = opened(given.workbook, given.rules)
    approved = approved_goals(given.approved, rubric) if given.approved else None
    if given.out or given.in_place:
        work = write_marks(port, rubric, approved)
        save(port, given)
    else:
        work = examine(port, rubric, approved)
    tell(work, given)
    return FOUND if any(one.severity is Severity.ERROR for one in work.findings) else DONE


def _clear(given: argparse.Namespace) -> None:
    from jixiao.verbs import opened
    from jixiao.workbook.marking.marks import clear_marks

    port, _ = opened(given.workbook, given.rules)
    cleared, changed = clear_marks(port), port.changed
    port.save()
    print(f"已清除 {cleared} 处标记和问题清单。" if changed else "没有标记，文件没有改动。")
