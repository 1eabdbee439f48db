"""Rates of a part to the whole told before it: 办结 19 件，办结率 95%; 24 个街道中 22 个."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.audit.lexicon import Lexicon
from jixiao.audit.rates.quantities import NOT_OF_PART, Pair, listed_part, standing, together, without
from jixiao.audit.terms import NO_AMOUNT, Term, before

_BRACKET = re.compile(r"^\([^(),，。;；]*$")
"""The base may follow in brackets: 参保率 91%（总人口 68500 人）."""
_OUT_OF = re.compile("^[^,，。;；、\\d]{0,8}中(?:已|共)?(?:有|为)?$")
_NOT_DONE = re.compile("[一-龥]{0,2}[未没不无]")
_OF_THESE = re.compile("^(?P<noun>[一-龥]{2,8})中(?:已|共)?(?:有|为)?$")
_RATE = re.compile("(?:[率度]|比例|占比)(?:为|达|达到)?$")
_BEHIND = re.compile("^[^,，。;；、]{0,12}[,，][^,，。;；、]{2,10}$")
_NAMED = re.compile(r"(?P<name>[一-龥]{2,8}?)(?:率|度)(?:为|是|达到?|达|约|仅为?|只有)?[:：]?$")
_SHARE = re.compile(r"^[,，(]占比?约?$")
_OUGHT = re.compile("应|需|计划|目标|任务|申请")
_SHARED = re.compile(r"[^,，。;；]{0,16}[,，(]占比?")
_LISTED = re.compile(r"^(?:[,，、;；]|[份人户个名件])*[和及]?(?:比较|较|基本|较为|非常|很)?[一-龥]{2}$")


def of_part(terms: Sequence[Term], claim: Term, lexicon: Lexicon) -> Iterator[Pair]:
    """受理投诉 20 件，办结 19 件，办结率 95%: the part bears the name of the rate."""
    name = _NAMED.search(claim.words)
    if not name or NOT_OF_PART.search(claim.words):
        return
    earlier = [term for term in before(terms, claim) if term.full >= claim.full - 1]
    usable = [term for term in earlier if term.plain and term.kind not in NO_AMOUNT]
    above = next((term for term in usable if term.full == claim.full and _bears(term, name["name"])), None)
    rated = [term for term in earlier if term.kind == "%" and term.words.endswith(claim.words)]
    if above is None or any(term.start > above.start for term in rated):
        return
    if any(term.start > above.start and term.kind == above.kind and not term.words for term in earlier):
        return  # 回收有效问卷 288 份、94 份，有效率: of all of them
    for listed in (term for term in usable if term.start < above.start):
        if not _LISTED.match(above.gap(listed)) or listed.kind != above.kind:
            break
        if not _bears(listed, name["name"]):
            break
        above = together((listed, above))  # 非常满意 201 份、满意 76 份，满意率 94.22%
    wholes = [
        term for term in usable
        if term.start < above.start and term.kind == above.kind and term.value >= above.value
    ]  # fmt: skip
    among = any("其中" in term.gap(last) for last, term in itertools.pairwise(terms) if term is above)
    if (
        among and name["name"] in above.words and len(name["name"]) > 2
    ):  # 签约 15.8 万人，其中重点人群签约 7.2 万人
        stem = name["name"][-2:]
        alike = [term for term in wholes if stem in term.words and not _OUGHT.search(term.words)]
        nearest_alike = max((term.start for term in alike), default=0)
        wholes = [term for term in wholes if term not in alike and term.start > nearest_alike]
    wholes = [term for term in wholes if not _rated(terms, term, name["name"][-2:])]
    near = [term for term in wholes if term.sentence == above.sentence]
    others = [term for term in wholes if name["name"] not in term.words]  # 甲病管理 28 万人；乙病管理 9 万人
    others = [term for term in others if not listed_part(term)]
    near = near or [term for term in others if _among(above, term, name["name"][-2:], lexicon)]
    after = next((term for term in terms if term.start > claim.start and term.kind == above.kind), None)
    if after is not None and _BRACKET.match(after.gap(claim)) and after.value >= above.value:
        near = [after, *near]
    yield from ((above, one) for one in near if one.value > Decimal(0))


def _rated(terms: Sequence[Term], one: Term, verb: str) -> bool:
    """签约 89 万人，签约率 42%，重点人群签约 37 万人: a part itself, of a whole that is not told."""
    after = next((term for term in terms if term.start > one.start), None)
    return after is not None and after.kind == "%" and f"{verb}率" in after.words


def _among(part: Term, whole: Term, verb: str, lexicon: Lexicon) -> bool:
    """Whether the words of a part name nobody else than those of a whole in a sentence before it.

    受理 20 件。办结 19 件 is of the 20; 参与学生 300 人，参与率……；参与教师 20 人 is of other people.
    """
    words = without(lexicon.without_neutral(part.words), [*lexicon.words.acts, "其中"])
    words = re.sub(rf"[\W{verb}]", "", words)
    return len(words) < 2 or words[-2:] in whole.mention.clause + _noun(whole)


def ought(terms: Sequence[Term], claim: Term) -> Iterator[Pair]:
    """应种 26.8 万剂次，实种 26.4 万剂次，接种率 98.5%: two right before it, of one name."""
    last = before(terms, claim)[:2]
    if len(last) < 2 or last[1].sentence != claim.sentence or not _RATE.search(claim.words):
        return
    above, below = last
    said = [
        re.fullmatch("[^一-龥]*(?P<how>应|实)(?P<what>[一-龥]{1,8})", term.words) for term in (below, above)
    ]
    if all(said) and [one["how"] for one in said if one] == ["应", "实"] and above.kind == below.kind:
        if len({one["what"] for one in said if one}) == 1 and below.value > 0:
            yield above, below


def of_following(terms: Sequence[Term], claim: Term) -> Iterator[Pair]:
    """本科上线率 86.2%，参加考试 912 人，本科上线 786 人: both right behind it."""
    name = _NAMED.search(claim.words)
    last = [term for term in terms if term.start > claim.start and term.sentence == claim.sentence]
    if not name or NOT_OF_PART.search(claim.words) or len(last) != 2 or len(name["name"]) < 4:
        return
    below, above = last
    stem = name["name"].lstrip("率度")
    if above.kind == below.kind and above.plain and below.plain and 0 < above.value <= below.value:
        if above.kind not in NO_AMOUNT and above.words.endswith(stem[-4:]) and stem[-2:] not in below.words:
            yield above, below


def out_of(terms: Sequence[Term], claim: Term) -> Iterator[Pair]:
    """24 个街道中已有 22 个设立服务点，覆盖率 91.67%: right behind, so many out of so many."""
    last = before(terms, claim)[:2]
    rate = _RATE.search(claim.words)
    if len(last) < 2 or claim.sentence != last[1].sentence or not rate:
        return
    above, below = last
    out_of = _OUT_OF.match(above.gap(below)) and _BEHIND.match(claim.gap(above))
    if out_of and above.kind == below.kind and above.plain and below.plain and below.value >= above.value > 0:
        if _NOT_DONE.match(claim.gap(above)) and not _NOT_DONE.match(claim.words):
            above = standing(above, below.value - above.value)  # 12 个中 1 个未验收，验收率 91.67%
        yield above, below


def of_next(terms: Sequence[Term], claim: Term) -> Iterator[Pair]:
    """监测断面水质优良率达到 83.3%，12 个监测断面中 10 个达标: the two that the rate is of come after it."""
    last = [term for term in terms if term.start > claim.start][:2]
    if len(last) < 2 or last[1].sentence != claim.sentence or not _RATE.search(claim.words):
        return
    below, above = last
    named = _OF_THESE.match(above.gap(below))
    if re.fullmatch("[,，(]", below.gap(claim)) and named and named["noun"] in claim.mention.clause:
        if above.kind == below.kind and above.plain and below.plain and below.value >= above.value:
            yield above, below


def of_share(terms: Sequence[Term], claim: Term, lexicon: Lexicon) -> list[Pair]:
    """文物 68 处，修缮 17 处，占 25%: of the largest of its kind before it."""
    above = next(iter(before(terms, claim)), None)
    if above is None or not _SHARE.match(claim.gap(above)) or above.kind in ("元", *NO_AMOUNT):
        return []
    if not above.words:
        return []  # 320 户 1050 人，占……: of which of the two?
    wholes = [
        term for term in before(terms, above)
        if term.kind == above.kind and term.plain and term.value >= above.value
        and (term.full == above.full or term.full == above.full - 1 and _among(above, term, "", lexicon))
    ]  # fmt: skip
    wholes.sort(key=lambda term: -term.value)
    text = claim.mention.paragraph.text
    if not above.plain or any(_SHARED.match(text, term.mention.end) for term in wholes[:1]):
        return []  # the largest is itself a part of something
    return [(above, one) for one in wholes]


def _bears(term: Term, name: str) -> bool:
    """What a rate is named after stands before or after the number; what specifies it, before it."""
    noun, text = _noun(term), term.mention.paragraph.text
    sentence = re.split("[。；;]", text[: term.mention.end])[-1]
    named = set(name[-2:]) <= set(noun) and set(name) <= set(noun + sentence)
    opposite = name[0] not in "不未非" and re.search(f"[不未非]{re.escape(name[-2:])}", noun)
    return named and not opposite


def _noun(term: Term) -> str:
    """The words of a quantity and what follows its number: 办结 248 起案件."""
    text = term.mention.paragraph.text
    return term.words + (re.match(r"[一-龥]{0,6}", text[term.mention.end :]) or [""])[0]
