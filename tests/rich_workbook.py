"""Workbooks that hold what users' files hold: made by openpyxl and by excelize, and finished by hand."""

from __future__ import annotations

import datetime as dt
import struct
import zipfile
import zlib
from pathlib import Path

import excelize
import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table


def by_openpyxl(path: Path) -> Path:
    """Values of all kinds, formulas, merges, chart, rules, drop-downs, links, notes, names, print."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "自评表"
    sheet.merge_cells("A1:E1")
    sheet["A1"] = "部门整体支出绩效自评表（2024年度）"
    for row in range(2, 12):
        sheet.cell(row, 1, f"指标{row}")
        sheet.cell(row, 2, row * 1.1)
        sheet.cell(row, 3, f"=B{row}*2")
    sheet["D2"], sheet["D3"], sheet["D4"] = dt.date(2024, 12, 31), dt.datetime(2024, 6, 1, 8, 30), 0.9567
    sheet["D4"].number_format = "0.00%"
    sheet["D5"], sheet["D6"], sheet["D7"] = True, 12, "=1/0"
    sheet["D6"].number_format = '0"月"'
    sheet["D8"] = dt.time(9, 30)
    sheet["B12"] = "=SUM(B2:B11)"
    sheet["B2"].fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.6))
    sheet["B3"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet["B3"].font = Font(bold=True, color=Color(theme=1))
    sheet["A3"].comment = Comment("用户自己的批注\n第二行", "财务科")
    sheet["A4"].hyperlink = "https://example.org/a?b=1&c=2"
    sheet.conditional_formatting.add(
        "B2:B11", ColorScaleRule(start_type="min", start_color="FF0000", end_type="max", end_color="00FF00")
    )
    sheet.conditional_formatting.add(
        "C2:C11", CellIsRule(operator="lessThan", formula=["10"], fill=PatternFill(bgColor="FFC7CE"))
    )
    choice = DataValidation(type="list", formula1='"优,良,中,差"', allow_blank=True)
    sheet.add_data_validation(choice)
    choice.add("E2:E11")
    sheet.print_title_rows = "1:1"
    sheet.print_area = "A1:E12"
    sheet.page_setup.orientation = "landscape"
    sheet.oddHeader.center.text = "自评 &D"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=2, max_row=11))
    sheet.add_chart(chart, "G2")
    table = book.create_sheet("清单")
    for row in (["名称", "金额"], ["甲", 1], ["乙", 2]):
        table.append(row)
    table.add_table(Table(displayName="项目清单", ref="A1:B3"))
    hidden = book.create_sheet("隐藏")
    hidden["A1"] = "=自评表!B12+清单!B2"
    hidden.sheet_state = "hidden"
    book.defined_names["jx.总分"] = DefinedName("jx.总分", attr_text="自评表!$B$12")
    book.defined_names["jx.藏"] = DefinedName("jx.藏", attr_text='"guangzhou"', hidden=True)
    table.defined_names["本表"] = DefinedName("本表", attr_text="清单!$A$1")
    book.save(path)
    return path


def by_excelize(path: Path) -> Path:
    """Pictures, shapes, buttons, sparklines, rich notes, a shared formula, header picture, pivot-free."""
    book = excelize.new_file()
    book.set_sheet_name("Sheet1", "自评表")
    for row in range(1, 9):
        book.set_cell_value("自评表", f"A{row}", f"文本{row}")
        book.set_cell_value("自评表", f"B{row}", row * 3)
    book.set_cell_formula("自评表", "C1", "B1+$A$20", excelize.FormulaOpts(type="shared", ref="C1:C8"))
    book.set_cell_rich_text(
        "自评表",
        "A9",
        [excelize.RichTextRun(text="粗", font=excelize.Font(bold=True)), excelize.RichTextRun(text="细")],
    )
    book.add_picture_from_bytes(
        "自评表", "F2", excelize.Picture(extension=".png", file=_png(), format=excelize.GraphicOptions())
    )
    book.add_shape(
        "自评表", excelize.Shape(cell="H2", type="rect", paragraph=[excelize.RichTextRun(text="请先填写")])
    )
    book.add_sparkline("自评表", excelize.SparklineOptions(location=["D1"], range=["自评表!A1:B1"]))
    book.add_form_control(
        "自评表",
        excelize.FormControl(
            cell="J2", type=excelize.FormControlType.FormControlButton, text="计算", macro="Run"
        ),
    )
    book.add_comment(
        "自评表",
        excelize.Comment(
            cell="B2",
            author="王",
            paragraph=[
                excelize.RichTextRun(text="王:", font=excelize.Font(bold=True)),
                excelize.RichTextRun(text=" 请核对"),
            ],
        ),
    )
    book.set_conditional_format(
        "自评表",
        "B1:B8",
        [
            excelize.ConditionalFormatOptions(
                type="data_bar", criteria="=", min_type="min", max_type="max", bar_color="#638EC6"
            )
        ],
    )
    book.set_header_footer("自评表", excelize.HeaderFooterOptions(odd_header="&C绩效"))
    book.new_sheet("图")
    series = excelize.ChartSeries(name="甲", categories="自评表!$A$1:$A$8", values="自评表!$B$1:$B$8")
    book.add_chart(
        "图",
        "A1",
        excelize.Chart(type=excelize.ChartType.Col, series=[series]),
    )
    book.save_as(str(path))
    book.close()
    return path


def with_parts(source: Path, target: Path, parts: dict[str, bytes]) -> Path:
    """A copy with parts replaced or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info, parts.pop(info.filename, None) or old.read(info))
        for name, data in parts.items():
            new.writestr(name, data)
    return target


def read_parts(path: Path) -> dict[str, bytes]:
    """All parts of a file, in order."""
    with zipfile.ZipFile(path) as file:
        return {info.filename: file.read(info) for info in file.infolist()}


def finished_by_hand(source: Path, target: Path) -> Path:
    """The same with what neither library writes: macros, custom XML, printer settings, unknown parts."""
    parts = read_parts(source)
    types = parts["[Content_Types].xml"].replace(b"spreadsheetml.sheet.main+xml", b"KEEP")
    types = types.replace(
        b"application/vnd.openxmlformats-officedocument.KEEP",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    types = types.replace(
        b"</Types>", b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    )
    relations = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rIdVba" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
        b'Target="vbaProject.bin"/></Relationships>',
    )
    return with_parts(
        source,
        target,
        {
            "[Content_Types].xml": types,
            "xl/_rels/workbook.xml.rels": relations,
            "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(range(256)) * 9,
            "xl/printerSettings/printerSettings1.bin": b"\x00printer\xff" * 40,
            "customXml/item1.xml": b"<?xml version='1.0'?>\r\n<memo  a = 'b' ><!-- keep --></memo >",
            "xl/unknown/thing.dat": bytes(range(256)),
        },
    )


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\x00\xff\x00\x00\x00\xff\x00" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
