"""The command line: arguments in, a verb run, words or JSON out.

Exit codes: 0 done (check: no 错误); 1 check or lint found 错误; 2 bad usage or input, one Chinese
message on stderr. Modules are imported by the verb that needs them: a start must not be slow.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from jixiao.rubric.load import edition_folders, load_rubric, rule_folders
from jixiao.troubles import expected, fault, file_trouble, whole

if TYPE_CHECKING:
    from jixiao.rubric.model import Rubric
    from jixiao.verbs import Work
    from jixiao.workbook.file.file_port import FilePort

DONE, FOUND, REFUSED = 0, 1, 2
PATIENCE = 1.0
"""Seconds after which a verb says that it is still at work."""


class BadInput(Exception):
    """Wrong usage or input; the message is Chinese and says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a GBK console cannot show every sign; none may stop us
            stream.reconfigure(errors="replace")
    try:
        given = _parser().parse_args(arguments)
        with nullcontext() if given.verb is _batch else _patience():  # it has a bar of its own
            code: int | None = given.verb(given)
        return DONE if code is None else code
    except BadInput as error:
        print(error, file=sys.stderr)
    except expected() as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:  # the reader (less, head) has seen enough
        sys.stdout = open(os.devnull, "w")
        return DONE
    except OSError as error:
        print(file_trouble(error), file=sys.stderr)
    except KeyboardInterrupt:
        print("已停止，没有写完的文件没有改动。", file=sys.stderr)
    except Exception:
        print(fault(), file=sys.stderr)
    return REFUSED


# ---------------------------------------------------------------- arguments


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：")


_COMPLAINTS = (
    (r"invalid choice: '(.*?)'", "没有“{}”这个命令。"),
    (r"unrecognized arguments: (.*)", "不认识“{}”。"),
    (r"arguments are required: (.*)", "还要写：{}。"),
    (r"argument (\S+).*: expected one argument", "{} 后面还要写一个内容。"),
    (r"argument (\S+).*: not allowed with argument (\S+)", "{} 和 {} 只能写一个。"),
)
"""What argparse complains about, and how we say it."""


def _said(message: str) -> str:
    for pattern, words in _COMPLAINTS:
        if found := re.search(pattern, message):
            return words.format(*(word.split("/")[0] for word in found.groups()))
    return "命令写得不对。"


