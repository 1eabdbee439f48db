"""From edits to changed cells: everything is checked before anything is changed.

A text is stored in the cell itself, so the workbook's shared strings stay as they were; a text that
begins like a formula carries Excel's own mark of text, so it does not become one when the user
edits it later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from jixiao.filing.model import Raw
from jixiao.workbook.errors import BadRequest, CoveredCell, PartOfArray, TableHeader
from jixiao.workbook.file.number_formats import Shown
from jixiao.workbook.file.sheet_edit import CellChange, Content, children, inside
from jixiao.workbook.file.sheet_xml import CellXml, SheetXml
from jixiao.workbook.file.styles_xml import Styles
from jixiao.workbook.file.values import check_storable, day_number, encode_number, encode_text
from jixiao.workbook.file.xml_spans import attribute_text, element_text
from jixiao.workbook.formula.references import Area, address, area_text
from jixiao.workbook.port import Cell, Edit, Position


class Plan(msgspec.Struct):
    """What a batch of edits will do."""

    changes: dict[Position, CellChange]
    renewed: set[Position]
    """Formula cells whose stored value is the present one."""
    valued: set[Position]
    """Cells that have another value than before."""
    formulas_moved: bool = False
    """A cell got a formula or lost one."""


class Writer:
    """Plans the edits of one sheet."""

    def __init__(
        self,
        sheet: SheetXml,
        title: str,
        cells: Mapping[Position, Cell],
        styles: Styles,
        shown: Sequence[Shown],
        *,
        from_1904: bool,
    ) -> None:
        self._sheet = sheet
        self._title = title
        self._cells = cells
        self._styles = styles
        self._shown = shown
        self._from_1904 = from_1904
        self._plan = Plan({}, set(), set())

    def plan(self, edits: Sequence[Edit], headings: Sequence[tuple[Area, str]]) -> Plan:
        """Check all edits and work out the changed cells; of two edits of a cell the later counts.

        ``headings`` are the heading rows of Excel tables, with the table's name. Raises a BadRequest.
        """
        last = {(edit.row, edit.column): edit for edit in edits}
        merges = self._sheet.merges()
        for position, edit in last.items():
            self._check(position, edit, merges, headings)
        for position, edit in last.items():
            self._apply(position, edit)
        self._pass_on_shared(last)
        return self._plan

    def _check(
        self, position: Position, edit: Edit, merges: Sequence[Area], headings: Sequence[tuple[Area, str]]
    ) -> None:
        row, column = position
        if not inside(row, column):
            raise BadRequest(f"工作表“{self._title}”没有第 {row} 行第 {column} 列的单元格，没有写入。")
        place = f"{self._title}!{address(row, column)}"
        check_storable(edit.value, place)
        if edit.formula:
            check_storable(edit.formula, place)
            if len(edit.formula) > 8192:
                raise BadRequest(f"{place} 的公式超过 8192 个字，单元格存不下。请拆成几格计算。")
        if edit.refresh:
            return
        gives = edit.formula or not _empty(edit.value)
        for area in merges if gives else ():
            if area.holds(row, column) and (row, column) != (area.top, area.left):
                raise CoveredCell(
                    f"{place} 被合并单元格 {area_text(area)} 盖住，填了也看不见，没有写入。请填在左上角的 "
                    f"{address(area.top, area.left)}。"
                )
        self._check_array(row, column, place)
        for area, table in headings:
            if area.holds(row, column) and edit.value != self._value(position):
                raise TableHeader(
                    f"{place} 是表格“{table}”的标题，改动它会损坏文件，没有写入。请在 Excel 里修改标题。"
                )

    def _check_array(self, row: int, column: int, place: str) -> None:
        array = self._sheet.array_at(row, column)
        if array and not array[0].single:
            raise PartOfArray(
                f"{place} 属于数组公式 {area_text(array[0])}，不能只改其中一格，没有写入。请先在 Excel "
                "里清除整个数组公式。"
            )

    def _value(self, position: Position) -> Raw:
        return self._cells[position].raw if position in self._cells else None

    def _apply(self, position: Position, edit: Edit) -> None:
        old = self._cells.get(position, Cell())
        cell = self._sheet.cells.get(position)
        style = None
        if edit.number_format:
            present = self._sheet.style_at(*position)
            style = self._styles.with_number_format(present, edit.number_format)
        if edit.refresh:
            self._refresh(position, edit, old, cell, style)
            return
        formula = edit.formula.removeprefix("=")
        same = not old.error and _same(old.raw, edit.value) and old.formula == formula
        content = None if same and not old.uncalculated else self._content(edit.value, formula)
        if not same:
            self._plan.valued.add(position)
        if bool(formula) != bool(old.formula) or (formula and formula != old.formula):
            self._plan.formulas_moved = True
        if formula and edit.value is not None:
            self._plan.renewed.add(position)
        style = (
            self._fitting(position, edit.value, style, bool(formula))
            if content or style is not None
            else style
        )
        if content is None and style is None:
            return
        if cell is None and style is None and not (content and content.xml):
            return
        self._plan.changes[position] = CellChange(style, content)

    def _refresh(
        self, position: Position, edit: Edit, old: Cell, cell: CellXml | None, style: int | None
    ) -> None:
        """A cell whose formula the user has replaced by a value keeps that value."""
        content = None
        if old.formula and cell is not None:
            self._plan.renewed.add(position)
            if not _same(old.raw, edit.value) or old.error or old.uncalculated:
                kept = b"".join(
                    node.xml for node in children(self._sheet, cell).children if node.local == "f"
                )
                kind, value = self._cached(edit.value)
                content = Content(kind, kept + value)
                self._plan.valued.add(position)
        if content is not None or style is not None:
            self._plan.changes[position] = CellChange(style, content)

    def _content(self, value: Raw, formula: str) -> Content:
        if formula:
            kind, cached = self._cached(value)
            return Content(kind, self._element("f", element_text(formula)) + cached)
        if isinstance(value, str):
            text = (
                self._element("t", element_text(encode_text(value)), b' xml:space="preserve"')
                if value
                else b""
            )
            return Content("inlineStr", self._element("is", text)) if value else Content()
        kind, xml = self._cached(value)
        return Content(kind, xml)

    def _cached(self, value: Raw) -> tuple[str, bytes]:
        """Type and ``<v>`` of a value that a formula has, or of a plain number, truth value or day."""
        if value is None:
            return "n", b""
        if isinstance(value, str):
            return "str", self._element("v", element_text(encode_text(value)), _preserved(value))
        if isinstance(value, bool):
            return "b", self._element("v", b"1" if value else b"0")
        if isinstance(value, dt.date):
            return "n", self._element("v", day_number(value, from_1904=self._from_1904).encode())
        return "n", self._element("v", encode_number(value).encode())

    def _element(self, name: str, text: bytes, attributes: bytes = b"") -> bytes:
        tag = f"{self._sheet.prefix}{name}".encode()
        return b"<" + tag + attributes + b">" + text + b"</" + tag + b">"

    def _fitting(self, position: Position, value: Raw, style: int | None, formula: bool) -> int | None:
        """The format that shows the value as what it is: day, text or number; None to leave it alone."""
        present = self._sheet.style_at(*position) if style is None else style
        display = self._shown[present] if present < len(self._shown) else None
        if isinstance(value, dt.date):
            time = isinstance(value, dt.datetime)
            fits = (Shown.DATE_AND_TIME,) if time else (Shown.DATE,)
            return style if display in fits else self._styles.with_date(present, time=time)
        if isinstance(value, str) and not formula and len(value) > 1 and value[0] in "=+-@":
            return self._styles.as_text(present)
        if (
            isinstance(value, Decimal)
            and not isinstance(value, bool)
            and display in (Shown.DATE, Shown.DATE_AND_TIME)
        ):
            return self._styles.without_date(present)
        return style

    def _pass_on_shared(self, edits: Mapping[Position, Edit]) -> None:
        """Where the holder of a shared formula's text loses it, the next cell of the family takes it over."""
        for key, holder in self._sheet.shared.items():
            mine = self._plan.changes.get((holder.row, holder.column))
            edit = edits.get((holder.row, holder.column))
            if mine is None or mine.content is None or edit is None or edit.refresh:
                continue
            family = [
                cell
                for position, cell in self._sheet.cells.items()
                if cell.formula is not None and cell.master.get("si") == key and cell is not holder
                and not (position in self._plan.changes and not edits[position].refresh
                         and self._plan.changes[position].content)
            ]  # fmt: skip
            if family:
                self._take_over(family, key)

    def _take_over(self, family: Sequence[CellXml], key: str) -> None:
        heir = family[0]
        rows, columns = [c.row for c in family], [c.column for c in family]
        area = Area(min(rows), min(columns), max(rows), max(columns))
        formula = element_text(self._sheet.formula_at(heir.row, heir.column))
        attributes = f' t="shared" ref="{area_text(area)}" si="'.encode() + attribute_text(key) + b'"'
        planned = self._plan.changes.get((heir.row, heir.column), CellChange())
        node = children(self._sheet, heir)
        kept = b"".join(
            n.xml for n in node.children if n.local not in ("f", *(("v",) if planned.content else ()))
        )
        value = b""
        if planned.content is not None:
            at = planned.content.xml.find(b"<" + self._sheet.prefix.encode() + b"v")
            value = planned.content.xml[at:] if at >= 0 else b""
        kind = planned.content.kind if planned.content else heir.attributes.get("t", "n")
        content = Content(kind, self._element("f", formula, attributes) + kept + value)
        self._plan.changes[heir.row, heir.column] = CellChange(planned.style, content)


def _empty(value: Raw) -> bool:
    return value is None or value == ""


def _same(old: Raw, new: Raw) -> bool:
    return (_empty(old) and _empty(new)) or (type(old) is type(new) and old == new)


def _preserved(text: str) -> bytes:
    return b' xml:space="preserve"' if text != text.strip() or "\n" in text else b""
