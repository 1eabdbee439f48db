"""Forms as bureaus send them out, made from an edition's official sheets by ways real forms differ.

A form on paper is cells, merged areas, and which cells are labels. Each way of :data:`WAYS` changes
it as bureaus and units do; :func:`write` makes an .xlsx, .xls or .docx of it, without our names.
"""

from __future__ import annotations

import copy
import datetime as dt
import tempfile
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from docx import Document

import filings
from jixiao.adopt.expected import expected
from jixiao.adopt.labels import key
from jixiao.filing.model import Filing, Raw
from jixiao.rubric.load import data_folder, load_rubric
from jixiao.verbs import filled
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.form import load_form
from jixiao.workbook.formula.references import Area
from jixiao.workbook.layout.records import fill_in
from jixiao.workbook.reading import read_filing
from jixiao.workbook.template import lay_out

EDITION_OF: dict[int, str] = {}
"""Of the first sheet of a form, by its identity, the edition."""
Cells = dict[tuple[int, int], Raw]
SAYING = {"heading", "label", "center", "text", "none", "total", "head"}


class Paper:
    """One sheet of a form: what stands where, what is merged, which cells are printed labels."""

    def __init__(self, name: str, cells: Cells, merges: list[Area], labels: set[tuple[int, int]]) -> None:
        self.name, self.cells, self.merges, self.labels = name, cells, merges, labels
        self.blocks: list[tuple[str, int, int]] = []
        """Block, first and last row."""
        self.header: int = 0
        self.columns: dict[str, int] = {}
        """Columns of the blocks by id."""

    @property
    def bottom(self) -> int:
        return max(row for row, _ in self.cells)

    @property
    def right(self) -> int:
        return max([column for _, column in self.cells] + [area.right for area in self.merges])

    def move(self, place: Callable[[int, int], tuple[int, int]]) -> None:
        """Everything to other places; a merged area follows its corners."""
        self.cells = {place(*at): value for at, value in self.cells.items()}
        self.labels = {place(*at) for at in self.labels}
        self.merges = [
            Area(*place(area.top, area.left), *place(area.bottom, area.right)) for area in self.merges
        ]
        self.blocks = [(id, place(first, 1)[0], place(last, 1)[0]) for id, first, last in self.blocks]
        self.header = place(self.header, 1)[0] if self.header else 0
        self.columns = {id: place(1, column)[1] for id, column in self.columns.items()}

    def insert_row(self, at: int, values: dict[int, Raw] | None = None) -> None:
        self.move(lambda row, column: (row + (row >= at), column))
        for column, value in (values or {}).items():
            self.cells[at, column] = value

    def insert_column(self, at: int) -> None:
        self.move(lambda row, column: (row, column + (column >= at)))

    def reword(self, word: Callable[[str], str]) -> None:
        for at in self.labels:
            if isinstance(self.cells.get(at), str):
                self.cells[at] = word(str(self.cells[at]))


@cache
def _filled(edition: str) -> tuple[list[Paper], Filing]:
    demo = data_folder("rubric_rules") / edition / "demo.yaml"
    if demo.exists():
        port, rubric = filled(edition, demo)
    else:
        rubric = load_rubric(edition)
        right = next((filings.FOLDER / "right").glob(f"{edition}-*.yaml"))
        port, _ = filled(edition, right)
    plan = lay_out(load_rubric(edition), load_form(edition))
    names = port.names()
    papers = []
    for page in plan.sheets:
        if page.sheet.role == "official":
            papers.append(
                _paper(port, page.sheet.name, page.sheet.print_cols or len(page.sheet.widths), names)
            )
    return papers, read_filing(port, rubric)


def _paper(port: FilePort, sheet: str, width: int, names: Any) -> Paper:
    from jixiao.workbook.bound import bound

    cells = {
        at: cell.raw
        for at, cell in port.cells(sheet).items()
        if at[1] <= width and cell.raw not in (None, "")
    }
    for at, cell in port.cells(sheet).items():
        if at in cells and cell.percent and isinstance(cell.raw, Decimal):
            cells[at] = f"{(cell.raw * 100).normalize():f}%"
    bindings = {
        name.removeprefix("jx."): home
        for name, text in names.items()
        if (home := bound(text, [sheet])) is not None
    }
    inputs = {home.position for name, home in bindings.items() if not name.startswith(("block", "column."))}
    blocks = [
        (name.removeprefix("block."), home.area)
        for name, home in bindings.items()
        if name.startswith("block.")
    ]
    ours = {
        (row, column)
        for _, area in blocks
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    }
    labels = {
        at for at, raw in cells.items() if isinstance(raw, str) and key(raw) and at not in inputs | ours
    }
    for at in list(labels):  # what a formula copies from another sheet is no label
        if port.cells(sheet)[at].formula:
            labels.discard(at)
    merges = [area for area in port.merges(sheet) if area.right <= width]
    paper = Paper(sheet, cells, merges, labels)
    scored = [(id, area) for id, area in blocks if f"column.{id}.target" in bindings]
    paper.blocks = sorted(((id, area.top, area.bottom) for id, area in scored), key=lambda one: one[1])
    for id, _ in scored:
        for name, home in bindings.items():
            if name.startswith(f"column.{id}.") and home.area.left <= width:
                paper.columns[name.rpartition(".")[2]] = home.area.left
                paper.header = home.area.top
    return paper


