"""What is left, saved or added: 结余＝预算－支出, 剩余＝总数－完成数, 年初＋追加－调减＝全年预算."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.audit.lexicon import Lexicon
from jixiao.audit.remark import Remarks
from jixiao.audit.terms import NO_AMOUNT, UNIT, Everywhere, Term, before, of_unit

_NOT_IN_FULL = re.compile(
    r"(?:^|[^一-龥])(?P<name>[一-龥]{3,12}?)(?:未|没有)(?:能)?(?:足额|全额|全部|按时|及时)?到位[,，][一-龥]{2,6}$"
)
_VACANT = re.compile("[空缺]编")
_POSTS = "编制数"
_LIST = re.compile(r"^[,，、;；(]")


def check_remainders(
    terms: Sequence[Term], everywhere: Everywhere, lexicon: Lexicon, remarks: Remarks
) -> None:
    """One paragraph."""
    for claim in terms:
        if claim.mention.about or claim.kind in NO_AMOUNT:
            continue
        if (lexicon.remains(claim.words) or lexicon.lacks(claim.words)) and claim.mark in (
            "",
            "to",
            "change",
        ):
            _check_rest(terms, claim, everywhere, lexicon, remarks)
        elif claim.amount is not None and claim.amount.basis == "adjusted" and claim.plain:
            _check_adjusted(terms, claim, everywhere, lexicon, remarks)


def _check_rest(
    terms: Sequence[Term], claim: Term, everywhere: Everywhere, lexicon: Lexicon, remarks: Remarks
) -> None:
    """The rest of the two quantities told before it: a whole or a budget, and what became of it."""
    last = next(iter(before(terms, claim)), None)
    if last is not None and last.words.startswith("加") and last.kind == claim.kind:
        _check_added(terms, last, claim, remarks)
        return
    if lexicon.lacks(claim.words):
        two = _lacking(claim, everywhere, lexicon)
    elif claim.kind == "元":
        two = _money(terms, claim, everywhere, lexicon)
    else:
        two = _counted(terms, claim, lexicon)
    at_end = two is None and lexicon.year_end(claim.words)
    if at_end:
        two = _of_year(everywhere)
    if two is None:
        return
    all_terms = [*two, *(term for term in terms if term.kind == claim.kind and term is not claim)]
    if two[0] not in terms:  # perhaps of what came, and not of the budget
        all_terms += [one for word in lexicon.words.received for one in everywhere.holding(word)]
    for one, other in itertools.combinations(all_terms, 2):
        if abs(abs(one.value - other.value) - claim.value) <= one.slack + other.slack + claim.slack:
            return
    whole, part = two
    remarks.add(
        "JX-721", claim.mention, severity="警告" if at_end else "", stated=claim.shown(),
        expected=claim.shown(whole.value - part.value),
        name=lexicon.remains(claim.words) or lexicon.lacks(claim.words),
        difference=f"{whole.shown()}－{part.shown()}",
    )  # fmt: skip


def _check_added(terms: Sequence[Term], last: Term, claim: Term, remarks: Remarks) -> None:
    """当年结余 109 万元，加上年结余 36 万元，累计结余 145 万元."""
    first = next((one for one in before(terms, last) if one.kind == claim.kind), None)
    if first is None or first.sentence != claim.sentence or first.mention.about or last.mention.about:
        return
    total = first.value + last.value
    if abs(total - claim.value) > first.slack + last.slack + claim.slack:
        remarks.add(
            "JX-705", claim.mention, stated=claim.shown(), expected=claim.shown(total),
            whole=claim.words, parts=f"{first.shown()}＋{last.shown()}",
        )  # fmt: skip


def _lacking(claim: Term, everywhere: Everywhere, lexicon: Lexicon) -> tuple[Term, Term] | None:
    """区级资金未足额到位，缺口 240 万元: what was to come, and what came, each told once by name."""
    found = _NOT_IN_FULL.search(claim.mention.paragraph.text[: claim.start])
    if found is None or claim.kind != "元":
        return None
    told = everywhere.holding(found["name"])
    came = [one for one in told if any(word in one.words for word in lexicon.words.received)]
    due = [one for one in told if one not in came and one.words.endswith(found["name"])]
    if len({one.value for one in came}) != 1 or len({one.value for one in due}) != 1:
        return None
    return (due[0], came[0]) if due[0].value >= came[0].value else None


def _counted(terms: Sequence[Term], claim: Term, lexicon: Lexicon) -> tuple[Term, Term] | None:
    """查出 210 处，已整改 205 处，剩余 5 处."""
    near = [
        term for term in before(terms, claim) if claim.kind
        and term.kind == claim.kind and term.plain and term.sentence == claim.sentence and term.value
    ]  # fmt: skip
    if len(near) == 1 and _VACANT.search(claim.words):  # 编制 78 名；实有 75 人，空编 3 人
        same = (term for term in before(terms, claim) if term.kind == claim.kind and term.full == claim.full)
        near += [term for term in same if term.plain and lexicon.head_count(term.words) == _POSTS][:1]
    inner = next((at for at, term in enumerate(near) if "其中" in term.words), -1)
    if re.fullmatch(r"\W*" + lexicon.remains(claim.words), claim.words):
        near = near[inner + 1 :]  # 编制 96 人，在职 91 人，其中行政 28 人，空编 5 人
    if near and "累计" in near[0].words:  # 共 47 座，去年完成 29 座，今年完成 12 座，累计完成 41 座
        near = [near[0], *(term for term in near[1:] if term.value >= near[0].value)]
    return (near[1], near[0]) if len(near) > 1 and near[1].value >= near[0].value else None


def _money(
    terms: Sequence[Term], claim: Term, everywhere: Everywhere, lexicon: Lexicon
) -> tuple[Term, Term] | None:
    """A budget and what was spent of it, told one after the other; income and spending for 收支结余."""
    if "收支" in claim.words:
        income, spending = (_flow(terms, claim, name, everywhere, lexicon) for name in (_INCOME, UNIT))
        return (income, spending) if income and spending and income.value >= spending.value else None
    near = [
        term for term in before(terms, claim)
        if term.kind == claim.kind and term.full == claim.full and term.amount is not None
        and (term.plain or term.mark == "whole") and not lexicon.remains(term.words)
    ]  # fmt: skip
    last = near[:2]
    bare = claim.words.strip("为，,") == lexicon.remains(claim.words) and not everywhere.carried
    own_year = bare or any(word in claim.words for word in lexicon.words.own_year)
    received = [*lexicon.words.received, *(lexicon.words.earned if own_year else ())]
    whole = next(
        (
            term for term in last
            if term.mark == "whole" or _basis(term) in _BUDGETS or any(map(term.words.__contains__, received))
        ),
        None,
    )  # fmt: skip
    if whole is None and len(last) == 2 and _flows(claim, last[1], last[0]):
        whole = last[1]
    spent = next(
        (term for term in last if term.plain and _basis(term) == "actual" and term is not whole), None
    )
    if whole is None and spent is not None and len(last) == 2 and spent is last[0]:
        if (
            re.match(r"\W*已(?:经)?(?:使用|支出|支付|拨付)", spent.words)
            and last[1].sentence == spent.sentence
        ):
            whole = last[1]  # 专项经费 180 万元，已使用 171 万元
    if spent is not None and len(near) == 1 and of_unit(terms, spent, lexicon):
        whole = next(iter(everywhere.of_unit("adjusted")), None)
    if spent is None or whole is None or spent is whole or whole.value < spent.value:
        return None
    return whole, spent


def _flows(claim: Term, income: Term, spending: Term) -> bool:
    """基金收入 186 亿元，支出 179 亿元，当期结余 7 亿元."""
    ends = income.words.endswith("收入") and spending.words.endswith("支出")
    return ends and bool(re.fullmatch("当期结余|当年结余|本年结余|收支结余", claim.words))


def _of_year(everywhere: Everywhere) -> tuple[Term, Term] | None:
    """Budget and spending of the unit, where nothing else came in or was carried over."""
    budget, spent = (everywhere.of_unit(basis)[:1] for basis in ("adjusted", "actual"))
    income = everywhere.told(_INCOME, "actual")
    if everywhere.carried or income or not budget or not spent or budget[0].value < spent[0].value:
        return None
    return budget[0], spent[0]


def _flow(
    terms: Sequence[Term], claim: Term, name: str, everywhere: Everywhere, lexicon: Lexicon
) -> Term | None:
    """All income or all spending: the nearest before the claim, else the only one of the report."""
    bare = [
        term for term in before(terms, claim)
        if term.plain and _is(term, name) and not lexicon.without_known(term.words)
        and lexicon.subject(term.words)
    ]  # fmt: skip
    told = [term for term in everywhere.told(name, "actual") if not lexicon.without_known(term.words)]
    told = [term for term in told if not lexicon.general(term.words)] or told
    only = told if len({term.value for term in told}) == 1 else []
    return next(iter(bare or only), None)


def _basis(term: Term) -> str:
    return term.amount.basis if term.amount is not None else ""


_INCOME = "总收入"
_BUDGETS = ("adjusted", "initial")


def _is(term: Term, subject: str) -> bool:
    return term.amount is not None and (term.amount.subject, term.amount.basis) == (subject, "actual")


def _check_adjusted(
    terms: Sequence[Term], claim: Term, everywhere: Everywhere, lexicon: Lexicon, remarks: Remarks
) -> None:
    """年初预算 200 万元，年中追加 50 万元，调减 10 万元，调整后预算 240 万元."""
    moves: list[Term] = []
    start = None
    for term in before(terms, claim):
        if term.full != claim.full or term.mention.about:
            break
        if not lexicon.adjusts(term.words):
            start = term
            break
        moves.append(term)
    if not moves or any(move.kind != "元" for move in moves):
        return
    if start is None and claim.amount is not None and claim.amount.subject in ("", UNIT):
        start = next(iter(everywhere.of_unit("initial")), None)
    if start is None or start.amount is None or start.amount.basis != "initial" or not _same(start, claim):
        return
    if start.amount.within is not None or any("其中" in one.words for one in (start, *moves)):
        return  # 年初预算 90 万元，其中项目支出 30 万元；年中追加 20 万元，其中市级 5 万元
    total = sum((lexicon.adjusts(move.words) * move.value for move in moves), start.value)
    room = sum((one.slack for one in (start, claim, *moves)), Decimal(0))
    if abs(total - claim.value) > room:
        shown = "".join(
            f"{'＋' if lexicon.adjusts(move.words) > 0 else '－'}{move.shown()}" for move in reversed(moves)
        )
        remarks.add(
            "JX-705", claim.mention, stated=claim.shown(), expected=claim.shown(total), whole="调整后预算",
            parts=start.shown() + shown,
        )  # fmt: skip


def _same(one: Term, other: Term) -> bool:
    assert one.amount is not None and other.amount is not None
    return one.amount.subject == other.amount.subject or "" in (one.amount.subject, other.amount.subject)
