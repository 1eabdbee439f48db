"""The verbs as a user types them, with wrong input too."""

import errno
import json
import os
from pathlib import Path

import openpyxl
import pytest

from jixiao.cli import main
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.file.saving import backups

FILING = """
edition: guangzhou-2023
values:
  unit.name: =某局
  expenditure.general.adjusted: 603.17
  expenditure.general.actual: 602.05
  rate.m01: 95%
  score.execution_rate: 10
rows:
  output:
    - {name: 办件量, target: ≥80个, actual: 84个, weight: 20}
"""


@pytest.fixture
def form(tmp_path: Path, capsys) -> Path:
    """A filled form with one score missing and one too high, under a name with blanks and brackets."""
    data, path = tmp_path / "填报 内容.yaml", tmp_path / "财政 局（终稿）.xlsx"
    data.write_text(FILING, encoding="utf-8")
    assert main(["fill", "guangzhou-2023", str(data), str(path)]) == 0
    capsys.readouterr()
    return path


def said(capsys, *arguments: object, code: int = 0) -> str:
    assert main([str(one) for one in arguments]) == code
    return capsys.readouterr().out


def test_without_a_place_to_write_score_and_check_leave_the_file_alone(form, capsys):
    before = form.read_bytes()
    said(capsys, "score", form)
    said(capsys, "check", form, code=1)
    assert form.read_bytes() == before and not backups(form)[0].exists()


def test_json_is_the_published_contract(form, capsys):
    found = json.loads(said(capsys, "check", form, "--json", code=1))
    assert found.keys() >= {
        "edition", "unit", "year", "total", "declared_total", "unverified", "grade", "indicators", "rows",
        "summary", "findings",
    }  # fmt: skip
    assert set(found["indicators"][0]) == {
        "id", "name", "path", "weight", "score", "declared", "basis", "ratio", "steps", "clause", "options",
        "places",
    }  # fmt: skip
    assert found["indicators"][0]["places"][-2:] == ["绩效目标完成情况!E7", "绩效目标完成情况!F7"]
    assert all(one.keys() == {"name", "choice"} for one in found["indicators"][0]["options"])
    assert found["indicators"][0]["clause"].startswith("自评表第 1 项")
    assert found["rows"][0] == {
        "block": "产出指标", "name": "办件量", "weight": "20", "score": "20.00", "declared": None,
        "basis": "已计算", "ratio": "1.05", "direction": "正向", "place": "绩效目标完成情况!I7",
        "steps": ["84÷80＝105%，100%≤完成率≤150%，得分值的 100%"],
    }  # fmt: skip
    assert list(found["summary"]) == ["错误", "警告", "提示", "未检查"]
    assert sum(found["summary"].values()) == len(found["findings"])
    assert {"code", "severity", "place", "message", "stated", "expected", "clause", "points"} <= set(
        found["findings"][0]
    )
    assert found == json.loads(said(capsys, "score", form, "--json"))
    assert found["unit"] == "=某局"


def test_score_shows_clause_readings_cells_and_the_arithmetic_of_every_row(form, capsys):
    lines = said(capsys, "score", form).splitlines()
    first, second = (next(at for at, line in enumerate(lines) if name in line) for name in ("产出", "效益"))
    shown = [line.strip() for line in lines[first:second]]
    assert shown[1:3] == ["20.00＝20.00", "依据：自评表第 1 项“产出指标完成情况”评分标准第 1–3 点"]
    assert "口径：晚于目标日期完成＝不得分" in shown
    (cells,) = (line for line in shown if line.startswith("用到的格子："))
    assert cells.endswith("绩效目标完成情况!E7、绩效目标完成情况!F7")
    assert shown[-3:] == [
        "· 办件量　20.00 / 20 分（已计算）",
        "≥80个 → 84个（正向）",
        "84÷80＝105%，100%≤完成率≤150%，得分值的 100%",
    ]


