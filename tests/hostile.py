"""Workbooks that nobody means well with, or that nobody looked at: far too many rows, names, levels.

Each is our filled form with something in it; what must come out is in test_hostile.py.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from io import BytesIO

from fuzz.seeds import seeds

FORM = "guangzhou-2023 填好"
MEBIBYTE = 1 << 20


def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(seeds()[FORM])) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def packed(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def part_of(held: dict[str, bytes], sheet: str) -> str:
    titles = re.findall(rb'<sheet [^>]*?name="([^"]*)"', held["xl/workbook.xml"])
    return f"xl/worksheets/sheet{titles.index(sheet.encode()) + 1}.xml"


def in_sheet(sheet: str, old: str, new: str) -> bytes:
    """The form with one text of a sheet's XML replaced; a pattern that is not there is a mistake here."""
    held = parts()
    part = part_of(held, sheet)
    text, count = re.subn(old, lambda _: new, held[part].decode(), count=1, flags=re.DOTALL)
    assert count == 1, old
    held[part] = text.encode()
    return packed(held)


def in_book(old: str, new: str) -> bytes:
    held = parts()
    text, count = re.subn(old, lambda _: new, held["xl/workbook.xml"].decode(), count=1, flags=re.DOTALL)
    assert count == 1, old
    held["xl/workbook.xml"] = text.encode()
    return packed(held)


def rows(first: int, count: int, cell: str) -> str:
    """Rows of one cell in column Z each, as compact as can be."""
    return "".join(
        f'<row r="{n}"><c r="Z{n}">{cell.format(n=n)}</c></row>' for n in range(first, first + count)
    )


def million_rows() -> bytes:
    """10⁶ filled rows below the form."""
    return in_sheet("绩效目标完成情况", "</sheetData>", rows(100, 1_000_000, "<v>1</v>") + "</sheetData>")


def million_rows_elsewhere() -> bytes:
    return in_sheet("填报说明", "</sheetData>", rows(200, 1_000_000, "<v>1</v>") + "</sheetData>")


def million_texts() -> bytes:
    """Every cell with other words, which no cache holds."""
    cells = rows(100, 300_000, '<is><t>≥{n}个</t></is>').replace('">', '" t="inlineStr">').replace(
        '<row r="', '<row r="').replace(' t="inlineStr"><c', "><c")  # fmt: skip
    return in_sheet("绩效目标完成情况", "</sheetData>", cells + "</sheetData>")


def block_over_the_whole_sheet() -> bytes:
    """The block of rows ends at the last row of the sheet, and its total is gone."""
    held = parts()
    book = held["xl/workbook.xml"].decode()
    book = re.sub(r'<definedName [^>]*name="jx\.blocktotal\.benefit"[^>]*>[^<]*</definedName>', "", book)
    book, count = re.subn(r"(绩效目标完成情况!\$A\$18:\$M\$)\d+", r"\g<1>1048576", book)
    assert count
    return packed(held | {"xl/workbook.xml": book.encode()})


def block_over_a_million_rows() -> bytes:
    """As above, and there is something in every row: ten million cells would be read as filled in."""
    return block_over_rows(1_000_000)


def block_over_rows(count: int) -> bytes:
    """The block of rows goes on below the form, over so many rows that are filled in."""
    held = parts()
    book = held["xl/workbook.xml"].decode()
    book = re.sub(r'<definedName [^>]*name="jx\.blocktotal\.benefit"[^>]*>[^<]*</definedName>', "", book)
    book = re.sub(r"(绩效目标完成情况!\$A\$18:\$M\$)\d+", r"\g<1>1048576", book)
    held["xl/workbook.xml"] = book.encode()
    part = part_of(held, "绩效目标完成情况")
    below = rows(100, count, "<v>1</v>").replace('<c r="Z', '<c r="E')
    held[part] = held[part].replace(b"</sheetData>", below.encode() + b"</sheetData>")
    return packed(held)


def last_cell_filled() -> bytes:
    cell = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return in_sheet("绩效目标完成情况", "</sheetData>", cell)


