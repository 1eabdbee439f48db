"""Scores told one after the other with their total, under whatever names: 投入18分、过程19分，合计37分.

A list may leave items out, so that its sum proves a total wrong only where it claims to be all of
it (合计), or comes near, or tells weights that make up a hundred.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import zip_longest

import msgspec

from jixiao.audit.checks.figures import ZERO
from jixiao.audit.document import Paragraph
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.mentions import Mention, mentions
from jixiao.audit.remark import Remarks
from jixiao.filing.quantity import plain

_GOES_ON = re.compile(r"^(?:[^。；;]{0,24}。其中|[、,，;；)和及与]*)[^。；;]{0,24}$")
_OPENS = re.compile(r"其中|分别|具体|包括|[:：]|由")
_REACHED = re.compile(r"[(,，][^,，。;；]*$")
_SENTENCE = re.compile("[。！？!?;；]")
_OPEN_END = re.compile(r"^等")
_NEAR = Decimal("0.2")
"""A list whose sum is within this share of the total claims to be complete."""
_FULL = Decimal(100)


class Item(msgspec.Struct, frozen=True):
    name: str
    score: Mention
    weight: Mention | None = None


class ScoreList(msgspec.Struct, frozen=True):
    """Items told in one sentence; ``after`` where their total follows them."""

    items: tuple[Item, ...]
    whole: Mention | None
    after: bool


def check_score_lists(paragraphs: Sequence[Paragraph], lexicon: Lexicon, remarks: Remarks) -> None:
    apart = {value for paragraph in paragraphs for value in _of_spending(paragraph, lexicon)}
    for paragraph in paragraphs:
        for one in score_lists(paragraph, lexicon):
            _check(one, apart, remarks)


def _of_spending(paragraph: Paragraph, lexicon: Lexicon) -> Iterator[Decimal]:
    """The scores of sentences about the budget's execution, which is often scored apart from the list."""
    forms = lexicon.words.rates["执行率"]
    for number, sentence in enumerate(_SENTENCE.split(paragraph.text)):
        if any(form in sentence for form in forms):
            yield from (
                one.value for one in mentions(paragraph) if one.unit == "分" and one.sentence == number
            )


def _check(one: ScoreList, apart: Collection[Decimal], remarks: Remarks) -> None:
    """``apart`` are scores that the total may hold besides those of the list."""
    whole = one.whole
    if whole is None or len(one.items) < 2 or any("扣" in item.name for item in one.items):
        return
    total = sum((item.score.value for item in one.items), ZERO)
    weights = [item.weight.value for item in one.items if item.weight is not None]
    complete = one.after or sum(weights, ZERO) == _FULL or abs(total - whole.value) <= whole.value * _NEAR
    rest = one.items[-1].score
    if whole.value - total in apart and sum(weights, ZERO) != _FULL:
        return
    if total == whole.value or not complete or _OPEN_END.match(rest.paragraph.text[rest.end :]):
        return
    remarks.add(
        "JX-709", whole, stated=f"{plain(whole.value)}分", expected=f"{plain(total)}分",
        sum="＋".join(plain(item.score.value) for item in one.items),
    )  # fmt: skip


def score_lists(paragraph: Paragraph, lexicon: Lexicon) -> Iterator[ScoreList]:
    """The lists of scores in a paragraph, each with its total if it tells one."""
    if paragraph.text.count("分") < 2:
        return
    items: list[Item] = []
    whole: Mention | None = None
    last: Mention | None = None
    full: Mention | None = None
    closing: Mention | None = None
    nested = False
    points = [one for one in mentions(paragraph) if one.unit == "分" and not one.about]
    for one, following in zip_longest(points, points[1:]):
        between = paragraph.text[last.end : one.start] if last else ""
        closes = _closes(items, between, one, lexicon)
        if last and not _GOES_ON.match(between) and not closes:
            yield from _made(items, whole)
            items, whole = [], None
        kind, name = part_of_list(one, lexicon)
        nested = bool(items) and (nested and not re.search("[;；。]", between) or "其中" in between)
        if nested and kind in ("item", "own", "weight"):
            last = one  # 预算编制得 16.5 分，其中目标制定得 10 分
            continue
        if kind == "total" and following is not None and _is_reached(following, one, lexicon):
            closing = last = one
            continue
        if kind == "own" and (closes or last is closing is not None):
            kind = "total"
        if kind == "weight":
            full = one
        elif kind == "own" and (lead := _lead(full)) and full is last:
            items.append(Item(lead, one, full))
        elif kind == "total" and items:
            yield ScoreList(tuple(items), one, after=True)
            items, whole = [], None
        elif kind == "total" or (kind == "own" and not items):
            whole = one
        elif kind == "own":
            items[-1] = Item(items[-1].name, one, items[-1].score)
        elif kind == "item" and (items or whole is None or _OPENS.search(between)):
            items.append(Item(name, one))
        last = one
    yield from _made(items, whole, closing)


def _is_reached(one: Mention, full: Mention, lexicon: Lexicon) -> bool:
    """After the full marks of a total: 合计 100 分（得 94.5 分）, 总分 100 分，自评 94.5 分."""
    beside = _REACHED.match(one.paragraph.text[full.end : one.start])
    return bool(beside) and one.value <= full.value and part_of_list(one, lexicon)[0] == "own"


def _closes(items: Sequence[Item], between: str, one: Mention, lexicon: Lexicon) -> bool:
    """投入 10 分，得 9 分……。自评得分 95 分: the total of a list that is complete, in the next sentence."""
    weights = [item.weight.value for item in items if item.weight is not None]
    next_one = between.count("。") == 1 and not re.search("[;；]", between)
    return next_one and sum(weights, ZERO) == _FULL and part_of_list(one, lexicon)[0] in ("total", "own")


def _lead(weight: Mention | None) -> str:
    """The name before a weight in brackets: 投入（20 分）."""
    before = weight.paragraph.text[: weight.start] if weight else ""
    found = re.search(r"([^,，、;；:：。()\d]{2,20})[(](?:分值|满分)?[:：]?$", before)
    return found[1] if found else ""


def _made(items: Sequence[Item], whole: Mention | None, full: Mention | None = None) -> Iterator[ScoreList]:
    """A list, or a total alone that is told with its hundred points."""
    if items or (whole is not None and full is not None and full.value == _FULL):
        yield ScoreList(tuple(items), whole, after=False)


def part_of_list(one: Mention, lexicon: Lexicon) -> tuple[str, str]:
    """``total`` (合计), ``own`` (得分 of what was named before), ``weight``, or ``item`` and its name."""
    words = re.sub(r"[为是:：约]+$", "", one.words)
    forms = lexicon.words.scores
    if (not words and one.paragraph.text[: one.start].endswith("(")) or words in forms["weight"]:
        return "weight", ""
    for kind in ("total", "own"):
        for form in sorted(forms[kind], key=len, reverse=True):
            if not words.endswith(form):
                continue
            name = re.sub("|".join(map(re.escape, forms["about"])), "", words[: -len(form)])
            if not lexicon.without_known(name):
                return ("total" if kind == "total" or form in forms["sum"] else "own"), ""
            return "item", re.sub(r"^(?:其中|包括)[:：]?", "", words[: -len(form)])
    name = re.sub(r"^(?:其中|包括|分别为)[:：]?", "", words)
    return ("item", name) if 1 < len(name) <= 20 else ("", "")
