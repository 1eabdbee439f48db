"""The buttons of the ribbon: the verbs of the command line, on the workbook that is open in Excel.

Only a menu hands over what was chosen. Nothing heavy is imported before a button needs it: Excel waits for
this module when it starts the server.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from jixiao.excel.buttons import all_buttons
from jixiao.excel.click import Click, Outcome, button

if TYPE_CHECKING:
    from jixiao.workbook.live.live_port import LivePort


@button
def new_form(click: Click, edition: str) -> Outcome:
    """Open a new form of the edition that was chosen."""
    from jixiao.rubric.load import load_rubric
    from jixiao.verbs import beside, new_form

    out = beside(click.folder / f"{edition}.xlsx", "-自评表", ".xlsx")
    new_form(load_rubric(edition), out)
    return Outcome(f"已新建：{out}", workbook=out)


@button
def score(click: Click) -> Outcome:
    """Fill in the scores; declared scores are replaced only when the user says so."""
    from jixiao.printed import headline
    from jixiao.verbs import examine, put_scores, recognised

    now = datetime.now()
    with click.port() as port:
        rubric = recognised(port, port.path.name)
        written = put_scores(port, rubric, overwrite=False, when=now)
        if written.differing:
            listed = [
                f"{one.place}（{one.name}）：自评 {one.typed}，计算 {one.computed}"
                for one in written.differing
            ]
            pressed = click.ask(
                f"自评分与计算得分不同 {len(listed)} 处：\n"
                + "\n".join(listed)
                + "\n\n要换成计算得分吗？\n是：换成计算得分（“撤销计算”可以恢复）\n"
                "否：自评分不动，只填空着的得分\n取消：什么都不改",
                "yes_no_cancel",
            )
            if pressed not in ("yes", "no"):
                return Outcome("没有计算，表格没有改动。")
            if pressed == "yes":
                port.reset()
                written = put_scores(port, rubric, overwrite=True, when=now)
        port.save()
        remarks = port.remarks
    with click.port() as port:  # what Excel has made of the form's own formulas
        work = examine(port, recognised(port, port.path.name))
    said = dict.fromkeys((*remarks, *work.said))
    return Outcome("\n".join([*headline(work.assessment), "", *said, *written.lines()]))


@button
def undo(click: Click) -> Outcome:
    """Put back what stood in the score cells before 计算得分."""
    from jixiao.verbs import recognised
    from jixiao.workbook.scores.results import undo_scores

    with click.port() as port:
        undone = undo_scores(port, recognised(port, port.path.name))
        port.save()
    return Outcome("\n".join(undone.lines()))


@button
def explain(click: Click) -> Outcome:
    """Show how the score of the selected line came about."""
    from jixiao.excel.explained import explained
    from jixiao.verbs import examine, recognised

    chosen = click.app.selection
    with click.port() as port:
        work = examine(port, recognised(port, port.path.name))
    if chosen is None:
        return Outcome("请先选中指标所在的一行，再按“得分依据”。")
    return Outcome("\n".join(explained(work, chosen.sheet.name, chosen.row)))


@button
def check(click: Click) -> Outcome:
    """Check, mark the cells in question and write the list."""
    from jixiao.checking.finding import summary
    from jixiao.verbs import recognised, write_marks

    with click.port() as port:
        work = write_marks(port, recognised(port, port.path.name))
        port.save()
    lines = [summary(work.findings), *work.said]
    if missing := sum(one.missing for one in work.findings):
        lines.append(f"还差 {missing} 项，填好才能上报。")
    if work.findings:
        lines += ["", "逐条的说明在“校验结果”；按“下一处”逐个看标出的格子。"]
    return Outcome("\n".join(lines))


@button
def previous_mark(click: Click) -> Outcome:
    """Go to the marked cell before the selected one."""
    return _step(click, back=True)


@button
def next_mark(click: Click) -> Outcome:
    """Go to the marked cell after the selected one."""
    return _step(click, back=False)


def _step(click: Click, *, back: bool) -> Outcome:
    from jixiao.workbook.bound import position_of
    from jixiao.workbook.marking.marks import marked_cells

    chosen = click.app.selection
    with click.port() as port:
        order = {sheet: number for number, sheet in enumerate(port.sheets())}
        marked = marked_cells(port)
    if not marked:
        return Outcome("没有标出的格子。请先按“校验并标出”。")
    front = chosen.sheet if chosen is not None else click.book.sheets.active
    here = (order[front.name], (chosen.row, chosen.column) if chosen is not None else (0, 0))
    stands = {place: (order[place.sheet], position_of(place)) for place in marked}
    if back:
        before = [place for place in marked if stands[place] < here]
        return Outcome(place=before[-1] if before else marked[-1])
    after = [place for place in marked if stands[place] > here]
    return Outcome(place=after[0] if after else marked[0])


@button
def clear(click: Click) -> Outcome:
    """Take off all marks and empty the list."""
    from jixiao.verbs import recognised
    from jixiao.workbook.marking.marks import clear_marks

    with click.port() as port:
        recognised(port, port.path.name)
        cleared = clear_marks(port)
        port.save()
    return Outcome(f"已清除 {cleared} 处标记和问题清单。" if cleared else "没有标记，表格没有改动。")


@button
def report(click: Click) -> Outcome:
    """Write the report beside the workbook and open it."""
    from jixiao.checking.finding import summary
    from jixiao.printed import finding_lines
    from jixiao.troubles import whole
    from jixiao.verbs import report, report_beside

    with click.port() as port:
        made = report(port.path, when=datetime.now())
        out = report_beside(click.folder / port.path.name)
    with whole(out):
        out.write_bytes(made.document)
    lines = [f"已生成报告：{out}"]
    if made.lacking:
        lines.append(f"有 {len(made.lacking)} 处待补充，报告里印成【待补充】：")
        lines += finding_lines(made.lacking)[1:]
    lines += ["", f"报告用的是表里的得分。自评表的校验结果：{summary(made.work.findings)}"]
    return Outcome("\n".join(lines), document=out)


@button
def audit(click: Click) -> Outcome:
    """Audit a finished report, against the form in front if there is one; the remarks go into a copy."""
    from jixiao.printed import finding_lines
    from jixiao.troubles import whole
    from jixiao.verbs import audit, commented_beside
    from jixiao.workbook.reading import edition_of

    report = click.choose("选择写好的自评报告", "自评报告", ".docx", ".txt")
    if report is None:
        return Outcome("没有选报告，什么都没有做。")
    with click.port() as port:
        form = port.path if edition_of(port) or _known(port) else None
        made = audit([report], workbook=form, commented=report.suffix.lower() == ".docx")
    against = f"并与“{click.book.name}”逐数核对。" if form else "没有与自评表核对：打开的不是自评表。"
    lines = [*made.said, against, "", *finding_lines([one.finding for one in made.remarks])]
    if not (made.remarks and made.commented):
        return Outcome("\n".join(lines))
    out = commented_beside(report)
    with whole(out):
        out.write_bytes(made.commented)
    return Outcome("\n".join([f"问题已写成批注：{out}", "", *lines]), document=out)


def _known(port: LivePort) -> bool:
    """Whether a workbook without our names is an official form all the same."""
    from jixiao.verbs import recognised
    from jixiao.workbook.errors import NotAForm

    try:
        recognised(port, port.path.name)
    except NotAForm:
        return False
    return True


@button
def submission(click: Click) -> Outcome:
    """Write the copy that is handed in, and its PDF."""
    from jixiao.checking.finding import Severity, summary
    from jixiao.excel.handed_in import hand_in
    from jixiao.verbs import examine, recognised

    with click.port() as port:
        work = examine(port, recognised(port, port.path.name))
        if any(one.severity is Severity.ERROR for one in work.findings):
            pressed = click.ask(
                f"{summary(work.findings)}\n\n校验还有错误，仍要做报送版吗？\n否：先按“校验并标出”改正",
                "yes_no",
            )
            if pressed != "yes":
                return Outcome("没有做报送版。")
        lines = hand_in(click.app, port, work.rubric, click.folder)
    return Outcome("\n".join(lines))


@button
def selftest(click: Click) -> Outcome:
    """Say whether all that the buttons need is there."""
    from jixiao.excel.selftested import selftested

    return Outcome("\n".join(selftested(click)))


@button
def help(click: Click) -> Outcome:
    """Say what each button does."""
    from importlib.metadata import version

    lines = [f"{one.label}：{one.tip}" for one in all_buttons()]
    return Outcome(
        "\n".join(
            [
                f"绩效自评 {version('jixiao')}",
                "",
                "一般的顺序：新建 → 填表 → 计算得分 → 校验并标出 → 改正 → 生成报告 → 报送版。",
                "",
                *lines,
            ]
        )
    )
