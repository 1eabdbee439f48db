"""Reasons: where the unit explains an amount that asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from jixiao.checking.case import Case, said
from jixiao.filing.quantity import as_text, tidy
from jixiao.rubric.model import Adjustment, Overrun

_SENTENCE = re.compile(r"[。；;！!？?\n]")


@lru_cache(maxsize=4096)  # every amount that asks for a reason looks through the same texts
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, tidied up."""
    return tuple(_SENTENCE.split(tidy(text)))


def reason_for(case: Case, rule: Overrun | Adjustment) -> str:
    """Where a reason is given: anything in a text meant for it, elsewhere a sentence that speaks of it."""
    own = (field for field in rule.explained_by if field not in case.rubric.checks.reasons.general)
    meant = next((field for field in own if said(case.text(field))), "")
    if meant or not rule.words:
        return case.label(meant) if meant else ""
    return next((label for label, text in _texts(case) if _explains(case, rule, text)), "")


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    """Every text in which a reason may stand, with what the user calls it."""
    for field in case.rubric.checks.reasons.texts:
        yield case.label(field), case.text(field)
    for score in case.assessment.rows:
        # Typed beside the row's name, a reason need not repeat it.
        if reason := said(as_text(case.row(score)["reason"].raw)):
            yield f"{case.row_label(score)}的偏差原因", f"{score.name}{reason}"


def _explains(case: Case, rule: Overrun | Adjustment, text: str) -> bool:
    reasons = case.rubric.checks.reasons
    for sentence in sentences(text):
        if not _holds(sentence, rule.words):
            continue
        for word in reasons.but:
            sentence = sentence.replace(word, "")
        if _holds(sentence, reasons.words):
            return True
    return False


def _holds(sentence: str, words: list[str]) -> bool:
    return any(word in sentence for word in words)