def papers(edition: str) -> tuple[list[Paper], Filing]:
    """The official sheets of an edition, filled in, and what is filled in."""
    made, filing = _filled(edition)
    own = copy.deepcopy(made)
    EDITION_OF[id(own[0])] = edition
    return own, filing


# ---------------------------------------------------------------- ways in which forms differ


def as_printed(forms: list[Paper]) -> list[Paper]:
    return forms


def shifted(forms: list[Paper]) -> list[Paper]:
    for one in forms:
        one.move(lambda row, column: (row + 3, column + 2))
    return forms


def unmerged(forms: list[Paper]) -> list[Paper]:
    for one in forms:
        one.merges = []
    return forms


def spaced(forms: list[Paper]) -> list[Paper]:
    for one in forms:
        one.reword(lambda text: " ".join(text) if len(text) < 12 else text)
    return forms


def wrapped(forms: list[Paper]) -> list[Paper]:
    for one in forms:
        one.reword(lambda text: text[:2] + "\n" + text[2:] if 3 < len(text) < 20 else text)
    return forms


def full_width(forms: list[Paper]) -> list[Paper]:
    table = {ord(one): ord(one) + 0xFEE0 for one in "0123456789():/,"}
    for one in forms:
        one.reword(lambda text: text.translate(table) if len(text) < 30 else text)
    return forms


def half_width(forms: list[Paper]) -> list[Paper]:
    table = str.maketrans("（）：，", "():,")
    for one in forms:
        one.reword(lambda text: text.translate(table))
    return forms


def with_colons_and_stars(forms: list[Paper]) -> list[Paper]:
    for one in forms:
        one.reword(lambda text: f"*{text.rstrip('：:')}" if len(text) < 12 and "填" not in text else text)
    return forms


def with_notes_above(forms: list[Paper]) -> list[Paper]:
    for one in forms:
        for text in ("附件3", "填表说明：请各单位据实填报，不得漏项。", "金额单位：万元"):
            one.insert_row(1, {1: text})
    return forms


def with_empty_rows(forms: list[Paper]) -> list[Paper]:
    for one in forms:
        one.insert_row(2)
        one.insert_row(one.bottom + 1, {1: "（盖章）"})
    return forms


def with_an_empty_column(forms: list[Paper]) -> list[Paper]:
    for one in forms:
        one.insert_column(1)
    return forms


def on_one_sheet(forms: list[Paper]) -> list[Paper]:
    """All forms below one another."""
    whole = forms[0]
    for one in forms[1:]:
        gap = whole.bottom + 3
        one.move(lambda row, column, gap=gap: (row + gap, column))
        whole.cells |= one.cells
        whole.merges += one.merges
        whole.labels |= one.labels
        if one.blocks:
            whole.blocks, whole.header, whole.columns = one.blocks, one.header, one.columns
    whole.name = "Sheet1"
    return [whole]


def other_sheet_names(forms: list[Paper]) -> list[Paper]:
    for number, one in enumerate(forms, 1):
        one.name = f"附件{number} 表's"
    return forms


def amid_other_sheets(forms: list[Paper]) -> list[Paper]:
    notes = Paper(
        "填表须知",
        {(1, 1): "填表须知", (2, 1): "一、本表一式两份。", (3, 1): "二、项目支出另附明细。"},
        [],
        set(),
    )
    codes = Paper("代码表", {(row, 1): f"科目{row}" for row in range(1, 30)}, [], set())
    return [notes, *forms, codes]


def columns_in_another_order(forms: list[Paper]) -> list[Paper]:
    """得分 before 分值, and the actual before the target."""
    for one in forms:
        for first, second in (("weight", "score"), ("target", "actual")):
            if first in one.columns and second in one.columns:
                _swap(one, one.columns[first], one.columns[second])
    return forms


