"""The figures of a report against the workbook that it was written from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from jixiao.audit.checks.claims import Labels
from jixiao.audit.claims import Claim
from jixiao.audit.document import Words
from jixiao.audit.remark import Remarks
from jixiao.audit.tables import IndicatorTable
from jixiao.filing.model import Filing, Row
from jixiao.filing.quantity import as_text, plain, read_entry, tidy
from jixiao.rubric.model import Rubric
from jixiao.scoring.arithmetic import percent
from jixiao.scoring.readings import Readings

_COMPARED = ("target", "actual", "weight", "score")


def check_claims(
    claims: Iterable[Claim], rubric: Rubric, filing: Filing, labels: Labels, remarks: Mapping[str, Remarks]
) -> None:
    """Each value that the report states is the one in the workbook, within its rounding."""
    readings = Readings(rubric, filing)
    for claim in claims:
        if claim.field not in rubric.asked and claim.field not in filing.values:
            continue
        number = readings.number(claim.field)
        if number is not None and abs(number - claim.value) > claim.slack:
            place = filing.place(claim.field)
            remarks[claim.document].add(
                "JX-725", (claim.words, claim.start, claim.end), stated=labels.value(claim),
                expected=labels.number(claim.field, number), name=labels(claim.field),
                cell=f"（{place}）" if place else "",
            )  # fmt: skip


def check_rows(
    tables: Sequence[IndicatorTable], rubric: Rubric, filing: Filing, remarks: Mapping[str, Remarks]
) -> None:
    """The rows of the report's tables are those of the workbook."""
    typed: dict[str, list[Row]] = {}
    for block in rubric.blocks:
        for row in filing.rows.get(block.id, ()) if block.row_rule else ():
            typed.setdefault(tidy(as_text(row["name"].raw)), []).append(row)
    for table in tables:
        for told in table.rows:
            same = typed.get(told.name, [])
            if len(same) != 1 or told.name == "/":
                continue
            for column in _COMPARED:
                cell, entry = told.cells.get(column), same[0][column]
                if cell is None or not cell.text or entry.blank or _equal(cell, same[0], column):
                    continue
                shown = percent(entry.raw) if entry.percent and isinstance(entry.raw, Decimal) else ""
                remarks[table.document].add(
                    "JX-725", (cell, 0, len(cell.text)), stated=cell.text,
                    expected=shown or as_text(entry.raw), name=told.name,
                    cell=f"（{entry.place}）" if entry.place else "",
                )  # fmt: skip


def _equal(cell: Words, row: Row, column: str) -> bool:
    there = read_entry(row[column])
    if there.number is not None and tidy(plain(there.number)) == tidy(cell.text):
        return True
    here = read_entry(type(row[column])(cell.text))
    if here.number is not None and there.number is not None:
        return (here.number, here.unit, here.comparator) == (there.number, there.unit, there.comparator)
    return _bare(here.text) == _bare(there.text)


def _bare(text: str) -> str:
    return "".join(sign for sign in tidy(text) if sign.isalnum())
