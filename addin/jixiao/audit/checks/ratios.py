"""Rates of one stated amount to another: 完成预算的 98%, 为计划 20 公里的 92.5%, 支付率, 办结率.

The base is told by name or stands right before the rate; the numerator is what the sentence is
about, or bears the name of the rate. A rate is wrong only where the words tell both and no two
quantities of its sentence make it right.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from jixiao.audit.amounts import ATTRIBUTE
from jixiao.audit.checks.lists import NUMBERS
from jixiao.audit.explained import explained
from jixiao.audit.lexicon import Lexicon, Ratio
from jixiao.audit.remark import Remarks
from jixiao.audit.terms import NO_AMOUNT, UNIT, Everywhere, Term, before, nearest, of_unit, ratio_slack, right
from jixiao.scoring.arithmetic import rounded

Pair = tuple[Term, Term]
_OF_NUMBER = re.compile(r"^(?:[一-龥]{0,4})?的$")
_OF_NAMED = re.compile(
    r"(?P<verb>完成|占|为|达到?|相当于|实现|仅为)(?P<base>[^,，占完]{2,12})的(?:比例|比重)?(?:为|是|达|约)?$"
)
_OF_BUDGET = re.compile(r"(?P<verb>完成)(?P<base>[一-龥]{0,4}预算数?)$")
"""支出 34 万元，完成预算 68%."""
_ABOVE = re.compile(r"(?:上述|以上|前述|这)(?P<number>[两二三四五六])[项类个]")
"""上述四项占项目支出的 64.7%."""
_SPENT = re.compile("[,，](?:全年|已)?(?:实际|累计)?(?:使用|支出|支付|执行)$")
_ANY_BUDGET = re.compile("预算数?$")
"""完成预算的 98%: of the initial or of the adjusted one."""
_BRACKET = re.compile(r"^\([^(),，。;；]*$")
"""The base may follow in brackets: 参保率 91%（总人口 68500 人）."""
_PART_OF = re.compile(
    r"(?:^|[^一-龥“”])(?:[一-龥]{2,8}中)?(?P<part>[一-龥“”]{2,14}?)(?:占比[一-龥]{0,4}[,，]仅?)?占"
    r"(?P<whole>(?!比)[一-龥“”]{2,14}?)(?:的?比[重例]|的)[一-龥]{0,6}(?:[,，][一-龥]{0,4})?$"
)
_OUT_OF = re.compile("^[^,，。;；、\\d]{0,8}中(?:已|共)?(?:有|为)?$")
_NOT_DONE = re.compile("[一-龥]{0,2}[未没不无]")
_OF_THESE = re.compile("^(?P<noun>[一-龥]{2,8})中(?:已|共)?(?:有|为)?$")
_RATE = re.compile("(?:[率度]|比例|占比)(?:为|达|达到)?$")
_BEHIND = re.compile("^[^,，。;；、]{0,12}[,，][^,，。;；、]{2,10}$")
_MORE = re.compile("超过|超出|超额|超")
_DIFFERENCE = re.compile("^(?!.*完成).*超|比.{2,}[多少]")
"""比目标多 90 人: neither what was done nor what was wanted."""
_NAMED = re.compile(r"(?P<name>[一-龥]{2,8}?)(?:率|度)(?:为|是|达到?|达|约|仅为?|只有)?[:：]?$")
_SHARE = re.compile(r"^[,，(]占比?约?$")
_OUGHT = re.compile("应|需|计划|目标|任务|申请")
_SHARED = re.compile(r"[^,，。;；]{0,16}[,，(]占比?")
_NOT_OF_PART = re.compile("增长|增幅|降幅|减幅|控制|变动|目标|指标|平均|同比|上年|去年|利用|使用$|覆盖|知晓")
"""Rates that are not the share of a part that bears their name."""


def check_ratios(terms: Sequence[Term], everywhere: Everywhere, lexicon: Lexicon, remarks: Remarks) -> None:
    """All rates of one paragraph."""
    for claim in terms:
        if claim.kind != "%" or claim.mark not in ("", "base") or claim.mention.about:
            continue
        if any(word in claim.words for word in lexicon.words.intended):
            continue
        if ATTRIBUTE.match(claim.mention.paragraph.text, claim.mention.end):
            continue
        found = list(_pairs(terms, claim, everywhere, lexicon))
        final = _of_final(claim, found, lexicon)
        if not found or _is_right(terms, claim, final or found, lexicon) or _evened_out(terms, claim, found):
            continue
        severity = "警告" if final and _is_right(terms, claim, found, lexicon) else ""
        above, below = (final or found)[0]
        if not final and explained(claim.mention, above.mention, below.mention):
            continue
        more = _more(terms, claim)
        remarks.add(
            "JX-706", claim.mention, severity=severity, stated=claim.shown(),
            expected=f"{rounded((above.value / below.value - more) * 100, max(claim.mention.places, 2))}%",
            above=above.shown(), below=below.shown(),
        )  # fmt: skip


def _evened_out(terms: Sequence[Term], claim: Term, found: Sequence[Pair]) -> bool:
    """One of the shares that were made to add to 100%: it may be one off in its last place."""
    shares = [one for one in terms if one.kind == "%" and one.full == claim.full and "占" in one.words]
    if claim not in shares or len(shares) < 2 or sum(one.value for one in shares) != 1:
        return False
    return any(
        abs(above.value / below.value - claim.value) <= 2 * claim.mention.slack + ratio_slack(above, below)
        for above, below in found
    )


def _is_right(terms: Sequence[Term], claim: Term, found: Sequence[Pair], lexicon: Lexicon) -> bool:
    ratio = lexicon.ratio(claim.words)
    spent = ratio is not None and ratio.of_unit
    sentences = {claim.full, *(above.full for above, _ in found)}
    near = [
        term for term in terms
        if term.full in sentences and term.kind not in NO_AMOUNT and term.mark != "each" and term.value
        and not (spent and _budget(term))
    ]  # fmt: skip
    bases = [base for _, base in found]
    near += _net(near, lexicon)
    runs = (near[at : at + size] for size in _RUNS for at in range(len(near) - size + 1))
    sums = [_together(run) for run in runs if len({one.kind for one in run}) == 1]
    pairs = [(one, base) for one, base in itertools.product([*near, *sums], bases) if one.kind == base.kind]
    more = _more(terms, claim)
    return any(
        right(above.value / below.value - more, claim, ratio_slack(above, below))
        for above, below in (*found, *pairs)
        if below.value > 0
    ) or (claim.value == 1 and all(above.value >= below.value for above, below in found))


def _net(near: Sequence[Term], lexicon: Lexicon) -> list[Term]:
    """调增 2940 万元、调减 500 万元: 2440 万元 in all."""
    moved = [(term, lexicon.adjusts(term.words)) for term in near if lexicon.adjusts(term.words)]
    if {sign for _, sign in moved} != {1, -1}:
        return []
    return [_standing(moved[0][0], abs(sum((sign * term.value for term, sign in moved), Decimal(0))))]


def _of_final(claim: Term, found: Sequence[Pair], lexicon: Lexicon) -> list[Pair]:
    """执行率 beside the initial and the adjusted budget is of the adjusted one, if nothing else is said."""
    ratio = lexicon.ratio(claim.words)
    final = [pair for pair in found if _basis(pair[1]) == "adjusted"]
    told = sorted(_basis(below) for _, below in found) == ["adjusted", "initial"]
    if not told or ratio is None or not ratio.of_unit:
        return []
    return [] if lexicon.basis(_without(claim.words, [*ratio.names, *ratio.below])) == "initial" else final


def _basis(term: Term) -> str:
    return term.amount.basis if term.amount is not None else ""


def _more(terms: Sequence[Term], claim: Term) -> int:
    """超过计划 30 公里的 8.67%: so much more than the base."""
    last = next(iter(before(terms, claim)), None)
    return int(last is not None and claim.gap(last) == "的" and bool(_MORE.search(last.words)))


def _pairs(terms: Sequence[Term], claim: Term, everywhere: Everywhere, lexicon: Lexicon) -> Iterator[Pair]:
    """Numerator and base as the words tell them, the surest first; none for another kind of rate."""
    of_number = list(_of_number(terms, claim))
    named = _OF_NAMED.search(claim.words) or _OF_BUDGET.search(claim.words)
    if of_number:
        yield from of_number
    elif named and (own := list(_of_named(terms, claim, named["base"], everywhere, lexicon))):
        yield from own
    elif named:
        yield from _named_parts(claim, everywhere, lexicon)
    elif lexicon.basis(claim.words) != "previous":  # 较上年结转结余率 3.05%
        ratio = lexicon.ratio(claim.words)
        known = list(_of_ratio(terms, claim, ratio, everywhere, lexicon)) if ratio else []
        of_part = [] if ratio and lexicon.basis("".join(ratio.below)) else _of_part(terms, claim, lexicon)
        known = known or list(_named_parts(claim, everywhere, lexicon))
        known = known or list(_out_of(terms, claim)) or list(_of_next(terms, claim))
        known = known or _of_share(terms, claim, lexicon) or list(of_part)
        yield from known or list(_ought(terms, claim)) or _of_following(terms, claim)


def _of_number(terms: Sequence[Term], claim: Term) -> Iterator[Pair]:
    """完成年度任务 2000 人的 122.5%."""
    base = next(iter(before(terms, claim)), None)
    if base is None or not _OF_NUMBER.match(claim.gap(base)) or base.kind in NO_AMOUNT or base.value <= 0:
        return
    if not re.search("占|为|完成|达|超|相当于|实现|是", base.words) or base.mention.about:
        return
    now = nearest((term for term in before(terms, base) if term.full == base.full), base.kind)
    if now is not None:
        yield now, base


def _of_named(
    terms: Sequence[Term], claim: Term, name: str, everywhere: Everywhere, lexicon: Lexicon
) -> Iterator[Pair]:
    """占年初预算的 98%: of the amount on this basis; 占总投资的: of the amount that bears this name."""
    earlier = before(terms, claim)
    now = nearest((term for term in earlier if term.full == claim.full), "元")
    counted = next((term for term in earlier if term.full == claim.full and term.plain), None)
    now = now if counted is None or counted.kind in NO_AMOUNT or now is counted else counted
    last = earlier[0] if earlier else None
    if last is not None and lexicon.adjusts(last.words) and re.match("[,，(]占", claim.gap(last)):
        now = last  # 年中追加 40 万元，占年初预算的 8%
    if listed := _ABOVE.search(claim.words):
        now = _of_list(earlier, NUMBERS[listed["number"]])
    if now is None or now.kind in NO_AMOUNT:
        return
    if not listed and _of_other(claim, now, lexicon):
        return
    if now.kind == "元" and lexicon.subject(name) == UNIT and re.match("[,，(]占", claim.gap(now)):
        return  # a share of all, evened out perhaps with those beside it
    known = lexicon.basis(name) if now.kind == "元" else ""
    if known not in ("", "actual") and lexicon.basis(now.words) == known and not lexicon.adjusts(now.words):
        return  # 年初预算 20 万元，完成预算的 79%: what was spent is not told here
    rest = lexicon.without_known(name)
    if not (known or rest or lexicon.subject(name)):
        return  # 占全年的: of all of what?
    others = [term for term in terms if term.kind == now.kind and term is not now and term.value > 0]
    others = [term for term in others if term.mark != "change" and not term.mention.about]
    here = sorted(others, key=lambda term: (term.full != claim.full, abs(term.start - claim.start)))
    wanted = re.sub("^(?:计划|年度)(?=..)", "", rest or ("" if known else name))
    budgets = ("initial", "adjusted") if _ANY_BUDGET.match(name) else (known,)
    bases = [
        term for term in here
        if (wanted and (_is_of(term, now, name, lexicon) or _named(term, wanted, name, lexicon)))
        or (known and not rest and term.amount is not None and term.amount.basis in budgets
            and not lexicon.adjusts(term.words) and _same_subject(term, now, lexicon)
            and not (known == "actual" and not of_unit(terms, term, lexicon)))
    ]  # fmt: skip
    if not bases and now.kind == "元" and _OF_NAMED.search(claim.words):
        bases = _elsewhere(wanted, now, everywhere, lexicon) if wanted else []
        bases = [one for one in bases if lexicon.subject(name) in ("", lexicon.subject(one.words))]
        bases = everywhere.of_unit(known) if not wanted and of_unit(terms, now, lexicon) else bases
        moved = now is last and lexicon.adjusts(now.words) and not lexicon.besides_adjusting(now.words)
        if not bases and moved and not wanted:
            bases = everywhere.of_unit(known) or everywhere.told(_INCOME, known)
        bases = [one for one in bases if one.mention is not now.mention and _likely(now, one, claim)]
    if bases and not known and (subject := lexicon.subject(name)):  # 占项目支出的: spent, or planned
        bases = [
            *bases,
            *(one for basis in ("actual", "adjusted", "initial") for one in everywhere.told(subject, basis)),
        ]
    if not bases and now.kind != "元" and len(name) > 2:
        bases = [base for base in everywhere.counted(name, kind=now.kind) if base.value >= now.value]
    if "占" in claim.words:
        bases = [base for base in bases if base.value >= now.value]
        bases = [] if all(base.value == now.value for base in bases) else bases
    distinct = (base for base in bases if base.mention is not now.mention)
    yield from ((now, base) for base in sorted(distinct, key=lambda base: name not in base.words))


def _named(term: Term, wanted: str, name: str, lexicon: Lexicon) -> bool:
    return wanted in term.words and lexicon.subject(name) in ("", lexicon.subject(term.words))


def _of_other(claim: Term, now: Term, lexicon: Lexicon) -> bool:
    """人员经费 82 万元、公用经费 18 万元，人员经费占……: the words before tell of another amount."""
    named = _OF_NAMED.search(claim.words)
    part = lexicon.without_neutral(claim.words[: named.start()]) if named else ""
    return len(part) > 2 and part not in now.words


def _of_list(earlier: Sequence[Term], number: int) -> Term | None:
    """上述四项: the sum of the last four amounts, where nothing else of money stands between them."""
    some = [term for term in earlier if term.kind == "元"][:number]
    alike = len({term.mention.sentence for term in some}) == 1 and all(term.plain for term in some)
    return _together(some[::-1]) if len(some) == number and alike else None


def _likely(above: Term, below: Term, claim: Term) -> bool:
    """Whether a base from elsewhere makes a rate of the size that is told, though not the same."""
    return below.value > 0 and claim.value / 2 <= above.value / below.value <= claim.value * 2


def _elsewhere(name: str, now: Term, everywhere: Everywhere, lexicon: Lexicon) -> list[Term]:
    """What bears this name in another paragraph; of a subject's several amounts the one on the same basis."""
    if now.amount is not None and lexicon.subject(name) == name:
        found = everywhere.told(name, now.amount.basis)
        return found if len({one.value for one in found}) == 1 else []
    return everywhere.named(name)


