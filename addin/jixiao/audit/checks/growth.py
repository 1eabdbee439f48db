"""Changes: so much more or less than a base, the rate that this is, percentage points, so many times.

What changed and the base are told by grammar: 由 A 增加到 B; A，比上年的 B 增加; A，上年 B，增长. A change is
wrong only where none of these makes it right, nor any other two quantities of its sentence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

import msgspec

from jixiao.audit.amounts import Stated
from jixiao.audit.checks.figures import ZERO
from jixiao.audit.explained import explained
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.remark import Remarks
from jixiao.audit.terms import NO_AMOUNT, UNIT, Everywhere, Term, before, nearest, ratio_slack, right
from jixiao.filing.quantity import plain
from jixiao.scoring.arithmetic import rounded

Pair = tuple[Term, Term]
"""What it is now, and the base."""
_BESIDE = re.compile(r"^[,，(]?[^,，。;；()]{0,6}$")
"""Between a difference and its rate."""
_THEN = re.compile("^[,，](?:[增减]加?[加少]?|净增|净减少|上升|下降|[增减超短][收支])了?$")
"""Between a rate and its difference."""
_MANY = re.compile("翻(?:了)?(?P<number>[一两二])番")
_DOUBLED = {"一": 2, "两": 4, "二": 4}
_ADDED = re.compile("^[,，]新增$")
"""新增 4 个 is a change only right after 由 18 个增加到 22 个."""
_NET = re.compile("净[增减]")
_COMPARED = re.compile(r"[高低]出?$")
_YEAR = re.compile(r"((?:19|20)\d\d)年")
_YEAR_OF = re.compile(r"(?<![比较与同])((?:19|20)\d\d)年")
"""Not one that is only compared with."""
_WORDS_BEFORE = 20
_EACH_YEAR = re.compile("[年季月]均")
"""年均增长: over several years."""
_SAYS_NOTHING = re.compile(
    r"(?:比|较|与|同)[^,，]*$|同比|环比|平均|大幅|明显|略有?|分别|其中|也|又|均|则|共|已|再|总体|整体|[^一-龥]|年度?"
)
"""What stands before a change besides the name of what changed."""


def check_growth(
    terms: Sequence[Term], one: Stated, everywhere: Everywhere, lexicon: Lexicon, remarks: Remarks
) -> None:
    """All changes told in one paragraph."""
    for place, claim in enumerate(terms):
        if claim.mention.about or _of_each(terms, claim):
            continue
        last = terms[place - 1] if place else None
        after = terms[place + 1] if place + 1 < len(terms) else None
        if last is not None and last.mark == "to" and _ADDED.match(claim.gap(last)):
            claim = msgspec.structs.replace(claim, mark="change", direction=1)
        if claim.kind == "个百分点" and _moved(claim):
            _check_points(terms, claim, lexicon, remarks)
        elif claim.kind == "倍":
            _check_times(terms, claim, remarks)
        elif _EACH_YEAR.search(claim.words):
            continue
        elif claim.mark == "change" and claim.kind == "%":
            _check_rate(terms, claim, _beside(claim, last, after), everywhere, lexicon, remarks)
        elif claim.mark == "change" and claim.kind not in NO_AMOUNT:
            _check_difference(terms, claim, everywhere, lexicon, remarks)
    _check_doubled(terms, one, remarks)


def _of_each(terms: Sequence[Term], claim: Term) -> bool:
    """旅游收入 31 亿元，人均消费 859 元，增加 17 元: how the average changed, from what is not told."""
    if claim.mark != "change" or claim.kind in NO_AMOUNT:
        return False
    near = (term for term in before(terms, claim) if term.kind == claim.kind and term.mark != "change")
    last = next(near, None)
    return last is not None and last.mark == "each" and last.sentence == claim.sentence


# ---------------------------------------------------------------- what is compared


def _pairs(
    terms: Sequence[Term], claim: Term, everywhere: Everywhere, lexicon: Lexicon, kinds: Callable[[str], bool]
) -> Iterator[Pair]:
    """Now and base, as the words tell them, the surest first."""
    usable = [term for term in terms if kinds(term.kind) and not term.mention.about]
    near = [term for term in before(usable, claim) if term.sentence == claim.sentence]
    later = [term for term in usable if term.start > claim.start and term.sentence == claim.sentence]
    later = [term for term in later if not re.search(r"[一-龥]{2}[由从]$", term.words)]
    moved = next(itertools.chain(_moves(near), _moves(later), _moves([*near, *later])), None)
    if moved:
        yield moved
        return
    base = next((term for term in near if term.mark == "base"), None)
    inner = next((term for term in near if term.plain and _within(terms, term)), None)
    if base is not None and (inner is None or inner.start < base.start):
        now = nearest((term for term in before(terms, base) if term.full == base.full), base.kind)
        last = [
            term for term in usable if term.full == base.full - 1 and term.plain and term.kind == base.kind
        ]
        told = everywhere.told(base.amount.subject, "actual") if base.amount and base.amount.subject else []
        subject = lexicon.subject(base.words) if base.kind == "元" else ""
        if subject:  # 与上年总支出 349 万元比
            last = [term for term in last if term.amount is not None and term.amount.subject == subject]
        yield from ((one, base) for one in ([now] if now is not None else last or told))
        return
    now = next((term for term in near if term.plain), None)
    past = [term for term in usable if term.mark == "previous"]
    here = [term for term in past if term.sentence == claim.sentence and _name(term, lexicon)]
    if now is None and len(here) == 1:  # 实有 203 人。比上年减少 5 人，上年实有 208 人
        alike = (term for term in before(terms, claim) if term.plain and _same_thing(term, here[0], lexicon))
        now = nearest(alike, here[0].kind)
    if now is None:
        return
    past = [term for term in past if term.kind == now.kind and term is not now]
    past = [one for one in past if not lexicon.carried(one.words) or _same_thing(one, now, lexicon)]
    here = [term for term in past if term.sentence == claim.sentence]
    named = [term for term in past if _name(term, lexicon) and _same_thing(term, now, lexicon)]
    for found in (here, [term for term in named if term.full == claim.full], named):
        if len(found) == 1:
            yield now, found[0]
            return


def _within(terms: Sequence[Term], one: Term) -> bool:
    """其中：公务用车 13 万元: a part of what was told before."""
    last = next(iter(before(terms, one)), None)
    return "其中" in (one.gap(last) if last is not None else one.words)


def _moves(near: Sequence[Term]) -> Iterator[Pair]:
    """由 A 增加到 B."""
    for reached in (term for term in near if term.mark == "to"):
        for mark in ("from", "base"):
            yield from ((reached, one) for one in near if one.mark == mark and one.kind == reached.kind)


def _same_thing(one: Term, other: Term, lexicon: Lexicon) -> bool:
    """One name is in the other."""
    short, long = sorted((_name(one, lexicon), _name(other, lexicon)), key=len)
    return bool(short) and short in long


def _apart(one: Term, other: Term, lexicon: Lexicon) -> bool:
    """上年年初结转资金 beside 收入合计: of something else."""
    return bool(lexicon.without_known(one.words)) and not _same_thing(one, other, lexicon)


def _of_another(claim: Term, pair: Pair, lexicon: Lexicon) -> bool:
    """比上年的 30 件增长 60%，办理时限压缩 58%: what changed is named, and it is neither of the two."""
    moves = sorted((one for forms in lexicon.words.changes.values() for one in forms), key=len, reverse=True)
    named = _SAYS_NOTHING.sub("", re.sub("|".join(moves), "", claim.words))
    noun = lexicon.without_neutral(named)[-2:]
    first, last = (end(one.start for one in pair) for end in (min, max))
    said = (
        claim.mention.paragraph.text[:first][-_WORDS_BEFORE:]
        + claim.mention.paragraph.text[first : claim.start]
    )
    return len(noun) == 2 and last < claim.start and noun not in said.removesuffix(claim.words)


def _of_part(claim: Term, pair: Pair, lexicon: Lexicon) -> bool:
    """“三公”经费 26 万元，比上年 24 万元增加 2 万元，公务接待费减少 1 万元: names what changed itself."""
    now, base = pair
    subject = lexicon.subject(claim.words)
    if subject in ("", *lexicon.words.wide, lexicon.subject(base.words)) or now.start > claim.start:
        return False
    return now.amount is not None and now.amount.subject not in ("", UNIT, subject)


def _name(one: Term, lexicon: Lexicon) -> str:
    words = re.sub(r"(?:19|20)\d\d年度?|[\W的为共有达到了]", "", one.words)
    return re.sub("|".join(sorted(lexicon.words.bases["previous"], key=len, reverse=True)), "", words)


def _readings(
    terms: Sequence[Term], claim: Term, kinds: Callable[[str], bool], told: Sequence[Pair]
) -> Iterator[Pair]:
    """What is told, and all else of the sentence against the same base: any of these may make it right.

    Where no words tell the base, any two quantities of a kind.
    """
    yield from told
    usable = [
        term for term in terms
        if term.full == claim.full and kinds(term.kind) and term.mark != "change" and term is not claim
    ]  # fmt: skip
    bases = [base for _, base in told if base.mark in ("from", "base")] or usable
    for now, base in itertools.product(usable, bases):
        if now is not base and now.kind == base.kind and (base, now) not in told:
            yield now, base


def _countable(kind: str) -> bool:
    return kind not in NO_AMOUNT


# ---------------------------------------------------------------- rates


def _check_rate(
    terms: Sequence[Term], claim: Term, difference: Term | None, everywhere: Everywhere, lexicon: Lexicon,
    remarks: Remarks,
) -> None:  # fmt: skip
    """增长 5%: of now against its base, or of the difference told beside it against what it was before."""
    found = [pair for pair in _pairs(terms, claim, everywhere, lexicon, _countable) if pair[1].value > 0]
    found = found or [pair for pair in _on_budget(terms, claim, lexicon) if pair[1].value > 0]
    found = [pair for pair in found if not _of_another(claim, pair, lexicon)]
    found = [] if any(_of_part(claim, pair, lexicon) for pair in found) else found
    bases = list(_bases(terms, difference, everywhere, lexicon)) if difference is not None else []
    if not found and not bases:
        return
    for now, base in _readings(terms, claim, _countable, found):
        if base.value > 0 and right(
            claim.direction * (now.value / base.value - 1), claim, ratio_slack(now, base)
        ):
            return
    if difference is not None and any(
        right(difference.value / base, claim, difference.slack / base * 2) for base in bases
    ):
        return
    if found:
        now, base = found[0]
        exact, gap, shown = now.value / base.value - 1, now.value - base.value, base.shown()
        if explained(claim.mention, now.mention, base.mention):
            return
    elif difference is not None:
        exact, gap = claim.direction * difference.value / bases[0], difference.value
        shown, now = difference.shown(bases[0]), difference
    remarks.add(
        "JX-704", claim.mention, stated=claim.shown(), expected=_moved_by(exact, claim),
        difference=now.shown(abs(gap)), base=shown,
    )  # fmt: skip


def _beside(claim: Term, last: Term | None, after: Term | None) -> Term | None:
    """The difference beside a rate: 增加 5 件，增长 2%; 增长 2%，增加 5 件."""
    if last is not None and _difference(last) and _BESIDE.match(claim.gap(last)):
        return last
    if after is None or after.direction != claim.direction or not _difference(after):
        return None
    return after if _THEN.match(after.gap(claim)) else None


def _difference(one: Term) -> bool:
    return one.mark == "change" and one.kind not in NO_AMOUNT and not one.mention.about


def _bases(
    terms: Sequence[Term], difference: Term, everywhere: Everywhere, lexicon: Lexicon
) -> Iterator[Decimal]:
    """What was there before a difference: the amounts told before it less the difference, or a budget."""
    named = re.match("(?P<name>[一-龥]{2,10}?)[比较]", difference.words)
    subject = lexicon.subject(named["name"]) if named else ""
    told = everywhere.told(subject, "actual") if named and not lexicon.without_known(named["name"]) else []
    told = [one for one in told if not _of_other_year(one, difference)]
    told = told or _just_told(terms, difference)
    for now in [*before(terms, difference), *(told if len({one.value for one in told}) == 1 else ())]:
        if now in told and now.value > difference.direction * difference.value:
            yield now.value - difference.direction * difference.value
        elif now.full == difference.full and now.plain and now.kind == difference.kind:
            value = now.value - difference.direction * difference.value
            if value > 0:
                yield value
            if now.value > 0 and now.amount is not None and now.amount.basis == "initial":
                yield now.value


def _just_told(terms: Sequence[Term], difference: Term) -> list[Term]:
    """补助收入 8.38 万元，为……。较上年减少 17.4 万元: the only amount of the sentence before."""
    if not re.match("[比较]", difference.mention.clause):
        return []
    last = [one for one in terms if one.full == difference.full - 1 and one.kind == difference.kind]
    return last if len(last) == 1 and last[0].plain else []


def _of_other_year(told: Term, claim: Term) -> bool:
    """2021 年度……公务接待 12 万元, where 2022 年度……公务接待较上年减少 is told elsewhere."""
    own, now = (_YEAR_OF.findall(one.mention.paragraph.text[: one.start]) for one in (told, claim))
    return bool(own and now) and own[-1] != now[0]


def _moved_by(exact: Decimal, claim: Term) -> str:
    turned = exact * claim.direction < 0
    word = ("减少" if claim.direction > 0 else "增加") if turned else ""
    return f"{word}{rounded(abs(exact) * 100, max(claim.mention.places, 2))}%"


# ---------------------------------------------------------------- differences


def _check_difference(
    terms: Sequence[Term], claim: Term, everywhere: Everywhere, lexicon: Lexicon, remarks: Remarks
) -> None:
    def same(kind: str) -> bool:
        return kind == claim.kind

    found = list(_net(terms, claim, lexicon) or _pairs(terms, claim, everywhere, lexicon, same))
    found = [] if any(_of_part(claim, pair, lexicon) for pair in found) else found
    found = found or list(_on_basis(terms, claim, everywhere, lexicon))
    for above, below in _readings(terms, claim, same, found) if found else ():
        room = above.slack + below.slack + claim.slack
        if abs(above.value - below.value - claim.direction * claim.value) <= room:
            return
    if not found:
        return
    above, below = found[0]
    gap = above.value - below.value
    remarks.add(
        "JX-703", claim.mention, stated=("增加" if claim.direction > 0 else "减少") + claim.shown(),
        expected=("增加" if gap > 0 else "减少") + claim.shown(abs(gap)), now=claim.shown(above.value),
        base=claim.shown(below.value),
    )  # fmt: skip


def _earlier(term: Term) -> bool:
    return term.mark in ("from", "base", "previous") or "年初" in term.words


def _net(terms: Sequence[Term], claim: Term, lexicon: Lexicon) -> list[Pair]:
    """新增 86 家，退出 41 家，净增 45 家: of the two right before, one more and one less."""
    two = [
        term for term in before(terms, claim)
        if term.kind == claim.kind and term.sentence == claim.sentence and _outside(term)
    ]  # fmt: skip
    if not _NET.search(claim.words):
        return []
    moved = {lexicon.flow(term.words) for term in two[:2]} == {1, -1}
    if len(two) > 2 and moved:
        two = two[:2]  # 共有设备 186 台，其中新增 14 台、报废 3 台，净增 11 台
    if len(two) != 2 or any(term.mention.about for term in two):
        return []
    if not moved and not any(map(_earlier, two)):
        return []  # 在职 987 人，当年招录 42 人，净增 9 人
    more, less = sorted(two, key=lambda term: term.value, reverse=claim.direction > 0)
    return [(more, less)]


def _outside(term: Term) -> bool:
    text = term.mention.paragraph.text[: term.start]
    return text.count("(") == text.count(")")


def _on_budget(terms: Sequence[Term], claim: Term, lexicon: Lexicon) -> Iterator[Pair]:
    """预算 11 万元，支出 9.6 万元，较预算压减 12.5%: the only budget of its sentence."""
    against = re.search(r"(?:(?<![占同])比|较|与|同)(?P<base>[^,，]{0,6}?预算数?)[^,，]*$", claim.words)
    near = [term for term in before(terms, claim) if term.sentence == claim.sentence and term.kind == "元"]
    if against and len(near) == 2 and all(term.plain and term.amount for term in near):
        now, base = near
        budgets = ("initial", "adjusted")
        if base.amount and base.amount.basis in budgets and now.amount and now.amount.basis == "actual":
            yield now, base


def _on_basis(terms: Sequence[Term], claim: Term, everywhere: Everywhere, lexicon: Lexicon) -> Iterator[Pair]:
    """比年初预算增加: the amount of the same subject on this basis, here or elsewhere in the report."""
    against = re.search(r"(?:(?<![占同])比|较|与|同|超)(?P<base>[^,，]{2,14})$", claim.words)
    basis = lexicon.basis(against["base"]) if against else ""
    now = nearest((term for term in before(terms, claim) if term.full == claim.full), claim.kind)
    if now is not None and _added(terms, now, claim, lexicon):
        basis = "initial"
    if basis and now is not None and now.amount is not None and now.amount.basis == basis:
        # 预算 820 万元，比上年预算增加: on one basis there are two years
        earlier = [term for term in before(terms, claim) if term.full == claim.full]
        other = (term for term in earlier if term.amount is not None and term.amount.basis != basis)
        now = nearest(other, claim.kind)
    if not basis or now is None or now.amount is None:
        return
    if against and _other_year(against["base"], everywhere):
        return
    subject = now.amount.subject
    alike = (subject, "") if subject in ("", UNIT) else (subject,)
    here = [
        term for term in before(terms, claim)
        if term.amount is not None and term.amount.basis == basis and term.amount.subject in alike
        and not term.mention.about and term is not now
    ]  # fmt: skip
    told = everywhere.told(subject, basis) if subject else ()
    named = _YEAR.findall(against["base"]) if against else []
    for base in here or told:
        own = _YEAR_OF.findall(base.mention.paragraph.text[: base.start])
        if not _apart(base, now, lexicon) and not (named and own and own[-1] != named[-1]):
            yield now, base


def _other_year(base: str, everywhere: Everywhere) -> bool:
    """比 2022 年预算: told, if at all, with its year."""
    years = _YEAR.findall(base)
    return bool(years) and int(years[-1]) != everywhere.year


def _added(terms: Sequence[Term], now: Term, claim: Term, lexicon: Lexicon) -> bool:
    """年初预算 3850 万元，调整预算 4800 万元，追加 950 万元: the only move between the two."""
    moves = [term for term in terms if term.full == claim.full and lexicon.adjusts(term.words)]
    adjusted = now.amount is not None and now.amount.basis == "adjusted"
    return adjusted and moves == [claim] and "其中" not in claim.words and bool(_BESIDE.match(claim.gap(now)))


# ---------------------------------------------------------------- points and times


def _moved(claim: Term) -> bool:
    return claim.mark == "change" or bool(_COMPARED.search(claim.words)) or not claim.words


def _check_points(terms: Sequence[Term], claim: Term, lexicon: Lexicon, remarks: Remarks) -> None:
    """由 93.2% 提高到 95.5%，提高 2.3 个百分点."""
    near = [
        term for term in before(terms, claim)
        if term.kind == "%" and term.sentence == claim.sentence and term.mark != "change"
    ]  # fmt: skip
    near = [*near[:1], *_in_bracket(terms, claim), *near[1:]]
    if len(near) < 2 or any(term.mention.about for term in near[:2]):
        return
    against = [word for word in lexicon.words.targets if word in claim.words]
    if against and not any(word in term.words for term in near[:2] for word in against):
        return  # 比上年的 45.2% 提高 1.7 个百分点，比全市平均水平高 0.9 个百分点
    marks = {term.mark for term in near[:2]}
    if not marks & {"base", "from", "previous"}:
        return
    for one, other in itertools.combinations(near, 2):
        if (
            abs(abs(one.value - other.value) * 100 - claim.value)
            <= claim.slack + (one.slack + other.slack) * 100
        ):
            return
    one, other = near[:2]
    remarks.add(
        "JX-703", claim.mention, stated=claim.shown(), now=other.shown(), base=one.shown(),
        expected=claim.shown(abs(one.value - other.value) * 100),
    )  # fmt: skip


def _in_bracket(terms: Sequence[Term], claim: Term) -> list[Term]:
    """提高 3.3 个百分点（上年为 61.9%）."""
    text = claim.mention.paragraph.text[claim.mention.end :]
    end = claim.mention.end + (text.find(")") if text.startswith("(") else 0)
    inside = [term for term in terms if claim.start < term.start < end and term.kind == "%"]
    return inside if len(inside) == 1 and inside[0].mark == "previous" else []


def _check_times(terms: Sequence[Term], claim: Term, remarks: Remarks) -> None:
    """巡河 5840 次，是上年 4672 次的 1.25 倍."""
    base = next(iter(before(terms, claim)), None)
    if base is None or claim.gap(base) != "的" or base.value <= 0 or base.mention.about:
        return
    told = (term for term in before(terms, base) if term.full == base.full)
    now = nearest((term for term in told if _outside(term) or not _outside(base)), base.kind)
    if now is None or right(now.value / base.value, claim, ratio_slack(now, base)):
        return
    remarks.add(
        "JX-704", claim.mention, stated=claim.shown(), expected=claim.shown(now.value / base.value),
        difference=now.shown(), base=base.shown(),
    )  # fmt: skip


def _check_doubled(terms: Sequence[Term], one: Stated, remarks: Remarks) -> None:
    """96 万元，比 2022 年翻一番，2022 年为 48 万元: to one decimal."""
    for found in _MANY.finditer(one.paragraph.text):
        full = one.paragraph.text.count("。", 0, found.start())
        near = [term for term in terms if term.full == full and term.kind not in NO_AMOUNT]
        past = [term for term in near if term.mark in ("previous", "base", "from")]
        now = [term for term in reversed(near) if term.plain and term.start < found.start()]
        if len(past) != 1 or not now or past[0].kind != now[0].kind or past[0].value <= ZERO:
            continue
        times = rounded(now[0].value / past[0].value, 1)
        if times != _DOUBLED[found["number"]]:
            remarks.add(
                "JX-704", (one.paragraph.words, found.start(), found.end()), stated=found[0],
                expected=f"{plain(times)}倍", difference=now[0].shown(), base=past[0].shown(),
            )  # fmt: skip
