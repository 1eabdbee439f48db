"""What may be written on the command line, and how wrong usage is told."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from jixiao.cli.exits import BadInput

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


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


class Parser(argparse.ArgumentParser):
    def __init__(self, **given: Any) -> None:
        super().__init__(**{"formatter_class": _Help, "add_help": False, **given})
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这页说明")

    def error(self, message: str) -> NoReturn:
        raise BadInput(f"{_said(message)}\n{self.format_usage().strip()}\n详细说明：{self.prog} --help")


def verbs_of(parser: argparse.ArgumentParser) -> Verbs:
    """The verbs of a parser."""
    return parser.add_subparsers(
        prog=parser.prog, required=True, metavar="命令", title="命令", parser_class=Parser
    )


def verb(among: Verbs, name: str, run: Any, help: str) -> argparse.ArgumentParser:
    """A verb, and what runs it: a function of the arguments that returns the exit code, or nothing."""
    one = among.add_parser(name, help=help, description=help)
    # without it here, what stands before the verb holds
    one.add_argument(
        "--rules", metavar="文件夹", default=argparse.SUPPRESS, help="另一些评分版本所在的文件夹"
    )
    one.set_defaults(verb=run, tells_progress=False)
    return one


def outputs(one: argparse.ArgumentParser) -> None:
    where = one.add_mutually_exclusive_group()
    where.add_argument("-o", dest="out", metavar="新文件.xlsx", type=Path, help="写到另一个文件")
    where.add_argument("--in-place", action="store_true", help="写回原文件（旁边留备份）")
    one.add_argument("--json", action="store_true", help="按 JSON 输出")


def workbook(one: argparse.ArgumentParser) -> None:
    one.add_argument("workbook", metavar="自评表.xlsx", type=Path)