def _is_of(base: Term, now: Term, name: str, lexicon: Lexicon) -> bool:
    """公用经费预算 215 万元，决算 195 万元……三公经费决算 15 万元，占公用经费的: of the 决算."""
    if base.amount is None or now.amount is None:
        return False
    named = lexicon.subject(name) == name and base.amount.subject == name
    return named and base.amount.basis == now.amount.basis


def _same_subject(base: Term, now: Term, lexicon: Lexicon) -> bool:
    """Of a part (其中) its own budget; otherwise also one that names no subject."""
    assert base.amount is not None
    within = now.amount.within if now.amount is not None else None
    if now.amount is not None and within is not None and within.mention.sentence == base.sentence:
        return base.amount.subject == now.amount.subject
    other = now.amount.subject if now.amount is not None else ""
    return base.amount.subject in ("", other) or not other


def _named_parts(claim: Term, everywhere: Everywhere, lexicon: Lexicon) -> Iterator[Pair]:
    """公用经费占基本支出的比重仅为 11%: both told by name, wherever their amounts are."""
    text = claim.mention.paragraph.text
    found = _PART_OF.search(text[: claim.start])
    if found is None or _NOT_OF_PART.search(found[0]) or claim.mark:
        return
    parts, wholes = (everywhere.called(found[name]) for name in ("part", "whole"))
    pairs = [pair for pair in itertools.product(parts, wholes) if 0 < pair[0].value <= pair[1].value]
    pairs.sort(key=lambda pair: _basis(pair[0]) != _basis(pair[1]))
    yield from pairs


