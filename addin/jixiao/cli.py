"""The command line. Exit codes: 0 done; 2 bad usage or input, one Chinese sentence on stderr."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from jixiao.filing.quantity import plain
from jixiao.rubric.errors import RuleError
from jixiao.rubric.load import data_folder, edition_folders, load_rubric, rule_folders
from jixiao.rubric.model import Rubric
from jixiao.scoring.model import Assessment, Score
from jixiao.workbook.errors import WorkbookError


class BadInput(Exception):
    """Wrong usage or input; the message is Chinese and says what to do."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInput("命令写得不对。用法请看：jixiao --help")


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; the exit code."""
    try:
        given = _parser().parse_args(arguments)
        given.verb(given)
    except (BadInput, RuleError, WorkbookError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="jixiao", description="部门整体支出绩效自评：计分")
    verbs = parser.add_subparsers(required=True, metavar="命令", parser_class=_Parser)

    def verb(name: str, run: Any, help: str) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=help)
        one.add_argument("--rules", metavar="文件夹", help="另一些评分版本所在的文件夹")
        one.set_defaults(verb=run)
        return one

    verb("editions", _editions, "列出评分版本")
    new = verb("new", _new, "新建一份空白自评表")
    new.add_argument("edition", metavar="版本")
    new.add_argument("out", metavar="新文件.xlsx", type=Path)
    score = verb("score", _score, "计算得分并显示，不改动文件")
    score.add_argument("workbook", metavar="自评表.xlsx", type=Path)
    score.add_argument("--json", action="store_true", help="按 JSON 输出")
    return parser


def _editions(given: argparse.Namespace) -> None:
    for edition in sorted(edition_folders(rule_folders(given.rules))):
        print(f"{edition}\t{load_rubric(edition, rules=given.rules).title}")


def _new(given: argparse.Namespace) -> None:
    rubric = load_rubric(given.edition, rules=given.rules)
    out: Path = given.out
    if out.suffix.lower() != ".xlsx":
        raise BadInput(f"新文件“{out}”的名称要以 .xlsx 结尾。")
    if out.exists():
        raise BadInput(f"“{out}”已经存在，没有改动它。请换一个文件名。")
    if not out.parent.is_dir():
        raise BadInput(f"文件夹“{out.parent}”不存在，请先建好。")
    template = data_folder("workbook_templates") / f"{rubric.id}.xlsx"
    if template.exists() and not given.rules:
        shutil.copyfile(template, out)
    else:
        from jixiao.workbook.form import load_form
        from jixiao.workbook.template import build_template

        build_template(rubric, load_form(rubric.id, rules=given.rules), out)
    print(f"已新建：{out}")


def _score(given: argparse.Namespace) -> None:
    from jixiao.scoring.score import score
    from jixiao.workbook.file_port import FilePort
    from jixiao.workbook.reading import edition_of, read_filing

    port = FilePort.open(given.workbook)
    edition = edition_of(port)
    if not edition:
        raise BadInput(f"“{given.workbook}”不是本软件的自评表。请用 jixiao new 新建一份，把内容填进去。")
    rubric = load_rubric(edition, rules=given.rules)
    assessment = score(rubric, read_filing(port, rubric))
    if given.json:
        print(json.dumps(as_json(rubric, assessment), ensure_ascii=False, indent=1))
    else:
        print("\n".join(as_lines(assessment)))


def as_lines(assessment: Assessment) -> list[str]:
    """The assessment for reading on a screen."""
    lines = [f"{assessment.unit or '（未填部门名称）'} {assessment.year}"]
    for one in assessment.indicators:
        points = "—" if one.score is None else str(one.score)
        lines.append(f"{one.name}：{points} / {plain(one.weight)}（{one.basis}）")
        lines += [f"    {step.text}" for step in one.steps]
    lines.append(f"总分 {assessment.total}，{assessment.grade}；其中未核 {assessment.unverified} 分")
    if assessment.missing:
        lines.append(f"还有 {plain(assessment.missing)} 分的指标没有填")
    return lines


def as_json(rubric: Rubric, assessment: Assessment) -> dict[str, Any]:
    """The assessment as the published JSON: numbers as strings."""
    blocks = {block.id: block.name for block in rubric.blocks}
    return {
        "edition": assessment.edition,
        "unit": assessment.unit,
        "year": int(assessment.year) if assessment.year.isdigit() else None,
        "total": str(assessment.total),
        "declared_total": _text(assessment.declared_total),
        "unverified": str(assessment.unverified),
        "grade": assessment.grade,
        "indicators": [
            {
                "id": one.id,
                "name": one.name,
                "path": list(one.path),
                **_score_json(one),
                "steps": [step.text for step in one.steps],
            }
            for one in assessment.indicators
        ],
        "rows": [
            {"block": blocks[row.block], "name": row.name, **_score_json(row)} for row in assessment.rows
        ],
    }


def _score_json(one: Score) -> dict[str, Any]:
    return {
        "weight": plain(one.weight),
        "score": _text(one.score),
        "declared": _text(one.declared),
        "basis": str(one.basis),
        "ratio": _text(one.ratio if one.ratio is None else one.ratio.quantize(Decimal("0.000001"))),
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
