"""Changes: so much more or less than a base, and the rate that this is.

A base is wrong only where no amount of the text makes the change right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from jixiao.audit.amounts import Amount, Change, Stated
from jixiao.audit.checks.figures import close, money, percent, places
from jixiao.audit.remark import Remarks
from jixiao.filing.quantity import plain

_COMPARED = re.compile(r"比|较|与|同")
_NEAR = 8
"""So many letters at most between an amount and the growth against it."""


def check_changes(one: Stated, paragraphs: Sequence[Stated], remarks: Remarks) -> None:
    done: set[int] = set()
    for number, change in enumerate(one.changes):
        if number in done or change.of is None or change.mention.about:
            continue
        after = one.changes[number + 1] if number + 1 < len(one.changes) else None
        paired = (
            after is not None
            and change.mention.money
            and after.mention.percent
            and "。" not in one.paragraph.text[change.mention.end : after.mention.start]
            and after.mention.start - change.mention.end <= 12
        )
        if paired and after is not None:
            done.add(number + 1)
            _check_pair(one, change, after, paragraphs, remarks)
        elif change.mention.money:
            _check_difference(one, change, paragraphs, remarks)
        else:
            _check_growth(one, change, remarks)


def _check_growth(one: Stated, change: Change, remarks: Remarks) -> None:
    """A rate against an amount that stands right before it: 支出 700 万元，较上年的 680 万元增长 2.94%."""
    base = change.of
    if base is None or base.mention.value <= 0 or not _COMPARED.match(base.mention.words):
        return
    before = [amount for amount in _said_before(one, change) if amount is not base]
    now = [amount for amount in before if amount.mention.sentence == base.mention.sentence]
    near = change.mention.start - base.mention.end <= _NEAR
    if not now or not near or any(amount.mention.about for amount in (base, *now)):
        return
    rates = [change.direction * (amount.mention.value / base.mention.value - 1) for amount in now]
    carried = (base.mention.slack + now[0].mention.slack) * 2 / base.mention.value
    if not any(close(rate, change.mention, carried) for rate in rates):
        remarks.add(
            "JX-704", change.mention, stated=percent(change.mention),
            expected=places(abs(rates[0]), change.mention),
            difference=f"{plain(abs(now[0].mention.value - base.mention.value))}万元",
            base=plain(base.mention.value),
        )  # fmt: skip


def _check_pair(
    one: Stated, change: Change, rate: Change, paragraphs: Sequence[Stated], remarks: Remarks
) -> None:
    """A difference and its rate: the base is the amount before the change."""
    if rate.mention.about:
        return
    _check_difference(one, change, paragraphs, remarks)
    now = _said_before(one, change)
    bases = [(amount, amount.mention.value - change.direction * change.mention.value) for amount in now]
    fits = [
        base
        for amount, base in bases
        if base > 0 and close(change.mention.value / base, rate.mention, change.mention.slack / base)
    ]
    known = [base for _, base in bases if base > 0]
    if known and not fits:
        amount, base = next((amount, base) for amount, base in bases if base > 0)
        remarks.add(
            "JX-704",
            rate.mention,
            stated=percent(rate.mention),
            expected=places(change.mention.value / base, rate.mention),
            difference=money(change.mention),
            base=plain(base),
        )


def _check_difference(one: Stated, change: Change, paragraphs: Sequence[Stated], remarks: Remarks) -> None:
    """A difference against a base that the report itself states for the same thing."""
    basis = _basis_of(change)
    if not basis or change.of is None:
        return
    now = change.of
    here = [base for base in one.amounts if base.basis == basis and base.subject == now.subject]
    bases = here or [
        base
        for other in paragraphs
        for base in other.amounts
        if base.basis == basis and base.subject and base.subject == now.subject
    ]
    bases = [base for base in bases if not base.mention.about]
    if not bases or now.mention.about:
        return
    for base in bases:
        room = now.mention.slack + base.mention.slack + change.mention.slack
        gap = now.mention.value - base.mention.value
        if abs(gap - change.direction * change.mention.value) <= room:
            return
    base = bases[0]
    gap = now.mention.value - base.mention.value
    remarks.add(
        "JX-703",
        change.mention,
        stated=("增加" if change.direction > 0 else "减少") + money(change.mention),
        expected=("增加" if gap > 0 else "减少") + f"{plain(abs(gap))}万元",
        now=money(now.mention),
        base=money(base.mention),
    )


def _basis_of(change: Change) -> str:
    if any(word in change.base for word in ("上年", "去年", "上一年")):
        return "previous"
    if "年初" in change.base:
        return "initial"
    if "调整" in change.base or "全年预算" in change.base:
        return "adjusted"
    return ""


def _said_before(one: Stated, change: Change) -> list[Amount]:
    """The amounts before a change, the nearest first."""
    found = [amount for amount in one.amounts if amount.mention.end <= change.mention.start]
    return list(reversed(found))