def _of_ratio(
    terms: Sequence[Term], claim: Term, ratio: Ratio, everywhere: Everywhere, lexicon: Lexicon
) -> Iterator[Pair]:
    """支付率: of what was paid to what was allotted, each told by its name, as near as may be."""
    subject = lexicon.subject(_without(claim.words, ratio.names)) or _budgeted(terms, claim, ratio)
    of_budget = bool(lexicon.basis("".join(ratio.below)))
    said = _without(claim.words, ratio.names)  # 培训项目执行率: of what is told from 培训项目 on
    said = said if len(lexicon.without_known(said)) > 1 else ""
    named = [term for term in before(terms, claim) if said and term.words.startswith(said)]
    usable = [
        term for term in before(terms, claim)
        if term.kind not in NO_AMOUNT and not term.mention.about and term.mark not in ("each", "previous")
        and (not lexicon.adjusts(term.words) or any(map(lexicon.adjusts, ratio.above)))
        and not (term.mark == "change" and _DIFFERENCE.search(term.words))
        and (not subject or term.amount is not None and term.amount.subject == subject)
        and (not named or term.start >= named[0].start)
    ] if claim.mark == "" else []  # fmt: skip
    here = [term for term in usable if term.sentence == claim.sentence]
    for near in (here, [term for term in usable if term.full == claim.full], usable[:_LAST]):
        speaking = [
            term for term in near
            if term.mark != "base" and _speaks(term, ratio.above, ratio.below)
            and not (ratio.of_unit and _budget(term))
        ]  # fmt: skip
        if not speaking and any(_budget(term) and not _of_whole(term) for term in near):
            return  # 政府采购预算 420 万元，采购 378 万元，执行率 90%: not of anything told before it
        if not speaking:
            continue
        above = _meant(speaking, claim)
        below = [
            term for term in near
            if term is not above and term.kind == above.kind and term.value > 0
            and (any(word in term.words for word in ratio.below) or of_budget and _budget(term)
                 or _wanted(term, ratio, lexicon))
            and not _of_part_of(term, above, lexicon) and not lexicon.remains(term.words)
        ]  # fmt: skip
        if not below and ratio.of_unit and of_unit(terms, above, lexicon):
            below = everywhere.of_unit("adjusted") or (
                [] if everywhere.adjusted else everywhere.of_unit("initial")
            )
            below = [one for one in below if _likely(above, one, claim)]
        if not below and not everywhere.carried and _whole_of(above, usable, claim, ratio, lexicon):
            below = everywhere.called_just(ratio.below)
        moved = any(lexicon.adjusts(term.words) for term in before(terms, claim)[:_LAST])
        moved = moved and any(one.sentence != claim.sentence for one in below)
        if moved and below and {_basis(one) for one in below} == {"initial"}:
            return  # 年初 300 万元，追加 60 万元，支出率: of the budget as adjusted, which is not named
        if below:
            yield from ((above, one) for one in below)
            return
    if ratio.of_unit and claim.mark == "":
        yield from _spent_of(terms, claim)
    whole = next((term for term in here if _budget(term)), None)
    if ratio.of_unit and not subject and whole is not None and of_unit(terms, whole, lexicon):
        yield from ((above, whole) for above in everywhere.of_unit("actual"))


