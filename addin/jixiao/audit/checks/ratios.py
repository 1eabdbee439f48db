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

from jixiao.audit.amounts import ATTRIBUTE
from jixiao.audit.explained import explained
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.rates.known import of_ratio
from jixiao.audit.rates.named import named_parts, of_named, of_number
from jixiao.audit.rates.parts import of_following, of_next, of_part, of_share, ought, out_of
from jixiao.audit.rates.quantities import OF_NAMED, Pair, basis, budget, standing, together, without
from jixiao.audit.remark import Remarks
from jixiao.audit.terms import NO_AMOUNT, Everywhere, Term, before, ratio_slack, right
from jixiao.scoring.arithmetic import rounded

_OF_BUDGET = re.compile(r"(?P<verb>完成)(?P<base>[一-龥]{0,4}预算数?)$")
"""支出 34 万元，完成预算 68%."""
_MORE = re.compile("超过|超出|超额|超")
_RUNS = (2, 3, 4)
"""So many quantities told one after the other may be one numerator together."""


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
        and not (spent and budget(term))
    ]  # fmt: skip
    bases = [base for _, base in found]
    near += _net(near, lexicon)
    runs = (near[at : at + size] for size in _RUNS for at in range(len(near) - size + 1))
    sums = [together(run) for run in runs if len({one.kind for one in run}) == 1]
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
    return [standing(moved[0][0], abs(sum((sign * term.value for term, sign in moved), Decimal(0))))]


def _of_final(claim: Term, found: Sequence[Pair], lexicon: Lexicon) -> list[Pair]:
    """执行率 beside the initial and the adjusted budget is of the adjusted one, if nothing else is said."""
    ratio = lexicon.ratio(claim.words)
    final = [pair for pair in found if basis(pair[1]) == "adjusted"]
    told = sorted(basis(below) for _, below in found) == ["adjusted", "initial"]
    if not told or ratio is None or not ratio.of_unit:
        return []
    return [] if lexicon.basis(without(claim.words, [*ratio.names, *ratio.below])) == "initial" else final


def _more(terms: Sequence[Term], claim: Term) -> int:
    """超过计划 30 公里的 8.67%: so much more than the base."""
    last = next(iter(before(terms, claim)), None)
    return int(last is not None and claim.gap(last) == "的" and bool(_MORE.search(last.words)))


def _pairs(terms: Sequence[Term], claim: Term, everywhere: Everywhere, lexicon: Lexicon) -> Iterator[Pair]:
    """Numerator and base as the words tell them, the surest first; none for another kind of rate."""
    of_count = list(of_number(terms, claim))
    named = OF_NAMED.search(claim.words) or _OF_BUDGET.search(claim.words)
    if of_count:
        yield from of_count
    elif named and (own := list(of_named(terms, claim, named["base"], everywhere, lexicon))):
        yield from own
    elif named:
        yield from named_parts(claim, everywhere, lexicon)
    elif lexicon.basis(claim.words) != "previous":  # 较上年结转结余率 3.05%
        ratio = lexicon.ratio(claim.words)
        known = list(of_ratio(terms, claim, ratio, everywhere, lexicon)) if ratio else []
        by_name = [] if ratio and lexicon.basis("".join(ratio.below)) else of_part(terms, claim, lexicon)
        known = known or list(named_parts(claim, everywhere, lexicon))
        known = known or list(out_of(terms, claim)) or list(of_next(terms, claim))
        known = known or of_share(terms, claim, lexicon) or list(by_name)
        yield from known or list(ought(terms, claim)) or of_following(terms, claim)