class _Parser(argparse.ArgumentParser):
    def __init__(self, **given: Any) -> None:
        super().__init__(**{"formatter_class": _Help, "add_help": False, **given})
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这页说明")

    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{_said(message)}\n{self.format_usage().strip()}\n详细说明：{self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="jixiao",
        description="部门整体支出绩效自评：填表、计分、校验。不写 -o 或 --in-place 时，只显示，不改动文件。",
    )
    parser.add_argument("--rules", metavar="文件夹", help="另一些评分版本所在的文件夹；也可以写在命令后面")
    verbs = parser.add_subparsers(
        prog="jixiao", required=True, metavar="命令", title="命令", parser_class=_Parser
    )

    def verb(name: str, run: Any, help: str, among: Any = verbs) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = among.add_parser(name, help=help, description=help)
        # without it here, what stands before the verb holds
        one.add_argument(
            "--rules", metavar="文件夹", default=argparse.SUPPRESS, help="另一些评分版本所在的文件夹"
        )
        one.set_defaults(verb=run)
        return one

    def outputs(one: argparse.ArgumentParser) -> None:
        where = one.add_mutually_exclusive_group()
        where.add_argument("-o", dest="out", metavar="新文件.xlsx", type=Path, help="写到另一个文件")
        where.add_argument("--in-place", action="store_true", help="写回原文件（旁边留备份）")
        one.add_argument("--json", action="store_true", help="按 JSON 输出")

    def workbook(one: argparse.ArgumentParser) -> None:
        one.add_argument("workbook", metavar="自评表.xlsx", type=Path)

    demo = verb("demo", _demo, "用一份公开的自评表演示：新建、填入、计分、校验")
    demo.add_argument("--edition", metavar="版本", default="guangzhou-2023")
    demo.add_argument("-o", dest="out", metavar="文件夹", type=Path, default=Path("绩效自评演示"))
    verb("editions", _editions, "列出评分版本")
    new = verb("new", _new, "新建一份空白自评表；文件名以 .docx 结尾的，是报告模板")
    new.add_argument("edition", metavar="版本")
    new.add_argument("out", metavar="新文件.xlsx", type=Path)
    new.add_argument(
        "--from", dest="last", metavar="去年的表.xlsx", type=Path, help="带上去年的名称、目标、指标"
    )
    fill = verb("fill", _fill, "把 YAML 或 JSON 的填报内容填进一份新表")
    fill.add_argument("edition", metavar="版本")
    fill.add_argument("filing", metavar="填报内容.yaml", type=Path)
    fill.add_argument("out", metavar="新文件.xlsx", type=Path)
    adopt = verb("adopt", _adopt, "认出别处发来的自评表（不是本软件做的），绑定以后和自己的表一样用")
    adopt.add_argument(
        "forms", metavar="表.xlsx", type=Path, nargs="+", help="一张表分在几个文件里的，一起写"
    )
    adopt.add_argument("out", metavar="新文件.xlsx", type=Path)
    adopt.add_argument("--edition", metavar="版本", default="", help="表里看不出评分版本时指明")
    adopt.add_argument("--json", action="store_true", help="按 JSON 输出")
    export = verb("export", _export, "把表里填的内容写成 YAML 或 JSON")
    workbook(export)
    export.add_argument("out", metavar="填报内容.yaml", type=Path)
    score = verb("score", _score, "计算得分：填入空着的得分，列出与自评分的差异")
    workbook(score)
    outputs(score)
    score.add_argument("--overwrite", action="store_true", help="把不同的自评分换成计算得分（可撤销）")
    workbook(verb("undo", _undo, "撤销计算：恢复计算以前的得分"))
    check = verb("check", _check, "校验：列出问题，写回时在表里标出")
    workbook(check)
    outputs(check)
    check.add_argument(
        "--approved",
        metavar="申报表.xlsx",
        type=Path,
        help="与批复的绩效目标申报表比较",
    )
    workbook(verb("clear", _clear, "清除校验标记"))
    report = verb("report", _report, "生成自评报告（Word 文档）")
    workbook(report)
    report.add_argument("-o", dest="out", metavar="报告.docx", type=Path, help="不写的，放在自评表旁边")
    report.add_argument("--template", metavar="模板.docx", type=Path, help="在 Word 里改过的报告模板")
    report.add_argument("--charts", action="store_true", help="报告里加得分图")
    report.add_argument("--public", action="store_true", help="公开版：不印电话和签名")
    audit = verb(
        "audit", _audit, "核对写好的自评报告：金额、占比、增减、得分、前后一致；同一单位的几个文件一起核对"
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
    batch = verb("batch", _batch, "批量审核：一个文件夹里的全部自评表，写成一份汇总")
    batch.add_argument("folder", metavar="文件夹", type=Path)
    batch.add_argument("-o", dest="out", metavar="汇总.xlsx", type=Path, required=True)
    batch.add_argument(
        "--jobs", metavar="N", type=int, default=0, help="同时审核几份；不写的，有几个处理器就几份"
    )
    batch.add_argument(
        "--scheduler", metavar="地址", default="", help="交给已有的 Dask 集群审核，例如 tcp://10.0.0.1:8786"
    )
    batch.add_argument("--resume", action="store_true", help="接着上次没有做完的；没有变的文件不再审核")
    batch.add_argument("--roster", metavar="名单.xlsx", type=Path, help="应报单位名单，用来找出缺报的")
    batch.add_argument(
        "--replies", metavar="文件夹", type=Path, help="给每个有错误的单位写一份退回意见（Word），放在这里"
    )
    batch.add_argument(
        "--previous", metavar="上次汇总.xlsx", type=Path, help="与上次比较：改正了什么，还有什么，新出了什么"
    )
    addin = verbs.add_parser("addin", help="Excel 加载项：build 生成 .xlam 文件")
    built = addin.add_subparsers(
        prog="jixiao addin", required=True, metavar="命令", title="命令", parser_class=_Parser
    )
    build = verb("build", _build_addin, "生成 Excel 加载项（功能区按钮和工作表函数）", built)
    build.add_argument("out", metavar="新文件.xlam", type=Path)
    build.add_argument("--minimal", action="store_true", help="不带函数说明；Excel 提示修复文件时用来查原因")
    bundle = verb(
        "bundle", _bundle, "做一个离线安装包：在能上网的电脑上做，到不能上网的电脑上双击 install.cmd"
    )
    bundle.add_argument("out", metavar="新文件夹", type=Path)
    bundle.add_argument("--python", metavar="版本", default="", help="那台电脑上的 Python 版本，如 3.12")
    bundle.add_argument(
        "--runtime", metavar="嵌入包.zip", type=Path, help="带上 python.org 的嵌入包，那台电脑就不用装 Python"
    )
    verb("install", _install, "把加载项装进 Excel（不需要管理员权限）")
    verb("uninstall", _uninstall, "从 Excel 里去掉加载项")
    verb("doctor", _doctor, "检查加载项装得对不对")
    rules = verbs.add_parser("rules", help="评分规则：lint 检查规则文件，show 显示规则")
    among = rules.add_subparsers(
        prog="jixiao rules", required=True, metavar="命令", title="命令", parser_class=_Parser
    )
    lint = verb("lint", _lint, "检查评分规则文件", among)
    lint.add_argument("path", metavar="版本或文件夹", nargs="?")
    show = verb("show", _show, "显示评分规则", among)
    show.add_argument("edition", metavar="版本")
    how = show.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="按 JSON 输出")
    how.add_argument("--tags", action="store_true", help="列出可以写进自带表格的标签")
    return parser


