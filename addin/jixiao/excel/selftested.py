"""自检: whether all that the buttons need is there."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version

from jixiao.excel.click import Click
from jixiao.rubric.load import data_folder, edition_folders, load_rubric, rule_folders
from jixiao.troubles import expected, log

_FINE, _WRONG = "正常", "有问题"


def selftested(click: Click) -> list[str]:
    """A verdict, then a line for each thing that was tried."""
    tried = list(_trials(click))
    wrong = sum(not fine for fine, _ in tried)
    verdict = f"自检：{wrong} 项有问题，请照下面的说明处理。" if wrong else "自检：全部正常。"
    return [verdict, "", *(f"{_FINE if fine else _WRONG}　{said}" for fine, said in tried)]


def _trials(click: Click) -> Iterator[tuple[bool, str]]:
    yield True, f"绩效自评 {version('jixiao')}，xlwings {version('xlwings')}，表格程序 {click.app.version}"
    yield True, f"Python {platform.python_version()}：{sys.executable}"
    for edition in sorted(edition_folders(rule_folders(None))):
        yield _tried(f"评分规则 {edition}", partial(_title, edition))
        shipped = (data_folder("workbook_templates") / f"{edition}.xlsx").exists()
        yield True, f"工作簿模板 {edition}：{'随软件' if shipped else '按规则生成'}"
    yield _tried("当前工作簿", partial(_read, click))


def _title(edition: str) -> str:
    return load_rubric(edition).title


def _read(click: Click) -> str:
    from jixiao.workbook.reading import edition_of

    with click.port() as port:
        edition = edition_of(port)
    return f"可以读取，{f'评分版本 {edition}' if edition else '不是本软件的自评表'}"


def _tried(name: str, run: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, f"{name}：{run()}"
    except expected() as error:
        return False, f"{name}：{error}"
    except Exception as error:
        return False, f"{name}：{type(error).__name__}，详细内容在 {log()}"
