"""Whole reports of other cities, years and outlines: right as they are, and with one figure wrong."""

from __future__ import annotations

import random
from collections.abc import Callable
from os.path import commonprefix
from pathlib import Path
from typing import Any

import pytest

import filings
from jixiao.audit.audit import audit
from jixiao.audit.reading import read_text
from jixiao.audit.remark import Remark
from jixiao.rubric.load import load_rubric
from test_audit import broken, marked, spaced, wide

REPORTS: dict[str, Any] = filings.load(Path(__file__).parent / "audit_reports.yaml")
TABLES = [name for name, one in REPORTS.items() if " | " in one["text"]]
WRONG = [(name, old, new) for name, one in REPORTS.items() for old, new in one["wrong"].items()]


def lines_of(text: str) -> list[str]:
    """``|`` parts the cells of a table."""
    return ["\t".join(cell.strip() for cell in line.split("|")) for line in text.splitlines()]


def audited(name: str, text: str) -> list[Remark]:
    return audit([read_text("\n".join(lines_of(text)), "报告")], load_rubric(REPORTS[name]["edition"]))


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


# ---------------------------------------------------------------- text out of pictures and PDFs


def dropped(cells: list[str], dice: random.Random) -> list[str]:
    """A cell is lost, the rest moves up."""
    del cells[dice.randrange(1, len(cells))]
    return cells


def shifted(cells: list[str], dice: random.Random) -> list[str]:
    """An empty cell too much."""
    cells.insert(dice.randrange(len(cells)), "")
    return cells if cells[-1] else cells[:-1]


def slipped(cells: list[str], dice: random.Random) -> list[str]:
    """A cell is lost, and the row ends with an empty one instead."""
    del cells[dice.randrange(1, len(cells) - 1)]
    return [*cells, ""]


@pytest.mark.parametrize("change", [dropped, shifted, slipped])
@pytest.mark.parametrize("name", TABLES)
def test_a_row_out_of_its_columns_proves_nothing(name: str, change: Callable[..., list[str]]) -> None:
    lines = lines_of(REPORTS[name]["text"])
    rows = [number for number, line in enumerate(lines) if line.count("\t") > 1]
    for seed in range(10):
        dice = random.Random(seed)
        number = dice.choice(rows)
        text = list(lines)
        text[number] = "\t".join(change(lines[number].split("\t"), dice))
        found = audit([read_text("\n".join(text), "报告")], load_rubric(REPORTS[name]["edition"]))
        assert [(one.quote, one.finding.text()) for one in found] == [], text[number]


@pytest.mark.parametrize("change", [spaced, broken, wide, marked])
@pytest.mark.parametrize("name", REPORTS)
def test_how_the_text_was_taken_out_proves_nothing(name: str, change: Callable[..., list[str]]) -> None:
    lines = lines_of(REPORTS[name]["text"])
    for seed in range(3):
        dice = random.Random(seed)

        def taken(line: str, dice: random.Random = dice) -> list[str]:
            if change in (spaced, wide):
                return ["\t".join(change(cell, dice)[0] for cell in line.split("\t"))]
            return [line] if "\t" in line or not line else change(line, dice)

        text = "\n".join(one for line in lines for one in taken(line))
        found = audit([read_text(text, "报告")], load_rubric(REPORTS[name]["edition"]))
        assert [(one.quote, one.finding.text()) for one in found] == []
