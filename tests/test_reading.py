"""A filled workbook is read back by its names and scored."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao.rubric.load import data_folder, load_rubric
from jixiao.scoring.model import Basis
from jixiao.scoring.score import score
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.port import Edit
from jixiao.workbook.reading import edition_of, read_filing


@pytest.fixture
def form(tmp_path: Path) -> FilePort:
    path = tmp_path / "2023年自评表（终稿）.xlsx"
    shutil.copy(data_folder("workbook_templates") / "guangzhou-2023.xlsx", path)
    return FilePort.open(path)


def put(port: FilePort, place, value) -> None:
    letters = place.cell.rstrip("0123456789")
    column = sum((ord(one) - 64) * 26**n for n, one in enumerate(reversed(letters)))
    port.write(place.sheet, [Edit(int(place.cell[len(letters) :]), column, value)])


def test_an_empty_form_has_every_field_in_place_and_no_score(form):
    rubric = load_rubric(edition_of(form))
    filing = read_filing(form, rubric)
    assert filing.gaps == ()
    assessment = score(rubric, filing)
    assert {one.basis for one in assessment.indicators} == {Basis.MISSING}
    assert assessment.total == 0
    assert assessment.missing == rubric.total


def test_what_is_typed_into_the_form_is_scored(form):
    rubric = load_rubric("guangzhou-2023")
    filing = read_filing(form, rubric)
    put(form, filing.homes["expenditure.general.adjusted"], Decimal("603.17"))
    put(form, filing.homes["expenditure.general.actual"], Decimal("602.05"))
    put(form, filing.homes["score.system"], Decimal(5))
    row = filing.rows["benefit"][0]
    put(form, row["name"].place, "服务对象满意度")
    put(form, row["target"].place, "95%")
    put(form, row["actual"].place, "１００％")
    put(form, row["weight"].place, Decimal(10))
    form.save()
    filled = read_filing(FilePort.open(form.path), rubric)
    found = {one.id: one for one in score(rubric, filled).indicators}
    assert found["execution_rate"].score == Decimal("9.98")  # 602.05/603.17=99.81%；10×99.81%=9.98
    assert found["benefit"].score == 10  # 100%/95%=105.26%，满分
    assert (found["system"].score, found["system"].basis) == (5, Basis.UNVERIFIED)
