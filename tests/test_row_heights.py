"""Row heights change the row's two attributes and no other byte."""

import pytest

from jixiao.workbook.file.row_heights import with_heights
from jixiao.workbook.file.sheet_xml import scan

HEAD = (
    '<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
)
PLAIN = HEAD.replace("x:", "").replace(":x", "")


def changed(rows: str, heights: dict[int, float]) -> str:
    xml = f"{PLAIN}<sheetData>{rows}</sheetData></worksheet>"
    done = with_heights(scan(xml.encode()), heights).decode()
    return done.removeprefix(f"{PLAIN}<sheetData>").removesuffix("</sheetData></worksheet>")


@pytest.mark.parametrize(
    ("rows", "heights", "after"),
    [
        (
            '<row r="2" spans="1:3"  s=\'4\' thickBot="1"><c r="A2"/></row>',
            {2: 30},
            '<row r="2" spans="1:3"  s=\'4\' thickBot="1" ht="30" customHeight="1"><c r="A2"/></row>',
        ),
        (
            '<row r="2" ht="15.75" spans="1:3"><!-- --><c r="A2"/></row>',
            {2: 30.5},
            '<row r="2" ht="30.5" spans="1:3" customHeight="1"><!-- --><c r="A2"/></row>',
        ),
        (
            '<row r="2" ht="30.00" customHeight="true"/>',
            {2: 30},
            '<row r="2" ht="30.00" customHeight="true"/>',
        ),
        ('<row r="2" ht="30" customHeight="1" hidden="1"/>', {2: 0}, '<row r="2" hidden="1"/>'),
        ('<row r="2"/>', {2: 0, 7: 0}, '<row r="2"/>'),
        (
            '<row r="2"/><row r="5"/>',
            {9: 20, 4: 20, 3: 20},
            '<row r="2"/><row r="3" ht="20" customHeight="1"/><row r="4" ht="20" customHeight="1"/>'
            '<row r="5"/><row r="9" ht="20" customHeight="1"/>',
        ),
    ],
)
def test_only_the_height_is_said_anew(rows: str, heights: dict[int, float], after: str) -> None:
    assert changed(rows, heights) == after


def test_an_empty_table_and_another_prefix_are_served() -> None:
    xml = f"{HEAD}<x:sheetData/></x:worksheet>"
    assert with_heights(scan(xml.encode()), {3: 20, 1: 18}).decode() == (
        f'{HEAD}<x:sheetData><x:row r="1" ht="18" customHeight="1"/>'
        '<x:row r="3" ht="20" customHeight="1"/></x:sheetData></x:worksheet>'
    )


def test_a_height_given_and_taken_away_leaves_no_byte() -> None:
    rows = '<row r="1" spans="1:2"><c r="A1"/></row>'
    given = changed(rows, {1: 44})
    assert changed(given, {1: 0}) == rows
