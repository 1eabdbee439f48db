"""Scores in the text: within their weight, item by item to the subtotal, sections to the one above, grade."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from jixiao.audit.checks.score_lists import part_of_list, score_lists
from jixiao.audit.document import HEADING, Document, Paragraph
from jixiao.audit.lexicon import Lexicon
from jixiao.audit.mentions import Mention, mentions
from jixiao.audit.outline import Section, outline
from jixiao.audit.remark import Remarks
from jixiao.filing.quantity import plain
from jixiao.rubric.model import Grade

ZERO = Decimal(0)
_FULL = Decimal(100)
_GRADE = re.compile(
    r"(?:等级|等次|档次|评级|评价结果|评定)[^。;；,，]{0,8}?[“\"']?(?P<grade>优秀|良好|优|良|中|差|合格|不合格)[”\"']?"
)


_OF_SCORE = re.compile(r"\d分?\((?:满分|分值|权重)?[为:：]?$")
_OTHERS = re.compile("上年|去年|上一年|财政局|绩效办|第三方|考核")
"""Another year's grade, or somebody else's."""


_LEAD = re.compile(r"(?P<lead>[^,，。；;:：\d]{3,30})[:：]")


class Points(msgspec.Struct, frozen=True):
    """The points that a text states for a section."""

    weight: Mention | None
    score: Mention | None


def check_scores(document: Document, lexicon: Lexicon, grades: Sequence[Grade], remarks: Remarks) -> None:
    """All scores that the text of one document states."""
    root = outline(document)
    for section in root.walk():
        for paragraph in section.own:
            _check_items(paragraph, lexicon, remarks)
        _check_weight(section, lexicon, remarks)
        _check_parts(section, lexicon, remarks)
    _check_hundred(document, root, lexicon, remarks)
    _check_grade(document, root, lexicon, grades, remarks)


def points_of(section: Section, lexicon: Lexicon) -> Points:
    """Weight and score that a section states for itself: in its heading, at its beginning, or its 合计."""
    heading = [section.head] if section.head is not None and section.head.level else []
    own = [paragraph for paragraph in section.own if not led(paragraph)]
    return points_in([*heading, *own], lexicon)


def led(paragraph: Paragraph) -> str:
    """What a paragraph says it is about, before a colon: 甲指标完成情况：分值 20 分."""
    found = _LEAD.match(HEADING.sub("", paragraph.text))
    return found["lead"] if found else ""


def points_in(paragraphs: Sequence[Paragraph], lexicon: Lexicon) -> Points:
    """The first weight, the score beside it."""
    weight = score = total = None
    for paragraph in paragraphs:
        for one in mentions(paragraph):
            if one.unit != "分" or one.about:
                continue
            kind, _ = kind_of(one, lexicon)
            if kind == "weight" and weight is None and not of_score(one):
                weight = one
            elif kind == "own" and score is None and ("自评" in one.words or _beside(weight, one)):
                score = one
            elif kind == "sum":
                total = one
    return Points(weight, score or total)


def of_score(weight: Mention) -> bool:
    """产出指标 48 分（满分 50 分）: the weight of the score that it follows."""
    return bool(_OF_SCORE.search(weight.paragraph.text[: weight.start]))


def _beside(weight: Mention | None, one: Mention) -> bool:
    """A bare 得分 is the section's own right after its weight; elsewhere that of a band or an item."""
    return weight is not None and weight.paragraph is one.paragraph and weight.sentence == one.sentence


def kind_of(one: Mention, lexicon: Lexicon) -> tuple[str, str]:
    """``weight`` (指标分值), ``own`` (自评得分), ``sum`` (合计得分), ``total`` (自评总分), or empty.

    With a name before it, which is the second of the two, ``item`` and ``item weight``.
    """
    words = re.sub(r"[为是:：]$", "", one.words)
    if not words and one.paragraph.text[: one.start].endswith("("):
        return "weight", ""  # 预算编制（3 分，得分 3 分）
    forms = lexicon.words.scores
    for form in sorted(forms["weight"], key=len, reverse=True):
        if words.endswith(form):
            name = words[: -len(form)]
            if form.endswith("得分") and len(name) > 1:
                continue  # 产出指标得分 49.8 分 is no weight; 指标得分 50 分，自评得分 49 分 is
            named = re.sub(r"(?:分值|得分|满分|权重)$", "", words)
            return ("weight", "") if len(name) <= 1 else ("item weight", _name(named))
    if re.search(r"(?:合计|小计|共计)(?:自评)?(?:得分)?$", words):
        return ("weight" if re.search("分值|满分|权重", words) else "sum"), ""
    if words.endswith("总分") and one.value == _FULL and not re.search("自评|评价|得|最终|综合", words):
        return "weight", ""  # 三级指标 26 个，总分 100 分
    for form in sorted(forms["total"], key=len, reverse=True):
        if words.endswith(form):
            return "total", _name(words[: -len(form)])
    for form in sorted(forms["own"], key=len, reverse=True):
        if words.endswith(form):
            name = words[: -len(form)]
            own = len(name) <= 2 or re.search("(?:(?<!成)本|该)(?:项|指标)$", name)
            return ("own", "") if own else ("item", _name(name))
    return "", ""


def _name(words: str) -> str:
    return re.sub(r"^(?:其中|包括)[:：]?", "", words)


def _check_weight(section: Section, lexicon: Lexicon, remarks: Remarks) -> None:
    points = points_of(section, lexicon)
    if points.weight and points.score and _together(points.weight, points.score):
        _check_at_most(points.weight, points.score, remarks)


