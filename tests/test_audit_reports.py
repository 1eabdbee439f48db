"""Whole reports of other cities, years and outlines: right as they are, and with one figure wrong."""

from __future__ import annotations

from os.path import commonprefix
from pathlib import Path
from typing import Any

import pytest

import filings
from jixiao.audit.audit import audit
from jixiao.audit.reading import read_text
from jixiao.audit.remark import Remark
from jixiao.rubric.load import load_rubric

REPORTS: dict[str, Any] = filings.load(Path(__file__).parent / "audit_reports.yaml")
WRONG = [(name, old, new) for name, one in REPORTS.items() for old, new in one["wrong"].items()]


def audited(name: str, text: str) -> list[Remark]:
    """``|`` parts the cells of a table."""
    lines = ("\t".join(cell.strip() for cell in line.split("|")) for line in text.splitlines())
    return audit([read_text("\n".join(lines), "报告")], load_rubric(REPORTS[name]["edition"]))


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_that_is_right(name: str) -> None:
    assert [one.finding.text() for one in audited(name, REPORTS[name]["text"])] == []


@pytest.mark.parametrize(("name", "old", "new"), WRONG)
def test_a_report_with_one_figure_wrong(name: str, old: str, new: str) -> None:
    """The figure is remarked on, and each remark is on it or on what is reckoned from it."""
    text = REPORTS[name]["text"]
    old, new = (
        old.replace("\\n", "\n").replace("\n    ", "\n"),
        new.replace("\\n", "\n").replace("\n    ", "\n"),
    )
    assert text.count(old) == 1
    found = audited(name, text.replace(old, new))
    line = text[: text.index(old) + len(commonprefix([old, new]))].count("\n") + 1
    figure = next(one for one in new.split(" | ") if one not in old.split(" | "))
    said = [(one.finding.place, one.quote, one.finding.text()) for one in found]
    assert said
    place = f"第 {line} 行"
    for one in said:
        assert any(place in words or figure in words for words in one), said
