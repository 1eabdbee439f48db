"""What is wrong in a rule file is said with its file and line, and what was probably meant."""

import shutil

import pytest

from jixiao.rubric.errors import EditionNotFound, RuleFileError
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.rubric.model import walk

EDITION = "guangzhou-2023"


@pytest.fixture
def rules(tmp_path):
    shutil.copytree(data_folder("rubric_rules") / EDITION, tmp_path / EDITION)
    return tmp_path


@pytest.mark.parametrize(
    "name, old, new, words",
    [
        ("rubric.yaml", "authority: 广州", "athority: 广州", "不认识“athority”，是否想写“authority”？"),
        ("rubric.yaml", "method: proportional", "method: proportionl", "是否想写“proportional”？"),
        ("rubric.yaml", "version: '2023.1'", "version: [1]", "这里要写文字。"),
        ("rubric.yaml", "score_places: 2", "score_places: 二", "这里要写整数。"),
        ("rubric.yaml", "total: 100", "total: 100分", "这里要写数字，不带单位。"),
        ("rubric.yaml", "{at_most: 10%", "{at_most: 一成", "“一成”不是比率，请写成 60% 或 0.6。"),
        ("rubric.yaml", "{at_most: 10%", "{at_most: 10", "“10”没有写 %，分不清是 10% 还是 1000%，请写上 %。"),
        ("rubric.yaml", "earns: 50%", "earns: half", "“half”不能用在这里，请写 ratio（按完成率得分）"),
        ("rubric.yaml", "earns: 50%", "earns: inf", "“inf”不能用在这里"),
        ("rubric.yaml", "inverse_met: 100%", "inverse_mte: 100%", "是否想写“inverse_met”？"),
        ("rubric.yaml", "score_places: 2", "score_places: 2\ntotal: 100", "“total”写了两次，请只留一个。"),
        ("rubric.yaml", "authority: 广州市财政局", "authority: &a 广州市财政局", "不能使用 & 和 * 引用"),
        ("rubric.yaml", "option: operating_step,", "option: operating_stp,", "是否想写“operating_step”？"),
        ("rubric.yaml", "default: 满 5% 才扣", "default: 满 5%", "没有“满 5%”这种读法"),
        ("fields.yaml", "type: count, unit: 笔", "type: cuont, unit: 笔", "“cuont”不能用在这里"),
        ("fields.yaml", "type: count, unit: 笔", "typ: count, unit: 笔", "不认识“typ”，是否想写"),
        ("checks.yaml", "at_most: true", "at_most: 是", "这里要写true 或 false。"),
        ("checks.yaml", "checks:", "levels: []\nchecks:", "“levels”在 rubric.yaml 里已经写过。"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(rules, name, old, new, words):
    file = rules / EDITION / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError) as told:
        load_rubric(EDITION, rules=rules)
    end = text.index(new) + len(new) if name != "checks.yaml" or "levels" not in new else text.index(new)
    assert (told.value.file, told.value.line) == (file, text[:end].count("\n") + 1)
    assert words in told.value.message
    assert str(told.value).startswith(f"规则文件错误：{file}:{told.value.line}：")


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "文件是空的"),
        ("authority: 广州".encode("gbk"), "不是 UTF-8"),
        (b"levels: [" * 50, "格式不对"),
    ],
)
def test_a_file_that_is_no_rule_file_is_told(rules, content, words):
    (rules / EDITION / "fields.yaml").write_bytes(content)
    with pytest.raises(RuleFileError, match=words):
        load_rubric(EDITION, rules=rules)


def test_an_unknown_edition_names_the_known_ones():
    with pytest.raises(EditionNotFound, match="是否想写“guangzhou-2023”.*现有版本：.*guangzhou-2023"):
        load_rubric("guangzhou-2032")


def test_editions_that_extend_one_another_are_told(tmp_path):
    for one, other in (("甲", "乙"), ("乙", "甲")):
        (tmp_path / one).mkdir()
        (tmp_path / one / "rubric.yaml").write_text(f"id: {one}\nextends: {other}\n", encoding="utf-8")
    with pytest.raises(RuleFileError, match="互相引用") as told:
        load_rubric("甲", rules=tmp_path)
    assert told.value.line == 2


def test_an_edition_laid_over_another_is_told_its_own_line(tmp_path):
    (tmp_path / "甲").mkdir()
    file = tmp_path / "甲" / "rubric.yaml"
    file.write_text(
        "extends: guangzhou-2023\nid: 甲\nlevels:\n  - name: 管理效率\n    weight: 五十\n", encoding="utf-8"
    )
    with pytest.raises(RuleFileError) as told:
        load_rubric("甲", rules=tmp_path)
    assert (told.value.file, told.value.line) == (file, 5)


def test_an_indicator_of_rows_names_the_options_of_its_block_and_row_rule():
    options = {one.id: one.options for _, one in walk(load_rubric(EDITION).levels)}
    of_rows = ["completion_sixty", "inverse_exceeded", "inverse_missed", "late", "zero_target"]
    assert options["output"] == sorted([*of_rows, "output_qualitative"])
    assert options["benefit"] == of_rows
    assert options["three_public"] == ["budget_basis", "nothing_due"]


def test_what_a_completion_band_earns_is_typed_when_it_is_read():
    bands = load_rubric(EDITION).row_rules["standard"].completion
    assert [None if band.earns.share is None else str(band.earns.share) for band in bands] == [
        "0", None, "1", "0.5",
    ]  # fmt: skip
