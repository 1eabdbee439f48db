"""Every sheet of a 汇总 held against what the verbs say of each file by itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from fuzz.seeds import seeds
from jixiao.batch.batch import Order, batch
from jixiao.batch.book.table import HEAD, Column, Looks, Table
from jixiao.batch.words import batch_words
from jixiao.scoring.model import Basis
from jixiao.verbs import Work, examine, opened
from many_filings import write_filing

LISTED = ("文件", "级别", "编号", "位置", "问题", "说明", "依据", "怎么改")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Filings of every edition, good ones, bad ones and blank ones."""
    home = tmp_path_factory.mktemp("sheets") / "报来的"
    for number in range(5):
        write_filing(home / "甲局" / f"{number}.xlsx", f"测试单位{number}", variant=number)
    for number in range(5, 8):
        unit = f"测试单位{number}"
        write_filing(home / "乙局" / f"{number}.xlsx", unit, edition="loudi-2023", variant=number)
    (home / "项目.xlsx").write_bytes(seeds()["mof-project 填好"])
    for edition in ("guangzhou-2023", "yueyang-2024"):
        (home / f"{edition}.xlsx").write_bytes(seeds()[f"{edition} 空白"])
    return home


@pytest.fixture(scope="module")
def out(folder: Path) -> Path:
    batch(Order(folder=folder, out=folder.parent / "汇总.xlsx", jobs=1))
    return folder.parent / "汇总.xlsx"


@pytest.fixture(scope="module")
def works(folder: Path) -> dict[str, Work]:
    """What ``jixiao check`` says of each file."""
    files = sorted(folder.rglob("*.xlsx"))
    return {file.relative_to(folder).as_posix(): examine(*opened(file)) for file in files}


def rows(out: Path, sheet: str, *, values: bool = True) -> Iterator[dict[tuple[str, str], object]]:
    """The rows of a sheet, by the heading of each column and of its group."""
    table = openpyxl.load_workbook(out, data_only=values)[sheet]
    groups = {
        column: str(area.start_cell.value)
        for area in table.merged_cells.ranges
        for column in range(area.min_col, area.max_col + 1)
    }
    headings, *lines = table.iter_rows(min_row=HEAD, values_only=True)
    columns = [(groups.get(number, ""), str(heading)) for number, heading in enumerate(headings, 1)]
    for line in lines:
        yield dict(zip(columns, line, strict=True))


def target(formula: object) -> tuple[str, str]:
    """File and place of a link."""
    found = re.fullmatch(r'=HYPERLINK\("([^"#]*)(?:#([^"]*))?","[^"]*"\)', str(formula))
    assert found, formula
    return found[1], found[2] or ""


def near_to(points: object) -> float | None:
    return None if points is None else float(str(points))


def near(one: object, other: Decimal | float | None) -> bool:
    return one == other if one is None or other is None else abs(float(one) - float(other)) < 1e-9  # type: ignore[arg-type]


# ---- 总表


def test_a_row_says_of_its_file_what_checking_it_says(out: Path, works: dict[str, Work]) -> None:
    families = batch_words().families
    seen = set()
    for row in rows(out, "总表"):
        said = {heading: value for (group, heading), value in row.items() if group == ""}
        work = works[str(said["文件"])]
        own = work.assessment
        seen.add(said["文件"])
        assert (said["单位"], said["年度"], said["评分版本"], said["等级"]) == (
            own.unit.strip() or None, own.year or None, work.rubric.title, own.grade,
        )  # fmt: skip
        declared = own.declared_total
        assert near(said["自评得分"], declared) and near(said["计算得分"], own.total)
        assert near(said["差异"], None if declared is None else declared - own.total)
        assert near(said["未核分"], own.unverified)
        for severity in ("错误", "警告"):
            tally = Counter(one.code[3] for one in work.findings if one.severity == severity)
            assert row[severity, "合计"] == tally.total()
            assert {family: row[severity, name] or 0 for family, name in families.items()} == {
                family: tally[family] for family in families
            }
    assert seen == works.keys()
    kinds = [Counter(one.code[3] for one in work.findings).keys() for work in works.values()]
    assert len(set().union(*kinds)) >= 3  # else the families were not told apart


def test_every_link_leads_to_its_file_and_cell(out: Path, works: dict[str, Work]) -> None:
    for row in rows(out, "总表", values=False):
        (formula,) = (value for (_, heading), value in row.items() if heading == "文件")
        file, place = target(formula)
        assert (out.parent / file).is_file() and not place
    led = 0
    for row, shown in zip(rows(out, "问题清单", values=False), rows(out, "问题清单"), strict=True):
        if shown["", "位置"] != "整张表":
            file, place = target(row["", "位置"])
            assert (out.parent / file).resolve() == (out.parent / "报来的" / str(row["", "文件"])).resolve()
            sheet, _, cell = place.rpartition("!")
            first = str(shown["", "位置"]).split("、")[0]
            assert first == f"{sheet.strip(chr(39))}!{cell}", place
            led += 1
    assert led > 20


# ---- 问题清单, 指标分析


def test_every_finding_of_every_file_is_listed_in_full(out: Path, works: dict[str, Work]) -> None:
    listed = Counter(
        (*(str(row["", heading] or "") for heading in LISTED), near_to(row["", "涉及分值"]))
        for row in rows(out, "问题清单")
    )
    assert listed == Counter(
        (path, str(one.severity), one.code, one.place, one.title, one.message, one.clause, one.remedy,
         near_to(one.points))
        for path, work in works.items() for one in work.findings
    )  # fmt: skip


