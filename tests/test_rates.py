"""计算得分 puts in the rates that the form cannot compute; 撤销计算 puts its formulas back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from altered_forms import insert_rows
from jixiao.cli import main
from jixiao.filing.model import Raw
from jixiao.rubric.load import load_rubric
from jixiao.workbook.bound import Bindings
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.port import Cell, Edit
from jixiao.workbook.reading import read_filing
from jixiao.workbook.scores.results import undo_scores, write_scores

RUBRIC = load_rubric("guangzhou-2023")
SHEET = "绩效目标完成情况"
FILING = """
edition: guangzhou-2023
values: {goals.filed: 是}
rows:
  output:
    - {name: 办件, target: ≥80个, actual: 84个, weight: 5}
    - {name: 能除的, target: '80', actual: '84', weight: 5}
    - {name: 成本, target: ≤100万元, actual: 80万元, weight: 3}
    - {name: 日期, target: 12月, actual: 11月, weight: 3}
    - {name: 定性, target: 定性, actual: 提高, tier: 达成年度指标, weight: 2, score: 2, basis: 报告}
    - {name: 自己填的, target: 3场, actual: 4场, weight: 2, rate: 133.3%}
"""
WRITTEN = [Decimal("1.05"), Decimal("1.25")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    data, file = tmp_path / "填报.yaml", tmp_path / "自评表.xlsx"
    data.write_text(FILING, encoding="utf-8")
    assert main(["fill", "guangzhou-2023", str(data), str(file)]) == 0
    return file


def rates(path: Path) -> list[Cell]:
    port = FilePort.open(path)
    rows = read_filing(port, RUBRIC).rows["output"]
    grid = port.cells(SHEET)
    column = Bindings(port)["column.output.rate"]
    assert column
    first = column.area.top + 1
    used = [number for number, row in enumerate(rows) if not row["name"].blank]
    return [grid.get((first + number, column.area.left), Cell()) for number in used]


def computed(path: Path) -> int:
    port = FilePort.open(path)
    filing = read_filing(port, RUBRIC)
    from jixiao.scoring.score import score

    when = dt.datetime(2026, 11, 21)
    written = write_scores(port, RUBRIC, filing, score(RUBRIC, filing), overwrite=False, when=when)
    port.save()
    return written.rates


def undone(path: Path) -> int:
    port = FilePort.open(path)
    result = undo_scores(port, RUBRIC)
    port.save()
    return result.rates


def typed(path: Path, number: int, column: str, value: Raw) -> None:
    port = FilePort.open(path)
    head = Bindings(port)[f"column.output.{column}"]
    assert head
    port.write(SHEET, [Edit(head.area.top + number, head.area.left, value)])
    port.save()


def test_only_where_nothing_else_gives_a_rate_it_is_put_in(path):
    before = rates(path)
    assert computed(path) == 2
    now = rates(path)
    assert [now[0].raw, now[2].raw] == WRITTEN and all(one.percent for one in (now[0], now[2]))
    assert [one.formula for one in (now[0], now[2])] == ["", ""]
    assert [now[number] for number in (1, 3, 4, 5)] == [before[number] for number in (1, 3, 4, 5)]
    assert before[1].raw == WRITTEN[0] and before[1].formula


def test_a_second_run_writes_nothing_and_a_changed_row_gets_the_newer_rate(path):
    computed(path)
    assert computed(path) == 0
    typed(path, 1, "actual", "88个")
    assert (computed(path), rates(path)[0].raw) == (1, Decimal("1.1"))


def test_undo_puts_every_formula_back(path):
    before = rates(path)
    computed(path)
    assert (undone(path), rates(path)) == (2, before)
    assert undone(path) == 0


def test_a_row_that_can_no_longer_be_computed_gets_its_formula_back(path):
    before = rates(path)
    computed(path)
    typed(path, 1, "actual", "约84个")
    computed(path)
    assert rates(path)[0].formula == before[0].formula


def test_rows_inserted_above_move_the_formula_with_them(path):
    before = rates(path)[0].formula
    computed(path)
    port = FilePort.open(path)
    head = Bindings(port)["column.output.rate"]
    assert head
    row = head.area.top + 1
    insert_rows(path, SHEET, row - 3, 2)
    undone(path)
    after = rates(path)[0].formula
    assert after and after == before.replace(f"{row}", f"{row + 2}")


def test_what_the_user_typed_over_our_rate_stays(path):
    computed(path)
    typed(path, 1, "rate", Decimal("1.051"))
    assert (computed(path), undone(path)) == (0, 1)
    assert rates(path)[0].raw == Decimal("1.051")


def test_the_rates_that_were_put_in_are_right_to_the_check(path, capsys):
    computed(path)
    main(["check", str(path)])
    said = capsys.readouterr().out
    assert "JX-314" not in said and "完成率算错" not in said
    typed(path, 1, "actual", "88个")
    main(["check", str(path)])
    assert "完成率填的是 105%，应为 110%" in capsys.readouterr().out
