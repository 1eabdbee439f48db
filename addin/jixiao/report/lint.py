"""规则检查 for the report of an edition: its names, every sentence over an empty filing, stray numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from jixiao.filing.model import Filing
from jixiao.report.content import CannotSay, compose
from jixiao.report.load import read_report, sentences_of
from jixiao.report.model import Report
from jixiao.rubric.errors import EditionNotFound, RuleFileError
from jixiao.rubric.lint import Complaint, editions_named
from jixiao.rubric.load import Source, read_source, rubric_of, rule_folders
from jixiao.scoring.score import score

_FILLED_IN = re.compile(r"\{[{%].*?[}%]\}", re.DOTALL)


def lint_report(edition: str | Path | None = None, rules: str | Path | None = None) -> Iterator[Complaint]:
    """Complaints about the reports of the editions that are asked for; one without a report has none."""
    folders = rule_folders(rules)
    for folder in editions_named(edition, folders):
        near = [folder.parent, *folders]
        try:
            rubric = rubric_of(read_source(folder, near))
        except RuleFileError:
            continue  # the lint of the rules has said so
        filing = Filing(rubric.id, {})
        try:
            source, report = read_report(rubric, folder, near)
        except EditionNotFound:
            continue
        except RuleFileError as error:
            yield Complaint(error.file, error.line, error.message, "错误")
            continue
        yield from _typed_numbers(source, report)
        try:
            compose(report, rubric, filing, score(rubric, filing))
        except CannotSay as error:
            place = source.error(error.path, error.message)
            yield Complaint(place.file, place.line, place.message, "错误")


def _typed_numbers(source: Source, report: Report) -> Iterator[Complaint]:
    """Numbers that stand in a sentence itself and would be printed whatever the form says."""
    for path, text, _ in sentences_of(report):
        found = re.findall(r"\d[\d.]*", _FILLED_IN.sub("", text))
        if found and not path.endswith(".of"):
            place = source.error(
                path,
                f"句子里直接写了数字{'、'.join(found)}，不论表里怎么填都会照印。"
                "数字请用 {{ 填报项 }} 取，或者改用汉字。",
            )
            yield Complaint(place.file, place.line, place.message, "提醒")