def _budgeted(terms: Sequence[Term], claim: Term, ratio: Ratio) -> str:
    """其中项目支出预算 155 万元，执行率 95%: of what was spent of it, wherever this is told."""
    last = next((term for term in before(terms, claim) if term.sentence == claim.sentence), None)
    if not ratio.of_unit or last is None or last.amount is None or not _budget(last):
        return ""
    return last.amount.subject if last.amount.subject != UNIT else ""


def _meant(speaking: Sequence[Term], claim: Term) -> Term:
    """Which of several amounts a rate is of: the nearest; of those of an earlier sentence, the whole.

    全年支出 2000 万元，其中项目支出 500 万元。年初预算 1900 万元，调整后预算 2100 万元，执行率 95.24%.
    """
    first = speaking[0]
    whole = (term for term in speaking if _of_whole(term))
    return first if first.full == claim.full else next(whole, first)


def _of_whole(term: Term) -> bool:
    return term.amount is not None and term.amount.subject in ("", UNIT)


def _spent_of(terms: Sequence[Term], claim: Term) -> Iterator[Pair]:
    """设备经费 580 万元，实际使用 543.6 万元，执行率 93.7%: the two right before, and nothing else."""
    last = before(terms, claim)[:2]
    if len(last) < 2 or any(term.kind != "元" or not term.plain for term in last):
        return
    above, below = last
    beside = _SPENT.match(above.gap(below)) and re.match("[,，][^,，]*$", claim.gap(above))
    named = below.words.endswith(("经费", "项目", "资金")) and below.amount is not None
    if beside and named and below.value >= above.value:
        yield above, below


