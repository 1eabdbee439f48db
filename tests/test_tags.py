"""A form that no software can know: tags typed into its cells once bind it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from jixiao import cli
from jixiao.adopt.tags import tagged, tags, take_out
from jixiao.rubric.load import edition_folders, load_rubric, rule_folders
from jixiao.workbook.errors import BadTags
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.reading import read_filing

RUBRIC = load_rubric("mof-project")
FORM: dict[str, Any] = {
    "A1": "某县专项资金绩效情况表",
    "A2": "项目", "B2": "{{项目名称}}", "C2": "资金合计", "D2": "{{年度资金总额·全年预算数}}",
    "E2": "{{ jx.budget.total.actual }}", "F2": "｛｛预算执行率・自评分｝｝",
    "A4": "类", "B4": "指标", "C4": "目标", "D4": "完成", "E4": "分", "F4": "得分",
    "A5": "产出", "B5": "{{产出指标·三级指标}}", "C5": "{{产出指标·年度指标值}}",
    "D5": "{{产出指标·实际完成值}}", "E5": "{{产出指标·分值}}", "F5": "{{产出指标·得分}}",
    "A7": "{{产出指标·末行}}",
    "A8": "效益", "B8": "{{效益指标·三级指标}}", "C8": "{{效益指标·年度指标值}}",
    "D8": "{{效益指标·实际完成值}}", "E8": "{{效益指标·分值}}", "F8": "{{效益指标·得分}}",
    "G8": "{{效益指标·末行}}",
    "A9": "合计", "F9": "{{总分}}",
}  # fmt: skip
FILLED = {
    "B2": "水库除险", "D2": 100, "E2": 95, "F2": 9.5,
    "B5": "加固水库", "C5": "≥4座", "D5": "4座", "E5": 30, "F5": 30,
    "B6": "培训", "C6": "≥10人次", "D6": "5人次", "E6": 20, "F6": 10,
    "B8": "受益人口", "C8": "≥2万人", "D8": "2万人", "E8": 30, "F8": 30,
}  # fmt: skip


def write(path: Path, cells: dict[str, Any]) -> Path:
    book = openpyxl.load_workbook(path) if path.exists() else openpyxl.Workbook()
    sheet = book.active
    sheet.title = "绩效 情况"
    for place, value in cells.items():
        sheet[place] = value
    book.save(path)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "自带.xlsx", FORM)


def bind(path: Path) -> FilePort:
    port = FilePort.open(path)
    found = tagged(port, RUBRIC)
    assert found
    take_out(port, found)
    names = {f"jx.{name}": box.reference() for name, box in found.boxes.items()}
    port.add_names({**names, "jx.edition": f'"{RUBRIC.id}"', "jx.adopted": '"1"'})
    port.save()
    return FilePort.open(path)


def test_once_bound_the_form_is_read_as_one_of_ours(path):
    bind(path)
    write(path, FILLED)
    filing = read_filing(FilePort.open(path), RUBRIC)
    assert filing["project.name"].raw == "水库除险"
    assert filing["budget.total.actual"].raw == Decimal(95)
    assert filing["score.execution"].raw == Decimal("9.5")
    rows = {block: [one["name"].raw for one in listed] for block, listed in filing.rows.items()}
    assert rows == {"output": ["加固水库", "培训", None], "benefit": ["受益人口"]}
    assert filing.rows["output"][1]["target"].raw == "≥10人次"
    assert str(filing.homes["total"]) == "绩效 情况!F9"


def test_the_tags_are_gone_and_nothing_else_is(path):
    before = FilePort.open(path).cells("绩效 情况")
    after = bind(path).cells("绩效 情况")
    assert after == {at: cell for at, cell in before.items() if "{" not in cell.raw and "｛" not in cell.raw}


def test_a_form_without_tags_says_nothing(tmp_path):
    path = write(tmp_path / "表.xlsx", {"A1": "自评表", "A2": "{公式}", "B2": 3})
    assert tagged(FilePort.open(path), RUBRIC) is None


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"B2": "{{项目名}}"}, "绩效 情况!B2 的标签“{{项目名}}”不认识，是否想写“项目名称”？"),
        ({"B2": "{{jx.project.nam}}"}, "绩效 情况!B2 .*是否想写“project.name”"),
        ({"B2": "{{东西}}"}, "绩效 情况!B2 的标签“{{东西}}”不认识。"),
        ({"G2": "{{项目名称}}"}, r"{{项目名称}} 写了 2 次（绩效 情况!B2、绩效 情况!G2）"),
        ({"B2": "名称：{{项目名称}}"}, "绩效 情况!B2 里除了标签还有别的内容"),
        ({"B2": "{{项目名称}}{{主管部门}}"}, "绩效 情况!B2 里除了标签还有别的内容"),
        ({"A7": None}, "“产出指标”（绩效 情况!B5、.*）还少标签 {{产出指标·末行}}"),
        ({"B5": None}, "“产出指标”.*还少标签 {{产出指标·三级指标}}"),
        (
            {"C5": None, "C6": "{{产出指标·年度指标值}}"},
            "写在同一行.*!C6 与 .*!B5 不在一行",
        ),
        ({"A7": None, "A3": "{{产出指标·末行}}"}, "绩效 情况!A3 的 {{产出指标·末行}} .*不能在它上面"),
    ],
)
def test_what_is_typed_wrongly_is_told_with_its_cell(path, cells, said):
    with pytest.raises(BadTags, match=said):
        tagged(FilePort.open(write(path, cells)), RUBRIC)


def test_all_that_is_wrong_is_told_at_once(path):
    write(path, {"B2": "{{项目名}}", "D2": "{{项目名称}}", "E2": "{{项目名称}}"})
    with pytest.raises(BadTags) as raised:
        tagged(FilePort.open(path), RUBRIC)
    assert len(str(raised.value).splitlines()) == 4
    assert "rules show mof-project --tags" in str(raised.value)


def test_rows_at_the_top_of_a_sheet_have_no_header(tmp_path):
    cells = {"A1": "{{产出指标·三级指标}}", "B1": "{{产出指标·末行}}"}
    with pytest.raises(BadTags, match="绩效 情况!A1 上面没有表头"):
        tagged(FilePort.open(write(tmp_path / "表.xlsx", cells)), RUBRIC)


def test_rows_put_in_at_the_end_of_a_block_belong_to_it(path):
    """What Excel does to the names when a row is inserted above row 8 and above row 9."""
    bind(path)
    port = FilePort.open(path)
    names = dict(port.names())
    assert names["jx.block.output"] == "'绩效 情况'!$B$5:$F$7"
    assert names["jx.blockend.output"] == "'绩效 情况'!$B$8"
    assert names["jx.column.benefit.name"] == names["jx.column.output.name"] == "'绩效 情况'!$B$4"


@pytest.mark.parametrize("edition", sorted(edition_folders(rule_folders())))
def test_no_two_tags_of_an_edition_are_alike(edition):
    listed = tags(load_rubric(edition))
    words = [tag.words for tag in listed] + [tag.id for tag in listed]
    assert len(words) == len(set(words))
    assert not [word for word in words if set(word) & set("{} 　\n")]


def test_the_tags_of_an_edition_can_be_listed(capsys):
    assert cli.main(["rules", "show", "mof-project", "--tags"]) == 0
    out = capsys.readouterr().out
    assert "{{年度资金总额·全年预算数}}" in out and "{{jx.budget.total.adjusted}}" in out
    assert "{{产出指标·末行}}" in out


def test_adopting_takes_the_tags_for_what_they_say(path, tmp_path, capsys):
    out = tmp_path / "认过的.xlsx"
    assert cli.main(["adopt", str(path), str(out), "--edition", "mof-project"]) == 0
    said = capsys.readouterr().out
    assert "项目名称 → '绩效 情况'!B2（您写的标签）" in said
    write(out, FILLED)
    assert cli.main(["score", str(out), "--in-place"]) == 0
    assert "水库除险" == read_filing(FilePort.open(out), RUBRIC)["project.name"].raw
    cells = FilePort.open(out).cells("绩效 情况")
    assert cells[6, 6].raw == Decimal(10) and cells[5, 6].raw == Decimal(30)
    assert cli.main(["check", str(out), "--in-place"]) == 1
    said = capsys.readouterr().out
    assert "JX-205" not in said
    assert "JX-307" not in said  # 培训 is at 50%, and the form has no column for the reason
    assert cli.main(["clear", str(out)]) == cli.main(["undo", str(out)]) == 0
    assert FilePort.open(out).sheets() == ["绩效 情况"]


def test_tags_need_an_edition_where_the_form_does_not_tell(path, tmp_path, capsys):
    assert cli.main(["adopt", str(path), str(tmp_path / "认过的.xlsx")]) == 2
    assert "--edition" in capsys.readouterr().err


def test_a_tag_wins_over_what_the_labels_say(tmp_path, capsys):
    """On a form that is known one cell stands elsewhere than the official form has it."""
    from foreign_forms import adopted_form

    form = adopted_form("loudi-2023", tmp_path / "表.xlsx", filled=False)
    port = FilePort.open(form)
    port.remove_names([name for name in port.names() if name.startswith("jx.")])
    port.save()
    book = openpyxl.load_workbook(form)
    book["自评表"]["K1"] = "{{年度资金总额·全年预算数}}"
    book.save(form)
    out = tmp_path / "认过的.xlsx"
    assert cli.main(["adopt", str(form), str(out)]) == 0
    names = FilePort.open(out).names()
    assert names["jx.budget.total.adjusted"] == "自评表!$K$1"
    assert "jx.budget.total.actual" in names and "jx.block.output" in names
    assert (1, 11) not in FilePort.open(out).cells("自评表")
