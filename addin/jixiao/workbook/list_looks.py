"""How the lists that the software writes look: columns have a format, rules draw what is written.

A line of a list is then its texts and nothing else: a longer list, or one whose lines moved, costs an
open workbook nothing more, and an emptied line shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from jixiao.workbook.drawn_lines import CENTERED
from jixiao.workbook.layout.looks import BODY, LOOKS
from jixiao.workbook.layout.plan import Box
from jixiao.workbook.marking.finding_rows import NUMBER, PLACE, SECTION_STARTS, SEVERITY
from jixiao.workbook.marking.severity_colors import COLORS
from jixiao.workbook.own_list import SIZE

KEYS = {"findings": SEVERITY, "replaced": PLACE}
"""By the name of its header row: the column that every line of a list fills."""
_LAST_ROW = 1_048_576


def dress(sheet: Worksheet, names: Mapping[str, Box], line: str) -> None:
    """Format the columns below the header of each list on the sheet; ``line`` is the colour of borders."""
    for name, key in KEYS.items():
        header = names.get(name)
        if header is not None and header.sheet == sheet.title:
            columns = range(header.column, header.last_column + 1)
            headings = [str(sheet.cell(header.row, column).value) for column in columns]
            letters = dict(zip(headings, map(get_column_letter, columns), strict=True))
            for heading, letter in letters.items():
                _dress_column(sheet, letter, heading)
            for area, rule in _rules(letters, key, header.row + 1, line):
                sheet.conditional_formatting.add(area, rule)


def _dress_column(sheet: Worksheet, letter: str, heading: str) -> None:
    look = LOOKS["link" if heading == PLACE else "text"]
    column = sheet.column_dimensions[letter]
    column.font = Font(
        name=BODY, size=SIZE, color=look.color, underline="single" if look.underline else None, charset=134
    )
    column.alignment = Alignment(
        horizontal="center" if heading in CENTERED else "left",
        vertical="center",
        wrap_text=heading != NUMBER,  # the heading of a section runs over the columns beside it
    )


def _rules(letters: Mapping[str, str], key: str, first: int, line: str) -> Iterator[tuple[str, FormulaRule]]:
    left, *_, right = letters.values()
    everywhere = f"{left}{first}:{right}{_LAST_ROW}"
    if key == SEVERITY:
        marks = f"{letters[key]}{first}:{letters[key]}{_LAST_ROW}"
        for severity, color in COLORS.items():
            when = f'${letters[key]}{first}="{severity}"'
            yield marks, FormulaRule([when], font=Font(bold=True), fill=_fill(color))
        yield everywhere, _of_sections(f"${letters[NUMBER]}{first}")
    side = Side("thin", color=line)
    border = Border(left=side, right=side, top=side, bottom=side)
    yield everywhere, FormulaRule([f'${letters[key]}{first}<>""'], border=border)


def _of_sections(cell: str) -> FormulaRule:
    look = LOOKS["section"]
    starts = ",".join(f'LEFT({cell},{len(text)})="{text}"' for text in SECTION_STARTS)
    return FormulaRule([f"OR({starts})"], font=Font(bold=look.bold, color=look.color), fill=_fill(look.fill))


def _fill(color: str) -> PatternFill:
    return PatternFill("solid", start_color=color, end_color=color)
