"""Rates whose names say of what they are, by the vocabulary: 执行率, 支付率, 到位率, 完成率."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jixiao.audit.lexicon import Lexicon, Ratio
from jixiao.audit.rates.quantities import Pair, basis, budget, likely, of_whole, without
from jixiao.audit.terms import NO_AMOUNT, UNIT, Everywhere, Term, before, of_unit

_SPENT = re.compile("[,，](?:全年|已)?(?:实际|累计)?(?:使用|支出|支付|执行)$")
_DIFFERENCE = re.compile("^(?!.*完成).*超|比.{2,}[多少]")
"""比目标多 90 人: neither what was done nor what was wanted."""
_LAST = 10
"""So many quantities back at most."""


def of_ratio(
    terms: Sequence[Term], claim: Term, ratio: Ratio, everywhere: Everywhere, lexicon: Lexicon
) -> Iterator[Pair]:
    """支付率: of what was paid to what was allotted, each told by its name, as near as may be."""
    subject = lexicon.subject(without(claim.words, ratio.names)) or _budgeted(terms, claim, ratio)
    of_budget = bool(lexicon.basis("".join(ratio.below)))
    said = without(claim.words, ratio.names)  # 培训项目执行率: of what is told from 培训项目 on
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
            and not (ratio.of_unit and budget(term))
        ]  # fmt: skip
        if not speaking and any(budget(term) and not of_whole(term) for term in near):
            return  # 政府采购预算 420 万元，采购 378 万元，执行率 90%: not of anything told before it
        if not speaking:
            continue
        above = _meant(speaking, claim)
        below = [
            term for term in near
            if term is not above and term.kind == above.kind and term.value > 0
            and (any(word in term.words for word in ratio.below) or of_budget and budget(term)
                 or _wanted(term, ratio, lexicon))
            and not _of_part_of(term, above, lexicon) and not lexicon.remains(term.words)
        ]  # fmt: skip
        if not below and ratio.of_unit and of_unit(terms, above, lexicon):
            below = everywhere.of_unit("adjusted") or (
                [] if everywhere.adjusted else everywhere.of_unit("initial")
            )
            below = [one for one in below if likely(above, one, claim)]
        if not below and not everywhere.carried and _whole_of(above, usable, claim, ratio, lexicon):
            below = everywhere.called_just(ratio.below)
        moved = any(lexicon.adjusts(term.words) for term in before(terms, claim)[:_LAST])
        moved = moved and any(one.sentence != claim.sentence for one in below)
        if moved and below and {basis(one) for one in below} == {"initial"}:
            return  # 年初 300 万元，追加 60 万元，支出率: of the budget as adjusted, which is not named
        if below:
            yield from ((above, one) for one in below)
            return
    if ratio.of_unit and claim.mark == "":
        yield from _spent_of(terms, claim)
    whole = next((term for term in here if budget(term)), None)
    if ratio.of_unit and not subject and whole is not None and of_unit(terms, whole, lexicon):
        yield from ((above, whole) for above in everywhere.of_unit("actual"))


def _budgeted(terms: Sequence[Term], claim: Term, ratio: Ratio) -> str:
    """其中项目支出预算 155 万元，执行率 95%: of what was spent of it, wherever this is told."""
    last = next((term for term in before(terms, claim) if term.sentence == claim.sentence), None)
    if not ratio.of_unit or last is None or last.amount is None or not budget(last):
        return ""
    return last.amount.subject if last.amount.subject != UNIT else ""


def _meant(speaking: Sequence[Term], claim: Term) -> Term:
    """Which of several amounts a rate is of: the nearest; of those of an earlier sentence, the whole.

    全年支出 2000 万元，其中项目支出 500 万元。年初预算 1900 万元，调整后预算 2100 万元，执行率 95.24%.
    """
    first = speaking[0]
    whole = (term for term in speaking if of_whole(term))
    return first if first.full == claim.full else next(whole, first)


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
    said = without(above.words, ratio.above) + without(claim.words, ratio.names)
    first = not any(term.full == above.full and term.start < above.start for term in usable)
    return above.kind == "元" and first and not lexicon.without_known(said) and not ratio.of_unit


def _of_part_of(below: Term, above: Term, lexicon: Lexicon) -> bool:
    """年初安排 186 万元，其中项目支出 60 万元，累计支出 180 万元: 60 is the budget of a part only."""
    part, of = lexicon.subject(below.words), above.amount.subject if above.amount is not None else ""
    return part != of and any(part in one.parts for one in lexicon.words.identities)


def _speaks(term: Term, above: Sequence[str], below: Sequence[str]) -> bool:
    said = without(term.words, below)  # 应到位资金 is no 到位, 未支出 no 支出
    return any(re.search(f"(?<!未){re.escape(word)}", said) for word in above)
