"""The buttons of the tab 绩效自评: each calls the function of its name in :mod:`jixiao.excel.ribbon`.

Only 重启 needs none: VBA ends the Python that may no longer answer.
"""

from __future__ import annotations

from typing import NamedTuple

TAB = "绩效自评"


class Button(NamedTuple):
    verb: str
    label: str
    image: str
    """The name of one of Office's own icons."""
    tip: str
    large: bool = False
    editions: bool = False
    """It is a menu of the editions; the one that is chosen is handed over."""

    @property
    def callback(self) -> str:
        """The Sub that Excel calls: new_form is OnNewForm."""
        return "On" + self.verb.title().replace("_", "")


GROUPS = {
    "填表": (
        Button(
            "new_form", "新建", "FileNewDefault", "选一个评分版本，新建一份空白自评表。", True, True,
        ),
    ),
    "计分": (
        Button(
            "score", "计算得分", "Calculator",
            "照评分标准计算每一项得分，填入空着的得分。您已经填的自评分，问过您才替换，并且可以撤销。", True,
        ),
        Button("explain", "得分依据", "FunctionWizard", "说明选中这一行的得分：用到的数、算式、条款。"),
        Button("undo", "撤销计算", "Undo", "恢复计算以前的得分和完成率。"),
    ),
    "校验": (
        Button(
            "check", "校验并标出", "DataValidationCircleInvalid",
            "找出上报后会被退回的地方，在表里标出，列在“校验结果”。改好再点一次，旧标记自动更新。", True,
        ),
        Button("previous_mark", "上一处", "ReviewPreviousComment", "跳到上一个标出的单元格。"),
        Button("next_mark", "下一处", "ReviewNextComment", "跳到下一个标出的单元格。"),
        Button(
            "clear", "清除标记", "DataValidationClearValidationCircles",
            "去掉校验的颜色、批注和清单，表恢复成没有标记的样子；您自己的批注和颜色不动。",
        ),
    ),
    "报告": (
        Button(
            "report", "生成报告", "MergeToWord",
            "按官方提纲生成自评报告（Word 文档）并打开；数字都来自表里，没有填的印成【待补充】。", True,
        ),
        Button(
            "audit", "核对报告", "ReviewShowAllComments",
            "选一份写好的报告（.docx 或 .txt），逐数重算，并与打开的自评表核对；问题写成批注，另存一份。",
        ),
        Button(
            "submission", "报送版", "FileSaveAs",
            "另存一份干净的表：只有数值，没有标记和辅助工作表；能存 PDF 的同时存一份。",
        ),
    ),
    "软件": (
        Button("selftest", "自检", "AcceptInvitation", "检查软件装得对不对：Python、评分规则、工作簿模板。"),
        Button("restart", "重启计算服务", "Refresh", "结束后台的 Python，重新启动。按钮没有反应时用。"),
        Button("help", "帮助", "Help", "说明一般的顺序，每个按钮做什么。"),
    ),
}  # fmt: skip


def all_buttons() -> list[Button]:
    return [button for group in GROUPS.values() for button in group]
