"""Every mistake in a rule file is found, with its file and line, and sound rules give no complaint."""

import shutil
from pathlib import Path

import pytest
import yaml

from jixiao.rubric.errors import EditionNotFound
from jixiao.rubric.lint import lint
from jixiao.rubric.load import data_folder, edition_folders, load_rubric

EDITION = "guangzhou-2023"
RUBRIC, FIELDS, CHECKS, FORM = "rubric.yaml", "fields.yaml", "checks.yaml", "form.yaml"


@pytest.fixture
def rules(tmp_path):
    shutil.copytree(data_folder("rubric_rules") / EDITION, tmp_path / EDITION)
    return tmp_path


def change(rules, name, *replacements):
    file = rules / EDITION / name
    text = file.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    return file


def line_with(file, words, number=1):
    """The line on which ``words`` end where they stand for the ``number``-th time."""
    text, at = file.read_text(encoding="utf-8"), -1
    for _ in range(number):
        at = text.index(words, at + 1)
    return text[: at + len(words.rstrip("\n"))].count("\n") + 1


@pytest.mark.parametrize("edition", sorted(edition_folders([data_folder("rubric_rules")])))
def test_the_shipped_editions_give_no_complaint(edition):
    assert lint(edition) == []


def mistakes():
    text = (Path(__file__).parent / "lint" / f"{EDITION}.yaml").read_text(encoding="utf-8")
    for case in yaml.load(text, Loader=yaml.BaseLoader):
        yield pytest.param(case, id=case["says"][0])


@pytest.mark.parametrize("case", list(mistakes()))
def test_a_mistake_is_told_once_with_its_file_and_line(rules, case):
    change(rules, case["file"], (case["old"], case["new"]))
    file = rules / EDITION / case.get("in", case["file"])
    found = lint(EDITION, rules)
    matching = [one for one in found if all(word in one.message for word in case["says"])]
    expected = line_with(file, case["at"], int(case.get("number", 1)))
    assert [(one.file, one.line) for one in matching] == [(file, expected)], "\n".join(map(str, found))
    assert all(one.message.endswith(("。", "？", "时）")) for one in found)


def other_readings():
    for option in load_rubric(EDITION).options:
        for choice in option.choices:
            if choice != option.default:
                yield pytest.param(option, choice, id=f"{option.id}-{choice}")


@pytest.mark.parametrize("option, choice", list(other_readings()))
def test_a_reading_that_nobody_has_chosen_yet_must_work_too(rules, option, choice):
    file = rules / EDITION / RUBRIC
    head, tree = file.read_text(encoding="utf-8").split("\nlevels:")
    at = tree.index(f"{choice}:", tree.index(f"option: {option.id}"))
    file.write_text(
        f"{head}\nlevels:{tree[:at]}{tree[at:].replace(f'{choice}:', '别的:', 1)}", encoding="utf-8"
    )
    found = lint(EDITION, rules)
    assert {one.file for one in found} == {file}
    line = file.read_text(encoding="utf-8")[: len(head) + len("\nlevels:") + at].count("\n") + 1
    assert any("没有“别的”这种读法" in one.message and one.line == line for one in found)
    said = f"选项“{option.id}”缺少读法“{choice}”的内容。（选项“{option.name}”取“{choice}”时）"
    assert said in [one.message for one in found]


@pytest.mark.parametrize(
    "old, new, at, number, words",
    [
        ("{at_most: 60%, earns: 0%}", "{under: 60%, earns: 0%}", "  不得分:\n", 12, "完成率 60% 没有一档"),
        ("[expenditure.total.adjusted]", "[budget.total]", "[budget.total]", 1, "没有编号为“budget.total”"),
        ("按自评分: declared}", "按自评分: declard}", "declard", 1, "“declard”不能用在这里"),
    ],
)
def test_a_mistake_in_another_reading_stands_at_its_own_line(rules, old, new, at, number, words):
    file = change(rules, RUBRIC, (old, new))
    (found,) = lint(EDITION, rules)
    assert (found.file, found.line, found.gravity) == (file, line_with(file, at, number), "错误")
    assert words in found.message and found.message.endswith("时）")


def test_all_mistakes_are_told_in_the_order_of_the_files(rules):
    change(
        rules,
        RUBRIC,
        ("step: 5%", "step: 0%"),
        ("weight: 0.5", "weight: 0.6"),
        ("{over: 30%, p", "{over: 31%, p"),
    )
    change(rules, CHECKS, ("whole: assets.fixed_total", "whole: assets.rules"))
    found = lint(EDITION, rules)
    assert len(found) == 5  # 采购意向公开合规性: the sum above it, and no band earns 0.6
    assert [(one.file.name, one.line) for one in found] == sorted((one.file.name, one.line) for one in found)


def test_a_broken_file_is_one_complaint_and_never_raises(rules):
    file = change(rules, FIELDS, ("type: count, unit: 笔", "type: cuont, unit: 笔"))
    (found,) = lint(EDITION, rules)
    assert (found.file, found.line) == (file, line_with(file, "cuont"))
    file.write_text("fields: [", encoding="utf-8")
    (found,) = lint(EDITION, rules)
    assert (found.file, found.gravity) == (file, "错误")


