"""Marks on the cells in question: a fill by severity and a note, put on and taken off without trace.

The ledger remembers for each marked cell which fill it had and which we gave it, so a fill that the
user has changed since is told apart and stays. Our notes are known by their first line and our colours
by themselves wherever they stand: a row copied with its marks or inserted below one brings notes and
fills along that no record knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from jixiao.checking.finding import Finding, Severity, summary
from jixiao.filing.model import Place
from jixiao.rubric.model import Rubric
from jixiao.workbook import ledger
from jixiao.workbook.added_sheets import give_sheet, take_sheet
from jixiao.workbook.bound import Bindings, position_of
from jixiao.workbook.carried import forget
from jixiao.workbook.file.fill_text import plain_color
from jixiao.workbook.file.values import storable
from jixiao.workbook.formula.references import address, parse_area
from jixiao.workbook.ledger import Ledger
from jixiao.workbook.marking.findings_list import clear_list, write_list
from jixiao.workbook.marking.severity_colors import COLORS
from jixiao.workbook.port import Port, Position

FIRST_LINE = "【绩效自评 校验】"
_KIND = "mark"
_LONGEST_NOTE = 16_000
_REST = "\n……其余见“校验结果”。"
_COLORS = frozenset(f"#{color}" for color in COLORS.values())


class Mark(msgspec.Struct, frozen=True):
    """What a cell gets: ``fill`` is a colour as ``#FEC7CF``."""

    fill: str
    note: str


class Painted(msgspec.Struct, frozen=True):
    """A marked cell as the ledger keeps it: the fill it had, and the colour we gave it."""

    before: str
    fill: str


def write_marks(port: Port, rubric: Rubric, findings: Sequence[Finding], said: str = "") -> list[str]:
    """Mark the cells in question and write the list, in place of all earlier marks and the earlier list.

    Above the list stands how the check went, or what is ``said`` of findings that are not all there are.
    Returns in words what could not be written.
    """
    give_sheet(port, rubric, "findings")
    _mark(port, _wanted(port, findings))
    return write_list(port, findings, said or _summary(rubric, findings))


def clear_marks(port: Port) -> int:
    """Take away all marks and empty the list; returns how many cells were marked."""
    cleared = _mark(port, {})
    clear_list(port)
    forget(port)
    take_sheet(port, "findings")
    return cleared


def marked_cells(port: Port) -> list[Place]:
    """The cells that bear our colour or our note, as one reads: by sheet, line, column."""
    own = Bindings(port)["findings"]
    passed_over = {ledger.SHEET, own.sheet if own else ""}
    found = []
    for sheet in port.sheets():
        if sheet not in passed_over:
            noted = {cell for cell, text in port.notes(sheet).items() if _is_ours(text)}
            marked = sorted(noted | set(port.filled(sheet, _COLORS)))
            found += [Place(sheet, address(*cell)) for cell in marked]
    return found


def _summary(rubric: Rubric, findings: Sequence[Finding]) -> str:
    missing = sum(finding.missing for finding in findings)
    if missing:
        verdict = f"还差 {missing} 项，填好才能上报。"
    elif any(finding.severity is Severity.ERROR for finding in findings):
        verdict = "没有缺项，请改正错误后再上报。"
    else:
        verdict = "没有缺项，没有错误。"
    return f"{summary(findings)}　　{verdict}　　评分规则：{rubric.title} {rubric.version} 版"


def _wanted(port: Port, findings: Sequence[Finding]) -> dict[str, dict[Position, Mark]]:
    """By sheet, the mark of each cell that is in question and can be seen."""
    own = Bindings(port)["findings"]
    sheets = set(port.sheets()) - {ledger.SHEET, own.sheet if own else ""}
    about: dict[str, dict[Position, list[Finding]]] = {}
    for finding in findings:
        for place in dict.fromkeys(finding.places):
            area = parse_area(place.cell)
            if area and place.sheet in sheets:
                cells = about.setdefault(place.sheet, {})
                cells.setdefault((area.top, area.left), []).append(finding)
    return {
        sheet: {cell: _mark_for(cells[cell]) for cell in cells.keys() - set(port.covered(sheet, list(cells)))}
        for sheet, cells in about.items()
    }


def _mark_for(findings: Sequence[Finding]) -> Mark:
    gravest = min((finding.severity for finding in findings), key=list(Severity).index)
    said = "\n".join(f"[{finding.severity} {finding.code}] {finding.text()}" for finding in findings)
    if len(said) > _LONGEST_NOTE:
        said = said[:_LONGEST_NOTE] + _REST
    return Mark(f"#{COLORS[gravest]}", storable(f"{FIRST_LINE}\n{said}"))


