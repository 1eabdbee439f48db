"""The verbs on the rubrics."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from jixiao.cli.arguments import Verbs, verb, verbs_of
from jixiao.cli.exits import DONE, FOUND
from jixiao.cli.output import print_json
from jixiao.rubric.load import load_rubric

if TYPE_CHECKING:
    from jixiao.rubric.model import Rubric


def arguments(verbs: Verbs) -> None:
    """What may be written behind each verb."""
    among = verbs_of(verbs.add_parser("rules", help="评分规则：lint 检查规则文件，show 显示规则"))
    lint = verb(among, "lint", _lint, "检查评分规则文件")
    lint.add_argument("path", metavar="版本或文件夹", nargs="?")
    show = verb(among, "show", _show, "显示评分规则")
    show.add_argument("edition", metavar="版本")
    how = show.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="按 JSON 输出")
    how.add_argument("--tags", action="store_true", help="列出可以写进自带表格的标签")


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
        print_json(as_json(rubric))
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