def _wanted(term: Term, ratio: Ratio, lexicon: Lexicon) -> bool:
    """完成率: of what was wanted, 完成县定 250 座的任务."""
    after = term.mention.paragraph.text[term.mention.end :]
    return lexicon.target(term.words, after) and any(word in lexicon.words.wanted for word in ratio.below)


def _whole_of(above: Term, usable: Sequence[Term], claim: Term, ratio: Ratio, lexicon: Lexicon) -> bool:
    """到位资金 960 万元，到位率 96%: of everything, no part is named nor told before it."""
    said = _without(above.words, ratio.above) + _without(claim.words, ratio.names)
    first = not any(term.full == above.full and term.start < above.start for term in usable)
    return above.kind == "元" and first and not lexicon.without_known(said) and not ratio.of_unit


def _of_part_of(below: Term, above: Term, lexicon: Lexicon) -> bool:
    """年初安排 186 万元，其中项目支出 60 万元，累计支出 180 万元: 60 is the budget of a part only."""
    part, of = lexicon.subject(below.words), above.amount.subject if above.amount is not None else ""
    return part != of and any(part in one.parts for one in lexicon.words.identities)


def _budget(term: Term) -> bool:
    return term.amount is not None and term.amount.basis in ("adjusted", "initial")


_LISTED = re.compile(r"^(?:[,，、;；]|[份人户个名件])*[和及]?(?:比较|较|基本|较为|非常|很)?[一-龥]{2}$")
_INCOME = "总收入"
_RUNS = (2, 3, 4)
"""So many quantities told one after the other may be one numerator together."""
_LAST = 10
"""So many quantities back at most."""


