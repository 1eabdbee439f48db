"""The last touch on a package that openpyxl wrote: no clock in it, and a value beside every formula.

Without stored values a workbook shows nothing in protected view, and readers that do not
calculate cannot tell an empty form from a broken one.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from xml.sax.saxutils import escape

from jixiao.workbook.layout.plan import SheetPlan, stacked

_PROGRAM = re.compile(r"(<Application>)[^<]*(</Application>)")
_MODIFIED = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_FORMULA = re.compile(r'<c r="([A-Z]+\d+)"( s="\d+")?><f>(.*?)</f><v(?: ?/>|></v>)</c>', re.DOTALL)
_FIXED_ROW = re.compile(r'(<row r="(\d+)"(?: ht="[^"]*")?) customHeight="1"')
_LABEL_FORMAT = re.compile(r'(<(?:c:)?numFmt formatCode="[^"]*") ?/>')
_REFERENCE = re.compile(r"&#(\d+);")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def settled(raw: bytes, moment: datetime, pages: list[SheetPlan]) -> bytes:
    """The same package with fixed times, stored values, and rows that may fit their text."""
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    sheets = {f"xl/worksheets/sheet{number}.xml": page for number, page in enumerate(pages, 1)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = _REFERENCE.sub(_letter, old.read(name).decode("utf-8"))
            if name == "docProps/core.xml":
                text = _MODIFIED.sub(rf"\g<1>{stamp}\g<2>", text)
            elif name == "docProps/app.xml":
                text = _PROGRAM.sub(r"\g<1>jixiao\g<2>", text)
            elif name in sheets:
                page = sheets[name]
                text = _soft_rows(_with_values(text, _blanks(page)), page.soft | page.growing.keys())
                text = _without_warnings(text, page)
            elif name.startswith("xl/charts/"):
                text = _LABEL_FORMAT.sub(r'\1 sourceLinked="0"/>', text)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, text.encode("utf-8"))
    return buffer.getvalue()


def _letter(match: re.Match[str]) -> str:
    """A Chinese letter as itself: shorter, and faster to read than its number."""
    code = int(match[1])
    return chr(code) if code > 127 else match[0]


def _blanks(page: SheetPlan) -> dict[str, str]:
    """What each formula of a sheet gives while the form is empty, by address."""
    formulas = [cell for cell in page.cells if cell.content.formula]
    return {cell.box.anchor().address(absolute=False): cell.content.blank for cell in formulas}


def _without_warnings(sheet: str, page: SheetPlan) -> str:
    """No green corners on numbers in cells that are text on purpose (目标值, 电话)."""
    cells = [
        cell.box.anchor() for cell in page.cells if cell.content.format == "@" and not cell.content.formula
    ]
    if not cells:
        return sheet
    areas = " ".join(area.address(absolute=False) for area in stacked(cells))
    ignored = f'<ignoredErrors><ignoredError sqref="{areas}" numberStoredAsText="1"/></ignoredErrors>'
    before = sheet.rfind("<drawing")
    before = before if before >= 0 else sheet.rfind("</worksheet>")
    return sheet[:before] + ignored + sheet[before:]


def _soft_rows(sheet: str, rows: set[int]) -> str:
    """Take back that a row's height was set by hand: editing the row then fits it to its text."""

    def row(match: re.Match[str]) -> str:
        return match[1] if int(match[2]) in rows else match[0]

    return _FIXED_ROW.sub(row, sheet)


def _with_values(sheet: str, values: dict[str, str]) -> str:
    def cell(match: re.Match[str]) -> str:
        address, style, formula = match[1], match[2] or "", match[3]
        value = values[address]
        kind = "" if _NUMBER.fullmatch(value) else ' t="str"'
        return f'<c r="{address}"{style}{kind}><f>{formula}</f><v>{escape(value)}</v></c>'

    text, count = _FORMULA.subn(cell, sheet)
    if count != len(values):
        raise AssertionError(f"{len(values)} formulas planned, {count} found in the sheet")
    return text
