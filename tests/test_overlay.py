"""What an edition takes over from another, changes, and takes out."""

import pytest

from jixiao.rubric.errors import EditionNotFound, RuleFileError
from jixiao.rubric.lint import lint
from jixiao.rubric.load import edition_folders, load_rubric, overlay
from small_rubric import small

BELOW = {"rule": {"method": "excess", "step": "5%"}, "fields": {"a": {"label": "甲"}, "b": {"label": "乙"}},
         "blocks": [{"id": "x", "columns": [{"id": "c"}, {"id": "d"}]}, {"id": "y"}]}  # fmt: skip


@pytest.mark.parametrize(
    "above, expected",
    [
        ({"blocks": [{"id": "x", "drop": "true"}]}, {"blocks": [{"id": "y"}]}),
        ({"blocks": [{"id": "x", "columns": [{"id": "c", "drop": "true"}]}]},
         {"blocks": [{"id": "x", "columns": [{"id": "d"}]}, {"id": "y"}]}),
        ({"blocks": []}, {"blocks": []}),
        ({"fields": {"a": {"drop": "true"}}}, {"fields": {"b": {"label": "乙"}}}),
        ({"rule": {"step": "1%"}}, {"rule": {"method": "excess", "step": "1%"}}),
        ({"rule": {"method": "limit", "actual": "a"}}, {"rule": {"method": "limit", "actual": "a"}}),
        ({"rule": {"option": "o", "一": "x"}}, {"rule": {"option": "o", "一": "x"}}),
    ],
)  # fmt: skip
def test_what_is_laid_over_changes_replaces_or_takes_out(above, expected):
    assert overlay(BELOW, above) == BELOW | expected


def test_readings_of_an_option_are_merged_but_not_with_those_of_another():
    below = {"option": "late", "一": "zero", "二": "declared"}
    assert overlay(below, {"option": "late", "一": "x"}) == {"option": "late", "一": "x", "二": "declared"}
    assert overlay(below, {"option": "soon", "一": "x"}) == {"option": "soon", "一": "x"}
    assert overlay(below, "zero") == "zero"


@pytest.fixture
def based(tmp_path):
    """``child`` lies over ``small``, which has become the base ``_small``."""
    small(tmp_path)
    (tmp_path / "small").rename(tmp_path / "_small")
    (tmp_path / "child").mkdir()
    return tmp_path


def child(folder, text):
    (folder / "child" / "rubric.yaml").write_text(f"extends: _small\nid: child\n{text}", encoding="utf-8")


def test_a_base_is_extended_but_is_no_edition(based):
    child(based, "title: 子表\n")
    rubric = load_rubric("child", rules=based)
    assert (rubric.id, rubric.title, rubric.authority) == ("child", "子表", "某局")
    assert sorted(edition_folders([based])) == ["child"]
    with pytest.raises(EditionNotFound):
        load_rubric("_small", rules=based)
    with pytest.raises(EditionNotFound, match="共用的部分"):
        lint(based / "_small")


def test_a_base_that_is_not_there_is_told(based):
    (based / "child" / "rubric.yaml").write_text("extends: _smal\nid: child\n", encoding="utf-8")
    with pytest.raises(RuleFileError, match="_smal"):
        load_rubric("child", rules=based)


OPTION = "{id: x, name: x, question: x, default: 一, choices: {一: x}, clause: x, drop: true}"


@pytest.mark.parametrize("text", ["fields:\n  nothing: {drop: true}\n", f"options:\n  - {OPTION}\n"])
def test_taking_out_what_is_not_there_is_told_with_its_line(based, text):
    child(based, text)
    with pytest.raises(RuleFileError, match="没有这一条，不能用 drop") as told:
        load_rubric("child", rules=based)
    assert (told.value.file.parent.name, told.value.line) == ("child", 4)


def test_a_fault_in_a_base_is_complained_of_in_its_own_file(based):
    file = based / "_small" / "rubric.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("weight: '10'", "weight: '11'"), encoding="utf-8"
    )
    child(based, "")
    (based / "other").mkdir()
    (based / "other" / "rubric.yaml").write_text("extends: _small\nid: other\n", encoding="utf-8")
    faults = [one for one in lint(based) if one.gravity == "错误"]
    assert [(one.file.parent.name, "下级合计 101" in one.message) for one in faults] == [("_small", True)]
