"""What the ways to find numerator and base have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from jixiao.audit.terms import UNIT, Term

Pair = tuple[Term, Term]
OF_NAMED = re.compile(
    r"(?P<verb>完成|占|为|达到?|相当于|实现|仅为)(?P<base>[^,，占完]{2,12})的(?:比例|比重)?(?:为|是|达|约)?$"
)
NOT_OF_PART = re.compile("增长|增幅|降幅|减幅|控制|变动|目标|指标|平均|同比|上年|去年|利用|使用$|覆盖|知晓")
"""Rates that are not the share of a part that bears their name."""


def basis(term: Term) -> str:
    return term.amount.basis if term.amount is not None else ""


def likely(above: Term, below: Term, claim: Term) -> bool:
    """Whether a base from elsewhere makes a rate of the size that is told, though not the same."""
    return below.value > 0 and claim.value / 2 <= above.value / below.value <= claim.value * 2


def of_whole(term: Term) -> bool:
    return term.amount is not None and term.amount.subject in ("", UNIT)


def budget(term: Term) -> bool:
    return term.amount is not None and term.amount.basis in ("adjusted", "initial")


def together(listed: Sequence[Term]) -> Term:
    """The sum of some of one kind, standing where the first stands."""
    return standing(listed[0], sum((one.value for one in listed), Decimal(0)))


def standing(first: Term, value: Decimal) -> Term:
    """Another value that stands where this one stands."""
    return msgspec.structs.replace(first, mention=msgspec.structs.replace(first.mention, value=value))


def without(words: str, some: Sequence[str]) -> str:
    for word in sorted(some, key=len, reverse=True):
        words = words.replace(word, "")
    return words


def listed_part(one: Term) -> bool:
    """项目 68 个。其中新建 46 个、续建 22 个。竣工 35 个: of all, not of those of one kind."""
    return "其中" in one.mention.paragraph.text[: one.start].rpartition("。")[2]
