"""Workbooks that openpyxl will not read although spreadsheet programs do: the same cells by way of lxml."""

from __future__ import annotations

import datetime as dt
import posixpath
import zipfile
from functools import cached_property
from io import BytesIO
from typing import Any

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.cell import coordinate_from_string
from openpyxl.utils.datetime import from_excel

Cells = dict[tuple[int, int], tuple[Any, str, bool]]
"""Value, number format, whether it is an error."""


class PlainBook:
    """Names, sheets and cells, and nothing else."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            self._parts = {one.filename.lower(): archive.read(one) for one in archive.infolist()}
        home = self._related("", "officeDocument")[0]
        book = self._xml(home)
        self.names = {
            one.get("name"): one.text or ""
            for one in book.iterfind("{*}definedNames/{*}definedName")
            if one.get("localSheetId") is None
        }
        links = self._links(home)
        self.sheets = {
            one.get("name"): links.get(next((v for k, v in one.attrib.items() if k.endswith("}id")), ""), "")
            for one in book.iterfind("{*}sheets/{*}sheet")
        }
        self._home = home
        self._formats = [one for part in self._related(home, "styles") for one in self._styles(part)]

    @cached_property
    def _texts(self) -> list[str]:
        """Shared by the cells, if any of them wants one."""
        return [
            _text(item) for part in self._related(self._home, "sharedStrings") for item in self._xml(part)
        ]

    def cells(self, sheet: str) -> Cells:
        found: Cells = {}
        row_number = 0
        for row in self._xml(self.sheets[sheet]).iterfind("{*}sheetData/{*}row"):
            row_number = int(row.get("r") or row_number + 1)
            column = 0
            for cell in row.iterfind("{*}c"):
                place = cell.get("r") or f"{get_column_letter(column + 1)}{row_number}"
                letters, row_number = coordinate_from_string(place)
                column = column_index_from_string(letters)
                value = self._value(cell)
                if value[0] is not None:
                    found[row_number, column] = value
        return found

    def _value(self, cell: Any) -> tuple[Any, str, bool]:
        kind, style = cell.get("t", "n") or "n", cell.get("s", "")
        shown = (
            self._formats[int(style)] if style.isdecimal() and int(style) < len(self._formats) else "General"
        )
        held = cell.find("{*}v")
        text = None if held is None else held.text
        if kind == "inlineStr":
            inline = cell.find("{*}is")
            return (None if inline is None else _text(inline)), shown, False
        if kind == "str":
            return text, shown, False
        if text is None:
            return ("" if kind == "e" else None), shown, kind == "e"
        if kind == "s":
            known = text.strip().isdecimal() and int(text) < len(self._texts)
            return (self._texts[int(text)] if known else None), shown, False
        if kind == "e":
            return text, shown, True
        if kind == "b":
            text = text.strip()
            return text == "true" or (text.isdecimal() and int(text) > 0), shown, False
        if kind == "d":
            return _day(text), shown, False
        if kind != "n":
            return None, shown, False
        try:
            number = float(text)
        except ValueError:
            return text, shown, False
        if number != number or abs(number) == float("inf"):
            return text, shown, False
        if is_date_format(shown) and not is_timedelta_format(shown):
            try:
                return from_excel(number), shown, False
            except (ValueError, OverflowError):
                return number, shown, False
        return number, shown, False

    def _styles(self, part: str) -> list[str]:
        root = self._xml(part, leniently=True)  # what is wrong with a colour does not matter here
        own = {one.get("numFmtId"): one.get("formatCode") for one in root.iterfind("{*}numFmts/{*}numFmt")}
        used = [one.get("numFmtId", "0") for one in root.iterfind("{*}cellXfs/{*}xf")]
        return [
            own.get(id) or BUILTIN_FORMATS.get(int(id) if id.isdecimal() else 0, "General") for id in used
        ]

    def _xml(self, part: str, *, leniently: bool = False) -> Any:
        parser = etree.XMLParser(
            resolve_entities=False, huge_tree=True, remove_comments=True, recover=leniently
        )
        return etree.fromstring(self._parts[part.lower()], parser)

    def _links(self, part: str) -> dict[str, str]:
        folder, name = posixpath.split(part)
        rels = f"{folder}/_rels/{name}.rels".lstrip("/") if part else "_rels/.rels"
        if rels.lower() not in self._parts:
            return {}
        return {one.get("Id"): self._target(folder, one.get("Target", "")) for one in self._xml(rels)}

    def _related(self, part: str, kind: str) -> list[str]:
        folder, name = posixpath.split(part)
        rels = f"{folder}/_rels/{name}.rels".lstrip("/") if part else "_rels/.rels"
        if rels.lower() not in self._parts:
            return []
        return [
            self._target(folder, one.get("Target", ""))
            for one in self._xml(rels)
            if one.get("Type", "").endswith("/" + kind)
        ]

    def _target(self, folder: str, target: str) -> str:
        return (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(f"{folder}/{target}".lstrip("/"))
        )


def _text(element: Any) -> str:
    """The text without phonetic guides."""
    runs = [*element.iterfind("{*}t"), *element.iterfind("{*}r/{*}t")]
    return "".join(one.text or "" for one in runs)


def _day(text: str) -> Any:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment if "T" in text else moment.date()
