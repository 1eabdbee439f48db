"""Tables of amounts: a total row, and a column of rates, where the other figures show how they are meant.

How a table adds up is not told by its words. A total is wrong only where the same rows add up to
the total in another column; a rate only where it is the quotient of the same two columns elsewhere.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from jixiao.audit.document import Document, Table, Words
from jixiao.audit.remark import Remarks
from jixiao.filing.quantity import plain
from jixiao.scoring.arithmetic import rounded

_AMOUNT = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?")
_RATE = re.compile(r"(-?\d+(?:\.\d+)?)%")
_TOTAL = re.compile(r"^(?:合计|总计|共计)$")
_RATED = re.compile(r"执行率|支出率|支付率|占比|比重")
_RATIO = re.compile("%|率|占比|比重|比例|平均|人均|单价|标准")
"""A column that does not add up."""
_POINTS = re.compile("分值|得分|评分|权重")
_ALIKE_AT_LEAST = 2
"""So many rows must show how a rate is meant."""
Rows = Sequence[Sequence[Words]]


def check_columns(document: Document, remarks: Remarks) -> None:
    """Every table of one document that has a total row or a column of rates."""
    for table in document.tables:
        width = max((len(row) for row in table.rows), default=0)
        rows = [row for row in table.rows if len(row) == width]
        _check_totals(rows, remarks)
        _check_rates(table, rows, remarks)


def _check_totals(rows: Rows, remarks: Remarks) -> None:
    at = [number for number, row in enumerate(rows) if row and _TOTAL.match(row[0].text)]
    if len(at) != 1:
        return
    total = rows[at[0]]
    above = [row for row in rows[: at[0]] if any(map(_amount, row[1:]))] or list(rows[at[0] + 1 :])
    columns = [
        place
        for place in range(1, len(total))
        if _amount(total[place]) is not None
        and not any(_RATIO.search(row[place].text) for row in rows[: at[0]])
    ]
    full = [
        place
        for place in columns
        if len(above) > 1 and all(_amount(row[place]) is not None or not row[place].text for row in above)
    ]
    sums = {place: sum((_amount(row[place]) or Decimal(0) for row in above), Decimal(0)) for place in full}
    wrong = [place for place in full if not _near(sums[place], total[place], len(above))]
    right = [place for place in full if place not in wrong and sums[place]]
    if len(wrong) == 1 and right:
        cell = total[wrong[0]]
        remarks.add(
            "JX-705", (cell, 0, len(cell.text)), stated=cell.text, expected=plain(sums[wrong[0]]),
            whole=total[0].text, parts="＋".join(row[wrong[0]].text for row in above if row[wrong[0]].text),
        )  # fmt: skip


def _check_rates(table: Table, rows: Rows, remarks: Remarks) -> None:
    header = next((row for row in rows if any(_RATED.search(cell.text) for cell in row)), None)
    if header is None:
        return
    for place, name in enumerate(header):
        if not _RATED.search(name.text):
            continue
        told = [row for row in rows if _RATE.fullmatch(row[place].text)]
        amounts = [one for one, cell in enumerate(header) if one != place and not _POINTS.search(cell.text)]
        pairs = itertools.permutations(amounts, 2)
        readings: Mapping[tuple[int, int], list[bool]] = {
            pair: [_quotient(row, place, *pair) for row in told if _both(row, *pair)] for pair in pairs
        }
        best = max(readings, key=lambda pair: sum(readings[pair]), default=None)
        if best is None or sum(readings[best]) < _ALIKE_AT_LEAST or all(readings[best]):
            continue
        if sum(readings[best]) <= len(readings[best]) / 2:
            continue
        for row in told:
            if _both(row, *best) and not _quotient(row, place, *best):
                above, below = _amount(row[best[0]]), _amount(row[best[1]])
                assert above is not None and below
                remarks.add(
                    "JX-706", (row[place], 0, len(row[place].text)), stated=row[place].text,
                    expected=f"{plain(rounded(above / below * 100, 2))}%", above=row[best[0]].text,
                    below=row[best[1]].text,
                )  # fmt: skip


def _both(row: Sequence[Words], above: int, below: int) -> bool:
    return _amount(row[above]) is not None and bool(_amount(row[below]))


def _quotient(row: Sequence[Words], place: int, above: int, below: int) -> bool:
    found, one, other = _RATE.fullmatch(row[place].text), _amount(row[above]), _amount(row[below])
    if not found or one is None or not other:
        return False
    places = len(found[1].partition(".")[2])
    exact = one / other * 100
    return abs(exact - Decimal(found[1])) <= Decimal("0.5").scaleb(-places) + abs(exact) * Decimal("0.00001")


def _near(total: Decimal, cell: Words, terms: int) -> bool:
    stated = _amount(cell)
    places = len(cell.text.partition(".")[2])
    return stated is not None and abs(total - stated) <= Decimal("0.5").scaleb(-places) * (terms + 1)


def _amount(cell: Words) -> Decimal | None:
    return Decimal(cell.text.replace(",", "")) if _AMOUNT.fullmatch(cell.text) else None
