"""Completion rates told beside target and actual: 年度指标值 20 场，实际完成 19 场，完成率 95%."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from jixiao.audit.document import Paragraph
from jixiao.audit.mentions import Mention, mentions
from jixiao.audit.remark import Remarks
from jixiao.filing.quantity import plain
from jixiao.scoring.arithmetic import rounded

_TARGET = re.compile(
    r"(?:指标值|目标值|目标|计划|任务数?)(?:为|是|：|:)?(?:≥|≤|不低于|不少于|不高于|不超过)?$"
)
_ACTUAL = re.compile(r"(?:实际完成值?|实际值|完成值|实现值|实际|完成)(?:为|是|：|:|了)?$")
_RATE = re.compile(r"完成率(?:为|是|达|达到|：|:)?$")
_INVERSE = re.compile(r"≤|不高于|不超过|以内$")


def check_completion(paragraph: Paragraph, remarks: Remarks) -> None:
    """Each rate that follows its target and its actual in one sentence."""
    if "率" not in paragraph.text:
        return
    found = mentions(paragraph)
    for number, rate in enumerate(found):
        if number < 2 or not rate.percent or rate.about or not _RATE.search(rate.words):
            continue
        target, actual = found[number - 2 : number]
        if _told(target, actual, rate):
            _check(target, actual, rate, remarks)


def _told(target: Mention, actual: Mention, rate: Mention) -> bool:
    """All three stand together, in one unit, and nothing else between them."""
    text = rate.paragraph.text
    near = target.sentence == actual.sentence == rate.sentence and target.unit == actual.unit
    before = text[: target.start]
    clean = not re.search(r"[≥≤><约近]$", text[: actual.start]) and target.value > 0 and actual.value > 0
    return bool(near and clean and _TARGET.search(before) and _ACTUAL.search(text[: actual.start]))


def _check(target: Mention, actual: Mention, rate: Mention, remarks: Remarks) -> None:
    ratios = [actual.value / target.value, target.value / actual.value]  # the smaller, the better
    met = actual.value >= target.value or bool(_INVERSE.search(rate.paragraph.text[: target.start]))
    if any(abs(ratio - rate.value) <= rate.slack for ratio in ratios) or (met and rate.value == 1):
        return
    remarks.add(
        "JX-723",
        rate,
        stated=_percent([rate.value], rate.places),
        expected=_percent(ratios[:1], max(rate.places, 2)),
        target=plain(target.value / target.scale),
        actual=plain(actual.value / actual.scale),
    )


def _percent(ratios: Sequence[Decimal], places: int) -> str:
    return "或 ".join(f"{plain(rounded(ratio * 100, places))}%" for ratio in ratios)