def test_score_fills_in_what_is_empty_and_lists_what_differs_and_undo_puts_it_back(form, capsys):
    def scores():
        return [one["declared"] for one in json.loads(said(capsys, "score", form, "--json"))["indicators"]]

    before = scores()
    text = said(capsys, "score", form, "--in-place")
    assert "自评 10，计算 9.50" in text
    assert scores()[:3] == ["20", None, "10"]
    said(capsys, "score", form, "--in-place", "--overwrite")
    assert scores()[:3] == ["20", None, "9.5"]
    assert "恢复" in said(capsys, "undo", form)
    assert scores() == before
    assert "没有可以撤销" in said(capsys, "undo", form)


def test_check_marks_and_clear_takes_every_mark_away(form, capsys):
    clean = FilePort.open(form)
    said(capsys, "check", form, "--in-place", code=1)
    marked = FilePort.open(form)
    assert any("【绩效自评 校验】" in note for note in marked.notes("自评表").values())
    once = form.read_bytes()
    said(capsys, "check", form, "--in-place", code=1)
    assert form.read_bytes() == once
    said(capsys, "clear", form)
    cleared = FilePort.open(form)
    for sheet in ("基本信息", "绩效目标完成情况", "基础数据", "自评表"):
        assert cleared.cells(sheet) == clean.cells(sheet)
        assert cleared.notes(sheet) == clean.notes(sheet)
    assert "没有标记" in said(capsys, "clear", form)


def test_what_is_written_to_another_file_leaves_the_first_alone(form, capsys, tmp_path):
    before, out = form.read_bytes(), tmp_path / "另存.xlsx"
    said(capsys, "check", form, "-o", out, code=1)
    assert form.read_bytes() == before and out.exists()


def test_export_gives_back_what_was_filled_in(form, capsys, tmp_path):
    for name in ("出.yaml", "出.json"):
        out = tmp_path / name
        said(capsys, "export", form, out)
        again = tmp_path / f"{name}.xlsx"
        said(capsys, "fill", "guangzhou-2023", out, again)
        second = tmp_path / f"again-{name}"
        said(capsys, "export", again, second)
        assert second.read_text("utf-8") == out.read_text("utf-8")


def test_the_demo_leaves_a_marked_workbook_and_its_result(tmp_path, capsys):
    text = said(capsys, "demo", "-o", tmp_path)
    assert "总分 99.98，优" in text
    assert "提供原产地证代签服务，加强商事法律培训。 → 代签原产地证 1910 份，" in text  # as it was typed
    (book,) = tmp_path.glob("*.xlsx")
    result = json.loads(book.with_suffix(".json").read_text("utf-8"))
    assert (result["total"], result["declared_total"], result["unverified"]) == ("99.98", "99.98", "50.00")
    assert result["findings"] == json.loads(said(capsys, "check", book, "--json", code=1))["findings"]


def test_rules_can_be_read_and_checked(capsys):
    assert "结转结余率" in said(capsys, "rules", "show", "guangzhou-2023")
    assert (
        json.loads(said(capsys, "rules", "show", "guangzhou-2023", "--json"))["edition"] == "guangzhou-2023"
    )
    assert "没有问题" in said(capsys, "rules", "lint", "guangzhou-2023")


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["score", "没有.xlsx"], ["没有.xlsx"]),
        (["new", "guangzhou-2032", "a.xlsx"], ["是否想写“guangzhou-2023”"]),
        (["new", "guangzhou-2023", "a.txt"], [".xlsx"]),
        (["new", "guangzhou-2023", "无此文件夹/a.xlsx"], ["无此文件夹"]),
        (["跑"], ["没有“跑”这个命令", "用法"]),
        (["score"], ["还要写：自评表.xlsx"]),
        (["check", "a.xlsx", "--jsn"], ["不认识“--jsn”"]),
        (["check", "a.xlsx", "-o", "b.xlsx", "--in-place"], ["只能写一个"]),
        (["check", "a.xlsx", "-o"], ["-o", "还要写一个内容"]),
        (["score", "a.xlsx", "--overwrite"], ["--in-place"]),
        (["fill", "guangzhou-2023", "没有.yaml", "a.xlsx"], ["没有.yaml"]),
        (["editions", "--rules", "无此文件夹"], ["无此文件夹"]),
        (["demo", "--edition", "无"], ["没有名为“无”的评分版本"]),
        (["demo", "--edition", "yueyang-2024"], ["jixiao new yueyang-2024", "有演示的版本：guangzhou-2023"]),
        (["rules", "lint", "无此版本"], ["无此版本"]),
    ],
)
def test_wrong_input_is_told_in_chinese_with_what_to_do(arguments, words, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    complaint = capsys.readouterr().err
    assert all(word in complaint for word in words), complaint
    assert "Traceback" not in complaint and "error" not in complaint.lower()
    assert not list(tmp_path.iterdir())


def test_a_file_that_stands_there_is_never_written_over(tmp_path, form, capsys):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"mine")
    assert main(["new", "guangzhou-2023", str(path)]) == 2
    assert main(["fill", "guangzhou-2023", str(tmp_path / "填报 内容.yaml"), str(path)]) == 2
    notes = tmp_path / "b.yaml"
    notes.write_bytes(b"mine")
    assert main(["export", str(form), str(notes)]) == 2
    assert path.read_bytes() == notes.read_bytes() == b"mine"


