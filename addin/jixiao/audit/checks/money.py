"""Amounts: shares of a whole, parts that make up a whole.

A figure is wrong only where no reading of the text makes it right: every amount that could be the
whole, the base or the denominator is tried, each with the rounding that it carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from jixiao.audit.amounts import Amount, Share, Stated
from jixiao.audit.checks.figures import ZERO, money, percent, places, sized
from jixiao.audit.explained import explained
from jixiao.audit.lexicon import Identity, Lexicon
from jixiao.audit.mentions import Mention
from jixiao.audit.remark import Remarks
from jixiao.filing.quantity import plain

_MORE = re.compile("等|主要|其他|其它|债务|企业")
"""Not only the four kinds."""


def check_money(paragraphs: Sequence[Stated], lexicon: Lexicon, remarks: Remarks) -> None:
    """Everything about amounts in one document."""
    for one in paragraphs:
        for group in _groups(one, lexicon):
            _check_shares(one, group, paragraphs, lexicon, remarks)
        for identity in lexicon.words.identities:
            if identity.apart:
                _check_apart(one, identity, paragraphs, remarks)
            else:
                _check_identity(one, identity, lexicon, remarks)


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


def _groups(one: Stated, lexicon: Lexicon) -> Iterator[list[Share]]:
    """Shares told one after the other, no full stop between them, of one whole."""
    group: list[Share] = []
    for share in one.shares:
        if group and (
            "。" in one.paragraph.text[group[-1].mention.end : share.amount.mention.start]
            or _other_whole(group[-1], share, lexicon)
            or _of_part(group, share, lexicon)
        ):
            yield group
            group = []
        group.append(share)
    if group:
        yield group


def _other_whole(before: Share, share: Share, lexicon: Lexicon) -> bool:
    """Both name what they are shares of, and not the same; or the second one something of its own."""
    first, second = (lexicon.subject(one.whole) or one.whole for one in (before, share))
    return bool(second and first != second and (first or not lexicon.subject(second)))


def _of_part(group: Sequence[Share], share: Share, lexicon: Lexicon) -> bool:
    """项目支出 40 万元，占 40%（甲项目 10 万元，占项目支出的 25%）: of one of those before it."""
    named = lexicon.subject(share.whole)
    return bool(share.whole) and any(
        (named == one.amount.subject if named else share.whole in one.amount.mention.words) for one in group
    )


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
        if not _is_share(share, value, slack) and not explained(share.mention, share.amount.mention):
            exact = share.amount.mention.value / value
            remarks.add(
                "JX-701",
                share.mention,
                stated=percent(share.mention),
                expected=places(exact, share.mention),
                part=money(share.amount.mention),
                whole=plain(value),
                name=share.amount.subject or "这一项",
            )
    sum_of_parts = sum((part.value for part in parts), ZERO)
    room = sum((part.slack for part in parts), slack)
    if len(group) > 1 and abs(sum_of_parts - value) <= room:
        together = sum((share.mention.value for share in group), ZERO)
        carried = sum((share.mention.slack for share in group), ZERO)
        if abs(together - 1) > carried:
            said = "＋".join(percent(share.mention) for share in group)
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
        candidates.append(sized(group[0].amount.within.mention))
    candidates += [sized(amount.mention) for amount in reversed(governing)]
    candidates += [
        sized(amount.mention)
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
    each = any(lexicon.based(share.whole) for share in group)  # 占任务的 56.4%: each of its own
    if best == len(group) or best and not each:
        return usable[right.index(best)]
    if each:
        return _named(group, paragraphs, lexicon)
    adds_up = [whole for whole in usable[:-1] if abs(whole[0] - total) <= room + whole[1]]
    if len(group) > 1 and adds_up:
        return adds_up[0]
    own = {share.whole for share in group if share.whole and not lexicon.subject(share.whole)}
    if own:
        return _called(own, paragraphs)
    named = _named(group, paragraphs, lexicon)
    if named is not None:
        return named
    if group[0].amount.within and group[0].amount.within.subject != group[0].amount.subject:
        return sized(group[0].amount.within.mention)
    return None


def _named(
    group: Sequence[Share], paragraphs: Sequence[Stated], lexicon: Lexicon
) -> tuple[Decimal, Decimal] | None:
    """The only amount of the report that bears the name of the whole (占总支出的) and no other."""
    names = {lexicon.subject(share.whole) for share in group}
    if len(names) != 1 or "" in names or any(lexicon.without_known(share.whole) for share in group):
        return None
    told = {
        sized(amount.mention)
        for other in paragraphs
        for amount in other.amounts
        if amount.subject in names and not lexicon.without_known(amount.mention.words)
    }
    return told.pop() if len(told) == 1 else None


def _called(names: set[str], paragraphs: Sequence[Stated]) -> tuple[Decimal, Decimal] | None:
    """The only amount of the report right after the name of the whole (占中央资金的)."""
    told = {
        sized(amount.mention)
        for other in paragraphs
        for amount in other.amounts
        if not amount.mention.about and any(amount.mention.words.endswith(name) for name in names)
    }
    return told.pop() if len(told) == 1 else None


def _is_share(share: Share, whole: Decimal, slack: Decimal) -> bool:
    part = share.amount.mention
    low = (part.value - part.slack) / (whole + slack)
    high = (part.value + part.slack) / (whole - slack) if whole > slack else low
    said = share.mention
    return low - said.slack <= said.value <= high + said.slack


# ---------------------------------------------------------------- parts and wholes


def _check_apart(one: Stated, identity: Identity, paragraphs: Sequence[Stated], remarks: Remarks) -> None:
    """Parts that are always all told; their whole may be in another paragraph, and under several names."""
    parts = [amount for amount in one.amounts if amount.subject in identity.parts]
    told = [amount.subject for amount in parts]
    if sorted(told) != sorted(identity.parts) or any(part.mention.about for part in parts):
        return
    if {part.basis for part in parts} != {"actual"} or _MORE.search(_sentence(parts)):
        return
    amounts = [amount for other in paragraphs for amount in other.amounts]
    total = sum((part.mention.value for part in parts), ZERO)
    room = sum((part.mention.slack for part in parts), ZERO)
    if any(abs(total - one.mention.value) <= room + one.mention.slack for one in amounts):
        return
    spent = [one.mention for one in amounts if (one.subject, one.basis) == (identity.whole, "actual")]
    spent = [one for one in spent if one.value >= max(part.mention.value for part in parts)]
    if len({one.value for one in spent}) != 1 or spent[0].about:
        return
    remarks.add(
        "JX-705", spent[0], stated=money(spent[0]), expected=f"{plain(total)}万元", whole=identity.whole,
        parts="＋".join(f"{part.subject}{plain(part.mention.value)}" for part in parts),
    )  # fmt: skip


def _sentence(parts: Sequence[Amount]) -> str:
    first, last = parts[0].mention, parts[-1].mention
    text = first.paragraph.text
    end = text.find("。", last.end)
    return text[first.start - len(first.clause) : end if end >= 0 else len(text)]


def _check_identity(one: Stated, identity: Identity, lexicon: Lexicon, remarks: Remarks) -> None:
    """All parts of a known whole, told together on one basis, add up to it."""
    for basis in ("initial", "adjusted", "actual", "previous"):
        told = {
            name: [
                amount
                for amount in one.amounts
                if (amount.subject, amount.basis) == (name, basis)
                and not (amount.within and amount.within.subject == name)
            ]  # fmt: skip
            for name in (identity.whole, *identity.parts)
        }
        if any(len(found) != 1 or found[0].mention.about for found in told.values()):
            continue
        if lexicon.without_known(told[identity.whole][0].mention.words):
            continue  # 经营支出 is no 支出 of the unit
        first, *_, last = sorted(told[name][0].mention.start for name in identity.parts)
        text = one.paragraph.text
        ends = "。" if re.search("[;；]", text[first:last]) else "[;；。]"  # what ends the list of parts
        others = [
            amount for amount in one.amounts
            if amount.within is told[identity.whole][0]
            and not re.search(ends, text[last : amount.mention.start])
        ]  # fmt: skip
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
                stated=money(whole),
                expected=f"{plain(total)}万元",
                whole=identity.whole,
                parts="＋".join(
                    f"{name}{plain(part.value)}" for name, part in zip(identity.parts, parts, strict=True)
                ),
            )
