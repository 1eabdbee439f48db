"""What the live port asks of a program, told by a workbook that only writes down what it is asked."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Color, PatternFill

from jixiao.workbook.errors import BadFill, NotTaken
from jixiao.workbook.file.fill_text import fill_xml
from jixiao.workbook.live.live_port import LivePort
from jixiao.workbook.live.shown_color import shown_color
from jixiao.workbook.port import Edit


class Asked:
    """A range that writes down what it is given."""

    def __init__(self, log, place):
        object.__setattr__(self, "_to", (log, place))

    def __setattr__(self, name, value):
        log, place = self._to
        log.append((place, name, value))

    def __getattr__(self, name):
        log, place = self._to
        return Asked(log, f"{place}.{name}")


class Book:
    """A workbook in a program: its copy is the file; ``log`` holds what was asked of it."""

    def __init__(self, path: Path, *, refuses: bool = False) -> None:
        self.name, self.path, self.log, self.refuses = path.name, path, [], refuses

    @property
    def api(self):
        return self

    def SaveCopyAs(self, path):  # noqa: N802
        if self.refuses:
            raise RuntimeError("0x800A03EC")
        shutil.copy(self.path, path)

    @property
    def sheets(self):
        return {"表": self}

    def range(self, *place):
        return Asked(self.log, place[0] if len(place) == 1 else place)


@pytest.fixture
def book(tmp_path):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "表"
    sheet["A1"], sheet["A2"], sheet["A3"] = "主题色", "图案", "=1+1"
    sheet["A1"].fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.8))
    sheet["A2"].fill = PatternFill("darkGrid", fgColor="FF0000", bgColor="FFFFFF")
    path = tmp_path / "2024 表.xlsx"
    made.save(path)
    return Book(path)


def test_a_colour_of_the_theme_is_put_back_as_it_was_seen(book):
    with LivePort(book) as port:
        before = port.fills("表", [(1, 1), (1, 2)])
        assert before == {(1, 1): "#DCE6F2", (1, 2): ""}
        port.paint("表", {(1, 1): "#FEC7CF"})
        port.save()
    assert book.log == [("A1", "color", "#FEC7CF")]


def test_a_colour_of_the_theme_that_a_file_remembers_is_understood(book):
    theme = openpyxl.load_workbook(book.path).loaded_theme
    fill = '<patternFill patternType="solid"><fgColor theme="{}" tint="{}"/></patternFill>'
    assert shown_color(fill.format(0, 0), theme) == "#FFFFFF"
    assert shown_color(fill.format(1, "0.5"), theme) == "#808080"
    assert shown_color(fill.format(0, "-0.25"), theme) == "#BFBFBF"
    assert shown_color(fill.format(99, 0), theme) is None
    assert shown_color(fill_xml("#123456"), b"") == "#123456"


def test_a_pattern_is_never_painted_over(book):
    with LivePort(book) as port:
        pattern = port.fills("表", [(2, 1)])[2, 1]
        port.paint("表", {(2, 1): "#FEC7CF"})
        assert port.fills("表", [(2, 1)])[2, 1] == pattern
        with pytest.raises(BadFill, match="表!B1 .*图案"):
            port.paint("表", {(1, 2): pattern})
        port.save()
    assert book.log == []


def test_nothing_is_asked_for_what_stands_already(book):
    with LivePort(book) as port:
        port.write("表", [Edit(1, 1, "主题色"), Edit(3, 1, refresh=True), Edit(9, 9)])
        port.set_heights("表", {5: 0})
        port.save()
    assert book.log == []


def test_values_go_in_blocks_text_as_text_and_formulas_as_formulas(book):
    with LivePort(book) as port:
        port.write("表", [Edit(row, 2, "=1") for row in range(1, 200)])
        port.write("表", [Edit(row, 3, formula="A1") for row in range(1, 200)])
        port.write("表", [Edit(300, 1, "长" * 9000)])
        port.save()
    block, long = book.log
    assert block[:2] == (((1, 2), (199, 3)), "raw_value") and block[2] == [["'=1", "=A1"]] * 199
    assert long == ((300, 1), "value", "'" + "长" * 9000)


def test_changes_that_were_forgotten_are_not_made(book):
    with LivePort(book) as port:
        port.write("表", [Edit(1, 1, "新")])
        port.reset()
        assert port.cells("表")[1, 1].raw == "主题色"
        port.save()
    assert book.log == []


def test_a_program_that_gives_no_copy_is_told_with_what_to_do(book):
    with pytest.raises(NotTaken, match="按 Enter"):
        LivePort(Book(book.path, refuses=True))


def test_the_copy_is_gone_afterwards(book):
    with LivePort(book) as port:
        assert port.path.exists() and port.path.name == book.name
    assert not port.path.parent.exists()


def test_the_ribbon_starts_without_anything_heavy():
    heavy = ("xlwings", "pandas", "numpy", "openpyxl", "docx", "msgspec", "yaml")
    script = f"import jixiao.excel.ribbon, sys; print([one for one in {heavy} if one in sys.modules])"
    folder = Path(__file__).parents[1] / "addin"
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
