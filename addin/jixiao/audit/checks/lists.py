"""Lists of parts in text: S，其中 A、B、其他 C; A、B，共 S.

A list tells all parts where it ends with 其他, where its parts are classes that leave nothing out
(男、女; 行政、事业), or where they come so near to the whole that little can be left out. Of other
lists nothing is said: they may leave parts out, or count some twice.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from jixiao.audit.checks.figures import ZERO
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.remark import Remarks
from jixiao.audit.terms import NO_AMOUNT, Term, before

_OPENS = re.compile(
    r"(?:其中[:：]?|(?:具体|明细|分别)(?:如下|为|是|包括)[:：]|包括[:：]?|主要(?:为|是|有|包括|用于)[:：])[^,，。;；、]*$"
)
_BRACKET = re.compile(r"^[^,，。;；、]{0,4}\([^,，。;；、()]*$")
_NEXT = re.compile(r"^[,，:：][^,，。;；、()]{1,8}$")
_OPPOSITE = re.compile("^(?:已经?)?(?P<is>[^/]+)/[未不非](?P=is)$")
"""已消除风险、未消除风险: there is nothing else."""
_MAINLY = re.compile("主要")
_BAND = re.compile(r"\d(?:分|%)?(?:\(含\))?(?:以上|以下|及以上|[-—~至]\d+(?:分|%))(?:\(含\))?的?(?:有|共)?$")
_REST = re.compile(r"^(?:其他|其余|其它)")
_OWN_NAME = re.compile("其[他它](?:收入|支出|资金)")
"""A class beside the whole, behind a stronger mark than those of its parts."""
_TOGETHER = re.compile(
    r"^[,，、;；](?:以上)?(?P<number>[两二三四五六])?(?:项|[一-龥]{0,6})?(?:共|共计|合计|总计|总共|小计|总数|总长|总面积)(?:支出|收入|投入|完成)?(?:有|为|达)?$"
)
_OF_ALL = re.compile("总(?:数|长|面积)(?:有|为|达)?$")
_ONE_OF_LIST = re.compile(r"^(?:[、,，;；和及与]|以及)[^,，。;；、()]{0,14}$")
_SHARE_OF = re.compile("占(?P<name>[^,，]{2,})的$")
_LEFT = re.compile("[^。;；]*(?:其余|其他|其它|另|还有|不含)")
"""After a list: it did not tell all."""
_SOME = re.compile("主要|(?<![一二三四特优甲乙丙上中下同高初平])等|部分|较大|如")
"""Not 中等职业学校."""
_WEIGHT = re.compile("满分|分值|权重")
_OUGHT = re.compile("(?<![供对适反响相])应(?![用急])")
"""配套应到位 600 万元，实际到位 400 万元: no part of what has come."""
_EITHER = ({"元", "万"}, {"元", "亿"})
_MARKS = "、,;"
"""From the weakest to the strongest: a list's own marks are not stronger than its first."""
NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_MOST = 8
"""So many quantities are tried as terms of a sum."""


def check_lists(terms: Sequence[Term], lexicon: Lexicon, remarks: Remarks) -> None:
    """One paragraph."""
    plain = [term for term in terms if not (term.kind == "分" and term.mention.about)]  # 90 分以上的 4 个
    for whole, parts, open_list in _lists(plain, lexicon):
        _check(terms, whole, parts, open_list, lexicon, remarks)
    for claim in terms:
        together = _TOGETHER.match(_gap(terms, claim))
        if together and claim.plain and claim.kind not in NO_AMOUNT:
            _check_together(terms, claim, NUMBERS.get(together["number"] or "", 0), lexicon, remarks)


# ---------------------------------------------------------------- S，其中 A、B


def _lists(terms: Sequence[Term], lexicon: Lexicon) -> Iterator[tuple[Term, list[Term], bool]]:
    """A quantity, the parts of it that follow, and whether they are said to be parts (其中)."""
    for place, first in enumerate(terms):
        if not place or not _part(first) or first.kind in NO_AMOUNT and first.kind != "分":
            continue
        gap = _gap(terms, first)
        said = bool(_OPENS.search(gap))
        if not said and not _BRACKET.match(gap) and not _NEXT.match(gap):
            continue
        parts = _parts(terms[place:], lexicon)
        largest = max(part.value for part in parts)
        wholes = [
            term for term in before(terms, first)
            if term.kind == first.kind and term.full >= first.full - 1 and term.value >= largest
            and (term.plain or term is terms[place - 1] and lexicon.adjusts(term.words))
        ]  # fmt: skip
        if not said and (not wholes or wholes[0] is not terms[place - 1]):
            continue
        if wholes and len(parts) > 1:
            yield wholes[0], parts, said or len(parts) > 2 and _fill_bracket(gap, parts)