def test_an_indicator_has_the_points_that_its_filings_lost(out: Path, works: dict[str, Work]) -> None:
    checked = 0
    for row in rows(out, "指标分析"):
        scored = [
            one for work in works.values() for one in work.assessment.indicators
            if (work.rubric.title, one.name) == (row["", "评分版本"], row["", "指标"])
        ]  # fmt: skip
        assert [row["依据", str(basis)] for basis in Basis] == [
            sum(one.basis is basis for one in scored) for basis in Basis
        ]
        told = [one for one in scored if one.score is not None]
        scores = [float(one.score) for one in told if one.score is not None]
        weights = [float(one.weight - one.excluded) for one in told]
        if not scores:
            assert row["得分", "平均得分"] is None
            continue
        assert near(row["得分", "平均得分"], np.mean(scores))
        assert near(row["得分", "平均失分"], np.mean(weights) - np.mean(scores))
        assert near(row["得分", "得分率"], sum(scores) / sum(weights))
        full = sum(score >= weight for score, weight in zip(scores, weights, strict=True))
        assert near(row["得分", "满分占比"], full / len(scores))
        quarters = [row["分布", heading] for heading in ("最低", "下四分位", "中位数", "上四分位", "最高")]
        assert all(map(near, quarters, np.quantile(scores, [0, 0.25, 0.5, 0.75, 1])))
        checked += len(set(scores)) > 2
    assert checked >= 2  # else the scores were all alike


# ---- 图表


def test_each_chart_draws_the_numbers_of_the_filings(out: Path, works: dict[str, Work]) -> None:
    sheet = openpyxl.load_workbook(out)["图表"]
    drawn = {}
    for chart in sheet._charts:
        (series,) = chart.series
        title = "".join(run.t for line in chart.title.tx.rich.p for run in line.r)
        axes = [_column(sheet, one.f) for one in (series.cat.strRef, series.val.numRef)]
        drawn[title] = dict(zip(*axes, strict=True))
    totals = [work.assessment.total for work in works.values()]
    assert drawn["等级"] == Counter(work.assessment.grade for work in works.values())
    steps = [*batch_words().score_steps, 1000]
    assert list(drawn["计算得分的分布"].values()) == [
        sum(low <= total < high for total in totals) for low, high in zip(steps, steps[1:], strict=False)
    ]
    having = Counter(
        said
        for work in works.values()
        for said in {
            f"{one.code} {one.title}（{one.severity}）"
            for one in work.findings
            if one.severity in ("错误", "警告")
        }
    )
    shown = drawn["最常见的问题"]
    assert len(shown) == min(batch_words().top_findings, len(having)) > 10
    assert list(shown.values()) == sorted(having.values(), reverse=True)[: len(shown)]
    assert all(having[said] == number for said, number in shown.items())


def _column(sheet: Worksheet, reference: str) -> list[object]:
    name, _, area = reference.rpartition("!")
    left, top, right, bottom = range_boundaries(area.replace("$", ""))
    assert name.strip("'") == sheet.title and left == right
    return [sheet.cell(row, left).value for row in range(top, bottom + 1)]


# ---- 雷同


def test_units_that_copied_a_text_are_listed_with_how_it_begins(
    folder: Path, works: dict[str, Work], out: Path
) -> None:
    """The filings here are all copies of two published ones, but those of one unit are no copying."""
    groups: dict[object, list[str]] = {}
    for row in rows(out, "雷同"):
        groups.setdefault((row["", "组号"], row["", "栏目"]), []).append(str(row["", "文件"]))
        field = next(id for id, spec in works[str(row["", "文件"])].rubric.asked.items()
                     if spec.label == row["", "栏目"])  # fmt: skip
        text = str(works[str(row["", "文件"])].filing[field].raw)
        assert " ".join(text.split()).startswith(str(row["", "文字开头"]))
        assert float(str(row["", "与本组第一份相同"])) >= 0.8
    assert groups and all(len(files) > 1 for files in groups.values())
    assert {file for files in groups.values() for file in files} >= {f"甲局/{n}.xlsx" for n in range(5)}


# ---- 重复与缺报


def test_filings_without_a_unit_are_told_and_are_no_second_filings(out: Path, works: dict[str, Work]) -> None:
    nameless = {path for path, work in works.items() if not work.assessment.unit.strip()}
    assert len(nameless) == 2
    assert {(row["", "情况"], row["", "文件"]) for row in rows(out, "重复与缺报")} == {
        ("没有单位", path) for path in nameless
    }


# ---- the limit of a sheet


def test_no_sheet_gets_more_rows_than_excel_has(tmp_path: Path) -> None:
    book = Workbook(str(tmp_path / "a.xlsx"), {"constant_memory": True, "tmpdir": str(tmp_path)})
    limit = Worksheet().xls_rowmax
    for expected, sheets in ((limit - HEAD, 1), (limit - HEAD + 1, 2)):
        table = Table(book, Looks(book), f"{sheets}张", [Column("栏", 9, "words")], expected=expected)
        assert len(table.sheets) == sheets
        table.count = limit - HEAD  # as if it was full
        table.add(["再来一行"])
        assert table.sheets[-1].dim_rowmax == HEAD and len(table.sheets) == 2
    book.close()
