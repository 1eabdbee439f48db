"""Amounts: shares of a whole, changes against a base, parts that make up a whole, execution rates.

A figure is wrong only where no reading of the text makes it right: every amount that could be the
whole, the base or the denominator is tried, each with the rounding that it carries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import msgspec

from jixiao.audit.amounts import Amount, Change, Share, Stated
from jixiao.audit.lexicon import Identity, Lexicon
from jixiao.audit.mentions import Mention
from jixiao.audit.remark import Remarks
from jixiao.filing.quantity import plain
from jixiao.scoring.arithmetic import rounded

ZERO = Decimal(0)


def check_money(paragraphs: Sequence[Stated], lexicon: Lexicon, remarks: Remarks) -> None:
    """Everything about amounts in one document."""
    for one in paragraphs:
        for group in _groups(one):
            _check_shares(one, group, paragraphs, lexicon, remarks)
        _check_changes(one, paragraphs, remarks)
        for identity in lexicon.words.identities:
            _check_identity(one, identity, remarks)
        _check_rates(one, paragraphs, lexicon, remarks)


# ---------------------------------------------------------------- units


def in_one_unit(one: Stated, lexicon: Lexicon, remarks: Remarks) -> Stated:
    """Without amounts of less than a 万元 told in 元 among amounts in 万元, which are remarked on."""
    if not any(amount.mention.unit == "万元" for amount in one.amounts):
        return one
    odd = [amount for amount in one.amounts if amount.subject and _odd(amount.mention, lexicon)]
    for amount in odd:
        printed = plain(amount.mention.value / amount.mention.scale)
        remarks.add(
            "JX-724", amount.mention, stated=f"{printed}元", expected=f"{printed}万元",
            name=amount.subject, other="同一段的其他金额都是万元，照此",
        )  # fmt: skip
    if not odd:
        return one
    kept = tuple(amount for amount in one.amounts if amount not in odd)
    shares = tuple(share for share in one.shares if share.amount not in odd)
    return msgspec.structs.replace(one, amounts=kept, shares=shares)


def _odd(mention: Mention, lexicon: Lexicon) -> bool:
    """So many 元, with decimals, of something that the whole unit spends."""
    small = mention.unit == "元" and 0 < mention.value < 1 and mention.places > 0
    return small and not lexicon.without_known(mention.words)


# ---------------------------------------------------------------- shares


def _groups(one: Stated) -> Iterator[list[Share]]:
    """Shares told one after the other, no full stop between them."""
    group: list[Share] = []
    for share in one.shares:
        if group and (
            share.amount.mention.sentence != group[-1].amount.mention.sentence
            and "。" in one.paragraph.text[group[-1].mention.end : share.amount.mention.start]
        ):
            yield group
            group = []
        group.append(share)
    if group:
        yield group


def _check_shares(
    one: Stated, group: list[Share], paragraphs: Sequence[Stated], lexicon: Lexicon, remarks: Remarks
) -> None:
    if any(share.amount.mention.about or share.mention.about for share in group):
        return
    parts = [share.amount.mention for share in group]
    whole = _whole(one, group, paragraphs, lexicon)
    if whole is None:
        return
    value, slack = whole
    if _evened_out(group, value, slack):
        return
    for share in group:
        if not _is_share(share, value, slack):
            exact = share.amount.mention.value / value
            remarks.add(
                "JX-701",
                share.mention,
                stated=_percent(share.mention),
                expected=_places(exact, share.mention),
                part=_money(share.amount.mention),
                whole=plain(value),
                name=share.amount.subject or "这一项",
            )
    sum_of_parts = sum((part.value for part in parts), ZERO)
    room = sum((part.slack for part in parts), slack)
    if len(group) > 1 and abs(sum_of_parts - value) <= room:
        together = sum((share.mention.value for share in group), ZERO)
        carried = sum((share.mention.slack for share in group), ZERO)
        if abs(together - 1) > carried:
            said = "＋".join(_percent(share.mention) for share in group)
            first, last = group[0].amount.mention, group[-1].mention
            remarks.add(
                "JX-702",
                (first.paragraph.words, first.start, last.end),
                stated=f"{plain(together * 100)}%",
                expected="100%",
                sum=said,
            )


def _evened_out(group: Sequence[Share], whole: Decimal, slack: Decimal) -> bool:
    """Shares that were made to add to 100%: each may be one off in its last place."""
    told = sum((share.mention.value for share in group), ZERO)
    near = (
        abs(share.amount.mention.value / whole - share.mention.value)
        <= 2 * share.mention.slack + slack / whole
        for share in group
    )
    return len(group) > 1 and told == 1 and all(near)


def _whole(
    one: Stated, group: list[Share], paragraphs: Sequence[Stated], lexicon: Lexicon
) -> tuple[Decimal, Decimal] | None:
    """The amount of which the group tells shares, and its slack: what makes most of the shares right.

    With none right, an amount is taken for the whole only if the report says so: it names the
    whole, or the parts add up to it.
    """
    parts = [share.amount.mention for share in group]
    first = one.amounts.index(group[0].amount)
    known = {lexicon.subject(share.whole) for share in group if share.whole}
    known |= {identity.whole for identity in lexicon.words.identities}
    governing = [amount for amount in one.amounts[:first]]
    total = sum((part.value for part in parts), ZERO)
    room = sum((part.slack for part in parts), ZERO)
    candidates: list[tuple[Decimal, Decimal]] = []
    if group[0].amount.within:
        candidates.append(_sized(group[0].amount.within.mention))
    candidates += [_sized(amount.mention) for amount in reversed(governing)]
    candidates += [
        _sized(amount.mention)
        for other in paragraphs
        for amount in other.amounts
        if amount.subject in known and amount.basis == "actual" and not amount.mention.about
    ]
    candidates.append((total, room))
    usable = [one for one in candidates if one[0] > 0]
    if not usable:
        return None
    right = [sum(_is_share(share, *whole) for share in group) for whole in usable]
    best = max(right)
    if best:
        return usable[right.index(best)]
    adds_up = [whole for whole in usable[:-1] if abs(whole[0] - total) <= room + whole[1]]
    if len(group) > 1 and adds_up:
        return adds_up[0]
    if group[0].amount.within and group[0].amount.within.subject != group[0].amount.subject:
        return _sized(group[0].amount.within.mention)
    return None


def _is_share(share: Share, whole: Decimal, slack: Decimal) -> bool:
    part = share.amount.mention
    low = (part.value - part.slack) / (whole + slack)
    high = (part.value + part.slack) / (whole - slack) if whole > slack else low
    said = share.mention
    return low - said.slack <= said.value <= high + said.slack


# ---------------------------------------------------------------- changes


def _check_changes(one: Stated, paragraphs: Sequence[Stated], remarks: Remarks) -> None:
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
        if base > 0 and _close(change.mention.value / base, rate.mention, change.mention.slack / base)
    ]
    known = [base for _, base in bases if base > 0]
    if known and not fits:
        amount, base = next((amount, base) for amount, base in bases if base > 0)
        remarks.add(
            "JX-704",
            rate.mention,
            stated=_percent(rate.mention),
            expected=_places(change.mention.value / base, rate.mention),
            difference=_money(change.mention),
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
        stated=("增加" if change.direction > 0 else "减少") + _money(change.mention),
        expected=("增加" if gap > 0 else "减少") + f"{plain(abs(gap))}万元",
        now=_money(now.mention),
        base=_money(base.mention),
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


# ---------------------------------------------------------------- parts and wholes


def _check_identity(one: Stated, identity: Identity, remarks: Remarks) -> None:
    """All parts of a known whole, told together on one basis, add up to it."""
    for basis in ("initial", "adjusted", "actual", "previous"):
        told = {
            name: [amount for amount in one.amounts if (amount.subject, amount.basis) == (name, basis)]
            for name in (identity.whole, *identity.parts)
        }
        if any(len(found) != 1 or found[0].mention.about for found in told.values()):
            continue
        others = [amount for amount in one.amounts if amount.within is told[identity.whole][0]]
        if any(amount.subject not in identity.parts for amount in others):
            continue  # 经营支出 stands beside the two
        whole = told[identity.whole][0].mention
        parts = [told[name][0].mention for name in identity.parts]
        total = sum((part.value for part in parts), ZERO)
        room = sum((part.slack for part in parts), whole.slack)
        if abs(total - whole.value) > room:
            remarks.add(
                "JX-705",
                whole,
                stated=_money(whole),
                expected=f"{plain(total)}万元",
                whole=identity.whole,
                parts="＋".join(
                    f"{name}{plain(part.value)}" for name, part in zip(identity.parts, parts, strict=True)
                ),
            )


# ---------------------------------------------------------------- rates


def _check_rates(one: Stated, paragraphs: Sequence[Stated], lexicon: Lexicon, remarks: Remarks) -> None:
    for rate in one.others:
        if not rate.percent or rate.about or not lexicon.speaks_of("执行率", rate.words):
            continue
        subject = lexicon.subject(
            rate.words.replace("支出率", "").replace("支出执行率", "").replace("支出进度", "")
        )
        pairs = list(_pairs(one.amounts, subject))
        if not pairs:
            continue
        if any(
            _close(above.value / below.value, rate, (above.slack + below.slack) / below.value)
            for above, below in pairs
        ):
            continue
        above, below = pairs[0]
        remarks.add(
            "JX-706",
            rate,
            stated=_percent(rate),
            expected=_places(above.value / below.value, rate),
            above=_money(above),
            below=_money(below),
        )


def _pairs(amounts: Iterable[Amount], subject: str) -> Iterator[tuple[Mention, Mention]]:
    """Actual over budget of the same thing, the adjusted budget first."""
    told = [amount for amount in amounts if not amount.mention.about]
    for basis in ("adjusted", "initial"):
        for below in told:
            for above in told:
                near = not below.subject and below.mention.sentence == above.mention.sentence
                same = (above.subject == below.subject or near) and subject in ("", above.subject)
                if same and above.basis == "actual" and below.basis == basis and below.mention.value > 0:
                    yield above.mention, below.mention


# ---------------------------------------------------------------- showing and comparing


def _sized(mention: Mention) -> tuple[Decimal, Decimal]:
    return mention.value, mention.slack


def _close(exact: Decimal, said: Mention, carried: Decimal = ZERO) -> bool:
    return abs(exact - said.value) <= said.slack + abs(carried)


def _percent(mention: Mention) -> str:
    return f"{rounded(mention.value * 100, mention.places)}%"


def _places(ratio: Decimal, like: Mention) -> str:
    """A ratio with as many decimals as the report prints, two at least."""
    return f"{rounded(ratio * 100, max(like.places, 2))}%"


def _money(mention: Mention) -> str:
    return f"{plain(mention.value)}万元"
