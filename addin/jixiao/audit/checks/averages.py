"""So much for each: 人均＝总额÷人数, 单价×数量＝金额, where all three are told in one sentence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao.audit.lexicon import Lexicon
from jixiao.audit.remark import Remarks
from jixiao.audit.terms import NO_AMOUNT, Everywhere, Term

_ANY = re.compile("投资|投入|造价|成本|金额|补助|补贴|资金|奖补|消费|罚没|费")
"""What an average may be of without saying of which total."""
_SUM = re.compile("共|合计|总计|计|总")
_MONTHS = Decimal(12)
_TIMES = re.compile(r"每[^,，]+每(?![月年人])")
_TOTAL = re.compile(r"收入|产值|销售|共|计|额|总|投资|支出|投入|安排|发放|补助|资金|经费|采购|款|费")


def check_averages(terms: Sequence[Term], everywhere: Everywhere, lexicon: Lexicon, remarks: Remarks) -> None:
    """One paragraph."""
    for each in terms:
        if each.mark != "each" or each.kind in NO_AMOUNT or each.mention.about:
            continue
        if _TIMES.search(each.words):
            continue  # how many terms or days there were is not told
        if any(
            one.mark == "each" and one.sentence == each.sentence and one is not each and not one.mention.about
            for one in terms
        ):
            continue  # one total of several things
        if any(
            one.mention.about and one.kind == each.kind and one.sentence == each.sentence for one in terms
        ):
            continue  # 门票收入 3120 万元，人均消费 412 元，旅游收入约 81.6 亿元
        found = list(_triples(terms, each, everywhere, lexicon))
        beside = [*found, *_beside(terms, each, found), *_elsewhere(each, found, everywhere)]
        if not found or any(_is_right(*one, each) for one in _counted(beside)):
            continue
        total, count = min(found, key=lambda one: abs(one[0].value / one[1].value - each.value))
        expected = total.value / count.value
        remarks.add(
            "JX-728", each.mention, stated=each.shown(), expected=each.shown(expected), total=total.shown(),
            count=count.shown(),
        )  # fmt: skip


def _triples(
    terms: Sequence[Term], each: Term, everywhere: Everywhere, lexicon: Lexicon
) -> Iterator[tuple[Term, Term]]:
    """Totals with the counts of what it is so much for, the nearest first."""
    told = [
        term for term in terms
        if term.mark in ("", "to", "change") and not term.mention.about
        and term.kind not in NO_AMOUNT and term.value > 0 and term.start != each.start
    ]  # fmt: skip
    told.sort(key=lambda term: (term.sentence != each.sentence, abs(term.start - each.start)))
    unit = lexicon.for_each(each.words) or _after(each, lexicon)
    noun = re.sub("^每[年月]|(?<!消)(?:费用?|经费|支出)$|密度$", "", lexicon.averaged(each.words))
    money = each.kind == "元"
    whole = [term for term in told if money or not lexicon.flow(term.words)]  # 新增 750 个，达到生均 0.5 个
    whole = [term for term in whole if not (_beyond(term, each, lexicon) or noun and _with_other(term, noun))]
    same = [term for term in whole if term.kind == each.kind or each.kind == "人" and term.kind == "人次"]
    here = [
        term for term in same
        if term.sentence == each.sentence
        or money and term.full == each.full and (term.start < each.start or _SUM.match(term.words))
    ]  # fmt: skip  # 补助 231 户，每户 1 万元；发放贷款 1.24 亿元
    named = [term for term in same if noun and noun in term.words]
    if noun and not _ANY.fullmatch(noun):
        closing = (term for term in here if term.start > each.start and term.sentence == each.sentence)
        totals = named or [term for term in closing if _SUM.match(term.words)]
    else:
        totals = [term for term in here if term.kind != "元" or _TOTAL.search(term.words)] or named
    others = [
        term for term in told
        if term.kind != each.kind
        and (money or term.sentence == each.sentence or term.start < each.start)
        and (money or term.kind != "人次")  # 到馆 11.6 万人次，外借 26.4 万册次，人均 0.57 册次: of all
    ]  # fmt: skip
    counts = [term for term in others if (term.kind and term.kind in unit if unit else term.kind != "元")]
    here = [term for term in counts if term.full == each.full]
    last = [term for term in counts if term.full == each.full - 1 and term.mark != "change" and unit]
    counts = here or last or everywhere.counted(*lexicon.counted_by(each.words))
    if not totals and not noun:
        nouns = [noun for one in counts[:1] if len(noun := _noun(one, lexicon)) > 1]
        totals = [term for term in same if any(noun in term.words for noun in nouns)]
    return ((total, count) for total, count in itertools.product(totals, counts))


def _beyond(total: Term, each: Term, lexicon: Lexicon) -> bool:
    """支出 118 万元，增长的原因是购车 2 辆（每辆 18 万元）；……: the bracket tells of neither side of it."""
    text = each.mention.paragraph.text
    between = text[total.mention.end : each.start]
    caused = total.full == each.full and any(cause in between for cause in lexicon.words.causes)
    bracketed = text[: each.start].count("(") > text[: each.start].count(")")
    return caused or bracketed and total.sentence > each.sentence


def _with_other(total: Term, noun: str) -> bool:
    """运行费和接待费两项 83 万元: no total of the 运行费 alone."""
    named = re.escape(noun) + "(?:费用?|经费|支出)?"
    return bool(re.search(rf"{named}[和及与、]|[和及与、]{named}(?:[两二三四]项|合计|共)", total.words))


def _elsewhere(
    each: Term, found: Sequence[tuple[Term, Term]], everywhere: Everywhere
) -> Iterator[tuple[Term, Term]]:
    """改善灌溉 3 万亩；节水 168 万立方米，亩均节水 30.7 立方米: of all that the project made."""
    if each.kind != "元":
        kinds = {count.kind for _, count in found}
        totals = {total.start: total for total, _ in found}.values()
        yield from ((total, one) for kind in kinds for one in everywhere.of_kind(kind) for total in totals)


def _beside(
    terms: Sequence[Term], each: Term, found: Sequence[tuple[Term, Term]]
) -> Iterator[tuple[Term, Term]]:
    """Any other total of its sentences: 奖补 3246 万元，惠及 10820 户，户均 3000 元.

    Not one with a count of its own: 春季 150 人次 18.75 万元，秋季 162 人次 20.25 万元.
    """

    def own(total: Term, count: Term) -> bool:
        alike = (one for one in terms if one.kind == count.kind)
        near = min(alike, key=lambda one: abs(one.start - total.start), default=count)
        return near.start == count.start

    totals = [
        term for term in terms
        if term.kind == each.kind and term.full == each.full and term.start < each.start
        and term.mark != "each"
        and not term.mention.about
    ]  # fmt: skip
    return ((total, count) for total, (_, count) in itertools.product(totals, found) if own(total, count))


def _noun(count: Term, lexicon: Lexicon) -> str:
    """What is counted: 接待 of 全年接待 245 批 1960 人次."""
    return re.split(r"[^一-龥]", lexicon.without_neutral(count.mention.clause))[0]


def _after(each: Term, lexicon: Lexicon) -> str:
    """1500 元/人."""
    text = each.mention.paragraph.text[each.mention.end :]
    if not text.startswith("/"):
        return ""
    units = sorted(lexicon.unit_kinds, key=len, reverse=True)
    return next((lexicon.unit_kinds[unit] for unit in units if text.startswith(unit, 1)), text[1:2])


def _counted(found: Sequence[tuple[Term, Term]]) -> Iterator[tuple[Term, Decimal, Decimal]]:
    """Totals with how many there are, one count or two together (春季 412 人，秋季 436 人), and its slack."""
    for total, count in found:
        yield total, count.value, count.slack
    for (total, one), (other, two) in itertools.combinations(found, 2):
        if total is other and one.kind == two.kind:
            yield total, one.value + two.value, one.slack + two.slack


def _is_right(total: Term, count: Decimal, slack: Decimal, each: Term) -> bool:
    rounded = each.slack if each.kind == "元" else each.mention.slack  # 场均 90 人次
    for times in (Decimal(1), _MONTHS):
        exact = each.value * count * times
        carried = (rounded * count + each.value * slack) * times
        if abs(exact - total.value) <= carried + total.slack:
            return True
    return False