# ---------------------------------------------------------------- verbs


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
        data.write_text(_json(as_json(work.rubric, work.assessment, work.findings)), encoding="utf-8")
    _say(work, scores=True)
    print("", *written, f"结果（JSON）：{data}", sep="\n")


def _editions(given: argparse.Namespace) -> None:
    for edition in sorted(edition_folders(rule_folders(given.rules))):
        print(f"{edition}\t{load_rubric(edition, rules=given.rules).title}")


def _new(given: argparse.Namespace) -> None:
    from jixiao.verbs import new_form, report_template

    rubric = load_rubric(given.edition, rules=given.rules)
    out = _fresh(given.out, ".xlsx", ".docx")
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

    out = _fresh(given.out, ".xlsx")
    port, _ = filled(given.edition, given.filing, given.rules)
    port.save_as(out)
    print(f"已填入：{out}")


def _adopt(given: argparse.Namespace) -> None:
    from jixiao.adopt.told import as_json, table
    from jixiao.verbs import adopt

    out = _fresh(given.out, ".xlsx", ".xlsm")
    found = adopt(given.forms, given.edition, out, given.rules)
    if given.json:
        _print_json(as_json(found.recognition, found.expected))
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
    out = _fresh(given.out, ".yaml", ".yml", ".json")
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
        _save(port, given)
    else:
        work = examine(port, rubric)
    _tell(work, given, scores=True, findings=False)


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
        _save(port, given)
    else:
        work = examine(port, rubric, approved)
    _tell(work, given)
    return FOUND if any(one.severity is Severity.ERROR for one in work.findings) else DONE


def _clear(given: argparse.Namespace) -> None:
    from jixiao.verbs import opened
    from jixiao.workbook.marking.marks import clear_marks

    port, _ = opened(given.workbook, given.rules)
    cleared, changed = clear_marks(port), port.changed
    port.save()
    print(f"已清除 {cleared} 处标记和问题清单。" if changed else "没有标记，文件没有改动。")


