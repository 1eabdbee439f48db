"""报送版: the form as it is handed in, with values only and without what is of use to us alone.

The names that bind the fields stay, so that whoever receives it can check it with the same rules.
"""

from __future__ import annotations

from jixiao.workbook.bound import Bindings, bound
from jixiao.workbook.file.file_port import FilePort
from jixiao.workbook.form import Form
from jixiao.workbook.formula.references import address
from jixiao.workbook.ledger import SHEET
from jixiao.workbook.marking.marks import clear_marks
from jixiao.workbook.port import Edit

_HELPING = {"guide", "findings", "analysis", "records"}


def helper_sheets(port: FilePort, form: Form) -> list[str]:
    """The sheets that are no part of what is handed in, renamed ones too where a name tells them."""
    bindings = Bindings(port)
    ours = () if bindings.adopted else form.sheets  # a bureau may call a sheet of its own 填报说明
    called = {sheet.name for sheet in ours if sheet.role in _HELPING} | {SHEET}
    called |= {home.sheet for name in ("findings", "analysis") if (home := bindings[name])}
    return [sheet for sheet in port.sheets() if sheet in called]


def strip(port: FilePort, helpers: list[str]) -> list[str]:
    """Take off the marks, put values in the place of formulas, drop the names of the helper sheets.

    The helper sheets themselves are the host's to delete. Returns the cells that keep their formula
    because it shows an error.
    """
    clear_marks(port)
    kept = []
    for sheet in port.sheets():
        if sheet in helpers:
            continue
        edits = []
        for position, cell in port.cells(sheet).items():
            if cell.error or cell.uncalculated:
                kept.append(f"{sheet}!{address(*position)}")
            elif cell.formula:
                edits.append(Edit(*position, cell.raw))
        port.write(sheet, edits)
    sheets = port.sheets()
    homes = {name: bound(refers_to, sheets) for name, refers_to in port.names().items()}
    port.remove_names([name for name, home in homes.items() if home and home.sheet in helpers])
    return kept
