"""Which formulas depend on a cell: as many as a plain search finds, however many there are."""

from __future__ import annotations

import gc
import random
import time

from jixiao.workbook.file import stale
from jixiao.workbook.file.sheet_xml import SheetXml, scan
from jixiao.workbook.file.stale import Dependents, Spot
from jixiao.workbook.formula.references import Area, address, area_text


def sheet_of(formulas: dict[tuple[int, int], str]) -> SheetXml:
    rows: dict[int, str] = {}
    for (row, column), formula in sorted(formulas.items()):
        rows[row] = rows.get(row, "") + f'<c r="{address(row, column)}"><f>{formula}</f></c>'
    lines = "".join(f'<row r="{row}">{cells}</row>' for row, cells in rows.items())
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return scan(f"<worksheet {space}><sheetData>{lines}</sheetData></worksheet>".encode())


def dependents(formulas: dict[tuple[int, int], str]) -> Dependents:
    return Dependents({"表": sheet_of(formulas)}, ["表"], {})


def plainly(areas: dict[tuple[int, int], Area], changed: set[Spot]) -> set[Spot]:
    found: set[Spot] = set()
    while True:
        known = changed | found
        more = {
            ("表", *at) for at, area in areas.items() if any(area.holds(*spot[1:]) for spot in known)
        } - found
        if not more:
            return found
        found |= more


def test_dependents_are_those_that_a_plain_search_finds() -> None:
    dice = random.Random(5)
    for _ in range(60):
        areas = {}
        for _ in range(dice.randrange(1, 40)):
            top, left = dice.randrange(1, 70), dice.randrange(1, 12)
            down, right = dice.choice((0, 0, 1, 5, 64)), dice.choice((0, 0, 1, 6))
            areas[dice.randrange(1, 70), dice.randrange(1, 12)] = Area(top, left, top + down, left + right)
        changed = {("表", dice.randrange(1, 70), dice.randrange(1, 12)) for _ in range(3)}
        found = dependents({at: f"SUM({area_text(area)})" for at, area in areas.items()}).of(changed)
        assert found == plainly(areas, changed)


def test_long_chains_of_wide_areas_take_no_time() -> None:
    """Four times as many take about four times as long, not sixteen."""

    def seconds(count: int) -> float:
        tops = {row: max(row - 300, 1) if row % 2 else 1 for row in range(2, count)}
        chain = {(row, 26): f"SUM(Y{top}:Z{row - 1})" for row, top in tops.items()}
        asked = dependents(chain)
        gc.collect()
        gc.disable()  # what else lives in this process is not to be gone through meanwhile
        try:
            start = time.process_time()
            assert len(asked.of({("表", 1, 25)})) == count - 2
            return time.process_time() - start
        finally:
            gc.enable()

    few, more = (min(seconds(count) for _ in range(3)) for count in (2_500, 10_000))
    assert more < 9 * few


def test_beyond_the_limit_every_formula_counts_as_dependent() -> None:
    areas = "+".join(f"SUM(A{n}:B{n})" for n in range(1, stale.MOST + 2))
    both = {(1, 3): areas, (2, 3): "1+1"}
    assert dependents(both).of({("表", 9, 9)}) == {("表", 1, 3), ("表", 2, 3)}
    assert dependents({(1, 3): "SUM(A1:B1)", (2, 3): "1+1"}).of({("表", 9, 9)}) == set()
