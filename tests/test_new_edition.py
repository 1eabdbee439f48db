"""rubric_rules/README.md, done word for word: an edition of one's own, checked, made and scored.

The files are taken out of the page itself, so that what it says can be done, always.
"""

import json
import re
from decimal import Decimal

import pytest

from jixiao.cli import main
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.rubric.model import walk

PAGE = (data_folder("rubric_rules") / "README.md").read_text(encoding="utf-8")
FILE = re.compile(r"```yaml\n# (\S+)\n(.*?)```", re.S)
COMMAND = re.compile(r"^    jixiao (.+)$", re.M)
RESULT = re.compile(r"^\| (\S+) \| .+ \| (\d+\.\d\d) \|$", re.M)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JIXIAO_RULES", raising=False)
    for name, text in FILE.findall(PAGE):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_page_shows_two_files_and_four_commands():
    assert [name for name, _ in FILE.findall(PAGE)] == ["我的规则/jiashi-2025/rubric.yaml", "试填.yaml"]
    assert [command.split()[0] for command in COMMAND.findall(PAGE)] == ["rules", "new", "fill", "score"]


def test_every_step_of_the_page_works(folder, capsys):
    for command in COMMAND.findall(PAGE):
        code = main(command.split())
        told = capsys.readouterr()
        assert code == 0, told.err
        if command.startswith("rules lint"):
            assert told.out.strip() == "规则文件没有问题。"
    assert (folder / "空白表.xlsx").exists() and (folder / "试填.xlsx").exists()


def test_the_scores_are_those_that_the_page_promises(folder, capsys):
    _, _, fill, score = COMMAND.findall(PAGE)
    assert main(fill.split()) == 0
    capsys.readouterr()
    assert main([*score.split(), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    found = {one["name"]: one["score"] for one in result["indicators"]} | {"总分": result["total"]}
    promised = dict(RESULT.findall(PAGE))
    assert len(promised) == 6
    assert {name: Decimal(points) for name, points in found.items()} == {
        name: Decimal(points) for name, points in promised.items()
    }
    assert (result["edition"], result["grade"]) == ("jiashi-2025", "中")


def test_only_what_the_page_changes_is_different(folder):
    theirs, ours = load_rubric("jiashi-2025", rules=folder / "我的规则"), load_rubric("loudi-2023")
    assert [(one.name, one.weight) for one in theirs.levels] == [
        ("预算执行", 10),
        ("产出指标", 40),
        ("效益指标", 20),
        ("满意度指标", 10),
        ("成本指标", 20),
    ]
    assert [tier.at_least for tier in theirs.row_rules["standard"].tiers] == [
        Decimal("0.9"),
        Decimal("0.7"),
        0,
    ]
    assert [cap.total_at_most for cap in theirs.caps] == [75] and ours.caps == []
    assert theirs.asked == ours.asked and theirs.checks == ours.checks and theirs.grades == ours.grades
    assert load_rubric("jiashi-2025", rules=folder / "我的规则", options={"tier_cut": "60%"}).row_rules


def test_what_the_page_changes_it_changes_in_words_too(folder):
    """The reading's text and the criteria say the figures that the rules count with."""
    theirs = load_rubric("jiashi-2025", rules=folder / "我的规则")
    options = {option.id: option.choices[option.default] for option in theirs.options}
    assert "60%" in options["execution_cap"] and "75 分" in options["execution_cap"]
    assert not any(words in options["execution_cap"] for words in ("89", "79", "69", "59"))
    criteria = {one.id: one.criteria for _, one in walk(theirs.levels)}
    assert "100%-90%（含）、90%-70%（含）、70%-0%" in criteria["output"] and "80%" not in criteria["output"]
    assert "30%（含）以上的，扣2分" in criteria["output"]
    assert [cap.under for cap in theirs.caps] == [Decimal("0.6")]


def test_the_page_lists_the_folders_that_there_are():
    there = {one.name for one in data_folder("rubric_rules").iterdir() if (one / "rubric.yaml").exists()}
    assert all(f"`{name}`" in PAGE for name in there)
