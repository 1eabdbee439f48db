"""Records follow their cells."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from jixiao.filing.model import Place
from jixiao.rubric.load import data_folder
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.ledger import SHEET, Ledger, Record


@pytest.fixture
def port(tmp_path: Path) -> FilePort:
    path = tmp_path / "表.xlsx"
    shutil.copy(data_folder("workbook_templates") / "guangzhou-2023.xlsx", path)
    return FilePort.open(path)


def test_records_of_one_kind_replace_each_other_and_leave_the_others(port):
    mark, score = Record("mark", Place("自评表", "I12"), "x"), Record("score", Place("自评表", "I13"), "9")
    Ledger(port).keep("mark", [mark])
    Ledger(port).keep("score", [score])
    port.save()
    again = FilePort.open(port.path)
    assert (Ledger(again).records("mark"), Ledger(again).records("score")) == ([mark], [score])
    Ledger(again).keep("mark", [])
    assert (Ledger(again).records("mark"), Ledger(again).records("score")) == ([], [score])


def test_a_record_whose_cell_was_deleted_is_gone(port):
    Ledger(port).keep(
        "mark", [Record("mark", Place("自评表", "I12")), Record("mark", Place("自评表", "I13"))]
    )
    port.save()
    book = openpyxl.load_workbook(port.path)
    book[SHEET]["B1"] = "='自评表'!#REF!"
    book.save(port.path)
    assert [one.place.cell for one in Ledger(FilePort.open(port.path)).records("mark")] == ["I13"]


def test_a_workbook_without_the_sheet_gets_one_only_when_there_is_something_to_keep(port, tmp_path):
    path = tmp_path / "other.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "甲's"
    book.save(path)
    other = FilePort.open(path)
    Ledger(other).keep("mark", [])
    assert other.sheets() == ["甲's"]
    Ledger(other).keep("mark", [Record("mark", Place("甲's", "B2"), "y")])
    assert [one.place for one in Ledger(other).records("mark")] == [Place("甲's", "B2")]
