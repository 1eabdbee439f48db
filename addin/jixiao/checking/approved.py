"""与申报表比较: targets, weights and indicators that are not those approved, and the goal.

The same thing in other words or signs (≥80个 and 80个以上, 100% and 100％) is no change. Where one of
two targets leaves out the sign or the unit it means that of the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from difflib import SequenceMatcher

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.filing.approved import ApprovedGoals, ApprovedRow
from jixiao.filing.model import Entry, Place
from jixiao.filing.quantity import Kind, Quantity, as_text, plain, read_entry
from jixiao.scoring.model import RowScore

_ALIKE = 0.75
"""Names that share so much, where neither is found as it stands, are one indicator's."""
_NO_WORD = re.compile(r"[\W_]+")
_STOPS = re.compile(r"[\s，。、；：,;:！!？?“”‘’（）()]+|\.$")


def check_approved(case: Case) -> Iterator[Finding]:
    approved = case.beside.approved
    rule = case.rubric.checks.approved
    if approved is None or rule is None:
        return
    own = [row for row in case.assessment.rows if _key(row.name)]
    rows = [given for given in approved.rows if _key(given.name)]
    pairs = _pairs(own, rows)
    for row, given in pairs:
        if _key(row.name) != _key(given.name):
            yield case.finding(
                "JX-325", [case.row(row)["name"].place], subject=row.subject, stated=row.name,
                expected=given.name, clause=rule.clause, where=given.place,
            )  # fmt: skip
        yield from _changed(case, row, given, rule.clause)
    kept = {id(given) for _, given in pairs}
    for given in rows:
        if id(given) not in kept:
            yield case.finding(
                "JX-323", [_home(case, given)], subject=f"approved.{given.name}", clause=rule.clause,
                expected=_shown(given.target), row=given.name, where=given.place,
            )  # fmt: skip
    known = {row.subject for row, _ in pairs}
    for row in own:
        if row.subject not in known:
            yield case.finding(
                "JX-324", [case.row(row)["name"].place], subject=row.subject, stated=row.name,
                clause=rule.clause,
            )  # fmt: skip
    yield from _goal(case, approved, rule.goal, rule.clause)


def _pairs(own: list[RowScore], approved: list[ApprovedRow]) -> list[tuple[RowScore, ApprovedRow]]:
    """Each indicator with the approved one: of the same name, then of one much like it."""
    left = list(approved)
    pairs: list[tuple[RowScore, ApprovedRow]] = []
    for alike in (1.0, _ALIKE):
        for row in own:
            if any(row is one for one, _ in pairs):
                continue
            likeness = [_likeness(row.name, given.name) for given in left]
            if likeness and max(likeness) >= alike:
                pairs.append((row, left.pop(likeness.index(max(likeness)))))
    return pairs


def _likeness(one: str, other: str) -> float:
    one, other = _key(one), _key(other)
    return 1.0 if one == other else min(SequenceMatcher(None, one, other).ratio(), 0.99)


def _changed(case: Case, row: RowScore, given: ApprovedRow, clause: str) -> Iterator[Finding]:
    entries, label = case.row(row), case.row_label(row)
    target = entries["target"]
    if not given.target.blank and not target.blank and not _same(target, given.target, case.year):
        yield case.finding(
            "JX-321", [target.place], subject=row.subject, stated=_shown(target),
            expected=_shown(given.target), clause=clause, points=row.weight, label=label, where=given.place,
        )  # fmt: skip
    weight, points = _points(given.weight), _points(entries["weight"])
    if weight is not None and points is not None and weight != points:
        yield case.finding(
            "JX-322", [entries["weight"].place], subject=row.subject, stated=plain(points),
            expected=plain(weight), clause=clause, label=label, where=given.place,
        )  # fmt: skip


def _goal(case: Case, approved: ApprovedGoals, field: str, clause: str) -> Iterator[Finding]:
    own = as_text(case.filing[field].raw)
    if _key(approved.goal) and _key(own) and _key(own) != _key(approved.goal):
        yield case.finding(
            "JX-326", [case.filing.place(field)], subject=field, clause=clause, where=approved.goal_place,
            expected=approved.goal,
        )  # fmt: skip


def _same(one: Entry, other: Entry, year: int | None) -> bool:
    first, second = read_entry(one, year), read_entry(other, year)
    if first.kind is second.kind is Kind.NUMBER:
        return _same_number(first, second)
    if first.kind is second.kind is Kind.DATE:
        return first.date == second.date
    return _words(first.text or as_text(one.raw)) == _words(second.text or as_text(other.raw))


def _same_number(one: Quantity, other: Quantity) -> bool:
    assert one.number is not None and other.number is not None
    in_per_cent = {one.unit, other.unit} == {"", "%"} and _per_cent(one) == _per_cent(other)
    return (
        (one.number == other.number or in_per_cent)
        and _agree(one.unit, other.unit)
        and _agree(*(sign.replace("=", "") for sign in (one.comparator, other.comparator)))
        and one.change == other.change
    )


def _per_cent(quantity: Quantity) -> Decimal:
    """95 for 95%, and for the 95 under a header in per cent."""
    number = quantity.number or Decimal(0)
    return number * 100 if quantity.unit == "%" else number


def _agree(one: str, other: str) -> bool:
    return one == other or not (one and other)


def _points(entry: Entry) -> Decimal | None:
    """A weight in 分; 10% of a hundred are 10."""
    read = read_entry(entry)
    if read.kind is not Kind.NUMBER or read.number is None or read.unit not in ("", "分", "%"):
        return None
    return read.number * 100 if read.unit == "%" else read.number


def _home(case: Case, given: ApprovedRow) -> Place | None:
    """Where the indicator should stand: the first row of its block."""
    return next((row.place for row in case.filing.rows.get(given.block, ())), None)


def _shown(entry: Entry) -> str:
    return read_entry(entry).text or as_text(entry.raw)


def _words(text: str) -> str:
    return _STOPS.sub("", unicodedata.normalize("NFKC", text))


def _key(text: str) -> str:
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", text))