def _report(given: argparse.Namespace) -> None:
    from jixiao.checking.finding import summary
    from jixiao.printed import finding_lines
    from jixiao.verbs import report, report_beside

    out = _fresh(given.out, ".docx") if given.out else report_beside(given.workbook, public=given.public)
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
    out = _fresh(given.out, ".docx") if given.out else None
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
        _print_json(audit_as_json(made.rubric, made.remarks))
    else:
        print("\n".join([*made.said, "", *finding_lines(findings)]))
    if made.commented and (findings or out):
        out = out or commented_beside(given.reports[0])
        with whole(out):
            out.write_bytes(made.commented)
        print(f"已写入批注 {len(findings)} 条：{out}", file=sys.stderr)
    return FOUND if any(one.severity is Severity.ERROR for one in findings) else DONE


def _batch(given: argparse.Namespace) -> int:
    if given.out.suffix.lower() != ".xlsx":
        raise BadInput(f"汇总“{given.out}”的名称要以 .xlsx 结尾。")
    if given.jobs < 0:
        raise BadInput("--jobs 后面写同时审核几份，例如 2。")
    try:
        from jixiao.batch.batch import Order, batch
    except ModuleNotFoundError as error:
        if error.name not in {"numpy", "pandas", "pebble", "tqdm", "xlsxwriter"}:
            raise
        raise BadInput(
            f'批量审核还要装 {error.name}。请在命令行运行：python -m pip install "jixiao[batch]"，再试一次。'
        ) from error
    outcome = batch(
        Order(
            folder=given.folder,
            out=given.out,
            jobs=given.jobs,
            scheduler=given.scheduler,
            resume=given.resume,
            rules=given.rules,
            roster=given.roster,
            previous=given.previous,
            replies=given.replies,
        )
    )
    print(*outcome.lines(), f"汇总：{given.out}", sep="\n")
    return REFUSED if outcome.stopped else DONE


def _build_addin(given: argparse.Namespace) -> None:
    from jixiao.excel.xlam.build import build

    out = _fresh(given.out, ".xlam")
    with _excel_troubles(), whole(out):
        out.write_bytes(build(minimal=given.minimal))
    print(f"已生成加载项：{out}\n它用这个 Python：{sys.executable}，只能在这台电脑上用。")


def _bundle(given: argparse.Namespace) -> None:
    from jixiao.excel.bundle import bundle

    with _excel_troubles():
        wheels = bundle(given.out, python=given.python, runtime=given.runtime)
    print(f"已做好离线安装包：{given.out}（{len(wheels)} 个安装文件）")
    print("把整个文件夹复制到要装的电脑上，双击里面的 install.cmd；说明在“说明.txt”。")


def _install(given: argparse.Namespace) -> None:
    from jixiao.excel.install import install
    from jixiao.excel.machine import this_machine

    with _excel_troubles():
        written = install(this_machine())
    print("已装好。打开 Excel，功能区里有“绩效自评”；右键点工作簿，“发送到”里也有。写了这些文件：")
    print(*written, sep="\n")


def _uninstall(given: argparse.Namespace) -> None:
    from jixiao.excel.install import uninstall
    from jixiao.excel.machine import this_machine

    with _excel_troubles():
        removed = uninstall(this_machine())
    print(
        "已从 Excel 里去掉，删了这些文件：" if removed else "没有装过，什么都没有改动。", *removed, sep="\n"
    )


def _doctor(given: argparse.Namespace) -> int:
    from jixiao.excel.doctor import trials
    from jixiao.excel.machine import this_machine

    with _excel_troubles():
        tried = list(trials(this_machine()))
    for one in tried:
        print(f"{'正常' if one.fine else '有问题'}　{one.said}")
    return DONE if all(one.fine for one in tried) else FOUND


