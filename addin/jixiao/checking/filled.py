"""填写: is everything there, and can it be read?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding, ranges
from jixiao.filing.model import Entry, Row
from jixiao.filing.quantity import Kind, Reading, as_text, plain, quoted, read_entry, read_field
from jixiao.rubric.model import Expected
from jixiao.scoring.arithmetic import percent

CARRIED = "JX-112"
COUNTED = {"weight": "score", "score": "score", "rate": "percent"}
"""Columns of a row that hold numbers of the form itself, and how they are read."""


def check_filled(case: Case) -> Iterator[Finding]:
    yield from _gaps(case)
    yield from _uncalculated(case)
    if case.filing.unread:
        places = case.filing.unread
        yield case.finding("JX-109", places, subject="unread", labels="、".join(map(str, ranges(places))))
    if case.beside.carried:
        places = case.beside.carried
        yield case.finding(CARRIED, places, subject="carried", count=str(len(places)))
    for field, spec in case.rubric.asked.items():
        entry = case.filing[field]
        if spec.required and entry.blank and not spec.derived and field not in case.gone:
            yield case.finding("JX-102", [case.filing.place(field)], subject=field, label=spec.label)
    asked = sorted(case.rubric.asked, key=lambda field: case.rubric.asked[field].derived)
    for field in (*asked, *(f"score.{one}" for one in case.indicators), "total"):
        reading = case.reading(field)
        if reading.unlikely is not None:
            yield _unlikely(case, field, reading.unlikely)
        elif reading.why:
            yield from _unread(case, field, reading)
        elif isinstance(reading.value, Decimal):
            yield from _likely(case, field, reading.value)
    yield from _rows(case)
    yield from _year(case)
    for expected in case.rubric.checks.expected:
        yield from _left_blank(case, expected)


def _left_blank(case: Case, expected: Expected) -> Iterator[Finding]:
    """Blank is not 0: nobody can tell whether there was nothing, or whether it was forgotten."""
    blank = [field for field in expected.fields if all(map(case.blank, case.members(field)))]
    blank = [field for field in blank if not case.gone & set(case.members(field))]
    if blank:
        yield case.finding(
            "JX-110",
            case.places(one for field in blank for one in case.members(field)[:1]),
            subject=blank[0],
            clause=expected.clause,
            name=expected.name,
            labels="、".join(case.rubric.fields[field].label for field in blank),
            remedy=expected.remedy,
        )


def _gaps(case: Case) -> Iterator[Finding]:
    lost = [gap for gap in case.filing.gaps if not gap.never]
    sheets = {gap.sheet: gap.stands for gap in lost if gap.sheet}
    labels = [
        f"工作表{quoted(sheet)}" + ("里的填报格（有这张表，但认不出来）" if stands else "")
        for sheet, stands in sheets.items()
    ]
    single = [gap for gap in lost if not gap.sheet]
    labels += [case.label(field) for gap in single for field in gap.fields]
    blocks = {block.id: block for block in case.rubric.blocks}
    for gap in single:
        if gap.fields:
            continue
        id, _, what = gap.what.removeprefix(f"jx.{gap.kind}.").partition(".")
        block = blocks[id]
        columns = {column.id: column.name for column in block.columns}
        labels.append(f"{block.name}的{quoted(columns[what])}一列" if what else f"{block.name}整个区块")
    if labels:
        yield case.finding("JX-101", [], subject="form", labels="、".join(labels))


def _uncalculated(case: Case) -> Iterator[Finding]:
    rates = {rate.field for rate in case.rubric.checks.rates}  # computed from what is read anyway
    entries = {
        case.label(field): entry
        for field, entry in case.filing.values.items()
        if entry.uncalculated and field not in rates
    }
    for row in case.assessment.rows:
        typed = case.row(row)
        for column in case.block(row).columns:
            entry = typed[column.id]
            if entry.uncalculated and column.id != "rate":
                entries[f"{case.row_label(row)}的{column.name}"] = entry
    if entries:
        places = [entry.place for entry in entries.values()]
        yield case.finding("JX-104", places, subject="formulas", labels="、".join(entries))


def _unread(case: Case, field: str, reading: Reading) -> Iterator[Finding]:
    entry = case.filing[field]
    if not entry.uncalculated:
        cause = _source(case, field) if entry.formula else None
        yield _unreadable(case, field, case.label(field), entry, reading, cause)


def _source(case: Case, field: str) -> Finding | None:
    """The unreadable cell that the form's own formula in this one repeats or adds up."""
    scores = [f"score.{one}" for one in case.indicators] if field == "total" else []
    repeated = [one for same in case.rubric.checks.same if field in same.fields for one in same.fields]
    return next(filter(None, (case.earlier({"JX-103"}, one) for one in scores + repeated)), None)


