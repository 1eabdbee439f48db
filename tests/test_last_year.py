"""A new form begun with last year's: what carries over is a draft, and says so until it was looked at."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from foreign_forms import adopted_form
from jixiao import cli
from jixiao.filing.interchange import read_filing_text
from jixiao.filing.last_year import drafts
from jixiao.filing.model import Entry, Filing, Row
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.verbs import examine, opened
from jixiao.workbook.bound import position_of
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.marking.marks import clear_marks, marked_cells
from jixiao.workbook.port import Edit
from jixiao.workbook.reading import read_filing
from small_rubric import small

CARRIED = "JX-112"


def demo_filing(edition: str) -> Filing:
    file = data_folder("rubric_rules") / edition / "demo.yaml"
    return read_filing_text(file.read_text(encoding="utf-8"), file.name, load_rubric(edition))


@pytest.fixture(scope="module", params=["guangzhou-2023", "loudi-2023"])
def last(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A form of last year: bound, filled in, without any sheet of ours."""
    return adopted_form(request.param, tmp_path_factory.mktemp("last") / "去年 自评表.xlsx")


def edition_of(path: Path) -> str:
    return FilePort.open(path).names()["jx.edition"].strip('"')


@pytest.fixture
def new(last: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    out = tmp_path / "今年 自评表.xlsx"
    assert cli.main(["new", edition_of(last), str(out), "--from", str(last)]) == 0
    assert str(out) in capsys.readouterr().out
    return out


def carried(path: Path) -> list[str]:
    port, rubric = opened(path)
    return [
        str(place) for one in examine(port, rubric).findings if one.code == CARRIED for place in one.places
    ]


def test_names_goals_and_indicators_come_as_drafts_without_results(last, new):
    rubric = load_rubric(edition_of(last))
    old, form = demo_filing(rubric.id), read_filing(FilePort.open(new), rubric)
    assert form["unit.name"].raw == old["unit.name"].raw
    assert form["form.goal"].raw == old["form.goal"].raw
    assert form["form.goal_done"].blank and form["unit.year"].blank
    for block in rubric.blocks:
        named = [row for row in form.rows[block.id] if not row["name"].blank]
        said = [row for row in old.rows.get(block.id, ()) if not row["name"].blank]
        for part in ("name", "target", "weight"):
            assert [row[part].raw for row in named] == [row[part].raw for row in said]
        assert all(row["actual"].blank and row["score"].blank and row["reason"].blank for row in named)
    assert all(entry.blank or entry.formula for id, entry in form.values.items() if id.startswith("score."))


def test_last_years_results_become_the_year_before(last, new):
    rubric = load_rubric(edition_of(last))
    old, form = demo_filing(rubric.id), read_filing(FilePort.open(new), rubric)
    rows = [name for name, field in rubric.fields.items() if {"previous", "actual"} <= {*field.amounts}]
    told = [name for name in rows if not old[f"{name}.actual"].blank]
    assert told
    for name in told:
        assert form[f"{name}.previous"].raw == old[f"{name}.actual"].raw
        assert form[f"{name}.actual"].blank or form[f"{name}.actual"].formula


def test_what_was_carried_is_marked_and_nothing_else(new):
    cells = carried(new)
    port = FilePort.open(new)
    assert sorted(map(str, marked_cells(port))) == sorted(cells) and len(cells) > 20
    assert all(port.cells(at.sheet)[position_of(at)].raw is not None for at in marked_cells(port))


def test_what_is_changed_is_no_longer_asked_about(new):
    port, rubric = opened(new)
    home = read_filing(port, rubric).place("unit.name")
    port.write(home.sheet, [Edit(*position_of(home), "新的名称")])
    port.save()
    before = set(map(str, marked_cells(FilePort.open(new))))
    assert before - set(carried(new)) == {str(home)}


def test_once_the_marks_are_cleared_nothing_is_asked_any_more(new):
    port = FilePort.open(new)
    clear_marks(port)
    port.save()
    assert carried(new) == [] and not marked_cells(FilePort.open(new))


def test_last_years_form_may_be_one_without_our_names(tmp_path, capsys):
    old = adopted_form("loudi-2023", tmp_path / "去年.xlsx")
    port = FilePort.open(old)
    port.remove_names([name for name in port.names() if name.startswith("jx.")])
    port.save()
    assert cli.main(["new", "loudi-2023", str(tmp_path / "今年.xlsx"), "--from", str(old)]) == 0
    form = read_filing(FilePort.open(tmp_path / "今年.xlsx"), load_rubric("loudi-2023"))
    assert form["control.reception.previous"].raw == demo_filing("loudi-2023")["control.reception.actual"].raw
    assert form["form.goal"].raw == demo_filing("loudi-2023")["form.goal"].raw


def test_what_was_not_to_be_had_is_told(tmp_path, capsys):
    old = adopted_form("loudi-2023", tmp_path / "去年.xlsx")
    assert cli.main(["new", "loudi-2023", str(tmp_path / "今年.xlsx"), "--from", str(old)]) == 0
    said = capsys.readouterr().out.splitlines()
    lacking = [one.strip() for one in said[said.index("去年的表里没有填、没有带来的：") + 1 :]]
    assert {"部门（单位）职能", "公用经费·上年决算数", "本级专项资金（一个专项一行）"} <= set(lacking)
    assert "预算部门名称" not in lacking


def test_a_form_of_another_edition_gives_what_both_have(tmp_path):
    found = drafts(load_rubric("yueyang-2024"), demo_filing("loudi-2023"))
    assert found.filing["unit.name"].raw and found.filing["control.three_public.previous"].raw
    assert [row["name"].raw for row in found.filing.rows["output"]]
    assert "市级专项资金（一个专项一行）" in found.lacking


def test_formulas_are_carried_as_their_values_and_errors_not_at_all():
    values = {
        "unit.name": Entry("某局", formula="A1"),
        "control.three_public.actual": Entry(error="#REF!"),
        "staff.quota": Entry(Decimal(7), percent=False, formula="3+4"),
        "control.reception.actual": Entry(formula="B1", uncalculated=True),
    }
    rows = {"output": (Row({"name": Entry("办件"), "target": Entry(Decimal("0.95"), percent=True)}), Row({}))}
    found = drafts(load_rubric("loudi-2023"), Filing("loudi-2023", values, rows))
    assert found.filing["unit.name"] == Entry("某局") and found.filing["staff.quota"] == Entry(Decimal(7))
    assert "三公经费·上年决算数（去年的公式没有结果）" in found.lacking
    assert "公务接待·上年决算数（去年的公式没有结果）" in found.lacking
    (row,) = found.filing.rows["output"]
    assert row["target"] == Entry(Decimal("0.95"), percent=True)


def test_a_report_template_has_no_last_year(last, tmp_path, capsys):
    assert cli.main(["new", edition_of(last), str(tmp_path / "模板.docx"), "--from", str(last)]) == 2
    assert "--from" in capsys.readouterr().err


def test_the_rules_may_only_carry_what_the_form_has(tmp_path):
    from jixiao.rubric.lint import lint
    from small_rubric import write

    small(tmp_path)
    write(tmp_path, {"carries": {"fields": {"basic": "basik"}, "amounts": {"aktual": "actual"},
                                 "blocks": {"fundz": {}, "funds": {"name": "nam"}}}})  # fmt: skip
    said = [one.message for one in lint(tmp_path / "small") if one.gravity == "错误"]
    assert [one for one in said if "要带过来的“basik”" in one and "basic" in one]
    assert [one for one in said if "要带过来的“aktual”" in one]
    assert [one for one in said if "没有编号为“fundz”的区块" in one]
    assert [one for one in said if "要带过来的“nam”" in one]