def _fill_bracket(gap: str, parts: Sequence[Term]) -> bool:
    """基地 6.38 万亩（茶叶 2.15 万亩、油茶 1.97 万亩、果蔬 2.26 万亩）: nothing else is in the bracket."""
    text, last = parts[0].mention.paragraph.text, parts[-1].mention.end
    inner = text[parts[0].start : last]
    return bool(_BRACKET.match(gap)) and not re.search("[()。]", inner) and text.startswith(")", last)


def _part(term: Term) -> bool:
    """其中 2021 年 5 间，2022 年 8 间: the parts may be those of other years."""
    return term.mark in ("", "to", "previous")


def _parts(terms: Sequence[Term], lexicon: Lexicon) -> list[Term]:
    """The first, and those that go on with the same marks between; shares of them stand in between."""
    parts, strength = [terms[0]], -1
    for one in terms[1:]:
        between = one.gap(parts[-1])
        if "其中" in between or "。" in between:
            break
        if {one.kind, parts[0].kind} in _EITHER:
            return parts[:1]  # 340 万，70 万元: the list goes on
        if one.kind != parts[0].kind:
            of = _SHARE_OF.search(one.words) if one.kind == "%" else None
            if of and any(of["name"] in part.words for part in parts[:-1]):
                return parts[:-1]  # 甲 80 件，占 80%，乙 40 件，占甲的 50%
            if one.kind != "%" and not (one.plain and _companion(terms, one)):
                break
            continue
        marks = [
            _MARKS.index(sign) for sign in between.replace("；", ";").replace("，", ",") if sign in _MARKS
        ]
        now = max(marks, default=-1)
        rest = bool(_REST.match(one.words)) and not (now == len(_MARKS) - 1 and _OWN_NAME.match(one.words))
        if now < 0 and not re.match("[和及与]", between) or strength >= 0 and now > strength and not rest:
            break
        if not _part(one) or _SOME.search(one.words) or one.kind == "元" and lexicon.general(one.words):
            break
        strength = max(strength, now)
        parts.append(one)
    return parts


def _companion(terms: Sequence[Term], one: Term) -> bool:
    """人 of 31 户 92 人: the same told in another unit."""
    return not one.words and bool(re.fullmatch("[、,，(]?", _gap(terms, one)))


def _check(
    terms: Sequence[Term], whole: Term, parts: list[Term], said: bool, lexicon: Lexicon, remarks: Remarks
) -> None:
    after = parts[-1].mention.paragraph.text[parts[-1].mention.end :]
    if re.match("[^,，。;；]{0,4}等", after) or any(
        one.mention.about or _SOME.search(one.words) for one in parts
    ):
        return
    if any(_OUGHT.search(one.words) for one in parts) and not _OUGHT.search(whole.words):
        return
    wholes = [term for term in before(terms, parts[0]) if term.kind == whole.kind and term.mark != "base"]
    last = parts[-1]
    more = [term for term in terms if term.start > last.start and term.sentence == last.sentence]
    same = (term for term in more if term.kind == whole.kind)
    added = (term for term in same if term.plain or lexicon.adjusts(term.words) > 0)
    listed = [*parts, *added]  # 年初预算 80 万元，年中追加 20 万元
    fits = (_gap_of(one, listed[:size]) <= _room(one, listed[:size])
            for one in wholes for size in range(2, len(listed) + 1))  # fmt: skip
    if any(fits):
        return
    if _MAINLY.search(_gap(terms, parts[0])) and not _REST.match(_bare(parts[-1])):
        return
    all_parts, severity = _complete(whole, parts, said, after, lexicon)
    if all_parts:
        total = sum((part.value for part in all_parts), ZERO)
        remarks.add(
            "JX-709" if whole.kind == "分" else "JX-705", whole.mention, severity=severity,
            stated=whole.mention.quote, expected=whole.shown(total), whole=_bare(whole),
            parts="＋".join(part.shown() for part in all_parts),
            sum="＋".join(part.shown() for part in all_parts),
        )  # fmt: skip