def _swap(paper: Paper, left: int, right: int) -> None:
    """Exchange two columns in the rows of the indicators."""
    rows = range(paper.header, max(last for _, _, last in paper.blocks) + 2)
    other = {left: right, right: left}

    def place(row: int, column: int) -> tuple[int, int]:
        return (row, other.get(column, column)) if row in rows else (row, column)

    paper.cells = {place(*at): value for at, value in paper.cells.items()}
    paper.labels = {place(*at) for at in paper.labels}
    named = {column: id for id, column in paper.columns.items()}
    paper.columns[named[left]], paper.columns[named[right]] = right, left


def with_further_columns(forms: list[Paper]) -> list[Paper]:
    for one in forms:
        if one.header:
            at = one.columns["name"] + 1
            one.insert_column(at)
            one.merges = [a._replace(right=at) if a.left < a.right == at - 1 else a for a in one.merges]
            one.cells[one.header, at] = "数据来源"
            for _, first, last in one.blocks:
                for row in range(first, last + 1):
                    one.cells[row, at] = "统计报表"
    return forms


def without_reasons(forms: list[Paper]) -> list[Paper]:
    for one in forms:
        if column := one.columns.pop("reason", 0):
            rows = range(one.header, max(last for _, _, last in one.blocks) + 2)
            one.cells = {at: raw for at, raw in one.cells.items() if at[1] != column or at[0] not in rows}
    return forms


def levels_on_every_row(forms: list[Paper]) -> list[Paper]:
    """Nothing is merged; level names stand on every row."""
    for one in forms:
        for id in ("level1", "level2"):
            column = one.columns.get(id)
            for _, first, last in one.blocks if column else ():
                said: Raw = None
                for row in range(first, last + 1):
                    said = one.cells.get((row, column)) or said
                    if said and any((row, other) in one.cells for other in range(column + 1, one.right + 1)):
                        one.cells[row, column] = said
        one.merges = []
    return forms


def with_subtotals(forms: list[Paper]) -> list[Paper]:
    for one in forms:
        for number in range(len(one.blocks)):
            last = one.blocks[number][2]
            one.insert_row(last + 1, {one.columns["name"]: "小计", one.columns["weight"]: Decimal(10)})
            one.merges = [  # a merged label ends above the subtotal
                area._replace(bottom=area.bottom) for area in one.merges
            ]
    return forms


def with_the_header_again(forms: list[Paper]) -> list[Paper]:
    """As on the next page of a document."""
    for one in forms:
        if one.header:
            _, first, last = one.blocks[0]
            at = first + 2 if last > first + 2 else last + 1
            head = {column: raw for (row, column), raw in one.cells.items() if row == one.header}
            one.insert_row(at, head)
            level = [one.columns[id] for id in ("level1", "level2") if id in one.columns]
            one.merges = [a for a in one.merges if not (a.top < at <= a.bottom and a.left in level)]
            lead = min(one.columns.values())
            one.merges = [a for a in one.merges if not (a.top < at <= a.bottom and a.left < lead)]
    return forms


def with_numbered_columns(forms: list[Paper]) -> list[Paper]:
    """A row (1) (2) (3) below the header."""
    for one in forms:
        if one.header:
            row = one.header + 1
            one.insert_row(
                row, {column: f"（{n}）" for n, column in enumerate(sorted(one.columns.values()), 1)}
            )
    return forms


def with_a_two_row_header(forms: list[Paper]) -> list[Paper]:
    """The unit stands below the words; the levels below a wide 绩效指标."""
    for one in forms:
        if one.header and "level1" in one.columns:
            row = one.header
            one.insert_row(row)
            three = [one.columns[id] for id in ("level1", "level2", "name")]
            for id, column in one.columns.items():
                if id not in ("level1", "level2", "name"):
                    one.cells[row, column] = one.cells.pop((row + 1, column))
                    one.merges.append(Area(row, column, row + 1, column))
            one.cells[row, min(three)] = "指标"
            one.merges.append(Area(row, min(three), row, max(three)))
    return forms


def numbered(forms: list[Paper]) -> list[Paper]:
    words = "一二三四五六七八九十"
    for one in forms:
        for number, at in enumerate(sorted(at for at in one.labels if at[1] == min(c for _, c in one.cells))):
            text = one.cells[at]
            if isinstance(text, str) and number < len(words) and len(text) < 10:
                one.cells[at] = f"{words[number]}、{text}"
    return forms


