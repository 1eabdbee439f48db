"""Whole sheets that are gone from a form: told by the sheet's name, not cell by cell."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from jixiao.filing.model import Gap
from jixiao.rubric.errors import RuleError
from jixiao.rubric.model import Rubric
from jixiao.workbook.bound import PREFIX


def with_sheets(
    gaps: Sequence[Gap], rubric: Rubric, read: Collection[str], sheets: Collection[str]
) -> list[Gap]:
    """The gaps, each with the sheet that it went with, if nothing of that sheet is left.

    ``read`` are all names that the form should have, ``sheets`` the sheets of the workbook.
    """
    homes = _homes(rubric)
    gone = {gap.what for gap in gaps}
    whole = {sheet for name, sheet in homes.items() if name in read}
    whole -= {sheet for name, sheet in homes.items() if name in read and name not in gone}
    return [
        msgspec.structs.replace(gap, sheet=sheet, stands=sheet in sheets)
        if (sheet := homes.get(gap.what, "")) in whole
        else gap
        for gap in gaps
    ]


def _homes(rubric: Rubric) -> dict[str, str]:
    """The sheet of every name on the form of the edition; nothing for an edition whose form is not found."""
    from jixiao.workbook.form import load_form
    from jixiao.workbook.template import lay_out

    try:
        plan = lay_out(rubric, load_form(rubric.id, rules=rubric.rules))
    except RuleError:
        return {}
    return {PREFIX + name: box.sheet for name, box in plan.names.items()}
