"""勾稽: amounts that must fit one another, within the rounding that they carry and nothing more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from statistics import median
from typing import Any

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.checking.reasons import reason_for
from jixiao.filing.model import Place
from jixiao.filing.quantity import as_text, plain, quoted, tidy
from jixiao.rubric.model import Adjustment, Overrun, Tie
from jixiao.scoring.arithmetic import percent

YUAN = Decimal(10000)
"""元 in a 万元."""
ALIKE = Decimal(5)
"""Amounts of one kind are seldom more than so many times one another."""
Unchecked = dict[str, list[Place]]
"""What could not be checked, and the cells that it lacks."""


def check_units(case: Case) -> Iterator[Finding]:
    """Amounts typed in another unit, from which much else follows."""
    yuan = list(_in_yuan(case))
    yuan += _pairs_in_yuan(case, [finding.subject for finding in yuan])
    yield from yuan
    if not yuan:
        yield from _too_large(case)


def check_ties(case: Case) -> Iterator[Finding]:
    yuan = [finding for finding in case.found if finding.code == "JX-405"]
    unchecked: Unchecked = {}
    for tie in case.rubric.checks.ties:
        yield from _tie(case, tie, yuan, unchecked)
    for overrun in case.rubric.checks.overruns:
        yield from _overrun(case, overrun, yuan, unchecked)
    for adjustment in case.rubric.checks.adjustments:
        yield from _adjustment(case, adjustment, yuan, unchecked)
    yield from _same(case, yuan)
    if unchecked:
        yield case.finding(
            "JX-406", [place for places in unchecked.values() for place in places], subject="ties",
            count=str(len(unchecked)), labels="；".join(unchecked),
        )  # fmt: skip


def _in_yuan(case: Case) -> Iterator[Finding]:
    amounts = {field: case.number(field) for field in case.rubric.checks.unit_scale}
    given = {field: amount for field, amount in amounts.items() if amount}
    for field, amount in given.items():
        others = [abs(other) for name, other in given.items() if name != field]
        # Most of the others must agree on the scale, or nothing can be said.
        if len(others) >= 2 and _yuan_beside(amount, median(others)):
            yield _typed_in_yuan(case, field, amount, median(others))


def _pairs_in_yuan(case: Case, known: Collection[str]) -> Iterator[Finding]:
    """Of two amounts of which one is part or limit of the other, one that is ten thousand times the other."""
    checks = case.rubric.checks
    pairs = [(tie.whole, tie.parts[0]) for tie in checks.ties if tie.at_most and len(tie.parts) == 1]
    pairs += [(overrun.limit, overrun.actual) for overrun in checks.overruns]
    found = set(known)
    for pair in pairs:
        given = [(abs(amount), field) for field in pair if (amount := case.number(field))]
        if len(given) < 2 or found & set(pair) or any(case.unit(field) != "万元" for field in pair):
            continue
        (small, _), (large, field) = sorted(given)
        if _yuan_beside(large, small):
            found.add(field)
            yield _typed_in_yuan(case, field, large, small)


def _yuan_beside(amount: Decimal, other: Decimal) -> bool:
    """The amount would be of the other's size if it were 元."""
    return 1 / ALIKE <= abs(amount) / YUAN / other <= ALIKE


def _typed_in_yuan(case: Case, field: str, amount: Decimal, other: Decimal) -> Finding:
    return case.finding(
        "JX-405", case.places([field]), subject=field, stated=plain(amount), expected=plain(amount / YUAN),
        label=case.label(field), others=plain(other), unit=case.unit(field),
    )  # fmt: skip


def _too_large(case: Case) -> Iterator[Finding]:
    limit = case.rubric.checks.unlikely_amount
    amounts = {field: case.number(field) for field in case.rubric.checks.unit_scale}
    large = [field for field, amount in amounts.items() if limit and amount and abs(amount) > limit]
    if large:
        yield case.finding(
            "JX-408", case.places(large), subject=large[0], stated=plain(amounts[large[0]] or Decimal(0)),
            label=case.label(large[0]), limit=plain(limit), unit=case.unit(large[0]),
            count=str(len(large)),
        )  # fmt: skip


def _cause(fields: list[str], yuan: list[Finding]) -> Finding | None:
    return next((finding for finding in yuan if finding.subject in fields), None)


def _tie(case: Case, tie: Tie, yuan: list[Finding], unchecked: Unchecked) -> Iterator[Finding]:
    loose = tie.less + tie.more
    fields = [tie.whole, *tie.parts, *loose]
    if all(map(case.blank, fields)) or not case.absent.isdisjoint(fields):
        return
    whole, parts = case.number(tie.whole), [case.number(field) for field in tie.parts]
    unread = [field for field in fields if case.unknown(field)]
    given = [part for part in parts if part is not None]
    if whole == 0 and not given and not unread:
        return  # nothing at all, so nothing of which
    lacking = loose and (len(given) < len(parts) or any(map(case.blank, tie.less)))
    if whole is None or not given or unread or lacking:
        blank = [field for field in fields if case.number(field) is None]
        unchecked[tie.name] = list(case.places(blank))
        return
    total, allowed = sum(given, Decimal(0)), case.rubric.checks.tolerance * len(fields)
    low, high = total - _sum(case, tie.less), total + _sum(case, tie.more)
    difference = total - whole if tie.at_most else max(low - whole, whole - high)
    if difference <= allowed:
        return
    blanks = [field for field, part in zip(tie.parts, parts, strict=True) if part is None]
    sums = "＋".join(map(plain, given))
    arithmetic = f"{sums}＝{plain(total)}" if len(given) > 1 else f"{case.label(tie.parts[0])}是 {sums}"
    between = plain(low) if low == high else f"{plain(low)}－{plain(high)}"
    yield case.finding(
        "JX-402" if tie.at_most else "JX-409" if loose else "JX-401",
        case.places(fields),
        subject=tie.id,
        stated=plain(total) if tie.at_most else plain(whole),
        expected=f"不大于 {plain(whole)}" if tie.at_most else between,
        clause=tie.clause,
        # With parts left blank, the missing amount may simply stand there.
        severity=tie.severity or ("警告" if blanks else ""),
        cause=_cause(fields, yuan) or case.earlier({"JX-409"}, tie.follows),
        name=tie.name,
        arithmetic=arithmetic + (f"，{case.label(tie.whole)}是 {plain(whole)}" if tie.at_most else ""),
        difference=plain(abs(difference)),
        blanks=f"其中没有填、按 0 算的：{'、'.join(map(case.label, blanks))}。" if blanks else "",
        room=_room(case, tie.less, "不在里面") + _room(case, tie.more, "也在里面"),
    )