def test_a_fault_of_the_program_is_told_as_one_with_a_log(monkeypatch, capsys):
    monkeypatch.setattr("jixiao.cli.forms._editions", lambda given: 1 / 0)
    assert main(["editions"]) == 2
    complaint = capsys.readouterr().err
    assert "程序出错" in complaint and "Traceback" not in complaint
    log = Path(complaint.rpartition("：")[2].strip())
    assert "ZeroDivisionError" in log.read_text("utf-8")
    log.unlink()


def test_the_folder_of_rules_may_stand_before_the_verb_or_after_it(tmp_path, capsys):
    for line in (["--rules", str(tmp_path), "editions"], ["editions", "--rules", str(tmp_path)]):
        assert main(line) == 0 and "guangzhou-2023" in capsys.readouterr().out
    nowhere = str(tmp_path / "没有")
    for line in (["--rules", nowhere, "rules", "lint"], ["rules", "lint", "--rules", nowhere]):
        assert main(line) == 2 and "不存在" in capsys.readouterr().err


@pytest.mark.parametrize(
    "number, words",
    [
        (errno.ENOSPC, "磁盘已满"), (errno.EACCES, "没有权限"), (errno.EISDIR, "它是文件夹"),
        (errno.ENAMETOOLONG, "文件名太长"), (errno.EROFS, "只读"), (errno.ELOOP, "读写出错"),
    ],
)  # fmt: skip
def test_trouble_with_a_file_is_told_in_chinese_with_what_to_do(number, words, monkeypatch, tmp_path, capsys):
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number), "D:\\财政 局\\自评表.xlsx")

    monkeypatch.setattr("shutil.copyfile", refuse)
    assert main(["new", "guangzhou-2023", str(tmp_path / "新.xlsx")]) == 2
    said = capsys.readouterr().err
    assert "“D:\\财政 局\\自评表.xlsx”" in said and words in said and said.endswith("再试一次。\n")
    assert os.strerror(number) not in said


def test_score_tells_what_a_score_that_could_not_be_computed_lacks(form, capsys):
    shown = said(capsys, "score", form)
    assert "没有计算，没有可用的数据：其中已公开的采购意向数、应公开的采购意向数" in shown


def test_an_edition_of_ones_own_names_a_deleted_sheet_too(tmp_path, capsys):
    own, path = tmp_path / "rules" / "own-2023", tmp_path / "自评表.xlsx"
    own.mkdir(parents=True)
    (own / "rubric.yaml").write_text("extends: guangzhou-2023\nid: own-2023\n", encoding="utf-8")
    rules = ["--rules", str(own.parent)]
    assert main([*rules, "new", "own-2023", str(path)]) == 0
    book = openpyxl.load_workbook(path)
    del book["绩效目标完成情况"]
    book.save(path)
    assert main([*rules, "check", str(path)]) == 1
    assert "在表里找不到：工作表“绩效目标完成情况”。" in capsys.readouterr().out
