"""Amounts that a report states, what of and on which basis, and the shares that they are said to be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from jixiao.audit.document import Paragraph
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.mentions import Mention, mentions

_COMPARED = re.compile(r"比|较|与|同")
_NUMBER = "[一二三四五六七八九十]{1,3}"
_ITEM = re.compile(
    rf"^(?:(?P<mark>[(（](?:{_NUMBER}|\d{{1,2}})[)）]|\d{{1,2}}[.、．]|{_NUMBER}、)"
    rf"|(?P<project>项目(?:{_NUMBER}|\d{{1,2}})[:：、.．]))(?P<name>[^,，。;；:：]{{2,30}})[。:：]"
)
"""（一）档案数字化项目。预算 160 万元，支出 156.8 万元: its own, not the unit's."""
_LEAD = re.compile(r"^(?P<name>[^,，。;；:：\d]{2,20})[:：]")
"""“三公”经费：预算 28 万元，支出 21 万元: what the paragraph is about, without a number."""
_WITHIN = re.compile(r"其中|包括|分别为|分别是")
ATTRIBUTE = re.compile("的(?!情况|[,，。;；、])")
"""After a rate: 执行进度 100% 的项目 19 个, which ones, not how much."""
WHOLE_OF_RATE = re.compile(r"的[一-龥]{0,2}\d+(?:\.\d+)?[%倍]")
"""After an amount that is only there to be the base of a rate: 完成年初预算 25 万元的 98%."""
_ALL = "总支出"
_NEXT = re.compile("[、,，和及与]")


class Amount(msgspec.Struct, frozen=True):
    """Money as it is stated. ``within`` are the amounts before it that it is said to be a part of (其中).

    ``listed``: one of several that only their order tells apart (2022、2023 年支出分别为 80、90 万元).
    """

    mention: Mention
    subject: str
    basis: str
    within: Amount | None = None
    listed: bool = False


class Share(msgspec.Struct, frozen=True):
    """An amount and the share that it is said to be; ``whole`` is what the report names, or empty."""

    amount: Amount
    mention: Mention
    whole: str


class Stated(msgspec.Struct, frozen=True):
    """All that one paragraph states, in its order."""

    paragraph: Paragraph
    mentions: tuple[Mention, ...]
    amounts: tuple[Amount, ...]
    shares: tuple[Share, ...]
    others: tuple[Mention, ...]
    """Quantities that are none of these: counts, points, rates."""
    item: str = ""
    """The one thing that it is about: a project of the unit, a class of its spending."""


_CLASS = re.compile(r"[^,，。;；:：、.．]*\((?:\d{2,3})?[类款项]\)")
"""教育支出（类）普通教育（款）小学教育（项）: what is told next is its own."""


def read(paragraphs: Sequence[Paragraph], lexicon: Lexicon) -> list[Stated]:
    """Read the paragraphs of one document; below a heading 三公经费, 全年支出 is what was spent on these.

    Below one that ends with 项目, it is what was spent on this project.
    """
    found, topic, above, depth = [], "", "", 0
    items = titled(paragraphs, lexicon)
    for number, paragraph in enumerate(paragraphs):
        if paragraph.level:
            topic = lexicon.topic(paragraph.text)
            headed = _CLASS.search(paragraph.text)
            own = headed[0] if headed else lexicon.project(paragraph.text)
            if own or paragraph.level <= depth:
                above, depth = own, paragraph.level if own else 0
        named, narrow = items.get(number, ("", False))
        lead = None if paragraph.level else _LEAD.match(paragraph.text)
        led = lexicon.topic(named or (lead["name"] if lead else ""))
        found.append(stated(paragraph, lexicon, led or topic, named if narrow else above))
    return found


def titled(paragraphs: Sequence[Paragraph], lexicon: Lexicon) -> dict[int, tuple[str, bool]]:
    """Paragraphs that begin with a title -> the title, and whether it is that of one thing the unit did.

    A title that may be both (学前教育发展资金) is one among others that surely are.
    """
    found: dict[int, tuple[str, bool]] = {}
    for list_ in _lists(paragraphs):
        sure = [bool(item["project"]) or lexicon.narrow(item["name"]) for _, item in list_]
        most = sum(sure) > len(sure) / 2
        for (number, item), one in zip(list_, sure, strict=True):
            among = most and not lexicon.topic(item["name"])
            found[number] = (item["name"], one or among)
    return found


