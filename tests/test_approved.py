"""The 绩效目标申报表 as units have it, in Excel and Word: read by its header, compared with the filing."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from foreign_forms import adopted_form
from jixiao import cli
from jixiao.filing.quantity import as_text
from jixiao.rubric.load import load_rubric
from jixiao.verbs import approved_goals
from jixiao.workbook.errors import NotAForm
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.marking.marks import marked_cells

RUBRIC = load_rubric("loudi-2023")
GOAL = "目标1：服务企业 100 家；\n目标2：举办培训 20 场。"
PLAIN = [
    ["部门整体支出绩效目标申报表"],
    ["填报单位", "某市科技服务中心", "", "年度", "2023"],
    ["年度总体目标", GOAL],
    ["一级指标", "二级指标", "三级指标", "指标值", "分值"],
    ["产出指标", "数量指标", "服务企业", "≥100家", 5],
    ["", "", "举办培训", "20场", 5],
    ["效益指标", "社会效益指标", "企业增收", "有所提高", 10],
    ["合计", "", "", "", 20],
    ["填表说明：指标值要可衡量。", "", "指标", "1", 2],
]
WIDE = [
    ["预算年度", "2023"],
    ["中期目标", "", "年度绩效目标", ""],
    ["三年服务企业三百家。", "", GOAL, ""],
    ["绩效指标", "", "", "绩效指标性质", "绩效指标值", "绩效度量单位", "权重（%）"],
    ["一级指标", "二级指标", "三级指标", "", "", "", ""],
    ["产出指标", "数量指标", "服务企业", "≥", 100, "家", 5],
    ["产出指标", "数量指标", "举办培训", "=", 20, "场", "5%"],
    ["效益指标", "社会效益指标", "企业增收", "定性", "有所提高", "", 10],
]
WIDE_MERGES = ["A2:B2", "C2:D2", "A3:B3", "C3:D3", "A4:C4", "D4:D5", "E4:E5", "F4:F5", "G4:G5"]


def workbook(path: Path, lines: list[list[Any]], merges: list[str] = []) -> Path:  # noqa: B006
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "申报表"
    for row, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            sheet.cell(row, column, value if value != "" else None)
    for area in merges:
        sheet.merge_cells(area)
    book.save(path)
    return path


def document(path: Path, lines: list[list[Any]]) -> Path:
    made = docx.Document()
    made.add_paragraph(lines[0][0])
    table = made.add_table(len(lines) - 1, max(map(len, lines)))
    for row, line in enumerate(lines[1:]):
        for column, value in enumerate(line):
            table.cell(row, column).text = as_text(Decimal(value) if isinstance(value, int) else value)
    made.save(str(path))
    return path


def read(path: Path) -> tuple[list[tuple[str, str, str, str]], str]:
    found = approved_goals(path, RUBRIC)
    rows = [(row.name, row.block, as_text(row.target.raw), as_text(row.weight.raw)) for row in found.rows]
    return rows, found.goal


EXPECTED = [
    ("服务企业", "output", "≥100家", "5"),
    ("举办培训", "output", "20场", "5"),
    ("企业增收", "benefit", "有所提高", "10"),
]


def test_a_plain_table_is_read(tmp_path):
    path = workbook(tmp_path / "申报表.xlsx", PLAIN, ["A5:A6", "B5:B6", "B3:E3"])
    assert read(path) == (EXPECTED, GOAL)
    assert approved_goals(path, RUBRIC).rows[0].place == "申报表!D5"


def test_a_table_in_word_is_read(tmp_path):
    rows, goal = read(document(tmp_path / "申报表.docx", PLAIN))
    assert [row[0] for row in rows] == [row[0] for row in EXPECTED]
    assert [row[2:] for row in rows] == [row[2:] for row in EXPECTED]
    assert goal == GOAL


def test_sign_and_unit_may_stand_in_columns_of_their_own(tmp_path):
    rows, goal = read(workbook(tmp_path / "申报表.xlsx", WIDE, WIDE_MERGES))
    assert rows == [
        ("服务企业", "output", "≥100家", "5"),
        ("举办培训", "output", "=20场", "5%"),
        ("企业增收", "benefit", "有所提高", "10"),
    ]
    assert goal == GOAL


def test_a_label_beside_the_table_is_no_column(tmp_path):
    """Hunan prints 绩效指标 from top to bottom at the left of the table."""
    lines = [
        ["绩效指标", "一级指标", "三级指标", "指标值及单位", "备注"],
        ["", "产出指标", "服务企业", "≥100家", ""],
        ["", "", "……", "", ""],
    ]
    rows, _ = read(workbook(tmp_path / "申报表.xlsx", lines, ["A1:A3", "B2:B3"]))
    assert rows == [("服务企业", "output", "≥100家", "")]


@pytest.mark.parametrize("edition", ["guangzhou-2023", "loudi-2023", "mof-project", "yueyang-2024"])
def test_every_edition_knows_the_table(edition, tmp_path):
    found = approved_goals(workbook(tmp_path / "申报表.xlsx", PLAIN), load_rubric(edition))
    assert [row.name for row in found.rows] == [row[0] for row in EXPECTED]


def test_a_file_without_such_a_table_is_refused(tmp_path):
    path = workbook(tmp_path / "别的表.xlsx", [["指标", "完成"], ["服务企业", "105家"]])
    with pytest.raises(NotAForm, match="“别的表.xlsx”里没有找到绩效目标申报表.*三级指标"):
        approved_goals(path, RUBRIC)


def approved_of(path: Path, **changes: str) -> Path:
    """The table by which the demo would have been approved, with some targets changed."""
    from jixiao.verbs import opened
    from jixiao.workbook.reading import read_filing

    port, rubric = opened(path)
    filing = read_filing(port, rubric)
    lines: list[list[Any]] = [["申报表"], ["年度总体目标", as_text(filing["form.goal"].raw)],
                              ["一级指标", "三级指标", "年度指标值", "分值"]]  # fmt: skip
    for block in rubric.blocks:
        for row in filing.rows[block.id]:
            if block.row_rule and not row["name"].blank:
                name = as_text(row["name"].raw)
                target = changes.get(name, as_text(row["target"].raw))
                lines.append([block.name, name, target, as_text(row["weight"].raw)])
    return workbook(path.with_name("批复的申报表.xlsx"), lines)


def compared(path: Path, approved: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    cli.main(["check", str(path), "--approved", str(approved), "--json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    return {one["place"]: one for one in found if "JX-321" <= one["code"] <= "JX-326"}


def test_a_filing_as_it_was_approved_has_nothing_to_explain(tmp_path, capsys):
    path = adopted_form("loudi-2023", tmp_path / "自评表.xlsx")
    assert compared(path, approved_of(path), capsys) == {}


def test_a_changed_target_is_told_and_marked_at_its_cell(tmp_path, capsys):
    path = adopted_form("loudi-2023", tmp_path / "自评表.xlsx")
    approved = approved_of(path, 新增会员企业数量="≥6家")
    ((place, one),) = compared(path, approved, capsys).items()
    assert one["code"] == "JX-321" and one["expected"] == "≥6家" and "申报表!C" in one["message"]
    assert cli.main(["check", str(path), "--approved", str(approved), "--in-place"]) == 1
    assert place in map(str, marked_cells(FilePort.open(path)))


def test_a_missing_file_is_named(tmp_path, capsys):
    path = adopted_form("loudi-2023", tmp_path / "自评表.xlsx")
    assert cli.main(["check", str(path), "--approved", str(tmp_path / "没有.xlsx")]) == 2
    assert "没有.xlsx" in capsys.readouterr().err
