"""The one door to workbooks: what a file and a live Excel must both be able to do.

A port reads a sheet in one block and writes a sheet in one batch, so that the number of host
calls does not grow with the number of cells. Rows and columns count from 1.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import msgspec

from jixiao.filing.model import Raw

Position = tuple[int, int]
"""Row and column, from 1."""


class Cell(msgspec.Struct, frozen=True, gc=False):
    """A cell as it is read. ``raw`` of a formula is its last calculated value."""

    raw: Raw = None
    formula: str = ""
    """Without the leading ``=``; empty for a plain value."""
    error: str = ""
    """``#DIV/0!`` and the like; then ``raw`` is None."""
    percent: bool = False
    uncalculated: bool = False
    """A formula whose value is not in the workbook."""


class Edit(msgspec.Struct, frozen=True):
    """One change to one cell.

    A plain ``value`` replaces what stands there (text is always text, never a formula);
    ``formula`` writes a formula whose present value is ``value``; ``refresh`` keeps the formula
    that stands there and only renews its stored value.
    """

    row: int
    column: int
    value: Raw = None
    formula: str = ""
    refresh: bool = False
    number_format: str = ""
    """How the cell shows numbers from now on; all else of its look stays."""


class Port(Protocol):
    """A workbook, in a file or in a live spreadsheet program."""

    def sheets(self) -> list[str]:
        """Names of the sheets, hidden ones too, in order."""

    def names(self) -> Mapping[str, str]:
        """Defined names of the workbook: name -> what it refers to (``自评表!$A$1:$J$9``, ``"text"``)."""

    def cells(self, sheet: str) -> Mapping[Position, Cell]:
        """All cells of a sheet that hold something, read in one block."""

    def notes(self, sheet: str) -> Mapping[Position, str]:
        """Texts of the notes (批注) on a sheet; a note whose text cannot be read is ``""``."""

    def write(self, sheet: str, edits: Sequence[Edit]) -> None:
        """Change cells of a sheet in one batch; everything not named in an edit stays as it is."""

    def fills(self, sheet: str, cells: Sequence[Position]) -> Mapping[Position, str]:
        """The fill of each cell as a text that :meth:`paint` of any port accepts again.

        ``""`` for none, ``#FFC7CE`` or the XML of a fill (see :mod:`jixiao.workbook.file.fill_text`).
        """

    def filled(self, sheet: str, colors: Collection[str]) -> list[Position]:
        """The cells, empty ones too, whose fill is plainly one of these colours (``#FFC7CE``)."""

    def paint(self, sheet: str, fills: Mapping[Position, str]) -> None:
        """Give cells a fill: ``#FFC7CE``, ``""`` for none, or a text from :meth:`fills`."""

    def covered(self, sheet: str, cells: Sequence[Position]) -> Collection[Position]:
        """Those of the cells that a merged area hides: its cells but for the top left one."""

    def widths(self, sheet: str) -> Mapping[int, float]:
        """Widths of the columns that have one of their own; 0 for a hidden column."""

    def set_heights(self, sheet: str, heights: Mapping[int, float]) -> None:
        """Give rows a height in points; 0 lets a row fit itself to its text again."""

    def add_notes(self, sheet: str, notes: Mapping[Position, str]) -> None:
        """Put notes on cells that have none."""

    def remove_notes(self, sheet: str, cells: Sequence[Position]) -> None:
        """Take the notes off these cells."""

    def add_sheet(self, sheet: str, *, hidden: bool = False) -> None:
        """Add an empty sheet at the end; ``hidden`` hides it from the user's menus."""

    def save(self) -> None:
        """Make the changes last."""