def in_other_words(forms: list[Paper]) -> list[Paper]:
    """Every label as the edition says that others write it."""
    edition = EDITION_OF[id(forms[0])]
    rubric, form = load_rubric(edition), load_form(edition)
    others = {key(fill_in(label, rubric)): words for label, words in form.synonyms.items()}
    for one in forms:
        one.reword(lambda text: (others.get(key(text)) or [text])[-1])
        for id_, first, last in one.blocks:
            block = next(b for b in rubric.blocks if b.id == id_)
            for row in range(first, last + 1):
                at = (row, one.columns["level1"])
                if one.cells.get(at) == block.name and block.aliases:
                    one.cells[at] = block.aliases[0]
    return forms


def values_in_the_labels_cells(forms: list[Paper]) -> list[Paper]:
    """项目名称：某项目, in one cell over the places of both."""
    pages = expected(EDITION_OF[id(forms[0])]).pages
    for one in forms:
        page = next(page for page in pages if page.name == one.name)
        alone = {target.labels[0].key for target in page.targets if target.alone}
        for row, column in sorted(one.labels):
            text = str(one.cells[row, column])
            right = next((c for c in range(column + 1, one.right + 1) if (row, c) in one.cells), 0)
            if key(text) in alone and right and (row, right) not in one.labels:
                value = one.cells.pop((row, right))
                one.cells[row, column] = f"{text.rstrip('：')}：{_typed(value)}"
                whole = [a for a in one.merges if a.top == row and a.left in (column, right)]
                one.merges = [a for a in one.merges if a not in whole]
                end = max([right, *(a.right for a in whole)])
                one.merges.append(Area(row, column, max([row, *(a.bottom for a in whole)]), end))
    return forms


WAYS = (
    values_in_the_labels_cells,
    in_other_words,
    as_printed,
    shifted,
    unmerged,
    spaced,
    wrapped,
    full_width,
    half_width,
    with_colons_and_stars,
    with_notes_above,
    with_empty_rows,
    with_an_empty_column,
    on_one_sheet,
    other_sheet_names,
    amid_other_sheets,
    numbered,
)
OF_ROWS = (
    columns_in_another_order,
    with_further_columns,
    without_reasons,
    levels_on_every_row,
    with_subtotals,
    with_the_header_again,
    with_numbered_columns,
    with_a_two_row_header,
)
"""Ways that concern forms with the unit's own indicators."""


# ---------------------------------------------------------------- written


def write(forms: list[Paper], path: Path) -> None:
    {".xlsx": _xlsx, ".xls": _xls, ".docx": _docx}[path.suffix](forms, path)


def _plain(raw: Raw) -> Any:
    return float(raw) if isinstance(raw, Decimal) else raw


def _xlsx(forms: list[Paper], path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for form in forms:
        sheet = book.create_sheet(form.name)
        for at, raw in form.cells.items():
            cell = sheet.cell(*at, _plain(raw))
            if isinstance(raw, str):
                cell.data_type = "s"
        for area in form.merges:
            sheet.merge_cells(
                start_row=area.top, start_column=area.left, end_row=area.bottom, end_column=area.right
            )
    book.save(path)


def _xls(forms: list[Paper], path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    for form in forms:
        sheet = book.add_sheet(form.name)
        merged = {(area.top, area.left): area for area in form.merges}
        for area in form.merges:
            raw = _plain(form.cells.get((area.top, area.left)))
            sheet.write_merge(area.top - 1, area.bottom - 1, area.left - 1, area.right - 1, raw)
        for at, raw in form.cells.items():
            if at not in merged:
                sheet.write(at[0] - 1, at[1] - 1, _plain(raw))
    book.save(str(path))


def _docx(forms: list[Paper], path: Path) -> None:
    document = Document()
    for form in forms:
        document.add_paragraph(form.name)
        table = document.add_table(form.bottom, form.right, style="Table Grid")
        for area in form.merges:
            table.cell(area.top - 1, area.left - 1).merge(table.cell(area.bottom - 1, area.right - 1))
        for (row, column), raw in form.cells.items():
            table.cell(row - 1, column - 1).text = _typed(raw)
        document.add_paragraph("")
    document.save(str(path))


def _typed(raw: Raw) -> str:
    if isinstance(raw, Decimal):
        return f"{raw.normalize():f}"
    return raw.isoformat() if isinstance(raw, dt.date) else str(raw)


def saved(forms: list[Paper], suffix: str) -> Path:
    """The forms in a file of their own."""
    folder = Path(tempfile.mkdtemp())
    path = folder / f"2023年 自评表（某局）{suffix}"
    write(forms, path)
    return path
