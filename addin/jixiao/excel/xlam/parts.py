"""The XML parts of the .xlam: workbook, config sheet, styles, relations, content types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from jixiao.excel.formula import Argument, Formula
from jixiao.excel.xlam.custom_ui import SCHEMAS
from jixiao.excel.xlam.names import ADD_IN, CONFIG_MODULE

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MICROSOFT = "http://schemas.microsoft.com/office"
X14 = f"{MICROSOFT}/spreadsheetml/2009/9/main"
ARGUMENT_TEXTS = "{8193D73E-4604-4355-AFF4-8A2333D13BE4}"
LONGEST = 255
"""More characters of a description Excel does not keep."""

WORKBOOK, SHEET, STYLES = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"
VBA = "xl/vbaProject.bin"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = {
    WORKBOOK: "application/vnd.ms-excel.addin.macroEnabled.main+xml",
    SHEET: f"{_SHEETS}.worksheet+xml",
    STYLES: f"{_SHEETS}.styles+xml",
    VBA: "application/vnd.ms-office.vbaProject",
}
EXTENSIONS = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
}


def content_types() -> str:
    defaults = (f'<Default Extension="{one}" ContentType="{type}"/>' for one, type in EXTENSIONS.items())
    parts = (f'<Override PartName="/{part}" ContentType="{type}"/>' for part, type in TYPES.items())
    return f'<Types xmlns="{PACKAGE}/content-types">{"".join(defaults)}{"".join(parts)}</Types>'


def package_relations() -> str:
    interface = {
        f"customUI/{part}": f"{MICROSOFT}/{year}/relationships/ui/extensibility"
        for part, (_, year) in SCHEMAS.items()
    }
    return _relations({WORKBOOK: f"{RELATION}/officeDocument"} | interface)


def workbook_relations() -> str:
    return _relations(
        {
            "worksheets/sheet1.xml": f"{RELATION}/worksheet",
            "styles.xml": f"{RELATION}/styles",
            "vbaProject.bin": f"{MICROSOFT}/2006/relationships/vbaProject",
        }
    )


def _relations(targets: Mapping[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{type}" Target="{target}"/>'
        for number, (target, type) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def workbook(formulas: Sequence[Formula]) -> str:
    """The hidden workbook; with the wizard's texts for the arguments of ``formulas``."""
    texts = "".join(map(_argument_texts, sorted(formulas, key=lambda one: one.name)))
    more = f'<ext uri="{ARGUMENT_TEXTS}" xmlns:x14="{X14}"><x14:definedNames>{texts}</x14:definedNames></ext>'
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}">'
        '<fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="22228" '
        'codeName="{2E6B40F3-6D1C-4C57-A0D7-6B7E4D1F90C2}"/>'
        '<workbookPr codeName="ThisWorkbook"/><bookViews><workbookView visibility="veryHidden" xWindow="0" '
        'yWindow="0" windowWidth="16000" windowHeight="9000"/></bookViews>'
        f'<sheets><sheet name="{ADD_IN}.conf" sheetId="1" r:id="rId1"/></sheets><calcPr calcId="191029"/>'
        f"{f'<extLst>{more}</extLst>' if texts else ''}</workbook>"
    )


def _argument_texts(one: Formula) -> str:
    if not one.arguments:
        return ""
    texts = "".join(
        f'<x14:argumentDescription index="{at}">{escape(_text(one, argument))}</x14:argumentDescription>'
        for at, argument in enumerate(one.arguments)
    )
    count = len(one.arguments)
    listed = f'<x14:argumentDescriptions count="{count}">{texts}</x14:argumentDescriptions>'
    return f'<x14:definedName name="{one.name}">{listed}</x14:definedName>'


def _text(one: Formula, argument: Argument) -> str:
    if len(argument.said) > LONGEST:
        raise ValueError(f"{one.name}, {argument.name}: longer than {LONGEST} characters")
    return argument.said


def config_sheet(config: Mapping[str, str | bool], texts: Sequence[str]) -> str:
    """Columns A and B as xlwings reads them; column D holds what our VBA shows the user."""
    rows = [
        f'<row r="{at}">'
        f"{_cell(f'A{at}', key)}{_cell(f'B{at}', value)}"
        f"{_cell(f'D{at}', texts[at - 1]) if at <= len(texts) else ''}</row>"
        for at, (key, value) in enumerate(config.items(), 1)
    ]
    return (
        f'<worksheet xmlns="{MAIN}"><sheetPr codeName="{CONFIG_MODULE}"/><dimension ref="A1:D{len(rows)}"/>'
        '<sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f"<sheetData>{''.join(rows)}</sheetData></worksheet>"
    )


def _cell(place: str, value: str | bool) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    return (
        f'<c r="{place}" t="inlineStr"><is><t xml:space={quoteattr("preserve")}>{escape(value)}</t></is></c>'
    )


def styles() -> str:
    """The least that a workbook needs."""
    none = '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    xf = 'numFmtId="0" fontId="0" fillId="0" borderId="0"'
    return (
        f'<styleSheet xmlns="{MAIN}">'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        f'<fills count="2">{none}</fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        f'<cellStyleXfs count="1"><xf {xf}/></cellStyleXfs><cellXfs count="1"><xf {xf} xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