@contextmanager
def _excel_troubles() -> Iterator[None]:
    """What can keep the add-in from being made, put in or taken out is said as wrong input is."""
    from jixiao.excel.install import CannotInstall
    from jixiao.excel.runtime import CannotBundle
    from jixiao.excel.xlam.hardened import CannotBuild

    try:
        yield
    except (CannotBuild, CannotBundle, CannotInstall) as error:
        raise BadInput(str(error)) from error


def _lint(given: argparse.Namespace) -> int:
    from jixiao.report.lint import lint_report
    from jixiao.rubric.lint import lint

    complaints = [*lint(given.path, given.rules), *lint_report(given.path, given.rules)]
    for complaint in complaints:
        print(complaint)
    wrong = sum(complaint.gravity == "错误" for complaint in complaints)
    print(f"错误 {wrong} · 提醒 {len(complaints) - wrong}" if complaints else "规则文件没有问题。")
    return FOUND if wrong else DONE


def _show(given: argparse.Namespace) -> None:
    from jixiao.rubric.show import as_json, as_text

    rubric = load_rubric(given.edition, rules=given.rules)
    if given.json:
        _print_json(as_json(rubric))
    elif given.tags:
        print("\n".join(_tag_lines(rubric)))
    else:
        print("\n".join(as_text(rubric)))


def _tag_lines(rubric: Rubric) -> list[str]:
    """All tags of an edition, as they may be typed: in Chinese, and by id."""
    from jixiao.adopt.tags import tags
    from jixiao.rubric.columns import wide

    listed = tags(rubric)
    room = max(wide(tag.text) for tag in listed)
    head = f"“{rubric.title}”的标签，写法见“自带表格”一页。每行的两种写法是一个意思，用哪种都行。"
    return [head, "", *(f"{tag.text}{' ' * (room - wide(tag.text))}  {{{{jx.{tag.id}}}}}" for tag in listed)]


# ---------------------------------------------------------------- in and out


def _fresh(out: Path, *suffixes: str) -> Path:
    """A file that may be made: nothing stands there, the folder does."""
    if out.suffix.lower() not in suffixes:
        raise BadInput(f"新文件“{out}”的名称要以 {' 或 '.join(suffixes)} 结尾。")
    if out.exists():
        raise BadInput(f"“{out}”已经存在，没有改动它。请换一个文件名。")
    if not out.parent.is_dir():
        raise BadInput(f"文件夹“{out.parent}”不存在，请先建好。")
    return out


def _save(port: FilePort, given: argparse.Namespace) -> None:
    """Save where it was asked, and say where, and where the old file is kept."""
    from jixiao.workbook.file.saving import backups

    target: Path = given.out or given.workbook
    stood = target.exists()
    if given.out:
        port.save_as(given.out)
    elif port.changed:
        port.save()
    else:
        print(f"没有要改的，{target} 没有改动。", file=sys.stderr)
        return
    first, last = backups(target)
    kept = f"；原来的备份：{last if last.exists() else first}" if stood else ""
    print(f"已写入：{target}{kept}", file=sys.stderr)


def _tell(work: Work, given: argparse.Namespace, *, scores: bool = False, findings: bool = True) -> None:
    """What a verb found, as JSON or in words."""
    from jixiao.printed import as_json

    if given.json:
        _print_json(as_json(work.rubric, work.assessment, work.findings))
    else:
        _say(work, scores=scores, findings=findings)


def _say(work: Work, *, scores: bool = False, findings: bool = True) -> None:
    from jixiao.printed import finding_lines, headline, score_lines

    lines = headline(work.assessment)
    lines += score_lines(work.rubric, work.assessment) if scores else []
    lines += ["", *work.said] if work.said else []
    lines += ["", *finding_lines(work.findings)] if findings else []
    print("\n".join(lines))


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _print_json(data: dict[str, Any]) -> None:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(_json(data))


@contextmanager
def _patience() -> Iterator[None]:
    """A word on stderr when a verb takes longer than a moment."""
    said = threading.Timer(PATIENCE, lambda: print("正在处理，请稍候……", file=sys.stderr))
    said.daemon = True
    said.start()
    try:
        yield
    finally:
        said.cancel()