def _together(listed: Sequence[Term]) -> Term:
    """The sum of some of one kind, standing where the first stands."""
    return _standing(listed[0], sum((one.value for one in listed), Decimal(0)))


def _standing(first: Term, value: Decimal) -> Term:
    """Another value that stands where this one stands."""
    return msgspec.structs.replace(first, mention=msgspec.structs.replace(first.mention, value=value))


def _speaks(term: Term, above: Sequence[str], below: Sequence[str]) -> bool:
    said = _without(term.words, below)  # 应到位资金 is no 到位, 未支出 no 支出
    return any(re.search(f"(?<!未){re.escape(word)}", said) for word in above)


def _without(words: str, some: Sequence[str]) -> str:
    for word in sorted(some, key=len, reverse=True):
        words = words.replace(word, "")
    return words


def _of_part(terms: Sequence[Term], claim: Term, lexicon: Lexicon) -> Iterator[Pair]:
    """受理投诉 20 件，办结 19 件，办结率 95%: the part bears the name of the rate."""
    name = _NAMED.search(claim.words)
    if not name or _NOT_OF_PART.search(claim.words):
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
        above = _together((listed, above))  # 非常满意 201 份、满意 76 份，满意率 94.22%
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
    others = [term for term in others if not _listed_part(term)]
    near = near or [term for term in others if _among(above, term, name["name"][-2:], lexicon)]
    after = next((term for term in terms if term.start > claim.start and term.kind == above.kind), None)
    if after is not None and _BRACKET.match(after.gap(claim)) and after.value >= above.value:
        near = [after, *near]
    yield from ((above, one) for one in near if one.value > Decimal(0))