def _complete(
    whole: Term, parts: list[Term], said: bool, after: str, lexicon: Lexicon
) -> tuple[list[Term], str]:
    """The parts that must add up to the whole, none where nothing is known; how grave it is if not."""
    names = [_bare(part) for part in parts]
    if lexicon.head_count(whole.words) and any(
        lexicon.head_count(name) not in ("", lexicon.head_count(whole.words)) for name in names
    ):
        return [], ""  # 编制 92 人，在职 86 人，退休 41 人
    if said and whole.kind not in NO_AMOUNT and all(map(_banded, parts)) and _over(whole, parts):
        return parts, ""
    if said and _REST.match(names[-1]):
        return parts, ""
    if whole.kind == "分":
        weights = any(_WEIGHT.search(one.words) for one in (whole, *parts))
        return (parts, "") if said and not weights and _near(whole, parts, lexicon) else ([], "")
    if not said and "编制" in whole.words and not any("编制" in name for name in names):
        return [], ""  # 编制 642 名，在职 587 人，退休 311 人
    count, complete = lexicon.classed(names)
    if not said and count and lexicon.classed([*names[:count], _bare(whole)])[0] > count:
        return [], ""  # 行政编制 38 人、事业编制 42 人，实有行政人员 36 人、事业人员 40 人
    if any(_OPPOSITE.match("/".join(both)) for both in (names, names[::-1])):
        return parts, ""
    classed = parts[:count]
    if count > 1 and (complete or said and _over(whole, classed)):
        return classed, ""
    likely = [parts[:size] for size in range(2, len(parts) + 1) if _near(whole, parts[:size], lexicon)]
    more = _LEFT.match(after) or any("%" in one.gap(last) for last, one in pairwise(parts))
    many = whole.kind != "元"
    likely = [some for some in likely if _over(whole, some) or len(some) > 2 and many and not more]
    listed = all(re.search("^[份个名人]?[、和及与]", one.gap(last)) for last, one in pairwise(parts))
    over = not said and many and listed and any(_over(whole, some) for some in likely)
    if (said or over) and likely and not lexicon.overlap(names):
        return min(likely, key=lambda some: _gap_of(whole, some)), "警告"
    return [], ""


def _banded(part: Term) -> bool:
    """得分 90 分以上的 4 个，80-90 分的 2 个: nothing is in two bands."""
    return bool(_BAND.search(part.mention.paragraph.text[: part.start]))


def _near(whole: Term, parts: Sequence[Term], lexicon: Lexicon) -> bool:
    return _gap_of(whole, parts) <= whole.value * lexicon.words.near_whole


def _over(whole: Term, parts: Sequence[Term]) -> bool:
    return sum((part.value for part in parts), ZERO) > whole.value + _room(whole, parts)


def _gap_of(whole: Term, parts: Sequence[Term]) -> Decimal:
    return abs(sum((part.value for part in parts), ZERO) - whole.value)


def _room(whole: Term, parts: Sequence[Term]) -> Decimal:
    return sum((part.slack for part in parts), whole.slack) if whole.kind == "元" else ZERO


def _bare(part: Term) -> str:
    return re.sub("^.*其中[:：]?", "", part.words)


# ---------------------------------------------------------------- A、B，共 S


def _check_together(
    terms: Sequence[Term], claim: Term, number: int, lexicon: Lexicon, remarks: Remarks
) -> None:
    earlier = [term for term in before(terms, claim) if term.kind == claim.kind and term.mark != "each"]
    run = earlier[:number] if number else list(_run(terms, claim))
    if len(run) < 2:
        noun = re.sub(r"[\W共合总小计]", "", _gap(terms, claim))
        here = [term for term in earlier if term.full == claim.full]
        run = [term for term in here if len(term.words) > 1 and term.words in noun]
    if len(run) < 2 or any(term.mention.about for term in run) or "其中" in run[-1].words:
        return
    same = run if number else [term for term in earlier if term.full == claim.full][:_MOST]
    room = sum((term.slack for term in run), claim.slack) if claim.kind == "元" else ZERO
    for size in range(2, len(same) + 1):
        for some in itertools.combinations(same, size):
            if abs(sum((one.value for one in some), ZERO) - claim.value) <= room:
                return
    total = sum((one.value for one in run), ZERO)
    if _OF_ALL.search(claim.words) and abs(total - claim.value) > claim.value * lexicon.words.near_whole:
        return  # 新增教师 12 人、医生 15 人，总数 386 人
    remarks.add(
        "JX-705", claim.mention, stated=claim.mention.quote, expected=claim.shown(total), whole="合计",
        parts="＋".join(one.shown() for one in reversed(run)),
    )  # fmt: skip


def _run(terms: Sequence[Term], claim: Term) -> Iterator[Term]:
    """The quantities that stand in one list right before a total, the last first."""
    last = claim
    named = re.search("[一-龥](?:共|共计|合计|总计|总共|小计)$", claim.words)
    for one in before(terms, claim):
        linked = last is claim or _ONE_OF_LIST.match(last.gap(one))
        usable = one.plain or one.mark == "previous" and not one.mention.about
        if not linked or one.kind != claim.kind or not usable or one.full != claim.full:
            return
        if named and one.sentence != claim.sentence:
            return  # 回收 783 份；线上 1236 份；有效问卷合计 1974 份
        yield one
        last = one


def _gap(terms: Sequence[Term], one: Term) -> str:
    last = next(iter(before(terms, one)), None)
    return one.gap(last) if last is not None else ""
