"""Bases told by name or number: 完成任务 2000 人的 122.5%, 占项目支出的 58%, 公用经费占基本支出的比重."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from jixiao.audit.checks.lists import NUMBERS
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.rates.quantities import NOT_OF_PART, OF_NAMED, Pair, basis, likely, together
from jixiao.audit.terms import NO_AMOUNT, UNIT, Everywhere, Term, before, nearest, of_unit

_OF_NUMBER = re.compile(r"^(?:[一-龥]{0,4})?的$")
_ABOVE = re.compile(r"(?:上述|以上|前述|这)(?P<number>[两二三四五六])[项类个]")
"""上述四项占项目支出的 64.7%."""
_ANY_BUDGET = re.compile("预算数?$")
"""完成预算的 98%: of the initial or of the adjusted one."""
_PART_OF = re.compile(
    r"(?:^|[^一-龥“”])(?:[一-龥]{2,8}中)?(?P<part>[一-龥“”]{2,14}?)(?:占比[一-龥]{0,4}[,，]仅?)?占"
    r"(?P<whole>(?!比)[一-龥“”]{2,14}?)(?:的?比[重例]|的)[一-龥]{0,6}(?:[,，][一-龥]{0,4})?$"
)
_INCOME = "总收入"


def of_number(terms: Sequence[Term], claim: Term) -> Iterator[Pair]:
    """完成年度任务 2000 人的 122.5%."""
    base = next(iter(before(terms, claim)), None)
    if base is None or not _OF_NUMBER.match(claim.gap(base)) or base.kind in NO_AMOUNT or base.value <= 0:
        return
    if not re.search("占|为|完成|达|超|相当于|实现|是", base.words) or base.mention.about:
        return
    now = nearest((term for term in before(terms, base) if term.full == base.full), base.kind)
    if now is not None:
        yield now, base


def of_named(
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
    if not bases and now.kind == "元" and OF_NAMED.search(claim.words):
        bases = _elsewhere(wanted, now, everywhere, lexicon) if wanted else []
        bases = [one for one in bases if lexicon.subject(name) in ("", lexicon.subject(one.words))]
        bases = everywhere.of_unit(known) if not wanted and of_unit(terms, now, lexicon) else bases
        moved = now is last and lexicon.adjusts(now.words) and not lexicon.besides_adjusting(now.words)
        if not bases and moved and not wanted:
            bases = everywhere.of_unit(known) or everywhere.told(_INCOME, known)
        bases = [one for one in bases if one.mention is not now.mention and likely(now, one, claim)]
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
    named = OF_NAMED.search(claim.words)
    part = lexicon.without_neutral(claim.words[: named.start()]) if named else ""
    return len(part) > 2 and part not in now.words


def _of_list(earlier: Sequence[Term], number: int) -> Term | None:
    """上述四项: the sum of the last four amounts, where nothing else of money stands between them."""
    some = [term for term in earlier if term.kind == "元"][:number]
    alike = len({term.mention.sentence for term in some}) == 1 and all(term.plain for term in some)
    return together(some[::-1]) if len(some) == number and alike else None


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


def named_parts(claim: Term, everywhere: Everywhere, lexicon: Lexicon) -> Iterator[Pair]:
    """公用经费占基本支出的比重仅为 11%: both told by name, wherever their amounts are."""
    text = claim.mention.paragraph.text
    found = _PART_OF.search(text[: claim.start])
    if found is None or NOT_OF_PART.search(found[0]) or claim.mark:
        return
    parts, wholes = (everywhere.called(found[name]) for name in ("part", "whole"))
    pairs = [pair for pair in itertools.product(parts, wholes) if 0 < pair[0].value <= pair[1].value]
    pairs.sort(key=lambda pair: basis(pair[0]) != basis(pair[1]))
    yield from pairs