def _listed_part(one: Term) -> bool:
    """项目 68 个。其中新建 46 个、续建 22 个。竣工 35 个: of all, not of those of one kind."""
    return "其中" in one.mention.paragraph.text[: one.start].rpartition("。")[2]


def _rated(terms: Sequence[Term], one: Term, verb: str) -> bool:
    """签约 89 万人，签约率 42%，重点人群签约 37 万人: a part itself, of a whole that is not told."""
    after = next((term for term in terms if term.start > one.start), None)
    return after is not None and after.kind == "%" and f"{verb}率" in after.words


def _among(part: Term, whole: Term, verb: str, lexicon: Lexicon) -> bool:
    """Whether the words of a part name nobody else than those of a whole in a sentence before it.

    受理 20 件。办结 19 件 is of the 20; 参与学生 300 人，参与率……；参与教师 20 人 is of other people.
    """
    words = _without(lexicon.without_neutral(part.words), [*lexicon.words.acts, "其中"])
    words = re.sub(rf"[\W{verb}]", "", words)
    return len(words) < 2 or words[-2:] in whole.mention.clause + _noun(whole)


def _ought(terms: Sequence[Term], claim: Term) -> Iterator[Pair]:
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


def _of_following(terms: Sequence[Term], claim: Term) -> Iterator[Pair]:
    """本科上线率 86.2%，参加考试 912 人，本科上线 786 人: both right behind it."""
    name = _NAMED.search(claim.words)
    last = [term for term in terms if term.start > claim.start and term.sentence == claim.sentence]
    if not name or _NOT_OF_PART.search(claim.words) or len(last) != 2 or len(name["name"]) < 4:
        return
    below, above = last
    stem = name["name"].lstrip("率度")
    if above.kind == below.kind and above.plain and below.plain and 0 < above.value <= below.value:
        if above.kind not in NO_AMOUNT and above.words.endswith(stem[-4:]) and stem[-2:] not in below.words:
            yield above, below


def _out_of(terms: Sequence[Term], claim: Term) -> Iterator[Pair]:
    """24 个街道中已有 22 个设立服务点，覆盖率 91.67%: right behind, so many out of so many."""
    last = before(terms, claim)[:2]
    rate = _RATE.search(claim.words)
    if len(last) < 2 or claim.sentence != last[1].sentence or not rate:
        return
    above, below = last
    out_of = _OUT_OF.match(above.gap(below)) and _BEHIND.match(claim.gap(above))
    if out_of and above.kind == below.kind and above.plain and below.plain and below.value >= above.value > 0:
        if _NOT_DONE.match(claim.gap(above)) and not _NOT_DONE.match(claim.words):
            above = _standing(above, below.value - above.value)  # 12 个中 1 个未验收，验收率 91.67%
        yield above, below


def _of_next(terms: Sequence[Term], claim: Term) -> Iterator[Pair]:
    """监测断面水质优良率达到 83.3%，12 个监测断面中 10 个达标: the two that the rate is of come after it."""
    last = [term for term in terms if term.start > claim.start][:2]
    if len(last) < 2 or last[1].sentence != claim.sentence or not _RATE.search(claim.words):
        return
    below, above = last
    named = _OF_THESE.match(above.gap(below))
    if re.fullmatch("[,，(]", below.gap(claim)) and named and named["noun"] in claim.mention.clause:
        if above.kind == below.kind and above.plain and below.plain and below.value >= above.value:
            yield above, below


def _of_share(terms: Sequence[Term], claim: Term, lexicon: Lexicon) -> list[Pair]:
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