def _together(weight: Mention, score: Mention) -> bool:
    """The full mark that an item has in brackets is not that of what comes later, nor of what came before."""
    return bool(weight.paragraph.level) or weight.paragraph is score.paragraph and weight.start < score.start


def _check_at_most(weight: Mention, score: Mention, remarks: Remarks) -> None:
    if score.value > weight.value:
        remarks.add(
            "JX-708",
            score,
            stated=f"{plain(score.value)}分",
            expected=f"不超过{plain(weight.value)}分",
        )


def _check_items(paragraph: Paragraph, lexicon: Lexicon, remarks: Remarks) -> None:
    """其中甲自评得分2分，乙自评得分1分，合计得分3分: the items make up the sum."""
    items: list[Mention] = []
    weight: Mention | None = None
    for one in mentions(paragraph):
        if one.unit != "分" or one.about:
            continue
        kind, _ = kind_of(one, lexicon)
        if kind == "own" and weight is not None and weight.sentence == one.sentence:
            _check_at_most(weight, one, remarks)
        weight = one if kind in ("weight", "item weight") else None
        if kind == "item":
            items.append(one)
        elif kind == "sum" and len(items) > 1:
            _check_sum(items, one, remarks)
            items = []
        elif kind in ("own", "total"):
            items = []


def _check_parts(section: Section, lexicon: Lexicon, remarks: Remarks) -> None:
    """The score of a section is that of its parts, where each of them states one."""
    whole = points_of(section, lexicon)
    parts = [points_of(part, lexicon) for part in section.parts]
    scores = [part.score for part in parts if part.score is not None]
    if whole.score is None or len(parts) < 2 or len(scores) < len(parts):
        return
    weights = [part.weight.value for part in parts if part.weight is not None]
    if whole.weight and len(weights) == len(parts) and sum(weights, ZERO) != whole.weight.value:
        return  # some parts are not told
    _check_sum(scores, whole.score, remarks)


def _check_hundred(document: Document, root: Section, lexicon: Lexicon, remarks: Remarks) -> None:
    """Numbered indicators whose weights make a hundred: their scores make the total of the report."""
    groups = [
        told for section in root.walk()
        if (told := [points_of(part, lexicon) for part in section.parts])
        and points_of(section, lexicon).score is None
        and all(one.weight and one.score for one in told)
        and sum((one.weight.value for one in told if one.weight), ZERO) == _FULL
    ]  # fmt: skip
    total = _total(document, lexicon)
    if len(groups) == 1 and total is not None:
        _check_sum([one.score for one in groups[0] if one.score], total, remarks)


def _check_sum(parts: Sequence[Mention], whole: Mention, remarks: Remarks) -> None:
    total = sum((part.value for part in parts), ZERO)
    if total != whole.value:
        remarks.add(
            "JX-709",
            whole,
            stated=f"{plain(whole.value)}分",
            expected=f"{plain(total)}分",
            sum="＋".join(plain(part.value) for part in parts),
        )


def _check_grade(
    document: Document, root: Section, lexicon: Lexicon, grades: Sequence[Grade], remarks: Remarks
) -> None:
    """The grade that the text claims is the one of the total that it states."""
    total = _total(document, lexicon)
    if total is None or not grades:
        return
    names = {grade.name for grade in grades}
    expected = next((grade for grade in grades if total.value >= grade.at_least), None)
    for paragraph in document.paragraphs:
        for found in _GRADE.finditer(paragraph.text):
            stated = found["grade"]
            known = stated in names or stated[0] in names
            sentence = re.split("[。；;]", paragraph.text[: found.end()])[-1]
            ours = "自评" in paragraph.text[: found.end()] or _beside_grade(paragraph, lexicon)
            own = ours and not _OTHERS.search(sentence)
            if expected and known and own and expected.name not in (stated, stated[0]):
                remarks.add(
                    "JX-710",
                    (paragraph.words, found.start("grade"), found.end("grade")),
                    stated=stated,
                    expected=expected.name,
                    total=plain(total.value),
                    band=expected.text,
                )


def _total(document: Document, lexicon: Lexicon) -> Mention | None:
    """The total score that the text states: 自评总分, or a 自评得分 outside the analysis of indicators."""
    for paragraph in document.paragraphs:
        for one in mentions(paragraph):
            named = any(one.words.rstrip("为是:：").endswith(form) for form in lexicon.words.scores["total"])
            if one.unit == "分" and not one.about and named and "满分" not in one.words:
                return one
    beside = next((one for one in (_beside_grade(one, lexicon) for one in document.paragraphs) if one), None)
    lists = (found for paragraph in document.paragraphs for found in score_lists(paragraph, lexicon))
    return beside or next((one.whole for one in lists if one.whole and "自评" in one.whole.words), None)


def _beside_grade(paragraph: Paragraph, lexicon: Lexicon) -> Mention | None:
    """自评得分 94.5 分，等级为优: the largest total told before a grade, in its sentence."""
    grade, text = _GRADE.search(paragraph.text), paragraph.text
    if grade is None:
        return None
    told = [
        one for one in mentions(paragraph)
        if one.end <= grade.start() and "。" not in text[one.end : grade.start()]
        and one.unit == "分" and not one.about and part_of_list(one, lexicon)[0] in ("total", "own")
    ]  # fmt: skip
    return max(told, key=lambda one: one.value, default=None)