def _unreadable(
    case: Case, subject: str, label: str, entry: Entry, reading: Reading, cause: Finding | None = None
) -> Finding:
    return case.finding(
        "JX-103", [entry.place], subject=subject, stated=entry.error or as_text(entry.raw), label=label,
        why=reading.why.rstrip("。"), cause=cause,
    )  # fmt: skip


def _likely(case: Case, field: str, number: Decimal) -> Iterator[Finding]:
    spec = case.rubric.asked.get(field)
    if spec is None:
        return
    place = [case.filing.place(field)]
    if spec.type == "count" and number < 0:
        yield case.finding("JX-105", place, subject=field, stated=plain(number), label=spec.label)
    if spec.type in {"money", "area"} and number < 0:
        yield case.finding(
            "JX-106", place, subject=field, stated=plain(number), label=spec.label, unit=spec.unit
        )


def _unlikely(case: Case, field: str, number: Decimal) -> Finding:
    limit = percent(case.rubric.checks.unlikely_percent or Decimal(0))
    said = f"超过了 {limit}" if number > 0 else "小于 0"
    return case.finding(
        "JX-107", [case.filing.place(field)], subject=field, stated=percent(number), label=case.label(field),
        said=said,
    )  # fmt: skip


def _rows(case: Case) -> Iterator[Finding]:
    """Error values, and numbers in weight, score and rate; the rows' own checks read target and actual."""
    for score in case.assessment.rows:
        row, block = case.row(score), case.block(score)
        for column in block.columns:
            entry, kind = row[column.id], COUNTED.get(column.id, "text")
            if (kind == "text" and not entry.error) or (column.id == "rate" and _free(case, row)):
                continue
            reading = read_field(entry, kind)
            struck_out = score.not_applicable and read_entry(entry).kind is Kind.NOT_APPLICABLE
            if reading.why and not entry.uncalculated and not struck_out:
                label = f"{case.row_label(score)}的{column.name}"
                yield _unreadable(case, f"{block.id}.{score.number}.{column.id}", label, entry, reading)
    yield from _unnamed(case)
    for block, column in case.sums.values():
        for number, row in enumerate(case.filing.rows.get(block.id, ()), 1):
            entry, label = row[column.id], f"{block.name}第 {number} 行的{column.name}"
            reading = read_field(entry, column.type)
            if reading.why and not entry.uncalculated:
                yield _unreadable(case, f"{block.id}.{number}.{column.id}", label, entry, reading)


def _unnamed(case: Case) -> Iterator[Finding]:
    """Amounts in a row of data that does not say what they are for."""
    for block in {block.id: block for block, _ in case.sums.values()}.values():
        names = [column for column in block.columns if column.id == "name"]
        amounts = [column.id for column in block.columns if f"{block.id}.{column.id}" in case.sums]
        for number, row in enumerate(case.filing.rows.get(block.id, ()), 1):
            # A row of zeros says that there is none.
            given = [row[one] for one in amounts if read_field(row[one], "money").value]
            for name in names if given and row["name"].blank and not case.lacks(block, "name") else ():
                yield case.finding(
                    "JX-111", [row["name"].place], subject=f"{block.id}.{number}.name", clause=block.clause,
                    stated="、".join(as_text(entry.raw) for entry in given), block=block.name,
                    number=str(number), column=name.name,
                )  # fmt: skip


def _free(case: Case, row: Row) -> bool:
    """A rate that the form computes; or words where none can be computed (a date, a qualitative row)."""
    target = read_entry(row["target"], case.year)
    return bool(row["rate"].formula) or (target.kind is not Kind.NUMBER and not row["rate"].error)


def _year(case: Case) -> Iterator[Finding]:
    year = case.number("unit.year")
    if year is not None and year != case.year:
        place = [case.filing.place("unit.year")]
        yield case.finding(
            "JX-108", place, subject="unit.year", stated=plain(year), expected=str(case.rubric.year)
        )