def _mark(port: Port, wanted: Mapping[str, Mapping[Position, Mark]]) -> int:
    """Make these the marks of the workbook; returns how many cells were marked before."""
    book = Ledger(port)
    known = book.load(_KIND, Painted)
    originals = _Originals(known)
    own = Bindings(port)["findings"]
    kept: dict[Place, Painted] = {}
    before = 0
    for sheet in port.sheets():
        if sheet != ledger.SHEET:
            listed = own is not None and sheet == own.sheet
            painted = [] if listed else port.filled(sheet, _COLORS)
            page = _Page(port, sheet, originals, painted, wanted.get(sheet, {}))
            before += page.marked
            kept |= page.mark()
    if kept != known:
        book.save(_KIND, dict(sorted(kept.items())))
    return before


class _Originals:
    """The cells that the ledger knows."""

    def __init__(self, known: Mapping[Place, Painted]) -> None:
        self._by_sheet: dict[str, dict[Position, Painted]] = {}
        self._by_color: dict[str, list[tuple[str, Position, str]]] = {}
        for place, one in known.items():
            position = position_of(place)
            self._by_sheet.setdefault(place.sheet, {})[position] = one
            self._by_color.setdefault(one.fill, []).append((place.sheet, position, one.before))

    def on(self, sheet: str) -> Mapping[Position, Painted]:
        return self._by_sheet.get(sheet, {})

    def before(self, sheet: str, cell: Position, color: str | None) -> str | None:
        """What the nearest cell that we gave this colour had before, one in the same column rather."""

        def distance(original: tuple[str, Position, str]) -> tuple[bool, bool, int]:
            title, (row, column), _ = original
            return column != cell[1], title != sheet, abs(row - cell[0])

        known = self._by_color.get(color or "")
        return min(known, key=distance)[2] if known else None


class _Page:
    """The marks of one sheet as they stand, and as they are wanted; ``painted`` has one of our colours."""

    def __init__(
        self,
        port: Port,
        sheet: str,
        originals: _Originals,
        painted: Sequence[Position],
        wanted: Mapping[Position, Mark],
    ) -> None:
        self._port = port
        self._sheet = sheet
        self._originals = originals
        self._painted = set(painted)
        self._wanted = wanted
        self._records = originals.on(sheet)
        self._notes = port.notes(sheet)
        self._ours = {cell: text for cell, text in self._notes.items() if _is_ours(text)}
        cells = sorted(self._records.keys() | self._ours.keys() | self._painted | wanted.keys())
        self._fills = port.fills(sheet, cells) if cells else {}

    @property
    def marked(self) -> int:
        """How many cells bear our colour or our note."""
        known = {cell for cell, one in self._records.items() if plain_color(self._fills[cell]) == one.fill}
        return len(known | self._painted | self._ours.keys())

    def mark(self) -> dict[Place, Painted]:
        """Make the marks what is wanted, touching only what differs; gives what the ledger keeps."""
        before = {cell: self._before(cell, fill) for cell, fill in self._fills.items()}
        fills = before | {cell: mark.fill for cell, mark in self._wanted.items()}
        paint = {
            cell: fill
            for cell, fill in fills.items()
            if fill not in (self._fills[cell], plain_color(self._fills[cell]))
        }
        if paint:
            self._port.paint(self._sheet, paint)
        self._write_notes()
        return {
            Place(self._sheet, address(*cell)): Painted(before[cell], mark.fill)
            for cell, mark in self._wanted.items()
        }

    def _before(self, cell: Position, present: str) -> str:
        """The fill of a cell without our mark; one that the user has given it since is his.

        A cell that no record knows got the mark from another. Where no record tells which fill that one
        had, one of our colours goes and any other stays.
        """
        record = self._records.get(cell)
        color = plain_color(present)
        if record is not None:
            return record.before if color == record.fill or color in _COLORS else present
        if cell not in self._ours and cell not in self._painted:
            return present
        before = self._originals.before(self._sheet, cell, color)
        if before is not None:
            return before
        return "" if color in _COLORS else present

    def _write_notes(self) -> None:
        """A cell with a note of the user's gets none of ours; the list tells what is to be said."""
        texts = {
            cell: mark.note
            for cell, mark in self._wanted.items()
            if cell in self._ours or cell not in self._notes
        }
        outdated = [cell for cell, text in self._ours.items() if texts.get(cell) != text]
        new = {cell: text for cell, text in texts.items() if self._ours.get(cell) != text}
        if outdated:
            self._port.remove_notes(self._sheet, outdated)
        if new:
            self._port.add_notes(self._sheet, new)


def _is_ours(note: str) -> bool:
    return note.split("\n", 1)[0].rstrip() == FIRST_LINE
