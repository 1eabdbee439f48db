"""What was approved at the beginning of the year: the 绩效目标申报表, as far as it is compared."""

from __future__ import annotations

import msgspec

from jixiao.filing.model import BLANK, Entry


class ApprovedRow(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator of the approved table. ``target`` and ``weight`` (分) are as typed there."""

    name: str
    place: str
    """Where its target stands, for the reader: 申报表!C5."""
    block: str = ""
    """Id of the block whose name, or one of whose classes, stands beside it; empty for none."""
    target: Entry = BLANK
    weight: Entry = BLANK


class ApprovedGoals(msgspec.Struct, frozen=True):
    """The indicators and the year's goal; an empty ``goal`` was not found."""

    rows: tuple[ApprovedRow, ...]
    goal: str = ""
    goal_place: str = ""