def many_names() -> bytes:
    names = "".join(f'<definedName name="n{n}">自评表!$A${n % 99 + 1}</definedName>' for n in range(200_000))
    return in_book("</definedNames>", names + "</definedNames>")


def many_sheets() -> bytes:
    held = parts()
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n + 100}" r:id="x{n}"/>' for n in range(5000))
    links = "".join(
        f'<Relationship Id="x{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
        f' Target="worksheets/x{n}.xml"/>'
        for n in range(5000)
    )
    book, rels = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    space = b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    text = (
        held[book] if b"xmlns:r=" in held[book] else held[book].replace(b"<workbook", b"<workbook" + space, 1)
    )
    text = re.sub(rb"<workbook(?![^>]*xmlns:r=)", b"<workbook" + space, text, count=1)
    held[book] = text.replace(b"</sheets>", sheets.encode() + b"</sheets>")
    held[rels] = held[rels].replace(b"</Relationships>", links.encode() + b"</Relationships>")
    empty = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>'
    return packed(held | {f"xl/worksheets/x{n}.xml": empty for n in range(5000)})


def merged_whole_sheet() -> bytes:
    return in_sheet("绩效目标完成情况", "</mergeCells>", '<mergeCell ref="A1:XFD1048576"/></mergeCells>')


def many_merges() -> bytes:
    areas = "".join(f'<mergeCell ref="AA{n}:AB{n}"/>' for n in range(1, 300_001))
    return in_sheet("绩效目标完成情况", "</mergeCells>", areas + "</mergeCells>")


def deep_sheet() -> bytes:
    deep = 2_000_000
    return in_sheet("绩效目标完成情况", "</worksheet>", "<a>" * deep + "</a>" * deep + "</worksheet>")


def deep_book() -> bytes:
    deep = 2_000_000
    return in_book("</workbook>", "<a>" * deep + "</a>" * deep + "</workbook>")


def deep_styles() -> bytes:
    held, deep = parts(), 2_000_000
    nested = b"<a>" * deep + b"</a>" * deep
    held["xl/styles.xml"] = held["xl/styles.xml"].replace(b"</styleSheet>", nested + b"</styleSheet>")
    return packed(held)


def _in_row(text: str, column: str = "E") -> bytes:
    """The target (or another column) of the first row."""
    cell = f'<c r="{column}7" t="inlineStr"><is><t>{text}</t></is></c>'
    return in_sheet("绩效目标完成情况", rf'<c r="{column}7".*?(?:/>|</c>)', cell)


def long_digits() -> bytes:
    return _in_row("9" * 20 * MEBIBYTE)


def long_signs() -> bytes:
    return _in_row("≥" * MEBIBYTE)


def long_words() -> bytes:
    return _in_row("达到" * MEBIBYTE)


def long_changes() -> bytes:
    return _in_row("增长至少" * 100_000 + "5%")


def long_commas() -> bytes:
    return _in_row("1,111" * MEBIBYTE)


def long_blanks() -> bytes:
    return _in_row("8" + " " * 10 * MEBIBYTE + "0")


def long_answer() -> bytes:
    text = "是" * 10 * MEBIBYTE
    cell = f'<c r="B4" t="inlineStr"><is><t>{text}</t></is></c>'
    return in_sheet("基本信息", r'<c r="B4".*?(?:/>|</c>)', cell)


def _formula(formula: str, *, more: str = "") -> bytes:
    cell = f'<c r="E7"><f{more}>{formula}</f><v>5</v></c>'
    return in_sheet("绩效目标完成情况", r'<c r="E7".*?(?:/>|</c>)', cell)


def deep_formula() -> bytes:
    return _formula("(" * 100_000 + "1" + ")" * 100_000)


def long_formula() -> bytes:
    return _formula("+".join(["I7"] * 500_000))


def sum_of_everything() -> bytes:
    return _formula("SUM(自评表!A1:XFD1048576)+SUM(A:XFD)+COUNTIF(1:1048576,5)")


