"""Filings on forms that are not ours, in a folder with others: told by their labels, doubts listed."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import openpyxl
import pytest

import bureau_forms as forms
from jixiao.adopt import expected
from jixiao.batch.examine import Task, examined
from jixiao.batch.result import Result, decode
from many_filings import write_filings
from test_batch import run, table

LABEL, OTHER = "政府采购金额", "政府采购总金额"
"""A label of the form, and one that can be taken for it, with doubts."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two of ours, an old and a new foreign one with a doubt, and a foreign one without."""
    home = tmp_path / "报来的"
    write_filings(home, 2)
    papers = forms.papers("loudi-2023")[0]
    shutil.copy(forms.saved(papers, ".xlsx"), home / "没有疑问.xlsx")
    for one in papers:
        one.cells = {at: OTHER if raw == LABEL else raw for at, raw in one.cells.items()}
    for suffix in (".xlsx", ".xls"):
        shutil.copy(forms.saved(papers, suffix), home / f"有疑问{suffix}")
    return home


def test_forms_that_are_not_ours_are_scored_and_their_doubts_listed(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "汇总.xlsx"
    found = run(folder, out)
    assert (found.read, found.failed) == (5, 0)
    rows = {row["文件"]: row for row in table(out, "总表")}
    (sure,) = {row["计算得分"] for name, row in rows.items() if "没有疑问" in name}
    assert sure and {row["评分版本"] for name, row in rows.items() if "疑问" in name} == {
        "娄底市部门整体支出绩效自评表（2023年度）"
    }
    marked = {name for name, row in rows.items() if "识别说明" in (row["备注"] or "")}
    assert marked == {"有疑问.xlsx", "有疑问.xls"}
    assert not any("缺了内容" in (row["备注"] or "") for row in rows.values())
    listed = table(out, "识别说明")
    assert {row["文件"] for row in listed} == marked
    for name in marked:
        assert any(OTHER in row["说明"] for row in listed if row["文件"] == name)


def test_without_doubts_there_is_no_sheet_for_them(tmp_path: Path) -> None:
    home, out = tmp_path / "报来的", tmp_path / "汇总.xlsx"
    write_filings(home, 2)
    run(home, out)
    assert "识别说明" not in openpyxl.load_workbook(out).sheetnames


def test_the_doubts_are_the_same_whatever_the_workers(folder: Path, tmp_path: Path) -> None:
    seen = set()
    for jobs in (1, 2):
        out = tmp_path / str(jobs) / "汇总.xlsx"
        out.parent.mkdir()
        run(folder, out, jobs=jobs)
        seen.add(hashlib.sha256(out.read_bytes()).hexdigest())
    assert len(seen) == 1


def test_an_older_summary_in_the_folder_is_passed_over_and_another_table_told(
    folder: Path, tmp_path: Path
) -> None:
    run(folder, folder / "上月汇总.xlsx")
    book = openpyxl.Workbook()
    book.active["A1"] = "车辆台账"
    book.save(folder / "台账.xlsx")
    found = run(folder, tmp_path / "汇总.xlsx")
    assert (found.files, found.read, found.failed) == (6, 5, 1)
    (row,) = table(tmp_path / "汇总.xlsx", "失败清单")
    assert row["文件"] == "台账.xlsx" and "不是本软件的自评表" in str(row["为什么没有读出来，怎么办"])


def test_what_a_form_looks_like_is_worked_out_once_per_worker(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    laid_out = expected.expected_of
    monkeypatch.setattr(expected, "expected_of", lambda *given: made.append(1) or laid_out(*given))
    for name in ("有疑问.xlsx", "有疑问.xls", "没有疑问.xlsx"):
        made.clear()
        assert isinstance(decode(examined(Task(str(folder), name))), Result)
    assert made == []


def test_the_year_is_told_however_the_form_has_it(tmp_path: Path) -> None:
    shutil.copy(forms.saved(forms.papers("mof-project")[0], ".xlsx"), tmp_path / "项目.xlsx")
    found = decode(examined(Task(str(tmp_path), "项目.xlsx")))
    assert isinstance(found, Result) and found.year == "2024"
