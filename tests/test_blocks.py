"""Cells put together in rectangles and addresses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jixiao.workbook.formula.references import parse_area
from jixiao.workbook.live.blocks import addresses, rectangles, row_addresses

CELLS = st.sets(st.tuples(st.integers(1, 40), st.integers(1, 30)), max_size=200)


def covered(areas):
    return [
        (row, column)
        for top, left, bottom, right in areas
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    ]


@given(CELLS)
def test_rectangles_hold_each_cell_once_and_no_other(cells):
    assert sorted(covered(rectangles(cells))) == sorted(cells)


def test_a_full_block_is_one_rectangle():
    block = {(row, column) for row in range(3, 203) for column in range(2, 9)}
    assert rectangles(block) == [(3, 2, 202, 8)]
    assert rectangles(block - {(100, 5)}) == [
        (3, 2, 99, 8),
        (100, 2, 100, 4),
        (100, 6, 100, 8),
        (101, 2, 202, 8),
    ]


@given(CELLS)
def test_addresses_name_the_cells_and_are_never_too_long(cells):
    said = list(addresses(cells))
    assert all(len(text) <= 255 for text in said)
    areas = [parse_area(part) for text in said for part in text.split(",")]
    assert sorted(covered(areas)) == sorted(cells)


def test_rows_are_named_in_runs():
    assert list(row_addresses([9, 3, 4, 5])) == ["3:5,9:9"]
    assert list(row_addresses([])) == []
