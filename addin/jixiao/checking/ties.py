"""勾稽: amounts that must fit one another, within the rounding that they carry and nothing more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal
from statistics import median

from jixiao.checking.case import Case
from jixiao.checking.finding import Finding
from jixiao.filing.model import Place
from jixiao.filing.quantity import as_text, plain, tidy
from jixiao.rubric.model import Adjustment, Overrun, Tie
from jixiao.scoring.arithmetic import percent

YUAN = Decimal(10000)
"""元 in a 万元."""


def check_ties(case: Case) -> Iterator[Finding]:
    yuan = list(_in_yuan(case))
    yuan += _pairs_in_yuan(case, [finding.subject for finding in yuan])
    yield from yuan
    if not yuan:
        yield from _too_large(case)
    unchecked: dict[str, list[Place]] = {}
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
        if len(others) >= 2 and Decimal("0.2") <= abs(amount) / YUAN / median(others) <= 5:
            yield case.finding(
                "JX-405", case.places([field]), subject=field, stated=plain(amount),
                expected=plain(amount / YUAN), label=case.label(field),
                others=plain(median(others)), unit=case.unit(field),
            )  # fmt: skip


def _pairs_in_yuan(case: Case, known: Collection[str]) -> Iterator[Finding]:
    """Of two amounts of which one is part or limit of the other, one that is ten thousand times the other."""
    checks = case.rubric.checks
    pairs = [(tie.whole, tie.parts[0]) for tie in checks.ties if tie.at_most and len(tie.parts) == 1]
    pairs += [(overrun.limit, overrun.actual) for overrun in checks.overruns]
    found = set(known)
    for pair in pairs:
        one, other = (case.number(field) for field in pair)
        if not one or not other or not all(case.unit(field) == "万元" for field in pair):
            continue
        field = pair[0] if abs(one) > abs(other) else pair[1]
        large, small = max(abs(one), abs(other)), min(abs(one), abs(other))
        if field not in found and not found & set(pair) and 0.2 <= large / small / YUAN <= 5:
            found.add(field)
            yield case.finding(
                "JX-405", case.places([field]), subject=field, stated=plain(large),
                expected=plain(large / YUAN), label=case.label(field), others=plain(small), unit="万元",
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


def _tie(case: Case, tie: Tie, yuan: list[Finding], unchecked: dict[str, list[Place]]) -> Iterator[Finding]:
    fields = [tie.whole, *tie.parts]
    if all(map(case.blank, fields)):
        return
    whole, parts = case.number(tie.whole), [case.number(field) for field in tie.parts]
    unread = [field for field in fields if case.unknown(field)]
    given = [part for part in parts if part is not None]
    if whole == 0 and not given and not unread:
        return  # nothing at all, so nothing of which
    if whole is None or not given or unread:
        blank = [field for field in fields if case.number(field) is None]
        unchecked[tie.name] = list(case.places(blank))
        return
    total = sum(given, Decimal(0))
    difference, allowed = total - whole, case.rubric.checks.tolerance * len(fields)
    if tie.at_most and difference <= allowed or abs(difference) <= allowed:
        return
    blanks = [field for field, part in zip(tie.parts, parts, strict=True) if part is None]
    sums = "＋".join(map(plain, given))
    arithmetic = f"{sums}＝{plain(total)}" if len(given) > 1 else f"{case.label(tie.parts[0])}是 {sums}"
    yield case.finding(
        "JX-402" if tie.at_most else "JX-401",
        case.places(fields),
        subject=tie.id,
        stated=plain(total) if tie.at_most else plain(whole),
        expected=f"不大于 {plain(whole)}" if tie.at_most else plain(total),
        clause=tie.clause,
        # With parts left blank, the missing amount may simply stand there.
        severity="警告" if blanks else "",
        cause=_cause(fields, yuan),
        name=tie.name,
        arithmetic=arithmetic + (f"，{case.label(tie.whole)}是 {plain(whole)}" if tie.at_most else ""),
        difference=plain(abs(difference)),
        blanks=f"其中没有填、按 0 算的：{'、'.join(map(case.label, blanks))}。" if blanks else "",
    )


def _overrun(
    case: Case, overrun: Overrun, yuan: list[Finding], unchecked: dict[str, list[Place]]
) -> Iterator[Finding]:
    fields = [overrun.actual, overrun.limit]
    actual, limit = case.number(overrun.actual), case.number(overrun.limit)
    if all(map(case.blank, fields)):
        return
    if actual is None or limit is None:
        blank = [field for field in fields if case.number(field) is None]
        unchecked[f"{overrun.name}是否超出"] = list(case.places(blank))
        return
    over = actual - limit
    if over <= 0:
        return
    explained, where = _explained(case, overrun.explained_by)
    yield case.finding(
        "JX-403",
        case.places(fields),
        subject=overrun.actual,
        stated=plain(actual),
        expected=f"不大于 {plain(limit)}",
        clause=overrun.clause,
        severity="提示" if _told(case, overrun.explained_by) else overrun.severity,
        cause=_cause(fields, yuan),
        name=overrun.name,
        unit=case.unit(overrun.actual),
        actual_label=case.label(overrun.actual).rpartition("·")[2],
        limit_label=case.label(overrun.limit).rpartition("·")[2],
        limit=plain(limit),
        difference=plain(over),
        share=f"（{percent(over / limit)}）" if limit else "",
        explained=explained,
        where=where,
    )


def _told(case: Case, fields: list[str]) -> bool:
    """Something is written where the reason belongs."""
    return any(case.text(field) for field in fields)


def _explained(case: Case, fields: list[str]) -> tuple[str, str]:
    """In words: whether something is written there, and where to write it."""
    where = "、".join(f"“{case.label(field)}”" for field in fields)
    given = _told(case, fields)
    return "，已写说明，请核对说得是否清楚" if given else "，没有写说明", f"（填在{where}）" if where else ""


def _adjustment(
    case: Case, adjustment: Adjustment, yuan: list[Finding], unchecked: dict[str, list[Place]]
) -> Iterator[Finding]:
    fields = [adjustment.before, adjustment.after]
    before, after = case.number(adjustment.before), case.number(adjustment.after)
    if all(map(case.blank, fields)):
        return
    if before is None or after is None:
        blank = [field for field in fields if case.number(field) is None]
        unchecked[f"{adjustment.name}的调整幅度"] = list(case.places(blank))
        return
    change = after - before
    if abs(change) <= abs(before) * adjustment.more_than:
        return
    explained, where = _explained(case, adjustment.explained_by)
    yield case.finding(
        "JX-407",
        case.places(fields),
        subject=adjustment.after,
        stated=plain(after),
        clause=adjustment.clause,
        severity="提示" if _told(case, adjustment.explained_by) else adjustment.severity,
        cause=_cause(fields, yuan),
        name=adjustment.name,
        unit=case.unit(adjustment.after),
        before_label=case.label(adjustment.before).rpartition("·")[2],
        before=plain(before),
        after_label=case.label(adjustment.after).rpartition("·")[2],
        difference=("增加 " if change > 0 else "减少 ") + plain(abs(change)),
        share=f"（{percent(abs(change / before))}）" if before else "",
        limit=percent(adjustment.more_than),
        explained=explained,
        where=where,
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
            listed = [f"{case.label(field)}是“{text}”" for text, fields in shown.items() for field in fields]
            texts = list(shown)
            yield case.finding(
                "JX-404", case.places(same.fields), subject=same.fields[-1], stated=texts[-1],
                expected=texts[0], cause=_cause(same.fields, yuan), name=same.name, listed="，".join(listed),
            )  # fmt: skip
