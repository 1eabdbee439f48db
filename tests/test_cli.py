"""The verbs as a user types them, with wrong input too."""

import json

import pytest

from jixiao.cli import main


def test_a_new_form_is_scored_and_left_alone(tmp_path, capsys):
    path = tmp_path / "财政 局（终稿）.xlsx"
    assert main(["new", "guangzhou-2023", str(path)]) == 0
    before = path.read_bytes()
    capsys.readouterr()
    assert main(["score", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["edition"], found["total"], len(found["indicators"])) == ("guangzhou-2023", "0", 26)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "arguments, word",
    [
        (["score", "没有.xlsx"], "没有.xlsx"),
        (["new", "guangzhou-2032", "a.xlsx"], "是否想写“guangzhou-2023”"),
        (["new", "guangzhou-2023", "a.txt"], ".xlsx"),
        (["跑"], "用法"),
        (["editions", "--rules", "无此文件夹"], "无此文件夹"),
    ],
)
def test_wrong_input_is_told_in_one_chinese_sentence(arguments, word, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert word in said and "Traceback" not in said


def test_a_form_is_never_written_over(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"mine")
    assert main(["new", "guangzhou-2023", str(path)]) == 2
    assert path.read_bytes() == b"mine"