def test_a_number_that_is_none_is_told_before_it_is_compared(rules):
    file = change(rules, RUBRIC, ("total: 100", "total: NaN"))
    (found,) = lint(EDITION, rules)
    assert (found.line, found.message) == (line_with(file, "total: NaN"), "这里要写数字，不带单位。")


def test_what_nothing_uses_is_a_reminder_only(rules):
    change(
        rules, FIELDS, ("  unit.preparer:", "  unit.staff: {label: 编制人数, type: count}\n  unit.preparer:")
    )
    change(
        rules,
        FORM,
        ("              - unit.preparer\n", "              - unit.preparer\n              - unit.staff\n"),
    )
    (found,) = lint(EDITION, rules)
    assert found.gravity == "提醒" and "“编制人数”" in found.message
    assert str(found).startswith(f"提醒 {found.file}:{found.line}：")


def test_an_edition_without_a_form_is_told_so(rules):
    (rules / EDITION / FORM).unlink()
    (found,) = lint(EDITION, rules)
    assert found.gravity == "提醒" and "没有 form.yaml" in found.message


# ---------------------------------------------------------------- an edition laid over another

OVER = """
extends: guangzhou-2023
id: panyu-2023
title: 番禺区部门整体支出绩效自评表（2023年度）
levels:
  - name: 管理效率
    levels:
      - name: 运行成本
        indicators:
          - id: operating_control
            rule:
              step: 10%
"""


@pytest.fixture
def over(tmp_path):
    folder = tmp_path / "panyu-2023"
    folder.mkdir()
    (folder / RUBRIC).write_text(OVER, encoding="utf-8")
    return folder


def test_an_edition_laid_over_another_is_looked_at_whole(over):
    assert lint("panyu-2023", over.parent) == lint(over) == lint(over.parent) == []


def test_a_mistake_stands_in_the_file_of_the_edition_that_makes_it(over):
    file = over / RUBRIC
    file.write_text(OVER.replace("step: 10%", "step: 0%"), encoding="utf-8")
    (found,) = lint(over)
    assert (found.file, found.line) == (file, line_with(file, "step: 0%"))


def test_a_mistake_about_what_stands_below_is_told_there(over):
    (over / FIELDS).write_text("fields:\n  assets.rules: {type: text}\n", encoding="utf-8")
    below = data_folder("rubric_rules") / EDITION / RUBRIC
    found = lint(over)
    assert (below, line_with(below, "field: assets.rules")) in [(one.file, one.line) for one in found]


def test_an_edition_needs_an_id_of_its_own(over):
    (over / RUBRIC).write_text("extends: guangzhou-2023\n", encoding="utf-8")
    (found,) = lint(over)
    assert (found.file, found.line) == (over / RUBRIC, 1) and "id: panyu-2023" in found.message


def test_an_edition_laid_over_none_is_told(over):
    (over / RUBRIC).write_text("id: panyu-2023\nextends: guangzhou-2032\n", encoding="utf-8")
    (found,) = lint(over)
    assert (found.file, found.line) == (over / RUBRIC, 2) and "是否想写“guangzhou-2023”" in found.message


def test_what_is_looked_at(rules, over):
    assert lint() == lint(None, rules) == lint(rules / EDITION / RUBRIC) == []
    change(rules, RUBRIC, ("total: 100", "total: 90"))
    assert len(lint(rules)) == 1  # said once, though the edition laid over it has it too
    with pytest.raises(EditionNotFound, match="是否想写“guangzhou-2023”"):
        lint("guangzhou-2032")
    (over / "空").mkdir()
    with pytest.raises(EditionNotFound, match="没有评分版本"):
        lint(over / "空")


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("follows: basic_classes", "follows: basic_class", "上面没有编号为“basic_class”的勾稽"),
        ("      less: [control.project.actual]\n", "      less: [control.project]\n", "请写明哪一列"),
        (
            "      more: [economic.capital, economic.other]\n",
            "      more: [economic.capital]\n      at_most: true\n",
            "就不能再写 less 或 more",
        ),
        ("{年初预算数: budget.total.initial", "{年初数: budget.total.initial", "没有“年初数”这一项"),
        ("fields: [control.three_public, ", "fields: [control.three, ", "没有编号为“control.three”"),
        ("    - field: staff.rate\n", "    - field: staff.quota\n", "这里要一项百分数"),
        ("      - field: staff.quota\n", "      - field: staff.quotas\n", "没有编号为“staff.quotas”"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_checks_that_editions_share_is_told_where_it_stands(tmp_path, old, new, said):
    for folder in ("_hunan", "loudi-2023"):
        shutil.copytree(data_folder("rubric_rules") / folder, tmp_path / folder)
    file = tmp_path / "_hunan" / CHECKS
    text = file.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [one for one in lint("loudi-2023", tmp_path) if said in one.message]
    assert len(found) == 1 and found[0].file == file, lint("loudi-2023", tmp_path)