def _sum(case: Case, fields: list[str]) -> Decimal:
    return sum((case.number(field) or Decimal(0) for field in fields), Decimal(0))


def _room(case: Case, fields: list[str], where: str) -> str:
    """How much of these amounts a tie leaves open."""
    said = [f"{case.label(field)} {plain(number)}" for field in fields if (number := case.number(field))]
    return f"，{'、'.join(said)}可能有一部分或全部{where}" if said else ""


def _overrun(case: Case, overrun: Overrun, yuan: list[Finding], unchecked: Unchecked) -> Iterator[Finding]:
    given = _both(case, overrun.actual, overrun.limit, f"{overrun.name}是否超出", unchecked)
    if given is None or given[0] <= given[1]:
        return
    actual, limit = given
    yield _unexplained(
        case, "JX-403", overrun, [overrun.actual, overrun.limit], yuan,
        stated=plain(actual),
        expected=f"不大于 {plain(limit)}",
        actual_label=_column(case, overrun.actual),
        limit_label=_column(case, overrun.limit),
        limit=plain(limit),
        difference=plain(actual - limit),
        share=f"（{percent((actual - limit) / limit)}）" if limit else "",
    )  # fmt: skip


def _adjustment(
    case: Case, adjustment: Adjustment, yuan: list[Finding], unchecked: Unchecked
) -> Iterator[Finding]:
    given = _both(case, adjustment.after, adjustment.before, f"{adjustment.name}的调整幅度", unchecked)
    if given is None or abs(given[0] - given[1]) <= abs(given[1]) * adjustment.more_than:
        return
    after, before = given
    yield _unexplained(
        case, "JX-407", adjustment, [adjustment.after, adjustment.before], yuan,
        stated=plain(after),
        before_label=_column(case, adjustment.before),
        before=plain(before),
        after_label=_column(case, adjustment.after),
        difference=("增加 " if after > before else "减少 ") + plain(abs(after - before)),
        share=f"（{percent(abs((after - before) / before))}）" if before else "",
        limit=percent(adjustment.more_than),
    )  # fmt: skip


def _both(
    case: Case, one: str, other: str, name: str, unchecked: Unchecked
) -> tuple[Decimal, Decimal] | None:
    """Two amounts to be compared; where only one is there, that is told as not checked."""
    numbers = case.number(one), case.number(other)
    if numbers[0] is not None and numbers[1] is not None:
        return numbers[0], numbers[1]
    if not (case.blank(one) and case.blank(other)) and case.absent.isdisjoint((one, other)):
        unchecked[name] = list(case.places(f for f in (one, other) if case.number(f) is None))
    return None


def _column(case: Case, field: str) -> str:
    """The name of an amount's column: 决算数, 本年预算数."""
    return case.label(field).rpartition("·")[2]


def _unexplained(
    case: Case, code: str, rule: Overrun | Adjustment, fields: list[str], yuan: list[Finding], *,
    stated: str, expected: str = "", **words: Any,
) -> Finding:  # fmt: skip
    """A finding that weighs less once a reason is given, where it belongs or elsewhere."""
    where = "、".join(quoted(case.label(field)) for field in rule.explained_by)
    told = reason_for(case, rule)
    asked = "，没有写说明" if rule.explained_by or rule.words else ""
    return case.finding(
        code,
        case.places(fields),
        subject=fields[0],
        stated=stated,
        expected=expected,
        clause=rule.clause,
        severity="提示" if told else rule.severity,
        cause=_cause(fields, yuan),
        name=rule.name,
        unit=case.unit(fields[0]),
        explained=f"，“{told}”里已写说明，请核对说得是否清楚" if told else asked,
        where=f"（填在{where}）" if where else "",
        **words,
    )


def _same(case: Case, yuan: list[Finding]) -> Iterator[Finding]:
    for same in case.rubric.checks.same:
        shown: dict[str, list[str]] = {}
        for field in same.fields:
            reading = case.reading(field)
            if reading.value is None or field in case.gone:
                continue
            value = reading.value
            shown.setdefault(plain(value) if isinstance(value, Decimal) else tidy(as_text(value)), []).append(
                field
            )
        numbers = [case.number(field) for field in same.fields]
        known = [number for number in numbers if number is not None]
        close = len(known) == len(numbers) and max(known) - min(known) <= 2 * case.rubric.checks.tolerance
        if len(shown) > 1 and not close:
            listed = [
                f"{case.label(field)}是{quoted(text)}" for text, fields in shown.items() for field in fields
            ]
            texts = list(shown)
            yield case.finding(
                "JX-404", case.places(same.fields), subject=same.fields[-1], stated=texts[-1],
                expected=texts[0], cause=_cause(same.fields, yuan), name=same.name, listed="，".join(listed),
            )  # fmt: skip
