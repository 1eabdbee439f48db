"""The formulas of the forms come to what the engine says; ``python tests/fuzz/formulas.py 400`` runs more."""

from __future__ import annotations

import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from fuzz import formulas
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.formula.references import address

LIVE = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


@pytest.mark.live
@LIVE
def test_formulas_agree_with_the_engine_by_libreoffice_and_by_excelize() -> None:
    counted, differing = formulas.run(range(24))
    assert differing == []
    assert counted["LibreOffice"] > 2000 and counted["excelize"] > 1500 and counted["as computed"] > 12


@pytest.mark.live
@LIVE
def test_a_formula_that_says_something_else_is_found(tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    file = tmp_path / "0.xlsx"
    engine = formulas.written(2, file)
    theirs = formulas.by_libreoffice([file], tmp_path)[file.name]
    assert list(formulas.differences(file, theirs, engine, Counter())) == []
    other = msgspec.structs.replace(engine, declared_sum=engine.declared_sum + Decimal("0.01"))
    assert any(one.startswith("total") for one in formulas.differences(file, theirs, other, Counter()))
    formulas.written(6, file)  # another filing of the same edition, no longer what LibreOffice calculated
    assert any("stored" in one for one in formulas.differences(file, theirs, engine, Counter()))


def test_no_number_of_a_formula_may_be_another_unnoticed(tmp_path: Path) -> None:
    """Each in turn says something else than it comes to; in one filing or other the engine objects."""
    noticed, unnoticed = set(), set()
    for number in range(12):
        file = tmp_path / f"{number}.xlsx"
        engine = formulas.written(number, file)
        known = formulas.formulas_of(FilePort.open(file))
        assert list(formulas.unknown_numbers(file, known, engine)) == []
        wrong = [
            (sheet, at, msgspec.structs.replace(cell, raw=cell.raw * Decimal("1.07") + Decimal("0.37")))
            for sheet, at, cell in known
            if isinstance(cell.raw, Decimal)
        ]
        found = {one.split(":")[0] for one in formulas.unknown_numbers(file, wrong, engine)}
        for sheet, at, _ in wrong:
            place = f"{sheet}!{address(*at)}"
            (noticed if place in found else unnoticed).add((engine.edition, place))
    assert len(noticed) > 200 and unnoticed <= noticed