def formula_outside() -> bytes:
    return _formula("[1]Sheet1!A1+'file:///etc/[passwd]x'!A1+WEBSERVICE(&quot;http://127.0.0.1:9/&quot;)")


def many_arrays() -> bytes:
    """Array formulas each over much of the sheet."""
    cells = "".join(
        f'<row r="{n}"><c r="Z{n}"><f t="array" ref="Z{n}:XFD1048576">1</f><v>1</v></c></row>'
        for n in range(100, 20_100)
    )
    return in_sheet("绩效目标完成情况", "</sheetData>", cells + "</sheetData>")


def chained_formulas() -> bytes:
    cells = "".join(
        f'<row r="{n}"><c r="Z{n}"><f>Z{n - 1}+I7</f><v>1</v></c></row>' for n in range(100, 50_100)
    )
    return in_sheet("绩效目标完成情况", "</sheetData>", cells + "</sheetData>")


def wide_formulas() -> bytes:
    """Each refers to all those above it."""
    cells = "".join(
        f'<row r="{n}"><c r="Z{n}"><f>SUM(I$7:Z{n - 1})</f><v>1</v></c></row>' for n in range(100, 10_100)
    )
    return in_sheet("绩效目标完成情况", "</sheetData>", cells + "</sheetData>")


def searched_columns() -> bytes:
    """Each looks through whole empty columns."""
    cells = "".join(
        f'<row r="{n}"><c r="Z{n}"><f>COUNTIF(Y$1:Y$1048576,{n})+MATCH({n},X$1:X$1048576,0)</f></c></row>'
        for n in range(100, 5_100)
    )
    return in_sheet("绩效目标完成情况", "</sheetData>", cells + "</sheetData>")


def many_texts() -> bytes:
    """The shared strings of a far larger workbook."""
    held = parts()
    items = b"".join(b"<si><t>%d</t></si>" % n for n in range(1_500_000))
    name = "xl/sharedStrings.xml"
    held[name] = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + items + b"</sst>"
    )
    rels = "xl/_rels/workbook.xml.rels"
    link = (
        b'<Relationship Id="texts" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    held[rels] = held[rels].replace(b"</Relationships>", link)
    part = part_of(held, "绩效目标完成情况")
    held[part] = re.sub(rb'<c r="E7".*?(?:/>|</c>)', b'<c r="E7" t="s"><v>7</v></c>', held[part], count=1)
    return packed(held)


def many_notes() -> bytes:
    held = parts()
    part = part_of(held, "绩效目标完成情况")
    folder, name = part.rsplit("/", 1)
    notes = "".join(
        f'<comment ref="Z{n}" authorId="0"><text><t>批注</t></text></comment>' for n in range(1, 200_001)
    )
    held["xl/comments9.xml"] = (
        '<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author/></authors>'
        f"<commentList>{notes}</commentList></comments>"
    ).encode()
    held[f"{folder}/_rels/{name}.rels"] = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
        b'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" '
        b'Target="../comments9.xml"/></Relationships>'
    )
    return packed(held)


def zip_bomb() -> bytes:
    return packed(parts() | {"xl/media/image1.png": bytes(300 * MEBIBYTE)})


def entities() -> bytes:
    held = parts()
    part = part_of(held, "绩效目标完成情况")
    evil = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><worksheet'
    held[part] = held[part].replace(b"<worksheet", evil, 1)
    return packed(held)


SCORED: tuple[Callable[[], bytes], ...] = (
    million_rows_elsewhere, block_over_the_whole_sheet, last_cell_filled, many_names, many_sheets,
    merged_whole_sheet, many_merges, deep_sheet, deep_book, deep_styles, long_digits, long_signs, long_words,
    long_changes, long_commas, long_blanks, long_answer, deep_formula, long_formula, sum_of_everything,
    formula_outside, many_arrays, chained_formulas, wide_formulas, searched_columns, many_texts, many_notes,
    million_rows, million_texts, block_over_a_million_rows, zip_bomb, entities,
)  # fmt: skip