def _lists(paragraphs: Sequence[Paragraph]) -> Iterator[list[tuple[int, re.Match[str]]]]:
    """Titles of paragraphs that are numbered in the same way, below one heading."""
    run: list[tuple[int, re.Match[str]]] = []
    for number, paragraph in enumerate(paragraphs):
        item = None if paragraph.level else _ITEM.match(paragraph.text)
        if run and (paragraph.level or item and _style(item) != _style(run[-1][1])):
            yield run
            run = []
        if item:
            run.append((number, item))
    if run:
        yield run


def _style(item: re.Match[str]) -> str:
    """How it is numbered, without the number."""
    return re.sub(rf"{_NUMBER}|\d+", "", item["mark"] or item["project"])


def stated(paragraph: Paragraph, lexicon: Lexicon, topic: str = "", item: str = "") -> Stated:
    """Read one paragraph; ``topic`` is the subject that its heading names, ``item`` what it is about."""
    classes = list(_CLASS.finditer(paragraph.text))
    found = [one for one in mentions(paragraph)]
    amounts: list[Amount] = []
    shares: list[Share] = []
    others: list[Mention] = []
    apart: list[Mention] = []
    whole: Amount | None = None
    told: list[Amount] = []
    brackets = Brackets()
    for number, one in enumerate(found):
        before = found[number - 1] if number else None
        between = _between(before, one)
        whole = brackets.pass_by(before.end if before else 0, between, told, whole)
        changed = (one.money or one.percent) and lexicon.direction(one.words)
        if changed:
            continue
        if one in apart:
            continue
        if one.percent and (named := _share(one, lexicon)) is not None and told:
            run = _respective(found[number:])
            if len(run) > 1:  # 基本支出……，项目支出……，分别占总支出的 70% 和 30%
                of = told[-len(run) :]
                if len(of) == len(run) and "。" not in _between(of[0].mention, one):
                    shares += [Share(amount, rate, named) for amount, rate in zip(of, run, strict=True)]
                apart += run
            elif shared := _shared(one, before, told, brackets.closed, named, lexicon):
                shares.append(Share(shared, one, named))
            else:
                others.append(one)
        elif one.money:
            if _new_sentence(one, before, ";；") and not _WITHIN.search(one.clause):
                whole = whole if _listed(one, before) else None
            if told and before is told[-1].mention and between.startswith("("):
                whole = told[-1]  # 调整预算 2735 万元（基本支出 1432 万元，项目支出 1303 万元）
            elif _WITHIN.search(between) and told:
                wholes = (amount for amount in reversed(told) if not _only_base(amount.mention))
                whole = next(wholes, told[-1])
            own = next((found[0] for found in reversed(classes) if found.end() <= one.start), item)
            amount = _amount(one, before, told, whole, lexicon, topic, own)
            amounts.append(amount)
            told.append(amount)
        else:
            others.append(one)
    return Stated(paragraph, tuple(found), tuple(amounts), tuple(shares), tuple(others), item)


class Brackets:
    """What stands in brackets says nothing of what comes after them."""

    def __init__(self) -> None:
        self._open: list[tuple[int, int, Amount | None]] = []
        self.closed = -1
        """Where the bracket opened that was closed right before."""

    def pass_by(self, start: int, text: str, told: list[Amount], whole: Amount | None) -> Amount | None:
        """Forget the amounts of a bracket that ends in ``text``; the whole that is spoken of after it."""
        self.closed = -1
        for sign in re.finditer("[()]", text):
            if sign[0] == "(":
                self._open.append((start + sign.start(), len(told), whole))
            elif self._open:
                self.closed, known, whole = self._open.pop()
                del told[known:]
        return whole


