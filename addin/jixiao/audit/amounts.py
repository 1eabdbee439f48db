"""Amounts that a report states: what of, on which basis, and how it is said to have changed."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from jixiao.audit.document import Paragraph
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.mentions import Mention, mentions

_COMPARED = re.compile(r"比|较|与|同")
_WITHIN = re.compile(r"其中|包括|分别为|分别是")
_OF_BASE = re.compile(r"(?:比|较|与|同)(?P<base>[^,，。;；]{1,14}?)(?:相比|同期)?[,，]?$|同比$")


class Amount(msgspec.Struct, frozen=True):
    """Money as it is stated. ``within`` are the amounts before it that it is said to be a part of (其中)."""

    mention: Mention
    subject: str
    basis: str
    within: Amount | None = None


class Change(msgspec.Struct, frozen=True):
    """增加 or 减少 by an amount or a rate, against a base (words), of an amount stated before."""

    mention: Mention
    direction: int
    base: str
    of: Amount | None = None


class Share(msgspec.Struct, frozen=True):
    """An amount and the share that it is said to be; ``whole`` is what the report names, or empty."""

    amount: Amount
    mention: Mention
    whole: str


class Stated(msgspec.Struct, frozen=True):
    """All that one paragraph states, in its order."""

    paragraph: Paragraph
    mentions: tuple[Mention, ...]
    amounts: tuple[Amount, ...]
    changes: tuple[Change, ...]
    shares: tuple[Share, ...]
    others: tuple[Mention, ...]
    """Quantities that are none of these: counts, points, rates."""


def stated(paragraph: Paragraph, lexicon: Lexicon) -> Stated:
    """Read one paragraph."""
    found = [one for one in mentions(paragraph)]
    amounts: list[Amount] = []
    changes: list[Change] = []
    shares: list[Share] = []
    others: list[Mention] = []
    whole: Amount | None = None
    for number, one in enumerate(found):
        before = found[number - 1] if number else None
        direction = lexicon.direction(one.words) if one.money or one.percent else 0
        if direction:
            changes.append(Change(one, direction, _base(one, changes), amounts[-1] if amounts else None))
        elif one.percent and (named := _share(one.words, lexicon)) is not None and amounts:
            if before is not None and before is amounts[-1].mention:
                shares.append(Share(amounts[-1], one, named))
            else:
                others.append(one)
        elif one.money:
            if _new_sentence(one, before, ";；") and not _WITHIN.search(one.clause):
                whole = whole if _listed(one, before) else None
            if _WITHIN.search(_between(before, one)) and amounts:
                own = (amount for amount in reversed(amounts) if not _COMPARED.match(amount.mention.words))
                whole = next(own, amounts[-1])
            amounts.append(_amount(one, before, amounts, whole, lexicon))
        else:
            others.append(one)
    return Stated(paragraph, tuple(found), tuple(amounts), tuple(changes), tuple(shares), tuple(others))


def _amount(
    one: Mention, before: Mention | None, amounts: list[Amount], whole: Amount | None, lexicon: Lexicon
) -> Amount:
    last = amounts[-1] if amounts and before and amounts[-1].mention.sentence == one.sentence else None
    subject = lexicon.subject(one.words) or lexicon.subject(one.clause)
    if last and (not subject or (lexicon.only_kind(one.words) and last.basis != lexicon.basis(one.words))):
        subject = last.subject  # 一般公共预算年初支出……，调整预算支出……
    basis = lexicon.basis(one.words)
    if not basis:
        above = whole or (last if last and not lexicon.subject(one.words) else None)
        basis = above.basis if above else "actual"
    return Amount(one, subject, basis, whole)


def _share(words: str, lexicon: Lexicon) -> str | None:
    """The whole that a share names (empty: none); None where the words speak of no share."""
    marks = "|".join(lexicon.words.share)
    found = re.search(
        rf"(?:{marks})(?P<whole>[^,，]*?)(?:的比重|的比例|的|比重|比例|比)?(?:约)?(?:为|是|达)?$", words
    )
    return found["whole"] if found else None


def _base(one: Mention, changes: Iterable[Change]) -> str:
    lead = re.sub(r"[^比较与同]*$", "", one.words) and one.words
    found = re.search(
        r"(?:比|较|与|同)(?P<base>[一-龥“”()\d]{1,14}?)(?:相比|同期)?(?:增|减|下|上|提|降|调|压|节|多|少|超)",
        lead or "",
    )
    if found:
        return found["base"]
    last = next(
        (change for change in reversed(list(changes)) if change.mention.sentence == one.sentence), None
    )
    return last.base if last else ""


def _between(before: Mention | None, one: Mention) -> str:
    return one.paragraph.text[before.end if before else 0 : one.start]


def _new_sentence(one: Mention, before: Mention | None, signs: str) -> bool:
    return any(sign in _between(before, one) for sign in "。" + signs)


def _listed(one: Mention, before: Mention | None) -> bool:
    """A list goes on after a semicolon; a full stop ends it."""
    return "。" not in _between(before, one)
