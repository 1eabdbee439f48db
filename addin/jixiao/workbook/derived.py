"""The form's own sums and copies, renewed after cells were written in a file.

Until Excel opens the file, nobody calculates: without this, the total, the ticks of the grade and
the unit's name would be blank to every reader without a calculator. Each formula is worked out as
it stands, so that a formula the user changed gets its own value and never ours; what we do not
plainly understand is left to Excel.
"""

from __future__ import annotations

from jixiao.rubric.model import Rubric
from jixiao.workbook.bound import Bindings
from jixiao.workbook.formula.calculation import Calculator
from jixiao.workbook.formula.values import Fault, Unknown
from jixiao.workbook.port import Edit, Port
from jixiao.workbook.reading import form_fields


def refresh(port: Port, rubric: Rubric) -> None:
    """Renew the stored values of formulas on the form's sheets (not on sheets the user added)."""
    calculator = Calculator(port)
    edits: dict[str, list[Edit]] = {}
    for sheet in _sheets(port, rubric):
        for position in calculator.formulas(sheet):
            try:
                value = calculator.at(sheet, position)
            except (Unknown, Fault):
                continue
            edits.setdefault(sheet, []).append(Edit(*position, value, refresh=True))
    for sheet, renewed in edits.items():
        port.write(sheet, renewed)


def _sheets(port: Port, rubric: Rubric) -> list[str]:
    """The sheets on which something of the form stands, in the order of the workbook."""
    bindings = Bindings(port)
    names = [*form_fields(rubric), *(f"block.{block.id}" for block in rubric.blocks), "analysis"]
    ours = {where.sheet for where in map(bindings.__getitem__, names) if where}
    return [sheet for sheet in port.sheets() if sheet in ours]