def _amount(
    one: Mention, before: Mention | None, amounts: list[Amount], whole: Amount | None, lexicon: Lexicon,
    topic: str, item: str,
) -> Amount:  # fmt: skip
    last = amounts[-1] if amounts and before and amounts[-1].mention.sentence == one.sentence else None
    subject = lexicon.subject(one.words) or lexicon.subject(one.clause)
    if last and (not subject or (lexicon.only_kind(one.words) and last.basis != lexicon.basis(one.words))):
        told = (amount.mention for amount in amounts if amount.mention.sentence == one.sentence)
        bare = not any(lexicon.without_known(mention.words) for mention in told)
        subject = last.subject or (subject if bare else "")  # 一般公共预算年初支出……，调整预算支出……
    if topic and lexicon.general(one.words):  # “三公”经费预算……，实际支出……: of what was named last
        subject = last.subject if last and last.subject not in ("", _ALL) else topic
    if item and (_CLASS.search(one.words) or lexicon.general(one.words) or lexicon.unnamed(one.words)):
        subject = item
    basis = lexicon.basis(one.words)
    if not basis:
        above = whole or (last if last and not lexicon.subject(one.words) else None)
        basis = above.basis if above else "actual"
    between = _between(before, one)
    goes_on = last and last.listed and before is last.mention and _NEXT.fullmatch(between)
    listed = "分别" in one.words or bool(goes_on)
    return Amount(one, subject, basis, whole, listed)


def _shared(
    one: Mention, before: Mention | None, told: Sequence[Amount], closed: int, whole: str, lexicon: Lexicon
) -> Amount | None:
    """The amount that a share is of: the one it names, or right before it or before its bracket.

    Of budget and spending of one name, what is on the basis of the ``whole``.
    """
    if named := _named(one, lexicon):
        near = [amount for amount in reversed(told) if amount.mention.sentence >= one.sentence - 1]
        found = [amount for amount in near if named in amount.mention.words]
        subject, basis = found[0].subject if found else "", lexicon.basis(whole) or "actual"
        spent = [amount for amount in near if subject and (amount.subject, amount.basis) == (subject, basis)]
        return next(iter(spent or found), None)
    return told[-1] if before is told[-1].mention or told[-1].mention.end == closed else None


def _named(share: Mention, lexicon: Lexicon) -> str:
    """公务接待费 of 公务接待费占 34%: what is said before 占 besides adverbs; mostly nothing."""
    ahead = re.split("|".join(lexicon.words.share), share.words)[0]
    return re.sub("|".join(sorted(lexicon.words.adverbs, key=len, reverse=True)), "", ahead).strip("“”(（")


def _only_base(one: Mention) -> bool:
    return bool(_COMPARED.match(one.words) or WHOLE_OF_RATE.match(one.paragraph.text, one.end))


def _share(one: Mention, lexicon: Lexicon) -> str | None:
    """The whole that a share names (empty: none); None where the words speak of no share.

    A bare rate in brackets is one: 省级资金 2430 万元（30%）.
    """
    words, text = one.words, one.paragraph.text
    if text[: one.start].endswith("(") and text.startswith(")", one.end):
        return ""
    marks = "|".join(lexicon.words.share)
    found = re.search(
        rf"(?:{marks})(?P<whole>[^,，]*?)(?:的比重|的比例|的|比重|比例|比)?(?:约)?(?:为|是|达)?$", words
    )
    return found["whole"] if found else None


def _respective(found: list[Mention]) -> list[Mention]:
    """The rates listed one right after the other, each of its own amount: 分别占 70% 和 30%."""
    run = found[:1]
    for one in found[1:]:
        if not one.percent or not _NEXT.fullmatch(_between(run[-1], one)):
            break
        run.append(one)
    return run


def _between(before: Mention | None, one: Mention) -> str:
    return one.paragraph.text[before.end if before else 0 : one.start]


def _new_sentence(one: Mention, before: Mention | None, signs: str) -> bool:
    return any(sign in _between(before, one) for sign in "。" + signs)


def _listed(one: Mention, before: Mention | None) -> bool:
    """A list goes on after a semicolon; a full stop ends it."""
    return "。" not in _between(before, one)
