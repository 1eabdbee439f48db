"""规则检查 for the report of an edition: its names, and every sentence said over an empty filing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jixiao.filing.model import Filing
from jixiao.report.content import compose
from jixiao.report.load import REPORT_FILE, read_report
from jixiao.rubric.errors import EditionNotFound, RuleError, RuleFileError
from jixiao.rubric.lint import Complaint, editions_named
from jixiao.rubric.load import read_source, rubric_of, rule_folders
from jixiao.scoring.score import score


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
            compose(read_report(rubric, folder, near), rubric, filing, score(rubric, filing))
        except EditionNotFound:
            continue
        except RuleFileError as error:
            yield Complaint(error.file, error.line, error.message, "错误")
        except RuleError as error:
            yield Complaint(folder / REPORT_FILE, 0, str(error), "错误")
